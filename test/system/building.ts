// docs/building.md: its files are written and its commands are run, in their order and in one directory.

import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { demand } from "./child.js";
import { hawserCc } from "./compiler.js";
import { ensurePackages, fetchSource } from "./debian.js";
import { ROOT } from "./place.js";
import { temporaryDirectory } from "./server.js";
import type { Test } from "./test.js";

const PAGE = join("docs", "building.md");

/** A block of the page. */
interface Block {
  readonly kind: string;
  readonly text: string;
}

function blocks(): readonly Block[] {
  const page = readFileSync(join(ROOT, PAGE), "utf8");
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind = "", text = ""]) => ({ kind, text }));
}

/** What a file's first line, a comment, says that its name is. */
function nameOf(text: string): string {
  const [, name] = /^(?:\/\*|#) (\S+)(?: \*\/)?\n/.exec(text) ?? [];
  if (name === undefined) throw new Error(`${PAGE}: a file without a name: ${text}`);
  return name;
}

/** Does what the page says: `hawser` in the PATH is this checkout's, `apt-get source` puts the cached source there. */
async function follow(): Promise<void> {
  await ensurePackages(["cmake", "make", "pkgconf"]);
  const { environment } = await hawserCc();
  const directory = temporaryDirectory();
  const bin = join(directory, "bin");
  const command = (name: string, script: string): void => {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const source = await fetchSource("tinyproxy");
  command("hawser", `exec "${process.execPath}" "${join(ROOT, "dist", "cli.js")}" "$@"`);
  command("npm", "exit 0");
  command("apt-get", `cp -a "${source.directory}" .`);
  const env = { HAWSER_CC: environment["HAWSER_CC"] ?? "", PATH: `${bin}:${environment["PATH"]}` };
  const all = blocks();
  let ran = 0;
  for (const [i, { kind, text }] of all.entries()) {
    if (kind === "sh") {
      // A block that installs changes the PATH of a shell that stays open.
      const printed = await demand(["sh", "-eu", "-c", text], { cwd: directory, env, limit: 300_000 });
      const next = all[i + 1];
      if (next?.kind === "text") assert.ok(printed.endsWith(next.text), `${text}printed\n${printed}`);
      ran++;
    } else if (kind !== "text") {
      const name = nameOf(text);
      assert.equal(name, basename(name));
      writeFileSync(join(directory, name), text);
    }
  }
  assert.ok(ran >= 6);
}

/** The test. */
export const buildingTests: readonly Test[] = [
  { name: "what the page on building says can be done so", limit: 600, run: follow },
];
