// The bridge's client at servers of Wisp that nobody here wrote: what degraded mode is (docs/bridge-protocol.md, "Stock servers
// and clients").

import assert from "node:assert/strict";
import { server as wispJs, logging } from "@mercuryworkshop/wisp-js/server";
import { suite } from "uvu";
import WebSocket, { type ClientOptions, WebSocketServer } from "ws";
import wispServerNode from "wisp-server-node";
import {
  EACCES,
  EAFNOSUPPORT,
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  ENETDOWN,
  ENOPROTOOPT,
  EOPNOTSUPP,
  EPIPE,
} from "../assembly/shared/errno.js";
import {
  AF_INET,
  AF_UNIX,
  IPPROTO_TCP,
  SHUT_WR,
  SOCK_DGRAM,
  SOCK_STREAM,
  TCP_NODELAY,
} from "../assembly/shared/socket.js";
import type { InternetAddress } from "../host/address.js";
import type { BridgeState } from "../host/bridge/client/connection.js";
import { bridgeNetwork } from "../host/bridge/client/network.js";
import { CLOSE, CONNECT, DATA, INFO } from "../host/bridge/protocol/types.js";
import type { WebSocketConstructor } from "../host/bridge/websocket.js";
import { dismiss, loopback4, Party, pattern, StreamFailure, unixAddress } from "./network.party.js";
import { refusedPort, type Running, tcpPeer, udpEcho, type Upgrade, wispServer } from "./wisp-servers.js";

/** A server of Wisp, and what it does. */
interface Kind {
  readonly name: string;
  readonly upgrade: Upgrade;
  /** Whether it speaks version 2: INFO came. */
  readonly version: 1 | 2;
  /** Whether its UDP works; wisp-server-node 1.1.8 ends the connection at the first datagram. */
  readonly hasUdp: boolean;
}

logging.set_level(logging.NONE);
wispJs.options.allow_loopback_ips = true;
wispJs.options.allow_private_ips = true;

const upgradeTo =
  (version: 1 | 2): Upgrade =>
  (request, socket, head) => {
    wispJs.options.wisp_version = version;
    wispJs.routeRequest(request, socket, head);
  };

// As CommonJS it may come with or without its default, by who loads it.
const node = (wispServerNode as { default?: typeof wispServerNode }).default ?? wispServerNode;

const KINDS: readonly Kind[] = [
  { name: "wisp-js", upgrade: upgradeTo(2), version: 2, hasUdp: true },
  { name: "wisp-js, version 1", upgrade: upgradeTo(1), version: 1, hasUdp: true },
  {
    name: "wisp-server-node",
    upgrade: (request, socket, head) => {
      void node.routeRequest(request, socket as never, head, { logLevel: 4, pingInterval: 30 });
    },
    version: 1,
    hasUdp: false,
  },
];

/** A guest whose network is that server; `sent` are the packets that left for it. */
function guest(url: string): { party: Party; states: BridgeState[]; sent: Uint8Array[] } {
  const sent: Uint8Array[] = [];
  const states: BridgeState[] = [];
  class Watched extends WebSocket {
    constructor(address: string, protocols?: string | string[], options?: ClientOptions) {
      super(address, protocols, options);
    }
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      sent.push(Uint8Array.from(data as Uint8Array));
      super.send(data);
    }
  }
  const network = bridgeNetwork({
    url,
    WebSocket: Watched as unknown as WebSocketConstructor,
    onState: (state) => states.push(state),
  });
  return { party: new Party(network), states, sent };
}

/** A connected stream to a port of 127.0.0.1. */
async function connect(party: Party, port: number, address: InternetAddress = loopback4(port)): Promise<number> {
  const id = party.open();
  party.session.connect(id, { ...address, port });
  await party.take("connected", id);
  return id;
}

/** The errno that a read ends with. */
async function failure(party: Party, id: number): Promise<number> {
  try {
    await party.receive(id);
  } catch (error) {
    if (error instanceof StreamFailure) return error.errno;
    throw error;
  }
  throw new Error("the stream did not fail");
}

const echo = await tcpPeer((socket) => socket.pipe(socket));
const one = await udpEcho("one ");
const other = await udpEcho("other ");
const blocked = await tcpPeer(() => {});
wispJs.options.port_blacklist = [blocked.port];

