// poll(2)'s bits as wasi-libc numbers them; POLLRDHUP, which it lacks, beside them. Bare literals only, no imports.

export const POLLIN = 0x1;
export const POLLOUT = 0x2;
export const POLLPRI = 0x200;
export const POLLRDHUP = 0x400;
export const POLLERR = 0x1000;
export const POLLHUP = 0x2000;
export const POLLNVAL = 0x4000;
