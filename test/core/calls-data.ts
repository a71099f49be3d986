// Steps that move data: send, sendto, write, recv, recv with MSG_PEEK, read.

import * as errno from "../../assembly/shared/errno.js";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDHUP } from "../../assembly/shared/poll.js";
import {
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_WAITALL,
  SOCK_DGRAM,
  SOCK_STREAM,
} from "../../assembly/shared/socket.js";
import { EVERYTHING } from "./calls-poll.js";
import type { Cast } from "./cast.js";
import { BUFFER } from "./fake-host.js";
import type { Model, Reason } from "./model.js";
import { DatagramModel } from "./model-datagram.js";
import { PairModel } from "./model-pair.js";
import { PipeEnd } from "./model-pipe.js";
import { StreamModel } from "./model-stream.js";
import { describe, type Name, putName } from "./names.js";
import { AT_ONCE, type Waiting } from "./player.js";

export function receive(
  cast: Cast,
  fd: number,
  model: Model,
  length: number,
  flags: number,
  call: "fd_read" | "recvfrom" = "recvfrom",
): void {
  const { player } = cast;
  const nonblocking = model.nonblocking || (flags & MSG_DONTWAIT) !== 0;
  const all = (flags & MSG_WAITALL) !== 0;
  const promised = promise(cast, fd, POLLIN | POLLHUP | POLLERR, nonblocking);
  const empty = call === "fd_read" && length === 0 && model.isSocket;
  const waiting: Waiting = {
    blocks: () => !empty && model.receiveBlocks(length, all),
    nonblocking,
    deadline: player.host.now + model.receiveTimeout,
    restarts: model.receiveTimeout === Infinity,
  };
  const [first] = model instanceof DatagramModel || model instanceof PairModel ? model.queue : [];
  const { result, reason } = player.perform(waiting, () =>
    call === "fd_read"
      ? player.guest.transfer(call, fd, length)
      : player.guest.call(call, fd, BUFFER, length, flags, 0, 0),
  );
  const before = model instanceof PipeEnd ? model.pipe.read : model.received;
  const piece = first ?? (model instanceof DatagramModel || model instanceof PairModel ? model.queue[0] : undefined);
  const expected = empty ? 0 : model.receive(length, (flags & MSG_PEEK) !== 0, reason);
  const what = `${call}(${fd}, ${length}, ${flags}) ${model.name}`;
  cast.check(what, result, expected);
  player.need(!promised || result !== -errno.EAGAIN, `${what} gives EAGAIN after poll() has said that it would not`);
  if (result <= 0) return;
  const [key, position] = piece === undefined ? [model.inKey, before] : [piece.number, 0];
  player.need(player.guest.has(result, key, position), `${what} gives the wrong bytes`);
}

/** Whether poll() promises now that a call will not say EAGAIN. */
function promise(cast: Cast, fd: number, events: number, nonblocking: boolean): boolean {
  const { player, step } = { player: cast.player, step: cast.player.step };
  if (!nonblocking || step.net & 64) return false;
  const { guest } = player;
  cast.perform(AT_ONCE, "sched_yield");
  player.perform(AT_ONCE, () => guest.poll([fd], EVERYTHING, 0));
  const revents = guest.polled([fd])[0]?.revents ?? 0;
  return (
    (revents & events) !== 0 &&
    !(revents & POLLRDHUP && cast.fds.get(fd) instanceof DatagramModel) &&
    !isShutDatagram(cast, fd)
  );
}

/** 5.27: a datagram socket that is shut for reading is readable, and says EAGAIN to a call that does not block. */
function isShutDatagram(cast: Cast, fd: number): boolean {
  const model = cast.fds.get(fd);
  return model instanceof PairModel && model.type === SOCK_DGRAM && (model.shut & 1) !== 0;
}

export function send(
  cast: Cast,
  fd: number,
  model: Model,
  length: number,
  flags: number,
  call: "fd_write" | "sendto" = "sendto",
): void {
  const { player } = cast;
  const nonblocking = model.nonblocking || (flags & MSG_DONTWAIT) !== 0;
  const quiet = (flags & MSG_NOSIGNAL) !== 0;
  const promised = promise(cast, fd, POLLOUT, nonblocking) && length <= 4096;
  const waiting: Waiting = {
    blocks: () => model.sendBlocks(length, player.done),
    nonblocking,
    deadline: player.host.now + model.sendTimeout,
    restarts: model.sendTimeout === Infinity,
  };
  const number = cast.nextPiece();
  player.payload = number;
  const isPiece = model instanceof DatagramModel || (model instanceof PairModel && model.type !== SOCK_STREAM);
  if (isPiece) player.guest.fill(length, number, 0);
  else player.guest.fill(length, model.outKey, model instanceof PipeEnd ? model.pipe.written : model.sent);
  const { result, reason } = player.perform(waiting, () =>
    call === "fd_write"
      ? player.guest.transfer(call, fd, length)
      : player.guest.call(call, fd, BUFFER, length, flags, 0, 0),
  );
  const what = `${call}(${fd}, ${length}, ${flags}) ${model.name}`;
  checkSent(cast, what, model, length, result, quiet, reason);
  player.need(!promised || result !== -errno.EAGAIN, `${what} gives EAGAIN after poll() has said POLLOUT`);
  if (model instanceof PairModel && result >= 0) {
    model.deliver(number, result);
    if (!isPiece) model.sent += result;
  }
}

function checkSent(
  cast: Cast,
  what: string,
  model: Model,
  length: number,
  result: number,
  quiet: boolean,
  reason: Reason,
): void {
  const { player } = cast;
  if (model instanceof StreamModel && player.brokeInCall && result < 0) {
    // What could not even begin to be sent: the error is this call's.
    return cast.check(what, result, model.send(length, 0, quiet, reason));
  }
  if (model instanceof DatagramModel) {
    const refused = model.sendTo(length, null);
    return cast.check(what, result, refused ?? (player.verdict ? -player.verdict : length));
  }
  cast.check(what, result, model.send(length, model instanceof PairModel ? result : player.done, quiet, reason));
}

export function sendTo(cast: Cast, fd: number, model: DatagramModel, length: number, name: Name): void {
  const { player } = cast;
  const pointer = putName(player.host, model.domain, name);
  const number = cast.nextPiece();
  player.payload = number;
  player.guest.fill(length, number, 0);
  const bad = name.length > 128 || name.length < 0 ? -errno.EINVAL : name.what === "bad pointer" ? -errno.EFAULT : null;
  const unspec = name.family === "unspec" && bad === null && name.length >= 16;
  if (unspec) return;
  const wanted = bad ?? model.sendTo(length, name);
  const { result } = cast.perform(AT_ONCE, "sendto", fd, BUFFER, length, 0, pointer, name.length);
  cast.check(
    `sendto(${fd}, ${describe(name)}) ${model.name}`,
    result,
    wanted ?? (player.verdict ? -player.verdict : length),
  );
}
