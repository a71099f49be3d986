// The conformance suite of a network: every rule of host/network.ts, asked of any implementation through one runner per
// network. Owns no network and no socket of its own.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { suite } from "uvu";
import {
  EACCES,
  EADDRINUSE,
  EADDRNOTAVAIL,
  ECONNREFUSED,
  ECONNRESET,
  ENOENT,
  ENOPROTOOPT,
  EPIPE,
  EOPNOTSUPP,
  EPROTOTYPE,
} from "../assembly/shared/errno.js";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  AF_UNSPEC,
  IPPROTO_TCP,
  SHUT_WR,
  SOCK_DGRAM,
  SOCK_STREAM,
  TCP_NODELAY,
} from "../assembly/shared/socket.js";
import type { Address } from "../host/address.js";
import type { Capabilities, Network } from "../host/network.js";
import {
  connectedPair,
  dismiss,
  loopback4,
  loopback6,
  Party,
  pattern,
  portOf,
  StreamFailure,
  unixAddress,
} from "./network.party.js";

/** A network for one test. */
export interface Fixture {
  readonly network: Network;
  dispose(): void | Promise<void>;
}

/** What the suite may ask of this network. */
export interface SuiteOptions {
  readonly capabilities: Capabilities;
  /** ::1 works here. */
  readonly ipv6?: boolean;
  /** A fresh AF_UNIX name at each call; without it AF_UNIX is not asked for. */
  readonly unixName?: () => Address;
  /** Names of tests that this network cannot pass, each with the reason. A name that is no test's is an error. */
  readonly except?: Readonly<Record<string, string>>;
}

type Body = (server: Party, client: Party) => Promise<void>;

const LIMIT = 20000;

