/*
 * Mappings: wasi-libc's, copies of a file in memory. One whose changes would have to reach the file cannot be; for all others
 * there is nothing to write back, and no page that could leave the memory.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "posix.h"

void *wasi_libc_mmap(void *, size_t, int, int, int, off_t) __asm__("mmap");

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if ((flags & MAP_SHARED) != 0 && (flags & MAP_ANONYMOUS) == 0 && (protection & PROT_WRITE) != 0) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  return wasi_libc_mmap(at, length, protection, flags, fd, offset);
}
/* All memory can be read and written, and no other access can be given to it: mprotect(2)'s EACCES. */
int mprotect(void *at, size_t length, int protection) {
  (void)at;
  (void)length;
  if ((protection & ~(PROT_READ | PROT_WRITE | PROT_EXEC)) != 0) return refuse(EINVAL);
  return protection == (PROT_READ | PROT_WRITE) ? 0 : refuse(EACCES);
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
/* Advice is 0 and changes nothing, but what promises zeroed pages: EINVAL. */
int madvise(void *at, size_t length, int advice) {
  (void)at;
  (void)length;
  switch (advice) {
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_FREE:
    case MADV_HUGEPAGE:
    case MADV_NOHUGEPAGE:
    case MADV_DONTDUMP:
    case MADV_DODUMP: return 0;
  }
  return refuse(EINVAL);
}
/* Every page of the memory is there. */
int mincore(void *at, size_t length, unsigned char *pages) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if ((uintptr_t)at % page != 0) return refuse(EINVAL);
  memset(pages, 1, (length + page - 1) / page);
  return 0;
}
/* Another mapping and a copy: no address can be had twice. */
void *mremap(void *old, size_t old_length, size_t length, int flags, ...) {
  if (length == 0 || (flags & ~MREMAP_MAYMOVE) != 0) {
    errno = EINVAL;
    return MAP_FAILED;
  }
  if (length == old_length) return old;
  if (!(flags & MREMAP_MAYMOVE)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  void *new = wasi_libc_mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (new == MAP_FAILED) return new;
  memcpy(new, old, length < old_length ? length : old_length);
  munmap(old, old_length);
  return new;
}
/* Memory that processes share has none to share it with. */
int shm_open(const char *name, int flags, mode_t mode) {
  (void)name;
  (void)flags;
  (void)mode;
  return refuse(ENOSYS);
}
int shm_unlink(const char *name) {
  (void)name;
  return refuse(ENOSYS);
}
int memfd_create(const char *name, unsigned flags) {
  (void)name;
  (void)flags;
  return refuse(ENOSYS);
}

/* ---- allocation, by its older names ---- */

void *memalign(size_t alignment, size_t size) {
  void *block;
  int error = posix_memalign(&block, alignment < sizeof block ? sizeof block : alignment, size);
  if (error == 0) return block;
  errno = error;
  return NULL;
}
void *valloc(size_t size) { return memalign((size_t)sysconf(_SC_PAGESIZE), size); }
