import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errno from "../../assembly/shared/errno.js";
import * as event from "../../assembly/shared/event.js";
import { POLLIN, POLLOUT } from "../../assembly/shared/poll.js";
import * as request from "../../assembly/shared/request.js";
import { MSG_DONTWAIT, MSG_NOSIGNAL, MSG_PEEK, MSG_WAITALL } from "../../assembly/shared/socket.js";
import { hasMultiMemory } from "../../host/link.js";
import { BUFFER, FakeHost } from "./fake-host.js";

const POLLFD = 2048;
const TIME = 2064;

function poll(host: FakeHost, fd: number, events: number, milliseconds: number): { ready: number; revents: number } {
  host.view.setInt32(POLLFD, fd, true);
  host.view.setInt16(POLLFD + 4, events, true);
  host.view.setBigInt64(TIME, BigInt(Math.floor(milliseconds / 1000)), true);
  host.view.setInt32(TIME + 8, (milliseconds % 1000) * 1e6, true);
  const ready = host.core["ppoll"]!(POLLFD, 1, TIME, 0);
  return { ready, revents: host.view.getInt16(POLLFD + 6, true) };
}

test("the joint: a recv that finds data and a poll that finds readiness call no JavaScript", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "hello world");
  host.callsOut;
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 5, 0, 0, 0), 5);
  assert.equal(poll(host, fd, POLLIN | POLLOUT, 1000), { ready: 1, revents: POLLIN | POLLOUT });
  assert.is(host.core["recvfrom"]!(fd, BUFFER + 5, 100, 0, 0, 0), 6);
  assert.is(host.text(BUFFER, 11), "hello world");
  const inWasm = await hasMultiMemory();
  // Deadlines of a finite poll read the clock; an infinite one needs none.
  const clocks = host.calls.get("clock") ?? 0;
  assert.is(host.callsOut - clocks, 0);
  assert.is(inWasm, Number(process.versions.node.split(".")[0]) >= 22);
});

test("recv() lends its buffer again only when it finds nothing", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  const lends = (): number => host.asked.filter(({ op }) => op === request.REQUEST_RECEIVE).length;
  assert.is(lends(), 1);
  host.arrive(id, "abc");
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 100, 0, 0, 0), 3);
  assert.is(lends(), 1);
  host.steps.push(() => host.arrive(id, "defg"));
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 100, 0, 0, 0), 4);
  assert.is(lends(), 2);
});

test("MSG_PEEK leaves what it shows and MSG_WAITALL waits for all of it", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "abc");
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 2, MSG_PEEK, 0, 0), 2);
  host.steps.push(() => host.arrive(id, "defgh"));
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 6, MSG_WAITALL, 0, 0), 6);
  assert.is(host.text(BUFFER, 6), "abcdef");
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 6, 0, 0, 0), 2);
});

test("end of file is 0 for ever, a reset is ECONNRESET once", async () => {
  const host = await FakeHost.create();
  const one = host.connected();
  host.tell(event.EVENT_END, one.id);
  assert.is(host.core["recvfrom"]!(one.fd, BUFFER, 6, 0, 0, 0), 0);
  assert.is(host.core["recvfrom"]!(one.fd, BUFFER, 6, 0, 0, 0), 0);
  const other = host.connected();
  host.tell(event.EVENT_FAILED, other.id, errno.ECONNRESET);
  assert.is(host.core["recvfrom"]!(other.fd, BUFFER, 6, 0, 0, 0), -errno.ECONNRESET);
  assert.is(host.core["recvfrom"]!(other.fd, BUFFER, 6, 0, 0, 0), 0);
  assert.is(host.core["sendto"]!(other.fd, BUFFER, 1, MSG_NOSIGNAL, 0, 0), -errno.EPIPE);
});

test("send() lends its bytes at once and is full only when 64 KiB are on loan", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  assert.is(host.core["sendto"]!(fd, BUFFER, 1000, 0, 0, 0), 1000);
  const sent = host.last(request.REQUEST_SEND);
  assert.equal([sent.id, sent.b], [id, 1000]);
  assert.is(host.core["sendto"]!(fd, BUFFER, 100000, MSG_DONTWAIT, 0, 0), 64536);
  assert.is(host.core["sendto"]!(fd, BUFFER, 1, MSG_DONTWAIT, 0, 0), -errno.EAGAIN);
  assert.is(poll(host, fd, POLLOUT, 0).ready, 0);
  host.tell(event.EVENT_SENT, id, 0, 65536);
  assert.is(poll(host, fd, POLLOUT, 0).ready, 1);
  assert.is(host.core["sendto"]!(fd, BUFFER, 1, MSG_DONTWAIT, 0, 0), 1);
});

test("a host that gives back more than it has on loan harms nothing", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.tell(event.EVENT_SENT, id, 0, 1 << 30);
  host.tell(event.EVENT_DATA, id, 1 << 30);
  assert.is(host.core["recvfrom"]!(fd, BUFFER, 10, 0, 0, 0), 10);
  assert.is(host.core["sendto"]!(fd, BUFFER, 10, 0, 0, 0), 10);
});

test("a buffer that is not all inside the guest's memory is EFAULT and moves nothing", async () => {
  const host = await FakeHost.create();
  const { fd, id } = host.connected();
  host.arrive(id, "abc");
  const size = host.guest.buffer.byteLength;
  for (const at of [size - 1, size, 0xffffffff, 0x80000000]) {
    assert.is(host.core["recvfrom"]!(fd, at, 3, 0, 0, 0), -errno.EFAULT);
    assert.is(host.core["sendto"]!(fd, at, 3, 0, 0, 0), -errno.EFAULT);
  }
  assert.is(host.core["recvfrom"]!(fd, BUFFER, -1, 0, 0, 0), -errno.EFAULT);
  assert.is(host.core["recvfrom"]!(fd, size - 3, 3, 0, 0, 0), 3);
  assert.is(host.asked.filter(({ op }) => op === request.REQUEST_SEND).length, 0);
});

test.run();
