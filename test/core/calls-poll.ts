// Steps that look: poll alone, perhaps waiting, and poll, select and poll_oneoff of everything, which have to agree.

import { EINTR } from "../../assembly/shared/errno.js";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDHUP } from "../../assembly/shared/poll.js";
import type { Cast } from "./cast.js";
import { bits } from "./guest.js";
import type { Model } from "./model.js";
import { AT_ONCE, type Waiting } from "./player.js";
import { Violation } from "./wire.js";

/** All that can be asked for. */
export const EVERYTHING = POLLIN | POLLOUT | POLLRDHUP;

/** poll(2) of some descriptors, perhaps waiting. */
export function poll(cast: Cast, fds: readonly number[], events: number, draw: number): void {
  const { player } = cast;
  const { guest } = player;
  const milliseconds = draw % 4 === 0 ? Infinity : draw % 4 === 1 ? 70 : 0;
  const asked = events | POLLERR | POLLHUP | POLLNVAL;
  const isReady = (fd: number): boolean => {
    const model = cast.fds.get(fd);
    return model === undefined || (model.ready().must & asked) !== 0;
  };
  const waiting: Waiting = {
    blocks: () => !fds.some(isReady),
    nonblocking: milliseconds === 0,
    deadline: player.host.now + milliseconds,
    restarts: false,
  };
  const { result, reason } = player.perform(waiting, () => guest.poll(fds, events, milliseconds));
  const what = `poll(${fds.join(" ")}, ${bits(events)}, ${milliseconds})`;
  player.need(result >= 0 || reason === "signal", `${what} gives ${result} without a signal`);
  if (result < 0 || (result === 0 && reason === "signal")) return cast.check(what, result, -EINTR);
  player.need(result > 0 || reason !== null, `${what} gives 0 before its time`);
  const polled = guest.polled(fds);
  const count = polled.filter(({ revents }) => revents !== 0).length;
  cast.check(`${what} ${polled.map(({ fd, revents }) => `${fd}:${bits(revents)}`).join(" ")}`, result, count);
  for (const { fd, revents } of polled) checkReady(cast, what, fd, revents, asked);
}

function checkReady(cast: Cast, what: string, fd: number, revents: number, asked: number): void {
  const model = cast.fds.get(fd);
  const { must, may } = model === undefined ? { must: POLLNVAL, may: 0 } : model.ready();
  const all = must & asked;
  const right = (revents & all) === all && (revents & ~(all | (may & asked))) === 0;
  if (right) return;
  throw new Violation(
    `${what} says ${bits(revents)} of ${fd} ${model?.name}, not ${bits(all)} (perhaps ${bits(may & asked)})`,
  );
}

/** poll, select and poll_oneoff of everything that is open, duplicates too. */
export function polls(cast: Cast): void {
  const { guest } = cast.player;
  cast.perform(AT_ONCE, "sched_yield");
  const fds = [...cast.open, ...cast.open.slice(0, 2)];
  poll(cast, fds, EVERYTHING, 2);
  const polled = guest.polled(fds);
  const seen = new Map<Model | undefined, number>();
  for (const { fd, revents } of polled) {
    const model = cast.fds.get(fd);
    const before = seen.get(model) ?? revents;
    cast.player.need(before === revents, `poll says ${bits(before)} and ${bits(revents)} of the same ${model?.name}`);
    seen.set(model, revents);
  }
  for (const dispute of [guest.disputeOfSelect(polled), guest.disputeOfOneoff(polled)]) {
    cast.player.need(dispute === null, dispute ?? "");
  }
}
