/* <resolv.h>: names are resolved by the host, so there is no server to ask: queries fail with NO_RECOVERY. */
#ifndef _RESOLV_H
#define _RESOLV_H
#include <arpa/nameser.h>
#include <netinet/in.h>
#define MAXNS 3
#define MAXDNSRCH 6
#ifdef __cplusplus
extern "C" {
#endif
int res_init(void);
int res_query(const char *, int, int, unsigned char *, int);
int res_search(const char *, int, int, unsigned char *, int);
#ifdef __cplusplus
}
#endif
#endif
