// What the core exports: the two faces that guests import (their functions by their own names) and, under kernel_*, what
// its host needs.

// Module "posix".
export { dup, dup2, dup3, fcntl, ioctl, pipe2, rlimit_files } from "./abi/descriptor";
export { recvfrom, recvmsg, sendmsg, sendto } from "./abi/message";
export { gethostname, resolve, reverse } from "./abi/name";
export { ppoll, pselect } from "./abi/poll";
export {
  getitimer,
  getpid,
  kill,
  parameters,
  setitimer,
  sigaction,
  sigpending,
  sigprocmask,
  sigsuspend,
  sigtimedwait,
} from "./abi/signal";
export {
  accept4,
  bind,
  chdir,
  connect,
  getpeername,
  getsockname,
  getsockopt,
  listen,
  setsockopt,
  shutdown,
  socket,
  socketpair,
} from "./abi/socket";
export { futex_wait, futex_wake, thread_create, thread_exit } from "./abi/thread";

// Module "wasi_snapshot_preview1".
export {
  fd_advise,
  fd_allocate,
  fd_datasync,
  fd_fdstat_set_rights,
  fd_filestat_set_size,
  fd_filestat_set_times,
  fd_pread,
  fd_prestat_dir_name,
  fd_prestat_get,
  fd_pwrite,
  fd_readdir,
  fd_seek,
  fd_sync,
  fd_tell,
  path_create_directory,
  path_filestat_get,
  path_filestat_set_times,
  path_link,
  path_open,
  path_readlink,
  path_remove_directory,
  path_rename,
  path_symlink,
  path_unlink_file,
} from "./abi/files";
export {
  fd_close,
  fd_fdstat_get,
  fd_fdstat_set_flags,
  fd_filestat_get,
  fd_read,
  fd_renumber,
  fd_write,
  proc_exit,
  proc_raise,
  sched_yield,
  sock_accept,
  sock_recv,
  sock_send,
  sock_shutdown,
} from "./abi/wasi";
export { poll_oneoff } from "./abi/wasi-poll";

// For the host.
export { kernel_setconnecttimeout } from "./attempt";
export { kernel_setcapabilities } from "./capability";
export { kernel_preopen } from "./abi/files";
export { kernel_close } from "./abi/wasi";
export { kernel_setfiles } from "./description";
export { kernel_ring } from "./events";
export { kernel_sethandler, kernel_setcopy } from "./guest";
export { kernel_heap } from "./heap";
export { kernel_sockets } from "./socket";
export { kernel_stdio } from "./terminal";
export { kernel_setthreads } from "./thread";
