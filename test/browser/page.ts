// What the test pages can do, as `hawserTest`: run guests with the package's own bundle and tell what became of them as JSON. It
// runs in the browser.

import { type Fd, WASI } from "@bjorn3/browser_wasi_shim";
import {
  attach,
  type BridgeState,
  bridgeNetwork,
  type Directory,
  directory,
  type Engine,
  type Exit,
  type FileTree,
  loopbackNetwork,
  type Network,
  type RunOptions,
  run,
  start,
  tree,
  wasiProvider,
} from "hawser/browser";
import { startLoopbackPeers } from "../loopback-peers.js";
import { peersEnvironment } from "../posix/environment.js";
import { bridgedApi, hashesOf } from "./bridged.js";
import { hosted } from "./hosted.js";

/** How a guest is run. */
export interface Way {
  readonly engine?: Engine;
  readonly inWorker?: boolean;
}

/** A guest to run; the rest of `options` can go to the page as JSON. */
export interface Task {
  readonly program: string;
  readonly options?: Way &
    Pick<RunOptions, "args" | "env" | "allow" | "stdin" | "name" | "worker" | "wasi"> & { readonly trace?: boolean };
  readonly preopens?: Readonly<Record<string, FileTree>>;
  /** Milliseconds after which it is ended. Default 60000. */
  readonly limit?: number;
  /** A signal to send once the guest has printed something. */
  readonly signal?: string;
  /** Its standard input is what hawserTestInput() gives once it is read. */
  readonly asksForInput?: boolean;
}

/** A bridge, as a page is told of it. */
export interface BridgeOf {
  readonly url: string;
  readonly token: string;
  /** Of its certificate, for WebTransport: SHA-256 in base64. */
  readonly hash?: string;
}

/** What became of it. */
export interface Outcome {
  readonly exit: Exit | null;
  readonly engine: Engine | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly trace: readonly string[];
  /** What the directories hold, as text. */
  readonly files: Readonly<Record<string, unknown>>;
  /** What start() or run() threw. */
  readonly error: string | null;
}

/** Milliseconds for one guest: a bound for what hangs, on a machine that does much else. */
const LIMIT = 60_000;

async function runTask(task: Task, network?: Network, onOutput: () => void = () => {}): Promise<Outcome> {
  const { program, options = {}, preopens = {}, signal, limit = LIMIT, asksForInput = false } = task;
  const said = { stdout: "", stderr: "" };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const lines: string[] = [];
  const directories = Object.fromEntries(Object.entries(preopens).map(([path, files]) => [path, directory(files)]));
  const { trace, ...rest } = options;
  let heard = (): void => {};
  const hasPrinted = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const sink = (stream: "stdout" | "stderr") => (chunk: Uint8Array) => {
    said[stream] += decoders[stream].decode(chunk, { stream: true });
    heard();
    onOutput();
  };
  let engine: Engine | null = null;
  let exit: Exit | null = null;
  let error: string | null = null;
  try {
    const guest = await start(program, {
      ...rest,
      ...(network === undefined ? {} : { network }),
      ...(trace === true ? { trace: (line: string) => void lines.push(line) } : {}),
      ...(asksForInput ? { stdin: inputOfTest() } : {}),
      preopens: directories,
      stdout: sink("stdout"),
      stderr: sink("stderr"),
      signal: AbortSignal.timeout(limit),
    });
    engine = guest.engine;
    if (signal !== undefined) void hasPrinted.then(() => guest.kill(signal));
    exit = await guest.exited;
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
  const files = Object.fromEntries(Object.entries(directories).map(([path, each]) => [path, readable(each)]));
  return { exit, engine, ...said, trace: lines, files, error };
}

async function* inputOfTest(): AsyncGenerator<Uint8Array> {
  const { hawserTestInput } = globalThis as unknown as { hawserTestInput: () => Promise<string> };
  yield new TextEncoder().encode(await hawserTestInput());
}

function readable(each: Directory): unknown {
  const plain = (value: FileTree[string]): unknown => {
    if (typeof value === "string") return value;
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)]));
  };
  return plain(tree(each));
}

