// The recorder: runs keys.c on a pseudo-terminal of this kernel and writes what it shows to keys.native.
//
//   node scripts/run-ts.mjs test/terminal/record.ts [--check]

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf, Typist } from "./typist.js";

const HERE = "test/terminal";
const NATIVE = join(HERE, "keys.native");

function build(name: string, directory: string): string {
  const out = join(directory, name);
  const flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror"];
  execFileSync(process.env.CC ?? "cc", [...flags, "-o", out, join(HERE, `${name}.c`), "-lutil"], { stdio: "inherit" });
  return out;
}

function show(pty: string, program: string): Promise<string> {
  const child = spawn(pty, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const typist = new Typist((keys) => child.stdin.write(keys));
  child.stdout.on("data", (chunk: Buffer) => typist.show(chunk));
  const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(limit);
      if (status === 0) resolve(typist.shown);
      else reject(new Error(`keys.c ended with ${signal ?? `status ${status}`}; it had shown\n${typist.shown}`));
    });
  });
}

const directory = mkdtempSync(join(tmpdir(), "hawser-terminal-"));
try {
  const lines = linesOf(await show(build("pty", directory), build("keys", directory)));
  if (!process.argv.includes("--check")) writeFileSync(NATIVE, `${lines.join("\n")}\n`);
  else {
    const recorded = readFileSync(NATIVE, "utf8").split("\n").slice(0, -1);
    const wrong = lines.map((line, i) => [line, recorded[i]] as const).filter(([line, was]) => line !== was);
    for (const [line, was] of wrong)
      console.error(`recorded ${JSON.stringify(was)}, this kernel ${JSON.stringify(line)}`);
    if (wrong.length > 0 || lines.length !== recorded.length) process.exitCode = 1;
  }
  console.log(`keys: ${lines.length} lines`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
