// Calls as a guest makes them: arguments into its memory, results out of it. Owns where in guest memory what stands.

import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT } from "../../assembly/shared/poll.js";
import { SO_ERROR, SOL_SOCKET } from "../../assembly/shared/socket.js";
import { areBytes, fillBytes } from "./bytes.js";
import { BUFFER, type FakeHost, LENGTH } from "./fake-host.js";

/** Pages of guest memory that these calls need. */
export const PAGES = 4;
/** Longest send and receive. */
export const LARGEST = 131072 + 4096;

const SMALL = 2048;
const SUBSCRIPTIONS = 65536;
const EVENTS = 131072;
const SETS = 3072;
const TIME = 1600;

/** One descriptor's readiness. */
export interface Polled {
  readonly fd: number;
  readonly revents: number;
}

export class Guest {
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
  }

  call(name: string, ...args: number[]): number {
    return this.#host.core[name]!(...args);
  }

  /** A zero-terminated read of two descriptors that a call has written. */
  pair(): [number, number] {
    return [this.#host.view.getInt32(SMALL, true), this.#host.view.getInt32(SMALL + 4, true)];
  }

  get small(): number {
    return SMALL;
  }

  /** Puts bytes to be sent at BUFFER. */
  fill(length: number, key: number, position: number): void {
    fillBytes(new Uint8Array(this.#host.guest.buffer, BUFFER, length), key, position);
  }

  /** Whether what was received at BUFFER is right. */
  has(length: number, key: number, position: number): boolean {
    return areBytes(new Uint8Array(this.#host.guest.buffer, BUFFER, length), key, position);
  }

  /** read(2) and write(2) in two parts: bytes or -errno. */
  transfer(name: "fd_read" | "fd_write", fd: number, length: number): number {
    const { view } = this.#host;
    const half = length >> 1;
    view.setUint32(SMALL, BUFFER, true);
    view.setUint32(SMALL + 4, half, true);
    view.setUint32(SMALL + 8, BUFFER + half, true);
    view.setUint32(SMALL + 12, length - half, true);
    const errno = this.call(name, fd, SMALL, 2, SMALL + 32);
    return errno ? -errno : this.#host.view.getInt32(SMALL + 32, true);
  }

  /** getsockopt(2) of an int: its value or -errno. */
  option(fd: number, level: number, name: number): number {
    this.#host.view.setInt32(LENGTH, 4, true);
    const error = this.call("getsockopt", fd, level, name, SMALL, LENGTH);
    return error ? error : this.#host.view.getInt32(SMALL, true);
  }

  soError(fd: number): number {
    return this.option(fd, SOL_SOCKET, SO_ERROR);
  }

  /** Sets a struct timeval. */
  setTimeout(fd: number, name: number, milliseconds: number): number {
    const { view } = this.#host;
    view.setBigInt64(SMALL, BigInt(Math.floor(milliseconds / 1000)), true);
    view.setBigInt64(SMALL + 8, BigInt((milliseconds % 1000) * 1000), true);
    return this.call("setsockopt", fd, SOL_SOCKET, name, SMALL, 16);
  }

  setLinger(fd: number, name: number, on: number, seconds: number): number {
    this.#host.view.setInt32(SMALL, on, true);
    this.#host.view.setInt32(SMALL + 4, seconds, true);
    return this.call("setsockopt", fd, SOL_SOCKET, name, SMALL, 8);
  }

  #putTime(milliseconds: number): number {
    const { view } = this.#host;
    view.setBigInt64(TIME, BigInt(Math.floor(milliseconds / 1000)), true);
    view.setInt32(TIME + 8, (milliseconds % 1000) * 1e6, true);
    return TIME;
  }

  /** poll(2): the count or -errno. */
  poll(fds: readonly number[], events: number, milliseconds: number): number {
    const { view } = this.#host;
    fds.forEach((fd, i) => {
      view.setInt32(SUBSCRIPTIONS + i * 8, fd, true);
      view.setInt16(SUBSCRIPTIONS + i * 8 + 4, events, true);
      view.setInt16(SUBSCRIPTIONS + i * 8 + 6, 0x7fff, true);
    });
    const time = milliseconds === Infinity ? 0 : this.#putTime(milliseconds);
    return this.call("ppoll", SUBSCRIPTIONS, fds.length, time, 0);
  }

  /** What poll() has told of its descriptors. */
  polled(fds: readonly number[]): Polled[] {
    const { view } = this.#host;
    return fds.map((fd, i) => ({ fd, revents: view.getInt16(SUBSCRIPTIONS + i * 8 + 6, true) }));
  }

  /** select(2) without waiting: for each descriptor what it should have told if poll() was right. Null if all is well. */
  disputeOfSelect(polled: readonly Polled[]): string | null {
    const { view } = this.#host;
    const known = new Map(polled.filter(({ fd }) => fd >= 0).map(({ fd, revents }) => [fd, revents]));
    if ([...known.values()].some((revents) => revents & POLLNVAL)) return null;
    const words = 32;
    new Uint8Array(this.#host.guest.buffer, SETS, words * 8).fill(0);
    for (const fd of known.keys()) {
      const word = SETS + (fd >> 5) * 4;
      view.setUint32(word, view.getUint32(word, true) | (1 << (fd & 31)), true);
      view.setUint32(word + 128, view.getUint32(word + 128, true) | (1 << (fd & 31)), true);
    }
    const count = this.call("pselect", 1024, SETS, SETS + 128, 0, this.#putTime(0), 0);
    let sum = 0;
    for (const [fd, revents] of known) {
      const word = SETS + (fd >> 5) * 4;
      const [read, write] = [word, word + 128].map((at) => (view.getUint32(at, true) >>> (fd & 31)) & 1);
      sum += (read ?? 0) + (write ?? 0);
      const wanted = [revents & (POLLIN | POLLHUP | POLLERR) ? 1 : 0, revents & (POLLOUT | POLLERR) ? 1 : 0];
      if (read !== wanted[0] || write !== wanted[1])
        return `select says ${read},${write} of ${fd}, poll ${bits(revents)}`;
    }
    return sum === count ? null : `select counts ${count} of ${sum}`;
  }

  /** poll_oneoff without waiting, in the same way. */
  disputeOfOneoff(polled: readonly Polled[]): string | null {
    const { view } = this.#host;
    const asked = polled.filter(({ fd }) => fd >= 0);
    new Uint8Array(this.#host.guest.buffer, SUBSCRIPTIONS, (asked.length * 2 + 1) * 48).fill(0);
    asked.forEach(({ fd }, i) => {
      for (const tag of [1, 2]) {
        const at = SUBSCRIPTIONS + (i * 2 + tag) * 48;
        view.setBigUint64(at, BigInt(i * 2 + tag), true);
        view.setUint8(at + 8, tag);
        view.setUint32(at + 16, fd, true);
      }
    });
    view.setUint32(SUBSCRIPTIONS + 16, 1, true);
    const errno = this.call("poll_oneoff", SUBSCRIPTIONS, EVENTS, asked.length * 2 + 1, SMALL);
    if (errno) return `poll_oneoff gives errno ${errno}`;
    const told = new Set<number>();
    for (let i = 0; i < view.getUint32(SMALL, true); i++) told.add(Number(view.getBigUint64(EVENTS + i * 32, true)));
    const always = POLLHUP | POLLERR | POLLNVAL;
    for (const [i, { fd, revents }] of asked.entries()) {
      const read = (revents & (POLLIN | always)) !== 0;
      const write = (revents & (POLLOUT | always)) !== 0;
      if (told.has(i * 2 + 1) !== read || told.has(i * 2 + 2) !== write) {
        return `poll_oneoff says ${told.has(i * 2 + 1)},${told.has(i * 2 + 2)} of ${fd}, poll ${bits(revents)}`;
      }
    }
    return (told.has(0) ? told.size === 1 : told.size > 0)
      ? null
      : "poll_oneoff tells of its clock beside a descriptor";
  }
}

const NAMES: readonly [number, string][] = [
  [POLLIN, "IN"],
  [POLLOUT, "OUT"],
  [POLLERR, "ERR"],
  [POLLHUP, "HUP"],
  [POLLNVAL, "NVAL"],
  [0x400, "RDHUP"],
];

/** poll's bits by name. */
export function bits(revents: number): string {
  return (
    NAMES.filter(([bit]) => revents & bit)
      .map(([, name]) => name)
      .join(",") || "none"
  );
}
