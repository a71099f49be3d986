// The worker engine's far side: what runs on the guest's own thread. Guest and core are here, `wait` is Atomics.wait on the
// event ring's head; the network is on the thread that started this one. Owns no platform: the entry of each platform's
// worker calls runThread().

import { adoptModules, type CoreModules, SHARED_PAGES, sharedCoreModule } from "../core.js";
import { exitOf } from "../exit.js";
import { adoptPreopens, guestImports, instantiateCore, interpose, joinGuest } from "../link.js";
import type { Exit, WasiProvider } from "../options.js";
import { MailboxWriter } from "./mailbox.js";

/** What the guest's thread is started with. Structured-cloneable. */
export interface ThreadStart {
  readonly memory: WebAssembly.Memory;
  readonly mailbox: SharedArrayBuffer;
  /** Whether the network's side must be told of each request by a message, since it cannot wait for one. */
  readonly bell: boolean;
  /** The core's modules, compiled. */
  readonly modules: CoreModules;
  readonly guest: WebAssembly.Module;
  readonly files: number;
  readonly connectTimeout: number;
  /** CAPABILITY_* of the network. */
  readonly capabilities: number;
  /** Which of the standard streams are terminals. */
  readonly terminals: number;
  readonly trace: boolean;
  /** What the platform makes the WASI provider from. */
  readonly wasi: unknown;
}

/** What the thread tells. */
export type ThreadMessage =
  | { readonly type: "ready"; readonly ring: number; readonly first: number }
  | { readonly type: "bell" }
  | { readonly type: "trace"; readonly line: string }
  | { readonly type: "exit"; readonly exit: Exit }
  | { readonly type: "fault"; readonly error: unknown };

/** What the thread's platform brings. */
export interface ThreadPlatform {
  readonly start: ThreadStart;
  readonly provider: WasiProvider;
  readonly post: (message: ThreadMessage) => void;
  /** Settles when the network's side is ready for requests. */
  readonly go: Promise<void>;
  /** The trace's imports, where a trace is wanted. */
  readonly trace?: (memory: () => WebAssembly.Memory | null, line: (text: string) => void) => WebAssembly.ModuleImports;
}

/** Shared memory for a core. */
export function newSharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ ...SHARED_PAGES, shared: true });
}

/** Runs a guest on this thread to its end and tells how it ended. */
export async function runThread(platform: ThreadPlatform): Promise<void> {
  try {
    const exit = await run(platform);
    platform.post({ type: "exit", exit });
  } catch (error) {
    platform.post({ type: "fault", error });
  }
}

async function run(platform: ThreadPlatform): Promise<Exit> {
  const { start, provider, post } = platform;
  adoptModules(start.modules);
  const mailbox = new MailboxWriter(start.mailbox, start.bell ? () => post({ type: "bell" }) : null);
  let words = new Int32Array(start.memory.buffer);
  let head = 0;
  const wait = (milliseconds: number): void => {
    if (words.buffer !== start.memory.buffer) words = new Int32Array(start.memory.buffer);
    Atomics.wait(words, head, words[head + 1] ?? 0, milliseconds < 0 ? Number.POSITIVE_INFINITY : milliseconds);
  };
  const clock = (id: number): number => (id === 0 ? Date.now() : performance.now());
  const host = { request: mailbox.post, wait, clock };
  const core = await instantiateCore(await sharedCoreModule(), host, provider, start.memory);
  core.kernel_setfiles(start.files);
  core.kernel_setconnecttimeout(start.connectTimeout);
  core.kernel_setcapabilities(start.capabilities);
  const ring = core.kernel_ring();
  head = ring >>> 2;
  post({ type: "ready", ring, first: core.kernel_stdio(start.terminals) });
  await platform.go;

  let memory: WebAssembly.Memory | null = null;
  const line = (text: string): void => post({ type: "trace", line: text });
  const traced = start.trace ? platform.trace?.(() => memory, line) : undefined;
  const face = traced === undefined ? core : await interpose(core, traced);
  const imports = guestImports(face, provider) as unknown as WebAssembly.Imports;
  const instance = await WebAssembly.instantiate(start.guest, imports);
  memory = await joinGuest(core, instance.exports);
  provider.start({ exports: { memory } });
  adoptPreopens(core, provider, memory);
  const entry = instance.exports["_start"];
  if (typeof entry !== "function") {
    throw new TypeError('the guest exports no function "_start": it is a library, not a command');
  }
  try {
    entry();
  } catch (error) {
    return endedBy(core["kernel_close"] as () => void, error);
  }
  try {
    core.proc_exit(0);
  } catch (error) {
    return exitOf(error);
  }
  return { status: 0 };
}

/** A signal or trap ended the guest: its descriptors are closed for it. */
function endedBy(close: () => void, error: unknown): Exit {
  const exit = exitOf(error);
  if (exit.signal === undefined) return exit;
  try {
    close();
  } catch (nested) {
    exitOf(nested);
  }
  return exit;
}
