// The conformance page: every row of the table, what Linux printed for it and what hawser prints, per engine and network.
//
//   node scripts/run-ts.mjs test/posix/conformance.ts [--check]
//
// It is made of what is recorded natively and of differences.txt, which together are what each engine on each network must
// print and, by posix.test.ts and, in browsers, the system test, does print. With --check nothing is written: the page must be this one.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Difference,
  differencesOf,
  endOf,
  hasItsFiles,
  type Line,
  readDifferences,
  readLines,
  readPrograms,
} from "./program.js";

const PAGE = "docs/conformance.md";
/** What runs everywhere, and what needs routes that fail: the machine's own, or those that the loopback network is given. */
const DIRECTORIES = ["test/posix", "test/namespace"];
const PLACES = [
  { engine: "jspi", network: "node" },
  { engine: "worker", network: "node" },
  { engine: "jspi", network: "loopback" },
  { engine: "worker", network: "loopback" },
  { engine: "jspi", network: "bridge" },
  { engine: "worker", network: "bridge" },
  { engine: "jspi", network: "page-bridge" },
  { engine: "worker", network: "page-bridge" },
] as const;
/** The newest Node: gaps of older ones are a table of their own. */
const NODE = 99;

const SECTIONS: Readonly<Record<string, string>> = {
  "0": "Which errno wins",
  "1": "Arguments",
  "2": "TCP, blocking",
  "3": "TCP, non-blocking",
  "4": "Unconnected stream sockets",
  "5": "UDP",
  "6": "AF_UNIX",
  "-": "Further conditions, by program",
};

/** One line of one program, with what hawser prints at each place: null where it is what Linux prints, undefined where it is not run. */
interface Verdict extends Line {
  readonly program: string;
  readonly differences: readonly (Difference | null | undefined)[];
}

function table(path: string, columns: number): string[][] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const cells = line.split("\t");
      if (cells.length !== columns) throw new Error(`${path}: not ${columns} columns: ${JSON.stringify(line)}`);
      return cells;
    });
}

function verdictsOf(directory: string): Verdict[] {
  const all = readDifferences(directory);
  const places = PLACES.map(({ engine, network }) => differencesOf(all, engine, network, NODE));
  return readPrograms(directory).flatMap((program) => {
    const { name, native } = program;
    /** The difference that ended the program at each place. */
    const ends: (Difference | null)[] = places.map(() => null);
    return readLines(readFileSync(native, "utf8")).map((line) => {
      const isMine = (each: Difference): boolean =>
        each.program === name && each.row === line.row && each.condition === line.condition;
      const found = places.map((place, at) => {
        const { network } = PLACES[at] ?? { network: "" };
        if (directory !== "test/posix" && network.endsWith("bridge")) return undefined;
        if (!hasItsFiles(program, network)) return undefined;
        const difference = place.find(isMine);
        const end = endOf(difference);
        if (difference !== undefined && end !== undefined) ends[at] = { ...difference, result: end };
        return ends[at] ?? difference ?? null;
      });
      return { ...line, program: name, differences: found };
    });
  });
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("*", "\\*").replaceAll("_", "\\_").replaceAll("<", "&lt;");
}

/** The clauses that the page has cited, by their numbers. */
const clauses = new Map<string, number>();

function verdictCell(difference: Difference | null | undefined): string {
  if (difference === undefined) return "";
  if (difference === null) return "=";
  const known = clauses.get(difference.why) ?? clauses.size + 1;
  clauses.set(difference.why, known);
  return `**${cell(difference.result)}** (${known})`;
}

