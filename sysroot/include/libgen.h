/* <libgen.h>: its basename() is POSIX's, also where <string.h> gave GNU's before. */
#ifndef _HAWSER_LIBGEN_H
#define _HAWSER_LIBGEN_H
#undef basename
#define basename __xpg_basename
#include_next <libgen.h>
#endif
