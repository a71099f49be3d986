// Steps that open, duplicate and close descriptors.

import { O_NONBLOCK } from "../../assembly/shared/fcntl.js";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
} from "../../assembly/shared/socket.js";
import type { Cast } from "./cast.js";
import type { Model } from "./model.js";
import { DatagramModel } from "./model-datagram.js";
import { PairModel } from "./model-pair.js";
import { PipeEnd, PipeModel } from "./model-pipe.js";
import { StreamModel } from "./model-stream.js";
import { AT_ONCE, type Waiting } from "./player.js";

const KINDS = [
  { domain: AF_INET, type: SOCK_STREAM },
  { domain: AF_INET, type: SOCK_STREAM },
  { domain: AF_INET, type: SOCK_DGRAM },
  { domain: AF_UNIX, type: SOCK_STREAM },
  { domain: AF_INET6, type: SOCK_STREAM },
  { domain: AF_INET6, type: SOCK_DGRAM },
];

export function newSocket(cast: Cast, draw: number, flags: number): void {
  const { player } = cast;
  const { domain, type } = KINDS[draw % KINDS.length]!;
  const model = type === SOCK_DGRAM ? new DatagramModel(domain) : new StreamModel(domain, cast.rooms.send);
  player.wire.opening = model;
  const fd = cast.lowest();
  model.nonblocking = (flags & 1) !== 0;
  cast.simply(
    `socket(${domain}, ${type}, ${flags & 1})`,
    fd,
    "socket",
    domain,
    type | (flags & 1 ? SOCK_NONBLOCK : 0),
    0,
  );
  player.need(player.wire.opening === null, "socket() has opened nothing");
  cast.install(fd, model);
}

export function newPair(cast: Cast, draw: number, flags: number): void {
  const type = [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET][draw % 3] ?? SOCK_STREAM;
  const one = new PairModel(type, cast.rooms.receive);
  const other = new PairModel(type, cast.rooms.receive);
  one.mate = other;
  other.mate = one;
  one.outKey = other.inKey;
  other.outKey = one.inKey;
  const { guest } = cast.player;
  cast.simply(
    `socketpair(${type}, ${flags & 1})`,
    0,
    "socketpair",
    AF_UNIX,
    type | (flags & 1 ? SOCK_NONBLOCK : 0),
    0,
    guest.small,
  );
  installPair(cast, one, other, flags);
}

export function newPipe(cast: Cast, flags: number): void {
  const pipe = new PipeModel();
  const read = new PipeEnd(pipe, false);
  const write = new PipeEnd(pipe, true);
  write.outKey = read.inKey;
  cast.simply(`pipe2(${flags & 1})`, 0, "pipe2", cast.player.guest.small, flags & 1 ? O_NONBLOCK : 0);
  installPair(cast, read, write, flags);
}

function installPair(cast: Cast, one: Model, other: Model, flags: number): void {
  const made = cast.player.guest.pair();
  for (const [i, model] of [one, other].entries()) {
    const fd = cast.lowest();
    cast.player.need(made[i] === fd, `descriptor ${made[i]}, not ${fd}`);
    model.nonblocking = (flags & 1) !== 0;
    cast.install(fd, model);
  }
}

export function dup2(cast: Cast, fd: number, model: Model, to: number): void {
  const old = cast.fds.get(to);
  const closes = old !== undefined && old !== model && old.references === 1;
  const waiting = closes ? closing(cast, old) : AT_ONCE;
  model.references++;
  if (old !== undefined && fd !== to) drop(cast, to, old);
  const { result } = cast.perform(waiting, "dup2", fd, to);
  cast.check(`dup2(${fd}, ${to})`, result, to);
  model.references--;
  if (fd !== to) cast.install(to, model);
}

/** How close(2) may wait: SO_LINGER with a time. */
function closing(cast: Cast, model: Model): Waiting {
  if (!(model instanceof StreamModel) || model.isUnix || !model.lingers) return AT_ONCE;
  const line = cast.player.wire.lineOf(model);
  const blocks = (): boolean => line !== undefined && cast.player.wire.lines.has(line.id);
  return { blocks, nonblocking: false, deadline: cast.player.host.now + 1000, restarts: true };
}

function drop(cast: Cast, fd: number, model: Model): void {
  cast.fds.delete(fd);
  if (--model.references === 0) model.close();
}

/** close(2). */
export function close(cast: Cast, fd: number): void {
  const model = cast.fds.get(fd);
  if (model === undefined) return;
  const line = cast.player.wire.lineOf(model);
  const last = model.references === 1;
  const waiting = last ? closing(cast, model) : AT_ONCE;
  drop(cast, fd, model);
  const { result } = cast.perform(waiting, "fd_close", fd);
  cast.check(`close(${fd}) ${model.name}`, result, 0);
  cast.player.need(line === undefined || line.closing === last, "the network was not told of a close, or too early");
  // RFC 2525, 2.17: unread bytes are a reset.
  if (last && model instanceof StreamModel && !model.isUnix && model.state === "connected" && model.unread > 0) {
    cast.player.need(line?.reset === true, "closed in good order with bytes unread");
  }
}
