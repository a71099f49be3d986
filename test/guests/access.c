/* Says of each path what access() lets be done with it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    int mode;
  } modes[] = {{"exists", F_OK}, {"read", R_OK}, {"write", W_OK}, {"both", R_OK | W_OK}};
  for (int i = 1; i < argc; i++) {
    printf("%s:", argv[i]);
    for (int j = 0; j < 4; j++) printf(" %s %s", modes[j].name, access(argv[i], modes[j].mode) == 0 ? "yes" : strerror(errno));
    puts("");
  }
  return 0;
}
