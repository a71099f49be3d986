// Makes what the contenders run, under build/: the native client and server, the WebAssembly client, the shim's
// program, and, where they are missing, the two packages from npm that a measurement needs.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { run } from "./child.js";

/** Paths of the programs. */
export interface Programs {
  readonly node: string;
  readonly server: string;
  readonly client: string;
  readonly launcher: string;
  /** Made for hawser's contenders only. */
  readonly wasm: string;
  /** Made for the shim only. */
  readonly shim: string;
}

/** Which of the optional programs are wanted, and by which Node; without `node`, Node 26 is found or installed. */
export interface ProgramWishes {
  readonly wasm: boolean;
  readonly shim: boolean;
  readonly node?: string;
}

const NODE_MAJOR = 26;

/** Builds and installs what is wanted; `say` gets a line per step. */
export async function makePrograms(
  root: string,
  wishes: ProgramWishes,
  say: (line: string) => void,
): Promise<Programs> {
  const made = join(root, "build", "bench");
  const shimHome = join(root, "build", "preview2-shim");
  const programs = {
    server: join(made, "server"),
    client: join(made, "client"),
    wasm: join(made, "client.wasm"),
    launcher: join(root, "dist", "cli.js"),
    shim: join(shimHome, "shim.mjs"),
  };
  if (wishes.wasm && !existsSync(programs.launcher)) {
    throw new Error("dist/cli.js is missing: run `npm run build` first, or leave hawser out with --only native,shim");
  }
  mkdirSync(made, { recursive: true });
  const node = wishes.node ?? (await findNode(root, say));
  const source = (name: string): string => join(root, "bench", name);

  say("compiling the native client and server");
  const cc = process.env.CC ?? "gcc";
  await run([cc, "-O2", source("server.c"), "-o", programs.server], { timeout: 60 });
  await run([cc, "-O2", source("client.c"), "-o", programs.client], { timeout: 60 });
  if (wishes.wasm) {
    say("compiling the WebAssembly client");
    const command = [node, programs.launcher, "cc", "-O2", source("client.c"), "-o", programs.wasm];
    await run(command, { timeout: 300, cwd: root });
  }
  if (wishes.shim) {
    await install(shimHome, "@bytecodealliance/preview2-shim", "~0.26.1", say);
    await build({ entryPoints: [source("shim.ts")], outfile: programs.shim, format: "esm", target: "node20" });
  }
  return { node, ...programs };
}

async function findNode(root: string, say: (line: string) => void): Promise<string> {
  if (Number.parseInt(process.versions.node, 10) === NODE_MAJOR) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  return join(await install(join(root, "build", `node-${NODE_MAJOR}`), name, `${NODE_MAJOR}`, say), "bin", "node");
}

/** Installs one package into a folder of its own, unless it is there, and gives the package's folder. */
async function install(home: string, name: string, version: string, say: (line: string) => void): Promise<string> {
  const folder = join(home, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return folder;
  say(`installing ${name}@${version} from npm into ${home}`);
  mkdirSync(home, { recursive: true });
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(["npm", "install", ...quiet, "--prefix", home, `${name}@${version}`], { timeout: 300, cwd: home });
  return folder;
}
