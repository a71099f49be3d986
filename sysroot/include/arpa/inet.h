#ifndef _HAWSER_ARPA_INET_H
#define _HAWSER_ARPA_INET_H
#include <__hawser.h>
#define inet_aton __HAWSER_OVER(inet_aton)
#define inet_addr __HAWSER_OVER(inet_addr)
#define inet_network __HAWSER_OVER(inet_network)
#define inet_lnaof __HAWSER_OVER(inet_lnaof)
#define inet_netof __HAWSER_OVER(inet_netof)
#define inet_makeaddr __HAWSER_OVER(inet_makeaddr)
#define inet_ntop __HAWSER_OVER(inet_ntop)
#include_next <arpa/inet.h>
#undef inet_aton
#undef inet_addr
#undef inet_network
#undef inet_lnaof
#undef inet_netof
#undef inet_makeaddr
#undef inet_ntop
#ifdef __cplusplus
extern "C" {
#endif
int inet_aton(const char *, struct in_addr *) __HAWSER_NAME(inet_aton);
in_addr_t inet_addr(const char *) __HAWSER_NAME(inet_addr);
in_addr_t inet_network(const char *) __HAWSER_NAME(inet_network);
in_addr_t inet_lnaof(struct in_addr) __HAWSER_NAME(inet_lnaof);
in_addr_t inet_netof(struct in_addr) __HAWSER_NAME(inet_netof);
struct in_addr inet_makeaddr(in_addr_t, in_addr_t) __HAWSER_NAME(inet_makeaddr);
const char *inet_ntop(int, const void *__restrict, char *__restrict, socklen_t) __HAWSER_NAME(inet_ntop);
#ifdef __cplusplus
}
#endif
#endif
