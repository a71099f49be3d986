#ifndef _HAWSER_DIRENT_H
#define _HAWSER_DIRENT_H
// Nothing but wasi-libc has opendirat(); it is what gnulib calls a function of its own.
#define opendirat __wasi_opendirat
#include_next <dirent.h>
#undef opendirat
#ifdef __cplusplus
extern "C" {
#endif
int readdir_r(DIR *__restrict, struct dirent *__restrict, struct dirent **__restrict);
#ifdef __cplusplus
}
#endif
#endif
