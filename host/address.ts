// Addresses as the host side speaks of them. Owns the type and its text form; the byte form is host/endpoint.ts.

/** An IPv4 or IPv6 address with a port. `address` is the numeric form, never a name. */
export interface InternetAddress {
  readonly family: "IPv4" | "IPv6";
  readonly address: string;
  readonly port: number;
  /** IPv6 scope id; 0 or absent where none. */
  readonly scopeId?: number;
}

/** An AF_UNIX name: no bytes for an unnamed socket, a leading NUL for an abstract name, else a path without NUL. */
export interface UnixAddress {
  readonly family: "unix";
  /** As the guest gave it, and as getsockname(2) and getpeername(2) give it back. */
  readonly path: Uint8Array;
  /** Where the path leads, in a network whose names are files of the host: what is judged and what is done goes by it. */
  readonly place?: Place;
}

/** Where a path leads (host/namespace.ts). It is held for the length of the call that is given it. */
export interface Place {
  /** Why the path leads nowhere, or 0. */
  readonly errno: number;
  /** The host's path without links: what rules are compared with. */
  readonly path: Uint8Array;
  /** What the host's connect(2) is given; with a `name`, the directory that bind(2) makes it in. */
  readonly access: string;
  readonly name: Uint8Array | null;
  /** It is in a directory that the guest was given, where a failure is no secret from it. */
  readonly inPreopen: boolean;
  /** Keeps it beyond the call... */
  hold(): void;
  /** ...until it is needed no more. */
  release(): void;
}

/** Where a socket is bound or connected to. */
export type Address = InternetAddress | UnixAddress;
