/*
 * Mappings: wasi-libc's, copies of a file in memory. One whose changes would have to reach the file cannot be; for all others
 * there is nothing to write back, and no page that could leave the memory.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include "posix.h"

void *wasi_libc_mmap(void *, size_t, int, int, int, off_t) __asm__("mmap");

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if ((flags & MAP_SHARED) != 0 && (flags & MAP_ANONYMOUS) == 0 && (protection & PROT_WRITE) != 0) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  return wasi_libc_mmap(at, length, protection, flags, fd, offset);
}
int msync(void *at, size_t length, int flags) {
  (void)at;
  (void)length;
  if ((flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE)) != 0 || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
    return refuse(EINVAL);
  return 0;
}
int posix_madvise(void *at, size_t length, int advice) {
  (void)at;
  (void)length;
  return advice < POSIX_MADV_NORMAL || advice > POSIX_MADV_DONTNEED ? EINVAL : 0;
}
/* Whether memory stays where it is, is the host's affair. */
int mlock(const void *at, size_t length) {
  (void)at;
  (void)length;
  return refuse(EPERM);
}
int mlockall(int flags) {
  (void)flags;
  return refuse(EPERM);
}
int munlock(const void *at, size_t length) {
  (void)at;
  (void)length;
  return 0;
}
int munlockall(void) { return 0; }
