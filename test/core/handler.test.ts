// What a signal handler may do to the call that it interrupts.

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EAGAIN, EBADF, EDESTADDRREQ, EINTR, EOPNOTSUPP } from "../../assembly/shared/errno.js";
import { EVENT_BOUND, EVENT_DATA, EVENT_LISTENING, EVENT_SIGNAL } from "../../assembly/shared/event.js";
import { REQUEST_BIND, REQUEST_CONNECT, REQUEST_LISTEN, REQUEST_RECEIVE } from "../../assembly/shared/request.js";
import { DISPOSITION_CATCH, SA_RESTART, SIGUSR1 } from "../../assembly/shared/signal.js";
import {
  AF_INET,
  AF_UNIX,
  MSG_DONTWAIT,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
} from "../../assembly/shared/socket.js";
import { BUFFER, FakeHost, LOCAL, NAME } from "./fake-host.js";
import { Guest, PAGES } from "./guest.js";
import { handlerEntry } from "./handler-entry.js";

const test = suite("handlers");

interface Case {
  readonly name: string;
  /** Opens what the call is about: its descriptor. */
  open(host: FakeHost, guest: Guest): number;
  call(guest: Guest, fd: number): number;
  /** What it gives on a datagram socket that does not block. */
  readonly anew: number;
}

function pair(guest: Guest, type: number): [number, number] {
  guest.call("socketpair", AF_UNIX, type, 0, guest.small);
  return guest.pair();
}

function pipe(guest: Guest): [number, number] {
  guest.call("pipe2", guest.small, 0);
  return guest.pair();
}

function listener(host: FakeHost): number {
  host.answer = ({ op, id }) => {
    if (op === REQUEST_LISTEN) host.tell(EVENT_LISTENING, id, 0, 0, LOCAL);
    if (op === REQUEST_BIND) host.tell(EVENT_BOUND, id, 0, 0, LOCAL);
  };
  const fd = host.tcp();
  host.core["listen"]!(fd, 1);
  return fd;
}

function fullPair(guest: Guest, type: number): number {
  const [one] = pair(guest, type);
  while (guest.call("sendto", one, BUFFER, 60000, MSG_DONTWAIT, 0, 0) >= 0);
  return one;
}

function fullPipe(guest: Guest): number {
  const [, write] = pipe(guest);
  guest.transfer("fd_write", write, 65536);
  return write;
}

const receive = (guest: Guest, fd: number): number => guest.call("recvfrom", fd, BUFFER, 10, 0, 0, 0);
const send = (guest: Guest, fd: number): number => guest.call("sendto", fd, BUFFER, 60000, 0, 0, 0);

const CASES: readonly Case[] = [
  { name: "recv, TCP", open: (host) => host.connected().fd, call: receive, anew: EAGAIN },
  { name: "recv, UDP", open: (_, guest) => guest.call("socket", AF_INET, SOCK_DGRAM, 0), call: receive, anew: EAGAIN },
  { name: "recv, pair", open: (_, guest) => pair(guest, SOCK_STREAM)[0], call: receive, anew: EAGAIN },
  { name: "recv, datagram pair", open: (_, guest) => pair(guest, SOCK_DGRAM)[0], call: receive, anew: EAGAIN },
  { name: "send, pair", open: (_, guest) => fullPair(guest, SOCK_STREAM), call: send, anew: EDESTADDRREQ },
  { name: "send, datagram pair", open: (_, guest) => fullPair(guest, SOCK_DGRAM), call: send, anew: EDESTADDRREQ },
  {
    name: "accept",
    open: (host) => listener(host),
    call: (guest, fd) => guest.call("accept4", fd, 0, 0, 0),
    anew: EOPNOTSUPP,
  },
  {
    name: "read, pipe",
    open: (_, guest) => pipe(guest)[0],
    call: (guest, fd) => guest.transfer("fd_read", fd, 10),
    anew: EAGAIN,
  },
  {
    name: "write, pipe",
    open: (_, guest) => fullPipe(guest),
    call: (guest, fd) => guest.transfer("fd_write", fd, 10),
    anew: EDESTADDRREQ,
  },
  { name: "read, standard input", open: () => 0, call: (guest, fd) => guest.transfer("fd_read", fd, 10), anew: EAGAIN },
];

