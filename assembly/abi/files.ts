// Module "wasi_snapshot_preview1": the calls that only files have. Each translates its descriptors and goes down to the
// provider, or is a device's (device.ts); on a socket, pipe or terminal it is the error that POSIX gives for such a descriptor. A WASI errno each.

import {
  EACCES,
  EBADF,
  EEXIST,
  EFAULT,
  EINVAL,
  EMFILE,
  ENODEV,
  ENOENT,
  ENOTDIR,
  EPERM,
  ESPIPE,
  EXDEV,
} from "../shared/errno";
import { O_APPEND, O_NONBLOCK } from "../shared/fcntl";
import { descriptionOf, install, isPreopen, keepPreopen, KIND_DEVICE, KIND_FOREIGN, lowestFree } from "../description";
import { DEVICES, deviceFile, deviceNamed, openedDevice } from "../device";
import * as foreign from "../foreign";
import { cell, copyin, copyout, storeGuest32 } from "../guest";
import { enter } from "../turn";
import { fd_read, fd_write } from "./wasi";

/** What below() gives for a device, and for the directory that they are in. */
const ON_DEVICE: i32 = -3;
const IN_DEVICES: i32 = -4;

/** The provider's descriptor behind `fd`, -1 if `fd` is not open, -2 or less if it is no foreign file. */
function below(fd: i32): i32 {
  enter();
  if (fd == DEVICES) return IN_DEVICES;
  const description = descriptionOf(fd);
  if (description === null) return -1;
  return description.kind == KIND_FOREIGN ? <i32>description.object : description.kind == KIND_DEVICE ? ON_DEVICE : -2;
}

/**
 * The same for a descriptor from which a path begins: the number of a preopened directory is what libc's paths begin from, also
 * when the guest has closed it or put something else there.
 */
function beginning(fd: i32): i32 {
  const file = below(fd);
  return isPreopen(fd) ? fd : file;
}

/** The place of a device is always 0. */
function tellZero(position: usize): i32 {
  store<u64>(cell, 0);
  return copyout(position, cell, 8) ? EFAULT : 0;
}

/** Gives the provider's descriptor the lowest free number: the number or -EMFILE. */
export function kernel_preopen(fd: i32): i32 {
  const number = install(KIND_FOREIGN, fd, 0, 0, 0);
  if (number == fd) keepPreopen(fd);
  return number;
}

/** posix_fadvise(2). */
export function fd_advise(fd: i32, offset: i64, length: i64, advice: i32): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return 0;
  if (file < 0) return file == -1 ? EBADF : ESPIPE;
  return foreign.fd_advise(file, offset, length, advice);
}

/** posix_fallocate(2). */
export function fd_allocate(fd: i32, offset: i64, length: i64): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return ENODEV;
  if (file < 0) return file == -1 ? EBADF : ESPIPE;
  return foreign.fd_allocate(file, offset, length);
}

/** fdatasync(2). */
export function fd_datasync(fd: i32): i32 {
  const file = below(fd);
  if (file < 0) return file == -1 ? EBADF : EINVAL;
  return foreign.fd_datasync(file);
}

/** Rights of a socket or pipe are fixed; asking for fewer changes nothing. */
export function fd_fdstat_set_rights(fd: i32, base: i64, inheriting: i64): i32 {
  const file = below(fd);
  if (file < 0) return file == -1 ? EBADF : 0;
  return foreign.fd_fdstat_set_rights(file, base, inheriting);
}

/** ftruncate(2). */
export function fd_filestat_set_size(fd: i32, size: i64): i32 {
  const file = below(fd);
  if (file < 0) return file == -1 ? EBADF : EINVAL;
  return foreign.fd_filestat_set_size(file, size);
}

/** futimens(2). */
export function fd_filestat_set_times(fd: i32, atim: i64, mtim: i64, flags: i32): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return EPERM;
  if (file < 0) return file == -1 ? EBADF : EINVAL;
  return foreign.fd_filestat_set_times(file, atim, mtim, flags);
}

/** preadv(2). */
export function fd_pread(fd: i32, iovs: usize, count: i32, offset: i64, done: usize): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return fd_read(fd, iovs, count, done);
  if (file < 0) return file == -1 ? EBADF : ESPIPE;
  return foreign.fd_pread(file, iovs, count, offset, done);
}

/** What a preopened directory is called. */
export function fd_prestat_dir_name(fd: i32, path: usize, length: i32): i32 {
  const file = beginning(fd);
  if (file < 0) return EBADF;
  return foreign.fd_prestat_dir_name(file, path, length);
}

/** What a preopened directory is. */
export function fd_prestat_get(fd: i32, prestat: usize): i32 {
  const file = beginning(fd);
  if (file < 0) return EBADF;
  return foreign.fd_prestat_get(file, prestat);
}

/** pwritev(2). */
export function fd_pwrite(fd: i32, iovs: usize, count: i32, offset: i64, done: usize): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return fd_write(fd, iovs, count, done);
  if (file < 0) return file == -1 ? EBADF : ESPIPE;
  return foreign.fd_pwrite(file, iovs, count, offset, done);
}

/** readdir(3). */
export function fd_readdir(fd: i32, buffer: usize, length: i32, cookie: i64, used: usize): i32 {
  const file = below(fd);
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.fd_readdir(file, buffer, length, cookie, used);
}

/** lseek(2). */
export function fd_seek(fd: i32, offset: i64, whence: i32, position: usize): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return tellZero(position);
  if (file < 0) return file == -1 ? EBADF : ESPIPE;
  return foreign.fd_seek(file, offset, whence, position);
}

