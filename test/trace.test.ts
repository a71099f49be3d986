import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import wabt from "wabt";
import * as errno from "../assembly/shared/errno.js";
import * as fcntl from "../assembly/shared/fcntl.js";
import * as poll from "../assembly/shared/poll.js";
import { REQUEST_CONNECT } from "../assembly/shared/request.js";
import * as signal from "../assembly/shared/signal.js";
import * as socket from "../assembly/shared/socket.js";
import { EVENT_CONNECTED } from "../assembly/shared/event.js";
import { interposerModule } from "../host/core.js";
import { hasJspi } from "../host/engine/jspi.js";
import { LocalGuest } from "../host/engine/local.js";
import { GuestExit } from "../host/exit.js";
import { interpose } from "../host/link.js";
import { loopbackNetwork } from "../host/loopback.js";
import { sinkFrom, sourceFrom } from "../host/stream.js";
import { Terminals } from "../host/terminals.js";
import { traceImports } from "../host/trace.js";
import { SENTENCES } from "../host/trace/error.js";
import { FakeHost, LENGTH, LOCAL, NAME, PEER } from "./core/fake-host.js";

type Told = (...args: (number | bigint)[]) => void;

/** A guest's memory with a trace over it. */
class Bench {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly lines: string[] = [];
  readonly view = new DataView(this.memory.buffer);
  readonly #imports = traceImports(
    () => this.memory,
    (line) => this.lines.push(line),
  ) as Record<string, Told>;

  /** The line of one call. */
  line(name: string, ...args: (number | bigint)[]): string {
    this.#imports[name]!(...args);
    return this.lines.at(-1)!;
  }

  bytes(at: number, bytes: string | readonly number[]): number {
    const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    new Uint8Array(this.memory.buffer).set(all, at);
    return all.length;
  }

  words(at: number, ...words: number[]): void {
    words.forEach((word, i) => {
      this.view.setInt32(at + 4 * i, word, true);
    });
  }

  inet(at: number, port: number, address: readonly number[]): void {
    this.view.setUint16(at, socket.AF_INET, true);
    this.view.setUint16(at + 2, port);
    this.bytes(at + 4, address);
  }
}

const A = 0x1000;
const B = 0x2000;
const C = 0x3000;

test("socket shows domain, type with its flags and protocol", () => {
  const bench = new Bench();
  const type = socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC;
  assert.is(
    bench.line("socket", socket.AF_INET, type, socket.IPPROTO_TCP, 3),
    "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 3",
  );
  assert.is(
    bench.line("socket", 77, 9, 0, -errno.EAFNOSUPPORT),
    "socket(0x4d /* AF_??? */, 0x9 /* SOCK_??? */, 0) = -1 EAFNOSUPPORT (Address family not supported by protocol)",
  );
});

test("connect shows the address of each family and the error in words", () => {
  const bench = new Bench();
  bench.inet(A, 6379, [127, 0, 0, 1]);
  assert.is(
    bench.line("connect", 3, A, 16, -errno.EINPROGRESS),
    "connect(3, {AF_INET, 127.0.0.1:6379}, 16) = -1 EINPROGRESS (Operation now in progress)",
  );
  bench.view.setUint16(A, socket.AF_INET6, true);
  bench.bytes(A + 8, [0xfe, 0x80, ...new Array<number>(13).fill(0), 1]);
  bench.view.setUint32(A + 24, 2, true);
  assert.is(bench.line("connect", 3, A, 32, 0), "connect(3, {AF_INET6, [fe80::1%2]:6379}, 32) = 0");
  bench.view.setUint16(A, socket.AF_UNIX, true);
  bench.bytes(A + 2, "/run/redis\0rest");
  assert.is(bench.line("connect", 3, A, 112, 0), 'connect(3, {AF_UNIX, "/run/redis"}, 112) = 0');
  bench.bytes(A + 2, "\0bus");
  assert.is(bench.line("connect", 3, A, 6, 0), 'connect(3, {AF_UNIX, @"bus"}, 6) = 0');
  bench.view.setUint16(A, socket.AF_UNSPEC, true);
  assert.is(bench.line("connect", 3, A, 2, 0), "connect(3, {AF_UNSPEC}, 2) = 0");
});

