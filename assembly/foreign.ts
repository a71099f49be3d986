// What the WASI provider below gives (module "foreign"): the preview1 functions that take a descriptor, and chance. Descriptors
// here are the provider's own; whoever calls has translated. Each gives a WASI errno and never throws.

export declare function fd_advise(fd: i32, offset: i64, length: i64, advice: i32): i32;
export declare function fd_allocate(fd: i32, offset: i64, length: i64): i32;
export declare function fd_close(fd: i32): i32;
export declare function fd_datasync(fd: i32): i32;
export declare function fd_fdstat_get(fd: i32, stat: usize): i32;
export declare function fd_fdstat_set_flags(fd: i32, flags: i32): i32;
export declare function fd_fdstat_set_rights(fd: i32, base: i64, inheriting: i64): i32;
export declare function fd_filestat_get(fd: i32, stat: usize): i32;
export declare function fd_filestat_set_size(fd: i32, size: i64): i32;
export declare function fd_filestat_set_times(fd: i32, atim: i64, mtim: i64, flags: i32): i32;
export declare function fd_pread(fd: i32, iovs: usize, count: i32, offset: i64, done: usize): i32;
export declare function fd_prestat_dir_name(fd: i32, path: usize, length: i32): i32;
export declare function fd_prestat_get(fd: i32, prestat: usize): i32;
export declare function fd_pwrite(fd: i32, iovs: usize, count: i32, offset: i64, done: usize): i32;
export declare function fd_read(fd: i32, iovs: usize, count: i32, done: usize): i32;
export declare function fd_readdir(fd: i32, buffer: usize, length: i32, cookie: i64, used: usize): i32;
export declare function fd_seek(fd: i32, offset: i64, whence: i32, position: usize): i32;
export declare function fd_sync(fd: i32): i32;
export declare function fd_tell(fd: i32, position: usize): i32;
export declare function fd_write(fd: i32, iovs: usize, count: i32, done: usize): i32;
export declare function path_create_directory(fd: i32, path: usize, length: i32): i32;
export declare function path_filestat_get(fd: i32, flags: i32, path: usize, length: i32, stat: usize): i32;
export declare function path_filestat_set_times(
  fd: i32,
  flags: i32,
  path: usize,
  length: i32,
  atim: i64,
  mtim: i64,
  timeFlags: i32,
): i32;
export declare function path_link(
  fd: i32,
  flags: i32,
  path: usize,
  length: i32,
  newFd: i32,
  newPath: usize,
  newLength: i32,
): i32;
export declare function path_open(
  fd: i32,
  lookup: i32,
  path: usize,
  length: i32,
  open: i32,
  base: i64,
  inheriting: i64,
  flags: i32,
  opened: usize,
): i32;
export declare function path_readlink(fd: i32, path: usize, length: i32, buffer: usize, size: i32, used: usize): i32;
export declare function path_remove_directory(fd: i32, path: usize, length: i32): i32;
export declare function path_rename(fd: i32, path: usize, length: i32, newFd: i32, newPath: usize, newLength: i32): i32;
export declare function path_symlink(target: usize, targetLength: i32, fd: i32, path: usize, length: i32): i32;
export declare function path_unlink_file(fd: i32, path: usize, length: i32): i32;
export declare function random_get(pointer: usize, length: usize): i32;
