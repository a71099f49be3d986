// examples/terminal, as a person uses it: programs that are typed at, over a bridge, on real servers. Each step leaves a picture of
// the page in build/artefacts.

import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { startHouse } from "../../examples/terminal/house.js";
import { OFFERS, type ProgramName, telnetModule } from "../../examples/terminal/programs.js";
import { servePage } from "../../examples/terminal/serve.js";
import { type Child, start } from "../system/child.js";
import { atEnd, once, ROOT } from "../system/place.js";
import { wasmProgram } from "../../ports/build.js";
import { startIrcServer } from "../../ports/irc-server.js";
import { LineClient } from "../../ports/line-client.js";
import { freePort, reachable, store, web } from "../system/server.js";
import type { Test } from "../system/test.js";
import { type BrowserName, withPage } from "./browser.js";

const LIMIT = 180;
const WAIT = 30_000;
const TOKEN = "of-this-test";
/** What redis-cli adds where an answer took half a second. */
const TOOK = "(\\(\\d+\\.\\d+s\\)\\n)?";

/** What redis-cli shows behind an answer: what is typed ahead of its prompt, it drops. */
function answered(text: string, port: number): RegExp {
  return new RegExp(`${text}\\n${TOOK}127.0.0.1:${port}>$`);
}

/** What the page defines for tests. */
interface TerminalGlobals {
  terminalText(): string;
  terminalSelect(): void;
}

/** A bridge that can be killed and come back on its port. */
class Bridge {
  readonly url: string;
  readonly #port: number;
  readonly #args: readonly string[];
  #child: Child | null = null;

  constructor(port: number, args: readonly string[]) {
    this.#port = port;
    this.url = `ws://127.0.0.1:${port}/`;
    this.#args = ["--listen", `127.0.0.1:${port}`, "--log", "silent", "--token", `test=${TOKEN}`, ...args];
  }

  async start(): Promise<void> {
    this.#child = await start([process.execPath, join("dist", "cli.js"), "bridge", ...this.#args], {
      cwd: ROOT,
      limit: 3_600_000,
    });
    await reachable(this.#port, this.#child);
  }

  async kill(): Promise<void> {
    this.#child?.signal("SIGKILL");
    await this.#child?.ended;
    this.#child = null;
  }
}

interface Stand {
  readonly url: string;
  readonly bridge: Bridge;
  readonly ports: Readonly<Record<ProgramName | "nobody", number>>;
}

/** Page, bridge and servers, for all of these tests. */
const stand: () => Promise<Stand> = once(async () => {
  const house = await startHouse();
  atEnd(house.close);
  const [{ port: redis }, { port: nginx }, nobody] = [await store(), await web(), await freePort()];
  const { port: irc } = await startIrcServer();
  const ports = { telnet: house.port, nc: nginx, "redis-cli": redis, sic: irc, nobody };
  const page = await servePage(ROOT);
  atEnd(page.close);
  const rules = Object.values(ports).flatMap((port) => ["--allow", `tcp://127.0.0.1:${port}`]);
  const bridge = new Bridge(await freePort(), ["--origin", page.url, ...rules]);
  await bridge.start();
  atEnd(() => bridge.kill());
  await page.offer(bridge.url, TOKEN, [
    OFFERS.telnet(await telnetModule(ROOT), ports.telnet),
    OFFERS["redis-cli"](await wasmProgram("redis-cli"), ports["redis-cli"]),
    OFFERS.nc(await wasmProgram("nc"), ports.nc),
    OFFERS.sic(await wasmProgram("sic"), ports.sic),
  ]);
  return { url: `${page.url}/`, bridge, ports };
});

/** The page, as a person has it before them. */
class Person {
  readonly #page: Page;
  readonly #browser: BrowserName;

  constructor(page: Page, browser: BrowserName) {
    this.#page = page;
    this.#browser = browser;
  }

  text(): Promise<string> {
    return this.#page.evaluate(() => (globalThis as unknown as TerminalGlobals).terminalText());
  }

  /** Waits until what is shown matches. */
  async sees(pattern: RegExp): Promise<void> {
    const isShown = (source: string): boolean =>
      new RegExp(source).test((globalThis as unknown as TerminalGlobals).terminalText());
    try {
      await this.#page.waitForFunction(isShown, { timeout: WAIT, polling: 50 }, pattern.source);
    } catch {
      assert.fail(`${pattern} is not shown; this is:\n${await this.text()}\nstatus: ${await this.status()}`);
    }
  }

