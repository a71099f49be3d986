// What libmicrohttpd does without a thread: its examples whose own loop has select() wait for the library's descriptors.

import { strict as assert } from "node:assert";
import type { Case } from "../../test/system/compare.js";
import { sha256 } from "../../test/system/material.js";
import { LineClient } from "../line-client.js";
import { ask, BODY, LARGE, said, withEndless } from "./server.js";

const FILES = "libmicrohttpd-files-in-a-loop";
const FORMS = "libmicrohttpd-forms";

/** Seconds that a file server is given, where it is killed before. */
const LONG = "140";

/** Requests that are none, or that are not answered. */
const WRONG: readonly string[] = [
  "nonsense\r\n\r\n",
  "GET\r\n\r\n",
  "GET /page.html HTTP/1.1\r\nConnection: close\r\n\r\n",
  "GET /page.html HTTP/9.9\r\nHost: a\r\nConnection: close\r\n\r\n",
  "GET /page.html HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
  "GET /page.html HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
  "GET /page.html HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  "GET /page.html HTTP/1.1\r\nHost: a\r\nno colon here\r\nConnection: close\r\n\r\n",
  "HEAD /page.html HTTP/1.1\r\nHost: a\r\n\r\n",
  "BREW /page.html HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET /deep HTTP/1.0\r\n\r\n",
  "GET /p%61ge.html HTTP/1.0\r\n\r\n",
  "GET /empty.txt HTTP/1.0\r\n\r\n",
  "\r\n\r\nGET /empty.txt HTTP/1.0\r\n\r\n",
];

/** The body of a form with a file in it. */
const PARTS = [
  '--cut\r\nContent-Disposition: form-data; name="v1"\r\n\r\nBob\r\n',
  '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n',
  `${"contents ".repeat(100_000)}\r\n--cut\r\nContent-Disposition: form-data; name="v2"\r\n\r\nbaker\r\n--cut--\r\n`,
].join("");

const URLENCODED = "Content-Type: application/x-www-form-urlencoded";

/** The page that the server made of a form: it says to have two bytes more, of which the first is 0. */
const shown = (body: string): string => body.split("\0")[0] ?? "";

