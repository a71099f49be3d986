/* gethostbyname() and h_errno; the tables of services and protocols. */
#include "posix.h"
#include <netdb.h>

static const char *host_text(const struct hostent *found) {
  if (found == NULL) return h_errno == HOST_NOT_FOUND ? "HOST_NOT_FOUND" : h_errno == NO_DATA ? "NO_DATA"
                          : h_errno == NO_RECOVERY ? "NO_RECOVERY" : h_errno == TRY_AGAIN ? "TRY_AGAIN"
                          : h_errno == NETDB_INTERNAL ? "NETDB_INTERNAL" : "another h_errno";
  char *text = remembered(), address[64];
  inet_ntop(found->h_addrtype, found->h_addr_list[0], address, sizeof address);
  snprintf(text, 128, "%s %s %d%s%s", found->h_name, address, found->h_length, found->h_aliases[0] ? " alias" : "",
           found->h_addr_list[1] ? " more" : "");
  return text;
}

static const char *service_text(const struct servent *found) {
  if (found == NULL) return "none";
  char *text = remembered();
  snprintf(text, 128, "%s %d %s", found->s_name, ntohs((uint16_t)found->s_port), found->s_proto);
  return text;
}

static const char *protocol_text(const struct protoent *found) {
  if (found == NULL) return "none";
  char *text = remembered();
  snprintf(text, 128, "%s %d %s", found->p_name, found->p_proto, found->p_aliases[0] ? found->p_aliases[0] : "-");
  return text;
}

static void hosts(void) {
  struct hostent entry, *found;
  char buffer[512];
  int error;
  report("-", "gethostbyname of an address", host_text(gethostbyname("127.0.0.1")));
  report("-", "gethostbyname of three parts", host_text(gethostbyname("127.0.1")));
  report("-", "gethostbyname2, IPv6", host_text(gethostbyname2("::1", AF_INET6)));
  report("-", "gethostbyname2, IPv6 of IPv4", host_text(gethostbyname2("::1", AF_INET)));
  report("-", "gethostbyaddr, wrong length", gethostbyaddr("abc", 3, AF_INET) == NULL ? "null" : "an entry");
  found = &entry;
  error = gethostbyname_r("127.0.0.1", &entry, buffer, sizeof buffer, &found, &h_errno);
  reportf("-", "gethostbyname_r", "%s, %s", error_name(error), host_text(found));
  error = gethostbyname_r("127.0.0.1", &entry, buffer, 8, &found, &h_errno);
  reportf("-", "gethostbyname_r, too little room", "%s, %s", error_name(error), host_text(found));
  report("-", "hstrerror", hstrerror(HOST_NOT_FOUND));
  report("-", "hstrerror of TRY_AGAIN", hstrerror(TRY_AGAIN));
  report("-", "hstrerror of NO_RECOVERY", hstrerror(NO_RECOVERY));
  report("-", "hstrerror of NO_DATA", hstrerror(NO_DATA));
}

static void services(void) {
  struct servent entry, *found;
  char buffer[512];
  report("-", "http, tcp", service_text(getservbyname("http", "tcp")));
  report("-", "http, any protocol", service_text(getservbyname("http", NULL)));
  report("-", "www is http", service_text(getservbyname("www", "tcp")));
  report("-", "domain, udp", service_text(getservbyname("domain", "udp")));
  report("-", "tftp, tcp", service_text(getservbyname("tftp", "tcp")));
  report("-", "no protocol of this name", service_text(getservbyname("http", "xyz")));
  report("-", "no service of this name", service_text(getservbyname("no-such-service", NULL)));
  report("-", "names are case sensitive", service_text(getservbyname("HTTP", "tcp")));
  report("-", "a number is no name", service_text(getservbyname("80", "tcp")));
  for (int i = 0; i < 26; i++) {
    static const struct {
      int port;
      const char *protocol;
    } known[] = {{7, "tcp"},    {9, "udp"},    {13, "tcp"},   {21, "tcp"},  {22, "tcp"},   {23, "tcp"},  {25, "tcp"},
                 {37, "udp"},   {43, "tcp"},   {53, "udp"},   {69, "udp"},  {70, "tcp"},   {79, "tcp"},  {80, "tcp"},
                 {110, "tcp"},  {119, "tcp"},  {123, "udp"},  {143, "tcp"}, {161, "udp"},  {389, "tcp"}, {443, "tcp"},
                 {514, "udp"},  {587, "tcp"},  {993, "tcp"},  {995, "tcp"}, {5432, "tcp"}};
    char condition[32];
    snprintf(condition, sizeof condition, "port %d, %s", known[i].port, known[i].protocol);
    report("-", condition, service_text(getservbyport(htons((uint16_t)known[i].port), known[i].protocol)));
  }
  report("-", "no service at this port", service_text(getservbyport(htons(54321), "tcp")));
  found = NULL;
  int error = getservbyname_r("http", "tcp", &entry, buffer, sizeof buffer, &found);
  reportf("-", "getservbyname_r", "%s, %s", error_name(error), service_text(found));
  error = getservbyname_r("http", "tcp", &entry, buffer, 1, &found);
  reportf("-", "getservbyname_r, too little room", "%s, %s", error_name(error), service_text(found));
}

static void protocols(void) {
  struct protoent entry, *found;
  char buffer[512];
  report("-", "protocol tcp", protocol_text(getprotobyname("tcp")));
  report("-", "protocol UDP is an alias", protocol_text(getprotobyname("UDP")));
  report("-", "protocol ip", protocol_text(getprotobyname("ip")));
  report("-", "protocol icmp", protocol_text(getprotobyname("icmp")));
  report("-", "protocol ipv6-icmp", protocol_text(getprotobyname("ipv6-icmp")));
  report("-", "protocol xyz", protocol_text(getprotobyname("xyz")));
  report("-", "protocol 6", protocol_text(getprotobynumber(6)));
  report("-", "protocol 41", protocol_text(getprotobynumber(41)));
  report("-", "protocol 254", protocol_text(getprotobynumber(254)));
  found = NULL;
  int error = getprotobynumber_r(17, &entry, buffer, sizeof buffer, &found);
  reportf("-", "getprotobynumber_r", "%s, %s", error_name(error), protocol_text(found));
  error = getprotobyname_r("tcp", &entry, buffer, 1, &found);
  reportf("-", "getprotobyname_r, too little room", "%s, %s", error_name(error), protocol_text(found));
}

int main(void) {
  hosts();
  services();
  protocols();
  report("-", "innetgr", yes_no(innetgr("no-such-group", "host", "user", "domain")));
  return 0;
}