  /** Waits until the status line has a state. */
  async finds(id: "bridge" | "program", state: string): Promise<void> {
    const selector = `#${id}[data-state="${state}"]`;
    await this.#page.waitForSelector(selector, { timeout: WAIT }).catch(async () => {
      assert.fail(`${id} is not ${state}: ${await this.status()}\n${await this.text()}`);
    });
  }

  status(): Promise<string> {
    return this.#page.evaluate(() => document.querySelector("#status")?.textContent?.replace(/\s+/g, " ") ?? "");
  }

  async chooses(program: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#page.click(`#programs button[value="${program}"]`);
    for (const [id, value] of Object.entries(fields)) {
      await this.#page.click(`#${id}`, { count: 3 });
      await this.#page.keyboard.press("Backspace");
      await this.#page.keyboard.type(value);
    }
    await this.#page.click("#run");
  }

  async types(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async presses(...keys: readonly Parameters<Page["keyboard"]["press"]>[0][]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async pressesWithControl(key: "c" | "d" | "a" | "u" | "w"): Promise<void> {
    await this.#page.keyboard.down("Control");
    await this.#page.keyboard.press(key);
    await this.#page.keyboard.up("Control");
  }

  async clicks(id: string): Promise<void> {
    await this.#page.click(`#${id}`);
  }

  /** Gives the window another size, and waits until the terminal has it. */
  async resizes(width: number, height: number): Promise<void> {
    const sizeOf = (): string => document.querySelector("#size")?.textContent ?? "";
    const before = await this.#page.evaluate(sizeOf);
    await this.#page.setViewport({ width, height });
    const isOther = (old: string): boolean => document.querySelector("#size")?.textContent !== old;
    await this.#page.waitForFunction(isOther, { timeout: WAIT, polling: 50 }, before);
  }

  /** Puts a clipboard of the test's in place of the machine's. */
  async hasClipboard(text: string): Promise<void> {
    await this.#page.evaluate((content) => {
      let held = content;
      const clipboard = {
        readText: async () => held,
        writeText: async (written: string) => {
          held = written;
        },
      };
      Object.defineProperty(navigator, "clipboard", { value: clipboard });
    }, text);
  }

  copied(): Promise<string> {
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  async selects(): Promise<void> {
    await this.#page.evaluate(() => (globalThis as unknown as TerminalGlobals).terminalSelect());
  }

  /** Pastes as a browser does. */
  async pastes(text: string): Promise<void> {
    await this.#page.evaluate((pasted) => {
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      const target = document.querySelector(".xterm-helper-textarea");
      // The two last are Firefox's way to say it.
      const content = { clipboardData: data, dataType: "text/plain", data: pasted };
      target?.dispatchEvent(new ClipboardEvent("paste", { ...content, bubbles: true, cancelable: true }));
    }, text);
  }

  async picture(name: string): Promise<void> {
    const directory = join(ROOT, "build", "artefacts");
    mkdirSync(directory, { recursive: true });
    await this.#page.screenshot({ path: join(directory, `terminal-${this.#browser}-${name}.png`) });
  }
}

function terminalTest(browser: BrowserName, name: string, use: (person: Person, stand: Stand) => Promise<void>): Test {
  return {
    name: `the terminal page: ${name} (${browser})`,
    limit: LIMIT,
    run: async () => {
      const all = await stand();
      await withPage(browser, all.url, async (page) => {
        await page.setViewport({ width: 1200, height: 760 });
        await page.waitForFunction(() => "terminalText" in globalThis, { timeout: WAIT });
        await use(new Person(page, browser), all);
      });
    },
  };
}

