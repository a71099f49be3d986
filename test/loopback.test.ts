// The loopback network: the conformance suite, and what only it promises: kernel rules for ports, names, backlogs and
// resets, and the same events for the same requests.

import assert from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import {
  EACCES,
  EADDRINUSE,
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EAGAIN,
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  EDESTADDRREQ,
  EHOSTUNREACH,
  EINVAL,
  EMSGSIZE,
  ENETUNREACH,
  ENOENT,
  ENOTCONN,
  EOPNOTSUPP,
  EPERM,
  EPIPE,
  EPROTONOSUPPORT,
  EPROTOTYPE,
} from "../assembly/shared/errno.js";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  AF_UNSPEC,
  IP_MULTICAST_LOOP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SHUT_RD,
  SHUT_WR,
  SO_BROADCAST,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../assembly/shared/socket.js";
import type { Address } from "../host/address.js";
import { type LoopbackNetwork, type LoopbackOptions, loopbackNetwork } from "../host/loopback.js";
import { connectedPair, dismiss, loopback4, loopback6, Party, pattern, portOf, unixAddress } from "./network.party.js";
import { networkSuite } from "./network.suite.js";

let names = 0;

networkSuite("loopback", () => ({ network: loopbackNetwork(), dispose() {} }), {
  capabilities: {
    streams: true,
    datagrams: true,
    unixStreams: true,
    unixDatagrams: true,
    unixSeqpacket: true,
    rights: true,
    listen: true,
    reset: true,
    unixPaths: "names",
  },
  ipv6: true,
  unixName: () => unixAddress(`/run/test-${++names}.sock`),
});

const test = suite("loopback");

type Body = (server: Party, client: Party, network: LoopbackNetwork) => Promise<void>;

function check(name: string, body: Body, options: LoopbackOptions = {}): void {
  test(name, async () => {
    const network = loopbackNetwork(options);
    const server = new Party(network);
    const client = new Party(network);
    await body(server, client, network);
    await dismiss(server, client);
  });
}

function at(address: string, port = 0): Address {
  return { family: address.includes(":") ? "IPv6" : "IPv4", address, port };
}

async function option(party: Party, id: number, level: number, name: number, value: number): Promise<number> {
  party.session.setOption(id, level, name, value);
  return (await party.take("option", id)).errno;
}

async function bindErrno(party: Party, id: number, address: Address): Promise<number> {
  party.session.bind(id, address);
  return (await party.take("bound", id)).errno;
}

async function connectErrno(party: Party, id: number, address: Address): Promise<number> {
  party.session.connect(id, address);
  return (await party.takeFirst(["connected", "failed"], id)).errno;
}

async function listenErrno(party: Party, id: number): Promise<number> {
  party.session.listen(id, 5);
  return (await party.take("listening", id)).errno;
}

function reusing(party: Party, domain: number = AF_INET, type: number = SOCK_STREAM): number {
  const id = party.open(domain, type);
  party.session.setOption(id, SOL_SOCKET, SO_REUSEADDR, 1);
  const told = party.log.pop();
  assert.deepEqual([told?.event, told?.id, told?.errno], ["option", id, 0]);
  return id;
}

for (const options of [
  { window: 0 },
  { window: 1.5 },
  { window: Number.NaN },
  { ports: [0, 5] },
  { ports: [9, 5] },
  { ports: [1, 65536] },
  { addresses: ["example.com"] },
  { addresses: ["10.1"] },
  { addresses: ["0.0.0.0"] },
  { addresses: ["10.0.0.1/33"] },
  { addresses: ["10.0.0.1/"] },
  { routes: { "10.5": "silent" } },
  { routes: { "10.5.0.0/33": "silent" } },
  { routes: { "10.5.0.1/16": "silent" } },
  { routes: { "::ffff:10.0.0.0/95": "silent" } },
  { routes: { "10.5.0.0/16": "EHOSTDOWN" } },
  { routes: { "10.5.0.0/16": "toString" } },
  { routes: { "::ffff:10.5.0.0/112": "silent", "10.5.0.0/16": "absent" } },
  { routes: { "127.0.0.0/8": "silent" } },
  { routes: { "::1": "silent" } },
  { routes: { "10.0.0.1": "silent" }, addresses: ["10.0.0.1"] },
  { hosts: { "a.test": "b.test" } },
] as const) {
  test(`options ${JSON.stringify(options)} are refused with a sentence`, () => {
    assert.throws(
      () => loopbackNetwork(options as unknown as LoopbackOptions),
      /^(?:Type|Range)Error: loopbackNetwork: /,
    );
  });
}

test("the same requests give the same events", async () => {
  const run = async (): Promise<string> => {
    const network = loopbackNetwork();
    const parties = [new Party(network), new Party(network), new Party(network)] as const;
    const [server, one, two] = parties;
    const listener = await server.listener(loopback4());
    const ids = [one, two, one, two].map((party) => {
      const id = party.open();
      party.session.connect(id, listener.address);
      return { party, id };
    });
    for (const { party, id } of ids) {
      await party.take("connected", id);
      party.send(id, pattern(200000));
      party.session.shutdown(id, SHUT_WR);
    }
    for (const _ of ids) {
      const { id } = await server.accept(listener.id);
      await server.receiveToEnd(id);
    }
    await dismiss(...parties);
    return JSON.stringify(parties.map((party) => party.history.map(({ bytes: _, ...told }) => told)));
  };
  assert.equal(await run(), await run());
});

