// Calls with arguments that no C library would make: whatever they are, the core does not trap, gives results and errnos only,
// writes nothing that it was not asked to write, and loses no memory.

import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as errnos from "../../assembly/shared/errno.js";
import * as event from "../../assembly/shared/event.js";
import * as request from "../../assembly/shared/request.js";
import {
  AF_INET,
  AF_UNIX,
  MSG_DONTWAIT,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
} from "../../assembly/shared/socket.js";
import { GuestExit, GuestSignal } from "../../host/exit.js";
import { type Asked, BUFFER, FakeHost, LENGTH, LOCAL, NAME, PEER } from "./fake-host.js";
import { Guest } from "./guest.js";
import { RUNS, replay } from "./seed.js";

const test = suite("hostile");

/** The functions with 64-bit parameters, and which those are. */
const WIDE: Readonly<Record<string, readonly number[]>> = {
  fd_advise: [1, 2],
  fd_allocate: [1, 2],
  fd_fdstat_set_rights: [1, 2],
  fd_filestat_set_size: [1],
  fd_filestat_set_times: [1, 2],
  fd_pread: [3],
  fd_pwrite: [3],
  fd_readdir: [3],
  fd_seek: [1],
  path_filestat_set_times: [4, 5],
  path_open: [5, 6],
};

const WASI = /^(fd_|path_|sock_|poll_oneoff$|sched_yield$|proc_)/;
const ERRNOS = new Set<number>(Object.values(errnos));
const PAGES = 2;
const END = PAGES * 65536;
const STOP = new Error("the call waits");

/** Every function that a guest can import, with how many arguments it takes. */
function faces(core: FakeHost["core"]): [string, number][] {
  return Object.entries(core as Record<string, unknown>)
    .filter(([name, value]) => typeof value === "function" && !name.startsWith("kernel_"))
    .map(([name, value]) => [name, (value as { length: number }).length]);
}

