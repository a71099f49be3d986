/* wasi-libc's, with GNU's words of 16 and 32 bits beside the bytes. */
#ifndef __wasilibc___struct_in6_addr_h
#define __wasilibc___struct_in6_addr_h

#include <stdint.h>

struct in6_addr {
  __extension__ union {
    unsigned char s6_addr[16];
    uint16_t s6_addr16[8];
    uint32_t s6_addr32[4];
  };
};
/* Programs ask for these names with #ifdef. */
#define s6_addr s6_addr
#define s6_addr16 s6_addr16
#define s6_addr32 s6_addr32

#endif