/** The cases. */
export const loopCases: readonly Case[] = [
  {
    name: "libmicrohttpd serves files to 100 clients at once, whose connections stay open",
    run: withEndless(FILES, [LONG], async ({ port }) => {
      const clients = await Promise.all(Array.from({ length: 100 }, () => LineClient.open(port)));
      const answers = await Promise.all(
        clients.map(async (client) => {
          const page = await ask(client, "GET /page.html");
          const missing = await ask(client, "GET /missing");
          const again = await ask(client, "GET /page.html", ["Range: bytes=0-9"]);
          client.close();
          assert.ok(page.body === BODY && again.body === BODY);
          return `${page.head}${missing.head}${missing.body}${again.head}`;
        }),
      );
      assert.match(answers[99] ?? "", /^HTTP\/1.1 404 Not Found\r\n/m);
      return { answers };
    }),
  },
  {
    name: "libmicrohttpd answers requests in a row, and says what is wrong with one",
    run: withEndless(FILES, [LONG], async ({ port }) => {
      const row = "GET /deep/er.txt HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20);
      const last = "GET /missing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      const pipelined = await said(await LineClient.open(port), `${row}${last}`);
      assert.equal(pipelined.split("\r\n\r\ndeeper\n").length, 21);
      const answers: string[] = [];
      for (const text of WRONG) answers.push(await said(await LineClient.open(port), text));
      const page = await ask(await LineClient.open(port), "GET /page.html");
      assert.equal(page.body, BODY);
      return { pipelined, answers };
    }),
  },
  {
    name: "libmicrohttpd outlives clients that go away, and sends eight megabytes to those that stay",
    run: withEndless(FILES, [LONG], async ({ port }) => {
      for (let i = 0; i < 20; i++) {
        const client = await LineClient.open(port);
        await client.ask("GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n", i % 2 === 0 ? /(?:)/ : /line 7/);
        client.close();
        const half = await LineClient.open(port);
        await half.ask("GET /large.txt HT", /(?:)/);
        half.close();
      }
      const request = "GET /large.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      const clients = await Promise.all(Array.from({ length: 4 }, () => LineClient.open(port)));
      const all = await Promise.all(clients.map((client) => said(client, request)));
      const bodies = all.map((text) => sha256(Buffer.from(text.slice(text.indexOf("\r\n\r\n") + 4), "latin1")));
      assert.deepEqual(new Set(bodies), new Set([sha256(LARGE)]));
      return { bodies };
    }),
  },
  {
    name: "libmicrohttpd stops at its time, with a client that waits",
    run: withEndless(FILES, ["12"], async ({ port, child }) => {
      const client = await LineClient.open(port);
      const { head } = await ask(client, "GET /deep/er.txt");
      const rest = await client.rest(60_000);
      const { status, stderr } = await child.ended;
      return { head, rest, status, stderr };
    }),
  },
  {
    name: "libmicrohttpd takes forms from 50 clients, and knows each by its cookie",
    run: withEndless(FORMS, [], async ({ port }) => {
      const clients = await Promise.all(Array.from({ length: 50 }, () => LineClient.open(port)));
      const seen = await Promise.all(
        clients.map(async (client, i) => {
          const first = await ask(client, "GET /");
          const cookie = /^Set-Cookie: (session=\w+)/m.exec(first.head)?.[1] ?? "none";
          const known = [URLENCODED, `Cookie: ${cookie}`];
          const named = await ask(client, "POST /2", known, `v1=client+${i}%21`);
          const employed = await ask(client, "POST /S", known, `v2=job+${i}`);
          const checked = await ask(client, "GET /2", known);
          const done = await ask(client, "POST /F", known, "DONE=yes");
          client.close();
          assert.ok(shown(checked.body).includes(`client ${i}!, what is your job?`), checked.body);
          const heads = [first, named, employed, checked, done].map(({ head }) => head.replaceAll(cookie, "COOKIE"));
          return `${heads.join("")}${[first, named, employed, checked, done].map(({ body }) => shown(body)).join("")}`;
        }),
      );
      return { seen };
    }),
  },
  {
    name: "libmicrohttpd takes bodies of megabytes, in parts and in chunks, and refuses what is no method",
    run: withEndless(FORMS, [], async ({ port }) => {
      const client = await LineClient.open(port);
      const parts = await ask(client, "POST /2", ["Content-Type: multipart/form-data; boundary=cut"], PARTS);
      assert.match(parts.body, /Bob, what is your job\? .*value="baker"/);
      const large = await ask(client, "POST /2", [URLENCODED], `other=${"x".repeat(5_000_000)}&v1=Eve`);
      assert.match(large.body, /Eve, what/);
      const chunked = [`a\r\nv2=gardene\r\n`, "6\r\nr&v1=D\r\n", "2\r\nan\r\n", "0\r\n\r\n"];
      const head = "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
      const first = await client.ask(`${head}${URLENCODED}\r\n\r\n${chunked[0]}`, /(?:)/);
      const inChunks = `${first}${await client.ask(chunked.slice(1).join(""), /<\/html>/)}`;
      assert.match(inChunks, /Dan, what is your job\? .*value="gardener"/);
      const careful = await LineClient.open(port);
      const expecting = `POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nExpect: 100-continue\r\n${URLENCODED}\r\n\r\n`;
      const goOn = await careful.ask(expecting, /\r\n\r\n/);
      const went = await careful.ask("v1=Ann", /<\/html>/);
      assert.match(goOn, /^HTTP\/1.1 100 /);
      assert.match(went, /Ann, what/);
      const put = await ask(await LineClient.open(port), "PUT /2");
      const head2 = await ask(await LineClient.open(port), "HEAD /S");
      const missing = await ask(await LineClient.open(port), "GET /missing");
      const plain = (text: string): string => text.replace(/^(Date|Set-Cookie): .*\r\n/gm, "");
      return {
        ...{ parts: plain(parts.head), large: plain(large.head), inChunks: plain(inChunks), goOn, went: plain(went) },
        ...{ put: put.head, putBody: put.body, head: plain(head2.head), missing: plain(missing.head) },
      };
    }),
  },
  {
    name: "libmicrohttpd closes what is idle for 15 seconds",
    run: withEndless(FORMS, [], async ({ port }) => {
      const [silent, half, kept] = [
        await LineClient.open(port),
        await LineClient.open(port),
        await LineClient.open(port),
      ];
      const started = Date.now();
      const { head } = await ask(kept, "GET /S");
      const all = await Promise.all([silent.rest(80_000), said(half, "POST /2 HTTP/1.1\r\nHos"), kept.rest(80_000)]);
      const seconds = (Date.now() - started) / 1000;
      assert.ok(seconds > 10, `after ${seconds} s`);
      return { head: head.replace(/^Set-Cookie: .*\r\n/m, ""), all };
    }),
  },
];
