#ifndef _HAWSER_NETINET_IN_H
#define _HAWSER_NETINET_IN_H
#include_next <netinet/in.h>
#define IPPROTO_ICMPV6 58
#define IPPROTO_SCTP 132
#endif
