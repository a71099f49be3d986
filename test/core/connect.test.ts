import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errno from "../../assembly/shared/errno.js";
import * as event from "../../assembly/shared/event.js";
import * as request from "../../assembly/shared/request.js";
import * as socket from "../../assembly/shared/socket.js";
import { FakeHost, LENGTH, LOCAL, NAME, PEER, BUFFER } from "./fake-host.js";

function soError(host: FakeHost, fd: number): number {
  host.view.setInt32(LENGTH, 4, true);
  assert.is(host.core["getsockopt"]!(fd, socket.SOL_SOCKET, socket.SO_ERROR, BUFFER, LENGTH), 0);
  return host.view.getInt32(BUFFER, true);
}

/** A non-blocking attempt that is under way. */
async function pending(): Promise<{ host: FakeHost; fd: number; id: number }> {
  const host = await FakeHost.create();
  const fd = host.tcp(socket.SOCK_NONBLOCK);
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  };
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EINPROGRESS);
  return { host, fd, id: host.last(request.REQUEST_CONNECT).id };
}

test("the order of checks is descriptor, length, pointer, kind, short length", async () => {
  const host = await FakeHost.create();
  const { core } = host;
  const fd = host.tcp();
  assert.is(core["connect"]!(99, 0, -1), -errno.EBADF);
  assert.is(core["connect"]!(fd, NAME, -1), -errno.EINVAL);
  assert.is(core["connect"]!(fd, NAME, 129), -errno.EINVAL);
  assert.is(core["connect"]!(fd, 0xfffffff0, 16), -errno.EFAULT);
  assert.is(core["connect"]!(1, 0xfffffff0, 16), -errno.EFAULT);
  assert.is(core["connect"]!(1, NAME, 16), -errno.ENOTSOCK);
  assert.is(core["connect"]!(1, NAME, 1), -errno.ENOTSOCK);
  assert.is(core["connect"]!(fd, NAME, 1), -errno.EINVAL);
  assert.is(host.asked.filter(({ op }) => op === request.REQUEST_CONNECT).length, 0);
});

test("a blocking connect waits for the network's word and then is connected", async () => {
  const host = await FakeHost.create();
  const fd = host.tcp();
  host.putName(8080, [10, 1, 2, 3]);
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  };
  host.steps.push((milliseconds) => {
    // TCP_SYNCNT's default is six: 1 + 2 + 4 + ... + 64 seconds.
    assert.is(milliseconds, 127_000);
    const asked = host.last(request.REQUEST_CONNECT);
    assert.equal(host.addressOf(asked), { family: "IPv4", address: "10.1.2.3", port: 8080 });
    host.tell(event.EVENT_CONNECTED, asked.id, 0, 0, LOCAL, PEER);
  });
  assert.is(host.core["connect"]!(fd, NAME, 16), 0);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EISCONN);
});

test("an attempt ends with ETIMEDOUT when its time is over, whether it is waited for, polled or left alone", async () => {
  const host = await FakeHost.create();
  host.core["kernel_setconnecttimeout"]!(5000);
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  };
  const [blocking, polled, left] = [host.tcp(), host.tcp(), host.tcp()];
  for (const fd of [polled, left]) {
    host.core["fcntl"]!(fd, 4, 4);
    assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EINPROGRESS);
  }
  host.now += 1000;
  for (const milliseconds of [4000, 1000]) {
    host.steps.push((asked) => {
      assert.is(asked, milliseconds);
      host.now += milliseconds;
    });
  }
  assert.is(host.core["connect"]!(blocking, NAME, 16), -errno.ETIMEDOUT);
  assert.is(host.asked.filter(({ op }) => op === request.REQUEST_ABORT).length, 3);
  assert.is(soError(host, blocking), 0);
  assert.is(soError(host, polled), errno.ETIMEDOUT);
  assert.is(soError(host, polled), 0);
  assert.is(host.core["connect"]!(left, NAME, 16), -errno.ETIMEDOUT);
});

