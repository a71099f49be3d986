// Module "posix": resolve and reverse, which the sysroot's getaddrinfo and getnameinfo are made of, and gethostname.
//
//   record that resolve writes (24): family u32 0 | address 16 bytes 4 | scope u32 20

import { ENDPOINT_ADDRESS, ENDPOINT_FAMILY, ENDPOINT_SCOPE, ENDPOINT_SIZE } from "../shared/endpoint";
import { EFAULT, EINVAL, ENAMETOOLONG } from "../shared/errno";
import { AF_INET, AF_INET6, AF_UNSPEC } from "../shared/socket";
import { copyin, copyout } from "../guest";
import { endLookup, lookupLength, lookupPayload, resolveName, reverseName } from "../lookup";
import { fetchName, readNameAs, target } from "../sockaddr";
import { enter } from "../turn";

/** Longest host name (RFC 1035: 253, and a dot). */
const NAME_MAX: i32 = 254;
const text: usize = memory.data(256, 8);
const record: usize = memory.data(24, 8);
const HOSTNAME: usize = memory.data<u8>([0x68, 0x61, 0x77, 0x73, 0x65, 0x72]);

/** Writes the addresses of a name, at most `max`: how many, or -ENOENT (none), -EAGAIN, -EIO, -EACCES. */
export function resolve(name: usize, length: i32, family: i32, out: usize, max: i32): i32 {
  enter();
  if (length <= 0 || max < 0) return -EINVAL;
  if (length > NAME_MAX) return -ENAMETOOLONG;
  if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) return -EINVAL;
  if (copyin(text, name, length)) return -EFAULT;
  const error = resolveName(text, length, family);
  const result = error ? -error : give(out, max);
  endLookup();
  return result;
}

function give(out: usize, max: i32): i32 {
  const count = min(<i32>(lookupLength() / ENDPOINT_SIZE), max);
  for (let i = 0; i < count; i++) {
    const endpoint = lookupPayload() + <usize>i * ENDPOINT_SIZE;
    const found = load<u16>(endpoint, ENDPOINT_FAMILY);
    store<u32>(record, found);
    memory.copy(record + 4, endpoint + ENDPOINT_ADDRESS, 16);
    store<u32>(record, found == AF_INET6 ? load<u32>(endpoint, ENDPOINT_SCOPE) : 0, 20);
    if (copyout(out + <usize>i * 24, record, 24)) return -EFAULT;
  }
  return count;
}

/** Writes the name of a sockaddr, cut to `room`: its length, or -ENOENT (none), -EAGAIN, -EIO. */
export function reverse(name: usize, length: u32, out: usize, room: u32): i32 {
  enter();
  let error = fetchName(name, length);
  if (error == 0) error = readNameAs(length);
  if (error) return -error;
  error = reverseName(target);
  const size = min(lookupLength(), room);
  const result = error ? -error : copyout(out, lookupPayload(), size) ? -EFAULT : <i32>size;
  endLookup();
  return result;
}

/** gethostname(2): writes the name, cut to `room`; its length. */
export function gethostname(out: usize, room: u32): i32 {
  enter();
  return copyout(out, HOSTNAME, min<u32>(6, room)) ? -EFAULT : 6;
}
