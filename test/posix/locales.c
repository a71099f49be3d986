/* Locales, programs' names, options, temporary names: what nearly every main() begins with. */
/* argument: directory */
#include "posix.h"
#include <err.h>
#include <getopt.h>
#include <langinfo.h>
#include <libgen.h>
#include <libintl.h>
#include <locale.h>
#include <syslog.h>
#include <wchar.h>

static void locales(void) {
  setenv("LC_ALL", "C", 1);
  report("-", "setlocale from the environment", setlocale(LC_ALL, ""));
  report("-", "setlocale to C", setlocale(LC_ALL, "C"));
  report("-", "setlocale asks", setlocale(LC_ALL, NULL));
  report("-", "POSIX is C", setlocale(LC_ALL, "POSIX"));
  report("-", "the C locale's radix", localeconv()->decimal_point);
  report("-", "C.UTF-8", setlocale(LC_ALL, "C.UTF-8") != NULL ? nl_langinfo(CODESET) : "null");
  wchar_t wide = 0;
  report("-", "mbtowc", outcome(mbtowc(&wide, "\xc3\xa4", 2)));
  reportf("-", "it gave", "%x", (unsigned)wide);
  reportf("-", "mbtowc of what is none", "%d", mbtowc(&wide, "\xff\xff", 2));
  report("-", "an unknown category", setlocale(77, "C") == NULL ? "null" : "a name");
  setlocale(LC_ALL, "C");
  report("-", "gettext", gettext("a message"));
  report("-", "ngettext of 2", ngettext("one", "many", 2));
  report("-", "textdomain", textdomain("own"));
  report("-", "textdomain asks", textdomain(NULL));
}

static void names(const char *self) {
  char path[] = "/usr/lib/", plain[] = "file", slash[] = "/", empty[] = "";
  report("-", "program_invocation_name is argv[0]", yes_no(strcmp(program_invocation_name, self) == 0));
  const char *last = strrchr(self, '/');
  report("-", "its last part", yes_no(strcmp(program_invocation_short_name, last != NULL ? last + 1 : self) == 0));
  report("-", "basename of a directory", basename(path));
  report("-", "basename of a file", basename(plain));
  report("-", "basename of the root", basename(slash));
  report("-", "basename of nothing", basename(empty));
  report("-", "dirname of a file", dirname(plain));
}

static void options(void) {
  char *words[] = {"program", "-a", "-bvalue", "-c", "separate", "--long", "--with=value", "-x", "--", "-d", "rest", NULL};
  static const struct option table[] = {{"long", no_argument, NULL, 'l'}, {"with", required_argument, NULL, 'w'}, {0}};
  char text[128] = "";
  int option;
  opterr = 0;
  optind = 1;
  while ((option = getopt_long(11, words, "ab:c:d", table, NULL)) != -1) {
    snprintf(text + strlen(text), sizeof text - strlen(text), "%c%s%s ", option, optarg != NULL ? "=" : "",
             optarg != NULL ? optarg : option == '?' ? (char[]){(char)optopt, 0} : "");
    optarg = NULL;
  }
  report("-", "getopt_long", text);
  report("-", "the rest", words[optind]);
  char *short_words[] = {"program", "-abvalue", "-", "-c", NULL};
  optind = 1;
  int first = getopt(4, short_words, "ab:"), second = getopt(4, short_words, "ab:");
  reportf("-", "getopt", "%c %c=%s", first, second, optarg);
  reportf("-", "getopt behind an argument", "%d", getopt(4, short_words, "ab:"));
}

/* What err.h and syslog() write to standard error, read from there. */
static void messages(void) {
  int ends[2], saved = dup(2);
  char text[512] = "";
  pipe(ends);
  dup2(ends[1], 2);
  program_invocation_short_name = "name";
  errno = ENOENT;
  warn("with %d", 1);
  errno = ECONNREFUSED;
  warnx("without");
  openlog("logger", LOG_PERROR, LOG_USER);
  errno = EPERM;
  syslog(LOG_INFO, "%s: %m", "told");
  setlogmask(LOG_UPTO(LOG_ERR));
  syslog(LOG_INFO, "masked");
  closelog();
  openlog("silent", 0, LOG_USER);
  syslog(LOG_ERR, "not told");
  closelog();
  dup2(saved, 2);
  close(ends[1]);
  long length = read(ends[0], text, sizeof text - 1);
  text[length < 0 ? 0 : length] = '\0';
  int line = 0;
  for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n")) {
    char condition[32];
    snprintf(condition, sizeof condition, "message %d", ++line);
    report("-", condition, at);
  }
  close(ends[0]);
  close(saved);
}

static void temporary(const char *directory) {
  char name[256], short_name[] = "abc";
  snprintf(name, sizeof name, "%s/tXXXXXX", directory);
  int fd = mkstemp(name);
  report("-", "mkstemp", opened(fd));
  report("-", "it is there", outcome(access(name, R_OK | W_OK)));
  report("-", "it has another name", yes_no(strstr(name, "XXXXXX") == NULL));
  close(fd);
  unlink(name);
  snprintf(name, sizeof name, "%s/tXXXXXX.c", directory);
  fd = mkstemps(name, 2);
  report("-", "mkstemps", opened(fd));
  report("-", "its suffix stays", name + strlen(name) - 2);
  close(fd);
  unlink(name);
  snprintf(name, sizeof name, "%s/dXXXXXX", directory);
  report("-", "mkdtemp", mkdtemp(name) == name ? "its name" : error_name(errno));
  report("-", "rmdir", outcome(rmdir(name)));
  report("-", "mkstemp without six X", outcome(mkstemp(short_name)));
  snprintf(name, sizeof name, "%s/none/tXXXXXX", directory);
  report("-", "mkstemp in no directory", outcome(mkstemp(name)));
}

int main(int count, char **words) {
  if (count < 2) return 2;
  names(words[0]);
  locales();
  options();
  messages();
  temporary(words[1]);
  return 0;
}
