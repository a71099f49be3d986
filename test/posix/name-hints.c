/* getaddrinfo(): what its hints ask for, and its errors. Numeric names, and localhost. */
#include "posix.h"
#include <netdb.h>

static const char *gai_name(int error) {
  switch (error) {
    case 0: return "0";
    case EAI_BADFLAGS: return "EAI_BADFLAGS";
    case EAI_NONAME: return "EAI_NONAME";
    case EAI_FAMILY: return "EAI_FAMILY";
    case EAI_SOCKTYPE: return "EAI_SOCKTYPE";
    case EAI_SERVICE: return "EAI_SERVICE";
    case EAI_ADDRFAMILY: return "EAI_ADDRFAMILY";
    case EAI_SYSTEM: return "EAI_SYSTEM";
  }
  return "another EAI_*";
}

static const char *kind_name(int type) {
  return type == SOCK_STREAM ? "stream" : type == SOCK_DGRAM ? "dgram" : type == SOCK_RAW ? "raw" : "another type";
}

/* Each entry: address, port, type, protocol, and the canonical name where there is one. */
static void look_up(const char *condition, const char *node, const char *service, struct addrinfo hints) {
  struct addrinfo *list = NULL;
  char text[500] = "";
  int error = getaddrinfo(node, service, &hints, &list);
  for (const struct addrinfo *entry = list; error == 0 && entry != NULL; entry = entry->ai_next) {
    char host[64];
    const struct sockaddr_in *four = (const struct sockaddr_in *)entry->ai_addr;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)entry->ai_addr;
    int is_six = entry->ai_family == AF_INET6;
    inet_ntop(entry->ai_family, is_six ? (const void *)&six->sin6_addr : (const void *)&four->sin_addr, host, sizeof host);
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s %d %s %d%s%s", text[0] ? ", " : "", host,
             ntohs(is_six ? six->sin6_port : four->sin_port), kind_name(entry->ai_socktype), entry->ai_protocol,
             entry->ai_canonname != NULL ? " = " : "", entry->ai_canonname != NULL ? entry->ai_canonname : "");
  }
  report("-", condition, error == 0 ? text : gai_name(error));
  if (error == 0) freeaddrinfo(list);
}

static const struct addrinfo none, stream = {.ai_socktype = SOCK_STREAM}, dgram = {.ai_socktype = SOCK_DGRAM};
#define HINTS(...) ((struct addrinfo){.ai_socktype = SOCK_STREAM, __VA_ARGS__})

static void nodes(void) {
  look_up("nothing asked for", NULL, NULL, none);
  look_up("IPv4", "127.0.0.1", "80", stream);
  look_up("IPv6", "::1", "80", stream);
  look_up("IPv4 as IPv6 writes it", "::ffff:127.0.0.1", "80", stream);
  look_up("IPv4 wanted, IPv6 given", "::1", "80", HINTS(.ai_family = AF_INET));
  look_up("IPv6 wanted, IPv4 given", "127.0.0.1", "80", HINTS(.ai_family = AF_INET6));
  look_up("IPv6 wanted, IPv4 given, AI_V4MAPPED", "127.0.0.1", "80", HINTS(.ai_family = AF_INET6, .ai_flags = AI_V4MAPPED));
  look_up("three parts", "127.0.1", "80", HINTS(.ai_flags = AI_NUMERICHOST));
  look_up("one number", "2130706433", "80", HINTS(.ai_flags = AI_NUMERICHOST));
  look_up("hexadecimal", "0x7f.1", "80", HINTS(.ai_flags = AI_NUMERICHOST));
  look_up("a part too large", "127.0.0.256", "80", HINTS(.ai_flags = AI_NUMERICHOST));
  look_up("AI_NUMERICHOST with a name", "localhost", "80", HINTS(.ai_flags = AI_NUMERICHOST));
  look_up("AI_NUMERICHOST with nothing", "", "80", HINTS(.ai_flags = AI_NUMERICHOST));
  look_up("localhost, IPv4", "localhost", "80", HINTS(.ai_family = AF_INET));
  look_up("no node, IPv4", NULL, "80", HINTS(.ai_family = AF_INET));
  look_up("no node, IPv6", NULL, "80", HINTS(.ai_family = AF_INET6));
  look_up("no node, AI_PASSIVE, IPv4", NULL, "80", HINTS(.ai_family = AF_INET, .ai_flags = AI_PASSIVE));
  look_up("no node, AI_PASSIVE, IPv6", NULL, "80", HINTS(.ai_family = AF_INET6, .ai_flags = AI_PASSIVE));
  look_up("a node, AI_PASSIVE", "127.0.0.2", "80", HINTS(.ai_flags = AI_PASSIVE));
  look_up("AI_CANONNAME", "127.0.0.1", "80", HINTS(.ai_flags = AI_CANONNAME));
  look_up("AI_CANONNAME, localhost", "localhost", "80", HINTS(.ai_family = AF_INET, .ai_flags = AI_CANONNAME));
  look_up("AI_CANONNAME without a node", NULL, "80", HINTS(.ai_flags = AI_CANONNAME));
  look_up("AI_ADDRCONFIG", "127.0.0.1", "80", HINTS(.ai_flags = AI_ADDRCONFIG));
}

