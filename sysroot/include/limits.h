#ifndef _HAWSER_LIMITS_H
#define _HAWSER_LIMITS_H
#include_next <limits.h>
#ifndef PIPE_BUF
#define PIPE_BUF 4096
#endif
#endif
