/*
 * Calls what a WASI provider gives with anything: hostile.wasm SEED CALLS. Pointers are in an arena, where nothing else is, or outside of
 * the memory; whatever is answered must be an errno.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#define IMPORT(name, ...) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) int raw_##name(__VA_ARGS__)
IMPORT(args_get, int, int);
IMPORT(clock_res_get, int, int);
IMPORT(clock_time_get, int, int64_t, int);
IMPORT(environ_get, int, int);
IMPORT(environ_sizes_get, int, int);
IMPORT(fd_advise, int, int64_t, int64_t, int);
IMPORT(fd_allocate, int, int64_t, int64_t);
IMPORT(fd_close, int);
IMPORT(fd_datasync, int);
IMPORT(fd_fdstat_get, int, int);
IMPORT(fd_fdstat_set_flags, int, int);
IMPORT(fd_fdstat_set_rights, int, int64_t, int64_t);
IMPORT(fd_filestat_get, int, int);
IMPORT(fd_filestat_set_size, int, int64_t);
IMPORT(fd_filestat_set_times, int, int64_t, int64_t, int);
IMPORT(fd_pread, int, int, int, int64_t, int);
IMPORT(fd_prestat_dir_name, int, int, int);
IMPORT(fd_prestat_get, int, int);
IMPORT(fd_pwrite, int, int, int, int64_t, int);
IMPORT(fd_read, int, int, int, int);
IMPORT(fd_readdir, int, int, int, int64_t, int);
IMPORT(fd_renumber, int, int);
IMPORT(fd_seek, int, int64_t, int, int);
IMPORT(fd_sync, int);
IMPORT(fd_tell, int, int);
IMPORT(fd_write, int, int, int, int);
IMPORT(path_create_directory, int, int, int);
IMPORT(path_filestat_get, int, int, int, int, int);
IMPORT(path_filestat_set_times, int, int, int, int, int64_t, int64_t, int);
IMPORT(path_link, int, int, int, int, int, int, int);
IMPORT(path_open, int, int, int, int, int, int64_t, int64_t, int, int);
IMPORT(path_readlink, int, int, int, int, int, int);
IMPORT(path_remove_directory, int, int, int);
IMPORT(path_rename, int, int, int, int, int, int);
IMPORT(path_symlink, int, int, int, int, int);
IMPORT(path_unlink_file, int, int, int);
IMPORT(random_get, int, int);

/* More than what the files here ever hold. */
enum { PART = 1 << 20, SPREAD = 1 << 16, LENGTH = 1 << 12 };
static char arena[4 * PART];
static const char *const paths[] = {"a", "b", "c/d", "../x", ".", "..", "", "a/", "/etc", "c", "d/../a", "\xff\xfe", "a//b", "c/l"};

static uint64_t state;
static uint64_t any(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}
static int below(int bound) { return (int)(any() % (uint64_t)bound); }

/* Never one of the standard streams: what is written there is looked at. */
static int fd(void) { return below(3) == 0 ? 3 : below(3) == 0 ? (int)(any() | 0x40000000) : 4 + below(12); }
static int outside(void) { return (int)(__builtin_wasm_memory_size(0) * 65536u + any() % 0x70000000u); }
static int pointer(void) { return below(4) == 0 ? outside() : (int)(intptr_t)(arena + PART + below(SPREAD)); }
static int length(void) { return below(6) == 0 ? (int)(any() | 0x80000000) : below(LENGTH); }
static int64_t wide(void) { return below(3) == 0 ? (int64_t)any() : below(100000); }
static int flags(void) { return below(4) == 0 ? (int)any() : below(16); }
static int path(int *size) {
  if (below(8) == 0) return *size = length(), pointer();
  const char *chosen = paths[below(sizeof paths / sizeof *paths)];
  return *size = (int)strlen(chosen), (int)(intptr_t)chosen;
}
/* Some vectors, each in the arena or not at all; how many is said apart. */
static int vectors(void) {
  if (below(6) == 0) return pointer();
  for (int n = 0; n < 8; n++) {
    int32_t *vector = (int32_t *)(arena + 8 * n);
    vector[0] = pointer();
    vector[1] = length();
  }
  return (int)(intptr_t)arena;
}