test("two networks know nothing of each other", async () => {
  const server = new Party(loopbackNetwork());
  const client = new Party(loopbackNetwork());
  const { address } = await server.listener(loopback4());
  // The client's first ephemeral port would be the very port that it calls: it must not reach itself.
  assert.equal(await connectErrno(client, client.open(), address), ECONNREFUSED);
  await dismiss(server, client);
});

test("an event handler that throws does not hold up the others", async () => {
  const network = loopbackNetwork();
  const party = new Party(network);
  const thrown: unknown[] = [];
  const keep = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => thrown.push(error));
  try {
    const bad = new Proxy({} as Parameters<typeof network.open>[0], {
      get: () => () => {
        throw new Error("handler");
      },
    });
    const session = network.open(bad, { bytes: () => new Uint8Array(0) });
    session.resolve(1, "localhost", AF_INET);
    assert.equal((await party.resolve("localhost", AF_INET)).errno, 0);
    await party.turn();
    assert.equal(thrown.length, 1);
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of keep) process.on("uncaughtException", listener);
  }
  await dismiss(party);
});

check(
  "addresses: what is not local is ENETUNREACH, what options name is local",
  async (server, client) => {
    await server.listener(at("0.0.0.0", 80));
    for (const address of ["127.0.0.1", "127.9.9.9", "10.0.0.1", "0.0.0.0"]) {
      assert.equal(await connectErrno(client, client.open(), at(address, 80)), 0, address);
    }
    const id = client.open();
    client.session.connect(id, at("10.0.0.1", 80));
    const { local, peer } = await client.take("connected", id);
    assert.deepEqual(local, at("10.0.0.1", portOf(local)));
    assert.deepEqual(peer, at("10.0.0.1", 80));
    const failures = { "10.0.0.2": ENETUNREACH, "224.0.0.1": EINVAL, "255.255.255.255": EINVAL };
    for (const [address, errno] of Object.entries({ ...failures, "127.255.255.255": EINVAL })) {
      const refused = client.open();
      client.session.connect(refused, at(address, 80));
      assert.equal((await client.take("failed", refused)).errno, errno, address);
      assert.equal(client.told("bound", refused).length, 0, "no attempt began");
    }
    assert.equal(await bindErrno(client, client.open(), at("10.0.0.2")), EADDRNOTAVAIL);
    assert.equal(await bindErrno(client, client.open(), loopback6()), EAFNOSUPPORT);
    assert.equal(await bindErrno(client, client.open(), at("rubbish")), EINVAL);
    const two = client.open();
    await client.bind(two, loopback4());
    assert.equal(await bindErrno(client, two, loopback4()), EINVAL);
  },
  { addresses: ["10.0.0.1"] },
);

const ROUTES: LoopbackOptions = {
  addresses: ["10.9.0.1/24", "10.8.0.1"],
  routes: {
    "0.0.0.0/0": "EHOSTUNREACH",
    "10.7.0.0/16": "EACCES",
    "10.7.7.0/24": "silent",
    "10.7.7.7": "EINVAL",
    "10.9.0.9": "ENETUNREACH",
    "fd00::/8": "silent",
    "::/0": "EACCES",
  },
};

check(
  "routes: the longest prefix says how a connection fails at once",
  async (_server, client) => {
    const expected = { "192.0.2.1": EHOSTUNREACH, "10.7.1.1": EACCES, "10.7.7.7": EINVAL, "10.9.0.9": ENETUNREACH };
    for (const [address, errno] of Object.entries(expected)) {
      const stream = client.open();
      assert.equal(await connectErrno(client, stream, at(address, 80)), errno, address);
      assert.equal(client.told("bound", stream).length, 0, "no attempt began");
      const datagram = client.open(AF_INET, SOCK_DGRAM);
      assert.equal(await connectErrno(client, datagram, at(address, 80)), errno, address);
      assert.equal(await client.sendTo(datagram, "x", at(address, 9)), errno, address);
    }
    assert.equal(await connectErrno(client, client.open(AF_INET6), at("2001:db8::1", 80)), EACCES);
    assert.equal(await connectErrno(client, client.open(AF_INET6), at("::ffff:10.7.1.1", 80)), EACCES);
    assert.equal(await connectErrno(client, client.open(AF_INET6), at("::ffff:192.0.2.1", 80)), EHOSTUNREACH);
  },
  ROUTES,
);

check(
  "routes: a silent peer leaves an attempt pending, which can be given up and made anew elsewhere",
  async (server, client) => {
    await server.listener(at("10.9.0.1", 80));
    for (const [domain, address] of [
      [AF_INET, "10.7.7.1"],
      [AF_INET6, "fd00::1"],
    ] as const) {
      const id = client.open(domain);
      client.session.connect(id, at(address, 80));
      assert.equal((await client.take("bound", id)).errno, 0);
      await client.turn();
      assert.equal(client.told("connected", id).length + client.told("failed", id).length, 0);
      client.session.abort(id);
      await client.take("aborted", id);
      if (domain === AF_INET) assert.equal(await connectErrno(client, id, at("10.9.0.1", 80)), 0);
    }
    const closed = client.open();
    client.session.connect(closed, at("10.7.7.1", 80));
    client.session.close(closed, false);
    await client.take("closed", closed);
    const datagram = client.open(AF_INET, SOCK_DGRAM);
    assert.equal(await connectErrno(client, datagram, at("10.7.7.1", 9)), 0);
    assert.equal(await client.sendTo(datagram, "x", null), 0);
    await client.turn();
    assert.equal(client.told("error", datagram).length, 0);
  },
  ROUTES,
);

