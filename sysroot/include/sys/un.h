#ifndef _HAWSER_SYS_UN_H
#define _HAWSER_SYS_UN_H
#include <sys/socket.h>
#include_next <sys/un.h>
#ifndef SUN_LEN
#define SUN_LEN(name) (__builtin_offsetof(struct sockaddr_un, sun_path) + __builtin_strlen((name)->sun_path))
#endif
#endif
