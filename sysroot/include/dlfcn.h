#ifndef _HAWSER_DLFCN_H
#define _HAWSER_DLFCN_H
#include_next <dlfcn.h>
#ifdef __cplusplus
extern "C" {
#endif
/* There are no shared objects: no address is in one, and dladdr() gives 0 for each. */
typedef struct {
  const char *dli_fname;
  void *dli_fbase;
  const char *dli_sname;
  void *dli_saddr;
} Dl_info;
int dladdr(const void *, Dl_info *);
#ifdef __cplusplus
}
#endif
#endif