check(
  "routes: a host that is absent is told after the attempt began",
  async (_server, client) => {
    const id = client.open();
    client.session.connect(id, at("10.9.0.2", 80));
    const { local } = await client.take("bound", id);
    assert.deepEqual(local, at("10.9.0.1", portOf(local)), "the address on that subnet");
    assert.equal((await client.take("failed", id)).errno, EHOSTUNREACH);
    const datagram = client.open(AF_INET, SOCK_DGRAM);
    assert.equal(await connectErrno(client, datagram, at("10.9.0.2", 9)), 0);
    assert.equal(await client.sendTo(datagram, "x", null), 0);
    await client.turn();
    assert.equal(client.told("error", datagram).length, 0, "that is not told of a datagram");
  },
  ROUTES,
);

check(
  "routes: 127.0.0.1 does not leave this host",
  async (_server, client) => {
    for (const type of [SOCK_STREAM, SOCK_DGRAM]) {
      for (const address of ["10.7.7.1", "10.9.0.2"]) {
        const id = client.open(AF_INET, type);
        await client.bind(id, loopback4());
        assert.equal(await connectErrno(client, id, at(address, 80)), EINVAL, address);
      }
    }
  },
  ROUTES,
);

check(
  "the broadcast address of a subnet: EINVAL for TCP, EACCES for UDP without SO_BROADCAST, heard by all",
  async (server, client) => {
    assert.equal(await connectErrno(client, client.open(), at("10.9.0.255", 80)), EINVAL);
    const id = client.open(AF_INET, SOCK_DGRAM);
    assert.equal(await connectErrno(client, id, at("10.9.0.255", 9)), EACCES);
    const hearers = [server.open(AF_INET, SOCK_DGRAM), server.open(AF_INET, SOCK_DGRAM)];
    for (const hearer of hearers) {
      await option(server, hearer, SOL_SOCKET, SO_REUSEADDR, 1);
      await server.bind(hearer, at("0.0.0.0", 900));
    }
    await option(client, id, SOL_SOCKET, SO_BROADCAST, 1);
    assert.equal(await client.sendTo(id, "all", at("10.9.0.255", 900)), 0);
    for (const hearer of hearers) await server.take("datagram", hearer);
  },
  ROUTES,
);

check(
  "ports run out for one peer: EADDRNOTAVAIL, and not for another",
  async (server, client) => {
    for (const port of [80, 81]) await server.listener(at("127.0.0.1", port));
    const held = [client.open(), client.open()];
    for (const id of held) assert.equal(await connectErrno(client, id, loopback4(80)), 0);
    const id = client.open();
    assert.equal(await connectErrno(client, id, loopback4(80)), EADDRNOTAVAIL);
    assert.equal(await bindErrno(client, client.open(), loopback4()), EADDRINUSE);
    assert.equal(await connectErrno(client, id, loopback4(81)), 0);
    client.session.close(held[0] ?? 0, true);
    await client.turn();
    assert.equal(await connectErrno(client, client.open(), loopback4(80)), 0);
    const associated = [0, 1].map(() => client.open(AF_INET, SOCK_DGRAM));
    for (const datagram of associated) assert.equal(await connectErrno(client, datagram, loopback4(9)), 0);
    assert.equal(await connectErrno(client, client.open(AF_INET, SOCK_DGRAM), loopback4(9)), EADDRNOTAVAIL);
  },
  { ports: [40000, 40001] },
);

