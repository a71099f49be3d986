// whois: questions to servers of ours, and what goes wrong. The servers are asked by the name localhost: with an address whois
// asks the machine's own name server whose it is.

import { strict as assert } from "node:assert";
import type { Case } from "../../test/system/compare.js";
import { freePort, listen } from "../../test/system/server.js";
import { clientCase } from "./client.js";

const CODE = { WHOIS_SERVER: "localhost" };

/** A server that answers a question with what `answer` makes of it. */
function answering(answer: (question: string) => string): Promise<number> {
  return listen((socket) => {
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk;
      if (heard.endsWith("\r\n")) socket.end(answer(heard.slice(0, -2)));
    });
  });
}

/** The cases of whois. */
export const whoisCases: readonly Case[] = [
  clientCase(
    "whois",
    "asks the server that it is told to, by an option, with its port, or by the environment",
    async ({ run }) => {
      const port = await answering((question) => `% asked for ${JSON.stringify(question)}\r\n\r\nowner:  größer\n`);
      const plain = await run(["-h", "localhost", "-p", `${port}`, "some.example"]);
      assert.match(plain, /asked for \\"some\.example\\"/);
      return {
        plain,
        joined: await run(["-h", `LOCALHOST:${port}`, "two", "words"]),
        byDefault: await run(["-V", "-p", `${port}`, "handle"]),
        flags: await run(["-a", "-T", "person", "-h", "localhost", "-p", `${port}`, "x"]),
        template: await run(["-h", "localhost", "-p", `${port}`, "-t", "person"]),
      };
    },
    { environment: CODE },
  ),
  clientCase("whois", "follows a referral, and hides the terms if it may", async ({ run }) => {
    const second = await answering((question) => `second: ${question}\r\n`);
    const first = await answering(
      (question) =>
        `before\r\n% referto: whois -h localhost -p ${second} more of ${question}\r\nafter\r\n` +
        "The Data in Network is ours\r\nand so on\r\nthis query is watched\r\nthe last\r\n",
    );
    const question = ["-h", "localhost", "-p", `${first}`, "name"];
    const followed = await run(question);
    assert.match(followed, /before\\nsecond: more of name\\nafter/);
    const hidden = await run(["-V", "-H", ...question]);
    assert.doesNotMatch(hidden, /and so on/);
    return { followed, hidden };
  }),
  clientCase("whois", "shows long lines and long answers whole", async ({ run }) => {
    const lines = Array.from({ length: 4000 }, (_, i) => `${i}: ${"x".repeat(i % 190)}`);
    const port = await answering(() => `${lines.join("\r\n")}\r\n${"long ".repeat(100)}\r\nno end`);
    const shown = await run(["-h", "localhost", "-p", `${port}`, "long"]);
    assert.ok(shown.includes(`${lines.join("\\n")}\\nlong`));
    return { shown };
  }),
  clientCase("whois", "tells who refused, who is not known, and who broke off", async ({ run }) => {
    const reset = await listen((socket) => {
      socket.once("data", () =>
        socket.write("the beginning\r\n", () => setTimeout(() => socket.resetAndDestroy(), 300)),
      );
    });
    const silent = await listen((socket) => socket.once("data", () => socket.end()));
    const refused = await run(["-h", "localhost", "-p", `${await freePort()}`, "x"]);
    assert.match(refused, /connect: Connection refused/);
    const broken = await run(["-h", "localhost", "-p", `${reset}`, "x"]);
    assert.match(broken, /fgets: Connection reset/);
    return {
      refused,
      broken,
      unknown: await run(["-h", "nowhere.invalid", "-p", "4343", "x"]),
      service: await run(["-h", "localhost", "-p", "no-such-service", "x"]),
      silent: await run(["-h", "localhost", "-p", `${silent}`, "x"]),
      nothing: await run([]),
      option: await run(["--no-such-option"]),
    };
  }),
  clientCase("whois", "ends where it is interrupted", async ({ start, shown }) => {
    let asked: () => void = () => {};
    const heard = new Promise<void>((done) => {
      asked = done;
    });
    const port = await listen((socket) => socket.once("data", () => asked()));
    const whois = await start(["-h", "localhost", "-p", `${port}`, "x"]);
    await Promise.race([heard, whois.ended]);
    whois.signal("SIGTERM");
    const ended = await shown(whois);
    assert.match(ended, /Interrupted by signal 15/);
    return { ended };
  }),
];
