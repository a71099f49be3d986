// The table of the ports in docs/ports.md: made of what the ports say of themselves and of what is recorded of their builds.
//
//   node scripts/run-ts.mjs ports/page.ts [--check]
//
// The rest of the page is written by hand. With --check nothing is written: the table must be this one.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../test/system/place.js";
import { PORTS } from "./index.js";
import { readRecord } from "./record.js";

const PAGE = "docs/ports.md";
const [BEGIN, END] = ["<!-- table -->\n", "<!-- end of the table -->"];
const HEAD = ["port", "Debian source package", "C files, lines", "cases", "works", "does not, and why", "in a page"];

function table(): string {
  const recorded = readRecord();
  const rows = PORTS.map(({ name, source, cases, works, lacks, page }) => {
    const { version, files, lines } = recorded[name] ?? {};
    if (version === undefined || files === undefined || lines === undefined)
      throw new Error(`nothing is recorded of ${name}: npm run test:ports -- --build --record ${name}`);
    return [name, `${source} ${version}`, `${files}, ${lines.toLocaleString("en")}`, cases.length, works, lacks, page];
  });
  const cells = [HEAD, HEAD.map(() => "---"), ...rows];
  return cells.map((row) => `| ${row.map((cell) => `${cell}`.replaceAll("|", "\\|")).join(" | ")} |\n`).join("");
}

const path = join(ROOT, PAGE);
const text = readFileSync(path, "utf8");
const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
if (from < BEGIN.length || to < from) throw new Error(`${PAGE} has no place for the table: ${BEGIN}${END}`);
const made = `${text.slice(0, from)}\n${table()}\n${text.slice(to)}`;
if (!process.argv.includes("--check")) writeFileSync(path, made);
else if (text !== made) {
  console.error(`${PAGE} is not what the ports say: node scripts/run-ts.mjs ports/page.ts`);
  process.exitCode = 1;
}
