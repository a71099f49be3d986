// The package as a project of its own installs it: packed, installed, bundled by esbuild and by Vite with nothing told to them,
// loaded in Chromium, where a page runs a guest on each engine.

import { strict as assert } from "node:assert";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { compileGuest } from "../guest-programs.js";
import { demand, start } from "../system/child.js";
import { atEnd, makeDirectory, once, ROOT } from "../system/place.js";
import type { Test } from "../system/test.js";
import { withPage } from "./browser.js";
import { servePages } from "./server.js";

const LIMIT = 300_000;
const VITE = "8.3.8";
const ESBUILD = "0.28.2";

const PAGE = `<!doctype html><html lang="en"><title>a project</title><script type="module" src="/main.js"></script></html>`;

const PROGRAM = `
import { run } from "hawser/browser";

async function nap(engine, worker) {
  let text = "";
  const decoder = new TextDecoder();
  const exit = await run("/nap.wasm", { engine, args: ["1"], ...worker, stdout: (chunk) => void (text += decoder.decode(chunk)) });
  return { ...exit, text };
}

async function all() {
  return { jspi: await nap("jspi"), worker: await nap("worker", WORKER) };
}

all().then(
  (done) => { globalThis.done = done; },
  (error) => { globalThis.done = { error: String(error) }; },
);
`;

const CONFIG = `
export default {
  server: {
    host: "127.0.0.1",
    headers: {
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
    },
  },
};
`;

/** With the worker that comes in the bundle. */
const PLAIN = PROGRAM.replace("WORKER", "{}");
/** With the worker as a file that Vite puts beside the bundle. */
const BY_URL = `import worker from "hawser/browser/worker?url";${PROGRAM.replace("WORKER", "{ worker }")}`;

/** The project, installed. */
const project: () => Promise<string> = once(async () => {
  // Outside of the checkout, whose tsconfig.json would tell esbuild where "hawser/browser" is.
  const directory = makeDirectory();
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  const packed = await demand(["npm", "pack", "--silent", "--pack-destination", directory], {
    cwd: ROOT,
    limit: LIMIT,
  });
  const tarball = `./${packed.trim().split("\n").at(-1)}`;
  mkdirSync(join(directory, "public"), { recursive: true });
  const dependencies = { hawser: `file:${tarball}`, vite: VITE, esbuild: ESBUILD };
  writeFileSync(join(directory, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  writeFileSync(join(directory, "index.html"), PAGE);
  writeFileSync(join(directory, "main.js"), PLAIN);
  writeFileSync(join(directory, "vite.config.js"), CONFIG);
  cpSync(await compileGuest("test/guests/nap.c"), join(directory, "public", "nap.wasm"));
  const install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  await demand(install, { cwd: directory, limit: LIMIT });
  return directory;
});

async function loads(url: string): Promise<void> {
  const done = await withPage("Chromium", url, async (page) => {
    await page.waitForFunction(() => "done" in globalThis, { timeout: 60_000 });
    return page.evaluate(() => (globalThis as unknown as { done: unknown }).done);
  });
  const napped = { status: 0, text: "0 ready\n" };
  assert.deepEqual(done, { jspi: napped, worker: napped });
}

async function serves(directory: string): Promise<void> {
  const server = await servePages(true, { "/": directory });
  try {
    await loads(`${server.origin}/index.html`);
  } finally {
    await server.close();
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The tests. */
export const consumerTests: readonly Test[] = [
  {
    name: "a project bundles the package with esbuild, and its page runs guests on both engines (Chromium)",
    limit: 400,
    async run() {
      const directory = await project();
      const out = join(directory, "esbuild");
      const esbuild = join("node_modules", ".bin", "esbuild");
      await demand([esbuild, "main.js", "--bundle", `--outfile=${join(out, "main.js")}`], { cwd: directory });
      writeFileSync(join(out, "index.html"), PAGE);
      cpSync(join(directory, "public", "nap.wasm"), join(out, "nap.wasm"));
      await serves(out);
    },
  },
  {
    name: "a project builds the package with Vite, and its page runs guests on both engines (Chromium)",
    limit: 400,
    async run() {
      const directory = await project();
      const vite = join("node_modules", ".bin", "vite");
      await demand([vite, "build", "--outDir", "vite", "--emptyOutDir"], { cwd: directory, limit: LIMIT });
      await serves(join(directory, "vite"));
      writeFileSync(join(directory, "main.js"), BY_URL);
      try {
        await demand([vite, "build", "--outDir", "vite", "--emptyOutDir"], { cwd: directory, limit: LIMIT });
      } finally {
        writeFileSync(join(directory, "main.js"), PLAIN);
      }
      await serves(join(directory, "vite"));
    },
  },
  {
    name: "a project's Vite development server serves the package, and its page runs guests on both engines (Chromium)",
    limit: 400,
    async run() {
      const directory = await project();
      const port = `${await freePort()}`;
      const vite = join("node_modules", ".bin", "vite");
      const child = await start([vite, "--port", port, "--strictPort", "--clearScreen", "false"], {
        cwd: directory,
        limit: LIMIT,
        env: { NO_COLOR: "1" },
      });
      atEnd(() => child.signal("SIGKILL"));
      try {
        await child.printed(`:${port}/`, 60_000);
        await loads(`http://127.0.0.1:${port}/index.html`);
      } finally {
        child.signal("SIGKILL");
        await child.ended;
      }
    },
  },
];
