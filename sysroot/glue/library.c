/* Shared objects: there are none, and none can be loaded. */
#include <dlfcn.h>
#include <stddef.h>

static const char *last_error;

void *dlopen(const char *path, int mode) {
  (void)mode;
  /* The program itself is what a null path names. */
  static char program;
  if (path == NULL) return &program;
  last_error = "shared objects cannot be loaded: everything is linked into the program";
  return NULL;
}
void *dlsym(void *restrict handle, const char *restrict name) {
  (void)handle;
  (void)name;
  last_error = "there is no table of symbols to look in";
  return NULL;
}
int dlclose(void *handle) {
  (void)handle;
  return 0;
}
char *dlerror(void) {
  const char *error = last_error;
  last_error = NULL;
  return (char *)error;
}
int dladdr(const void *address, Dl_info *found) {
  (void)address;
  (void)found;
  return 0;
}