function linesTable(verdicts: readonly Verdict[]): string {
  const head = ["condition", "Linux", ...PLACES.map(({ engine, network }) => `${engine}, ${network}`)];
  const rows = verdicts.map(({ condition, result, differences }) => [
    cell(condition),
    cell(result),
    ...differences.map(verdictCell),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function grouped(verdicts: readonly Verdict[], key: (verdict: Verdict) => string): Map<string, Verdict[]> {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const group = groups.get(key(verdict)) ?? [];
    groups.set(key(verdict), group);
    group.push(verdict);
  }
  return groups;
}

/** The page. Throws for a row without a line, a line of no row, and a statement of the manual page that no row shows. */
function page(): string {
  const rows = table("test/posix/rows.txt", 2);
  const statements = table("test/posix/manual.txt", 3);
  const verdicts = DIRECTORIES.flatMap(verdictsOf);
  const byRow = grouped(verdicts, ({ row }) => row.split(" ")[0] ?? row);
  const wrong: string[] = [];
  const conditions = new Map(rows.map(([row = "", condition = ""]) => [row, condition]));
  for (const [row] of rows) if (!byRow.has(row ?? "")) wrong.push(`row ${row}: no program has a line for it`);
  for (const row of byRow.keys()) if (row !== "-" && !conditions.has(row)) wrong.push(`row ${row}: not in rows.txt`);
  const said = new Map<string, string[]>();
  for (const [key = "", text = "", shown = ""] of statements) {
    for (const row of shown.split(" ")) {
      if (!conditions.has(row)) wrong.push(`${key}: row ${row} is not in rows.txt`);
      said.set(row, [...(said.get(row) ?? []), text]);
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));

  const parts = Object.entries(SECTIONS).map(([section, title]) => {
    if (section === "-") {
      const programs = grouped(byRow.get("-") ?? [], ({ program }) => program);
      const tables = [...programs].map(([program, lines]) => `### ${program}\n\n${linesTable(lines)}`);
      return `## ${title}\n\n${tables.join("\n\n")}`;
    }
    const mine = rows.filter(([row = ""]) => row.startsWith(`${section}.`));
    const tables = mine.map(([row = "", condition = ""]) => {
      const manual = (said.get(row) ?? []).map((text) => `> ${text}\n\n`).join("");
      return `### ${row} ${cell(condition)}\n\n${manual}${linesTable(byRow.get(row) ?? [])}`;
    });
    return `## ${section}. ${title}\n\n${tables.join("\n\n")}`;
  });

  const different = verdicts.filter(({ differences }) =>
    differences.some((each) => each !== null && each !== undefined),
  ).length;
  const manual = statements.map(([, text = "", shown = ""]) => {
    const count = shown.split(" ").reduce((sum, row) => sum + (byRow.get(row)?.length ?? 0), 0);
    return `| ${cell(text)} | ${shown.replaceAll(" ", ", ")} | ${count} |`;
  });
  const why = [...clauses].map(([text, number]) => `${number}. ${cell(text)}`);
  const older = readDifferences("test/posix").filter(({ where }) => where.startsWith("node-before-"));
  return `${[
    "# Conformance",
    `The manual page is OpenBSD's connect(2). Where it speaks, it wins; then POSIX where it says "shall"; then what OpenBSD and
Linux share; then Linux. Each line below is one that a C program of \`test/posix\` or \`test/namespace\` prints: natively on Linux,
and as the same wasm file on each engine and network. "=" is: what Linux prints; nothing: it is not run there, for it needs the machine's own routes or files.
"page-bridge" is a bridge that a page reaches by WebSocket, in Chromium and in Firefox; a page's loopback network is the same as elsewhere. Everything else is in bold with the number of
the clause that asks for it, and \`differences.txt\` lists it; any other difference fails the tests.`,
    `${verdicts.length} lines, ${rows.length} rows, ${statements.length} statements of the manual page; ${verdicts.length - different} lines are
everywhere as on Linux. This page is generated: \`node scripts/run-ts.mjs test/posix/conformance.ts\`.`,
    "## The manual page",
    ["| statement | rows | lines |", "| --- | --- | --- |", ...manual].join("\n"),
    "## Why hawser differs",
    "WHY",
    "## Older versions of Node",
    [
      "| condition | hawser | why |",
      "| --- | --- | --- |",
      ...older.map(
        ({ program, row, condition, result, why }) =>
          `| ${program}, ${row}: ${cell(condition)} | ${cell(result)} | ${cell(why)} |`,
      ),
    ].join("\n"),
    ...parts,
  ]
    .join("\n\n")
    .replace("WHY", () => why.join("\n"))}\n`;
}

const made = page();
if (!process.argv.includes("--check")) writeFileSync(PAGE, made);
else if (readFileSync(join(PAGE), "utf8") !== made) {
  console.error(`${PAGE} is not what the tests say: node scripts/run-ts.mjs test/posix/conformance.ts`);
  process.exitCode = 1;
}
