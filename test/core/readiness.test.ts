import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errno from "../../assembly/shared/errno.js";
import * as event from "../../assembly/shared/event.js";
import { FIONREAD } from "../../assembly/shared/fcntl.js";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDHUP } from "../../assembly/shared/poll.js";
import * as request from "../../assembly/shared/request.js";
import { AF_INET, AF_UNIX, MSG_PEEK, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_STREAM } from "../../assembly/shared/socket.js";
import { BUFFER, FakeHost, LENGTH, LOCAL, NAME, PEER } from "./fake-host.js";

const POLLFD = 2048;
const TIME = 2064;
const SUBSCRIPTIONS = 2100;
const EVENTS = 2300;
const STORED = 2500;

/** What ppoll() says now. */
function poll(host: FakeHost, fd: number, events: number): number {
  host.view.setInt32(POLLFD, fd, true);
  host.view.setInt16(POLLFD + 4, events, true);
  host.view.setBigInt64(TIME, 0n, true);
  host.view.setInt32(TIME + 8, 0, true);
  assert.ok(host.core["ppoll"]!(POLLFD, 1, TIME, 0) >= 0);
  return host.view.getInt16(POLLFD + 6, true);
}

/** One subscription beside a clock of no time: what its event says as poll()'s bits, 0 if there is none. */
function subscribed(host: FakeHost, fd: number, asked: number): number {
  const { view } = host;
  for (let at = SUBSCRIPTIONS; at < SUBSCRIPTIONS + 96; at += 4) view.setUint32(at, 0, true);
  view.setBigUint64(SUBSCRIPTIONS, 7n, true);
  view.setUint8(SUBSCRIPTIONS + 8, asked === POLLIN ? 1 : 2);
  view.setInt32(SUBSCRIPTIONS + 16, fd, true);
  view.setUint32(SUBSCRIPTIONS + 48 + 16, 1, true);
  assert.is(host.core["poll_oneoff"]!(SUBSCRIPTIONS, EVENTS, 2, STORED), 0);
  const count = view.getUint32(STORED, true);
  for (let at = EVENTS; at < EVENTS + 32 * count; at += 32) {
    if (view.getBigUint64(at, true) !== 7n) continue;
    assert.is(view.getUint8(at + 10), asked === POLLIN ? 1 : 2);
    if (view.getUint16(at + 8, true) === errno.EBADF) return POLLNVAL;
    return asked | (view.getUint16(at + 24, true) & 1 ? POLLHUP : 0);
  }
  return 0;
}

/** What poll()'s bits are to who knows ready, hang-up and no descriptor only. */
function asSubscribed(revents: number, asked: number): number {
  if (revents & POLLNVAL) return POLLNVAL;
  return revents === 0 ? 0 : asked | (revents & POLLHUP);
}

type State = readonly [name: string, open: (host: FakeHost) => number];

function refused(host: FakeHost): number {
  const fd = host.tcp(SOCK_NONBLOCK);
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  };
  host.core["connect"]!(fd, NAME, 16);
  host.tell(event.EVENT_FAILED, host.last(request.REQUEST_CONNECT).id, errno.ECONNREFUSED);
  return fd;
}

function pair(host: FakeHost, type: number): [number, number] {
  host.core["socketpair"]!(AF_UNIX, type, 0, BUFFER);
  return [host.view.getInt32(BUFFER, true), host.view.getInt32(BUFFER + 4, true)];
}

function pipe(host: FakeHost): [number, number] {
  host.core["pipe2"]!(BUFFER, 0);
  return [host.view.getInt32(BUFFER, true), host.view.getInt32(BUFFER + 4, true)];
}