check("a wildcard IPv6 socket takes IPv4 as mapped addresses, unless IPV6_V6ONLY", async (server, client) => {
  const listener = await server.listener(at("::", 80), AF_INET6);
  const four = client.open();
  assert.equal(await connectErrno(client, four, loopback4(80)), 0);
  const accepted = await server.accept(listener.id);
  assert.deepEqual(accepted.local, at("::ffff:127.0.0.1", 80));
  assert.match(accepted.peer.family === "IPv6" ? accepted.peer.address : "", /^::ffff:127\.0\.0\.1$/);
  assert.equal(await bindErrno(client, client.open(), loopback4(80)), EADDRINUSE);
  const mapped = client.open(AF_INET6);
  client.session.connect(mapped, at("::ffff:127.0.0.1", 80));
  assert.deepEqual((await client.take("connected", mapped)).peer, at("::ffff:127.0.0.1", 80));
  const six = server.open(AF_INET6);
  assert.equal(await option(server, six, IPPROTO_IPV6, IPV6_V6ONLY, 1), 0);
  await server.bind(six, at("::", 81));
  assert.equal(await listenErrno(server, six), 0);
  assert.equal(await connectErrno(client, client.open(), loopback4(81)), ECONNREFUSED);
  assert.equal(await connectErrno(client, client.open(AF_INET6), loopback6(81)), 0);
  assert.equal(await bindErrno(client, client.open(), loopback4(81)), 0);
  const only = client.open(AF_INET6);
  await option(client, only, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  assert.equal(await connectErrno(client, only, at("::ffff:127.0.0.1", 80)), ENETUNREACH);
});

check("SO_REUSEADDR is as in Linux: together unless one listens", async (server) => {
  const plain = server.open();
  await server.bind(plain, loopback4(80));
  assert.equal(await bindErrno(server, reusing(server), loopback4(80)), EADDRINUSE);
  assert.equal(await bindErrno(server, server.open(), at("0.0.0.0", 80)), EADDRINUSE);
  assert.equal(await bindErrno(server, server.open(), at("127.0.0.2", 80)), 0);
  const one = reusing(server);
  const two = reusing(server);
  assert.equal(await bindErrno(server, one, loopback4(81)), 0);
  assert.equal(await bindErrno(server, two, loopback4(81)), 0);
  assert.equal(await listenErrno(server, one), 0);
  assert.equal(await listenErrno(server, two), EADDRINUSE);
  assert.equal(await bindErrno(server, reusing(server), loopback4(81)), EADDRINUSE);
});

check("SO_REUSEPORT: listeners of several guests take turns, datagrams go by their source", async (server, client) => {
  const shared = async (party: Party, type: number, address: Address): Promise<number> => {
    const id = party.open(AF_INET, type);
    assert.equal(await option(party, id, SOL_SOCKET, SO_REUSEPORT, 1), 0);
    assert.equal(await bindErrno(party, id, address), 0);
    return id;
  };
  const one = await shared(server, SOCK_STREAM, loopback4(80));
  const two = await shared(client, SOCK_STREAM, loopback4(80));
  const wide = await shared(client, SOCK_STREAM, at("0.0.0.0", 80));
  for (const [party, id] of [
    [server, one],
    [client, two],
    [client, wide],
  ] as const) {
    assert.equal(await listenErrno(party, id), 0);
  }
  assert.equal(await bindErrno(server, reusing(server), loopback4(80)), EADDRINUSE);
  for (let count = 0; count < 6; count++) assert.equal(await connectErrno(client, client.open(), loopback4(80)), 0);
  assert.equal(server.told("incoming", one).length, 3);
  assert.equal(client.told("incoming", two).length, 3);
  assert.equal(client.told("incoming", wide).length, 0);
  await server.close(one);
  assert.equal(await connectErrno(client, client.open(), loopback4(80)), 0);
  assert.equal(client.told("incoming", two).length, 4);

  const [left, right] = [
    await shared(server, SOCK_DGRAM, loopback4(53)),
    await shared(server, SOCK_DGRAM, loopback4(53)),
  ];
  for (let count = 0; count < 32; count++) {
    const from = client.open(AF_INET, SOCK_DGRAM);
    for (const text of ["a", "b"]) assert.equal(await client.sendTo(from, text, loopback4(53)), 0);
  }
  await server.turn();
  const counts = [server.told("datagram", left).length, server.told("datagram", right).length];
  assert.equal((counts[0] ?? 0) + (counts[1] ?? 0), 64);
  for (const count of counts) assert.ok(count > 0 && count % 2 === 0, `${counts}`);
});

check(
  "accepted connections hold the port of a listener that is gone, but not against SO_REUSEADDR",
  async (server, client) => {
    const id = reusing(server);
    await server.bind(id, loopback4(80));
    await listenErrno(server, id);
    const near = client.open();
    assert.equal(await connectErrno(client, near, loopback4(80)), 0);
    await server.accept(id);
    await server.close(id);
    assert.equal(await bindErrno(server, server.open(), loopback4(80)), EADDRINUSE);
    assert.equal(await bindErrno(server, reusing(server), loopback4(80)), 0);
  },
);

check("a used pair of addresses is EADDRINUSE", async (server, client) => {
  await server.listener(loopback4(80));
  const one = reusing(client);
  const two = reusing(client);
  await client.bind(one, loopback4(5000));
  await client.bind(two, loopback4(5000));
  assert.equal(await connectErrno(client, one, loopback4(80)), 0);
  assert.equal(await connectErrno(client, two, loopback4(80)), EADDRINUSE);
});

check(
  "ports run out: EADDRNOTAVAIL for connect(), EADDRINUSE for bind()",
  async (server, client) => {
    await server.listener(loopback4(80));
    const ids = [client.open(), client.open(), client.open()];
    for (const id of ids) assert.equal(await connectErrno(client, id, loopback4(80)), 0);
    assert.equal(await connectErrno(client, client.open(), loopback4(80)), EADDRNOTAVAIL);
    assert.equal(await bindErrno(client, client.open(), loopback4()), EADDRINUSE);
    await client.close(ids[1] ?? 0);
    assert.equal(portOf(await client.bind(client.open(), loopback4())), 40001);
  },
  { ports: [40000, 40002] },
);

check("the backlog holds one more than asked for, the others wait for room in order", async (server, client) => {
  const listener = await server.listener(loopback4(), AF_INET, 1);
  const ids = Array.from({ length: 4 }, () => client.open());
  for (const id of ids) client.session.connect(id, listener.address);
  await client.turn();
  assert.deepEqual(
    ids.map((id) => client.told("connected", id).length),
    [1, 1, 0, 0],
  );
  await server.accept(listener.id);
  await client.turn();
  assert.deepEqual(
    ids.map((id) => client.told("connected", id).length),
    [1, 1, 1, 0],
  );
  await server.close(listener.id);
  assert.equal((await client.take("failed", ids[3] ?? 0)).errno, ECONNREFUSED);
  assert.equal((await client.take("failed", ids[2] ?? 0)).errno, ECONNRESET);
});

check("a caller that gave up while it waited leaves its place", async (server, client) => {
  const listener = await server.listener(loopback4(), AF_INET, 0);
  const [first, second, third] = [client.open(), client.open(), client.open()];
  for (const id of [first, second, third]) client.session.connect(id, listener.address);
  await client.turn();
  client.session.abort(second);
  await client.take("aborted", second);
  await server.accept(listener.id);
  await client.take("connected", third);
  assert.equal(client.told("connected", second).length, 0);
});

check("a connection that was reset before it was adopted fails after that", async (server, client) => {
  const listener = await server.listener(loopback4());
  const id = client.open();
  assert.equal(await connectErrno(client, id, listener.address), 0);
  await client.close(id, true);
  const far = await server.accept(listener.id);
  assert.equal((await server.take("failed", far.id)).errno, ECONNRESET);
});

check("a token that is not the guest's gives a socket that has failed", async (server, client) => {
  const listener = await server.listener(loopback4());
  assert.equal(await connectErrno(client, client.open(), listener.address), 0);
  const { token } = await server.take("incoming", listener.id);
  const id = client.newId();
  client.session.adopt(id, token);
  assert.equal((await client.take("failed", id)).errno, ECONNABORTED);
  await client.close(id);
});

check("a socket that connects to itself talks to itself", async (_, client) => {
  const id = client.open();
  const address = await client.bind(id, loopback4());
  assert.equal(await connectErrno(client, id, address), 0);
  client.lend(id, 100);
  await client.sendAll(id, "echo");
  assert.equal(Buffer.from(await client.receiveAll(id, 4)).toString(), "echo");
  client.session.shutdown(id, SHUT_WR);
  assert.equal(await client.receive(id), null);
  await client.close(id);
});

check("two sockets that call each other at the same time are connected", async (server, client) => {
  const one = server.open();
  const two = client.open();
  const here = await server.bind(one, loopback4());
  const there = await client.bind(two, loopback4());
  server.session.connect(one, there);
  client.session.connect(two, here);
  await server.take("connected", one);
  await client.take("connected", two);
  await server.sendAll(one, "hi");
  assert.equal(Buffer.from(await client.receiveAll(two, 2)).toString(), "hi");
});

check("close() with unread bytes resets the peer, as RFC 2525 asks", async (server, client) => {
  const { near, far } = await connectedPair(server, client);
  await client.sendAll(near, "unread");
  await server.close(far);
  client.lend(near, 16);
  assert.equal((await client.take("failed", near)).errno, ECONNRESET);
});

check("what came before a reset can still be read", async (server, client) => {
  const { near, far } = await connectedPair(server, client);
  await client.sendAll(near, "last words");
  await client.close(near, true);
  assert.equal(Buffer.from(await server.receiveAll(far, 10, 4)).toString(), "last words");
  assert.equal((await server.take("failed", far)).errno, ECONNRESET);
});

check("a send to a peer that ended in good order is taken, and then EPIPE", async (server, client) => {
  const { near, far } = await connectedPair(server, client);
  await server.close(far);
  await client.turn();
  client.send(near, "x");
  assert.equal((await client.take("sent", near)).length, 1);
  assert.equal((await client.take("failed", near)).errno, EPIPE);
});

check(
  "close() is told when the last byte was taken, and a disposed guest's bytes still arrive",
  async (server, client) => {
    const { near, far } = await connectedPair(server, client);
    const bytes = pattern(300000);
    client.send(near, bytes);
    client.session.close(near, false);
    await client.turn();
    assert.equal(client.told("closed", near).length, 0);
    client.dispose();
    assert.ok(Buffer.from(await server.receiveToEnd(far)).equals(bytes));
  },
);

check("a lingering close ends when the peer goes away", async (server, client) => {
  const { near, far } = await connectedPair(server, client);
  client.send(near, pattern(300000));
  client.session.close(near, false);
  await server.close(far);
  await client.take("closed", near);
});

check(
  "a window of a few bytes holds the sender back",
  async (server, client) => {
    const { near, far } = await connectedPair(server, client);
    client.send(near, "abcdefgh");
    await client.turn();
    assert.equal(client.sentBytes(near), 3);
    assert.equal(Buffer.from((await server.receive(far, 2)) ?? []).toString(), "ab");
    await client.turn();
    assert.equal(client.sentBytes(near), 2);
    assert.equal(Buffer.from(await server.receiveAll(far, 6)).toString(), "cdefgh");
  },
  { window: 3 },
);

check(
  "SO_RCVBUF of a listener is the window of its connections",
  async (server, client) => {
    const id = server.open();
    assert.equal(await option(server, id, SOL_SOCKET, SO_RCVBUF, 4096), 0);
    const address = await server.bind(id, loopback4());
    await listenErrno(server, id);
    const near = client.open();
    assert.equal(await connectErrno(client, near, address), 0);
    client.send(near, pattern(10000));
    await client.turn();
    assert.equal(client.sentBytes(near), 4096);
  },
  { window: 3 },
);

test("whatever the sizes of sends, receives and window, a stream arrives whole and in order", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      sizes,
      sizes,
      fc.boolean(),
      async (window, sends, receives, close) => {
        const network = loopbackNetwork({ window });
        const server = new Party(network);
        const client = new Party(network);
        const { near, far } = await connectedPair(server, client);
        const total = sends.reduce((sum, size) => sum + size, 0);
        const bytes = pattern(total);
        let at = 0;
        for (const size of sends) {
          client.send(near, bytes.subarray(at, at + size));
          at += size;
        }
        if (close) client.session.close(near, false);
        else client.session.shutdown(near, SHUT_WR);
        const parts: Uint8Array[] = [];
        for (let round = 0; ; round++) {
          const part = await server.receive(far, receives[round % receives.length] ?? 1);
          if (part === null) break;
          parts.push(part);
        }
        assert.ok(Buffer.concat(parts).equals(bytes));
        await client.turn();
        if (close) await client.take("closed", near);
        else assert.equal(client.sentBytes(near), total);
        await dismiss(server, client);
      },
    ),
    { numRuns: 60 },
  );
});

