// The ways in which a browser can run a guest, and a page for each. Owns the matrix.

import type { Page } from "puppeteer-core";
import { type BrowserName, withPage } from "./browser.js";
import { origin } from "./material.js";
import type { PageApi, Way } from "./page.js";

/** A browser, an engine and where it runs. */
export interface BrowserWay {
  /** E.g. "Chromium, jspi". */
  readonly name: string;
  readonly browser: BrowserName;
  readonly isolated: boolean;
  readonly way: Way;
}

/** All of them: jspi on a page that is not isolated, in a worker there, and the worker engine on one that is. */
export const WAYS: readonly BrowserWay[] = (["Chromium", "Firefox"] as const).flatMap((browser) => [
  { name: `${browser}, jspi`, browser, isolated: false, way: { engine: "jspi" } },
  { name: `${browser}, jspi in a worker`, browser, isolated: false, way: { engine: "jspi", inWorker: true } },
  { name: `${browser}, worker`, browser, isolated: true, way: { engine: "worker" } },
]);

/** A test page: its functions, called from here. */
export type Remote = {
  [Name in keyof PageApi]: (...args: Parameters<PageApi[Name]>) => Promise<Awaited<ReturnType<PageApi[Name]>>>;
};

/** Opens a test page for as long as `use` runs. `before` runs ahead of its programs. */
export async function withTestPage<T>(
  { browser, isolated }: Pick<BrowserWay, "browser" | "isolated">,
  use: (remote: Remote, page: Page) => Promise<T>,
  { before, page: name = "test" }: { readonly before?: () => void; readonly page?: string } = {},
): Promise<T> {
  const { origin: base } = await origin(isolated);
  return withPage(
    browser,
    `${base}/page/${name}`,
    async (page) => {
      await page.waitForFunction(() => "hawserTest" in globalThis, { timeout: 30_000 });
      return use(remoteOf(page), page);
    },
    before,
  );
}

/** The functions of a page that has loaded the test pages' program. */
export function remoteOf(page: Page): Remote {
  return new Proxy({} as Remote, {
    get:
      (_, name: string) =>
      (...args: readonly unknown[]) =>
        page.evaluate(
          (wanted, given) =>
            (
              globalThis as unknown as { hawserTest: Record<string, (...args: readonly unknown[]) => unknown> }
            ).hawserTest[wanted]?.(...given),
          name,
          args,
        ),
  });
}
