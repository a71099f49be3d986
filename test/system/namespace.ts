// The programs of test/namespace, natively and as modules, each in a network namespace of its own.

import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inNamespace, removeNamespaces } from "../namespace/namespace.js";
import {
  compareLines,
  differencesOf,
  type Program,
  readDifferences,
  readLines,
  readPrograms,
} from "../posix/program.js";
import { demand } from "./child.js";
import { gcc, hawserCc } from "./compiler.js";
import { ensurePackages } from "./debian.js";
import { nodes } from "./node.js";
import { atEnd, makeDirectory, once, ROOT } from "./place.js";
import type { Test } from "./test.js";

const DIRECTORY = join(ROOT, "test", "namespace");
const LIMIT = 60;
const EVERYWHERE = ["0.0.0.0/0", "[::/0]"].flatMap((hosts) =>
  ["tcp", "udp", "listen:tcp", "listen:udp"].map((way) => `${way}://${hosts}:*`),
);

const prepare = once(() => ensurePackages(["iproute2", "procps", "gcc", "libc6-dev"]));
const work = once(async () => makeDirectory());

async function runNative(program: Program): Promise<string> {
  await prepare();
  const { cc } = await gcc();
  const binary = join(await work(), program.name);
  await demand([...cc.split(" "), "-std=gnu11", "-O1", "-o", binary, program.source], { limit: LIMIT * 1000 });
  return inNamespace(program.name, (prefix) => demand([...prefix, binary], { limit: LIMIT * 1000 }));
}

async function runModule(program: Program, node: string, engine: string): Promise<string> {
  await prepare();
  const compiler = await hawserCc();
  const module = join(await work(), `${program.name}.wasm`);
  await demand([...compiler.cc.split(" "), "-O1", "-o", module, program.source], {
    env: compiler.environment,
    limit: LIMIT * 1000,
  });
  const command = [node, join(ROOT, "dist", "cli.js"), "run", "--engine", engine];
  const rules = EVERYWHERE.flatMap((rule) => ["--allow", rule]);
  return inNamespace(program.name, (prefix) =>
    demand([...prefix, ...command, ...rules, module], { limit: LIMIT * 1000 }),
  );
}

/** The tests. With HAWSER_RECORD=1 the native ones write what they should compare with. */
export async function namespaceTests(): Promise<readonly Test[]> {
  atEnd(removeNamespaces);
  const differences = readDifferences(DIRECTORY);
  const runs = (await nodes()).flatMap((node) => node.engines.map((engine) => ({ node, engine })));
  return readPrograms(DIRECTORY).flatMap((program): Test[] => [
    {
      name: `in a namespace, ${program.name} prints natively what is recorded`,
      limit: LIMIT,
      async run() {
        const printed = await runNative(program);
        if (process.env.HAWSER_RECORD === "1") writeFileSync(program.native, printed);
        assert.equal(printed, readFileSync(program.native, "utf8"));
      },
    },
    ...runs.map(
      ({ node, engine }): Test => ({
        name: `in a namespace, ${program.name} prints what it prints natively (${engine}, Node ${node.major})`,
        limit: LIMIT,
        async run() {
          const actual = readLines(await runModule(program, node.path, engine));
          const native = readLines(readFileSync(program.native, "utf8"));
          const listed = differencesOf(differences, engine, "node", node.major);
          assert.deepEqual(compareLines(program, native, actual, listed), []);
        },
      }),
    ),
  ]);
}
