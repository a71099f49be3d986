// socat with UDP: one peer, any peer, one datagram.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Child } from "../../test/system/child.js";
import type { Case } from "../../test/system/compare.js";
import { freePort, peers } from "../../test/system/server.js";
import { withSocat } from "./client.js";

const VERBOSE = ["-d", "-d"];

/** Sends datagrams until `child` has printed the text: before it listens they are lost. */
async function sent(port: number, text: string, child: Child): Promise<void> {
  const socket = createSocket("udp4");
  const timer = setInterval(() => socket.send(text, port, "127.0.0.1"), 300);
  socket.send(text, port, "127.0.0.1");
  await child.printed(text, 20_000).finally(() => {
    clearInterval(timer);
    socket.close();
  });
}

/** A caller: sends a datagram, and gives the one that comes back. */
async function answered(port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  socket.send(text, port, "127.0.0.1");
  const [answer] = (await once(socket, "message", { signal: AbortSignal.timeout(20_000) })) as [Buffer];
  socket.close();
  return `${answer}`;
}

/** The cases of UDP. */
export const udpCases: readonly Case[] = [
  withSocat("sends datagrams and gets each back (UDP-CONNECT, UDP-SENDTO, UDP-DATAGRAM)", async (socat) => {
    const { udpEcho } = await peers();
    const seen: Record<string, string> = {};
    for (const kind of ["UDP-CONNECT", "UDP4-SENDTO", "UDP-DATAGRAM"]) {
      const child = await socat.start([...VERBOSE, "-T", "2", "-", `${kind}:127.0.0.1:${udpEcho}`]);
      for (const line of ["first\n", `${"second".repeat(20)}\n`]) {
        await child.write(line);
        await child.printed(line);
      }
      seen[kind] = socat.seen(await child.ended);
    }
    return seen;
  }),
  withSocat("hears that nobody is there for its datagram", async (socat) => {
    const { udpRefused } = await peers();
    const child = await socat.start([...VERBOSE, "-T", "5", "-", `UDP:127.0.0.1:${udpRefused}`]);
    await child.write("anybody?\n");
    const ended = await child.ended;
    assert.match(ended.stderr, /Connection refused/);
    return { seen: socat.seen(ended) };
  }),
  withSocat("serves the first that sends (UDP-LISTEN)", async (socat) => {
    const port = await freePort();
    const child = await socat.start([...VERBOSE, "-T", "2", `UDP-LISTEN:${port},bind=127.0.0.1`, "PIPE"]);
    await child.printed("listening on");
    const answer = await answered(port, "hello\n");
    assert.equal(answer, "hello\n");
    return { answer, seen: socat.seen(await child.ended) };
  }),
  withSocat("takes one datagram, and answers it (UDP-RECVFROM)", async (socat) => {
    const port = await freePort();
    const child = await socat.start([...VERBOSE, `UDP-RECVFROM:${port},bind=127.0.0.1`, "PIPE"]);
    await child.printed("receiving on", 20_000);
    const answer = await answered(port, "one\n");
    assert.equal(answer, "one\n");
    return { answer, seen: socat.seen(await child.ended) };
  }),
  withSocat("takes datagrams of anybody (UDP-RECV)", async (socat) => {
    const port = await freePort();
    const child = await socat.start(["-u", `UDP-RECV:${port},bind=127.0.0.1`, "-"]);
    await sent(port, "from one\n", child);
    await sent(port, "from another\n", child);
    child.signal("SIGTERM");
    const { status, stdout } = await child.ended;
    return { status, heard: [...new Set(`${stdout}`.split("\n"))] };
  }),
  withSocat("carries datagrams into a stream", async (socat) => {
    const { echo } = await peers();
    const port = await freePort();
    const relay = ["-T", "2", `UDP-LISTEN:${port},bind=127.0.0.1`, `TCP:127.0.0.1:${echo}`];
    const child = await socat.start([...VERBOSE, ...relay]);
    await child.printed("listening on");
    const answer = await answered(port, "through a stream\n");
    assert.equal(answer, "through a stream\n");
    return { answer, seen: socat.seen(await child.ended) };
  }),
];
