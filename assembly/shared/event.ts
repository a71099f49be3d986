// Events: what the host tells the core, as records in a ring in core memory (host/events.ts writes, assembly/events.ts
// reads).
//
//   0       4       8       12      16      20
//   +-------+-------+-------+-------+-------+--------------------------+
//   | type  | id    | a     | b     | length| payload, padded to 4     |
//   +-------+-------+-------+-------+-------+--------------------------+
//
// type 0 means: go on at the start of the ring. Bare literals only, no imports.

/** Bytes of an event's head. */
export const EVENT_HEAD = 20;
/** Bytes of the ring; a power of two. */
export const EVENT_RING = 0x80000;

/** The rest of the ring is unused. */
export const EVENT_WRAP = 0;
/** BIND, DISCONNECT: a = errno or 0; payload: local endpoint. */
export const EVENT_BOUND = 1;
/** CONNECT came through; payload: local endpoint, peer endpoint. */
export const EVENT_CONNECTED = 2;
/** A connection attempt or a connection failed: a = errno. Nothing more is received or sent. */
export const EVENT_FAILED = 3;
/** LISTEN: a = errno or 0; payload: local endpoint. */
export const EVENT_LISTENING = 4;
/** A connection waits on listener id: a = token; payload: local endpoint, peer endpoint. */
export const EVENT_INCOMING = 5;
/** a bytes were put at the start of the lent receive memory, which is the core's again. */
export const EVENT_DATA = 6;
/** The peer ended its direction; the lent receive memory is the core's again. */
export const EVENT_END = 7;
/** One datagram: payload: source endpoint, then its bytes. */
export const EVENT_DATAGRAM = 8;
/** a = errno or 0, b = bytes of lent send memory that are the core's again. */
export const EVENT_SENT = 9;
/** A pending error of a datagram socket (ICMP): a = errno. */
export const EVENT_ERROR = 10;
/** CLOSE is done; the id is free. */
export const EVENT_CLOSED = 11;
/** OPTION, MEMBERSHIP: a = errno or 0. */
export const EVENT_OPTION = 12;
/** RESOLVE: a = errno or 0 (ENOENT no such name, EAGAIN try later, EIO failure); payload: endpoints. */
export const EVENT_RESOLVED = 13;
/** REVERSE: a = errno or 0; payload: the name's bytes. */
export const EVENT_NAMED = 14;
/** TURN. */
export const EVENT_TURNED = 15;
/** A signal from outside: a = signal number. */
export const EVENT_SIGNAL = 16;
/** ABORT is done. */
export const EVENT_ABORTED = 17;
/** The terminal's size changed or is first told: a = rows, b = columns. */
export const EVENT_WINDOW = 18;
/**
 * a = the token of an ATTACH, whose descriptors come with id's next DATA, from byte b on, or with its next DATAGRAM, which
 * is the next record; with id 0 they are lost.
 */
export const EVENT_RIGHTS = 19;
