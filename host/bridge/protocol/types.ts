// The packet types, close reasons and figures of the bridge protocol (docs/bridge-protocol.md). Owns the numbers.

/** Wisp: open and dial a socket. */
export const CONNECT = 0x01;
/** Wisp: bytes of a stream. */
export const DATA = 0x02;
/** Wisp: how many packets the server can take. */
export const CONTINUE = 0x03;
/** Wisp: the stream is over; on stream 0 the session. */
export const CLOSE = 0x04;
/** Wisp 2: versions and extensions. */
export const INFO = 0x05;

/** PSX: a new socket. */
export const SOCKET = 0xe0;
/** PSX: bind(2). */
export const BIND = 0xe1;
/** PSX: the local name. */
export const BOUND = 0xe2;
/** PSX: connect(2). */
export const DIAL = 0xe3;
/** PSX: connected. */
export const OPENED = 0xe4;
/** PSX: the attempt failed or the stream broke. */
export const FAIL = 0xe5;
/** PSX: a datagram socket forgets its peer. */
export const DISCONNECT = 0xe6;
/** PSX: reset. */
export const ABORT = 0xe7;
/** PSX: listen(2). */
export const LISTEN = 0xe8;
/** PSX: listening, or why not. */
export const LISTENING = 0xe9;
/** PSX: a connection came to a listener. */
export const ACCEPT = 0xea;
/** PSX: a direction has ended. */
export const SHUT = 0xeb;
/** PSX: SHUT was taken. */
export const SHUT_ACK = 0xec;
/** PSX: more bytes may be sent. */
export const CREDIT = 0xed;
/** PSX: a datagram with its address. */
export const DATAGRAM = 0xee;
/** PSX: what became of a datagram. */
export const SENT = 0xef;
/** PSX: an error of a datagram socket. */
export const ERROR = 0xf0;
/** PSX: setsockopt(2), and its errno. */
export const OPTION = 0xf1;
/** PSX: a multicast group. */
export const MEMBERSHIP = 0xf2;
/** PSX: getaddrinfo(3). */
export const RESOLVE = 0xf3;
/** PSX: the addresses of a name. */
export const RESOLVED = 0xf4;
/** PSX: getnameinfo(3). */
export const REVERSE = 0xf5;
/** PSX: the name of an address. */
export const NAMED = 0xf6;
/** PSX: are you there? */
export const PING = 0xf7;
/** PSX: I am. */
export const PONG = 0xf8;
/** PSX: how many packets have been received. */
export const ACK = 0xf9;
/** PSX: the session goes on. */
export const RESUMED = 0xfa;
/** PSX: tell all that could be told by now. */
export const TURN = 0xfb;

/** CLOSE: no reason is told. */
export const REASON_UNSPECIFIED = 0x01;
/** CLOSE: in good order. */
export const REASON_VOLUNTARY = 0x02;
/** CLOSE: a network error; from a PSX client: reset it. */
export const REASON_NETWORK = 0x03;
/** CLOSE: what was asked is not valid. */
export const REASON_INVALID = 0x41;
/** CLOSE: unreachable or not to be resolved. */
export const REASON_UNREACHABLE = 0x42;
/** CLOSE: the attempt timed out. */
export const REASON_TIMEOUT = 0x43;
/** CLOSE: refused. */
export const REASON_REFUSED = 0x44;
/** CLOSE: nothing came for too long. */
export const REASON_IDLE = 0x47;
/** CLOSE: blocked by policy. */
export const REASON_BLOCKED = 0x48;
/** CLOSE: too much at once. */
export const REASON_THROTTLED = 0x49;
/** CLOSE: the client's own fault. */
export const REASON_CLIENT = 0x81;
/** CLOSE: wrong token. */
export const REASON_WRONG_TOKEN = 0xc0;
/** CLOSE: no token. */
export const REASON_NO_TOKEN = 0xc2;

/** FAIL: the name did not resolve. */
export const PHASE_NAME = 1;
/** FAIL: policy. */
export const PHASE_POLICY = 2;
/** FAIL: the attempt. */
export const PHASE_CONNECT = 3;
/** FAIL: the connection that stood. */
export const PHASE_STREAM = 4;

/** SOCKET and CONNECT: a stream. */
export const KIND_STREAM = 1;
/** SOCKET and CONNECT: datagrams. */
export const KIND_DATAGRAM = 2;
/** SOCKET: AF_UNIX SOCK_SEQPACKET. */
export const KIND_SEQPACKET = 5;

/** DATAGRAM: SENT is asked for. */
export const FLAG_ANSWER = 1;

/** INFO: extension id of UDP. */
export const EXTENSION_UDP = 0x01;
/** INFO: extension id of the password. */
export const EXTENSION_PASSWORD = 0x02;
/** INFO: extension id of stream open confirmation. */
export const EXTENSION_CONFIRM = 0x05;
/** INFO: extension id of PSX. */
export const EXTENSION_PSX = 0xe5;

/** Version of PSX. */
export const PSX_VERSION = 1;
/** Bytes of a packet's head: type and stream. */
export const HEAD = 5;
/** Longest packet in bytes, its head included. */
export const PACKET_MAX = 0x100000;
/** Bytes of a session's name. */
export const SESSION_SIZE = 16;
/** The bit of stream ids that the server chooses. */
export const SERVER_STREAM = 0x80000000;
/** The WebSocket subprotocol that says version 2. */
export const SUBPROTOCOL = "wisp-v2";
