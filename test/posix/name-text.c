/* getnameinfo(): flags, what does not fit, what is no address; gai_strerror(). */
#include "posix.h"
#include <netdb.h>

static const char *gai_name(int error) {
  switch (error) {
    case EAI_BADFLAGS: return "EAI_BADFLAGS";
    case EAI_NONAME: return "EAI_NONAME";
    case EAI_FAMILY: return "EAI_FAMILY";
    case EAI_OVERFLOW: return "EAI_OVERFLOW";
    case EAI_SYSTEM: return "EAI_SYSTEM";
  }
  return "another EAI_*";
}

static void text_of(const char *condition, const void *name, socklen_t length, socklen_t host_size, socklen_t service_size,
                    int flags) {
  char host[NI_MAXHOST] = "-", service[NI_MAXSERV] = "-";
  int error = getnameinfo(name, length, host_size > 0 ? host : NULL, host_size, service_size > 0 ? service : NULL,
                          service_size, flags);
  if (error != 0) report("-", condition, gai_name(error));
  else reportf("-", condition, "%s %s", host, service);
}

static struct sockaddr_in6 six(const char *host, int port, unsigned scope) {
  struct sockaddr_in6 name;
  memset(&name, 0, sizeof name);
  name.sin6_family = AF_INET6;
  name.sin6_port = htons((uint16_t)port);
  name.sin6_scope_id = scope;
  inet_pton(AF_INET6, host, &name.sin6_addr);
  return name;
}

enum { NUMERIC = NI_NUMERICHOST | NI_NUMERICSERV };

int main(void) {
  struct sockaddr_in four = loopback(80), tftp = loopback(69), odd = loopback(54321);
  struct sockaddr_in6 one = six("::1", 443, 0), local = six("fe80::1", 1, 1), mapped = six("::ffff:1.2.3.4", 0, 0);
  struct sockaddr_in6 far_scope = six("fe80::1", 1, 99999);
  struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/x"};
  struct sockaddr nothing = {.sa_family = AF_UNSPEC};
  text_of("numeric", &four, sizeof four, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("numeric, IPv6", &one, sizeof one, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("numeric, IPv4 in IPv6", &mapped, sizeof mapped, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("scope by its interface's name", &local, sizeof local, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("scope of no interface", &far_scope, sizeof far_scope, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("service's name", &four, sizeof four, NI_MAXHOST, NI_MAXSERV, NI_NUMERICHOST);
  text_of("service's name, UDP alone, asked for TCP", &tftp, sizeof tftp, NI_MAXHOST, NI_MAXSERV, NI_NUMERICHOST);
  text_of("service's name, NI_DGRAM", &tftp, sizeof tftp, NI_MAXHOST, NI_MAXSERV, NI_NUMERICHOST | NI_DGRAM);
  text_of("service without a name", &odd, sizeof odd, NI_MAXHOST, NI_MAXSERV, NI_NUMERICHOST);
  text_of("the host alone", &four, sizeof four, NI_MAXHOST, 0, NUMERIC);
  text_of("the service alone", &four, sizeof four, 0, NI_MAXSERV, NUMERIC);
  text_of("neither", &four, sizeof four, 0, 0, NUMERIC);
  text_of("neither, NI_NAMEREQD", &four, sizeof four, 0, 0, NI_NAMEREQD);
  text_of("the host just fits", &four, sizeof four, 10, NI_MAXSERV, NUMERIC);
  text_of("the host does not fit", &four, sizeof four, 9, NI_MAXSERV, NUMERIC);
  text_of("the service just fits", &four, sizeof four, NI_MAXHOST, 3, NUMERIC);
  text_of("the service does not fit", &four, sizeof four, NI_MAXHOST, 2, NUMERIC);
  text_of("the service's name does not fit", &four, sizeof four, NI_MAXHOST, 4, NI_NUMERICHOST);
  text_of("too short a length", &four, 15, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("no length", &four, 0, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("too short a length, IPv6", &one, 20, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("28 bytes are enough for IPv6", &one, 28, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  text_of("AF_UNSPEC", &nothing, sizeof nothing, NI_MAXHOST, NI_MAXSERV, NUMERIC);
  char host[NI_MAXHOST], service[NI_MAXSERV];
  int error = getnameinfo((struct sockaddr *)&path, sizeof path, host, sizeof host, service, sizeof service, NUMERIC);
  report("-", "AF_UNIX, the path", error == 0 ? service : gai_name(error));
  text_of("an unknown flag", &four, sizeof four, NI_MAXHOST, NI_MAXSERV, NUMERIC | 0x8000000);

  static const int errors[] = {EAI_BADFLAGS, EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_FAMILY, EAI_SOCKTYPE, EAI_SERVICE,
                               EAI_MEMORY, EAI_SYSTEM, EAI_ADDRFAMILY, EAI_NODATA};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    char condition[32];
    snprintf(condition, sizeof condition, "gai_strerror(%d)", errors[i]);
    report("-", condition, gai_strerror(errors[i]));
  }
  report("-", "gai_strerror of no error", gai_strerror(77));
  return 0;
}
