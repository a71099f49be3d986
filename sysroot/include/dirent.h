#ifndef _HAWSER_DIRENT_H
#define _HAWSER_DIRENT_H
#include_next <dirent.h>
#ifdef __cplusplus
extern "C" {
#endif
int readdir_r(DIR *__restrict, struct dirent *__restrict, struct dirent **__restrict);
#ifdef __cplusplus
}
#endif
#endif