static void kinds(void) {
  look_up("every kind", "127.0.0.1", "80", none);
  look_up("every kind, no service", "127.0.0.1", NULL, none);
  look_up("datagrams", "127.0.0.1", "80", dgram);
  look_up("TCP by its protocol", "127.0.0.1", "80", (struct addrinfo){.ai_protocol = IPPROTO_TCP});
  look_up("UDP by its protocol", "127.0.0.1", "80", (struct addrinfo){.ai_protocol = IPPROTO_UDP});
  look_up("raw", "127.0.0.1", NULL, (struct addrinfo){.ai_socktype = SOCK_RAW});
  look_up("raw, with a port", "127.0.0.1", "80", (struct addrinfo){.ai_socktype = SOCK_RAW});
  look_up("raw, with a service", "127.0.0.1", "http", (struct addrinfo){.ai_socktype = SOCK_RAW});
  look_up("a stream of UDP", "127.0.0.1", "80", HINTS(.ai_protocol = IPPROTO_UDP));
  look_up("an unknown type", "127.0.0.1", "80", (struct addrinfo){.ai_socktype = 77});
  look_up("an unknown protocol", "127.0.0.1", "80", HINTS(.ai_protocol = 77));
  look_up("SOCK_SEQPACKET", "127.0.0.1", "80", (struct addrinfo){.ai_socktype = SOCK_SEQPACKET});
  look_up("AF_UNIX", "127.0.0.1", "80", HINTS(.ai_family = AF_UNIX));
  look_up("an unknown family", "127.0.0.1", "80", HINTS(.ai_family = 77));
  look_up("an unknown flag", "127.0.0.1", "80", HINTS(.ai_flags = 0x8000000));
}

static void services(void) {
  look_up("service by name", "127.0.0.1", "http", none);
  look_up("service by name, both kinds", "127.0.0.1", "domain", none);
  look_up("service by another name", "127.0.0.1", "www", stream);
  look_up("service of UDP alone", "127.0.0.1", "tftp", none);
  look_up("service of UDP alone, a stream", "127.0.0.1", "tftp", stream);
  look_up("service that is not there", "127.0.0.1", "no-such-service", none);
  look_up("service that is not there, a stream", "127.0.0.1", "no-such-service", stream);
  look_up("AI_NUMERICSERV with a name", "127.0.0.1", "http", HINTS(.ai_flags = AI_NUMERICSERV));
  look_up("AI_NUMERICSERV with a number", "127.0.0.1", "80", HINTS(.ai_flags = AI_NUMERICSERV));
  look_up("port 0", "127.0.0.1", "0", stream);
  look_up("port 65535", "127.0.0.1", "65535", stream);
  look_up("port 65536", "127.0.0.1", "65536", stream);
  look_up("port -1", "127.0.0.1", "-1", stream);
  look_up("port with a zero before", "127.0.0.1", "0080", stream);
  look_up("port with letters behind", "127.0.0.1", "80x", stream);
  look_up("port with a space before", "127.0.0.1", " 80", stream);
  look_up("empty service", "127.0.0.1", "", stream);
  look_up("service without a node", NULL, "http", HINTS(.ai_family = AF_INET, .ai_flags = AI_PASSIVE));
}

int main(void) {
  nodes();
  kinds();
  services();
  freeaddrinfo(NULL);
  report("-", "freeaddrinfo of nothing", "returned");
  return 0;
}
