/* Lists of mounted file systems, <mntent.h>: files of lines of fields. Nothing is mounted here: the files are the program's. */
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>

/* What a field cannot hold as it is, and how it is written (fstab(5)). */
static const struct {
  char byte;
  const char *written;
} escapes[] = {{' ', "\\040"}, {'\t', "\\011"}, {'\n', "\\012"}, {'\\', "\\134"}, {'\\', "\\\\"}};
enum { ESCAPES = sizeof escapes / sizeof *escapes, LINE = 4096 };
static const char blank[] = " \t";

FILE *setmntent(const char *path, const char *mode) {
  FILE *stream = fopen(path, mode);
  if (stream != NULL) fcntl(fileno(stream), F_SETFD, FD_CLOEXEC);
  return stream;
}
int endmntent(FILE *stream) {
  if (stream != NULL) fclose(stream);
  return 1;
}

/* Undoes the escapes of a field in its place. */
static char *decode(char *field) {
  char *to = field;
  for (const char *from = field; *from != '\0'; to++) {
    int i = 0;
    while (i < ESCAPES && strncmp(from, escapes[i].written, strlen(escapes[i].written)) != 0) i++;
    *to = i < ESCAPES ? escapes[i].byte : *from;
    from += i < ESCAPES ? strlen(escapes[i].written) : 1;
  }
  *to = '\0';
  return field;
}

/* The next field; `*at` is then behind it, and NULL behind the last one. */
static char *take(char **at) {
  static char none[] = "";
  if (*at == NULL) return none;
  char *field = strsep(at, blank);
  if (*at != NULL) *at += strspn(*at, blank);
  return decode(field);
}

/* A line with something in it, without the blanks around that; of one without room the beginning. NULL at the end. */
static char *read_line(FILE *stream, char *buffer, int size) {
  while (fgets(buffer, size, stream) != NULL) {
    char *end = strchr(buffer, '\n');
    for (int next = 0; end == NULL && next != '\n' && next != EOF;) next = getc(stream);
    if (end != NULL) {
      while (end > buffer && strchr(blank, end[-1]) != NULL) end--;
      *end = '\0';
    }
    char *line = buffer + strspn(buffer, blank);
    if (*line != '\0' && *line != '#') return line;
  }
  return NULL;
}

struct mntent *getmntent_r(FILE *stream, struct mntent *entry, char *buffer, int size) {
  do {
    char *line = read_line(stream, buffer, size);
    if (line == NULL) return NULL;
    entry->mnt_fsname = take(&line);
    entry->mnt_dir = take(&line);
    entry->mnt_type = take(&line);
    entry->mnt_opts = take(&line);
    entry->mnt_freq = entry->mnt_passno = 0;
    if (line != NULL) sscanf(line, "%d %d", &entry->mnt_freq, &entry->mnt_passno);
    /* An automounter's own are not for programs to see. */
  } while (strcmp(entry->mnt_type, "autofs") == 0 && hasmntopt(entry, MNTTYPE_IGNORE) != NULL);
  return entry;
}
struct mntent *getmntent(FILE *stream) {
  static struct mntent entry;
  static char buffer[LINE];
  return getmntent_r(stream, &entry, buffer, sizeof buffer);
}

static void write_field(FILE *stream, const char *field) {
  for (; *field != '\0'; field++) {
    int i = 0;
    while (i < ESCAPES && escapes[i].byte != *field) i++;
    if (i < ESCAPES) fputs(escapes[i].written, stream);
    else putc(*field, stream);
  }
  putc(' ', stream);
}
/* 1 if it could not be written: as it is documented, and the other way around from the others. */
int addmntent(FILE *stream, const struct mntent *entry) {
  if (fseek(stream, 0, SEEK_END) != 0) return 1;
  write_field(stream, entry->mnt_fsname);
  write_field(stream, entry->mnt_dir);
  write_field(stream, entry->mnt_type);
  write_field(stream, entry->mnt_opts);
  fprintf(stream, "%d %d\n", entry->mnt_freq, entry->mnt_passno);
  return fflush(stream) != 0 || ferror(stream) ? 1 : 0;
}

/* Where an option is in the list: alone or with a value. */
char *hasmntopt(const struct mntent *entry, const char *option) {
  size_t length = strlen(option);
  for (char *at = entry->mnt_opts; at != NULL; at = strchr(at, ',')) {
    if (*at == ',') at++;
    if (strncmp(at, option, length) == 0 && strchr(",=", at[length]) != NULL) return at;
  }
  return NULL;
}