static int call(int which) {
  int size, other;
  int at = path(&size), to = path(&other);
  switch (which) {
    case 0: return raw_args_get((int)(intptr_t)arena + 3 * PART, pointer());
    case 1: return raw_clock_res_get(flags(), pointer());
    case 2: return raw_clock_time_get(flags(), wide(), pointer());
    case 3: return raw_environ_get((int)(intptr_t)arena + 3 * PART, pointer());
    case 4: return raw_environ_sizes_get(pointer(), pointer());
    case 5: return raw_fd_advise(fd(), wide(), wide(), flags());
    case 6: return raw_fd_allocate(fd(), wide() % 100000, wide() % 100000);
    case 7: return raw_fd_close(fd() | 4);
    case 8: return raw_fd_datasync(fd());
    case 9: return raw_fd_fdstat_get(fd(), pointer());
    case 10: return raw_fd_fdstat_set_flags(fd(), flags());
    case 11: return raw_fd_fdstat_set_rights(fd(), wide(), wide());
    case 12: return raw_fd_filestat_get(fd(), pointer());
    case 13: return raw_fd_filestat_set_size(fd(), wide() % 100000);
    case 14: return raw_fd_filestat_set_times(fd(), wide(), wide(), flags());
    case 15: return raw_fd_pread(fd(), vectors(), below(9), wide(), pointer());
    case 16: return raw_fd_prestat_dir_name(fd(), pointer(), length());
    case 17: return raw_fd_prestat_get(fd(), pointer());
    case 18: return raw_fd_pwrite(fd(), vectors(), below(9), wide() % 100000, pointer());
    case 19: return raw_fd_read(fd(), vectors(), below(9), pointer());
    case 20: return raw_fd_readdir(fd(), pointer(), length(), wide(), pointer());
    case 21: return raw_fd_renumber(fd() | 4, fd() | 4);
    case 22: return raw_fd_seek(fd(), wide(), flags(), pointer());
    case 23: return raw_fd_sync(fd());
    case 24: return raw_fd_tell(fd(), pointer());
    case 25: return raw_fd_write(fd(), vectors(), below(9), pointer());
    case 26: return raw_path_create_directory(fd(), at, size);
    case 27: return raw_path_filestat_get(fd(), flags(), at, size, pointer());
    case 28: return raw_path_filestat_set_times(fd(), flags(), at, size, wide(), wide(), flags());
    case 29: return raw_path_link(fd(), flags(), at, size, fd(), to, other);
    case 30: return raw_path_readlink(fd(), at, size, pointer(), length(), pointer());
    case 31: return raw_path_remove_directory(fd(), at, size);
    case 32: return raw_path_rename(fd(), at, size, fd(), to, other);
    case 33: return raw_path_symlink(at, size, fd(), to, other);
    case 34: return raw_path_unlink_file(fd(), at, size);
    case 35: return raw_random_get(pointer(), length());
    default: return raw_path_open(fd(), flags(), at, size, flags(), wide(), wide(), flags(), pointer());
  }
}

int main(int argc, char **argv) {
  state = strtoull(argv[1], NULL, 10) * 0x9e3779b97f4a7c15u + 1;
  int calls = atoi(argv[2]), done = 0, wrong = 0;
  for (int n = 0; n < calls; n++) {
    int answer = call(below(42));
    if (answer == 0) done++;
    if (answer < 0 || answer > __WASI_ERRNO_NOTCAPABLE) wrong++;
  }
  printf("%s, %d were no errno\n", done > calls / 50 ? "some succeeded" : "hardly any succeeded", wrong);
  return 0;
}
