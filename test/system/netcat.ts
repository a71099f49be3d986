// netcat: pages, both directions at once, datagrams, scans, listening, time limits, and a hundred megabytes each way.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Child, Ended } from "./child.js";
import type { Case, Needs, Observation, Runner } from "./compare.js";
import { measure, PAGE, sha256 } from "./material.js";
import { freePort, listen, peers, temporaryDirectory, web } from "./server.js";
import { bothWays, growth, receive, send } from "./transfer.js";

const tcp = (port: number): Needs => ({ allow: [`tcp://127.0.0.1:${port}`] });
const udp = (port: number): Needs => ({ allow: [`udp://127.0.0.1:${port}`] });

/** What an ended program shows. */
function seen({ status, stdout, stderr }: Ended): Observation {
  return { status, stdout: `${stdout}`, stderr };
}

/** The cases of netcat. */
export const netcatCases: readonly Case[] = [
  {
    name: "netcat fetches a page from nginx",
    async run(runner) {
      const { port } = await web();
      const input = "GET /page.html HTTP/1.0\r\nHost: hawser\r\n\r\n";
      const ended = await runner.finish("nc", ["127.0.0.1", `${port}`], { ...tcp(port), input });
      const [head = "", body = ""] = `${ended.stdout}`.split("\r\n\r\n");
      assert.match(head, /^HTTP\/1.1 200 OK\r\n/);
      assert.equal(body, PAGE);
      return { status: ended.status, stderr: ended.stderr, body, head: head.replace(/^Date: .*$/m, "Date") };
    },
  },
  {
    name: "netcat -v names what it connects to, by name and by address",
    async run(runner) {
      const { echo } = await peers();
      const allow = [`tcp://localhost:${echo}`, ...tcp(echo).allow];
      const byName = await runner.finish("nc", ["-v", "-q", "0", "localhost", `${echo}`], { allow, input: "" });
      const byAddress = await runner.finish("nc", ["-vv", "-n", "-q", "1", "127.0.0.1", `${echo}`], {
        allow,
        input: "ab\n",
      });
      assert.match(byName.stderr, /^localhost \[127\.0\.0\.1\] \d+ \(\?\) open$/m);
      assert.match(byAddress.stderr, /^ sent 3, rcvd 3$/m);
      return { byName: JSON.stringify(seen(byName)), byAddress: JSON.stringify(seen(byAddress)) };
    },
  },
  {
    name: "netcat sends what its standard input still brings while data arrives",
    run: answerAmidTicks,
  },
  {
    name: "netcat moves 20 MB each way at once",
    run: bothWays,
  },
  {
    name: "netcat -u gets each datagram back",
    async run(runner) {
      const { udpEcho } = await peers();
      const child = await runner.start("nc", ["-u", "-q", "1", "127.0.0.1", `${udpEcho}`], udp(udpEcho));
      for (const line of ["first\n", "second\n", `${"third".repeat(800)}\n`]) {
        await child.write(line);
        await child.printed(line);
      }
      child.end();
      return seen(await child.ended);
    },
  },
  {
    name: "netcat -u -w ends when nothing more comes",
    async run(runner) {
      const { udpEcho } = await peers();
      const ended = await runner.finish("nc", ["-u", "-v", "-v", "-n", "-w", "1", "127.0.0.1", `${udpEcho}`], {
        ...udp(udpEcho),
        input: "one datagram\n",
      });
      assert.equal(`${ended.stdout}`, "one datagram\n");
      assert.match(ended.stderr, /net timeout/);
      return seen(ended);
    },
  },
  {
    name: "netcat -u ends when its datagram is refused",
    async run(runner) {
      const { udpRefused } = await peers();
      const ended = await runner.finish("nc", ["-u", "-n", "-v", "-w", "5", "127.0.0.1", `${udpRefused}`], {
        ...udp(udpRefused),
        input: "anybody?\n",
      });
      return seen(ended);
    },
  },
  {
    name: "netcat reports a refused port",
    async run(runner) {
      const { refused } = await peers();
      const silent = await runner.finish("nc", ["127.0.0.1", `${refused}`], tcp(refused));
      const verbose = await runner.finish("nc", ["-v", "-n", "127.0.0.1", `${refused}`], tcp(refused));
      assert.equal(verbose.status, "1");
      assert.match(verbose.stderr, /Connection refused$/m);
      return { silent: JSON.stringify(seen(silent)), verbose: JSON.stringify(seen(verbose)) };
    },
  },
  {
    name: "netcat -w gives up on a port that does not answer",
    async run(runner) {
      const { silent } = await peers();
      const started = Date.now();
      const ended = await runner.finish("nc", ["-v", "-n", "-w", "1", "127.0.0.1", `${silent}`], tcp(silent));
      assert.ok(Date.now() - started >= 1000, "it waited for a second");
      assert.equal(ended.status, "1");
      assert.match(ended.stderr, /Connection timed out$/m);
      return seen(ended);
    },
  },
  {
    name: "netcat -z scans open and refused ports",
    async run(runner) {
      const { echo, refused } = await peers();
      const allow = [...tcp(echo).allow, ...tcp(refused).allow];
      const args = ["-z", "-v", "-v", "-n", "-w", "2", "127.0.0.1", `${refused}`, `${echo}`, `${refused}`];
      const ended = await runner.finish("nc", args, { allow });
      assert.match(ended.stderr, /\(\?\) open$/m);
      assert.equal(ended.stderr.split("Connection refused").length, 3);
      return seen(ended);
    },
  },
  {
    name: "netcat -l takes one connection and answers it",
    async run(runner) {
      const port = await freePort();
      const child = await runner.start("nc", ["-l", "-v", "-v", "-n", "-s", "127.0.0.1", "-p", `${port}`, "-q", "1"], {
        allow: [`listen:tcp://127.0.0.1:${port}`],
      });
      await child.printed("listening on");
      const socket = connect(port, "127.0.0.1");
      const received = measure(socket);
      socket.write("hello, listener\n");
      await child.printed("hello, listener");
      await child.write("hello, caller\n");
      child.end();
      const { sha256: digest } = await received;
      assert.equal(digest, sha256("hello, caller\n"));
      socket.destroy();
      const { status, stdout, stderr } = await child.ended;
      const ports = stderr.replaceAll(/\b\d{4,5}\b/g, "PORT");
      return { status, stdout: `${stdout}`, stderr: ports };
    },
  },
  {
    name: "netcat -l -u answers the first that sends a datagram",
    async run(runner) {
      const port = await freePort();
      const child = await runner.start("nc", ["-l", "-u", "-v", "-n", "-s", "127.0.0.1", "-p", `${port}`, "-q", "1"], {
        allow: [`listen:udp://127.0.0.1:${port}`, "udp://127.0.0.1:*"],
      });
      await child.printed("listening on");
      const answer = await datagramAnswer(port, child);
      const { status, stdout, stderr } = await child.ended;
      assert.equal(answer, "hello, caller\n");
      return { status, answer, stdout: `${stdout}`, stderr: stderr.replaceAll(/\b\d{4,5}\b/g, "PORT") };
    },
  },
  {
    name: "netcat -o writes what passed into a file",
    async run(runner) {
      const { echo } = await peers();
      const directory = temporaryDirectory();
      const log = join(directory, "log");
      const ended = await runner.finish("nc", ["-o", log, "-q", "1", "127.0.0.1", `${echo}`], {
        ...tcp(echo),
        directories: [directory],
        input: "written down\n",
      });
      const written = readFileSync(log, "utf8");
      assert.match(written, /^> 0+ .*# written down\.$/m);
      return { ...seen(ended), written };
    },
  },
  {
    name: "netcat receives 100 MB in bounded memory, though its reader stalls",
    notInPage: "what is measured is a process",
    run: (runner) => growth(runner, receive),
  },
  {
    name: "netcat sends 100 MB in bounded memory, though the server stalls",
    notInPage: "what is measured is a process",
    run: (runner) => growth(runner, send),
  },
];

/** The server sends ticks all the time, and an answer to every question; a question follows the answer to the last. */
async function answerAmidTicks(runner: Runner): Promise<Observation> {
  const rounds = 25;
  let ticks = 0;
  const port = await listen((socket) => {
    const timer = setInterval(() => socket.write(`tick ${ticks++}\n`), 2);
    socket.on("close", () => clearInterval(timer));
    socket.on("data", (chunk: Buffer) => {
      for (const line of `${chunk}`.split("\n")) if (line !== "") socket.write(`answer to ${line}\n`);
      if (`${chunk}`.includes(`question ${rounds - 1}\n`)) {
        clearInterval(timer);
        socket.end();
      }
    });
  });
  const child = await runner.start("nc", ["127.0.0.1", `${port}`], tcp(port));
  for (let round = 0; round < rounds; round++) {
    const before = ticks;
    await child.write(`question ${round}\n`);
    await child.printed(`answer to question ${round}\n`);
    if (round < rounds - 1) while (ticks < before + 2) await delay(1);
  }
  const { status, stdout, stderr } = await child.ended;
  const lines = `${stdout}`.split("\n");
  const received = lines.filter((line) => line.startsWith("tick "));
  assert.deepEqual(
    received,
    received.map((_, n) => `tick ${n}`),
  );
  assert.equal(received.length, ticks, "every tick arrived");
  assert.ok(ticks >= rounds, "data arrived all the while");
  return { status, stderr, answers: lines.filter((line) => !line.startsWith("tick ")) };
}

async function datagramAnswer(port: number, child: Child): Promise<string> {
  const socket = createSocket("udp4");
  try {
    const answer = new Promise<string>((done, fail) => {
      socket.on("message", (message) => done(`${message}`));
      socket.on("error", fail);
    });
    answer.catch(() => {});
    socket.send("hello, listener\n", port, "127.0.0.1");
    await child.printed("hello, listener");
    await child.write("hello, caller\n");
    const silence = child.ended.then(() => {
      throw new Error("no answer came");
    });
    return await Promise.race([answer, silence]);
  } finally {
    child.end();
    socket.close();
  }
}
