// What test/wisp.test.ts uses of @mercuryworkshop/wisp-js, which has no types of its own.

declare module "@mercuryworkshop/wisp-js/server" {
  import type { IncomingMessage } from "node:http";
  import type { Duplex } from "node:stream";

  export const server: {
    readonly options: {
      allow_loopback_ips: boolean;
      allow_private_ips: boolean;
      wisp_version: number;
      wisp_motd: string | null;
      port_blacklist: readonly number[] | null;
    };
    routeRequest(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  };
  export const logging: { readonly NONE: number; set_level(level: number): void };
}

declare module "@mercuryworkshop/wisp-js/client" {
  export interface ClientStream {
    onopen: () => void;
    onmessage: (bytes: Uint8Array) => void;
    onclose: (reason: number) => void;
    send(bytes: Uint8Array): void;
    close(reason?: number): void;
  }
  export class ClientConnection {
    constructor(url: string, options?: { wisp_version?: 1 | 2; wisp_extensions?: readonly BaseExtension[] });
    readonly wisp_version: number;
    readonly server_exts: Readonly<Record<number, unknown>>;
    onopen: () => void;
    onclose: () => void;
    onerror: () => void;
    create_stream(host: string, port: number, type?: "tcp" | "udp"): ClientStream;
    close(): void;
  }
  export class BaseExtension {
    constructor(config: { readonly client_config: object });
    serialize(): { concat(other: unknown): unknown };
    static readonly id: number;
  }
  export const client: { readonly ClientConnection: typeof ClientConnection };
  export const extensions: {
    readonly BaseExtension: typeof BaseExtension;
    readonly UDPExtension: typeof BaseExtension;
    readonly PasswordAuthExtension: typeof BaseExtension;
  };
}
