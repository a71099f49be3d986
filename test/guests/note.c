/* Reads a file and writes a line with what it read into another, in the same directory. */
#include <stdio.h>

int main(int argc, char **argv) {
  char line[256];
  if (argc != 3) return 2;
  FILE *in = fopen(argv[1], "r");
  if (in == NULL || fgets(line, sizeof line, in) == NULL) {
    perror(argv[1]);
    return 1;
  }
  fclose(in);
  FILE *out = fopen(argv[2], "w");
  if (out == NULL) {
    perror(argv[2]);
    return 1;
  }
  fprintf(out, "noted: %s", line);
  return fclose(out) == 0 ? 0 : 1;
}
