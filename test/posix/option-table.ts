// The table of socket options: which are honoured, on which kind of socket, on which network.
//
//   node scripts/run-ts.mjs test/posix/option-table.ts [--check]
//
// It is made of what sockopt-all.c prints: what is recorded natively and differences.txt, which the tests hold each engine on
// each network to. With --check nothing is written: the page must be this one.

import { readFileSync, writeFileSync } from "node:fs";
import { differencesOf, readDifferences, readLines } from "./program.js";

const PAGE = "docs/options.md";
const PROGRAM = "sockopt-all";
const KINDS = ["TCP", "TCP over IPv6", "UDP", "UDP over IPv6", "AF_UNIX"];
const NETWORKS = ["node", "loopback"];
const NEWEST = 99;

/** "0; set 0; then 1" as a cell: "yes" with the value it has at first, what it reads as where it cannot be set, or an errno. */
function cellOf(result: string): string {
  const [, first = "", set = "", then = ""] = /^(.*); set (.*); then (.*)$/.exec(result) ?? [];
  if (set === "0") return `yes (${first})`;
  return /^E[A-Z]/.test(first) ? (first === set ? set : `get ${first}, set ${set}`) : `reads ${then}, set ${set}`;
}

function linesOn(network: string): ReadonlyMap<string, string> {
  const differences = differencesOf(readDifferences("test/posix"), "jspi", network, NEWEST).filter(
    ({ program }) => program === PROGRAM,
  );
  return new Map(
    readLines(readFileSync(`test/posix/${PROGRAM}.native`, "utf8")).map(({ condition, result }) => [
      condition,
      differences.find((each) => each.condition === condition)?.result ?? result,
    ]),
  );
}

function page(): string {
  const networks = NETWORKS.map(linesOn);
  const conditions = [...(networks[0]?.keys() ?? [])];
  const names = [...new Set(conditions.map((condition) => condition.slice(0, condition.indexOf(" on "))))];
  const rows = names.map((name) => {
    const cells = KINDS.map((kind) => {
      const [node = "", loopback = ""] = networks.map((lines) => cellOf(lines.get(`${name} on ${kind}`) ?? ""));
      return node === loopback ? node : `${node}; loopback: ${loopback}`;
    });
    return `| ${[name, ...cells].join(" | ").replaceAll("_", "\\_")} |`;
  });
  const head = `| option | ${KINDS.join(" | ")} |`;
  return `# Socket options

"yes": setsockopt(2) takes it and getsockopt(2) reads it back, in brackets the value before. "reads": it can be read only. Otherwise the errno of
getsockopt(2) and setsockopt(2). ENOPROTOOPT is a kernel's word for an option that it does not know: what cannot be honoured is never taken in
silence. Where the networks differ, the node network comes first. SO_LINGER, SO_RCVTIMEO, SO_SNDTIMEO, IP_ADD_MEMBERSHIP and their like, which
are no plain numbers, are in the [support table](support.md).

This page is generated from what \`test/posix/sockopt-all.c\` prints: \`node scripts/run-ts.mjs test/posix/option-table.ts\`.

${[head, head.replaceAll(/[^|]+/g, " --- "), ...rows].join("\n")}
`;
}

const made = page();
if (!process.argv.includes("--check")) writeFileSync(PAGE, made);
else if (readFileSync(PAGE, "utf8") !== made) {
  console.error(`${PAGE} is not what the tests say: node scripts/run-ts.mjs test/posix/option-table.ts`);
  process.exitCode = 1;
}
