/* 64 signals, bit (signal - 1); wasi-libc's has room for fewer. */
#ifndef __wasilibc___typedef_sigset_t_h
#define __wasilibc___typedef_sigset_t_h

typedef struct {
  unsigned long __bits[2];
} sigset_t;

#endif
