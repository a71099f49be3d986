import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errno from "../../assembly/shared/errno.js";
import * as fcntl from "../../assembly/shared/fcntl.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "../../assembly/shared/socket.js";
import { FakeHost } from "./fake-host.js";

test("socket() takes the lowest free descriptor", async () => {
  const { core, tcp } = await withTcp();
  assert.equal([tcp(), tcp(), tcp()], [3, 4, 5]);
  assert.is(core["fd_close"]!(4), 0);
  assert.is(core["fd_close"]!(3), 0);
  assert.equal([tcp(), tcp(), tcp()], [3, 4, 6]);
});

test("dup() and F_DUPFD take the lowest free descriptor at or above the wanted one", async () => {
  const { core, tcp } = await withTcp();
  const fd = tcp();
  assert.is(core["dup"]!(fd), 4);
  assert.is(core["fcntl"]!(fd, fcntl.F_DUPFD, 10), 10);
  assert.is(core["fcntl"]!(fd, fcntl.F_DUPFD, 0), 5);
  assert.is(core["fcntl"]!(fd, fcntl.F_DUPFD, -1), -errno.EINVAL);
  assert.is(core["fcntl"]!(fd, fcntl.F_DUPFD, 5000), -errno.EINVAL);
});

test("dup2() closes its target and leaves the same descriptor alone; dup3() refuses it", async () => {
  const { core, tcp, host } = await withTcp();
  const one = tcp();
  const other = tcp();
  const before = core.kernel_sockets();
  assert.is(core["dup2"]!(one, other), other);
  host.core["sched_yield"]!();
  assert.is(core.kernel_sockets(), before - 1);
  assert.is(core["dup2"]!(one, one), one);
  assert.is(core["dup3"]!(one, one, 0), -errno.EINVAL);
  assert.is(core["dup2"]!(99, 99), -errno.EBADF);
  assert.is(core["dup2"]!(one, 1024), -errno.EBADF);
});

test("O_NONBLOCK is shared by duplicates, FD_CLOEXEC is not", async () => {
  const { core, host } = await withTcp();
  const fd = host.tcp(SOCK_NONBLOCK | SOCK_CLOEXEC);
  const copy = core["dup"]!(fd);
  assert.is(core["fcntl"]!(fd, fcntl.F_GETFD, 0), fcntl.FD_CLOEXEC);
  assert.is(core["fcntl"]!(copy, fcntl.F_GETFD, 0), 0);
  assert.is(core["fcntl"]!(copy, fcntl.F_GETFL, 0) & fcntl.O_NONBLOCK, fcntl.O_NONBLOCK);
  assert.is(core["fcntl"]!(copy, fcntl.F_SETFL, 0), 0);
  assert.is(core["fcntl"]!(fd, fcntl.F_GETFL, 0) & fcntl.O_NONBLOCK, 0);
});

test("a full table is EMFILE, and nothing leaks into it", async () => {
  const { core, tcp } = await withTcp();
  const sockets = core.kernel_sockets();
  let last = 0;
  for (let i = 0; i < 1024; i++) last = tcp();
  assert.is(last, -errno.EMFILE);
  assert.is(core["dup"]!(3), -errno.EMFILE);
  assert.is(core["pipe2"]!(4096, 0), -errno.EMFILE);
  assert.is(core.kernel_sockets() - sockets, 1021);
  for (let fd = 3; fd < 1024; fd++) assert.is(core["fd_close"]!(fd), 0);
  core["sched_yield"]!();
  assert.is(core.kernel_sockets(), sockets);
});

test("a descriptor that is not open is EBADF everywhere", async () => {
  const { core } = await withTcp();
  for (const fd of [-1, 3, 1023, 1024, 100000, -2147483648]) {
    for (const name of [
      "connect",
      "bind",
      "getsockname",
      "sendmsg",
      "recvmsg",
      "shutdown",
      "listen",
      "dup",
      "accept4",
    ]) {
      assert.is(core[name]!(fd, 0, 0, 0), -errno.EBADF, `${name}(${fd})`);
    }
    assert.is(core["fd_close"]!(fd), errno.EBADF);
    assert.is(core["fd_read"]!(fd, 0, 0, 0), errno.EBADF);
  }
});

test("a pipe carries bytes, tells its end, and refuses a write without a reader", async () => {
  const { core, host } = await withTcp();
  assert.is(core["pipe2"]!(4096, fcntl.O_NONBLOCK), 0);
  const [read, write] = [host.view.getInt32(4096, true), host.view.getInt32(4100, true)];
  iov(host, 8192, "hello");
  assert.is(core["fd_write"]!(write, 8000, 1, 7992), 0);
  assert.is(host.view.getUint32(7992, true), 5);
  host.view.setUint32(8000, 9000, true);
  assert.is(core["fd_read"]!(read, 8000, 1, 7992), 0);
  assert.is(host.text(9000, 5), "hello");
  assert.is(core["fd_read"]!(read, 8000, 1, 7992), errno.EAGAIN);
  assert.is(core["fd_close"]!(write), 0);
  assert.is(core["fd_read"]!(read, 8000, 1, 7992), 0);
  assert.is(host.view.getUint32(7992, true), 0);
});

function iov(host: FakeHost, at: number, text: string): void {
  new Uint8Array(host.guest.buffer).set(new TextEncoder().encode(text), at);
  host.view.setUint32(8000, at, true);
  host.view.setUint32(8004, text.length, true);
}

async function withTcp(): Promise<{ host: FakeHost; core: FakeHost["core"]; tcp: () => number }> {
  const host = await FakeHost.create();
  return { host, core: host.core, tcp: () => host.tcp() };
}

test.run();
