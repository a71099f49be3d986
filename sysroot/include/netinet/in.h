#ifndef _HAWSER_NETINET_IN_H
#define _HAWSER_NETINET_IN_H
#include_next <netinet/in.h>
/* No host tells a datagram's own destination: programs look for these names, and do without. */
#undef IP_PKTINFO
#undef IPV6_PKTINFO
#undef IPV6_RECVPKTINFO
#define IPPROTO_ICMPV6 58
#define IPPROTO_SCTP 132
#endif
