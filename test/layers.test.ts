import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** What may import what: the first rule whose `from` matches a file decides. `to` are patterns of allowed targets. */
const RULES: readonly { readonly from: RegExp; readonly to: readonly RegExp[] }[] = [
  { from: /^assembly\/shared\//, to: [] },
  { from: /^assembly\//, to: [/^assembly\//] },
  { from: /^host\/core\.ts$/, to: [/^build\/[\w.]+\.wasm$/, /^host\/[\w-]+\.ts$/] },
  { from: /^host\/[\w-]+\.ts$/, to: [/^host\//, /^assembly\/shared\//, /^package:/] },
  { from: /^host\/engine\//, to: [/^host\/[\w-]+\.ts$/, /^host\/engine\//, /^assembly\/shared\//] },
  {
    from: /^host\/(loopback|policy|trace)\//,
    to: [/^host\/(loopback|policy|trace)\//, /^host\/[\w-]+\.ts$/, /^assembly\/shared\//, /^package:/],
  },
  { from: /^host\/node\//, to: [/^host\//, /^assembly\/shared\//, /^package:/, /^node:/] },
  {
    from: /^host\/bridge\//,
    to: [/^host\/bridge\//, /^host\/[\w-]+\.ts$/, /^assembly\/shared\//],
  },
  {
    from: /^host\/browser\/thread\.ts$/,
    to: [/^build\/worker(-trace)?\.txt$/, /^host\/(engine|browser)\//, /^host\/[\w-]+\.ts$/],
  },
  { from: /^host\/browser\//, to: [/^host\/(?!node\/)/, /^assembly\/shared\//, /^package:/] },
];

/** Platform-free files never reach into a platform's folder. */
const FORBIDDEN = [{ from: /^host\/(?!node\/)/, to: /^host\/node\// }];

function importsOf(file: string, text: string): string[] {
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|\bimport\s*\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
    ),
  ];
  return found.map(([, one, two, three]) => resolve(file, one ?? two ?? three ?? ""));
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  if (!specifier.startsWith(".")) return `package:${specifier}`;
  const path = relative(".", join(file, "..", specifier)).replace(/\.js$/, ".ts");
  return /\.\w+$/.test(path) ? path : `${path}.ts`;
}

function faults(file: string, text: string): string[] {
  const rule = RULES.find(({ from }) => from.test(file));
  if (rule === undefined) return [];
  return importsOf(file, text)
    .filter(
      (target) =>
        !rule.to.some((allowed) => allowed.test(target)) ||
        FORBIDDEN.some(({ from, to }) => from.test(file) && to.test(target)),
    )
    .map((target) => `${file} imports ${target}`);
}

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(".", join(entry.parentPath, entry.name)));
}

test("no file imports across the layers", () => {
  const files = [...sources("assembly"), ...sources("host")];
  assert.ok(files.length > 50);
  assert.equal(
    files.flatMap((file) => faults(file, readFileSync(file, "utf8"))),
    [],
  );
});

test("an import against the layers is found", () => {
  assert.is(faults("host/kernel.ts", 'import { readFileSync } from "node:fs";').length, 1);
  assert.is(faults("host/kernel.ts", 'import { x } from "./node/wasi.js";').length, 1);
  assert.is(faults("host/engine/jspi.ts", 'import { y } from "../node/index.js";').length, 1);
  assert.is(faults("host/engine/jspi.ts", 'import {\n  z,\n} from "ipaddr.js";').length, 1);
  assert.is(faults("assembly/shared/errno.ts", 'import { E } from "./socket";').length, 1);
  assert.is(faults("assembly/stream.ts", 'export { a } from "../host/kernel.js";').length, 1);
  assert.is(faults("host/link.ts", 'import bytes from "../build/core.wasm";').length, 1);
  assert.is(faults("host/browser/index.ts", 'const m = await import("../node/index.js");').length, 1);
  assert.is(faults("host/node/raw/stream.ts", 'import { q } from "../../../test/peers.js";').length, 1);
  assert.is(faults("host/core.ts", 'import bytes from "../build/core.wasm";').length, 0);
  assert.is(faults("host/browser/index.ts", 'import text from "../../build/worker.txt";').length, 1);
  assert.is(faults("host/browser/index.ts", 'import { join } from "node:path";').length, 1);
  assert.is(faults("host/node/wasi.ts", 'import { basename } from "node:path";').length, 0);
});

test.run();