check("requests that a kind of socket does not serve are refused, and unknown ids are ignored", async (server) => {
  const udp = server.open(AF_INET, SOCK_DGRAM);
  server.session.listen(udp, 1);
  assert.equal((await server.take("listening", udp)).errno, EOPNOTSUPP);
  const tcp = server.open();
  assert.equal(await server.sendTo(tcp, "x", loopback4(9)), EOPNOTSUPP);
  assert.equal(await bindErrno(server, server.open(AF_INET, SOCK_SEQPACKET), loopback4()), EPROTONOSUPPORT);
  assert.equal(await bindErrno(server, server.open(77), loopback4()), EAFNOSUPPORT);
  const { session } = server;
  session.connect(4242, loopback4(9));
  session.send(4242, 0, 1);
  session.receive(4242, 0, 1);
  session.close(4242, true);
  await server.turn();
  assert.equal(server.history.filter((told) => told.id === 4242).length, 0);
});

check("UDP: what an unbound, an unconnected, a too long and a far datagram get", async (_, client) => {
  const id = client.open(AF_INET, SOCK_DGRAM);
  assert.equal(await client.sendTo(id, "x", null), EDESTADDRREQ);
  assert.equal(await client.sendTo(id, new Uint8Array(65508), loopback4(9)), EMSGSIZE);
  assert.equal(await client.sendTo(id, new Uint8Array(65507), loopback4(9)), 0);
  assert.notEqual(portOf((await client.take("bound", id)).local), 0);
  assert.equal(await client.sendTo(id, "x", at("192.0.2.1", 9)), ENETUNREACH);
  assert.equal(await client.sendTo(id, "x", loopback4(0)), EINVAL);
  assert.equal(await client.sendTo(id, "x", at("255.255.255.255", 9)), EACCES);
  await client.turn();
  assert.equal(client.told("error", id).length, 0, "an unconnected socket never hears of a refusal");
});

