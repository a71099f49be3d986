/* wasi-libc has this header and no message queues: a program that asks for the header is to take its other way. */
#error "there are no message queues"
