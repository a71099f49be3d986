// Requests: what the core asks of its host. A request is five i32: op, id, a, b, c. It never blocks and returns nothing;
// answers are events. `id` names a socket (or, for RESOLVE, REVERSE and TURN, the operation) and comes back in the event.
// Pointers are into core memory. host/network.ts says in full what a network owes for each. Bare literals, no imports.

/** A new socket: a = AF_*, b = SOCK_*, c = protocol. No answer. */
export const REQUEST_OPEN = 1;
/** Bind: a = endpoint, b = pointer, c = length of the directory that a relative AF_UNIX path begins at. Answer: BOUND. */
export const REQUEST_BIND = 2;
/**
 * Connect: a = endpoint, b and c as for BIND. Answer: CONNECTED or FAILED; for a stream a BOUND may come first, which says
 * that the attempt goes on: of an AF_UNIX stream that it waits for room in the listener's queue.
 */
export const REQUEST_CONNECT = 3;
/** Dissolve a datagram association. Answer: BOUND. */
export const REQUEST_DISCONNECT = 4;
/** Abort a connection or an attempt with a reset; the id stays usable for a new connect. Answer: ABORTED. */
export const REQUEST_ABORT = 5;
/** Listen: a = backlog. Answer: LISTENING. */
export const REQUEST_LISTEN = 6;
/** Give id to the connection that INCOMING named: a = token. No answer. */
export const REQUEST_ADOPT = 7;
/** Lend memory for received stream bytes: a = pointer, b = length. Answer, some time: DATA, END or FAILED. */
export const REQUEST_RECEIVE = 8;
/** Send stream bytes: a = pointer, b = length. The memory is lent until SENT has told of it. Answer: SENT or FAILED. */
export const REQUEST_SEND = 9;
/** Send one datagram: a = pointer, b = length, c = endpoint or 0. Answer: SENT with an errno. */
export const REQUEST_SENDTO = 10;
/** shutdown(2): a = SHUT_*, after what was sent. No answer. */
export const REQUEST_SHUTDOWN = 11;
/** Close: a = 1 to reset instead of a graceful end. Lent memory comes back. Answer: CLOSED, always. */
export const REQUEST_CLOSE = 12;
/** Set an option: a = level, b = name, c = value. Answer: OPTION. */
export const REQUEST_OPTION = 13;
/** Resolve a name: a = pointer, b = length (UTF-8), c = AF_* or AF_UNSPEC. Answer: RESOLVED. */
export const REQUEST_RESOLVE = 14;
/** Name an address: a = endpoint. Answer: NAMED. */
export const REQUEST_REVERSE = 15;
/** One turn of the event loop: everything that the host can see by then has been delivered first. Answer: TURNED. */
export const REQUEST_TURN = 16;
/** Group membership: a = 1 join, 0 leave, b = endpoint of the group, c = interface endpoint or 0. Answer: OPTION. */
export const REQUEST_MEMBERSHIP = 17;
/**
 * Descriptors (AF_UNIX, SCM_RIGHTS): a = their token. They go with the next b bytes of SEND, answer: OPTION; or, with b = 0,
 * with the next SENDTO, whose answer is this one's.
 */
export const REQUEST_ATTACH = 18;
/** A thread of the guest: a = what its entry `__hawser_thread` is called with, when the running one waits. No answer. */
export const REQUEST_THREAD = 19;
/** The running thread of the guest ends. Does not return. */
export const REQUEST_THREAD_EXIT = 20;
/** The guest's other threads look again at what they wait for. No answer. */
export const REQUEST_WAKE = 21;
/** The terminal's device is to be raw (a = 1), or as it was found (a = 0). No answer. */
export const REQUEST_TERMINAL = 22;
