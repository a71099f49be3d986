// The options of run(), start() and attach(). Owns the public types; no behaviour.

import type { Network } from "./network.js";

/** Where a guest's standard input comes from. */
export type Input = "inherit" | "ignore" | string | Uint8Array | AsyncIterable<Uint8Array>;

/** Where a guest's standard output or error goes. A returned promise holds the guest back until it settles. */
export type Output = "inherit" | "ignore" | ((chunk: Uint8Array) => void | Promise<void>);

/**
 * A terminal's device: what a person sees and types on, without a line discipline, which the core brings (termios(3)). What
 * is typed comes as bytes, a carriage return for the enter key; what is shown are bytes, carriage returns included.
 */
export interface TerminalDevice {
  /** What is typed. Its end is a hang-up (SIGHUP). A ReadableStream is one. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Shows bytes. A returned promise holds the guest back until it settles. */
  readonly output: (chunk: Uint8Array) => void | Promise<void>;
  /** The size at first (TIOCGWINSZ); 0 where it is unknown. */
  readonly columns: number;
  readonly rows: number;
  /** Takes who is to be told of another size (SIGWINCH); what it gives back is called, or its dispose(), at the guest's end. */
  onResize?(listener: (size: { readonly columns: number; readonly rows: number }) => void): Unsubscribe;
}

/** Something that can be ended, as xterm.js has it. */
export interface Disposable {
  /** Ends it. */
  dispose(): void;
}

/** What ends a subscription: a function, or what has one. */
export type Unsubscribe = (() => void) | Disposable | undefined | void;

/** A `wasi_snapshot_preview1` provider for what the core does not do itself: files, arguments, clocks, randomness. */
export interface WasiProvider {
  /** The functions by their preview1 names. Their fds are the provider's own; the core translates. */
  readonly imports: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** Called once the guest's memory exists, before its entry runs. */
  start(guest: { readonly exports: { readonly memory: WebAssembly.Memory } }): void;
}

/** What every guest is started with. */
export interface Start {
  /** From argv[0] on. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a provider is made from. `Preopen` is what stands for a directory: a path on Node, files in memory in a page. */
export interface WasiSetup<Preopen = string> extends Start {
  /** Guest path to host directory. */
  readonly preopens: Readonly<Record<string, Preopen>>;
  /** WasiFromModule's `data`. */
  readonly data?: unknown;
}

/** A provider made by a module that either engine can import: it exports `createWasi(setup: WasiSetup): WasiProvider`. */
export interface WasiFromModule {
  readonly module: string | URL;
  readonly data?: unknown;
}

/** How the guest waits. */
export type Engine = "jspi" | "worker";

/** Options of run() and start() that are the same on every platform. */
export interface CommonOptions {
  /** argv[0]; by default the file's name, or "guest". */
  readonly name?: string;
  /** argv[1] and on. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The terminal that descriptors 0, 1 and 2 are, but for those that stdin, stdout and stderr say something of. */
  readonly terminal?: TerminalDevice;
  /** Default "ignore" (end of file at once). */
  readonly stdin?: Input;
  /** Default "inherit". */
  readonly stdout?: Output;
  /** Default "inherit". */
  readonly stderr?: Output;
  /** Who does the I/O. Default: the platform's own network. */
  readonly network?: Network;
  /** Rules, e.g. "tcp://127.0.0.1:80". Without any, everything is refused with EACCES. See host/policy.ts. */
  readonly allow?: readonly string[];
  /** Default: jspi where the host has it, else worker. */
  readonly engine?: Engine;
  /** Gets a line per call, like strace. */
  readonly trace?: (line: string) => void;
  /** Called for each refusal of the policy. */
  readonly audit?: (event: AuditEvent) => void;
  /** Ends the guest when aborted. */
  readonly signal?: AbortSignal;
  /** Largest number of open descriptors (RLIMIT_NOFILE). Default 1024. */
  readonly files?: number;
  /** Milliseconds after which an attempt to connect fails with ETIMEDOUT. Default: what TCP_SYNCNT says, 127 s. */
  readonly connectTimeout?: number;
}

/** Options of run() and start() on Node. */
export interface RunOptions extends CommonOptions {
  /** Guest path to host path: directories that the guest may use, and where its AF_UNIX paths lead. */
  readonly preopens?: Readonly<Record<string, string>>;
  /** Default: "shim" (@bjorn3/browser_wasi_shim); "node" where preopens are given. A function only with the jspi engine. */
  readonly wasi?: "shim" | "node" | WasiFromModule | ((setup: WasiSetup) => WasiProvider);
}

/** What the policy refused. */
export interface AuditEvent {
  readonly operation: "connect" | "bind" | "listen" | "sendto" | "resolve";
  readonly protocol: "tcp" | "udp" | "unix";
  /** The address or name, as text with its port. */
  readonly target: string;
  /** The sentence that says which rule would allow it. */
  readonly reason: string;
}

/** How a guest ended. */
export interface Exit {
  /** Exit status; 128 + signal number when a signal ended it. */
  readonly status: number;
  /** The signal's name, if one ended it. */
  readonly signal?: string;
  /** What the engine said of a trap (abort, bad memory access, ...), which ends a guest as the like signal would. */
  readonly trap?: string;
}

/** A running guest. */
export interface Guest {
  /** Settles when the guest has ended and everything it held is closed. Rejects only for a fault of the host or the module. */
  readonly exited: Promise<Exit>;
  /** Sends a signal by name or number, e.g. "SIGINT". */
  kill(signal?: string | number): void;
  /** Tells the terminal's size and raises SIGWINCH. */
  resize(rows: number, columns: number): void;
  readonly engine: Engine;
}
