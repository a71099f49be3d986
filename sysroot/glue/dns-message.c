/* Messages of the DNS (RFC 1035, 4): names packed and unpacked, sections walked. Every length is checked against the end. */
#include <arpa/nameser.h>
#include <resolv.h>
#include <string.h>
#include "posix.h"

unsigned ns_get16(const unsigned char *at) { return (unsigned)at[0] << 8 | at[1]; }
unsigned long ns_get32(const unsigned char *at) { return (unsigned long)ns_get16(at) << 16 | ns_get16(at + 2); }
void ns_put16(unsigned value, unsigned char *at) {
  at[0] = (unsigned char)(value >> 8);
  at[1] = (unsigned char)value;
}
void ns_put32(unsigned long value, unsigned char *at) {
  ns_put16((unsigned)(value >> 16), at);
  ns_put16((unsigned)value, at + 2);
}

/* A label's byte as text: itself, \ and itself, or \ and three digits (RFC 1035, 5.1). Result: its length, 0 for no room. */
static int escape(unsigned char byte, char *out, char *end) {
  int plain = byte > 0x20 && byte < 0x7f, special = plain && strchr("\".;\\()@$", byte) != NULL;
  int length = special ? 2 : plain ? 1 : 4;
  if (end - out <= length) return 0;
  if (special || !plain) *out++ = '\\';
  if (plain) *out = (char)byte;
  else {
    out[0] = (char)('0' + byte / 100);
    out[1] = (char)('0' + byte / 10 % 10);
    out[2] = (char)('0' + byte % 10);
  }
  return length;
}

/* The length of the name at `from` in the message, its text in `out`; EMSGSIZE for a broken one and for too little room. */
int dn_expand(const unsigned char *message, const unsigned char *end, const unsigned char *from, char *out, int size) {
  const unsigned char *at = from;
  char *text = out, *room = out + (size > 0 ? size : 0);
  int length = -1, total = 0;
  if (size <= 0 || from < message || from >= end) return refuse(EMSGSIZE);
  while (1) {
    if (at >= end) return refuse(EMSGSIZE);
    unsigned n = *at++;
    if ((n & 0xc0) == 0xc0) {
      if (at >= end) return refuse(EMSGSIZE);
      const unsigned char *target = message + ((n & 0x3f) << 8 | *at++);
      if (length < 0) length = (int)(at - from);
      /* Each pointer goes back: what goes in circles has more labels than a name may have bytes. */
      if (target >= end || ++total > NS_MAXCDNAME) return refuse(EMSGSIZE);
      at = target;
      continue;
    }
    if (n & 0xc0) return refuse(EMSGSIZE);
    if (n == 0) break;
    total += (int)n + 1;
    if (total > NS_MAXCDNAME || (size_t)(end - at) < n) return refuse(EMSGSIZE);
    if (text != out) {
      if (room - text <= 1) return refuse(EMSGSIZE);
      *text++ = '.';
    }
    for (; n > 0; n--) {
      int written = escape(*at++, text, room);
      if (written == 0) return refuse(EMSGSIZE);
      text += written;
    }
  }
  if (length < 0) length = (int)(at - from);
  *text = '\0';
  return length;
}

int ns_name_uncompress(const unsigned char *message, const unsigned char *end, const unsigned char *from, char *out,
                       size_t size) {
  return dn_expand(message, end, from, out, size > 0x7fffffff ? 0x7fffffff : (int)size);
}

int dn_skipname(const unsigned char *from, const unsigned char *end) {
  for (const unsigned char *at = from; at < end;) {
    unsigned n = *at++;
    if ((n & 0xc0) == 0xc0) return at < end ? (int)(at + 1 - from) : refuse(EMSGSIZE);
    if (n & 0xc0) break;
    if (n == 0) return (int)(at - from);
    if ((size_t)(end - at) < n) break;
    at += n;
  }
  return refuse(EMSGSIZE);
}

