/* wasi-libc has this header and no STREAMS, nor does Linux: a program that asks for the header is to do without. */
#error "there are no STREAMS"