const api = {
  /** Runs one guest; with `network: "own"` (the default) on the page's network. */
  run: (task: Task): Promise<Outcome> => runTask(task),

  /** Runs guests on one loopback network of their own, each started when the one before has printed something or ended. */
  async together(tasks: readonly Task[]): Promise<readonly Outcome[]> {
    const network = loopbackNetwork();
    const running: Promise<Outcome>[] = [];
    for (const task of tasks) {
      await new Promise<void>((resolve) => {
        const outcome = runTask(task, network, resolve);
        running.push(outcome);
        outcome.finally(resolve);
      });
    }
    return Promise.all(running);
  },

  /** Runs a guest and tells how the page's event loop went on meanwhile. */
  async watched(
    task: Task,
  ): Promise<{ outcome: Outcome; turns: number; longest: number; longTasks: readonly number[] }> {
    const longTasks: number[] = [];
    const types = PerformanceObserver.supportedEntryTypes;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    });
    // Once beforehand: what is watched is the waiting, and not the loading.
    await runTask({ ...task, options: { ...task.options, args: ["0"] } });
    if (types.includes("longtask")) observer.observe({ entryTypes: ["longtask"] });
    let turns = 0;
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      turns++;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const outcome = await runTask(task);
    clearInterval(timer);
    observer.disconnect();
    return { outcome, turns, longest, longTasks };
  },

  /** Runs a program of test/posix over a bridge, or with its peers inside a network of the page. */
  async posix(task: Task, bridge: BridgeOf | null): Promise<Outcome> {
    // A call that finds nothing waits for what the bridge could tell: as long as that takes, so that no line depends on it.
    if (bridge !== null) {
      const { url, token, hash } = bridge;
      const trusted = hash === undefined ? {} : { serverCertificateHashes: hashesOf(hash) };
      const downs: string[] = [];
      const onState = (state: BridgeState): void => {
        if (state.state === "down") downs.push(`the bridge is down: ${state.error.message}\n`);
      };
      const outcome = await runTask(task, bridgeNetwork({ url, token, ...trusted, turn: 5000, onState }));
      return { ...outcome, stderr: outcome.stderr + downs.join("") };
    }
    const network = loopbackNetwork();
    const peers = startLoopbackPeers(network);
    try {
      return await runTask({ ...task, options: { ...task.options, env: peersEnvironment(peers) } }, network);
    } finally {
      await peers.close();
    }
  },

  /** Runs a guest with text in chunks as its input, its output inherited: what the console got, line by line. */
  async inherited(task: Task, chunks: readonly string[]): Promise<readonly string[]> {
    const lines: string[] = [];
    const { log } = console;
    console.log = (...words: unknown[]) => void lines.push(words.join(" "));
    async function* input(): AsyncGenerator<Uint8Array> {
      for (const chunk of chunks) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield new TextEncoder().encode(chunk);
      }
    }
    try {
      const { trace: _, ...options } = task.options ?? {};
      const { status } = await run(task.program, { ...options, stdin: input(), signal: AbortSignal.timeout(LIMIT) });
      return [...lines, `status ${status}`];
    } finally {
      console.log = log;
    }
  },

  /** Runs a guest that this page instantiates itself, over a WASI of its own: its output and how it ended. */
  async attached(path: string): Promise<{ text: string; exit: Exit }> {
    let text = "";
    const none = undefined as unknown as Fd;
    const wasi = new WASI(["attached", "one", "two"], [], [none, none, none]);
    const attachment = await attach(wasiProvider(wasi), {
      stdout: (chunk) => {
        text += new TextDecoder().decode(chunk);
      },
    });
    const { instance } = await WebAssembly.instantiateStreaming(fetch(path), attachment.imports);
    const exit = await attachment.start(instance);
    return { text, exit };
  },

  /** What run() throws for options that a page cannot serve. */
  async refused(program: string): Promise<readonly string[]> {
    const said = (options: RunOptions): Promise<string> =>
      run(program, options).then(
        ({ status }) => `status ${status}`,
        (error: unknown) => String(error),
      );
    return [
      await said({ stdin: "inherit" }),
      await said({ inWorker: true, wasi: () => ({ imports: {}, start: () => {} }) }),
      await said({ preopens: { "/": { "a/b": "" } } }),
    ];
  },

  /** Runs a program for a process elsewhere, which stands for it. */
  hosted,

  ...bridgedApi(runTask),

  /** What the page is. */
  facts: () => ({ isolated: crossOriginIsolated, jspi: "Suspending" in WebAssembly }),
};

/** What `hawserTest` is. */
export type PageApi = typeof api;

Object.assign(globalThis, { hawserTest: api });