test("accept4 and the names show what they wrote, or the pointers where they failed", () => {
  const bench = new Bench();
  bench.inet(A, 51000, [10, 0, 0, 7]);
  bench.words(B, 16);
  assert.is(
    bench.line("accept4", 3, A, B, socket.SOCK_CLOEXEC, 4),
    "accept4(3, {AF_INET, 10.0.0.7:51000}, [16], SOCK_CLOEXEC) = 4",
  );
  assert.is(bench.line("accept4", 3, 0, 0, 0, 4), "accept4(3, NULL, NULL, 0) = 4");
  assert.is(
    bench.line("getpeername", 3, A, B, -errno.ENOTCONN),
    "getpeername(3, 0x1000, [16]) = -1 ENOTCONN (Transport endpoint is not connected)",
  );
});

test("bytes are escaped and cut, those received to what came", () => {
  const bench = new Bench();
  bench.bytes(A, 'HTTP/1.1 200 OK\r\n"\\\t\0\xff and much more of it');
  assert.is(
    bench.line("recvfrom", 3, A, 4096, socket.MSG_DONTWAIT, 0, 0, 17),
    'recvfrom(3, "HTTP/1.1 200 OK\\r\\n", 4096, MSG_DONTWAIT, NULL, NULL) = 17',
  );
  assert.is(
    bench.line("recvfrom", 3, A, 4096, 0, 0, 0, 312),
    'recvfrom(3, "HTTP/1.1 200 OK\\r\\n\\"\\\\\\t\\0\\303\\277 and much"..., 4096, 0, NULL, NULL) = 312',
  );
  bench.inet(B, 53, [9, 9, 9, 9]);
  assert.is(
    bench.line("sendto", 4, A, 4, socket.MSG_NOSIGNAL | 0x100000, B, 16, 4),
    'sendto(4, "HTTP", 4, MSG_NOSIGNAL|0x100000, {AF_INET, 9.9.9.9:53}, 16) = 4',
  );
  assert.is(
    bench.line("recvfrom", 3, A, 16, 0, 0, 0, -errno.EAGAIN),
    "recvfrom(3, 0x1000, 16, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
  );
});

test("reads and writes are read, readv, write, writev with the bytes that moved", () => {
  const bench = new Bench();
  bench.bytes(A, "hello world");
  bench.words(B, A, 5, A + 6, 100);
  bench.words(C, 8);
  assert.is(bench.line("fd_write", 1, B, 1, C, 0), 'write(1, "hello", 5) = 8');
  assert.is(
    bench.line("fd_read", 0, B, 2, C, 0),
    'readv(0, [{iov_base="hello", iov_len=5}, {iov_base="wor", iov_len=100}], 2) = 8',
  );
  assert.is(bench.line("fd_read", 0, B, 1, C, errno.EBADF), "read(0, 0x1000, 5) = -1 EBADF (Bad file descriptor)");
  assert.is(bench.line("fd_pread", 5, B, 1, 7n, C, 0), 'pread(5, "hello", 5, 7) = 8');
});

test("messages show name, vectors and flags", () => {
  const bench = new Bench();
  bench.inet(A, 9, [1, 2, 3, 4]);
  bench.bytes(A + 64, "abcdef");
  bench.words(B, A + 64, 6);
  bench.words(C, A, 16, B, 1, 0, 0, socket.MSG_TRUNC);
  const rest = "iov_len=6}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_TRUNC}";
  const head = "{msg_name={AF_INET, 1.2.3.4:9}, msg_namelen=16, msg_iov=[{iov_base=";
  assert.is(bench.line("sendmsg", 3, C, 0, 6), `sendmsg(3, ${head}"abcdef", ${rest}, 0) = 6`);
  assert.is(bench.line("recvmsg", 3, C, 0, 2), `recvmsg(3, ${head}"ab", ${rest}, 0) = 2`);
});

