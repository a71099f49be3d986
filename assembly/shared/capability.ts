// What a network can do, as bits that the core is told before its guest starts. host/network.ts says which errno the guest
// gets for what is missing. Bare literals, no imports.

/** AF_INET and AF_INET6 streams. */
export const CAPABILITY_STREAMS = 0x1;
/** AF_INET and AF_INET6 datagrams. */
export const CAPABILITY_DATAGRAMS = 0x2;
/** AF_UNIX streams. */
export const CAPABILITY_UNIX_STREAMS = 0x4;
/** AF_UNIX datagrams. */
export const CAPABILITY_UNIX_DATAGRAMS = 0x8;
/** Listening streams. */
export const CAPABILITY_LISTEN = 0x10;
/** Resets of a connection that stands. */
export const CAPABILITY_RESET = 0x20;
/** AF_UNIX SOCK_SEQPACKET. */
export const CAPABILITY_UNIX_SEQPACKET = 0x40;
/** Descriptors over AF_UNIX sockets, within a guest. */
export const CAPABILITY_RIGHTS = 0x80;
/** All of them. */
export const CAPABILITY_ALL = 0xff;
