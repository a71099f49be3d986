// What libmicrohttpd does in threads of its own: one that polls, or one for each connection.

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import type { Case } from "../../test/system/compare.js";
import { sha256 } from "../../test/system/material.js";
import { LineClient } from "../line-client.js";
import { type Answer, ask, BODY, LARGE, said, undated, withThreads } from "./server.js";

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** The header that answers a challenge (RFC 2617). */
function authorization(challenge: string, password: string, uri: string): string {
  const of = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "none";
  const [nonce, realm, opaque] = [of("nonce"), of("realm"), of("opaque")];
  const secret = md5(`alice:${realm}:${password}`);
  const response = md5(`${secret}:${nonce}:00000001:c0ffee:auth:${md5(`GET:${uri}`)}`);
  const words = [`username="alice"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`, "qop=auth", "nc=00000001"];
  return `Authorization: Digest ${[...words, 'cnonce="c0ffee"', `response="${response}"`, `opaque="${opaque}"`].join(", ")}`;
}

const NO_CORK = { corks: "TCP_CORK, which nothing here can honour, is ENOPROTOOPT; the server says so and goes on" };

const cases: readonly Omit<Case, "threads">[] = [
  {
    name: "libmicrohttpd, in a thread that polls, serves 100 clients at once",
    run: withThreads("libmicrohttpd-minimal", async ({ port }) => {
      const clients = await Promise.all(Array.from({ length: 100 }, () => LineClient.open(port)));
      const answers = await Promise.all(
        clients.map(async (client, i) => {
          const all: string[] = [];
          for (let n = 0; n < 5; n++) {
            const { head, body } = await ask(client, `GET /${n}`);
            all.push(`${head}${body}`);
          }
          // Half of them are still there when it stops.
          if (i % 2 === 0) client.close();
          return all.join("");
        }),
      );
      assert.equal(answers[99]?.split("libmicrohttpd demo</body>").length, 6);
      return { answers, post: await said(await LineClient.open(port), "POST / HTTP/1.1\r\nHost: a\r\n\r\n") };
    }),
  },
  {
    name: "libmicrohttpd, in a thread for each connection, sends files (sendfile) and heads",
    lacks: NO_CORK,
    run: withThreads("libmicrohttpd-files", async ({ port }) => {
      const clients = await Promise.all(Array.from({ length: 40 }, () => LineClient.open(port)));
      const answers = await Promise.all(
        clients.map(async (client) => {
          const head = await ask(client, "HEAD /page.html");
          const page = await ask(client, "GET /page.html");
          const missing = await ask(client, "GET /deep/../page.html");
          const empty = await ask(client, "GET /empty.txt");
          client.close();
          assert.equal(page.body, BODY);
          return [head, page, missing, empty].map((each) => each.head).join("");
        }),
      );
      const away = await LineClient.open(port);
      await away.ask("GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n", /line 7/);
      away.close();
      const large = await said(await LineClient.open(port), "GET /large.txt HTTP/1.0\r\n\r\n");
      const body = sha256(Buffer.from(large.slice(large.indexOf("\r\n\r\n") + 4), "latin1"));
      assert.equal(body, sha256(LARGE));
      return { answers, body };
    }),
  },
  {
    name: "libmicrohttpd lets in who knows a password (digest)",
    run: withThreads("libmicrohttpd-digest", async ({ port }) => {
      // An answer that is given before the whole request was asked for ends the connection.
      const get = async (path: string, headers: readonly string[] = []): Promise<Answer> =>
        ask(await LineClient.open(port), `GET ${path}`, headers);
      const challenge = async (path: string): Promise<string> =>
        /^WWW-Authenticate: .*/m.exec((await get(path)).head)?.[0] ?? "";
      const first = await challenge("/secret");
      const right = await get("/secret", [authorization(first, "testpass", "/secret")]);
      const again = await get("/secret", [authorization(first, "testpass", "/secret")]);
      const wrong = await get("/other", [authorization(await challenge("/other"), "guess", "/other")]);
      const foreign = await get("/other", [authorization('realm="test@example.com"', "testpass", "/other")]);
      assert.match(right.body, /Access granted/);
      const plain = [right, again, wrong, foreign].map(({ head, body }) => `${head}${body}`);
      return {
        first: first.replace(/nonce="[^"]*"/, "NONCE"),
        answers: plain.map((text) => text.replace(/nonce="[^"]*"/g, "NONCE")),
      };
    }),
  },
  {
    name: "libmicrohttpd hands connections over (Upgrade) to a thread that echoes",
    lacks: NO_CORK,
    run: withThreads("libmicrohttpd-upgrade", async ({ port }) => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => LineClient.open(port)));
      const heard = await Promise.all(
        clients.map(async (client, i) => {
          const words = `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: Echo Server\r\n\r\n`;
          // Some of them do not wait for the answer.
          const early = i % 2 === 0 ? "early " : "";
          const head = await client.ask(`${words}${early}`, /\r\n\r\n/);
          const echo = await client.ask(`line ${i}${"x".repeat(10_000)}\n`, /\n/);
          client.end();
          assert.equal(await client.rest(), "");
          assert.equal(echo, `${early}line ${i}${"x".repeat(10_000)}\n`);
          return `${undated(head)}${echo}`;
        }),
      );
      return { heard };
    }),
  },
  {
    name: "libmicrohttpd answers in chunks, and stops with clients that have not asked",
    run: withThreads("libmicrohttpd-chunks", async ({ port }) => {
      const client = await LineClient.open(port);
      const chunks = await client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n", /\r\n0\r\n\r\n/);
      assert.match(chunks, /Transfer-Encoding: chunked/);
      const old = await said(await LineClient.open(port), "GET / HTTP/1.0\r\n\r\n");
      await LineClient.open(port);
      await (await LineClient.open(port)).ask("GET / HT", /(?:)/);
      return { chunks: undated(chunks), old };
    }),
  },
];

/** The cases. */
export const threadCases: readonly Case[] = cases.map((each) => ({ ...each, threads: true }));
