// What kind of thing an IP address is: global unicast, or one of those that a rule has to name. Owns the classes; it looks
// through the forms that carry an IPv4 address in an IPv6 one, so that no spelling of an address is of another class.

import ipaddr from "ipaddr.js";

/** A parsed address. IPv4-mapped IPv6 addresses come as IPv4. */
export type Numeric = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses in global space at which a cloud answers only its own machines: Azure's WireServer. */
const METADATA: [ipaddr.IPv4, number] = ipaddr.IPv4.parseCIDR("168.63.129.16/32");
/** RFC 4291, 2.4: all that is given out as global unicast so far. */
const GLOBAL: [ipaddr.IPv6, number] = ipaddr.IPv6.parseCIDR("2000::/3");
/** RFC 6052: the well-known prefix, with the IPv4 address in the last 32 bits. */
const NAT64: [ipaddr.IPv6, number] = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
/** RFC 3056: the IPv4 address is in bits 16 to 47. */
const SIX_TO_FOUR: [ipaddr.IPv6, number] = ipaddr.IPv6.parseCIDR("2002::/16");

/** Parses canonical numeric text, a zone id aside; null for all else: names, and 0x7f.1, 127.1, 0177.0.0.1 as well. */
export function parseNumeric(text: string): Numeric | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const zone = text.indexOf("%");
  const bare = zone < 0 ? text : text.slice(0, zone);
  if (bare.length > 45 || !bare.includes(":") || !ipaddr.IPv6.isValid(bare)) return null;
  const parsed = ipaddr.IPv6.parse(bare);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}

/** The IPv4 address that packets to an IPv6 address end up at, or null. */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray();
  if (address.match(NAT64)) return new ipaddr.IPv4(bytes.slice(12));
  if (address.match(SIX_TO_FOUR)) return new ipaddr.IPv4(bytes.slice(2, 6));
  // RFC 5214, 6.1: an ISATAP interface identifier is 0000:5efe or 0200:5efe and the IPv4 address.
  const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
  return isatap ? new ipaddr.IPv4(bytes.slice(12)) : null;
}

/** Why `*` and names do not reach an address, e.g. "a loopback address"; null for global unicast. */
export function specialClass(address: Numeric): string | null {
  if (address instanceof ipaddr.IPv4) {
    if (address.match(METADATA)) return "a cloud metadata address";
    if (address.toString() === "169.254.169.254") return "a cloud metadata address";
    return describe(address.range());
  }
  const inner = embedded(address);
  if (inner !== null) {
    const its = specialClass(inner);
    return its === null ? null : `a form of ${inner.toString()}, ${its}`;
  }
  const kind = describe(address.range());
  if (kind !== null) return kind;
  return address.match(GLOBAL) ? null : "not a global unicast address";
}

function describe(range: string): string | null {
  switch (range) {
    case "unicast":
      return null;
    case "loopback":
      return "a loopback address";
    case "private":
      return "a private address";
    case "linkLocal":
      return "a link-local address";
    case "uniqueLocal":
      return "a unique local address";
    case "carrierGradeNat":
      return "a shared (carrier-grade NAT) address";
    case "multicast":
      return "a multicast address";
    case "broadcast":
      return "the broadcast address";
    case "unspecified":
      return "an unspecified address";
    default:
      return "a reserved address";
  }
}
