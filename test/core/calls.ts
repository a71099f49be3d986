// The guest's steps of a script: each makes a call on the core, asks the model what it may give, and compares. Owns which step
// is which call.

import * as errno from "../../assembly/shared/errno.js";
import { F_DUPFD, F_GETFL, F_SETFL, O_NONBLOCK } from "../../assembly/shared/fcntl.js";
import { MSG_DONTWAIT, MSG_NOSIGNAL, MSG_PEEK, MSG_WAITALL } from "../../assembly/shared/socket.js";
import { receive, send, sendTo } from "./calls-data.js";
import { EVERYTHING, poll, polls } from "./calls-poll.js";
import {
  accept,
  bind,
  connect,
  domainOf,
  linger,
  listen,
  option,
  peerName,
  shutdown,
  soError,
  timeout,
} from "./calls-socket.js";
import { close, dup2, newPair, newPipe, newSocket } from "./calls-table.js";
import type { Cast } from "./cast.js";
import { BUFFER } from "./fake-host.js";
import { LARGEST } from "./guest.js";
import type { Model } from "./model.js";
import { DatagramModel } from "./model-datagram.js";
import { StreamModel } from "./model-stream.js";
import { pickName } from "./names.js";
import { AT_ONCE } from "./player.js";
import { HOST_STEPS, type Step } from "./step.js";

const SIZES = [0, 1, 2, 5, 33, 100, 1000, 4096, 4097, 20000, 65536, 70000, 131072, LARGEST];

/** What the network calls a state. */
const PHASES = { closed: "idle", connecting: "attempting", connected: "connected", listening: "listening" };

function size(draw: number): number {
  return SIZES[draw % SIZES.length] ?? 1;
}

/** Makes a step. */
export function make(cast: Cast, step: Step): void {
  if (HOST_STEPS.has(step.op)) {
    cast.player.happenings.happen(step);
    // An attempt's end has to be seen before the network says anything else of it.
    if (step.op === "time") cast.perform(AT_ONCE, "sched_yield");
    return;
  }
  const { a, b } = step;
  if (step.op === "socket") return newSocket(cast, a, b);
  if (step.op === "pair") return newPair(cast, a, b);
  if (step.op === "pipe") return newPipe(cast, b);
  const fd = cast.pick(a);
  const model = cast.fds.get(fd);
  if (step.op === "polls") return polls(cast);
  if (model === undefined) return closed(cast, fd, step);
  const { calls } = cast.player;
  onDescriptor(cast, fd, model, step);
  // Time that has passed is seen by the next call.
  const looked = cast.player.calls > calls;
  cast.player.need(!looked || !brokenPromise(cast, model), "core and network do not agree about the state");
}

/** Whether the network knows another state than the guest. */
function brokenPromise(cast: Cast, model: Model): boolean {
  if (!(model instanceof StreamModel) || model.references === 0) return false;
  const line = cast.player.wire.lineOf(model);
  if (line === undefined) return true;
  if (model.isUnix && model.state === "connected") return false;
  return line.phase !== PHASES[model.state];
}

function closed(cast: Cast, fd: number, { op }: Step): void {
  const posix = ["connect", "bind", "recvfrom", "sendto", "shutdown", "listen", "accept4", "dup", "getpeername"];
  const call = posix[op.length % posix.length] ?? "dup";
  cast.simply(`${call}(${fd})`, -errno.EBADF, call, fd, 0, 0, 0, 0, 0);
}

function onDescriptor(cast: Cast, fd: number, model: Model, step: Step): void {
  const { a, b, c } = step;
  switch (step.op) {
    case "dup": {
      const copy = cast.lowest();
      cast.simply(`dup(${fd})`, copy, "dup", fd);
      return cast.install(copy, model);
    }
    case "dup2":
      return dup2(cast, fd, model, b % 24);
    case "dupfd": {
      const copy = cast.lowest(b % 24);
      cast.simply(`fcntl(${fd}, F_DUPFD, ${b % 24})`, copy, "fcntl", fd, F_DUPFD, b % 24);
      return cast.install(copy, model);
    }
    case "close":
      return close(cast, fd);
    case "nonblock":
      cast.simply(`fcntl(${fd}, F_SETFL, ${b & 1})`, 0, "fcntl", fd, F_SETFL, b & 1 ? O_NONBLOCK : 0);
      model.nonblocking = (b & 1) !== 0;
      return;
    case "flags": {
      const { result } = cast.perform(AT_ONCE, "fcntl", fd, F_GETFL, 0);
      cast.check(`fcntl(${fd}, F_GETFL)`, result & O_NONBLOCK, model.nonblocking ? O_NONBLOCK : 0);
      return;
    }
    case "read":
      return receive(cast, fd, model, size(b), 0, "fd_read");
    case "write":
      return send(cast, fd, model, size(b), 0, "fd_write");
    case "poll":
      return poll(cast, [fd], (b & 7) === 0 ? EVERYTHING : EVERYTHING & b, c);
  }
  if (!model.isSocket) {
    const calls = ["connect", "sendto", "recvfrom", "listen", "getsockname"];
    const call = calls[a % calls.length] ?? "connect";
    return cast.simply(`${call}(${fd})`, -errno.ENOTSOCK, call, fd, BUFFER, 16, 0, 0, 0);
  }
  onSocket(cast, fd, model, step);
}

function onSocket(cast: Cast, fd: number, model: Model, { op, b, c }: Step): void {
  switch (op) {
    case "recv":
      return receive(cast, fd, model, size(b), (c & 3) === 0 ? MSG_DONTWAIT : (c & 3) === 1 ? MSG_WAITALL : 0);
    case "peek":
      return receive(cast, fd, model, size(b), MSG_PEEK | (c & 1 ? MSG_DONTWAIT : 0));
    case "send":
      return send(cast, fd, model, size(b), (c & 1 ? MSG_NOSIGNAL : 0) | (c & 2 ? MSG_DONTWAIT : 0));
    case "error":
    case "soerror":
      return soError(cast, fd, model);
    case "option":
      return option(cast, fd, model, b);
    case "timeout":
      return timeout(cast, fd, model, b);
    case "shutdown":
      return shutdown(cast, fd, model, b % 4);
    case "connect":
      return connect(cast, fd, model, pickName(domainOf(model), b));
    case "sendto":
      if (model instanceof DatagramModel) sendTo(cast, fd, model, size(c) % 3000, pickName(model.domain, b));
      return;
    case "bind":
      return bind(cast, fd, model, b);
    case "listen":
      return listen(cast, fd, model);
    case "accept":
      return accept(cast, fd, model, b);
    case "peername":
      return peerName(cast, fd, model);
    case "linger":
      return linger(cast, fd, model, b);
  }
}
