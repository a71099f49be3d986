// The list of functions in docs/support.md: it has each that the overlay's headers declare, and each that it has is declared
// and links.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cc } from "../host/node/cc.js";
import type { CcIo } from "../host/node/cc-io.js";

const INCLUDE = join("sysroot", "include");
/** Headers that say themselves that they are not there. */
const REFUSED = ["mqueue.h", "netpacket/packet.h", "stropts.h", "sys/eventfd.h", "sys/stropts.h"];

const directory = mkdtempSync(join(tmpdir(), "hawser-functions-"));
test.after(() => rmSync(directory, { recursive: true, force: true }));

/** A line of the list: a header, without < and >, and functions that do as `how` says. */
interface Row {
  readonly header: string;
  readonly names: readonly string[];
  readonly how: string;
}

function readList(): readonly Row[] {
  const text = readFileSync(join("docs", "support.md"), "utf8");
  const section = /^## Functions$([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
  const rows: Row[] = [];
  let header = "";
  for (const [, title, names = "", how = ""] of section.matchAll(/^(?:\*\*`<(.*)>`\*\*|- ([\w, ]+): (.+))$/gm)) {
    if (title !== undefined) header = title;
    else rows.push({ header, names: names.split(", "), how });
  }
  return rows;
}

/** The functions that a header of the overlay declares: the last word before the parameters of each declaration. */
function declaredIn(header: string): readonly string[] {
  let text = readFileSync(join(INCLUDE, header), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\\\n/g, " ")
    .replace(/^ *#.*$/gm, "")
    .replaceAll('extern "C" {', "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/\{[^{}]*\}/g, "");
  }
  return text.split(";").flatMap((declaration) => {
    const flat = declaration
      .replace(/\s+/g, " ")
      .replace(/__attribute__\(\(.*?\)\)+ ?/, "")
      .trim();
    const name = /^(?!typedef)[\w\s*]*?(\w+) ?\((?!\*)/.exec(flat)?.[1];
    return name === undefined || name.startsWith("__") ? [] : [name];
  });
}

function headers(): readonly string[] {
  return readdirSync(INCLUDE, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("__"))
    .map((entry) => join(entry.parentPath, entry.name).slice(INCLUDE.length + 1))
    .filter((header) => !REFUSED.includes(header))
    .sort();
}

/** Compiles and links a program with @yowasp/clang: what the compiler said; undefined if it worked. */
async function complaint(name: string, text: string, ...options: string[]): Promise<string | undefined> {
  let said = "";
  const io: CcIo = {
    directory,
    environment: { ...process.env, HAWSER_CC: "@yowasp/clang" },
    stdout: { write: () => true },
    stderr: { write: (part) => (said += typeof part === "string" ? part : new TextDecoder().decode(part)) },
  };
  writeFileSync(join(directory, name), text);
  const status = await cc([...options, name, "-o", `${name}.wasm`], io);
  return status === 0 ? undefined : said;
}

const rows = readList();

test("the list has each function that the headers declare, once", () => {
  const known = new Map<string, string>();
  for (const { header, names, how } of rows) {
    assert.ok(how.trim() !== "", `${header}: ${names.join(", ")}: nothing is said`);
    for (const name of names) {
      assert.match(name, /^\w+$/, header);
      assert.not(known.has(`${header} ${name}`), `${name} of ${header} is there twice`);
      known.set(`${header} ${name}`, how);
    }
  }
  const missing = headers().flatMap((header) =>
    declaredIn(header)
      .filter((name) => !known.has(`${header} ${name}`))
      .map((name) => `${header}: ${name}`),
  );
  assert.equal(missing, []);
  assert.ok(known.size > 500, `${known.size} functions`);
});

test("each function of the list is declared by its header and links", async () => {
  const all = [...new Set(rows.map(({ header }) => header))];
  // What is a macro, setjmp() for one, is called elsewhere in the tests.
  const uses = rows.flatMap(({ names }) => names.map((name) => `#ifndef ${name}\n  (void *)&${name},\n#endif\n`));
  const program = [
    ...all.map((header) => `#include <${header}>\n`),
    `void *volatile functions[] = {\n${uses.join("")}};\n`,
    "int main(void) { return functions[0] == 0; }\n",
  ];
  assert.equal(await complaint("all.c", program.join(""), "-D_GNU_SOURCE", "-Wall", "-Werror"), undefined);
});

test("the headers stand alone, in C of 1999, and go together in C++", async () => {
  // In both orders: what one gives, another one has not had from it.
  const all = headers().map((header) => `#include <${header}>\n`);
  const strict = ["-c", "-Wall", "-Werror", "-std=c99"];
  assert.equal(await complaint("forwards.c", all.join(""), ...strict), undefined);
  assert.equal(await complaint("backwards.c", [...all].reverse().join(""), ...strict), undefined);
  const cpp = ["-c", "-Wall", "-Werror", "-D_GNU_SOURCE"];
  assert.equal(await complaint("every.cc", all.join(""), ...cpp), undefined);
});

test("a header that is not there says so", async () => {
  for (const header of REFUSED) {
    assert.match(
      (await complaint("refused.c", `#include <${header}>\n`, "-c")) ?? "compiled",
      /error: "there (is|are) no /,
    );
  }
});

test("a function is found without its header, as configure scripts look for it", async () => {
  // Not err.h's: programs have their own functions of these names.
  const found = rows.filter(({ header }) => !["err.h", "error.h", "setjmp.h", "string.h"].includes(header));
  const names = [...new Set(found.flatMap(({ names }) => names))].filter((name) => name !== "h_errno");
  const text = names.map((name) => `char hawser_${name}() __asm__("${name}");\n`).join("");
  const table = names.map((name) => `  (void *)&hawser_${name},\n`).join("");
  const program = `${text}void *volatile functions[] = {\n${table}};\nint main(void) { return functions[0] == 0; }\n`;
  assert.equal(await complaint("plain.c", program, "-w", "-Wl,--no-fatal-warnings"), undefined);
});

test.run();
