/*
 * How the overlay replaces a function that wasi-libc defines: wasi-libc's declaration is read under another name, and the
 * overlay's own declaration carries the name of the glue's symbol. Code that libc.a was built with keeps its own, and no
 * symbol is defined twice.
 */
#ifndef _HAWSER_H
#define _HAWSER_H

#define __HAWSER_OVER(name) __hawser_wasilibc_##name
#define __HAWSER_NAME(name) __asm__("__hawser_" #name)

#endif
