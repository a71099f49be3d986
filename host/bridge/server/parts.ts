// What the sockets of one session share, and what a session may do. Owns the shapes.

import type { Address } from "../../address.js";
import type { NetworkSession } from "../../network.js";
import type { Link } from "../link.js";
import type { PacketReader } from "../protocol/reader.js";
import type { Bucket } from "./bucket.js";
import type { Lender } from "./lender.js";

/** The limits of one session. */
export interface SessionLimits {
  /** Sockets at the same time. Default 1024. */
  readonly sockets: number;
  /** Attempts to connect in a second, with a burst of as many; 0: any. Default 200. */
  readonly dials: number;
  /** Bytes in a second that are read from the network; 0: any. Default 0. */
  readonly rate: number;
  /** Bytes that a client may send on a stream before the network has taken them. Default 256 KiB. */
  readonly window: number;
  /** Seconds without any packet but PING and PONG after which a session ends; 0: never. Default 0. */
  readonly idle: number;
  /** Seconds that a lost session is kept; 0: not at all. Default 30. */
  readonly grace: number;
}

/** Who counts what a bridge does; nothing here may throw. */
export interface BridgeObserver {
  /** Bytes of payload went this way. */
  bytes?(direction: "up" | "down", count: number): void;
  /** A socket was opened or is gone. */
  sockets?(change: 1 | -1): void;
  /** An attempt to connect ended: "opened", or the errno's name. */
  dialled?(outcome: string): void;
}

/** What the sockets of one session share. */
export interface SocketParts {
  readonly link: Link;
  readonly network: NetworkSession;
  readonly memory: Lender;
  readonly limits: SessionLimits;
  readonly observer: BridgeObserver;
  readonly dials: Bucket;
  readonly bytes: Bucket;
  /** Window of the client for what is sent to it. */
  readonly clientWindow: number;
  /** Looks up where an AF_UNIX path leads, gives the address with that to `use`, and lets go of it. */
  locate(address: Address, isBind: boolean, use: (located: Address) => void): void;
  /** Whether what was read last was refused by policy. Reading it clears it. */
  takeRefusal(): boolean;
  /** Calls `resume` when the connection has room again, or after `delay` milliseconds. */
  pause(resume: () => void, delay: number): void;
  /** A connection came to a listener: the socket of that stream, which it makes; null if there may be no more. */
  adopt(token: number): { readonly id: number; readonly start: () => void } | null;
  /** A socket is gone. */
  forget(id: number): void;
}

/** A socket as its session sees it: what the network tells of it. */
export interface SocketEvents {
  bound(errno: number, local: Address | null): void;
  connected(local: Address, peer: Address): void;
  failed(errno: number): void;
  aborted(): void;
  listening(errno: number, local: Address | null): void;
  incoming(token: number, local: Address, peer: Address): void;
  data(length: number): void;
  end(): void;
  datagram(bytes: Uint8Array, from: Address): void;
  sent(errno: number, length: number): void;
  error(errno: number): void;
  closed(): void;
  option(errno: number): void;
  /** A packet of the client for this socket. Throws MalformedPacket. */
  packet(packet: PacketReader): void;
}
