import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EAFNOSUPPORT, EINPROGRESS, ENOPROTOOPT, EOPNOTSUPP, EPROTONOSUPPORT } from "../../assembly/shared/errno.js";
import { EVENT_BOUND } from "../../assembly/shared/event.js";
import { REQUEST_CONNECT, REQUEST_OPEN } from "../../assembly/shared/request.js";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  AF_UNSPEC,
  SO_LINGER,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../assembly/shared/socket.js";
import { capabilityBits } from "../../host/capabilities.js";
import type { Capabilities } from "../../host/network.js";
import { BUFFER, FakeHost, LOCAL, NAME } from "./fake-host.js";

const EVERYTHING: Capabilities = {
  streams: true,
  datagrams: true,
  unixStreams: true,
  unixDatagrams: true,
  unixSeqpacket: true,
  rights: true,
  listen: true,
  reset: true,
  unixPaths: "names",
};

async function hostWithout(missing: Partial<Capabilities>): Promise<FakeHost> {
  const host = await FakeHost.create();
  host.core.kernel_setcapabilities(capabilityBits({ ...EVERYTHING, ...missing }));
  return host;
}

function linger(host: FakeHost, fd: number, on: number, seconds: number): number | undefined {
  host.view.setInt32(BUFFER, on, true);
  host.view.setInt32(BUFFER + 4, seconds, true);
  return host.core["setsockopt"]?.(fd, SOL_SOCKET, SO_LINGER, BUFFER, 8);
}

const test = suite("capabilities");

test("a kind of socket that the network lacks is EPROTONOSUPPORT, and the network hears nothing of it", async () => {
  const kinds = [
    { missing: { streams: false }, domains: [AF_INET, AF_INET6], type: SOCK_STREAM },
    { missing: { datagrams: false }, domains: [AF_INET, AF_INET6], type: SOCK_DGRAM },
    { missing: { unixStreams: false }, domains: [AF_UNIX], type: SOCK_STREAM },
    { missing: { unixDatagrams: false }, domains: [AF_UNIX], type: SOCK_DGRAM },
  ];
  for (const { missing, domains, type } of kinds) {
    const host = await hostWithout(missing);
    for (const domain of [AF_INET, AF_INET6, AF_UNIX]) {
      for (const other of [SOCK_STREAM, SOCK_DGRAM]) {
        const before = host.asked.length;
        const result = host.core["socket"]?.(domain, other, 0) ?? 0;
        const lacks = other === type && domains.includes(domain);
        assert.is(lacks ? result : Math.min(result, 0), lacks ? -EPROTONOSUPPORT : 0);
        assert.is(host.asked.slice(before).filter(({ op }) => op === REQUEST_OPEN).length, lacks ? 0 : 1);
      }
    }
  }
});

test("a pair needs no network", async () => {
  const host = await hostWithout({ unixStreams: false, unixDatagrams: false });
  for (const type of [SOCK_STREAM, SOCK_DGRAM]) assert.is(host.core["socketpair"]?.(AF_UNIX, type, 0, BUFFER), 0);
});

test("without listen, listen(2) is EOPNOTSUPP", async () => {
  const host = await hostWithout({ listen: false });
  assert.is(host.core["listen"]?.(host.tcp(), 1), -EOPNOTSUPP);
});

test("without reset, a connection is not dissolved and not closed with one", async () => {
  const host = await hostWithout({ reset: false });
  const { fd } = host.connected();
  assert.is(linger(host, fd, 1, 0), -ENOPROTOOPT);
  assert.is(linger(host, fd, 1, 5), 0);
  assert.is(linger(host, fd, 0, 0), 0);
  host.putName(0, [0, 0, 0, 0], AF_UNSPEC);
  assert.is(host.core["connect"]?.(fd, NAME, 16), -EAFNOSUPPORT);
  const attempt = host.tcp(SOCK_NONBLOCK);
  host.answer = ({ op, id }) => {
    if (op === REQUEST_CONNECT) host.tell(EVENT_BOUND, id, 0, 0, LOCAL);
  };
  host.putName();
  assert.is(host.core["connect"]?.(attempt, NAME, 16), -EINPROGRESS);
  host.putName(0, [0, 0, 0, 0], AF_UNSPEC);
  assert.is(host.core["connect"]?.(attempt, NAME, 16), 0, "an attempt can be given up by every network");
});

test.run();