async function bounded(name: string, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = delay(LIMIT, undefined, { signal: timer.signal }).then(
    () => {
      throw new Error(`"${name}" took more than ${LIMIT} ms`);
    },
    () => {},
  );
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

/** More bytes than kernels and windows take of a stream that nobody reads. */
const UNREAD = 16 << 20;

/** Registers and runs the suite with uvu. */
export function networkSuite(name: string, make: () => Fixture | Promise<Fixture>, options: SuiteOptions): void {
  const test = suite(`${name} network`);
  const except = new Map(Object.entries(options.except ?? {}));
  const capabilities = options.capabilities;

  const check = (sentence: string, body: Body): void => {
    if (except.delete(sentence)) {
      test.skip(sentence, () => {});
      return;
    }
    test(sentence, async () => {
      const fixture = await make();
      const server = new Party(fixture.network);
      const client = new Party(fixture.network);
      try {
        await bounded(sentence, body(server, client));
        await dismiss(server, client);
      } finally {
        server.dispose();
        client.dispose();
        await fixture.dispose();
      }
    });
  };

  /** A port of this network where nobody listens. */
  const freePort = async (party: Party): Promise<Address> => {
    const { id, address } = await party.listener(loopback4());
    await party.close(id);
    return address;
  };

  test("says truthfully what it can do", async () => {
    const fixture = await make();
    assert.deepEqual({ ...fixture.network.capabilities }, { ...capabilities });
    await fixture.dispose();
  });

  if (capabilities.streams) streamTests();
  if (capabilities.streams && capabilities.listen) connectionTests();
  if (capabilities.datagrams) datagramTests();
  if (capabilities.unixStreams && options.unixName !== undefined) unixTests(options.unixName);
  lookupTests();
  assert.deepEqual([...except.keys()], [], "every exception names a test of the suite");
  test.run();

  function streamTests(): void {
    check("close() of a fresh socket is always answered", async (_, client) => {
      await client.close(client.open());
      await client.close(client.open(), true);
    });

    check(
      "an option that no network knows is ENOPROTOOPT, and TCP_NODELAY is kept before a connection",
      async (_, client) => {
        const id = client.open();
        client.session.setOption(id, 0x3fff, 0x3fff, 1);
        assert.equal((await client.take("option", id)).errno, ENOPROTOOPT);
        client.session.setOption(id, IPPROTO_TCP, TCP_NODELAY, 1);
        assert.equal((await client.take("option", id)).errno, 0);
      },
    );

    check("turn() is answered without anything else under way", async (_, client) => {
      for (let round = 0; round < 3; round++) await client.turn();
    });

    check("dispose() tells nothing more", async (_, client) => {
      const id = client.open();
      client.session.connect(id, loopback4(9));
      client.session.resolve(client.newId(), "localhost", AF_UNSPEC);
      client.session.turn(client.newId());
      client.dispose();
      const before = client.history.length;
      await delay(50);
      assert.equal(client.history.length, before);
    });
  }

  function connectionTests(): void {
    check("bind() to port 0 tells the port that was chosen", async (server) => {
      const id = server.open();
      const local = await server.bind(id, loopback4());
      assert.equal(local.family, "IPv4");
      assert.notEqual(portOf(local), 0);
      await server.close(id);
    });

    check("listen() on an unbound socket binds it first", async (server) => {
      const id = server.open();
      server.session.listen(id, 4);
      const told = await server.take("listening", id);
      assert.equal(told.errno, 0);
      assert.notEqual(portOf(told.local), 0);
      await server.close(id);
    });

    check("a connection tells both sides the same two addresses, and bound comes first", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      client.session.connect(id, listener.address);
      const connected = await client.take("connected", id);
      const bound = await client.take("bound", id);
      assert.equal(bound.errno, 0);
      assert.ok(client.history.indexOf(bound) < client.history.indexOf(connected));
      assert.deepEqual(bound.local, connected.local);
      assert.deepEqual(connected.peer, listener.address);
      const accepted = await server.accept(listener.id);
      assert.deepEqual(accepted.peer, connected.local);
      assert.deepEqual(accepted.local, listener.address);
    });

    check("an explicitly bound client connects from its address", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      const local = await client.bind(id, loopback4());
      client.session.connect(id, listener.address);
      assert.deepEqual((await client.take("connected", id)).local, local);
      assert.deepEqual((await server.accept(listener.id)).peer, local);
    });

    check("nobody listens: ECONNREFUSED, and the same id connects elsewhere", async (server, client) => {
      const dead = await freePort(server);
      const listener = await server.listener(loopback4());
      const id = client.open();
      client.session.connect(id, dead);
      assert.equal((await client.take("failed", id)).errno, ECONNREFUSED);
      client.session.connect(id, dead);
      assert.equal((await client.take("failed", id)).errno, ECONNREFUSED);
      client.session.connect(id, listener.address);
      assert.deepEqual((await client.take("connected", id)).peer, listener.address);
      const { id: far } = await server.accept(listener.id);
      await client.sendAll(id, "again");
      assert.equal(Buffer.from(await server.receiveAll(far, 5)).toString(), "again");
    });

    check("an explicitly bound address survives a refusal", async (server, client) => {
      const dead = await freePort(server);
      const listener = await server.listener(loopback4());
      const id = client.open();
      const local = await client.bind(id, loopback4());
      client.session.connect(id, dead);
      assert.equal((await client.take("failed", id)).errno, ECONNREFUSED);
      client.session.connect(id, listener.address);
      assert.deepEqual((await client.take("connected", id)).local, local);
    });

    check("a used port is EADDRINUSE and a foreign address is EADDRNOTAVAIL", async (server, client) => {
      const listener = await server.listener(loopback4());
      const second = client.open();
      client.session.bind(second, listener.address);
      const bound = await client.take("bound", second);
      if (bound.errno === 0) {
        // A kernel that lets it bind (SO_REUSEADDR set by the platform) has to refuse at listen().
        client.session.listen(second, 1);
        assert.equal((await client.take("listening", second)).errno, EADDRINUSE);
      } else assert.equal(bound.errno, EADDRINUSE);
      const foreign = client.open();
      client.session.bind(foreign, { family: "IPv4", address: "203.0.113.77", port: 0 });
      assert.equal((await client.take("bound", foreign)).errno, EADDRNOTAVAIL);
    });

    check("a closed listener's port refuses, and can be listened on again", async (server, client) => {
      const first = await server.listener(loopback4());
      await server.close(first.id);
      const second = await server.listener(first.address);
      assert.deepEqual(second.address, first.address);
      const id = client.open();
      client.session.connect(id, first.address);
      await client.take("connected", id);
    });

    check("data fills no more than was lent, and waits for the next receive()", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      await client.sendAll(near, "abcdefgh");
      const first = await server.receive(far, 3);
      assert.ok(first && first.length > 0 && first.length <= 3);
      await delay(20);
      await server.turn();
      assert.equal(server.told("data", far).length, 0);
      const rest = await server.receiveAll(far, 8 - first.length, 5);
      assert.equal(Buffer.concat([first, rest]).toString(), "abcdefgh");
    });

    check("a receive() before connected is kept", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      client.session.connect(id, listener.address);
      client.lend(id, 64);
      await client.take("connected", id);
      const { id: far } = await server.accept(listener.id);
      await server.sendAll(far, "early");
      assert.equal(Buffer.from((await client.receive(id)) ?? []).toString(), "early");
      const order = client.history.map((told) => told.event);
      assert.ok(order.indexOf("connected") < order.indexOf("data"));
    });

    check("data that came before adopt() is not lost", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      client.session.connect(id, listener.address);
      await client.take("connected", id);
      await client.sendAll(id, "first");
      client.session.shutdown(id, SHUT_WR);
      await delay(20);
      const { id: far } = await server.accept(listener.id);
      assert.equal(Buffer.from(await server.receiveToEnd(far)).toString(), "first");
    });

    check("several sends outstanding arrive in order", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      let expected = "";
      for (let index = 0; index < 50; index++) {
        client.send(near, `<${index}>`);
        expected += `<${index}>`;
      }
      const received = await server.receiveAll(far, expected.length);
      assert.equal(Buffer.from(received).toString(), expected);
      await client.sendAll(near, "!");
      assert.equal(Buffer.from(await server.receiveAll(far, 1)).toString(), "!");
    });

    check("a slow reader holds the sender back, and nothing is lost", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      const chunk = pattern(0x100000);
      const chunks = 24;
      for (let index = 0; index < chunks; index++) client.send(near, chunk);
      await delay(100);
      const taken = client.sentBytes(near);
      assert.ok(taken < chunks * chunk.length, `${taken} bytes were taken with nobody reading`);
      for (let index = 0; index < chunks; index++) {
        const got = await server.receiveAll(far, chunk.length, 0x40000);
        assert.ok(Buffer.from(got).equals(chunk), `chunk ${index} differs`);
      }
      await client.turn();
      let sum = taken + client.sentBytes(near);
      while (sum < chunks * chunk.length) sum += (await client.take("sent", near)).length;
      assert.equal(sum, chunks * chunk.length);
    });

    check("both directions carry 4 MiB at the same time", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      const there = pattern(0x400000);
      const back = there.slice().reverse();
      const [, , got, gotBack] = await Promise.all([
        client.sendAll(near, there),
        server.sendAll(far, back),
        server.receiveAll(far, there.length),
        client.receiveAll(near, back.length),
      ]);
      assert.ok(Buffer.from(got).equals(there));
      assert.ok(Buffer.from(gotBack).equals(back));
    });

    check("shutdown(SHUT_WR) ends one direction after what was sent, the other goes on", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      client.send(near, "question");
      client.session.shutdown(near, SHUT_WR);
      assert.equal(Buffer.from(await server.receiveToEnd(far)).toString(), "question");
      await server.sendAll(far, "answer");
      server.session.shutdown(far, SHUT_WR);
      assert.equal(Buffer.from(await client.receiveToEnd(near)).toString(), "answer");
      await client.close(near);
      await server.close(far);
    });

    check("close() sends what is outstanding first", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      const bytes = pattern(0x200000);
      client.send(near, bytes);
      client.session.close(near, false);
      assert.ok(Buffer.from(await server.receiveToEnd(far)).equals(bytes));
      await client.take("closed", near);
    });

    check("close() during a connection attempt is answered, and nothing follows", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      client.session.connect(id, listener.address);
      client.session.close(id, false);
      await client.take("closed", id);
      await client.turn();
    });

    check("sending to a peer that has closed fails with EPIPE or ECONNRESET", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      await server.close(far);
      assert.equal(await client.receive(near), null);
      let failure: unknown;
      for (let round = 0; round < 50 && failure === undefined; round++) {
        await client.sendAll(near, "x").catch((error: unknown) => {
          failure = error;
        });
        await delay(2);
      }
      assert.ok(failure instanceof StreamFailure);
      assert.ok(failure.errno === EPIPE || failure.errno === ECONNRESET, `errno ${failure.errno}`);
      await client.close(near);
    });

    check(
      "abort() of an attempt is answered, tells nothing of it afterwards, and the id connects anew",
      async (server, client) => {
        const listener = await server.listener(loopback4());
        const id = client.open();
        client.session.connect(id, listener.address);
        client.session.abort(id);
        const aborted = await client.take("aborted", id);
        await client.turn();
        const later = client.history.slice(client.history.indexOf(aborted) + 1).filter((told) => told.id === id);
        assert.deepEqual(later, []);
        const second = await server.listener(loopback4());
        client.session.connect(id, second.address);
        const at = client.history.length;
        await client.take("connected", id);
        assert.ok(client.history.slice(at).some((told) => told.event === "connected"));
        const { id: far } = await server.accept(second.id);
        await client.sendAll(id, "anew");
        assert.equal(Buffer.from(await server.receiveAll(far, 4)).toString(), "anew");
      },
    );

    check("a closed listener resets what was not adopted", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      client.session.connect(id, listener.address);
      await client.take("connected", id);
      await server.take("incoming", listener.id);
      await server.close(listener.id);
      client.lend(id, 16);
      const told = await client.takeFirst(["failed", "end"], id);
      if (capabilities.reset) assert.equal(told.errno, ECONNRESET);
    });

    check("what is in the kernel is told before turned", async (server, client) => {
      const { near, far } = await connectedPair(server, client);
      for (let round = 0; round < 20; round++) {
        server.lend(far, 16);
        await client.sendAll(near, "x");
        await server.turn();
        assert.equal(server.told("data", far).length, 1, `round ${round}`);
        await server.take("data", far);
      }
    });

    check("an id may be opened again after closed", async (server, client) => {
      const listener = await server.listener(loopback4());
      const id = client.open();
      for (let round = 0; round < 5; round++) {
        client.session.connect(id, listener.address);
        await client.take("connected", id);
        const { id: far } = await server.accept(listener.id);
        await client.sendAll(id, `${round}`);
        assert.equal(Buffer.from(await server.receiveAll(far, 1)).toString(), `${round}`);
        await client.close(id);
        await server.close(far);
        client.reuse(id);
        client.session.open(id, AF_INET, SOCK_STREAM, 0);
      }
    });

    check("many connections at once each reach their own peer", async (server, client) => {
      const listener = await server.listener(loopback4(), AF_INET, 128);
      const ids = Array.from({ length: 100 }, () => client.open());
      for (const id of ids) client.session.connect(id, listener.address);
      const accepted = new Map<number, number>();
      for (const _ of ids) {
        const { id, peer } = await server.accept(listener.id);
        accepted.set(portOf(peer), id);
      }
      for (const id of ids) {
        const { local } = await client.take("connected", id);
        const far = accepted.get(portOf(local));
        assert.ok(far !== undefined);
        await client.sendAll(id, `${id};`);
        assert.equal(Buffer.from(await server.receiveAll(far, `${id};`.length)).toString(), `${id};`);
      }
    });

    check("the peer of a disposed guest is told", async (server, client) => {
      const { near } = await connectedPair(server, client);
      client.lend(near, 16);
      server.dispose();
      const told = await client.takeFirst(["end", "failed"], near);
      assert.ok(told.event === "end" || told.errno === ECONNRESET);
    });

    if (capabilities.reset) {
      check("close(reset) is ECONNRESET at the peer", async (server, client) => {
        const { near, far } = await connectedPair(server, client);
        server.lend(far, 16);
        await client.close(near, true);
        assert.equal((await server.take("failed", far)).errno, ECONNRESET);
        await server.close(far);
      });

      check(
        "abort() of a connection resets it, gives memory back, and the id connects anew",
        async (server, client) => {
          const { near, far } = await connectedPair(server, client);
          server.lend(far, 16);
          client.lend(near, 16);
          client.session.abort(near);
          await client.take("aborted", near);
          assert.equal((await server.take("failed", far)).errno, ECONNRESET);
          const listener = await server.listener(loopback4());
          client.session.connect(near, listener.address);
          await client.take("connected", near);
          const { id: again } = await server.accept(listener.id);
          await server.sendAll(again, "hello");
          assert.equal(Buffer.from(await client.receiveAll(near, 5)).toString(), "hello");
        },
      );

      check("a stream that broke or was aborted closes, whatever it had to send", async (server, client) => {
        const broken = await connectedPair(server, client);
        client.send(broken.near, pattern(UNREAD));
        server.session.close(broken.far, true);
        await client.take("failed", broken.near);
        await client.close(broken.near);
        const aborted = await connectedPair(server, client);
        client.send(aborted.near, pattern(UNREAD));
        client.session.abort(aborted.near);
        await client.take("aborted", aborted.near);
        await client.close(aborted.near);
      });
    }

    if (options.ipv6) {
      check("TCP over IPv6 works as over IPv4", async (server, client) => {
        const { near, far } = await connectedPair(server, client, loopback6(), AF_INET6);
        await client.sendAll(near, "six");
        assert.equal(Buffer.from(await server.receiveAll(far, 3)).toString(), "six");
      });
    }
  }

  function datagramTests(): void {
    check("a datagram arrives with its source", async (server, client) => {
      const to = await server.datagramSocket(loopback4());
      const from = await client.datagramSocket(loopback4());
      assert.equal(await client.sendTo(from.id, "ping", to.address), 0);
      assert.deepEqual(await server.datagram(to.id), { text: "ping", from: from.address });
      assert.equal(await server.sendTo(to.id, "pong", from.address), 0);
      assert.deepEqual(await client.datagram(from.id), { text: "pong", from: to.address });
    });

    check("an empty datagram arrives", async (server, client) => {
      const to = await server.datagramSocket(loopback4());
      const from = await client.datagramSocket(loopback4());
      assert.equal(await client.sendTo(from.id, "", to.address), 0);
      assert.deepEqual(await server.datagram(to.id), { text: "", from: from.address });
    });

    check("an unbound socket sends, and answers find it", async (server, client) => {
      const to = await server.datagramSocket(loopback4());
      const id = client.open(AF_INET, SOCK_DGRAM);
      assert.equal(await client.sendTo(id, "hello", to.address), 0);
      const { from } = await server.datagram(to.id);
      assert.equal(await server.sendTo(to.id, "back", from), 0);
      assert.equal((await client.datagram(id)).text, "back");
    });

    check("connect() names the peer and tells the local address, again and again", async (server, client) => {
      const one = await server.datagramSocket(loopback4());
      const two = await server.datagramSocket(loopback4());
      const id = client.open(AF_INET, SOCK_DGRAM);
      for (const to of [one, two, one]) {
        client.session.connect(id, to.address);
        const told = await client.take("connected", id);
        assert.deepEqual(told.peer, to.address);
        assert.equal(told.local?.family === "IPv4" && told.local.address, "127.0.0.1");
        assert.equal(await client.sendTo(id, "to you", null), 0);
        assert.deepEqual(await server.datagram(to.id), { text: "to you", from: told.local });
      }
    });

    check("disconnect() is answered, and the socket hears from anybody again", async (server, client) => {
      const one = await server.datagramSocket(loopback4());
      const two = await server.datagramSocket(loopback4());
      const me = await client.datagramSocket(loopback4());
      client.session.connect(me.id, one.address);
      await client.take("connected", me.id);
      client.session.disconnect(me.id);
      assert.equal((await client.take("bound", me.id)).errno, 0);
      assert.equal(await client.sendTo(me.id, "hello", two.address), 0);
      const { from } = await server.datagram(two.id);
      assert.equal(await server.sendTo(two.id, "anybody", from), 0);
      assert.equal((await client.datagram(me.id)).text, "anybody");
    });

    check("a connected socket hears that nobody is there: ECONNREFUSED", async (server, client) => {
      const gone = await server.datagramSocket(loopback4());
      await server.close(gone.id);
      const id = client.open(AF_INET, SOCK_DGRAM);
      client.session.connect(id, gone.address);
      await client.take("connected", id);
      assert.equal(await client.sendTo(id, "x", null), 0);
      assert.equal((await client.take("error", id)).errno, ECONNREFUSED);
      await client.close(id);
    });

    check("a used datagram port is EADDRINUSE", async (server, client) => {
      const first = await server.datagramSocket(loopback4());
      const id = client.open(AF_INET, SOCK_DGRAM);
      client.session.bind(id, first.address);
      assert.equal((await client.take("bound", id)).errno, EADDRINUSE);
    });

    check("datagrams keep their boundaries and their order on one host", async (server, client) => {
      const to = await server.datagramSocket(loopback4());
      const from = await client.datagramSocket(loopback4());
      for (let index = 0; index < 20; index++) {
        assert.equal(await client.sendTo(from.id, "x".repeat(index), to.address), 0);
      }
      for (let index = 0; index < 20; index++) assert.equal((await server.datagram(to.id)).text.length, index);
    });

    check("a datagram that was sent is told before turned", async (server, client) => {
      const to = await server.datagramSocket(loopback4());
      const from = await client.datagramSocket(loopback4());
      for (let round = 0; round < 20; round++) {
        assert.equal(await client.sendTo(from.id, "x", to.address), 0);
        await server.turn();
        assert.equal(server.told("datagram", to.id).length, 1, `round ${round}`);
        await server.take("datagram", to.id);
      }
    });

    if (options.ipv6) {
      check("UDP over IPv6 works as over IPv4", async (server, client) => {
        const to = await server.datagramSocket(loopback6(), AF_INET6);
        const from = await client.datagramSocket(loopback6(), AF_INET6);
        assert.equal(await client.sendTo(from.id, "six", to.address), 0);
        assert.deepEqual(await server.datagram(to.id), { text: "six", from: from.address });
      });
    }
  }

  function unixTests(unixName: () => Address): void {
    check("an AF_UNIX stream carries bytes both ways and ends", async (server, client) => {
      const name = unixName();
      const listener = await server.listener(name, AF_UNIX);
      assert.deepEqual(listener.address, name);
      const id = client.open(AF_UNIX);
      client.session.connect(id, name);
      const told = await client.take("connected", id);
      assert.deepEqual(told.peer, name);
      assert.ok(told.local?.family === "unix" && told.local.path.length === 0, "the client has no name");
      const { id: far } = await server.accept(listener.id);
      await client.sendAll(id, "there");
      assert.equal(Buffer.from(await server.receiveAll(far, 5)).toString(), "there");
      await server.sendAll(far, "back");
      await server.close(far);
      assert.equal(Buffer.from(await client.receiveToEnd(id)).toString(), "back");
    });

    check("a path that does not exist is ENOENT", async (_, client) => {
      const id = client.open(AF_UNIX);
      client.session.connect(id, unixName());
      assert.equal((await client.take("failed", id)).errno, ENOENT);
    });

    check("a used path is EADDRINUSE", async (server, client) => {
      const name = unixName();
      await server.listener(name, AF_UNIX);
      const id = client.open(AF_UNIX);
      client.session.bind(id, name);
      const bound = await client.take("bound", id);
      if (bound.errno === 0) {
        client.session.listen(id, 1);
        assert.equal((await client.take("listening", id)).errno, EADDRINUSE);
      } else assert.equal(bound.errno, EADDRINUSE);
    });

    check("an AF_UNIX path is a file, or only a name, as unixPaths says", async (server, client) => {
      const isFile = capabilities.unixPaths === "file system";
      const { address } = await server.listener(unixName(), AF_UNIX);
      assert.ok(address.family === "unix");
      assert.equal(existsSync(new TextDecoder().decode(address.path)), isFile);
      const directory = mkdtempSync(join(tmpdir(), "hawser-"));
      const id = client.open(AF_UNIX);
      client.session.connect(id, unixAddress(directory));
      const { errno } = await client.take("failed", id);
      rmSync(directory, { recursive: true });
      assert.equal(errno, isFile ? ECONNREFUSED : ENOENT);
    });

    if (!capabilities.unixDatagrams) return;

    check("AF_UNIX datagrams arrive whole, with the sender's name", async (server, client) => {
      const to = await server.datagramSocket(unixName(), AF_UNIX);
      const from = await client.datagramSocket(unixName(), AF_UNIX);
      assert.equal(await client.sendTo(from.id, "local", to.address), 0);
      assert.deepEqual(await server.datagram(to.id), { text: "local", from: from.address });
    });

    check(
      "descriptors go with a datagram or with bytes within one guest, and never to another",
      async (server, client) => {
        if (!capabilities.rights) return;
        const to = await server.datagramSocket(unixName(), AF_UNIX);
        const own = await client.datagramSocket(unixName(), AF_UNIX);
        const from = await client.datagramSocket(unixName(), AF_UNIX);
        assert.equal(await client.sendTo(from.id, "yours", to.address, 7), EOPNOTSUPP);
        assert.equal(await client.sendTo(from.id, "mine", own.address, 8), 0);
        assert.equal((await client.take("datagram", own.id)).rights, 8);
        assert.equal(await client.sendTo(from.id, "plain", own.address), 0);
        assert.equal((await client.take("datagram", own.id)).rights, undefined);

        const listener = await client.listener(unixName(), AF_UNIX);
        const caller = client.open(AF_UNIX);
        client.session.connect(caller, listener.address);
        await client.take("connected", caller);
        await client.sendAll(caller, "ab");
        assert.equal(await client.attach(caller, 9, 2), 0);
        await client.sendAll(caller, "cd");
        await client.sendAll(caller, "ef");
        const callee = await client.accept(listener.id);
        client.lend(callee.id, 100);
        const { bytes, rights, offset } = await client.take("data", callee.id);
        assert.deepEqual([new TextDecoder().decode(bytes), rights, offset], ["abcd", 9, 2]);
        assert.equal(new TextDecoder().decode((await client.receive(callee.id)) ?? undefined), "ef");
        assert.equal(await client.attach(caller, 10, 1), 0);
        await client.sendAll(caller, "x");
        client.session.close(callee.id, false);
        assert.equal((await client.take("lost", 0)).rights, 10);

        // Both have closed, and what came is in a loan that was not told yet.
        const again = client.open(AF_UNIX);
        client.session.connect(again, listener.address);
        await client.take("connected", again);
        const last = await client.accept(listener.id);
        client.lend(last.id, 100);
        assert.equal(await client.attach(again, 11, 1), 0);
        client.send(again, "x");
        client.session.close(again, false);
        client.session.close(last.id, false);
        assert.equal((await client.take("lost", 0)).rights, 11);
      },
    );

    check("a stream to a datagram name is EPROTOTYPE", async (server, client) => {
      const to = await server.datagramSocket(unixName(), AF_UNIX);
      const id = client.open(AF_UNIX);
      client.session.connect(id, to.address);
      assert.equal((await client.take("failed", id)).errno, EPROTOTYPE);
    });
  }

  function lookupTests(): void {
    check("localhost resolves to loopback addresses of the family that was asked for", async (_, client) => {
      const four = await client.resolve("localhost", AF_INET);
      assert.equal(four.errno, 0);
      assert.deepEqual(
        four.addresses.map((address) => address.family === "IPv4" && address.address),
        ["127.0.0.1"],
      );
      const any = await client.resolve("localhost", AF_UNSPEC);
      assert.equal(any.errno, 0);
      assert.ok(any.addresses.length > 0);
      for (const address of any.addresses) {
        assert.ok(address.family !== "unix" && ["127.0.0.1", "::1"].includes(address.address));
        assert.equal(address.port, 0);
      }
    });

    check("a name that cannot exist is not found", async (_, client) => {
      const told = await client.resolve("no-such-host.invalid", AF_UNSPEC);
      assert.notEqual(told.errno, 0);
      assert.notEqual(told.errno, EACCES);
      assert.deepEqual(told.addresses, []);
    });

    check("reverse() is answered", async (_, client) => {
      const operation = client.newId();
      client.session.reverse(operation, loopback4());
      const told = await client.take("named", operation);
      assert.ok(told.errno !== 0 || told.name.length > 0);
    });
  }
}