for (const kind of KINDS) {
  const test = suite(`the client at ${kind.name}`);
  let server: Running;
  let url = "";

  test.before(async () => {
    server = await wispServer(kind.upgrade);
    url = `ws://127.0.0.1:${server.port}/`;
  });
  test.after(() => server.close());

  test("it is known for a stock server, and gets packets of Wisp alone", async () => {
    const { party, states, sent } = guest(url);
    const id = await connect(party, echo.port);
    await party.sendAll(id, "hello");
    assert.equal(Buffer.from(await party.receiveAll(id, 5)).toString(), "hello");
    await party.close(id);
    assert.deepEqual(
      states.map((state) => (state.state === "connected" ? `connected ${state.psx}` : state.state)),
      ["connecting", "connected false"],
    );
    const types = new Set(sent.map(([type]) => type));
    assert.deepEqual(types, new Set([...(kind.version === 2 ? [INFO] : []), CONNECT, DATA, CLOSE]));
    assert.equal(
      sent.some((packet) => packet[0] === INFO && Buffer.from(packet).includes("PSX")),
      false,
    );
    await dismiss(party);
  });

  test("a stream carries 3 MB there and back, and a second one beside it", async () => {
    const { party } = guest(url);
    const [first, second] = [await connect(party, echo.port), await connect(party, echo.port)];
    const bytes = pattern(3_000_000);
    const small = pattern(100_000);
    const [back, smallBack] = await Promise.all([
      party.receiveAll(first, bytes.length),
      party.receiveAll(second, small.length),
      party.sendAll(first, bytes),
      party.sendAll(second, small),
    ]);
    assert.equal(Buffer.compare(back, bytes), 0);
    assert.equal(Buffer.compare(smallBack, small), 0);
    await party.close(first);
    await party.close(second);
    await dismiss(party);
  });

  test("the peer's end is the end; what is sent after it is EPIPE", async () => {
    const bye = await tcpPeer((socket) => {
      socket.resume();
      socket.once("data", () => {
        socket.write("bye");
        // These servers may drop what came just before the end.
        setTimeout(() => socket.end(), 50);
      });
    });
    const { party } = guest(url);
    const id = await connect(party, bye.port);
    await party.sendAll(id, "x");
    assert.equal(Buffer.from(await party.receiveToEnd(id)).toString(), "bye");
    await assert.rejects(party.sendAll(id, "y"), (error: StreamFailure) => error.errno === EPIPE);
    await party.close(id);
    await bye.close();
    await dismiss(party);
  });

  test("shutdown() for sending leaves reading", async () => {
    const { party } = guest(url);
    const id = await connect(party, echo.port);
    await party.sendAll(id, "hello");
    party.session.shutdown(id, SHUT_WR);
    assert.equal(Buffer.from(await party.receiveAll(id, 5)).toString(), "hello");
    await party.close(id);
    await dismiss(party);
  });

  test("a refused port fails what stood for connected", async () => {
    const { party } = guest(url);
    const id = await connect(party, await refusedPort());
    assert.equal(await failure(party, id), ECONNREFUSED);
    const again = await connect(party, echo.port);
    await party.sendAll(again, "on");
    assert.equal((await party.receiveAll(again, 2)).length, 2);
    await dismiss(party);
  });

  test("names are addresses of 198.18.0.0/15, which lead to the name; one that does not exist fails the stream", async () => {
    const { party } = guest(url);
    const { errno, addresses } = await party.resolve("localhost", AF_INET);
    assert.equal(errno, 0);
    const [address] = addresses as InternetAddress[];
    assert.match(address?.address ?? "", /^198\.1[89]\./);
    const id = await connect(party, echo.port, address);
    await party.sendAll(id, "named");
    assert.equal((await party.receiveAll(id, 5)).length, 5);
    const [nowhere] = (await party.resolve("nowhere.invalid", AF_INET)).addresses as InternetAddress[];
    const lost = await connect(party, 80, nowhere);
    assert.notEqual(await failure(party, lost), 0);
    await dismiss(party);
  });

  if (!kind.hasUdp) {
    test("a server that falls over a datagram is told of as an error, and the next call has another connection", async () => {
      const { party } = guest(url);
      const id = party.open(AF_INET, SOCK_DGRAM);
      assert.equal(await party.sendTo(id, "a", loopback4(one.port)), 0);
      assert.notEqual((await party.take("error", id)).errno, 0);
      const stream = await connect(party, echo.port);
      await party.sendAll(stream, "on");
      assert.equal((await party.receiveAll(stream, 2)).length, 2);
      await dismiss(party);
    });
  }

  const udp = kind.hasUdp ? test : () => {};
  udp("a datagram socket talks to two peers, connected to one it hears that one", async () => {
    const { party } = guest(url);
    const id = party.open(AF_INET, SOCK_DGRAM);
    for (const [port, mark] of [
      [one.port, "one a"],
      [other.port, "other a"],
      [one.port, "one a"],
    ] as const) {
      assert.equal(await party.sendTo(id, "a", loopback4(port)), 0);
      assert.deepEqual(await party.datagram(id), { text: mark, from: loopback4(port) });
    }
    party.session.connect(id, loopback4(other.port));
    await party.take("connected", id);
    assert.equal(await party.sendTo(id, "b", loopback4(one.port)), 0);
    assert.equal(await party.sendTo(id, "c", null), 0);
    assert.deepEqual(await party.datagram(id), { text: "other c", from: loopback4(other.port) });
    await party.close(id);
    await dismiss(party);
  });

  test("what Wisp has no word for is refused", async () => {
    const { party } = guest(url);
    const id = party.open();
    party.session.bind(id, loopback4());
    assert.equal((await party.take("bound", id)).errno, EOPNOTSUPP);
    party.session.listen(id, 1);
    assert.equal((await party.take("listening", id)).errno, EOPNOTSUPP);
    party.session.setOption(id, IPPROTO_TCP, TCP_NODELAY, 1);
    assert.equal((await party.take("option", id)).errno, ENOPROTOOPT);
    const local = party.open(AF_UNIX, SOCK_STREAM);
    party.session.connect(local, unixAddress("/run/nothing"));
    assert.equal((await party.take("failed", local)).errno, EAFNOSUPPORT);
    assert.equal((await party.resolve("localhost", AF_UNIX)).addresses.length, 0);
    await dismiss(party);
  });

  test("a connection that is lost resets its streams, and the next call has another", async () => {
    const passing = await wispServer(kind.upgrade);
    const { party, states } = guest(`ws://127.0.0.1:${passing.port}/`);
    const id = await connect(party, echo.port);
    party.lend(id, 10);
    await passing.close();
    assert.equal((await party.take("failed", id)).errno, ECONNRESET);
    assert.equal(states.at(-1)?.state, "down");
    const next = party.open();
    party.session.connect(next, loopback4(echo.port));
    assert.equal((await party.take("failed", next)).errno, ENETDOWN);
    await dismiss(party);
  });

  test("a guest that does not read has 64 MB kept for it, and then ECONNABORTED", async () => {
    const piece = Buffer.alloc(1 << 20, 1);
    const flood = await tcpPeer((socket) => {
      const more = (): void => {
        while (socket.writable && socket.write(piece)) {}
      };
      socket.on("drain", more);
      more();
    });
    const { party, sent } = guest(url);
    const id = await connect(party, flood.port);
    for (let n = 0; n < 2000 && !sent.some(([type]) => type === CLOSE); n++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    try {
      const all = await party.receiveAll(id, 64 << 20, 1 << 20);
      assert.ok(all.every((byte) => byte === 1));
      while ((await party.receive(id).catch((error: StreamFailure) => error.errno)) !== ECONNABORTED) {}
    } finally {
      await flood.close();
      await dismiss(party);
    }
  });

  if (kind.version === 2) {
    test("what the server's policy blocks is EACCES", async () => {
      const { party } = guest(url);
      const id = await connect(party, blocked.port);
      assert.equal(await failure(party, id), EACCES);
      await dismiss(party);
    });

    test("a message of the day, which is an extension that is not known, changes nothing", async () => {
      wispJs.options.wisp_motd = "Good morning";
      const { party } = guest(url);
      const id = await connect(party, echo.port);
      await party.sendAll(id, "x");
      assert.equal((await party.receive(id))?.length, 1);
      wispJs.options.wisp_motd = null;
      await dismiss(party);
    });
  }

  test.run();
}

const last = suite("the client at a server without subprotocols");

last("it is asked again without, as version 1 has it", async () => {
  // A WebSocket's server that chooses no subprotocol, before the server of Wisp.
  const plain = new WebSocketServer({ noServer: true, handleProtocols: () => false });
  const server = await wispServer((request, socket, head) => {
    plain.handleUpgrade(request, socket, head, (opened) => {
      void node.routeRequest(opened as never, undefined as never, undefined as never, {
        logLevel: 4,
        pingInterval: 30,
      });
    });
  });
  const { party, states } = guest(`ws://127.0.0.1:${server.port}/`);
  const id = await connect(party, echo.port);
  await party.sendAll(id, "plain");
  assert.equal((await party.receiveAll(id, 5)).length, 5);
  assert.deepEqual(states.at(-1), { state: "connected", psx: false });
  await dismiss(party);
  await server.close();
});

last.after(async () => {
  for (const peer of [echo, one, other, blocked]) await peer.close();
});

last.run();
