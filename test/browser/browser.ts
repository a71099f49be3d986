// Headless browsers, Debian's: Chromium over its DevTools protocol, Firefox ESR, as it is, over WebDriver BiDi. Owns how they are
// started, and that they are gone at the end.

import { type Browser as Driven, launch, type Page } from "puppeteer-core";
import { ensurePackages } from "../system/debian.js";
import { atEnd, once } from "../system/place.js";

/** A browser. */
export type BrowserName = "Chromium" | "Firefox";

const LIMIT = 60_000;

const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Each is started once, with a profile of its own, and killed at the end of the run. */
const started: Readonly<Record<BrowserName, () => Promise<Driven>>> = {
  Chromium: once(async () => {
    await ensurePackages(["chromium"]);
    return driven({ browser: "chrome", executablePath: "/usr/bin/chromium", args: CHROMIUM });
  }),
  Firefox: once(async () => {
    await ensurePackages(["firefox-esr"]);
    return driven({ browser: "firefox", executablePath: "/usr/bin/firefox-esr" });
  }),
};

async function driven(options: Parameters<typeof launch>[0]): Promise<Driven> {
  const browser = await launch({ ...options, headless: true, timeout: LIMIT, protocolTimeout: LIMIT * 4 });
  atEnd(async () => {
    const process = browser.process();
    const closed = browser.close().catch(() => {});
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5000))]);
    process?.kill("SIGKILL");
  });
  return browser;
}

/** Opens a page of a browser. */
export async function openPage(name: BrowserName, url: string): Promise<Page> {
  const page = await (await started[name]()).newPage();
  await page.goto(url, { timeout: LIMIT });
  return page;
}

/** Opens a page of a browser for as long as `use` runs. `before` runs ahead of the page's own programs. */
export async function withPage<T>(
  name: BrowserName,
  url: string,
  use: (page: Page) => Promise<T>,
  before?: () => void,
): Promise<T> {
  const browser = await started[name]();
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => void said.push(message.text()));
  page.on(
    "pageerror",
    (error) => void said.push(`uncaught: ${error instanceof Error ? error.message : String(error)}`),
  );
  try {
    if (before !== undefined) await page.evaluateOnNewDocument(before);
    await page.goto(url, { timeout: LIMIT });
    return await use(page);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${text}\nthe page's console:\n${said.slice(-40).join("\n")}`);
  } finally {
    await page.close().catch(() => {});
  }
}
