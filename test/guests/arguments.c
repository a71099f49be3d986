/* Prints its arguments and then its environment, a line each; the status is the number of arguments. */
#include <stdio.h>

extern char **environ;

int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("%s\n", argv[i]);
  for (char **variable = environ; *variable != NULL; variable++) printf("%s\n", *variable);
  return argc;
}
