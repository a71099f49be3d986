import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errno from "../assembly/shared/errno.js";
import * as event from "../assembly/shared/event.js";
import * as poll from "../assembly/shared/poll.js";
import * as request from "../assembly/shared/request.js";
import * as signal from "../assembly/shared/signal.js";
import * as socket from "../assembly/shared/socket.js";

const files = { errno, event, poll, request, signal, socket };

test("every shared constant is a 32-bit integer in both compilers", () => {
  for (const [file, constants] of Object.entries(files)) {
    for (const [name, value] of Object.entries(constants)) {
      assert.is(value, (value as number) | 0, `${file}: ${name}`);
    }
  }
});

test("no two errnos, requests, events or poll bits share a number", () => {
  for (const constants of [errno, request, event, poll]) {
    const entries = Object.entries(constants).filter(([name]) => !/^EVENT_(HEAD|RING)$/.test(name));
    assert.is(new Set(entries.map(([, value]) => value)).size, entries.length);
  }
});

test("strerror() says of each errno what its constant's comment says", () => {
  const comments = readFileSync("assembly/shared/errno.ts", "utf8");
  const sentences = readFileSync("sysroot/glue/strerror.c", "utf8");
  const wanted = [...comments.matchAll(/\/\*\* (.*)\. \*\/\nexport const (E\w+)/g)].map(
    ([, text, name]) => `${name}: ${text}`,
  );
  // The header adds numbers that no call gives.
  const added = new Set(
    [...readFileSync("sysroot/include/errno.h", "utf8").matchAll(/#define (E\w+)/g)].map(([, name]) => name),
  );
  const given = [...sentences.matchAll(/case (E\w+): return "(.*)";/g)]
    .filter(([, name]) => !added.has(name))
    .map(([, name, text]) => `${name}: ${text}`);
  assert.ok(wanted.length > 70);
  assert.equal(given, wanted);
});

test.run();
