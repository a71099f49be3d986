/* <sys/sysmacros.h>: the parts of a device number, as Linux's. */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H
#define major(device) \
  ((unsigned)((((unsigned long long)(device) >> 31 >> 1) & 0xfffff000) | (((device) >> 8) & 0x00000fff)))
#define minor(device) ((unsigned)((((unsigned long long)(device) >> 12) & 0xffffff00) | ((device) & 0x000000ff)))
#define makedev(major, minor)                                                                  \
  ((((major) & 0xfffff000ULL) << 32) | (((major) & 0x00000fffULL) << 8) | (((minor) & 0xffffff00ULL) << 12) | \
   ((minor) & 0x000000ffULL))
#endif
