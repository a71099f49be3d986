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
  readonly path: Uint8Array;
}

/** Where a socket is bound or connected to. */
export type Address = InternetAddress | UnixAddress;
