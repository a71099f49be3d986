import { readFileSync, rmSync } from "node:fs";
import { type Input, run } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Bridge } from "../host/bridge/server/bridge.js";
import { loopbackNetwork } from "../host/loopback.js";
import type { Network } from "../host/network.js";
import type { Engine } from "../host/options.js";
import { bridgeNetwork } from "../host/node/bridge/client.js";
import { listen } from "../host/node/bridge/listener.js";
import { nodeNetwork } from "../host/node/network.js";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";
import { startLoopbackPeers } from "./loopback-peers.js";
import { type Peers, startPeers } from "./peers.js";
import { ALLOW } from "./posix/environment.js";
import {
  compareLines,
  differencesOf,
  isRunnable,
  makeDirectory,
  peersEnvironment,
  type Program,
  PROGRAM_LIMIT_MS,
  readDifferences,
  readLines,
  readPrograms,
} from "./posix/program.js";
import { inputAsNobody, regainPrivileges } from "./posix/unprivileged.js";

const DIRECTORY = "test/posix";
/** Programs that run at the same time: most of what they do is to wait. */
const AT_ONCE = 4;

/** What a suite runs on. */
interface Place {
  readonly engine: Engine;
  /** Undefined: the platform's own. */
  readonly network: Network | undefined;
  readonly peers: Peers;
}

function inputOf({ stdin, needsUnprivileged }: Program): Input {
  if (needsUnprivileged) return inputAsNobody(stdin);
  return stdin === "" ? "ignore" : stdin;
}

async function outputOf(program: Program, { engine, network, peers }: Place): Promise<string> {
  const directory = program.needsDirectory ? makeDirectory() : null;
  const decoder = new TextDecoder();
  let output = "";
  try {
    const exit = await run(await compileGuest(program.source), {
      engine,
      ...(network === undefined ? {} : { network }),
      name: program.name,
      args: directory === null ? [] : [directory],
      env: peersEnvironment(peers),
      preopens: directory === null ? {} : { [directory]: directory },
      stdin: inputOf(program),
      stdout: (chunk) => {
        output += decoder.decode(chunk, { stream: true });
      },
      allow: ALLOW,
      signal: AbortSignal.timeout(PROGRAM_LIMIT_MS),
    });
    assert.equal(exit, { status: 0 }, `${program.name} ended with ${JSON.stringify(exit)} after\n${output}`);
    return output;
  } finally {
    if (program.needsUnprivileged) regainPrivileges();
    if (directory !== null) rmSync(directory, { recursive: true, force: true });
  }
}

/** Starts `work` of each item, at most AT_ONCE at a time, in order: a promise for each. */
function startAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Map<Item, Promise<Result>> {
  const started = new Map<Item, Promise<Result>>();
  const lanes: Promise<unknown>[] = [];
  items.forEach((item, index) => {
    const before = lanes[index % AT_ONCE] ?? Promise.resolve();
    const result = before.then(() => work(item));
    started.set(item, result);
    lanes[index % AT_ONCE] = result.catch(() => {});
  });
  return started;
}

const NETWORKS: Readonly<Record<string, () => Promise<Omit<Place, "engine">>>> = {
  node: async () => ({ network: undefined, peers: await startPeers() }),
  loopback: async () => {
    const network = loopbackNetwork();
    return { network, peers: startLoopbackPeers(network) };
  },
  bridge: async () => {
    const bridge = new Bridge({ network: nodeNetwork(), allow: ALLOW });
    const log = { info: () => {}, warn: () => {} };
    const listener = await listen(bridge, { host: "127.0.0.1", port: 0, path: "/", origins: [], log });
    const peers = await startPeers();
    // A guest's call that finds nothing waits for what the bridge could tell: as long as that takes, so that no line depends on it.
    const network = bridgeNetwork({ url: `ws://127.0.0.1:${listener.address.port}/`, turn: 5000 });
    const close = async (): Promise<void> => {
      await bridge.drain(0);
      await listener.close();
      await peers.close();
    };
    return { network, peers: { ...peers, close } };
  },
};

const differences = readDifferences(DIRECTORY);
const programs = readPrograms(DIRECTORY);

for (const [name, begin] of Object.entries(NETWORKS)) {
  for (const engine of ENGINES) {
    const posix = suite(`posix on the ${name} network, ${engine} engine`);
    const listed = differencesOf(differences, engine, name);
    let peers: Peers | undefined;
    let outputs = new Map<Program, Promise<string>>();

    posix.before(async () => {
      const place = { ...(await begin()), engine };
      peers = place.peers;
      const runnable = programs.filter((program) => isRunnable(program, place.peers));
      const together = startAll(
        runnable.filter(({ needsUnprivileged }) => !needsUnprivileged),
        (program) => outputOf(program, place),
      );
      // Privileges are this process's.
      let before: Promise<unknown> = Promise.allSettled(together.values());
      outputs = new Map(together);
      for (const program of runnable.filter(({ needsUnprivileged }) => needsUnprivileged)) {
        const output = before.then(() => outputOf(program, place));
        outputs.set(program, output);
        before = output.catch(() => {});
      }
    });

    posix.after(async () => {
      await Promise.allSettled(outputs.values());
      await peers?.close();
    });

    for (const program of programs) {
      posix(`${program.name} prints what it prints natively`, async () => {
        const output = outputs.get(program);
        if (output === undefined) return;
        const native = readLines(readFileSync(program.native, "utf8"));
        assert.equal(compareLines(program, native, readLines(await output), listed), []);
      });
    }

    posix.run();
  }
}
