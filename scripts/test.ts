// Runs the test files: `node scripts/run-ts.mjs scripts/test.ts [--node PATH] [FILTER ...]`. Bundles each with esbuild, runs it
// in a process of its own with a bound on its time, and ends with one line "N passed, N failed". A file in which no test
// ran (a forgotten test.run()) has failed, and so has a run that matches no file.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

/** Longest time for one file, in milliseconds. */
const LIMIT = 600_000;
const OUT = join("build", "test");

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

function findTests(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => relative(".", join(entry.parentPath, entry.name)))
    .sort();
}

async function bundle(file: string): Promise<string> {
  const outfile = join(OUT, `${file.replaceAll("/", "-").replace(/\.ts$/, "")}.mjs`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    tsconfigRaw: {},
    loader: { ".wasm": "binary" },
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}

function runFile(node: string, file: string, bundled: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(node, ["--enable-source-maps", bundled], { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const started = Date.now();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, LIMIT);
    child.on("close", (code) => {
      clearTimeout(timer);
      const total = sum(output, /^ {2}Total: +(\d+)/gm);
      const passed = sum(output, /^ {2}Passed: +(\d+)/gm);
      const failed = Math.max(total - passed, code === 0 && total > 0 ? 0 : 1);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`${failed === 0 ? "ok  " : "FAIL"} ${file}  ${passed} passed, ${failed} failed, ${seconds} s`);
      if (late) console.log(`     stopped after ${LIMIT / 1000} s`);
      if (total === 0) console.log("     no test ran: does the file end with test.run()?");
      if (failed > 0) console.log(output);
      resolve({ passed, failed });
    });
  });
}

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((before, [, number]) => before + Number(number), 0);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const at = args.indexOf("--node");
  const node = at < 0 ? process.execPath : (args[at + 1] ?? process.execPath);
  const filters = at < 0 ? args : args.filter((_, i) => i !== at && i !== at + 1);
  const files = findTests("test").filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)));
  if (files.length === 0) {
    console.error(`no test file matches ${filters.join(" ")}`);
    console.log("0 passed, 1 failed");
    process.exitCode = 1;
    return;
  }
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const compiled = spawnSync(process.execPath, ["scripts/run-ts.mjs", "test/compile-guests.ts"], { stdio: "inherit" });
  if (compiled.status !== 0) console.log("the C programs of the tests do not compile");
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const bundled = await bundle(file).catch((error: unknown) => {
      console.log(`FAIL ${file}  it does not bundle: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    });
    const outcome = bundled === null ? { passed: 0, failed: 1 } : await runFile(node, file, bundled);
    passed += outcome.passed;
    failed += outcome.failed;
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