test("poll and select show what was asked for and what is ready", () => {
  const bench = new Bench();
  bench.words(A, 3, poll.POLLIN | (poll.POLLIN << 16), 4, poll.POLLIN | poll.POLLOUT);
  bench.view.setBigInt64(B, 2n, true);
  bench.words(B + 8, 500);
  assert.is(
    bench.line("ppoll", A, 2, B, 0, 1),
    "ppoll([{fd=3, events=POLLIN, revents=POLLIN}, {fd=4, events=POLLIN|POLLOUT}], 2, {tv_sec=2, tv_nsec=500}, NULL) = 1",
  );
  bench.words(C, 0b101000, 1);
  assert.is(bench.line("pselect", 33, C, 0, 0, 0, 0, 3), "pselect(33, [3 5 32], NULL, NULL, NULL, NULL) = 3");
  bench.view.setUint8(A + 8, 1);
  bench.words(A + 16, 7);
  bench.words(C, 1);
  assert.is(bench.line("poll_oneoff", A, B, 1, C, 0), "poll_oneoff([{fd=7, read}], 1) = 1");
});

test("options are told by level, name and value", () => {
  const bench = new Bench();
  bench.words(A, 1, 30);
  const { SOL_SOCKET } = socket;
  assert.is(
    bench.line("setsockopt", 3, socket.IPPROTO_TCP, socket.TCP_NODELAY, A, 4, 0),
    "setsockopt(3, IPPROTO_TCP, TCP_NODELAY, [1], 4) = 0",
  );
  assert.is(
    bench.line("setsockopt", 3, SOL_SOCKET, socket.SO_LINGER, A, 8, 0),
    "setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=30}, 8) = 0",
  );
  bench.words(A, errno.ECONNREFUSED);
  bench.words(B, 4);
  assert.is(
    bench.line("getsockopt", 3, SOL_SOCKET, socket.SO_ERROR, A, B, 0),
    "getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0",
  );
  bench.bytes(A, [239, 1, 2, 3, 0, 0, 0, 0]);
  assert.is(
    bench.line("setsockopt", 3, socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, A, 8, 0),
    "setsockopt(3, IPPROTO_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=239.1.2.3, imr_interface=0.0.0.0}, 8) = 0",
  );
});

test("descriptors, shutdown, signals, names and files have their names", () => {
  const bench = new Bench();
  const flags = fcntl.O_RDWR | fcntl.O_NONBLOCK;
  assert.is(
    bench.line("fcntl", 3, fcntl.F_GETFL, 0, flags),
    "fcntl(3, F_GETFL) = 0x14000004 (flags O_RDWR|O_NONBLOCK)",
  );
  assert.is(bench.line("fcntl", 3, fcntl.F_SETFL, flags, 0), "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0");
  bench.words(A, 17, 5);
  assert.is(bench.line("ioctl", 3, fcntl.FIONREAD, A, 0), "ioctl(3, FIONREAD, [17]) = 0");
  assert.is(bench.line("pipe2", A, fcntl.O_CLOEXEC, 0), "pipe2([17, 5], O_CLOEXEC) = 0");
  assert.is(bench.line("shutdown", 3, socket.SHUT_WR, 0), "shutdown(3, SHUT_WR) = 0");
  assert.is(bench.line("kill", 42, signal.SIGUSR1, 0), "kill(42, SIGUSR1) = 0");
  assert.is(
    bench.line(
      "sigaction",
      signal.SIGINT,
      signal.DISPOSITION_CATCH,
      signal.SA_RESTART,
      1 << (signal.SIGTERM - 1),
      0,
      0,
    ),
    "sigaction(SIGINT, {handler}, [TERM], SA_RESTART) = 0",
  );
  const length = bench.bytes(A, "localhost");
  bench.words(B, socket.AF_INET);
  bench.bytes(B + 4, [127, 0, 0, 1]);
  bench.words(B + 24, socket.AF_INET6);
  bench.bytes(B + 24 + 19, [1]);
  assert.is(
    bench.line("resolve", A, length, socket.AF_UNSPEC, B, 8, 2),
    'resolve("localhost", AF_UNSPEC, [127.0.0.1, ::1], 8) = 2',
  );
  bench.words(C, 5);
  assert.is(
    bench.line("path_open", 3, 1, A, length, 9, (1n << 1n) | (1n << 6n), 0n, 1, C, 0),
    'openat(3, "localhost", O_RDWR|O_CREAT|O_TRUNC|O_APPEND) = 5',
  );
  assert.is(bench.line("fd_close", 9, errno.EBADF), "close(9) = -1 EBADF (Bad file descriptor)");
  assert.is(bench.line("proc_exit", 3), "exit(3) = ?");
});

