/* wasi-libc has this header and no AF_PACKET: a program that asks for the header is to do without. */
#error "there are no packet sockets"