check("UDP: after disconnect() a port stays only if bind() named it", async (_, client) => {
  for (const [address, expected] of [
    [loopback4(7000), loopback4(7000)],
    [loopback4(), loopback4(0)],
    [at("0.0.0.0", 7001), at("0.0.0.0", 7001)],
    [null, at("0.0.0.0", 0)],
  ] as const) {
    const id = client.open(AF_INET, SOCK_DGRAM);
    if (address !== null) await client.bind(id, address);
    assert.equal(await connectErrno(client, id, loopback4(9)), 0);
    client.session.disconnect(id);
    assert.deepEqual((await client.take("bound", id)).local, expected);
  }
});

check(
  "UDP: of several sockets on a port the most specific hears, a connected one its peer only",
  async (server, client) => {
    const [any, exact, connected] = [0, 0, 0].map(() => reusing(server, AF_INET, SOCK_DGRAM)) as [
      number,
      number,
      number,
    ];
    await server.bind(any, at("0.0.0.0", 53));
    const me = await client.datagramSocket(loopback4());
    const other = await client.datagramSocket(loopback4());
    const hears = async (from: number, to: string): Promise<number> => {
      assert.equal(await client.sendTo(from, "x", at(to, 53)), 0);
      await server.turn();
      const heard = [any, exact, connected].filter((id) => server.told("datagram", id).length > 0);
      assert.equal(heard.length, 1);
      await server.take("datagram", heard[0] ?? 0);
      return heard[0] ?? 0;
    };
    await server.bind(exact, loopback4(53));
    await server.bind(connected, loopback4(53));
    assert.equal(await connectErrno(server, connected, me.address), 0);
    assert.equal(await hears(me.id, "127.0.0.1"), connected);
    assert.equal(await hears(other.id, "127.0.0.1"), exact);
    assert.equal(await hears(me.id, "127.0.0.2"), any);
  },
);

check("UDP: what a guest does not take in is bounded, and the rest is lost", async (server, client) => {
  const to = await server.datagramSocket(loopback4());
  const from = client.open(AF_INET, SOCK_DGRAM);
  const payload = new Uint8Array(1000);
  client.session.bind(from, loopback4());
  // All in one turn, so that the queue has no chance to run.
  for (let index = 0; index < 1000; index++) client.session.sendto(from, 8, payload.length, to.address);
  await server.turn();
  const heard = server.told("datagram", to.id).length;
  assert.ok(heard > 100 && heard < 250, `${heard}`);
  client.violations.length = 0;
});