const STATES: readonly State[] = [
  ["a fresh TCP socket", (host) => host.tcp()],
  ["a fresh UDP socket", (host) => host.core["socket"]!(AF_INET, SOCK_DGRAM, 0)],
  ["a connected socket", (host) => host.connected().fd],
  [
    "a socket with bytes",
    (host) => {
      const { fd, id } = host.connected();
      host.arrive(id, "abc");
      return fd;
    },
  ],
  [
    "a socket whose peer has ended",
    (host) => {
      const { fd, id } = host.connected();
      host.tell(event.EVENT_END, id);
      return fd;
    },
  ],
  [
    "a socket that was reset",
    (host) => {
      const { fd, id } = host.connected();
      host.tell(event.EVENT_FAILED, id, errno.ECONNRESET);
      return fd;
    },
  ],
  ["a refused attempt", refused],
  ["one of a pair", (host) => pair(host, SOCK_STREAM)[0]],
  [
    "one of a pair whose other is closed",
    (host) => {
      const [fd, other] = pair(host, SOCK_STREAM);
      host.core["fd_close"]!(other);
      return fd;
    },
  ],
  [
    "one of a datagram pair with a datagram",
    (host) => {
      const [fd, other] = pair(host, SOCK_DGRAM);
      host.core["sendto"]!(other, BUFFER, 3, 0, 0, 0);
      return fd;
    },
  ],
  ["a pipe's read end", (host) => pipe(host)[0]],
  ["a pipe's write end", (host) => pipe(host)[1]],
  [
    "a pipe's read end without a writer",
    (host) => {
      const [fd, writer] = pipe(host);
      host.core["fd_close"]!(writer);
      return fd;
    },
  ],
  [
    "a pipe's write end without a reader",
    (host) => {
      const [reader, fd] = pipe(host);
      host.core["fd_close"]!(reader);
      return fd;
    },
  ],
  ["standard input", () => 0],
  ["standard output", () => 1],
  ["no descriptor", () => 77],
];

for (const [name, open] of STATES) {
  test(`poll_oneoff says what poll says of ${name}`, async () => {
    const host = await FakeHost.create();
    const fd = open(host);
    for (const asked of [POLLIN, POLLOUT]) {
      const revents = poll(host, fd, asked);
      assert.is(revents & ~(asked | POLLERR | POLLHUP | POLLNVAL), 0);
      assert.is(subscribed(host, fd, asked), asSubscribed(revents, asked), asked === POLLIN ? "input" : "output");
    }
  });
}

/** Loans of receive memory so far. */
function loans(host: FakeHost): number {
  return host.asked.filter(({ op }) => op === request.REQUEST_RECEIVE).length;
}

test("a connection that comes in together with listen's answer is there to accept", async () => {
  const host = await FakeHost.create();
  const fd = host.tcp();
  host.answer = ({ op, id }) => {
    if (op !== request.REQUEST_LISTEN) return;
    host.tell(event.EVENT_LISTENING, id, 0, 0, LOCAL);
    host.tell(event.EVENT_INCOMING, id, 7, 0, LOCAL, PEER);
  };
  assert.is(host.core["listen"]!(fd, 1), 0);
  assert.ok(host.core["accept4"]!(fd, 0, 0, 0) > fd);
  assert.is(host.last(request.REQUEST_ADOPT).a, 7);
});

test("who asks for the peer's end has the host look behind unread bytes, who asks for input has not", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "abc");
  assert.is(poll(host, fd, POLLIN | POLLOUT), POLLIN | POLLOUT);
  assert.is(loans(host), 1);
  assert.is(poll(host, fd, POLLIN | POLLRDHUP), POLLIN);
  assert.is(loans(host), 2);
  const [first, second] = host.asked.filter(({ op }) => op === request.REQUEST_RECEIVE);
  assert.is(second?.a, (first?.a ?? 0) + 3);
  assert.is(second?.b, (first?.b ?? 0) - 3);
  assert.is(poll(host, fd, POLLRDHUP), 0);
  assert.is(loans(host), 2);
  host.tell(event.EVENT_END, id);
  assert.is(poll(host, fd, POLLIN | POLLRDHUP), POLLIN | POLLRDHUP);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), 3);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), 0);
});

test("bytes that come behind unread ones join them, however much was read meanwhile", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "abc");
  host.answer = ({ op }) => {
    if (op === request.REQUEST_TURN && loans(host) === 2) host.arrive(id, "defg");
  };
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, MSG_PEEK, 0, 0), 7);
  assert.is(host.text(BUFFER, 7), "abcdefg");
  host.answer = () => {};
  poll(host, fd, POLLRDHUP);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), 7);
  host.arrive(id, "hi");
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), 2);
  assert.is(host.text(BUFFER, 2), "hi");
});

test("a broken connection is told behind its last bytes, which are read first", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "abc");
  poll(host, fd, 0);
  host.tell(event.EVENT_FAILED, id, errno.ECONNRESET);
  assert.is(poll(host, fd, 0), POLLERR | POLLHUP);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), 3);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), -errno.ECONNRESET);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 9, 0, 0, 0), 0);
});

test("FIONREAD counts what has come in behind what it counted before", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "abc");
  host.answer = ({ op }) => {
    if (op === request.REQUEST_TURN && loans(host) === 2) host.arrive(id, "de");
  };
  assert.is(host.core["ioctl"]!(fd, FIONREAD, LENGTH), 0);
  assert.is(host.view.getInt32(LENGTH, true), 5);
});

test.run();
