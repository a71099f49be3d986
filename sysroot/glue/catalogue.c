/* gettext(3): there is no catalogue, and each message is its own translation. */
#include <errno.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

static char *own(const char *message) { return (char *)message; }
static char *plural(const char *one, const char *many, unsigned long count) { return own(count == 1 ? one : many); }

char *gettext(const char *message) { return own(message); }
char *dgettext(const char *domain, const char *message) {
  (void)domain;
  return own(message);
}
char *dcgettext(const char *domain, const char *message, int category) {
  (void)domain;
  (void)category;
  return own(message);
}
char *ngettext(const char *one, const char *many, unsigned long count) { return plural(one, many, count); }
char *dngettext(const char *domain, const char *one, const char *many, unsigned long count) {
  (void)domain;
  return plural(one, many, count);
}
char *dcngettext(const char *domain, const char *one, const char *many, unsigned long count, int category) {
  (void)domain;
  (void)category;
  return plural(one, many, count);
}

/* The domain that was set last; a null one asks, an empty one sets the first again. */
char *textdomain(const char *domain) {
  static char *current;
  if (domain != NULL) {
    free(current);
    current = *domain == '\0' ? NULL : strdup(domain);
    if (*domain != '\0' && current == NULL) return NULL;
  }
  return current != NULL ? current : (char *)"messages";
}
char *bindtextdomain(const char *domain, const char *directory) {
  if (domain == NULL || *domain == '\0') return NULL;
  return (char *)(directory != NULL ? directory : "/usr/share/locale");
}
char *bind_textdomain_codeset(const char *domain, const char *codeset) {
  (void)domain;
  return (char *)codeset;
}
