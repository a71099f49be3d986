// The package as others have it: packed, unpacked into a project of its own, its page bundled by esbuild and by Vite with nothing
// told to them, its command and its library started from there. (test/browser/consumer.ts loads such pages in a browser.)

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { build as esbuild } from "esbuild";
import { suite } from "uvu";
import { build as vite } from "vite";
import { EACCES, ENETDOWN } from "../assembly/shared/errno.js";
import { bridgeNetwork } from "../host/node/bridge/client.js";
import { dismiss, loopback4, Party } from "./network.party.js";

const ROOT = resolve(".");
// Outside of the checkout, whose tsconfig.json would tell esbuild where "hawser/browser" is.
const project = mkdtempSync(join(tmpdir(), "hawser-package-"));
const installed = join(project, "node_modules", "hawser");

const PAGE = `<!doctype html><html lang="en"><title>a project</title><script type="module" src="/main.js"></script></html>`;
const PROGRAM = `
import { bridgeNetwork, loopbackNetwork, run } from "hawser/browser";

const network = location.hash === "" ? loopbackNetwork() : bridgeNetwork({ url: location.hash.slice(1) });
globalThis.done = run("/program.wasm", { network, allow: ["tcp://127.0.0.1:80"] });
`;

/** What a bundle for pages must not have in it. */
function assertForPages(text: string): void {
  assert.ok(text.length > 50_000, `${text.length} characters are too few to be all`);
  assert.doesNotMatch(text, /(?:from|import|require)\s*\(?\s*["'](?:node:)/);
  assert.doesNotMatch(text, /browser-external/);
  for (const name of ["pino", "prom-client", "jose", "commander", "child_process"]) {
    assert.equal(text.includes(`"${name}"`), false, name);
  }
}

const test = suite("the package");

test.before(() => {
  const packed = execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], {
    cwd: ROOT,
  });
  mkdirSync(installed, { recursive: true });
  const tarball = join(project, packed.toString().trim().split("\n").at(-1) ?? "");
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
  // Its dependencies are those of the checkout, so that no registry is asked.
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(project, "index.html"), PAGE);
  writeFileSync(join(project, "main.js"), PROGRAM);
});
test.after(() => rmSync(project, { recursive: true, force: true }));

test("it has what it needs and nothing else", () => {
  assert.deepEqual(readdirSync(installed).sort(), ["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
  const { bin, exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    bin: Record<string, string>;
    exports: Record<string, string | Record<string, string>>;
  };
  const exported = Object.values(exports).flatMap((each) => (typeof each === "string" ? [each] : Object.values(each)));
  const named = [...Object.values(bin), ...exported];
  for (const file of named) assert.ok(existsSync(join(installed, file)), file);
});

test("esbuild bundles a page of it, with no module of Node in it", async () => {
  const { outputFiles, metafile } = await esbuild({
    absWorkingDir: project,
    entryPoints: ["main.js"],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  assertForPages(outputFiles[0]?.text ?? "");
  const inputs = Object.keys(metafile.inputs);
  assert.ok(inputs.includes("node_modules/hawser/dist/browser/index.js"), `${inputs}`);
  assert.deepEqual(
    inputs.filter((input) => input.includes("/dist/node/")),
    [],
  );
  const outside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  assert.deepEqual(outside, []);
});

test("Vite builds a page of it, with no module of Node in it", async () => {
  const warnings: string[] = [];
  const built = await vite({
    root: project,
    configFile: false,
    customLogger: {
      info: () => {},
      warn: (text) => warnings.push(text),
      warnOnce: (text) => warnings.push(text),
      error: (text) => warnings.push(text),
      clearScreen: () => {},
      hasErrorLogged: () => false,
      hasWarned: false,
    },
    build: { write: false, minify: false, chunkSizeWarningLimit: 10_000 },
  });
  assert.ok("output" in built);
  const chunks = built.output.flatMap((each) => (each.type === "chunk" ? [each.code] : []));
  assertForPages(chunks.join("\n"));
  assert.deepEqual(warnings, []);
});

test("its command tells its version", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const said = execFileSync(process.execPath, [join(installed, "dist", "cli.js"), "--version"], { cwd: project });
  assert.equal(said.toString().trim(), version);
});

test("the program of docs/bridge.md serves a bridge from it, and ends", async () => {
  const guide = readFileSync("docs/bridge.md", "utf8").split("## In a program of yours")[1] ?? "";
  const [, text = ""] = /```js\n([^`]+)```/.exec(guide) ?? [];
  assert.match(text, /port: 6001/);
  const program = `${text.replace("port: 6001", "port: 0")}console.error("port", listener.address.port);\n`;
  writeFileSync(join(project, "bridge.js"), program);
  const child = spawn(process.execPath, ["bridge.js"], {
    cwd: project,
    env: { PATH: process.env["PATH"], BRIDGE_TOKEN: "sesame" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((settle) => child.once("close", settle));
  const port = await new Promise<string>((settle, reject) => {
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /^port (\d+)$/m.exec(said)?.[1];
      if (found !== undefined) settle(found);
    });
    void ended.then(() => reject(new Error(said)));
  });
  for (const [token, errno] of [
    ["sesame", EACCES],
    ["", ENETDOWN],
  ] as const) {
    const party = new Party(bridgeNetwork({ url: `ws://127.0.0.1:${port}/`, token }));
    const id = party.open();
    party.session.connect(id, loopback4(9));
    assert.equal((await party.take("failed", id)).errno, errno);
    await dismiss(party);
  }
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  assert.equal(await ended, 0);
  clearTimeout(late);
});

test.run();