test("a refusal is told by connect() itself, once, and the socket may connect anew", async () => {
  const host = await FakeHost.create();
  const fd = host.tcp();
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  };
  host.steps.push(() => host.tell(event.EVENT_FAILED, host.last(request.REQUEST_CONNECT).id, errno.ECONNREFUSED));
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.ECONNREFUSED);
  assert.is(soError(host, fd), 0);
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
  };
  assert.is(host.core["connect"]!(fd, NAME, 16), 0);
});

test("a later connect() while one is in progress is EALREADY, blocking or not", async () => {
  const { host, fd } = await pending();
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EALREADY);
  assert.is(host.core["fcntl"]!(fd, 4, 0), 0);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EALREADY);
});

test("after an asynchronous success connect() is EISCONN at once and SO_ERROR is 0", async () => {
  const { host, fd, id } = await pending();
  host.tell(event.EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
  assert.is(soError(host, fd), 0);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EISCONN);
});

test("SO_ERROR tells an asynchronous failure once; connect() is then ECONNABORTED once and after that a new attempt", async () => {
  const { host, fd, id } = await pending();
  host.tell(event.EVENT_FAILED, id, errno.ETIMEDOUT);
  assert.is(soError(host, fd), errno.ETIMEDOUT);
  assert.is(soError(host, fd), 0);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.ECONNABORTED);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EINPROGRESS);
});

test("what the network refuses before the attempt begins is told at once and leaves no error behind", async () => {
  const host = await FakeHost.create();
  const fd = host.tcp(socket.SOCK_NONBLOCK);
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_FAILED, id, errno.ENETUNREACH);
  };
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.ENETUNREACH);
  assert.is(soError(host, fd), 0);
});

test("a group address is EINVAL and port 0 EADDRNOTAVAIL before the network hears of it", async () => {
  const host = await FakeHost.create();
  const fd = host.tcp();
  for (const address of [
    [255, 255, 255, 255],
    [224, 0, 0, 1],
    [239, 1, 2, 3],
    [127, 255, 255, 255],
  ]) {
    host.putName(80, address);
    assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EINVAL, address.join("."));
  }
  host.putName(0);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EADDRNOTAVAIL);
  assert.is(host.asked.filter(({ op }) => op === request.REQUEST_CONNECT).length, 0);
});

test("SO_SNDTIMEO ends a blocking connect with EINPROGRESS and leaves the attempt running", async () => {
  const host = await FakeHost.create();
  const fd = host.tcp();
  host.view.setBigInt64(BUFFER, 0n, true);
  host.view.setBigInt64(BUFFER + 8, 300000n, true);
  assert.is(host.core["setsockopt"]!(fd, socket.SOL_SOCKET, socket.SO_SNDTIMEO, BUFFER, 16), 0);
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
  };
  host.steps.push((milliseconds) => {
    assert.is(milliseconds, 300);
    host.now += 300;
  });
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EINPROGRESS);
  assert.is(host.core["connect"]!(fd, NAME, 16), -errno.EALREADY);
});

test("an event for a socket that is gone is ignored", async () => {
  const { host, fd, id } = await pending();
  assert.is(host.core["fd_close"]!(fd), 0);
  host.core["sched_yield"]!();
  host.tell(event.EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
  host.tell(event.EVENT_DATA, id, 65536);
  const next = host.tcp();
  assert.is(host.core["getpeername"]!(next, NAME, LENGTH), -errno.ENOTCONN);
});

/** A blocking AF_UNIX socket, with a name at NAME, whose attempts all wait for room. */
async function withoutRoom(): Promise<{ host: FakeHost; fd: number; connect: () => number }> {
  const host = await FakeHost.create();
  const fd = host.core["socket"]!(socket.AF_UNIX, socket.SOCK_STREAM, 0);
  host.view.setUint16(NAME, socket.AF_UNIX, true);
  host.view.setUint16(NAME + 2, 0x732f, true);
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_BOUND, id);
  };
  return { host, fd, connect: () => host.core["connect"]!(fd, NAME, 5) };
}