/** A network that does at once whatever it is asked for. */
function serve(host: FakeHost, { op, id, b, c }: Asked): void {
  if (op === request.REQUEST_BIND || op === request.REQUEST_DISCONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  else if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
  else if (op === request.REQUEST_LISTEN) host.tell(event.EVENT_LISTENING, id, 0, 0, LOCAL);
  else if (op === request.REQUEST_SEND) host.tell(event.EVENT_SENT, id, 0, b);
  else if (op === request.REQUEST_SENDTO) host.tell(event.EVENT_SENT, id, 0, 0);
  else if (op === request.REQUEST_MEMBERSHIP) host.tell(event.EVENT_OPTION, id, c & 1 ? errnos.EINVAL : 0);
  else if (op === request.REQUEST_RESOLVE) host.tell(event.EVENT_RESOLVED, id, 0, 0, PEER, PEER);
  else if (op === request.REQUEST_REVERSE) host.tell(event.EVENT_NAMED, id, 0, 0, PEER);
}

/** A core with something on every low descriptor, over a provider that says yes to everything and does nothing. */
class Target {
  readonly host: FakeHost;
  readonly #heap: number;
  readonly #sockets: number;

  private constructor(host: FakeHost) {
    this.host = host;
    const { core } = host;
    host.answer = (asked) => serve(host, asked);
    // What is kept once it was made: buffers of the terminals, the current directory, the last lookup.
    const guest = new Guest(host);
    for (let fd = 0; fd < 3; fd++) {
      core["fcntl"]!(fd, 0, 900);
      guest.transfer("fd_write", fd, 1);
      guest.poll([fd], 1, 0);
    }
    core["chdir"]!(BUFFER, 1);
    core["resolve"]!(BUFFER, 1, 0, BUFFER, 0);
    this.#heap = core.kernel_heap();
    this.#sockets = core.kernel_sockets();
  }

  static async create(): Promise<Target> {
    const yes = new Proxy({}, { get: () => () => 0 });
    const host = await FakeHost.create({}, false, { imports: yes, start: () => {} });
    return new Target(host);
  }

  /** Opens what the calls may hit upon. */
  open(): void {
    const { host } = this;
    const { core } = host;
    host.asked.length = 0;
    host.putName();
    core["connect"]!(core["socket"]!(AF_INET, SOCK_STREAM, 0), NAME, 16);
    host.putName();
    core["connect"]!(core["socket"]!(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), NAME, 16);
    core["socket"]!(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    core["listen"]!(5, 1);
    core["socketpair"]!(AF_UNIX, SOCK_STREAM, 0, NAME);
    core["sendto"]!(6, BUFFER, 100, 0, 0, 0);
    core["socketpair"]!(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, NAME);
    core["sendto"]!(8, BUFFER, 100, 0, 0, 0);
    core["pipe2"]!(NAME, 4);
    core.kernel_preopen(3);
  }

  /** Closes everything: nothing may be left. */
  close(): void {
    const { core } = this.host;
    for (let fd = 0; fd < 1024; fd++) if (fd < 900 || fd > 902) core["fd_close"]!(fd);
    for (let fd = 0; fd < 3; fd++) core["dup2"]!(900 + fd, fd);
    core["sched_yield"]!();
    // What the last lookup told is kept until the next.
    core["resolve"]!(BUFFER, 1, 0, BUFFER, 0);
    assert.is(core.kernel_sockets(), this.#sockets, "sockets");
    assert.is(core.kernel_heap(), this.#heap, "heap");
  }
}

/** Calls: its errno, if it is none that there is. */
function wrongResult(host: FakeHost, name: string, args: readonly number[]): string | null {
  const wide = WIDE[name] ?? [];
  const given = args.map((argument, i) => (wide.includes(i) ? BigInt(argument) * 0x10001n : argument));
  const result =
    (host.core as unknown as Record<string, (...args: unknown[]) => number | undefined>)[name]!(...given) ?? 0;
  const errno = WASI.test(name) ? result : result < 0 ? -result : 0;
  return errno === 0 || ERRNOS.has(errno) ? null : `${name}(${given.join(", ")}) gives ${result}`;
}

const ADDRESSES = [0, 1, 1023, 1024, NAME, LENGTH, BUFFER, 65535, END - 128, END - 16, END - 4, END - 1, END, -1, -16];
const argument = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1, max: 12 }) },
  { weight: 3, arbitrary: fc.constantFrom(...ADDRESSES) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(16, 28, 100, 1024, 4096, 0x7fffffff, -0x80000000, 0x4000, MSG_DONTWAIT, 0x142),
  },
  { weight: 1, arbitrary: fc.integer() },
);
const ARGUMENTS = 9;

test("no call traps, whatever its arguments are, and none gives anything but a result or an errno", async () => {
  let target: Target | null = await Target.create();
  const calls = faces(target.host.core);
  assert.ok(calls.length > 70);
  const step = fc.tuple(fc.constantFrom(...calls), fc.array(argument, { minLength: ARGUMENTS, maxLength: ARGUMENTS }));
  // What is found behind a pointer is no better: addresses, lengths, descriptors.
  const memory = fc.array(argument, { minLength: 64, maxLength: 64 });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), memory, async (steps, words) => {
    target ??= await Target.create();
    const played = target;
    // A call that waits is left where it is, and its core with it.
    target = null;
    const { host } = played;
    host.waiter = () => {
      throw STOP;
    };
    played.open();
    const view = new Int32Array(host.guest.buffer);
    for (let i = 0; i < view.length; i++) view[i] = words[i % words.length] ?? 0;
    try {
      for (const [[name, count], args] of steps) {
        const wrong = wrongResult(host, name, args.slice(0, count));
        assert.ok(wrong === null, wrong ?? "");
      }
    } catch (error) {
      if (error === STOP || error instanceof GuestExit || error instanceof GuestSignal) return;
      throw error;
    }
    host.waiter = () => {
      host.now += 1e7;
    };
    played.close();
    target = played;
  });
  await fc.assert(property, { ...replay, numRuns: Math.ceil(RUNS / 10), includeErrorInReport: true });
});

