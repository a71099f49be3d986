// What a page loads: how much it is, and that nothing in it is of Node.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REQUEST_VALUES } from "../host/engine/remote-thread.js";
import * as requests from "../assembly/shared/request.js";
import { BUDGET, pageSizes } from "../scripts/browser.mjs";

interface Metafile {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
}

const metafiles = ["browser", "worker", "worker-trace"].map(
  (name) => JSON.parse(readFileSync(`build/${name}.json`, "utf8")) as Metafile,
);

test("a page loads no more than it may", () => {
  const sizes = pageSizes();
  for (const engine of ["jspi", "worker"] as const) {
    const size = sizes[engine];
    assert.ok(size > 10_000, `${engine}: ${size} bytes are too few to be all`);
    assert.ok(size <= BUDGET[engine], `${engine}: ${size} bytes (gzip), and ${BUDGET[engine]} are allowed`);
  }
});

test("nothing of Node and no command line is in what a page loads", () => {
  for (const { inputs } of metafiles) {
    const files = Object.entries(inputs);
    assert.ok(files.length > 20);
    const foreign = files.flatMap(([file, { imports }]) => [
      ...(/^host\/node\/|^test\/|commander/.test(file) ? [file] : []),
      ...imports.filter(({ path, external }) => path.startsWith("node:") || external === true).map(({ path }) => path),
    ]);
    assert.equal(foreign, []);
  }
});

test("every request of the core is known to the jspi engine on a thread of its own", () => {
  // Those about threads are served where the core is.
  const wanted = Object.entries(requests).filter(([name]) => /^REQUEST_(?!THREAD|WAKE)/.test(name));
  assert.ok(wanted.length > 10);
  assert.equal(
    wanted.filter(([, op]) => REQUEST_VALUES[op as number] === undefined).map(([name]) => name),
    [],
  );
});

test.run();
