/* What machine this is: its name, uname(), sysinfo(), sysconf() and pathconf(). */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_gethostname(char *, size_t) POSIX(gethostname);

int gethostname(char *name, size_t size) {
  char whole[HOST_NAME_MAX + 1];
  int length = answer(posix_gethostname(whole, sizeof whole - 1));
  if (length < 0) return -1;
  if ((size_t)length >= size) return refuse(ENAMETOOLONG);
  memcpy(name, whole, (size_t)length);
  name[length] = '\0';
  return 0;
}
int sethostname(const char *name, size_t size) {
  (void)name;
  (void)size;
  return refuse(EPERM);
}
int getdomainname(char *name, size_t size) {
  if (size < 7) return refuse(EINVAL);
  memcpy(name, "(none)", 7);
  return 0;
}
int setdomainname(const char *name, size_t size) { return sethostname(name, size); }
int sethostid(long id) {
  (void)id;
  return refuse(EPERM);
}

int wasi_libc_uname(struct utsname *) __asm__("uname");
int uname(struct utsname *names) {
  if (wasi_libc_uname(names) < 0) return -1;
  char name[HOST_NAME_MAX + 1];
  if (gethostname(name, sizeof name) == 0) snprintf(names->nodename, sizeof names->nodename, "%.64s", name);
  return 0;
}

enum { PAGE = 65536, MOST_PAGES = 65536, GETPW_SIZE = 1024 };

/* The memory is what the program has and may have: the host's own is not told. */
int sysinfo(struct sysinfo *info) {
  struct timespec now;
  memset(info, 0, sizeof *info);
  clock_gettime(CLOCK_MONOTONIC, &now);
  info->uptime = (unsigned long)now.tv_sec;
  info->mem_unit = PAGE;
  info->totalram = MOST_PAGES;
  info->freeram = (unsigned long)(MOST_PAGES - __builtin_wasm_memory_size(0));
  info->procs = 1;
  return 0;
}

long wasi_libc_sysconf(int) __asm__("sysconf");
long sysconf(int name) {
  switch (name) {
    case _SC_OPEN_MAX: return getdtablesize();
    case _SC_PHYS_PAGES: return MOST_PAGES;
    case _SC_AVPHYS_PAGES: return (long)(MOST_PAGES - __builtin_wasm_memory_size(0));
    case _SC_GETPW_R_SIZE_MAX:
    case _SC_GETGR_R_SIZE_MAX: return GETPW_SIZE;
  }
  return wasi_libc_sysconf(name);
}

long wasi_libc_pathconf(const char *, int) __asm__("pathconf");
long wasi_libc_fpathconf(int, int) __asm__("fpathconf");
long pathconf(const char *path, int name) { return name == _PC_PIPE_BUF ? PIPE_BUF : wasi_libc_pathconf(path, name); }
long fpathconf(int fd, int name) { return name == _PC_PIPE_BUF ? PIPE_BUF : wasi_libc_fpathconf(fd, name); }
