// Pages as contenders: the modules run in a browser's page, over a bridge of this machine, and a process stands for each. Owns the
// pages, which are kept open from program to program, and the bridge.

import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { wasmProgram } from "../../ports/build.js";
import { start } from "../system/child.js";
import type { Contender, Needs } from "../system/compare.js";
import { once, ROOT } from "../system/place.js";
import { freePort, reachable } from "../system/server.js";
import { openPage } from "./browser.js";
import { isOwn } from "./copied.js";
import { hub } from "./hub.js";
import { origin } from "./material.js";
import { type BrowserWay, type Remote, remoteOf, WAYS } from "./way.js";

const TOKEN = "of-this-test";

/** Programs that one page runs before another one takes its place. */
const PAGE_LIMIT = 50;

/** The bridge lets everything through: what a guest may reach is what its own rules say. */
const RULES = [
  ...["tcp", "udp"].flatMap((kind) => [`${kind}://*:*`, `${kind}://0.0.0.0/0:*`, `${kind}://[::/0]:*`]),
  ...["listen:tcp://*:*", "listen:udp://*:*", "unix:*", "listen:unix:*"],
];

const bridge = once(async () => {
  const port = await freePort();
  const origins = await Promise.all([false, true].map(async (isolated) => (await origin(isolated)).origin));
  const words = ["bridge", "--listen", `127.0.0.1:${port}`, "--log", "silent", "--token", `test=${TOKEN}`];
  const many = ["--dials", "0", "--grace", "5"];
  const child = await start(
    [
      ...[process.execPath, join(ROOT, "dist", "cli.js"), ...words, ...many],
      ...origins.flatMap((each) => ["--origin", each]),
      ...RULES.flatMap((rule) => ["--allow", rule]),
    ],
    { limit: 7_200_000 },
  );
  await reachable(port, child);
  return { url: `ws://127.0.0.1:${port}/`, token: TOKEN };
});

/** The process that stands for a guest: its script. */
const relay = once(async () => {
  const out = join(ROOT, "build", "browser", "relay.mjs");
  mkdirSync(dirname(out), { recursive: true });
  await build({
    entryPoints: [join(ROOT, "test", "browser", "relay.ts")],
    outfile: out,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    tsconfigRaw: {},
    logLevel: "warning",
  });
  return out;
});

/** The page of one way. */
class Stage {
  readonly #way: BrowserWay;
  #page: ReturnType<typeof openPage> | null = null;
  #ran = 0;
  #running = 0;

  constructor(way: BrowserWay) {
    this.#way = way;
  }

  /** Has the page run a program, whose other end is at `url`; `over` says whether the page has told of its end. */
  async play(url: string, program: string, over: Promise<boolean>): Promise<void> {
    if (this.#ran >= PAGE_LIMIT && this.#running === 0) await this.#leave();
    this.#ran++;
    this.#running++;
    over.then((told) => {
      this.#running--;
      return told ? undefined : this.#leave();
    });
    const opened = this.#page ?? this.#open();
    this.#page = opened;
    const page = await opened;
    await page.bringToFront();
    const remote: Remote = remoteOf(page);
    await remote.hosted(url, program, this.#way.way);
  }

  async #open(): ReturnType<typeof openPage> {
    const { origin: base } = await origin(this.#way.isolated);
    const page = await openPage(this.#way.browser, `${base}/page/test`);
    await page.waitForFunction(() => "hawserTest" in globalThis, { timeout: 30_000 });
    return page;
  }

  /** Gives the page up, whatever it does. */
  async #leave(): Promise<void> {
    const opened = this.#page;
    [this.#page, this.#ran] = [null, 0];
    await opened?.then((page) => page.close()).catch(() => {});
  }
}

function contender(way: BrowserWay): Contender {
  const stage = new Stage(way);
  return {
    name: way.name,
    threads: way.way.engine === "jspi",
    isPage: true,
    command: async (program, args, { allow, directories = [], variables = [] }: Needs) => {
      const places = directories.map((each) => {
        const [host = "", guest = host] = each.split(":");
        return { host, guest, isShared: isOwn(host) };
      });
      const module = await wasmProgram(program);
      const meeting = (await hub()).await({ setup: { args, allow, bridge: await bridge() }, places });
      await stage.play(meeting.page, `/programs/${basename(dirname(module))}/${basename(module)}`, meeting.over);
      return [process.execPath, await relay(), meeting.relay, ...variables];
    },
  };
}

/** Pages on which the guest waits by JSPI, and isolated ones on which it blocks a thread, of each browser. */
export const pageCandidates: readonly Contender[] = WAYS.filter(({ way }) => way.inWorker !== true).map(contender);