async function interrupted(flags: number, handler: (guest: Guest) => void): Promise<{ host: FakeHost; guest: Guest }> {
  const exports = {
    memory: new WebAssembly.Memory({ initial: PAGES }),
    __hawser_signal: await handlerEntry(() => handler(guest)),
  };
  const host = await FakeHost.create(exports);
  const guest = new Guest(host);
  guest.call("sigaction", SIGUSR1, DISPOSITION_CATCH, flags, 0, 0);
  return { host, guest };
}

for (const { name, open, call, anew } of CASES) {
  for (const flags of [0, SA_RESTART]) {
    test(`${name}: a handler ${flags ? "with" : "without"} SA_RESTART closes the descriptor`, async () => {
      let fd = -1;
      const { host, guest } = await interrupted(flags, (closer) => {
        assert.is(closer.call("fd_close", fd), 0);
      });
      fd = open(host, guest);
      host.steps.push(() => host.tell(EVENT_SIGNAL, 0, SIGUSR1));
      assert.is(call(guest, fd), flags ? -EBADF : -EINTR);
      assert.is(guest.call("dup", fd), -EBADF);
    });
  }

  test(`${name}: a handler with SA_RESTART puts another description there, and the call is about that`, async () => {
    let fd = -1;
    const { host, guest } = await interrupted(SA_RESTART, (closer) => {
      assert.is(closer.call("fd_close", fd), 0);
      assert.is(closer.call("socket", AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), fd);
    });
    fd = open(host, guest);
    host.steps.push(() => host.tell(EVENT_SIGNAL, 0, SIGUSR1));
    assert.is(call(guest, fd), -anew);
  });
}

test("connect, AF_UNIX: a handler closes the descriptor", async () => {
  let fd = -1;
  const { host, guest } = await interrupted(0, (closer) => {
    assert.is(closer.call("fd_close", fd), 0);
  });
  const sockets = host.core.kernel_sockets();
  const heap = host.core.kernel_heap();
  fd = guest.call("socket", AF_UNIX, SOCK_STREAM, 0);
  host.view.setUint16(NAME, AF_UNIX, true);
  host.view.setUint16(NAME + 2, 0x732f, true);
  host.answer = ({ op, id }) => {
    if (op === REQUEST_CONNECT) host.tell(EVENT_BOUND, id);
  };
  host.steps.push(() => host.tell(EVENT_SIGNAL, 0, SIGUSR1));
  assert.is(guest.call("connect", fd, NAME, 5), -EINTR);
  guest.call("sched_yield");
  assert.is(host.core.kernel_sockets(), sockets);
  assert.is(host.core.kernel_heap(), heap);
});

test("a handler may take what the call waits for, and may wait itself", async () => {
  let fd = -1;
  let taken = 0;
  const { host, guest } = await interrupted(SA_RESTART, (taker) => {
    host.steps.unshift(() => {
      const lent = host.last(REQUEST_RECEIVE);
      host.tell(EVENT_DATA, lent.id, 5);
    });
    taken = receive(taker, fd);
  });
  fd = host.connected().fd;
  host.steps.push(
    () => host.tell(EVENT_SIGNAL, 0, SIGUSR1),
    () => host.tell(EVENT_DATA, host.last(REQUEST_RECEIVE).id, 7),
  );
  assert.is(receive(guest, fd), 7);
  assert.is(taken, 5);
  assert.is(guest.call("recvfrom", fd, BUFFER, 10, MSG_DONTWAIT, 0, 0), -EAGAIN);
});

test.run();
