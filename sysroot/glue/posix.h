/* What the glue imports from module "posix": each gives its result or -errno. The core's assembly/abi has the other end. */
#ifndef HAWSER_GLUE_POSIX_H
#define HAWSER_GLUE_POSIX_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#define POSIX(name) __attribute__((import_module("posix"), import_name(#name)))

/* -errno to -1 and errno. */
static inline int answer(int result) {
  if (result >= 0) return result;
  errno = -result;
  return -1;
}

/* A function that cannot be here, in a way that configure scripts and programs understand. */
static inline int refuse(int error) {
  errno = error;
  return -1;
}

/*
 * The plain name too, for a function of the overlay's that wasi-libc has only in its headers: configure scripts look for a
 * function without its header.
 */
#define PLAIN(name) extern __typeof(name) plain_##name __asm__(#name) __attribute__((alias("__hawser_" #name)));

/* The name of the glue's symbol for a function that wasi-libc has too. */
#define GLUE(name) __hawser_##name

#endif
