// docs/bridge.md says what the code does: its tables of settings and counters, and its example of a file.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { CHECKS, DEFAULTS, mergeConfig, readConfig } from "../host/node/bridge/config.js";
import { Metrics } from "../host/node/bridge/metrics.js";
import { Command } from "./bridge-process.js";

const page = readFileSync("docs/bridge.md", "utf8");
const test = suite("the guide to the bridge");

/** The cells of a table's rows, without its head. */
function tableUnder(title: string): readonly (readonly string[])[] {
  const section = page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("every setting is there, with its option and its default", async () => {
  const rows = tableUnder("Settings");
  assert.deepEqual(
    rows.map(([name]) => name),
    Object.keys(CHECKS).map((name) => `\`${name}\``),
  );
  const command = new Command(["bridge", "--help"]);
  await command.end();
  const options = [...command.stdout.matchAll(/^ {2}(--[a-z-]+)(?: <.*>)? {2}/gm)].map(([, option]) => option);
  assert.deepEqual(
    rows.flatMap(([, option = ""]) => [...option.matchAll(/--[a-z-]+/g)].map(([found]) => found)).sort(),
    options.filter((option) => option !== "--config").sort(),
  );
  for (const [name = "", , shown] of rows) {
    const value = DEFAULTS[name.replaceAll("`", "") as keyof typeof DEFAULTS];
    assert.equal(shown, value === undefined ? "none" : `\`${JSON.stringify(value)}\``, name);
  }
});

test("its file is one that is read", () => {
  const [, text = ""] = /```json\n([^`]+)```/.exec(page) ?? [];
  const directory = mkdtempSync(join(tmpdir(), "hawser-docs-"));
  const path = join(directory, "bridge.json");
  writeFileSync(path, text);
  assert.equal(mergeConfig({}, readConfig(path)).tokens[0]?.subject, "alice");
  rmSync(directory, { recursive: true, force: true });
});

test("every counter is there", async () => {
  const metrics = await new Metrics().registry.getMetricsAsJSON();
  const own = metrics.map(({ name }) => name).filter((name) => name.startsWith("hawser_"));
  assert.deepEqual(
    tableUnder("Counters")
      .map(([name]) => name)
      .sort(),
    own.map((name) => `\`${name}\``).sort(),
  );
});

test.run();