check("broadcast needs SO_BROADCAST and reaches every wildcard socket on the port", async (server, client) => {
  const one = reusing(server, AF_INET, SOCK_DGRAM);
  const two = reusing(server, AF_INET, SOCK_DGRAM);
  await server.bind(one, at("0.0.0.0", 67));
  await server.bind(two, at("0.0.0.0", 67));
  const from = await client.datagramSocket(at("0.0.0.0", 68));
  assert.equal(await client.sendTo(from.id, "x", at("255.255.255.255", 67)), EACCES);
  assert.equal(await connectErrno(client, from.id, at("255.255.255.255", 67)), EACCES);
  assert.equal(await option(client, from.id, SOL_SOCKET, SO_BROADCAST, 1), 0);
  assert.equal(await client.sendTo(from.id, "x", at("255.255.255.255", 67)), 0);
  assert.deepEqual((await server.datagram(one)).from, loopback4(68));
  assert.deepEqual((await server.datagram(two)).from, loopback4(68));
});

check("a group's datagrams reach its members, unless IP_MULTICAST_LOOP is off", async (server, client) => {
  const [one, two] = [reusing(server, AF_INET, SOCK_DGRAM), reusing(server, AF_INET, SOCK_DGRAM)];
  const group = at("224.0.0.251", 5353);
  const membership = async (id: number, join: boolean, address: Address): Promise<number> => {
    server.session.setMembership(id, join, address, null);
    return (await server.take("option", id)).errno;
  };
  for (const id of [one, two]) {
    await server.bind(id, at("0.0.0.0", 5353));
    assert.equal(await membership(id, true, group), 0);
  }
  assert.equal(await membership(one, true, group), EADDRINUSE);
  assert.equal(await membership(one, true, loopback4()), EINVAL);
  const from = client.open(AF_INET, SOCK_DGRAM);
  assert.equal(await client.sendTo(from, "one", group), 0);
  assert.equal((await server.datagram(one)).text, "one");
  assert.equal((await server.datagram(two)).text, "one");
  assert.equal(await membership(two, false, group), 0);
  assert.equal(await membership(two, false, group), EADDRNOTAVAIL);
  assert.equal(await client.sendTo(from, "two", group), 0);
  assert.equal((await server.datagram(one)).text, "two");
  // ip(7), IP_MULTICAST_ALL: as long as any socket of the host is a member.
  assert.equal((await server.datagram(two)).text, "two");
  assert.equal(await option(client, from, IPPROTO_IP, IP_MULTICAST_LOOP, 0), 0);
  assert.equal(await client.sendTo(from, "three", group), 0);
  await server.turn();
  assert.equal(server.told("datagram", one).length + server.told("datagram", two).length, 0);
  assert.equal(await option(client, from, IPPROTO_IP, IP_MULTICAST_LOOP, 1), 0);
  await server.close(one);
  assert.equal(await client.sendTo(from, "four", group), 0);
  await server.turn();
  assert.equal(server.told("datagram", two).length, 0);
});

check("a path outlives its owner and refuses; unlink() frees it", async (server, client, network) => {
  const name = unixAddress("/run/a");
  const listener = await server.listener(name, AF_UNIX);
  await server.close(listener.id);
  assert.equal(await connectErrno(client, client.open(AF_UNIX), name), ECONNREFUSED);
  assert.equal(await bindErrno(server, server.open(AF_UNIX), name), EADDRINUSE);
  assert.equal(network.unlink("/run/a"), true);
  assert.equal(network.unlink("/run/a"), false);
  assert.equal(await connectErrno(client, client.open(AF_UNIX), name), ENOENT);
  const again = server.open(AF_UNIX);
  await server.bind(again, name);
  assert.equal(await connectErrno(client, client.open(AF_UNIX), name), ECONNREFUSED, "bound, not listening");
  assert.equal(await connectErrno(client, client.open(AF_UNIX, SOCK_DGRAM), name), EPROTOTYPE);
});

check("an abstract name goes with its owner, its length counts, and none is never there", async (server, client) => {
  const listener = await server.listener(unixAddress("\0bus"), AF_UNIX);
  assert.equal(await connectErrno(client, client.open(AF_UNIX), unixAddress("\0bus")), 0);
  assert.equal(await connectErrno(client, client.open(AF_UNIX), unixAddress("\0bus\0")), ECONNREFUSED);
  await server.close(listener.id);
  assert.equal(await connectErrno(client, client.open(AF_UNIX), unixAddress("\0bus")), ECONNREFUSED);
  assert.equal(await bindErrno(server, server.open(AF_UNIX), unixAddress("\0bus")), 0);
  const auto = await server.bind(server.open(AF_UNIX), unixAddress(""));
  assert.deepEqual(auto, unixAddress("\x0000000"));
});

check("listen() on an unnamed AF_UNIX socket is EINVAL", async (server) => {
  assert.equal(await listenErrno(server, server.open(AF_UNIX)), EINVAL);
});

