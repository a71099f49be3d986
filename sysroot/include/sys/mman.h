/* <sys/mman.h>: wasi-libc's emulation, which reads files into memory; nothing of it goes back to a file. */
#ifndef _HAWSER_SYS_MMAN_H
#define _HAWSER_SYS_MMAN_H
#include <__hawser.h>
#ifndef _WASI_EMULATED_MMAN
#define _WASI_EMULATED_MMAN
#endif
#define mmap __HAWSER_OVER(mmap)
#define mprotect __HAWSER_OVER(mprotect)
#include_next <sys/mman.h>
#undef mmap
#undef mprotect
#ifdef __cplusplus
extern "C" {
#endif
void *mmap(void *, size_t, int, int, int, off_t) __HAWSER_NAME(mmap);
int mprotect(void *, size_t, int) __HAWSER_NAME(mprotect);
#ifdef __cplusplus
}
#endif
#endif
