// What the browser tests serve: the package's bundle as it is built, the test page's program, compiled guests. Owns the two
// origins, isolated and not.

import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { compileGuest } from "../guest-programs.js";
import { atEnd, cacheDirectory, once, ROOT } from "../system/place.js";
import { type PageServer, servePages } from "./server.js";

const OUT = join(ROOT, "build", "browser");

/** Bundles page.ts; the package stays what it is, a file that the page loads. */
async function bundlePage(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await build({
    entryPoints: [join(ROOT, "test", "browser", "page.ts")],
    outfile: join(OUT, "page.js"),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    tsconfigRaw: {},
    alias: {
      "node:assert/strict": join(ROOT, "test", "browser", "node.ts"),
      "node:timers/promises": join(ROOT, "test", "browser", "node.ts"),
    },
    plugins: [
      {
        name: "the package",
        setup({ onResolve }) {
          onResolve({ filter: /^hawser\/browser$/ }, () => ({ path: "/dist/browser/index.js", external: true }));
        },
      },
    ],
    logLevel: "warning",
  });
}

/** Makes a module that pages and workers can import of the tests' WASI provider. */
async function bundleProvider(): Promise<void> {
  await build({
    entryPoints: [join(ROOT, "test", "guests", "provider.mjs")],
    outfile: join(OUT, "provider.js"),
    bundle: true,
    format: "esm",
    logLevel: "warning",
  });
}

const SCRIPT = '<script type="module" src="/test/page.js"></script>';
/** Scripts of this origin only, no blobs; wasm must be allowed by name. */
const STRICT = { "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };

/** An origin of the tests; `isolated` says whether it has COOP and COEP. */
export const origin: (isolated: boolean) => Promise<PageServer> = (() => {
  const bundled = once(async () => {
    await bundlePage();
    await bundleProvider();
  });
  const serve = (isolated: boolean) =>
    once(async () => {
      await bundled();
      const roots = {
        "/dist/": join(ROOT, "dist"),
        "/test/": OUT,
        "/guests/": join(ROOT, "build", "guests"),
        "/programs/": cacheDirectory("programs"),
      };
      const server = await servePages(isolated, roots, {
        test: { head: SCRIPT },
        strict: { head: SCRIPT, headers: STRICT },
      });
      atEnd(() => server.close());
      return server;
    });
  const [plain, isolating] = [serve(false), serve(true)];
  return (isolated) => (isolated ? isolating() : plain());
})();

/** The path at which the guest that a C file of this checkout compiles to is served. */
export async function guestPath(source: string): Promise<string> {
  return `/guests/${basename(await compileGuest(source))}`;
}

/** The path of a program of test/guests. */
export function testGuest(name: string): Promise<string> {
  return guestPath(join(dirname("test/guests/x"), `${name}.c`));
}