/** A call that writes: its arguments for room of `length` bytes at `at`, and what else it may write to. */
interface Writer {
  readonly name: string;
  readonly args: (at: number, length: number) => number[];
  /** Bytes at `at` that may change. */
  readonly bytes: (length: number) => number;
  /** Fixed places that may change besides. */
  readonly besides?: readonly (readonly [number, number])[];
}

const COUNT: readonly [number, number] = [LENGTH, 4];
const exact = (size: number) => (): number => size;
const same = (length: number): number => length;
const WRITERS: readonly Writer[] = [
  { name: "recvfrom", args: (at, length) => [7, at, length, MSG_DONTWAIT, 0, 0], bytes: same },
  {
    name: "recvfrom",
    args: (at, length) => [9, at, length, MSG_DONTWAIT, NAME, LENGTH],
    bytes: same,
    besides: [[NAME, 16], COUNT],
  },
  { name: "getsockname", args: (at) => [3, at, LENGTH], bytes: same, besides: [COUNT] },
  { name: "getpeername", args: (at) => [3, at, LENGTH], bytes: same, besides: [COUNT] },
  { name: "getsockopt", args: (at) => [3, 0x7fffffff, 13, at, LENGTH], bytes: same, besides: [COUNT] },
  { name: "socketpair", args: (at) => [AF_UNIX, SOCK_STREAM, 0, at], bytes: exact(8) },
  { name: "pipe2", args: (at) => [at, 0], bytes: exact(8) },
  { name: "gethostname", args: (at, length) => [at, length], bytes: same },
  { name: "resolve", args: (at, length) => [BUFFER, 4, 0, at, length >> 5], bytes: same },
  { name: "sigprocmask", args: (at) => [0, 0, at], bytes: exact(8) },
  { name: "sigpending", args: (at) => [at], bytes: exact(8) },
  { name: "getitimer", args: (at) => [0, at], bytes: exact(32) },
  { name: "ioctl", args: (at) => [7, 1, at], bytes: exact(4) },
  { name: "fd_fdstat_get", args: (at) => [3, at], bytes: exact(24) },
  { name: "fd_filestat_get", args: (at) => [3, at], bytes: exact(64) },
  { name: "accept4", args: (at) => [5, at, LENGTH, 0], bytes: same, besides: [COUNT] },
];
const PLACES = [1024, 1030, BUFFER + 4096, END - 200, END - 40, END - 9, END - 8, END - 4, END - 1, END];

test("a call writes where it was told to and nowhere else", async () => {
  const target = await Target.create();
  const { host } = target;
  const before = new Uint8Array(END);
  const property = fc.property(
    fc.constantFrom(...WRITERS),
    fc.constantFrom(...PLACES),
    fc.integer({ min: 0, max: 200 }),
    (writer, at, length) => {
      target.open();
      const bytes = new Uint8Array(host.guest.buffer);
      bytes.fill(0xee);
      host.view.setInt32(LENGTH, length, true);
      host.tell(event.EVENT_INCOMING, host.last(request.REQUEST_LISTEN).id, 1, 0, LOCAL, PEER);
      before.set(bytes);
      const wrong = wrongResult(host, writer.name, writer.args(at, length));
      assert.ok(wrong === null, wrong ?? "");
      const places: (readonly [number, number])[] = [[at, writer.bytes(length)], ...(writer.besides ?? [])];
      for (const [start, size] of places)
        before.set(bytes.subarray(start, Math.min(start + size, END)), Math.min(start, END));
      assert.is(Buffer.compare(before, bytes), 0, `${writer.name} at ${at} with ${length} writes elsewhere`);
      target.close();
    },
  );
  fc.assert(property, { ...replay, numRuns: Math.ceil(RUNS / 20), includeErrorInReport: true });
});

test.run();
