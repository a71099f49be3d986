// Steps that change or ask what a socket is: connect, bind, listen, accept, shutdown, getpeername, options.

import * as errno from "../../assembly/shared/errno.js";
import {
  AF_UNIX,
  SO_ACCEPTCONN,
  SO_DOMAIN,
  SO_ERROR,
  SO_LINGER,
  SO_PROTOCOL,
  SO_RCVTIMEO,
  SO_SNDTIMEO,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../assembly/shared/socket.js";
import type { Cast } from "./cast.js";
import { BUFFER, LENGTH } from "./fake-host.js";
import type { Model } from "./model.js";
import { DatagramModel } from "./model-datagram.js";
import { PairModel } from "./model-pair.js";
import { StreamModel } from "./model-stream.js";
import { describe, type Name, putName } from "./names.js";
import { AT_ONCE, type Waiting } from "./player.js";

/** The family of a socket. */
export function domainOf(model: Model): number {
  return model instanceof StreamModel || model instanceof DatagramModel ? model.domain : AF_UNIX;
}

/** SO_LINGER: off, with no time (a reset), with a second. */
export function linger(cast: Cast, fd: number, model: Model, draw: number): void {
  if (!(model instanceof StreamModel)) return;
  model.lingers = draw % 3 === 2;
  cast.player.say(`linger(${fd}, ${draw % 3})`);
  cast.player.guest.setLinger(fd, SO_LINGER, draw % 3 ? 1 : 0, draw % 3 === 2 ? 1 : 0);
}

export function soError(cast: Cast, fd: number, model: Model): void {
  const { result } = cast.player.perform(AT_ONCE, () => cast.player.guest.soError(fd));
  const owner = model as StreamModel | DatagramModel | PairModel;
  cast.check(`SO_ERROR(${fd}) ${model.name}`, result, owner.take());
}

export function option(cast: Cast, fd: number, model: Model, draw: number): void {
  const type = model instanceof PairModel ? model.type : model instanceof DatagramModel ? SOCK_DGRAM : SOCK_STREAM;
  const domain = domainOf(model);
  const protocol = domain === AF_UNIX ? 0 : type === SOCK_DGRAM ? 17 : 6;
  const listening = model instanceof StreamModel && model.state === "listening" ? 1 : 0;
  const all: [number, number][] = [
    [SO_TYPE, type],
    [SO_DOMAIN, domain],
    [SO_PROTOCOL, protocol],
    [SO_ACCEPTCONN, listening],
  ];
  const [option, wanted] = all[draw % all.length] ?? [SO_ERROR, 0];
  const { result } = cast.player.perform(AT_ONCE, () => cast.player.guest.option(fd, SOL_SOCKET, option));
  cast.check(`getsockopt(${fd}, ${option}) ${model.name}`, result, wanted);
}

export function timeout(cast: Cast, fd: number, model: Model, draw: number): void {
  const milliseconds = [0, 30, 300][draw % 3] ?? 0;
  const receiving = (draw & 4) !== 0;
  const option = receiving ? SO_RCVTIMEO : SO_SNDTIMEO;
  cast.check(`timeout(${fd}, ${option}, ${milliseconds})`, cast.player.guest.setTimeout(fd, option, milliseconds), 0);
  if (receiving) model.receiveTimeout = milliseconds || Infinity;
  else model.sendTimeout = milliseconds || Infinity;
}

export function shutdown(cast: Cast, fd: number, model: Model, how: number): void {
  const what = `shutdown(${fd}, ${how}) ${model.name}`;
  const { result } = cast.perform(AT_ONCE, "shutdown", fd, how);
  if (how === 0) return cast.check(what, result, -errno.EINVAL);
  cast.check(what, result, (model as StreamModel | DatagramModel | PairModel).shutdown(how));
}

export function connect(cast: Cast, fd: number, model: Model, name: Name): void {
  const { player } = cast;
  const pointer = putName(player.host, domainOf(model), name);
  const what = `connect(${fd}, ${describe(name)}) ${model.name}`;
  // The order of checks (0.1): length, pointer, then the short length.
  const bad =
    name.length > 128 || name.length < 0
      ? -errno.EINVAL
      : name.what === "bad pointer"
        ? -errno.EFAULT
        : name.length < 2
          ? -errno.EINVAL
          : null;
  if (bad !== null) return cast.simply(what, bad, "connect", fd, pointer, name.length);
  if (model instanceof PairModel) return connectPair(cast, what, fd, model, name, pointer);
  if (model instanceof DatagramModel) {
    const wanted = model.connect(name);
    const { result } = cast.perform(AT_ONCE, "connect", fd, pointer, name.length);
    return cast.check(what, result, wanted ?? -player.verdict);
  }
  const stream = model as StreamModel;
  const wanted = stream.connect(name, player.host.now);
  const waiting: Waiting = {
    blocks: () => wanted === null && stream.connectBlocks,
    nonblocking: stream.nonblocking,
    deadline: player.host.now + stream.sendTimeout,
    restarts: false,
  };
  const { result, reason } = cast.perform(waiting, "connect", fd, pointer, name.length);
  cast.check(what, result, wanted ?? stream.connectResult(reason));
}

/** 6.26: a stream is connected; a datagram's end may only be asked to forget. */
function connectPair(cast: Cast, what: string, fd: number, model: PairModel, name: Name, pointer: number): void {
  const wrong = name.family === "unspec" ? errno.EINVAL : name.family === "other" ? errno.EAFNOSUPPORT : 0;
  if (model.type === SOCK_DGRAM) {
    if (name.family !== "unspec") return;
    model.dissolve();
    return cast.simply(what, 0, "connect", fd, pointer, name.length);
  }
  const expected =
    wrong || name.length < 3 ? [-errno.EISCONN, -(wrong || errno.EINVAL), -errno.EINVAL] : -errno.EISCONN;
  cast.simply(what, expected, "connect", fd, pointer, name.length);
}

export function bind(cast: Cast, fd: number, model: Model, draw: number): void {
  if (model instanceof PairModel) return;
  const stream = model as StreamModel | DatagramModel;
  const name: Name = { what: "good", family: draw % 5 === 0 ? "other" : "own", length: 32 };
  const pointer = putName(cast.player.host, stream.domain, name);
  const fresh =
    stream instanceof StreamModel
      ? stream.state === "closed" && stream.attempt === "none"
      : stream.peer === 0 && !stream.hasPort;
  // What an attempt leaves of its own local address is the network's: only the plain cases are asked about.
  if (!fresh && !stream.bound) return;
  const { result } = cast.perform(AT_ONCE, "bind", fd, pointer, name.length);
  const what = `bind(${fd}, ${describe(name)}) ${stream.name}`;
  if (name.family === "other")
    return cast.check(what, result, stream.bound ? [-errno.EAFNOSUPPORT, -errno.EINVAL] : -errno.EAFNOSUPPORT);
  cast.check(what, result, stream.bound ? -errno.EINVAL : -cast.player.verdict);
  if (result === 0) stream.bound = true;
}

export function listen(cast: Cast, fd: number, model: Model): void {
  const what = `listen(${fd}) ${model.name}`;
  if (model instanceof DatagramModel || (model instanceof PairModel && model.type === SOCK_DGRAM)) {
    return cast.simply(what, -errno.EOPNOTSUPP, "listen", fd, 5);
  }
  if (model instanceof PairModel) return cast.simply(what, -errno.EINVAL, "listen", fd, 5);
  const stream = model as StreamModel;
  const wanted = stream.listen();
  const { result } = cast.perform(AT_ONCE, "listen", fd, 5);
  cast.check(what, result, wanted ?? -cast.player.verdict);
  if (result === 0) stream.listens();
}

export function accept(cast: Cast, fd: number, model: Model, draw: number): void {
  const { player } = cast;
  const what = `accept(${fd}) ${model.name}`;
  const flags = draw & 1 ? SOCK_NONBLOCK : 0;
  if (!(model instanceof StreamModel)) {
    const isDatagram = model instanceof DatagramModel || (model as PairModel).type === SOCK_DGRAM;
    return cast.simply(what, isDatagram ? -errno.EOPNOTSUPP : -errno.EINVAL, "accept4", fd, 0, 0, flags);
  }
  const made = new StreamModel(model.domain, cast.rooms.send);
  player.wire.opening = made;
  const waiting: Waiting = {
    blocks: () => model.acceptBlocks,
    nonblocking: model.nonblocking,
    deadline: player.host.now + model.receiveTimeout,
    restarts: model.receiveTimeout === Infinity,
  };
  const { result, reason } = cast.perform(waiting, "accept4", fd, 0, 0, flags);
  player.wire.opening = null;
  if (model.pending.length === 0) return cast.check(what, result, model.acceptResult(reason));
  const copy = cast.lowest();
  cast.check(what, result, copy);
  model.pending.shift();
  made.state = "connected";
  made.attempt = "told";
  made.nonblocking = flags !== 0;
  made.receiveTimeout = model.receiveTimeout;
  made.sendTimeout = model.sendTimeout;
  made.lingers = model.lingers;
  cast.install(copy, made);
}

export function peerName(cast: Cast, fd: number, model: Model): void {
  cast.player.host.view.setInt32(LENGTH, 64, true);
  const { result } = cast.perform(AT_ONCE, "getpeername", fd, BUFFER, LENGTH);
  const has =
    model instanceof StreamModel
      ? model.hasPeer
      : model instanceof DatagramModel
        ? model.peer !== 0
        : (model as PairModel).hasPeer;
  cast.check(
    `getpeername(${fd}) ${model.name}`,
    result,
    has === null ? [0, -errno.ENOTCONN] : has ? 0 : -errno.ENOTCONN,
  );
}
