// Control data of sendmsg(2) and recvmsg(2): SCM_RIGHTS, the only kind here. Owns its layout and the order of checks, which
// is Linux's; what becomes of the descriptors is rights.ts's.
//
//   guest cmsghdr (12): length 0, this head included | level 4 | type 8 | data 12, padded to four bytes

import { EFAULT, EINVAL, EMFILE, ENOBUFS, EOPNOTSUPP } from "../shared/errno";
import { FD_CLOEXEC } from "../shared/fcntl";
import { CAPABILITY_RIGHTS } from "../shared/capability";
import {
  AF_UNIX,
  MSG_CMSG_CLOEXEC,
  MSG_CTRUNC,
  SCM_CREDENTIALS,
  SCM_RIGHTS,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../shared/socket";
import { isCapable } from "../capability";
import { fileLimit, lowestFree, place } from "../description";
import { cell, copyin, copyout, storeGuest32 } from "../guest";
import { allocate, release } from "../heap";
import { addRight, descriptionIn, MAX_RIGHTS, newRights, releaseRights, Rights, rightsInFlight } from "../rights";
import { Socket } from "../socket";
import { Vector } from "../vector";

const HEAD: u32 = 12;
/** Longest control data of one message, as Linux's net.core.optmem_max. */
const MAX_CONTROL: u32 = 131072;

/** Reads what sendmsg(2) is to send beside the bytes, to a name or not, into the vector: 0 or errno. */
export function fetchControl(socket: Socket, vector: Vector, pointer: usize, length: u32, named: bool): i32 {
  if (length > MAX_CONTROL) return ENOBUFS;
  const control = allocate(length);
  if (control == 0) return ENOBUFS;
  let error: i32 = EFAULT;
  if (copyin(control, pointer, length) == 0) error = readControl(socket, vector, control, length);
  release(control, length);
  if (error || vector.rights == 0) return error;
  // RLIMIT_NOFILE bounds what is in flight: ETOOMANYREFS in Linux, which the ABI has no number for, EMFILE in OpenBSD.
  if (rightsInFlight() > fileLimit()) return EMFILE;
  return (socket.paired && !named) || isCapable(CAPABILITY_RIGHTS) ? 0 : EOPNOTSUPP;
}

function readControl(socket: Socket, vector: Vector, control: usize, length: u32): i32 {
  let at: u32 = 0;
  while (at + HEAD <= length) {
    const size = load<u32>(control + at);
    if (size < HEAD || size > length - at) return EINVAL;
    const error = readMessage(socket, vector, control + at, size, length);
    if (error) return error;
    at += (size + 3) & ~3;
  }
  return 0;
}

function readMessage(socket: Socket, vector: Vector, message: usize, size: u32, length: u32): i32 {
  const type = load<i32>(message, 8);
  if (load<i32>(message, 4) != SOL_SOCKET) {
    // What UDP could be told of one datagram's address and lifetime, nothing here can do; elsewhere it means nothing.
    return socket.domain != AF_UNIX && socket.type != SOCK_STREAM ? EOPNOTSUPP : 0;
  }
  // TCP and UDP leave alone what is AF_UNIX's, as in Linux.
  if (socket.domain != AF_UNIX) return type == SCM_RIGHTS || type == SCM_CREDENTIALS ? 0 : EINVAL;
  return type == SCM_RIGHTS ? readRights(vector, message + HEAD, (size - HEAD) >> 2, length) : EINVAL;
}

function readRights(vector: Vector, numbers: usize, count: u32, length: u32): i32 {
  if (count == 0) return 0;
  if (vector.rights == 0) {
    vector.rights = changetype<usize>(newRights(min<i32>(<i32>(length >> 2), MAX_RIGHTS)));
    if (vector.rights == 0) return ENOBUFS;
  }
  const rights = changetype<Rights>(vector.rights);
  if (<u32>rights.count + count > <u32>MAX_RIGHTS) return EINVAL;
  for (let i: u32 = 0; i < count; i++) {
    const error = addRight(rights, load<i32>(numbers + ((<usize>i) << 2)));
    if (error) return error;
  }
  return 0;
}

/** Bytes of control data that the last giveControl() has given. */
export let controlGiven: u32 = 0;

/**
 * Gives the guest what came beside the bytes, into `room` bytes at `pointer`: descriptors on the lowest free numbers, as many
 * as there is room and numbers for; the others are let go of. MSG_CTRUNC if there were such, else 0.
 */
export function giveControl(vector: Vector, pointer: usize, room: u32, flags: i32): i32 {
  controlGiven = 0;
  if (vector.rights == 0) return 0;
  const rights = changetype<Rights>(vector.rights);
  const most = pointer == 0 || room <= HEAD ? 0 : <i32>min<u32>((room - HEAD) >> 2, <u32>rights.count);
  let given = 0;
  while (given < most) {
    const fd = lowestFree(0);
    if (fd < 0 || storeGuest32(pointer + HEAD + ((<usize>given) << 2), fd)) break;
    place(fd, descriptionIn(rights, given), flags & MSG_CMSG_CLOEXEC ? FD_CLOEXEC : 0);
    given++;
  }
  const cut = given < rights.count ? MSG_CTRUNC : 0;
  vector.rights = 0;
  releaseRights(changetype<usize>(rights));
  if (given == 0) return cut;
  controlGiven = HEAD + ((<u32>given) << 2);
  store<u32>(cell, controlGiven);
  store<i32>(cell, SOL_SOCKET, 4);
  copyout(pointer, cell, 8);
  storeGuest32(pointer + 8, SCM_RIGHTS);
  return cut;
}