const testsIn = (browser: BrowserName): readonly Test[] => [
  terminalTest(browser, "redis-cli sets, gets, edits a line and recalls it", async (person, { ports }) => {
    const port = ports["redis-cli"];
    await person.picture("first");
    await person.chooses("redis-cli");
    await person.sees(new RegExp(`127.0.0.1:${port}>`));
    await person.finds("bridge", "connected");
    await person.types("SET greeting 'hello from a page'\r");
    await person.sees(answered("> SET greeting .*\\nOK", port));
    await person.types("GET greetinX");
    await person.presses("Backspace");
    await person.types("g\r");
    await person.sees(answered('> GET greeting\\n"hello from a page"', port));
    await person.types("INCR counter");
    await person.pressesWithControl("a");
    await person.pressesWithControl("u");
    await person.presses("ArrowUp", "ArrowUp", "Enter");
    await person.sees(answered("OK\\n[\\s\\S]*> GET[\\s\\S]*> SET greeting .*\\nOK", port));
    await person.types("HELP @string\r");
    await person.sees(/SETRANGE/);
    await person.sees(/SUBSTR[\s\S]*>$/);
    await person.types("GET greeting\r");
    await person.sees(answered('SUBSTR[\\s\\S]*> GET greeting\\n"hello from a page"', port));
    await person.picture("redis");
    await person.pressesWithControl("d");
    await person.finds("program", "ended");
    await person.presses("Enter");
    await person.sees(new RegExp(`^127.0.0.1:${port}>`));
  }),
  terminalTest(browser, "netcat fetches a page, is pasted at, and Ctrl-C ends it", async (person) => {
    await person.chooses("nc");
    await person.sees(/open/);
    await person.types("GET /nothinX");
    await person.presses("Backspace");
    await person.types(" HTTP/1.0");
    await person.pressesWithControl("u");
    await person.pastes("GET /page.html HTTP/1.0\r\r");
    await person.sees(/HTTP\/1\.1 200 OK[\s\S]*Server: nginx/);
    await person.picture("netcat");
    await person.chooses("nc");
    await person.sees(/^[\s\S]{0,40}open[\s\S]{0,40}$/);
    await person.types("GET");
    await person.pressesWithControl("c");
    // It catches the signal and ends by itself.
    await person.sees(/GET\^C[\s\S]*ended with status 1/);
    await person.finds("program", "failed");
  }),
  terminalTest(
    browser,
    "a port where nobody listens is refused, and one that no rule allows",
    async (person, { ports }) => {
      await person.chooses("redis-cli", { port: `${ports.nobody}` });
      await person.sees(new RegExp(`Could not connect to Redis at 127.0.0.1:${ports.nobody}: Connection refused`));
      await person.picture("refused");
      await person.chooses("telnet", { port: `${ports.nobody}` });
      await person.sees(new RegExp(`telnet: 127.0.0.1 port ${ports.nobody}: Connection refused`));
      await person.chooses("telnet", { port: "1" });
      await person.sees(/telnet: 127.0.0.1 port 1: Permission denied/);
    },
  ),
  terminalTest(browser, "sic joins a channel of IRC, talks and listens", async (person, { ports }) => {
    const [nick, other] = [`page${browser[0]}`, `bob${browser[0]}`];
    await person.chooses("sic", { arguments: `-n ${nick}` });
    await person.sees(/End of MOTD/);
    await person.types(":j #here\r");
    await person.sees(/End of NAMES/);
    const bob = await LineClient.open(ports.sic);
    await bob.ask(`NICK ${other}\r\nUSER bob 0 * :Bob\r\n`, / 376 .*\r\n/);
    await bob.ask("JOIN #here\r\n", / 366 .*\r\n/);
    await person.types("hellX");
    await person.presses("Backspace");
    await person.types("o, bob\r");
    await bob.ask("", new RegExp(`:${nick}!.* PRIVMSG #here :hello, bob\r\n`));
    await bob.ask(`PRIVMSG ${nick} :hello, page\r\n`, /(?:)/);
    await person.sees(new RegExp(`<${other}> hello, page`));
    await person.picture("irc");
    await person.types(":QUIT bye\r");
    // As it ends natively.
    await person.sees(/remote host closed connection[\s\S]*ended with status 1/);
    bob.close();
  }),
  terminalTest(browser, "telnet sends each key, and says when the window has another size", async (person) => {
    await person.chooses("telnet");
    await person.sees(/house>/);
    await person.types("sizX");
    await person.presses("Backspace");
    await person.types("e\rcolours\r");
    await person.sees(/your window has (\d+) columns and \d+ rows/);
    const [, before] = /has (\d+) columns/.exec(await person.text()) ?? [];
    await person.resizes(900, 600);
    await person.types("size\r");
    await person.sees(/has \d+ columns[\s\S]*has \d+ columns/);
    const [, , after] = /has (\d+) columns[\s\S]*has (\d+) columns/.exec(await person.text()) ?? [];
    assert.ok(Number(after) < Number(before), `${before} columns, then ${after}`);
    await person.types("nonsense");
    await person.pressesWithControl("c");
    await person.types("time\r");
    await person.sees(/nonsense\^C\nhouse> time\n\d{4}-/);
    await person.picture("telnet");
    await person.types("bye\r");
    await person.sees(/goodbye\n+The server has closed the connection/);
  }),
  terminalTest(
    browser,
    "what is selected is copied, also by Ctrl-C, and the buttons signal and paste",
    async (person) => {
      await person.hasClipboard("size");
      await person.chooses("telnet");
      await person.sees(/house>$/);
      await person.clicks("paste");
      await person.presses("Enter");
      await person.sees(/house> size\nyour window has/);
      await person.selects();
      await person.pressesWithControl("c");
      assert.match(await person.copied(), /^Connected to 127.0.0.1[\s\S]*your window has/);
      assert.doesNotMatch(await person.text(), /\^C/);
      await person.chooses("nc");
      await person.sees(/open/);
      await person.clicks("interrupt");
      await person.sees(/ended with status 1/);
      await person.clicks("again");
      await person.sees(/open$/);
      await person.clicks("kill");
      await person.sees(/nc was ended by SIGKILL/);
    },
  ),
  terminalTest(browser, "the bridge is killed in mid-session and comes back", async (person, { bridge, ports }) => {
    const port = ports["redis-cli"];
    await person.chooses("redis-cli");
    await person.sees(/>/);
    await person.types("SET kept 1\r");
    await person.sees(answered("OK", port));
    await bridge.kill();
    await person.finds("bridge", "lost");
    await person.picture("lost");
    await bridge.start();
    await person.types("GET kept\r");
    // The session died with the bridge: the connection is over, and the client makes another one.
    await person.sees(
      new RegExp(`Error: (Connection reset by peer|Server closed the connection)\\n${TOOK}not connected>$`),
    );
    await person.types("GET kept\r");
    await person.sees(answered('not connected> GET kept\\n"1"', port));
    await person.finds("bridge", "connected");
    await person.picture("back");
  }),
];

/** The tests. */
export const terminalTests: readonly Test[] = [...testsIn("Chromium"), ...testsIn("Firefox")];