test("an AF_UNIX attempt that does not wait for room is given up, and can be repeated", async () => {
  const { host, fd, connect } = await withoutRoom();
  assert.is(host.core["fcntl"]!(fd, 4, 4), 0);
  for (let i = 0; i < 2; i++) {
    assert.is(connect(), -errno.EAGAIN);
    assert.is(host.asked.at(-1)?.op, request.REQUEST_ABORT);
    assert.is(soError(host, fd), 0);
  }
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
  };
  assert.is(connect(), 0);
});

test("a blocking AF_UNIX attempt waits for room, SO_SNDTIMEO long at most, or for the listener's end", async () => {
  const { host, fd, connect } = await withoutRoom();
  const id = (): number => host.last(request.REQUEST_CONNECT).id;
  host.steps.push(() => host.tell(event.EVENT_FAILED, id(), errno.ECONNREFUSED));
  assert.is(connect(), -errno.ECONNREFUSED);
  assert.is(soError(host, fd), 0);
  host.view.setBigInt64(BUFFER, 0n, true);
  host.view.setBigInt64(BUFFER + 8, 100_000n, true);
  assert.is(host.core["setsockopt"]!(fd, socket.SOL_SOCKET, socket.SO_SNDTIMEO, BUFFER, 16), 0);
  host.steps.push((milliseconds) => {
    host.now += milliseconds;
  });
  assert.is(connect(), -errno.EAGAIN);
  assert.is(host.asked.at(-1)?.op, request.REQUEST_ABORT);
  host.steps.push(() => host.tell(event.EVENT_CONNECTED, id(), 0, 0, LOCAL, PEER));
  assert.is(connect(), 0);
});

test("a relative AF_UNIX name goes with the directory that the guest told", async () => {
  const { host, connect } = await withoutRoom();
  const { core } = host;
  new Uint8Array(host.guest.buffer, BUFFER, 5).set(new TextEncoder().encode("/data"));
  assert.is(core["chdir"]!(BUFFER, 5), 0);
  assert.is(core["chdir"]!(BUFFER, 4096), -errno.ENAMETOOLONG);
  assert.is(core["chdir"]!(0xfffffff0, 64), -errno.EFAULT);
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_FAILED, id, errno.ENOENT);
  };
  assert.is(connect(), -errno.ENOENT);
  const asked = host.last(request.REQUEST_CONNECT);
  assert.is(new TextDecoder().decode(host.memory.bytes(asked.b, asked.c)), "/data");
});

test("a datagram socket: EAGAIN of connect() is no port left, EAGAIN of sendto() is no room now", async () => {
  const host = await FakeHost.create();
  const { core } = host;
  host.putName();
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_BIND) host.tell(event.EVENT_BOUND, id, errno.EADDRINUSE);
    if (op === request.REQUEST_CONNECT) host.tell(event.EVENT_FAILED, id, errno.EAGAIN);
  };
  const fd = core["socket"]!(socket.AF_INET, socket.SOCK_DGRAM, 0);
  assert.is(core["connect"]!(fd, NAME, 16), -errno.EADDRNOTAVAIL);
  assert.is(core["sendto"]!(fd, BUFFER, 1, 0, NAME, 16), -errno.EADDRNOTAVAIL, "no port for the first send either");
  host.answer = ({ op, id }) => {
    if (op === request.REQUEST_BIND) host.tell(event.EVENT_BOUND, id, 0, 0, LOCAL);
    if (op === request.REQUEST_SENDTO) host.tell(event.EVENT_SENT, id, errno.EAGAIN);
  };
  assert.is(core["sendto"]!(fd, BUFFER, 1, socket.MSG_DONTWAIT, NAME, 16), -errno.EAGAIN);
});

test.run();
