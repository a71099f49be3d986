// socat where something goes wrong: who refuses, is silent, is not known, dies; and what it is told wrongly.

import { strict as assert } from "node:assert";
import { createServer } from "node:net";
import type { Case } from "../../test/system/compare.js";
import { freePort, listen, peers } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { startSite } from "../site.js";
import { withSocat } from "./client.js";

const VERBOSE = ["-d", "-d"];

/** The cases of trouble. */
export const troubleCases: readonly Case[] = [
  withSocat("says who refused, and whose name there is not", async ({ run }) => {
    const { refused } = await peers();
    const nobody = await run([...VERBOSE, "-", `TCP:127.0.0.1:${refused}`]);
    const unknown = await run(["-", "TCP:nowhere.invalid:80"]);
    const service = await run(["-", "TCP:127.0.0.1:no-such-service"]);
    assert.match(nobody, /Connection refused/);
    return { nobody, unknown, service };
  }),
  withSocat("gives up on who does not answer (connect-timeout)", async ({ run }) => {
    const { silent } = await peers();
    const started = Date.now();
    const seen = await run([...VERBOSE, "-", `TCP:127.0.0.1:${silent},connect-timeout=1`]);
    assert.ok(Date.now() - started >= 1000);
    assert.match(seen, /Connection timed out/);
    return { seen };
  }),
  withSocat("tries again (retry, interval), and meets a server that came late", async (socat) => {
    const { refused } = await peers();
    const seen = await socat.run([...VERBOSE, "-", `TCP:127.0.0.1:${refused},retry=2,interval=0.2`]);
    const port = await freePort();
    const address = `TCP:127.0.0.1:${port},forever,interval=0.2`;
    const child = await socat.start([...VERBOSE, "-d", "-t", "10", "-", address]);
    await child.printed("Connection refused", 30_000);
    const server = createServer((socket) => void socket.end("here I am\n"));
    server.listen(port, "127.0.0.1");
    await child.printed("here I am\n", 30_000);
    child.end();
    const { status, stdout } = await child.ended;
    server.close();
    return { seen, status, stdout: `${stdout}` };
  }),
  withSocat("tells of a connection that was reset", async (socat) => {
    const { reset } = await peers();
    const child = await socat.start([...VERBOSE, "-t", "1", "-", `TCP:127.0.0.1:${reset}`]);
    await child.write("hello\n");
    const ended = await child.ended;
    assert.match(ended.stderr, /Connection reset by peer/);
    return { seen: socat.seen(ended) };
  }),
  withSocat("ends with a server that is killed while it sends", async (socat) => {
    const { port, child: server } = await startSite();
    const child = await socat.start(["-t", "1", "-", `TCP:127.0.0.1:${port}`]);
    await child.write("GET /slow.bin HTTP/1.0\r\n\r\n");
    await child.printed("ssssssss", 20_000);
    server.signal("SIGKILL");
    const { status, stderr } = await child.ended;
    return { status, stderr };
  }),
  withSocat("ends with a client that is gone while it serves", async (socat) => {
    const port = await freePort();
    const child = await socat.start([...VERBOSE, `TCP-LISTEN:${port},bind=127.0.0.1`, "-"]);
    await child.printed("listening on");
    const client = await LineClient.open(port);
    await child.write("anybody?\n");
    await client.take(9);
    client.close();
    return { seen: socat.seen(await child.ended) };
  }),
  withSocat("ends where nothing happens (-T)", async (socat) => {
    const port = await listen((socket) => void socket.write("hello\n"));
    const child = await socat.start([...VERBOSE, "-T", "1", "-", `TCP:127.0.0.1:${port}`]);
    const started = Date.now();
    const ended = await child.ended;
    assert.ok(Date.now() - started >= 900);
    return { seen: socat.seen(ended) };
  }),
  withSocat("is ended by a signal, and says so", async (socat) => {
    const { echo } = await peers();
    const child = await socat.start([...VERBOSE, "-", `TCP:127.0.0.1:${echo}`]);
    await child.write("hello\n");
    await child.printed("hello\n");
    child.signal("SIGTERM");
    return { seen: socat.seen(await child.ended) };
  }),
  withSocat("cannot listen where somebody does, nor at an address that is not here", async ({ run }) => {
    const { echo } = await peers();
    const taken = await run([`TCP-LISTEN:${echo},bind=127.0.0.1`, "-"]);
    assert.match(taken, /Address already in use/);
    return { taken };
  }),
  withSocat("says what it does not understand", async ({ run }) => {
    const none = await run([]);
    const one = await run(["-"]);
    const option = await run(["-Q", "-", "-"]);
    const type = await run(["-", "NONSENSE:1"]);
    const few = await run(["-", "TCP:127.0.0.1"]);
    const unknown = await run(["-", "TCP:127.0.0.1:1,nonsense=1"]);
    const misplaced = await run(["-", "TCP:127.0.0.1:1,unlink-early"]);
    const number = await run(["-b", "x", "-", "-"]);
    return { none, one, option, type, few, unknown, misplaced, number };
  }),
  withSocat(
    "serves one client after another (fork)",
    async (socat) => {
      const port = await freePort();
      const child = await socat.start([...VERBOSE, `TCP-LISTEN:${port},bind=127.0.0.1,fork`, "PIPE"]);
      await child.printed("listening on");
      const asked = async (): Promise<string> => {
        const client = await LineClient.open(port);
        const answer = await client.ask("hello\n", /hello\n/);
        client.close();
        return answer;
      };
      const first = await asked().catch(() => "nothing");
      const second = await asked().catch(() => "nothing");
      child.signal("SIGTERM");
      const ended = socat.seen(await child.ended);
      return { first, second, forks: /fork\(\): .*"/.exec(ended)?.[0] ?? "yes" };
    },
    { lacks: { first: "there is no fork", second: "there is no fork", forks: "there is no fork" } },
  ),
];
