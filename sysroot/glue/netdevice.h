/* ioctl(2) of interfaces, for ioctl(). */
#ifndef HAWSER_GLUE_NETDEVICE_H
#define HAWSER_GLUE_NETDEVICE_H

/* Whether a request is of their numbers. */
static inline int is_netdevice(int command) { return command >= 0x8910 && command < 0x8980; }

/* The result or -errno. */
int __hawser_netdevice(int, int, void *);

#endif
