/* The constants of assembly/shared/socket.ts: wasi-libc's numbers where it has one, Linux's where it has none. */
#ifndef __wasilibc___header_sys_socket_h
#define __wasilibc___header_sys_socket_h

#include <__struct_msghdr.h>
#include <__struct_sockaddr.h>
#include <__struct_sockaddr_storage.h>
#if __has_include(<wasi/version.h>)
#include <wasi/version.h>
#endif

/* The numbers of every other system, not wasi-libc's: programs pass them as literals. The glue translates. */
#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#define MSG_OOB 0x0001
#define MSG_PEEK 0x0002
#define MSG_DONTROUTE 0x0004
#define MSG_CTRUNC 0x0008
#define MSG_TRUNC 0x0020
#define MSG_DONTWAIT 0x0040
#define MSG_EOR 0x0080
#define MSG_WAITALL 0x0100
#define MSG_ERRQUEUE 0x2000
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE 0x8000
#define MSG_WAITFORONE 0x10000
#define MSG_CMSG_CLOEXEC 0x40000000

#define SOCK_DGRAM 5
#define SOCK_STREAM 6
#define SOCK_SEQPACKET 7
#define SOCK_RAW 8
#define SOCK_RDM 9
#define SOCK_NONBLOCK 0x4000
#define SOCK_CLOEXEC 0x2000

#define PF_UNSPEC 0
#define PF_INET 1
#define PF_INET6 2
#define PF_UNIX 3
#define PF_LOCAL PF_UNIX
#define AF_UNSPEC PF_UNSPEC
#define AF_INET PF_INET
#define AF_INET6 PF_INET6
#define AF_UNIX PF_UNIX
#define AF_LOCAL AF_UNIX

#define SOL_SOCKET 0x7fffffff
#define SOL_IP 0
#define SOL_TCP 6
#define SOL_UDP 17
#define SOL_IPV6 41
#define SOMAXCONN 128

#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_PRIORITY 12
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_BINDTODEVICE 25
#define SO_ACCEPTCONN 30
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define SO_TIMESTAMP 63
#define SO_RCVTIMEO 66
#define SO_SNDTIMEO 67

#define SCM_RIGHTS 1

#endif
