// examples/browser-loopback, as a person runs it.

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { start } from "../system/child.js";
import { ROOT } from "../system/place.js";
import type { Test } from "../system/test.js";
import { type BrowserName, withPage } from "./browser.js";

const LIMIT = 120;

const EXPECTED = `server: listening on port 8080
client: connected from 127.0.0.1
client: the server says: you said 18 bytes
server: heard 18 bytes
`;

function exampleTest(browser: BrowserName): Test {
  return {
    name: `the example page runs a server and a client (${browser})`,
    limit: LIMIT,
    async run() {
      let heard: (text: string) => void = () => {};
      const child = await start([process.execPath, join("examples", "browser-loopback", "serve.mjs")], {
        cwd: ROOT,
        limit: LIMIT * 1000,
        stdout: async (stream) => {
          for await (const chunk of stream) heard(`${chunk}`);
        },
      });

      try {
        const url = await new Promise<string>((resolve, reject) => {
          heard = (text) => void (/^http:/.test(text) && resolve(text.trim()));
          child.ended.then(({ stderr }) => reject(new Error(stderr)), reject);
        });
        const text = await withPage(browser, url, async (page) => {
          const isDone = (): boolean => /client: exit/.test(document.querySelector("#output")?.textContent ?? "");
          await page.waitForFunction(isDone, { timeout: 30_000 });
          return page.evaluate(() => document.querySelector("#output")?.textContent ?? "");
        });
        const lines = text.split("\n").sort();
        assert.deepEqual(lines, [...EXPECTED.split("\n"), "server: exit status 0", "client: exit status 0"].sort());
      } finally {
        child.signal("SIGKILL");
        await child.ended;
      }
    },
  };
}

/** The tests. */
export const exampleTests: readonly Test[] = [exampleTest("Chromium"), exampleTest("Firefox")];
