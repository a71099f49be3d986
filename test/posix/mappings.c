/* Mapped memory, and what is allocated by the older names. */
#include "posix.h"
#include <malloc.h>
#include <sys/mman.h>
#include <sys/random.h>

int main(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  unsigned char present[2] = {0, 0};
  char *map = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  report("-", "mmap", map != MAP_FAILED ? "an address" : error_name(errno));
  report("-", "it is zero", yes_no(map[0] == 0 && map[page - 1] == 0));
  strcpy(map, "text");
  char *larger = mremap(map, page, 4 * page, MREMAP_MAYMOVE);
  report("-", "mremap", larger != MAP_FAILED ? larger : error_name(errno));
  report("-", "what is new is zero", yes_no(larger[page] == 0 && larger[4 * page - 1] == 0));
  report("-", "mremap to what it is", yes_no(mremap(larger, 4 * page, 4 * page, 0) == larger));
  report("-", "mremap to nothing", mremap(larger, 4 * page, 0, MREMAP_MAYMOVE) == MAP_FAILED ? error_name(errno) : "an address");
  report("-", "mremap, unknown flag", mremap(larger, 4 * page, page, 77) == MAP_FAILED ? error_name(errno) : "an address");
  report("-", "madvise", outcome(madvise(larger, page, MADV_SEQUENTIAL)));
  report("-", "madvise, unknown", outcome(madvise(larger, page, 7777)));
  report("-", "posix_madvise", error_name(posix_madvise(larger, page, POSIX_MADV_WILLNEED)));
  report("-", "posix_madvise, unknown", error_name(posix_madvise(larger, page, 7777)));
  report("-", "mincore, no page's start", outcome(mincore((void *)((uintptr_t)map | 1), page, present)));
  report("-", "msync", outcome(msync(larger, page, MS_SYNC)));
  report("-", "msync, both ways", outcome(msync(larger, page, MS_SYNC | MS_ASYNC)));
  report("-", "mprotect to read and write", outcome(mprotect(larger - (uintptr_t)larger % page, page, PROT_READ | PROT_WRITE)));
  report("-", "mprotect to read alone", outcome(mprotect(larger - (uintptr_t)larger % page, page, PROT_READ)));
  report("-", "mprotect, unknown access", outcome(mprotect(larger - (uintptr_t)larger % page, page, 0x7000)));
  report("-", "munmap", outcome(munmap(larger, 4 * page)));
  report("-", "mmap of nothing", mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? error_name(errno) : "an address");
  report("-", "mmap of a closed descriptor", mmap(NULL, page, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED ? error_name(errno) : "an address");

  void *block = memalign(64, 100);
  report("-", "memalign", yes_no(block != NULL && (uintptr_t)block % 64 == 0));
  free(block);
  block = valloc(100);
  report("-", "valloc", yes_no(block != NULL && (uintptr_t)block % page == 0));
  free(block);
  report("-", "posix_memalign, no power of two", error_name(posix_memalign(&block, 24, 100)));
  unsigned char bytes[300] = {0};
  int some = 0;
  report("-", "getrandom", outcome(getrandom(bytes, sizeof bytes, 0)));
  for (size_t i = 256; i < sizeof bytes; i++) some |= bytes[i];
  report("-", "all of it is random", yes_no(some != 0));
  report("-", "getrandom, unknown flag", outcome(getrandom(bytes, 1, 0x100)));
  report("-", "getentropy of too much", outcome(getentropy(bytes, 257)));
  return 0;
}
