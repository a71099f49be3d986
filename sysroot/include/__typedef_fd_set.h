/* A bit map, as every other system has it: programs reach into fds_bits and copy sets by size. */
#ifndef __wasilibc___typedef_fd_set_h
#define __wasilibc___typedef_fd_set_h

#include <__macro_FD_SETSIZE.h>

typedef unsigned long fd_mask;
typedef struct {
  unsigned long fds_bits[FD_SETSIZE / (8 * sizeof(unsigned long))];
} fd_set;

#define NFDBITS (8 * (int)sizeof(unsigned long))

#endif
