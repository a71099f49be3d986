// Everything that reads the code and runs none of it: `npm run check`. Goes on after a failure, tells each, ends with one
// line "N passed, N failed". Needs a build (dist/types) for publint and attw.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../..");

const checks = [
  ["build", "node", ["scripts/build.mjs"]],
  ["format and lint", "npx", ["biome", "check", "--error-on-warnings", "."]],
  ["types", "npx", ["tsc", "-p", "tsconfig.json"]],
  ["types without Node", "npx", ["tsc", "-p", "tsconfig.neutral.json"]],
  ["types of the core", "npx", ["tsc", "-p", "tsconfig.assembly.json", "--noEmit"]],
  ["nothing dead", "npx", ["knip"]],
  [
    "the page of options is what the tests say",
    "node",
    ["scripts/run-ts.mjs", "test/posix/option-table.ts", "--check"],
  ],
  ["the table of ports is what the ports say", "node", ["scripts/run-ts.mjs", "ports/page.ts", "--check"]],
  ["documented", "npx", ["typedoc", "--emit", "none"]],
  ["package", "npx", ["publint", "--strict"]],
  [
    "types as installed",
    "npx",
    [
      "attw",
      "--pack",
      ".",
      "--profile",
      "esm-only",
      "--exclude-entrypoints",
      "core.wasm",
      "core.shared.wasm",
      "browser/worker",
    ],
  ],
];

let failed = 0;
for (const [name, command, args] of checks) {
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", env: { ...process.env, FORCE_COLOR: "0" } });
  const good = result.status === 0;
  console.log(`${good ? "ok  " : "FAIL"} ${name}`);
  if (good) continue;
  failed++;
  console.log(`${result.stdout ?? ""}${result.stderr ?? ""}`);
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
