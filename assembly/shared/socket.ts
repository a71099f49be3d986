// The socket constants that a guest compiles against (wasi-libc's numbers where it has one, Linux's where it has
// none; sysroot/include says the same in C). Compiled by both asc and tsc: bare literals only, no imports.

/** No family: connect(2) with it dissolves an association. */
export const AF_UNSPEC = 0;
/** IPv4. */
export const AF_INET = 1;
/** IPv6. */
export const AF_INET6 = 2;
/** Local sockets, named by a path. */
export const AF_UNIX = 3;

/** Datagrams: connectionless, message boundaries kept. */
export const SOCK_DGRAM = 5;
/** A connected, reliable byte stream. */
export const SOCK_STREAM = 6;
/** Connected, reliable, message boundaries kept. */
export const SOCK_SEQPACKET = 7;
/** socket(2) and accept4(2): set FD_CLOEXEC. */
export const SOCK_CLOEXEC = 0x2000;
/** socket(2) and accept4(2): set O_NONBLOCK. */
export const SOCK_NONBLOCK = 0x4000;

/** shutdown(2) as the core counts: no more receives. The sysroot's SHUT_RD is 0, as programs have it. */
export const SHUT_RD = 1;
/** shutdown(2): no more sends. */
export const SHUT_WR = 2;
/** shutdown(2): neither. */
export const SHUT_RDWR = 3;

/** Out-of-band data: refused with EOPNOTSUPP. */
export const MSG_OOB = 0x1;
/** Look at what is there and leave it. */
export const MSG_PEEK = 0x2;
/** Accepted and without effect: every route is direct. */
export const MSG_DONTROUTE = 0x4;
/** recvmsg(2): control data was cut. */
export const MSG_CTRUNC = 0x8;
/** A datagram was longer than the buffer; asked for on input, the true length is returned. */
export const MSG_TRUNC = 0x20;
/** This call does not block. */
export const MSG_DONTWAIT = 0x40;
/** End of record. */
export const MSG_EOR = 0x80;
/** Wait until the whole of the buffer is filled. */
export const MSG_WAITALL = 0x100;
/** What is asked for are errors that IP_RECVERR queued, which there are none of: EAGAIN (ip(7)); AF_UNIX has no such queue. */
export const MSG_ERRQUEUE = 0x2000;
/** No SIGPIPE from this call. */
export const MSG_NOSIGNAL = 0x4000;
/** More is to come: bytes may be held back for it. */
export const MSG_MORE = 0x8000;

/** recvmsg(2): the descriptors that come have FD_CLOEXEC. */
export const MSG_CMSG_CLOEXEC = 0x40000000;

/** Control data of the socket level: descriptors. */
export const SCM_RIGHTS = 1;
/** Control data of the socket level: who sent it, which nothing here can vouch for. */
export const SCM_CREDENTIALS = 2;

/** The socket level. */
export const SOL_SOCKET = 0x7fffffff;
export const SO_DEBUG = 1;
export const SO_REUSEADDR = 2;
export const SO_TYPE = 3;
export const SO_ERROR = 4;
export const SO_DONTROUTE = 5;
export const SO_BROADCAST = 6;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_KEEPALIVE = 9;
export const SO_OOBINLINE = 10;
export const SO_PASSCRED = 16;
export const SO_LINGER = 13;
export const SO_REUSEPORT = 15;
export const SO_RCVLOWAT = 18;
export const SO_SNDLOWAT = 19;
export const SO_ACCEPTCONN = 30;
export const SO_PROTOCOL = 38;
export const SO_DOMAIN = 39;
export const SO_RCVTIMEO = 66;
export const SO_SNDTIMEO = 67;

export const IPPROTO_IP = 0;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_IPV6 = 41;

export const TCP_NODELAY = 1;
export const TCP_MAXSEG = 2;
export const TCP_CORK = 3;
export const TCP_KEEPIDLE = 4;
/** How often a SYN is sent again before an attempt fails with ETIMEDOUT. */
export const TCP_SYNCNT = 7;
export const TCP_KEEPINTVL = 5;
export const TCP_KEEPCNT = 6;
export const TCP_MD5SIG = 14;
export const TCP_USER_TIMEOUT = 18;

export const IP_TOS = 1;
export const IP_TTL = 2;
export const IP_OPTIONS = 4;
export const IP_MULTICAST_IF = 32;
export const IP_MULTICAST_TTL = 33;
export const IP_MULTICAST_LOOP = 34;
export const IP_ADD_MEMBERSHIP = 35;
export const IP_DROP_MEMBERSHIP = 36;

export const IPV6_UNICAST_HOPS = 16;
export const IPV6_MULTICAST_IF = 17;
export const IPV6_MULTICAST_HOPS = 18;
export const IPV6_MULTICAST_LOOP = 19;
export const IPV6_ADD_MEMBERSHIP = 20;
export const IPV6_DROP_MEMBERSHIP = 21;
export const IPV6_V6ONLY = 26;
export const IPV6_TCLASS = 67;

/** listen(2): a longer backlog is cut to this. */
export const SOMAXCONN = 128;
