#ifndef _HAWSER_SYS_UIO_H
#define _HAWSER_SYS_UIO_H
#include_next <sys/uio.h>
#define UIO_MAXIOV 1024
#ifndef IOV_MAX
#define IOV_MAX UIO_MAXIOV
#endif
#endif