test("hostile arguments are told and never throw", async () => {
  const bench = new Bench();
  const hostile = [0, 1, -1, 0x7fffffff, -0x80000000, 0xfffc, 0x10000 - 2, 1024];
  new Uint8Array(bench.memory.buffer).fill(0xff, 0x8000);
  const trace = traceImports(
    () => null,
    (line) => assert.ok(line.length < 2000, line),
  ) as Record<string, Told>;
  const core = await coreSignatures();
  for (const [name, types] of core) {
    for (let i = 0; i < hostile.length * hostile.length; i++) {
      const args = types.map((wide, at) => {
        const value = hostile[(i + at * Math.floor(i / hostile.length)) % hostile.length]!;
        return wide ? BigInt(value) : value;
      });
      assert.ok(bench.line(name, ...args).length < 8000, name);
      trace[name]!(...args);
    }
  }
  assert.is(
    bench.line("sendto", 3, -16, 64, 0, 0x7fffffff, 16, -errno.EFAULT),
    "sendto(3, 0xfffffff0, 64, 0, 0x7fffffff, 16) = -1 EFAULT (Bad address)",
  );
});

/** For every function of the trace, whether each parameter is an i64. */
async function coreSignatures(): Promise<Map<string, boolean[]>> {
  const signatures = new Map<string, boolean[]>();
  const silent = new Proxy({}, { get: () => () => 0 }) as WebAssembly.ModuleImports;
  const heard: number[] = [];
  const trace = new Proxy(
    {},
    {
      get:
        () =>
        (...args: unknown[]) =>
          void heard.push(args.length),
    },
  );
  const faces = { core: silent, trace: trace as WebAssembly.ModuleImports };
  const { exports } = await WebAssembly.instantiate(await interposerModule(), faces);
  for (const [name, call] of Object.entries(exports)) {
    const take = call as (...args: unknown[]) => unknown;
    const wide: boolean[] = new Array<boolean>(take.length).fill(false);
    const attempt = (): boolean => {
      try {
        take(...wide.map((isWide) => (isWide ? 0n : 0)));
        return true;
      } catch {
        return false;
      }
    };
    for (let bits = 0; bits < 1 << wide.length && !attempt(); bits++) {
      wide.forEach((_, i) => {
        wide[i] = ((bits >> i) & 1) !== 0;
      });
    }
    signatures.set(
      name,
      new Array<boolean>(heard.at(-1)!).fill(false).map((_, i) => wide[i] ?? false),
    );
  }
  return signatures;
}

test("the sentences are those of the errno file", () => {
  const text = readFileSync("assembly/shared/errno.ts", "utf8");
  const rows = [...text.matchAll(/\/\*\* (.*)\. \*\/\nexport const (E\w+) = \d+;/g)];
  assert.equal(SENTENCES, Object.fromEntries(rows.map(([, sentence, name]) => [name, sentence])));
});

test("the trace serves every import of the interposer, and nothing else", async () => {
  const wanted = WebAssembly.Module.imports(await interposerModule())
    .filter(({ module }) => module === "trace")
    .map(({ name }) => name);
  assert.ok(wanted.length > 60);
  const served = traceImports(
    () => null,
    () => {},
  );
  assert.equal(Object.keys(served).sort(), wanted.sort());
});

