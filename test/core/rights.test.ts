import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errno from "../../assembly/shared/errno.js";
import * as events from "../../assembly/shared/event.js";
import { CAPABILITY_ALL, CAPABILITY_RIGHTS } from "../../assembly/shared/capability.js";
import * as requests from "../../assembly/shared/request.js";
import { AF_UNIX, MSG_CTRUNC, SCM_RIGHTS, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from "../../assembly/shared/socket.js";
import type { Address } from "../../host/address.js";
import { BUFFER, type Asked, FakeHost } from "./fake-host.js";

const MESSAGE = 2048;
const VECTOR = 2100;
const CONTROL = 2200;
const PAIR = 2300;
const UNIX: Address = { family: "unix", path: new TextEncoder().encode("/there") };

/** Writes a msghdr of one buffer with room for `fds` in its control data, and them into it. */
function putMessage(host: FakeHost, length: number, fds: readonly number[]): void {
  const { view } = host;
  const room = 12 + 4 * fds.length;
  [0, 0, VECTOR, 1, CONTROL, room, 0].forEach((word, i) => {
    view.setUint32(MESSAGE + 4 * i, word, true);
  });
  [BUFFER, length].forEach((word, i) => {
    view.setUint32(VECTOR + 4 * i, word, true);
  });
  [room, SOL_SOCKET, SCM_RIGHTS, ...fds].forEach((word, i) => {
    view.setInt32(CONTROL + 4 * i, word, true);
  });
}

function sendFds(host: FakeHost, socket: number, fds: readonly number[]): number {
  putMessage(host, 1, fds);
  return host.core["sendmsg"]!(socket, MESSAGE, 0);
}

/** Receives: the result, and the descriptors that came. */
function receiveFds(host: FakeHost, socket: number, room = 4): { result: number; fds: number[]; flags: number } {
  putMessage(host, 64, new Array<number>(room).fill(0));
  const result = host.core["recvmsg"]!(socket, MESSAGE, 0);
  const { view } = host;
  const size = view.getUint32(MESSAGE + 20, true);
  const fds: number[] = [];
  for (let at = 12; at < size; at += 4) fds.push(view.getInt32(CONTROL + at, true));
  return { result, fds, flags: view.getInt32(MESSAGE + 24, true) };
}

function pair(host: FakeHost, type: number): [number, number] {
  assert.is(host.core["socketpair"]!(AF_UNIX, type, 0, PAIR), 0);
  return [host.view.getInt32(PAIR, true), host.view.getInt32(PAIR + 4, true)];
}

/** A connected AF_UNIX stream of the network: its descriptor and id. */
function unixStream(host: FakeHost): { fd: number; id: number } {
  const fd = host.core["socket"]!(AF_UNIX, SOCK_STREAM, 0);
  const { view } = host;
  view.setUint16(1024, AF_UNIX, true);
  new Uint8Array(host.guest.buffer).set(new TextEncoder().encode("/there"), 1026);
  const before = host.answer;
  host.answer = ({ op, id }) => {
    if (op === requests.REQUEST_CONNECT) host.tell(events.EVENT_CONNECTED, id, 0, 0, UNIX, UNIX);
  };
  assert.is(host.core["connect"]!(fd, 1024, 8), 0);
  host.answer = before;
  return { fd, id: host.last(requests.REQUEST_CONNECT).id };
}

function closed(host: FakeHost): number {
  return host.asked.filter(({ op }) => op === requests.REQUEST_CLOSE).length;
}

test("what is in flight is bounded by the number of descriptors: EMFILE, and nothing is lost or kept by it", async () => {
  const host = await FakeHost.create();
  const [one, other] = pair(host, SOCK_STREAM);
  let sent = 0;
  let result = 1;
  while (result === 1 && sent < 5000) {
    result = sendFds(host, one, [0, 1, 2]);
    sent++;
  }
  assert.is(result, -errno.EMFILE);
  assert.ok(3 * sent > 1024 && 3 * sent < 1040, `${sent} messages`);
  const { result: got, fds } = receiveFds(host, other);
  assert.equal([got, fds], [1, [5, 6, 7]]);
  assert.is(sendFds(host, one, [0]), 1);
});

test("a network without the capability is EOPNOTSUPP before anything is sent; a pair needs no network", async () => {
  const host = await FakeHost.create();
  host.core.kernel_setcapabilities(CAPABILITY_ALL & ~CAPABILITY_RIGHTS);
  const { fd } = unixStream(host);
  assert.is(sendFds(host, fd, [0]), -errno.EOPNOTSUPP);
  assert.is(sendFds(host, fd, [99]), -errno.EBADF);
  const attached = host.asked.filter(({ op }) => op === requests.REQUEST_ATTACH || op === requests.REQUEST_SEND);
  assert.equal(attached, []);
  const [one, other] = pair(host, SOCK_DGRAM);
  assert.is(sendFds(host, one, [0]), 1);
  assert.is(receiveFds(host, other).fds.length, 1);
});

test("what the network refuses stays with the sender; what it takes and loses is closed", async () => {
  const host = await FakeHost.create();
  const { fd } = unixStream(host);
  const carried = host.tcp();
  let verdict: number = errno.EOPNOTSUPP;
  host.answer = ({ op, id }: Asked) => {
    if (op === requests.REQUEST_ATTACH) host.tell(events.EVENT_OPTION, id, verdict);
  };
  assert.is(sendFds(host, fd, [carried]), -errno.EOPNOTSUPP);
  assert.equal(host.asked.filter(({ op }) => op === requests.REQUEST_SEND).length, 0);
  verdict = 0;
  assert.is(sendFds(host, fd, [carried]), 1);
  const token = host.last(requests.REQUEST_ATTACH).a;
  assert.is(host.core["fd_close"]!(carried), 0);
  assert.is(closed(host), 0, "it is in flight");
  host.tell(events.EVENT_RIGHTS, 0, token);
  host.core["sched_yield"]!();
  assert.is(closed(host), 1);
});

test("descriptors come with the bytes that the network says, once, and to the socket that it says", async () => {
  const host = await FakeHost.create();
  const { fd, id } = unixStream(host);
  host.answer = ({ op, id: of }: Asked) => {
    if (op === requests.REQUEST_ATTACH) host.tell(events.EVENT_OPTION, of, 0);
  };
  const carried = host.tcp();
  assert.is(sendFds(host, fd, [carried, carried]), 1);
  const token = host.last(requests.REQUEST_ATTACH).a;
  assert.is(host.core["fd_close"]!(carried), 0);
  // Tokens that mean nothing, and one for a socket that is not there.
  for (const wrong of [0, -1, token + 1]) host.tell(events.EVENT_RIGHTS, id, wrong);
  host.tell(events.EVENT_RIGHTS, id, token, 2);
  host.arrive(id, "abcd");
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 2, 0, 0, 0), 2, "up to them");
  const { result, fds, flags } = receiveFds(host, fd, 1);
  assert.equal([result, fds, flags], [2, [carried], MSG_CTRUNC]);
  host.core["fd_close"]!(carried);
  assert.is(closed(host), 1);
  host.tell(events.EVENT_RIGHTS, id, token);
  host.core["sched_yield"]!();
  assert.is(closed(host), 1, "the token is spent");
});

test("a guest that ends does not wait for what a network never tells of", async () => {
  const host = await FakeHost.create();
  const { fd } = unixStream(host);
  host.answer = ({ op, id }: Asked) => {
    if (op === requests.REQUEST_ATTACH) host.tell(events.EVENT_OPTION, id, 0);
  };
  assert.is(sendFds(host, fd, [0, 1, 2]), 1);
  // One wait, by which the host has told what it closed.
  host.steps.push(() => {});
  host.core["kernel_close"]!();
  assert.is(host.core["kernel_sockets"]!(), 0);
});

test("with no descriptors in it, sendmsg() and recvmsg() ask no more of the host than send() and recv()", async () => {
  const host = await FakeHost.create();
  const { fd, id } = unixStream(host);
  host.arrive(id, "0123456789");
  host.callsOut;
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 1, 0, 0, 0), 1);
  assert.is(receiveFds(host, fd).result, 9);
  assert.is(host.callsOut, 0);
});

test.run();
