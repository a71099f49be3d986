// What the guest's steps of a script work on: the player, the open descriptors, and how a result is compared.

import * as errno from "../../assembly/shared/errno.js";
import { type Expected, isAsExpected, type Model, type Reason } from "./model.js";
import { TerminalModel } from "./model-pipe.js";
import { AT_ONCE, type Player, type Waiting } from "./player.js";
import { Violation } from "./wire.js";

/** What the core's buffers hold, as getsockopt(2) tells it of a fresh socket. */
export interface Rooms {
  readonly send: number;
  readonly receive: number;
}

/** Descriptors from here on are not the script's. */
export const KEPT = 900;

export class Cast {
  readonly player: Player;
  readonly rooms: Rooms;
  /** Open descriptors. */
  readonly fds = new Map<number, Model>();
  #pieces = 0;

  constructor(player: Player, rooms: Rooms) {
    this.player = player;
    this.rooms = rooms;
  }

  /** The descriptors that a script plays with. */
  get open(): number[] {
    return [...this.fds.keys()].filter((fd) => fd < KEPT).sort((one, other) => one - other);
  }

  /** Installs a description. */
  install(fd: number, model: Model): void {
    this.fds.set(fd, model);
    model.references++;
    model.onPipe = () => this.player.pipes++;
  }

  /** The lowest free descriptor at or above `from`. */
  lowest(from = 0): number {
    let fd = from;
    while (this.fds.has(fd)) fd++;
    return fd;
  }

  /** A descriptor for a step: rarely one that is not open, mostly one that the script itself has made. */
  pick(draw: number): number {
    if (draw % 64 === 63) return 77;
    const { open } = this;
    const made = draw % 8 === 0 ? [] : open.filter((fd) => !(this.fds.get(fd) instanceof TerminalModel));
    const from = made.length > 0 ? made : open;
    return from[draw % from.length] ?? 0;
  }

  /** A number for the next piece of data. */
  nextPiece(): number {
    this.#pieces = (this.#pieces + 1) % 200;
    return this.#pieces;
  }

  /** Writes a call into the trace, and complains if it did not give what it should. */
  check(what: string, actual: number, expected: Expected): void {
    const right = isAsExpected(actual, expected);
    this.player.say(`${what} = ${actual}${right ? "" : `, not ${JSON.stringify(expected)}`}`);
    if (!right) throw new Violation(`${what} gives ${nameOf(actual)}, not ${namesOf(expected)}`);
  }

  /** Makes a call that may wait. */
  perform(waiting: Waiting, call: string, ...args: number[]): { result: number; reason: Reason } {
    return this.player.perform(waiting, () => this.player.guest.call(call, ...args));
  }

  /** Makes a call that does not wait and has one right result. */
  simply(what: string, expected: Expected, call: string, ...args: number[]): void {
    this.check(what, this.perform(AT_ONCE, call, ...args).result, expected);
  }
}

function nameOf(result: number): string {
  if (result >= 0) return String(result);
  return Object.entries(errno).find(([, number]) => number === -result)?.[0] ?? String(result);
}

function namesOf(expected: Expected): string {
  return typeof expected === "number" ? nameOf(expected) : expected.map(nameOf).join(" or ") || "what it gives";
}
