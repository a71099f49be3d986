// The table of the ports in docs/ports.md: made of what the ports say of themselves and of what is recorded of their builds.
//
//   node scripts/run-ts.mjs ports/page.ts [--check]
//
// The rest of the page is written by hand. With --check nothing is written: the table must be this one.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../test/system/place.js";
import { PORTS } from "./index.js";
import { casesOf, type Port } from "./port.js";
import { readRecord } from "./record.js";

const PAGE = "docs/ports.md";
const [BEGIN, END] = ["<!-- table -->\n", "<!-- end of the table -->"];
const HEAD = ["port", "Debian source package", "C files, lines", "cases", "works", "does not, and why", "in a page"];

/** What a page does: how many of the cases it is asked, and why not the others. */
function inPage(port: Port): string {
  const [cases, page] = [casesOf(port), port.page];
  const asked = cases.filter(({ notInPage }) => notInPage === undefined);
  if (asked.length === 0) return page;
  if (asked.length === cases.length) return `all cases: ${page}`;
  const why = new Set(cases.flatMap(({ notInPage }) => notInPage ?? []));
  return `${asked.length} cases: ${page}; not the others: ${[...why].join("; ")}`;
}

function table(): string {
  const recorded = readRecord();
  const rows = PORTS.map((port) => {
    const { name, source, works, lacks } = port;
    const { version, files, lines } = recorded[name] ?? {};
    const counted = files === undefined ? "not counted yet" : `${files}, ${lines?.toLocaleString("en")}`;
    return [name, `${source} ${version ?? ""}`.trim(), counted, casesOf(port).length, works, lacks, inPage(port)];
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