check(
  "AF_UNIX: a full backlog makes the caller wait, and a listener that closes refuses it",
  async (server, client) => {
    const listener = await server.listener(unixAddress("/run/full"), AF_UNIX, 0);
    const [one, two, three] = [client.open(AF_UNIX), client.open(AF_UNIX), client.open(AF_UNIX)];
    for (const id of [one, two, three]) client.session.connect(id, listener.address);
    await client.turn();
    assert.equal(client.told("connected", one).length, 1);
    assert.equal(client.told("bound", two).length, 1, "the attempt has begun");
    assert.equal(client.told("connected", two).length, 0);
    await server.accept(listener.id);
    await client.take("connected", two);
    await server.close(listener.id);
    assert.equal((await client.take("failed", three)).errno, ECONNREFUSED);
    assert.equal((await client.take("failed", two)).errno, ECONNRESET);
  },
);

check("AF_UNIX: the peer's shutdown(SHUT_RD) and its close make a send EPIPE", async (server, client) => {
  const listener = await server.listener(unixAddress("/run/pipe"), AF_UNIX);
  for (const quit of ["shutdown", "close"]) {
    const id = client.open(AF_UNIX);
    assert.equal(await connectErrno(client, id, listener.address), 0);
    const { id: far } = await server.accept(listener.id);
    if (quit === "close") await server.close(far);
    else server.session.shutdown(far, SHUT_RD);
    client.send(id, "x");
    assert.equal((await client.take("failed", id)).errno, EPIPE);
    assert.equal(client.told("sent", id).length, 0);
    if (quit === "shutdown") assert.equal(await server.receive(far), null);
  }
});

check(
  "AF_UNIX datagrams: a connected socket hears its peer only, a peer that closed is refused once",
  async (server, client) => {
    const to = await server.datagramSocket(unixAddress("/run/to"), AF_UNIX);
    const friend = await client.datagramSocket(unixAddress("/run/friend"), AF_UNIX);
    const third = client.open(AF_UNIX, SOCK_DGRAM);
    assert.equal(await client.sendTo(third, "x", null), ENOTCONN);
    assert.equal(await client.sendTo(third, "x", unixAddress("/run/none")), ENOENT);
    assert.equal(await connectErrno(server, to.id, friend.address), 0);
    assert.equal(await client.sendTo(third, "x", to.address), EPERM);
    assert.equal(await connectErrno(client, third, to.address), EPERM);
    assert.equal(await client.sendTo(friend.id, "mine", to.address), 0);
    assert.equal((await server.datagram(to.id)).text, "mine");
    await client.close(friend.id);
    assert.equal(await server.sendTo(to.id, "x", null), ECONNREFUSED);
    assert.equal(await server.sendTo(to.id, "x", null), ENOTCONN);
  },
);

check("AF_UNIX datagrams: none is lost; who finds no room is told when there is some", async (server, client) => {
  const to = await server.datagramSocket(unixAddress("/run/slow"), AF_UNIX);
  const senders = Array.from({ length: 25 }, () => client.open(AF_UNIX, SOCK_DGRAM));
  for (const id of senders) client.session.sendto(id, 8, 10, to.address);
  const outcomes = senders.map((id) => client.told("sent", id)[0]?.errno);
  assert.deepEqual(outcomes, [...new Array(11).fill(0), ...new Array(14).fill(EAGAIN)]);
  await server.turn();
  assert.equal(server.told("datagram", to.id).length, 11);
  assert.equal(client.history.filter(({ event }) => event === "error").length, 0);
  server.session.receive(to.id, 0, 1);
  await client.turn();
  for (const id of senders.slice(11)) assert.equal(client.told("error", id)[0]?.errno, 0);
  client.log.length = 0;
  const [first = 0, second = 0] = senders.slice(11);
  assert.equal(await client.sendTo(first, new Uint8Array(10), to.address), 0);
  assert.equal(await client.sendTo(second, new Uint8Array(10), to.address), EAGAIN);
  client.violations.length = 0; // the first sends lent what the party does not know of
});

check(
  "names: options.hosts in any case, with a final dot, in the family that was asked for, and back",
  async (_, client) => {
    const addresses = async (name: string, family: number): Promise<readonly string[]> => {
      const told = await client.resolve(name, family);
      return told.addresses.map((address) => (address.family === "unix" ? "" : address.address));
    };
    assert.deepEqual(await addresses("DB.test.", AF_UNSPEC), ["10.0.0.1", "fd00::1"]);
    assert.deepEqual(await addresses("db.test", AF_INET6), ["fd00::1"]);
    assert.deepEqual(await addresses("web.test", AF_INET), ["10.0.0.2"]);
    assert.equal((await client.resolve("web.test", AF_INET6)).errno, ENOENT);
    assert.deepEqual(await addresses("localhost", AF_UNSPEC), ["::1", "127.0.0.1"]);
    assert.deepEqual(await addresses("FD00:0:0::1", AF_UNSPEC), ["fd00::1"]);
    const reverse = async (address: string): Promise<string> => {
      const operation = client.newId();
      client.session.reverse(operation, at(address));
      const told = await client.take("named", operation);
      return told.errno === 0 ? told.name : `errno ${told.errno}`;
    };
    assert.equal(await reverse("10.0.0.2"), "web.test");
    assert.equal(await reverse("127.0.0.1"), "localhost");
    assert.equal(await reverse("10.9.9.9"), `errno ${ENOENT}`);
  },
  { hosts: { "Db.Test": ["10.0.0.1", "FD00::1"], "web.test": "10.0.0.2" } },
);

test.run();