/* A name's text as labels: their length, or -1. */
static int labels(const char *text, unsigned char *out) {
  unsigned char *at = out, *count = out;
  if (strcmp(text, ".") == 0) text++;
  if (*text != '\0') at++;
  for (; *text != '\0'; text++) {
    unsigned byte = (unsigned char)*text;
    if (byte == '.') {
      if (at == count + 1) return -1;
      *count = (unsigned char)(at - count - 1);
      count = at;
      if (text[1] != '\0') at++;
      continue;
    }
    if (byte == '\\' && text[1] >= '0' && text[1] <= '9') {
      for (int i = 1; i < 4; i++) if (text[i] < '0' || text[i] > '9') return -1;
      byte = (unsigned)((text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0');
      if (byte > 255) return -1;
      text += 3;
    } else if (byte == '\\') {
      byte = (unsigned char)*++text;
      if (byte == 0) return -1;
    }
    if (at - count > NS_MAXLABEL || at - out >= NS_MAXCDNAME - 1) return -1;
    *at++ = (unsigned char)byte;
  }
  if (at != count) *count = (unsigned char)(at - count - 1);
  *at++ = 0;
  return (int)(at - out);
}

static int lower(int byte) { return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte; }

/* Whether the name at `at` in the message is what these labels say. */
static int same_name(const unsigned char *message, const unsigned char *end, const unsigned char *at,
                     const unsigned char *name) {
  for (int hops = 0; at < end && hops < 128; hops++) {
    if ((*at & 0xc0) == 0xc0) {
      if (at + 1 >= end) return 0;
      at = message + ((at[0] & 0x3f) << 8 | at[1]);
      continue;
    }
    if (*at != *name || at + *at >= end) return 0;
    if (*at == 0) return 1;
    for (int i = 1; i <= *at; i++) if (lower(at[i]) != lower(name[i])) return 0;
    at += *at + 1;
    name += *name + 1;
  }
  return 0;
}

/* Packs a name, its tail as a pointer to where `names` has it already; adds where it is itself to `names`. */
int dn_comp(const char *text, unsigned char *out, int size, unsigned char **names, unsigned char **last) {
  unsigned char name[NS_MAXCDNAME + 2];
  int length = labels(text, name);
  if (length < 0) return refuse(EMSGSIZE);
  unsigned char *message = names != NULL ? names[0] : NULL;
  int own = names != NULL && message != NULL, at = 0;
  for (; name[at] != 0; at += name[at] + 1) {
    for (unsigned char **known = own ? names + 1 : NULL; known != NULL && *known != NULL; known++) {
      if (!same_name(message, out, *known, name + at)) continue;
      if (at + 2 > size) return refuse(EMSGSIZE);
      memcpy(out, name, (size_t)at);
      ns_put16(0xc000u | (unsigned)(*known - message), out + at);
      length = at + 2;
      goto packed;
    }
  }
  if (length > size) return refuse(EMSGSIZE);
  memcpy(out, name, (size_t)length);
packed:
  if (own && last != NULL) {
    /* Each of its suffixes that was written out can be pointed to, as far as 14 bits go. */
    unsigned char **free_slot = names + 1;
    while (*free_slot != NULL) free_slot++;
    for (int i = 0; i < length && out[i] != 0 && (out[i] & 0xc0) == 0; i += out[i] + 1) {
      if (free_slot >= last - 1 || out + i - message > 0x3fff) break;
      *free_slot++ = out + i;
      *free_slot = NULL;
    }
  }
  return length;
}

const struct _ns_flagdata _ns_flagdata[16] = {
    {0x8000, 15}, {0x7800, 11}, {0x0400, 10}, {0x0200, 9}, {0x0100, 8}, {0x0080, 7}, {0x0040, 6}, {0x0020, 5},
    {0x0010, 4},  {0x000f, 0},  {0, 0},       {0, 0},      {0, 0},      {0, 0},      {0, 0},      {0, 0},
};

/* The bytes that `count` records of a section take. */
int ns_skiprr(const unsigned char *from, const unsigned char *end, ns_sect section, int count) {
  const unsigned char *at = from;
  for (; count > 0; count--) {
    int name = dn_skipname(at, end), fixed = section == ns_s_qd ? NS_QFIXEDSZ : NS_QFIXEDSZ + 6;
    if (name < 0 || end - at - name < fixed) return refuse(EMSGSIZE);
    at += name + fixed;
    if (section == ns_s_qd) continue;
    unsigned size = ns_get16(at - 2);
    if ((size_t)(end - at) < size) return refuse(EMSGSIZE);
    at += size;
  }
  return (int)(at - from);
}

int ns_initparse(const unsigned char *message, int size, ns_msg *handle) {
  const unsigned char *end = message + size, *at = message + NS_HFIXEDSZ;
  if (size < NS_HFIXEDSZ) return refuse(EMSGSIZE);
  memset(handle, 0, sizeof *handle);
  handle->_msg = message;
  handle->_eom = end;
  handle->_id = (uint16_t)ns_get16(message);
  handle->_flags = (uint16_t)ns_get16(message + 2);
  for (int i = 0; i < ns_s_max; i++) {
    handle->_counts[i] = (uint16_t)ns_get16(message + 4 + 2 * i);
    if (handle->_counts[i] == 0) continue;
    int length = ns_skiprr(at, end, (ns_sect)i, handle->_counts[i]);
    if (length < 0) return -1;
    handle->_sections[i] = at;
    at += length;
  }
  if (at != end) return refuse(EMSGSIZE);
  handle->_sect = ns_s_max;
  handle->_rrnum = -1;
  return 0;
}

int ns_parserr(ns_msg *handle, ns_sect section, int number, ns_rr *record) {
  if ((unsigned)section >= ns_s_max) return refuse(ENODEV);
  if (section != handle->_sect) {
    handle->_sect = section;
    handle->_rrnum = 0;
    handle->_msg_ptr = handle->_sections[section];
  }
  if (number == -1) number = handle->_rrnum;
  if (number < 0 || number >= handle->_counts[section]) return refuse(ENODEV);
  if (number < handle->_rrnum) {
    handle->_rrnum = 0;
    handle->_msg_ptr = handle->_sections[section];
  }
  int skipped = ns_skiprr(handle->_msg_ptr, handle->_eom, section, number - handle->_rrnum);
  if (skipped < 0) return -1;
  const unsigned char *at = handle->_msg_ptr + skipped;
  int name = dn_expand(handle->_msg, handle->_eom, at, record->name, NS_MAXDNAME);
  if (name < 0) return -1;
  at += name;
  record->type = (uint16_t)ns_get16(at);
  record->rr_class = (uint16_t)ns_get16(at + 2);
  at += 4;
  record->ttl = 0;
  record->rdlength = 0;
  record->rdata = NULL;
  if (section != ns_s_qd) {
    record->ttl = (uint32_t)ns_get32(at);
    record->rdlength = (uint16_t)ns_get16(at + 4);
    record->rdata = at + 6;
    at += 6 + record->rdlength;
  }
  handle->_msg_ptr = at;
  handle->_rrnum = number + 1;
  if (handle->_rrnum >= handle->_counts[section]) {
    handle->_sect = (ns_sect)(section + 1);
    handle->_rrnum = 0;
    if (handle->_sect < ns_s_max) handle->_msg_ptr = handle->_sections[handle->_sect];
  }
  return 0;
}
