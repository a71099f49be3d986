/* wasi-libc has this header and no eventfd(2): a program that asks for the header is to take its other way, a pipe. */
#error "there is no eventfd(2)"
