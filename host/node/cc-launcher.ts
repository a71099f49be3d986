// The launcher that stands beside a linked program: `prog` runs `prog.wasm`, so that ./configure and make can run what
// they have built.

import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Path of the built command, dist/cli.js. Falls back on `hawser` in the PATH. */
function findCli(): readonly string[] {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    for (const path of [join(directory, "dist", "cli.js"), join(directory, "cli.js")]) {
      if (existsSync(path)) return [process.execPath, path];
    }
    if (directory === dirname(directory)) return ["hawser"];
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Writes the launcher `path` of `path`.wasm; where it was copied to alone, as `make install` does, it finds the module where
 * that was made. It gives the program the working directory and, as everywhere, no network; $HAWSER_RUN replaces these options.
 */
export function writeLauncher(path: string): void {
  const lines = [
    "#!/bin/sh",
    `# Runs ${"$0"}.wasm. HAWSER_RUN holds options of \`hawser run\`, such as --allow tcp://127.0.0.1:80.`,
    'module="$0.wasm"',
    `[ -e "$module" ] || module=${quote(`${path}.wasm`)}`,
    `exec ${findCli().map(quote).join(" ")} run --argv0 "$0" \${HAWSER_RUN---dir .} -- "$module" "$@"`,
  ];
  writeFileSync(path, `${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
}
