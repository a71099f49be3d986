/* Lists of mounted file systems: a file of them read, written and asked for its options. */
/* argument: directory */
#include "posix.h"
#include <mntent.h>

static char path[4096];

static void hold(const char *text) {
  FILE *file = fopen(path, "w");
  fputs(text, file);
  fclose(file);
}

/* A field with what would break the line of the report written otherwise. */
static const char *shown(const char *field) {
  char *text = remembered(), *to = text;
  for (; *field != '\0' && to < text + 120; field++) {
    if (*field == '\n' || *field == '\t') *to++ = '\\', *to++ = *field == '\n' ? 'n' : 't';
    else *to++ = *field;
  }
  *to = '\0';
  return text;
}

static void entry_line(const char *condition, const struct mntent *entry) {
  if (entry == NULL) report("-", condition, "null");
  else
    reportf("-", condition, "%s|%s|%s|%s|%d|%d", shown(entry->mnt_fsname), shown(entry->mnt_dir), shown(entry->mnt_type),
            shown(entry->mnt_opts), entry->mnt_freq, entry->mnt_passno);
}

static void reading(void) {
  FILE *file;
  hold("# a comment\n\n \t \n  # another\n"
       "/dev/sda1 / ext4 rw,noatime 1 2\n"
       "\t proc\t/proc   proc\trw 3 \t \n"
       "a\\040b /c\\011d e\\012f g\\134h\\\\i\\041j\\ 0 0\n"
       "only\n"
       "two fields\n"
       "auto /net autofs rw,ignore 0 0\n"
       "auto /misc autofs rw 0 0\n"
       "x y z w more 5\n"
       "x y z w -1 +7 rest\n"
       "the last has no end 4");
  errno = 0;
  file = setmntent(path, "r");
  report("-", "setmntent", file != NULL ? "a stream" : "null");
  report("-", "it is closed on exec", yes_no(fcntl(fileno(file), F_GETFD) & FD_CLOEXEC));
  static const char *const conditions[] = {"all fields", "blanks around them, one number", "escapes", "one field", "two fields",
                                           "autofs that is not ignored", "no numbers", "numbers with signs", "no end of line",
                                           "the end", "the end again"};
  for (unsigned i = 0; i < sizeof conditions / sizeof *conditions; i++) entry_line(conditions[i], getmntent(file));
  report("-", "endmntent", outcome(endmntent(file)));
  report("-", "endmntent of no stream", outcome(endmntent(NULL)));
}

static void room(void) {
  struct mntent entry;
  char small[12], buffer[256];
  hold("/dev/sda1 /home ext4 rw 1 2\n/dev/sdb / ext2 ro 0 0\n");
  FILE *file = setmntent(path, "r");
  entry_line("getmntent_r with too little room", getmntent_r(file, &entry, small, sizeof small));
  struct mntent *second = getmntent_r(file, &entry, buffer, sizeof buffer);
  entry_line("the line after that", second);
  report("-", "it is the caller's", yes_no(second == &entry));
  report("-", "its name is in the buffer", yes_no(entry.mnt_fsname >= buffer && entry.mnt_fsname < buffer + sizeof buffer));
  endmntent(file);
}

static void writing(void) {
  char line[256];
  struct mntent entry = {"a b", "/c\td", "e\nf", "g\\h", 1, -2};
  hold("first / ext4 rw 0 0\n");
  FILE *file = setmntent(path, "r+");
  report("-", "addmntent", outcome(addmntent(file, &entry)));
  endmntent(file);
  file = setmntent(path, "r");
  entry_line("what was there before", getmntent(file));
  entry_line("what was added", getmntent(file));
  report("-", "addmntent to a stream for reading", outcome(addmntent(file, &entry)));
  endmntent(file);
  file = fopen(path, "r");
  fgets(line, sizeof line, file);
  fgets(line, sizeof line, file);
  report("-", "as it is written", shown(line));
  fclose(file);
}

static void options(void) {
  struct mntent entry = {.mnt_opts = "ro,noauto,uid=5,xrw,user"};
  static const char *const names[] = {"ro", "auto", "noauto", "uid", "rw", "user", "use", "uid=5", "none"};
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    char condition[64], *found = hasmntopt(&entry, names[i]);
    snprintf(condition, sizeof condition, "hasmntopt of %s", names[i]);
    report("-", condition, found != NULL ? found : "null");
  }
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  snprintf(path, sizeof path, "%s/mounts", argv[1]);
  reading();
  room();
  writing();
  options();
  errno = 0;
  snprintf(path, sizeof path, "%s/none", argv[1]);
  report("-", "setmntent of no file", setmntent(path, "r") == NULL ? error_name(errno) : "a stream");
  return 0;
}
