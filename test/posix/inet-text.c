/* Addresses as text and back: the forms that inet_*() take, and those that they do not. */
#include "posix.h"

static const char *bytes_text(const unsigned char *bytes, int length) {
  char *text = remembered();
  for (int i = 0; i < length; i++) sprintf(text + strlen(text), "%02x", bytes[i]);
  return text;
}

static void report_each(const char *verb, const char *const *texts, const char *(*result)(const char *)) {
  for (; *texts != NULL; texts++) {
    char condition[128];
    snprintf(condition, sizeof condition, "%s of \"%s\"", verb, *texts);
    report("-", condition, result(*texts));
  }
}

static const char *four(const char *text) {
  unsigned char bytes[4];
  int result = inet_pton(AF_INET, text, bytes);
  return result == 1 ? bytes_text(bytes, 4) : outcome(result);
}
static const char *six(const char *text) {
  unsigned char bytes[16];
  int result = inet_pton(AF_INET6, text, bytes);
  return result == 1 ? bytes_text(bytes, 16) : outcome(result);
}
static const char *old(const char *text) {
  struct in_addr address;
  return inet_aton(text, &address) ? bytes_text((unsigned char *)&address, 4) : "no";
}
static const char *oldest(const char *text) {
  in_addr_t address = inet_addr(text);
  return address == INADDR_NONE ? "INADDR_NONE" : bytes_text((unsigned char *)&address, 4);
}
/* Read, and written again. */
static const char *again(const char *text) {
  unsigned char bytes[16];
  char *written = remembered();
  if (inet_pton(AF_INET6, text, bytes) != 1) return "no";
  return inet_ntop(AF_INET6, bytes, written, 128) == NULL ? error_name(errno) : written;
}

int main(void) {
  static const char *const fours[] = {"1.2.3.4", "0.0.0.0", "255.255.255.255", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
                                      "0x1.2.3.4", " 1.2.3.4", "1.2.3.4 ", "1..3.4", "", "1.2.3.-4", "1.2.3.4x", NULL};
  static const char *const sixes[] = {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
                                      "::ffff:1.2.3.4", "::1.2.3", "1:2:3:4:5:6:1.2.3.4", "g::", "12345::", ":1", "1:",
                                      "fe80::1%lo", "::ABCD", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", ":::", "", NULL};
  static const char *const olds[] = {"1.2.3.4", "1.2.3", "1.2", "1", "0x7f.1", "017.0.0.1", "1.2.3.256", "1.2.65536", "1.2.65535",
                                     "1.16777215", "1.16777216", "4294967295", "4294967296", "1.2.3.4 ", "1.2.3.4 x", "08.1.1.1",
                                     "1.2.3.4.5", "", "x", "1.", NULL};
  static const char *const agains[] = {"::", "::1", "1::", "0:0:1::", "1:0:0:2:0:0:0:3", "1:0:2:0:3:0:4:0", "::ffff:1.2.3.4",
                                       "::1.2.3.4", "::1:2", "FE80::ABCD", "0001:02:3::4", "1:2:3:4:5:6:0:8", "::ffff:0:1.2.3.4",
                                       "64:ff9b::1.2.3.4", NULL};
  report_each("inet_pton", fours, four);
  report_each("inet_pton, IPv6,", sixes, six);
  report_each("inet_aton", olds, old);
  report_each("inet_addr", olds, oldest);
  report_each("inet_ntop", agains, again);

  char small[16], large[INET6_ADDRSTRLEN];
  unsigned char bytes[16] = {1, 2, 3, 4};
  struct in_addr address = {htonl(0x7f000001)};
  report("-", "inet_pton, unknown family", outcome(inet_pton(77, "1.2.3.4", bytes)));
  report("-", "inet_ntop, unknown family", inet_ntop(77, bytes, large, sizeof large) ? "text" : error_name(errno));
  report("-", "inet_ntop into 7 bytes", inet_ntop(AF_INET, "\1\2\3\4", small, 7) ? "text" : error_name(errno));
  report("-", "inet_ntop into 8 bytes", inet_ntop(AF_INET, "\1\2\3\4", small, 8) ? small : error_name(errno));
  memset(bytes, 0xff, sizeof bytes);
  report("-", "inet_ntop, IPv6, into 39 bytes", inet_ntop(AF_INET6, bytes, large, 39) ? large : error_name(errno));
  report("-", "inet_ntop, IPv6, into 40 bytes", inet_ntop(AF_INET6, bytes, large, 40) ? large : error_name(errno));
  report("-", "inet_ntoa", inet_ntoa(address));
  reportf("-", "inet_lnaof", "%x", (unsigned)inet_lnaof(address));
  reportf("-", "inet_netof", "%x", (unsigned)inet_netof(address));
  reportf("-", "inet_network", "%x", (unsigned)inet_network("10.1"));
  struct in6_addr words = IN6ADDR_LOOPBACK_INIT;
  words.s6_addr32[0] = htonl(0x20010db8);
  words.s6_addr16[6] = htons(0xabcd);
  report("-", "the words of an in6_addr", inet_ntop(AF_INET6, &words, large, sizeof large));
  reportf("-", "their sizes", "%zu %zu, %zu aligned", sizeof words.s6_addr16, sizeof words.s6_addr32, _Alignof(struct in6_addr));
  reportf("-", "inet_makeaddr", "%s", inet_ntoa(inet_makeaddr(10, 1)));
  return 0;
}
