// fcntl(2) and ioctl(2) as the guest compiles them. Bare literals only, no imports.

export const F_DUPFD = 0;
export const F_GETFD = 1;
export const F_SETFD = 2;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const F_DUPFD_CLOEXEC = 1030;
export const FD_CLOEXEC = 1;

export const O_APPEND = 0x1;
export const O_NONBLOCK = 0x4;
export const O_RDONLY = 0x4000000;
export const O_WRONLY = 0x10000000;
export const O_RDWR = 0x14000000;
/** The overlay's: wasi-libc has 0, which cannot be told from its absence. pipe2 and dup3 take it. */
export const O_CLOEXEC = 0x80000;

export const FIONREAD = 1;
export const FIONBIO = 2;
export const FIOCLEX = 0x5451;
export const FIONCLEX = 0x5450;