test("behind the interposer the core works as before, and each call is told with its result", async () => {
  const host = await FakeHost.create();
  const lines: string[] = [];
  const trace = traceImports(
    () => host.guest,
    (line) => lines.push(line),
  );
  const face = (await interpose(host.core, trace)) as FakeHost["core"];
  const fd = face["socket"]!(socket.AF_INET, socket.SOCK_STREAM, 0);
  host.putName(6379);
  host.answer = ({ op, id }) => {
    if (op === REQUEST_CONNECT) host.tell(EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
  };
  assert.is(face["connect"]!(fd, NAME, 16), 0);
  assert.is(face["connect"]!(fd, NAME, 16), -errno.EISCONN);
  host.view.setInt32(LENGTH, 128, true);
  assert.is(face["getpeername"]!(fd, NAME, LENGTH), 0);
  assert.is(face["connect"]!(fd, -16, 16), -errno.EFAULT);
  host.steps.push(() => {});
  assert.throws(
    () => face["proc_exit"]!(7),
    (error: unknown) => error instanceof GuestExit,
  );
  assert.equal(lines, [
    `socket(AF_INET, SOCK_STREAM, 0) = ${fd}`,
    `connect(${fd}, {AF_INET, 127.0.0.1:6379}, 16) = 0`,
    `connect(${fd}, {AF_INET, 127.0.0.1:6379}, 16) = -1 EISCONN (Transport endpoint is already connected)`,
    `getpeername(${fd}, {AF_INET, 127.0.0.1:80}, [16]) = 0`,
    `connect(${fd}, 0xfffffff0, 16) = -1 EFAULT (Bad address)`,
    "exit(7) = ?",
  ]);
});

/** Connects to its own listener, both ends blocking, and sends itself five bytes. */
const SELF = `(module
  (import "posix" "socket" (func $socket (param i32 i32 i32) (result i32)))
  (import "posix" "bind" (func $bind (param i32 i32 i32) (result i32)))
  (import "posix" "listen" (func $listen (param i32 i32) (result i32)))
  (import "posix" "connect" (func $connect (param i32 i32 i32) (result i32)))
  (import "posix" "accept4" (func $accept (param i32 i32 i32 i32) (result i32)))
  (import "posix" "sendto" (func $send (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "posix" "recvfrom" (func $recv (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "posix" "ppoll" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "\\01\\00\\13\\88\\7f\\00\\00\\01")
  (data (i32.const 1064) "\\40\\4b\\4c")
  (data (i32.const 1100) "hello")
  (func (export "_start")
    (drop (call $socket (i32.const ${socket.AF_INET}) (i32.const ${socket.SOCK_STREAM}) (i32.const 0)))
    (drop (call $bind (i32.const 3) (i32.const 1024) (i32.const 16)))
    (drop (call $listen (i32.const 3) (i32.const 8)))
    (drop (call $poll (i32.const 0) (i32.const 0) (i32.const 1056) (i32.const 0)))
    (drop (call $socket (i32.const ${socket.AF_INET}) (i32.const ${socket.SOCK_STREAM}) (i32.const 0)))
    (drop (call $connect (i32.const 4) (i32.const 1024) (i32.const 16)))
    (drop (call $accept (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0)))
    (drop (call $send (i32.const 4) (i32.const 1100) (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0)))
    (drop (call $recv (i32.const 5) (i32.const 1200) (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 0)))
    (call $exit (i32.const 9))))`;

test("a traced guest waits through the interposer (jspi)", async () => {
  if (!hasJspi()) return;
  const wat = await wabt();
  const module = await WebAssembly.compile(new Uint8Array(wat.parseWat("self.wat", SELF).toBinary({}).buffer));
  const lines: string[] = [];
  const guest = await LocalGuest.create({
    network: loopbackNetwork(),
    terminals: new Terminals(sourceFrom("ignore"), [sinkFrom("ignore"), sinkFrom("ignore")]),
    provider: { imports: {}, start: () => {} },
    files: 16,
    connectTimeout: Number.POSITIVE_INFINITY,
    linger: 0,
    preopens: {},
    trace: (memory) => traceImports(memory, (line) => lines.push(line)),
  });
  const exit = await guest.run(await WebAssembly.instantiate(module, guest.imports));
  assert.equal(exit, { status: 9 });
  assert.equal(lines, [
    "socket(AF_INET, SOCK_STREAM, 0) = 3",
    "bind(3, {AF_INET, 127.0.0.1:5000}, 16) = 0",
    "listen(3, 8) = 0",
    "ppoll(NULL, 0, {tv_sec=0, tv_nsec=5000000}, NULL) = 0",
    "socket(AF_INET, SOCK_STREAM, 0) = 4",
    "connect(4, {AF_INET, 127.0.0.1:5000}, 16) = 0",
    "accept4(3, NULL, NULL, 0) = 5",
    'sendto(4, "hello", 5, 0, NULL, 0) = 5',
    'recvfrom(5, "hello", 64, 0, NULL, NULL) = 5',
    "exit(9) = ?",
  ]);
});

test.run();