/** fsync(2). */
export function fd_sync(fd: i32): i32 {
  const file = below(fd);
  if (file < 0) return file == -1 ? EBADF : EINVAL;
  return foreign.fd_sync(file);
}

/** lseek(2) with SEEK_CUR. */
export function fd_tell(fd: i32, position: usize): i32 {
  const file = below(fd);
  if (file == ON_DEVICE) return tellZero(position);
  if (file < 0) return file == -1 ? EBADF : ESPIPE;
  return foreign.fd_tell(file, position);
}

/** mkdirat(2). */
export function path_create_directory(fd: i32, path: usize, length: i32): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return EEXIST;
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_create_directory(file, path, length);
}

/** fstatat(2). */
export function path_filestat_get(fd: i32, flags: i32, path: usize, length: i32, stat: usize): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return statDevice(path, length, stat);
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_filestat_get(file, flags, path, length, stat);
}

/** utimensat(2). */
export function path_filestat_set_times(
  fd: i32,
  flags: i32,
  path: usize,
  length: i32,
  atim: i64,
  mtim: i64,
  timeFlags: i32,
): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return EPERM;
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_filestat_set_times(file, flags, path, length, atim, mtim, timeFlags);
}

/** linkat(2). */
export function path_link(
  fd: i32,
  flags: i32,
  path: usize,
  length: i32,
  newFd: i32,
  newPath: usize,
  newLength: i32,
): i32 {
  const file = beginning(fd);
  const newFile = beginning(newFd);
  if (newFile == IN_DEVICES) return EEXIST;
  if (file == IN_DEVICES) return EXDEV;
  if (file < 0 || newFile < 0) return file == -1 || newFile == -1 ? EBADF : ENOTDIR;
  return foreign.path_link(file, flags, path, length, newFile, newPath, newLength);
}

/** readlinkat(2). */
export function path_readlink(fd: i32, path: usize, length: i32, buffer: usize, size: i32, used: usize): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return EINVAL;
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_readlink(file, path, length, buffer, size, used);
}

/** unlinkat(2) of a directory. */
export function path_remove_directory(fd: i32, path: usize, length: i32): i32 {
  const file = beginning(fd);
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_remove_directory(file, path, length);
}

/** renameat(2). */
export function path_rename(fd: i32, path: usize, length: i32, newFd: i32, newPath: usize, newLength: i32): i32 {
  const file = beginning(fd);
  const newFile = beginning(newFd);
  if (file == IN_DEVICES || newFile == IN_DEVICES) return EACCES;
  if (file < 0 || newFile < 0) return file == -1 || newFile == -1 ? EBADF : ENOTDIR;
  return foreign.path_rename(file, path, length, newFile, newPath, newLength);
}

/** symlinkat(2). */
export function path_symlink(target: usize, targetLength: i32, fd: i32, path: usize, length: i32): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return EEXIST;
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_symlink(target, targetLength, file, path, length);
}

/** unlinkat(2). */
export function path_unlink_file(fd: i32, path: usize, length: i32): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return EACCES;
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  return foreign.path_unlink_file(file, path, length);
}

/** openat(2): the provider's new descriptor gets the lowest free number. */
export function path_open(
  fd: i32,
  lookup: i32,
  path: usize,
  length: i32,
  open: i32,
  base: i64,
  inheriting: i64,
  flags: i32,
  opened: usize,
): i32 {
  const file = beginning(fd);
  if (file == IN_DEVICES) return openDevice(path, length, open, base, flags, opened);
  if (file < 0) return file == -1 ? EBADF : ENOTDIR;
  if (lowestFree(0) < 0) return EMFILE;
  const error = foreign.path_open(file, lookup, path, length, open, base, inheriting, flags, opened);
  if (error) return error;
  if (copyin(cell, opened, 4)) return EFAULT;
  const made = install(KIND_FOREIGN, load<i32>(cell), 0, 0, 0);
  return storeGuest32(opened, made) ? EFAULT : 0;
}

const OPEN_CREATE: i32 = 1;
const OPEN_DIRECTORY: i32 = 2;
const OPEN_EXCLUSIVE: i32 = 4;
const RIGHT_READ: i64 = 0x2;
const RIGHT_WRITE: i64 = 0x40;

/** open(2) of a device. */
function openDevice(path: usize, length: i32, open: i32, rights: i64, flags: i32, opened: usize): i32 {
  const device = deviceNamed(path, length);
  if (device == 0) return ENOENT;
  if ((open & (OPEN_CREATE | OPEN_EXCLUSIVE)) == (OPEN_CREATE | OPEN_EXCLUSIVE)) return EEXIST;
  if (open & OPEN_DIRECTORY) return ENOTDIR;
  const object = openedDevice(device, (rights & RIGHT_READ) != 0, (rights & RIGHT_WRITE) != 0);
  const made = install(KIND_DEVICE, object, flags & (O_NONBLOCK | O_APPEND), 0, 0);
  if (made < 0) return -made;
  return storeGuest32(opened, made) ? EFAULT : 0;
}

const deviceStat: usize = memory.data(64, 8);

/** stat(2) of a device. */
function statDevice(path: usize, length: i32, stat: usize): i32 {
  const device = deviceNamed(path, length);
  if (device == 0) return ENOENT;
  return copyout(stat, deviceFile(deviceStat, device), 64) ? EFAULT : 0;
}
