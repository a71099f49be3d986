// How a guest ends. Owns the exceptions that unwind its stack and their translation to an exit status.

import * as signals from "../assembly/shared/signal.js";
import type { Exit } from "./options.js";

/** Thrown through the guest's frames by exit(2). */
export class GuestExit extends Error {
  override readonly name = "GuestExit";
  readonly status: number;

  constructor(status: number) {
    super(`the guest exited with status ${status}`);
    this.status = status;
  }
}

/** Thrown through the guest's frames when a signal's default action ends it. */
export class GuestSignal extends Error {
  override readonly name = "GuestSignal";
  readonly signal: number;

  constructor(signal: number) {
    super(`the guest was ended by signal ${signal}`);
    this.signal = signal;
  }
}

const names = new Map<number, string>(
  Object.entries(signals).flatMap(([name, number]) => (/^SIG[A-Z0-9]+$/.test(name) ? [[number as number, name]] : [])),
);

/** The name of a signal number, e.g. "SIGINT". */
export function signalName(signal: number): string {
  return names.get(signal) ?? `SIG${signal}`;
}

/** The number of a signal named or numbered; RangeError if there is none such. */
export function signalNumber(signal: string | number): number {
  if (typeof signal === "number") {
    if (Number.isInteger(signal) && signal >= 1 && signal <= 64) return signal;
  } else {
    for (const [number, name] of names) if (name === signal || name === `SIG${signal}`) return number;
  }
  throw new RangeError(`${JSON.stringify(signal)} is no signal: give a name such as "SIGINT" or a number from 1 to 64`);
}

function bySignal(signal: number): Exit {
  return { status: 128 + signal, signal: signalName(signal) };
}

/** What ended the guest, from what its entry threw. A fault of the host is thrown again. */
export function exitOf(error: unknown): Exit {
  if (error instanceof GuestExit) return { status: error.status & 0xff };
  if (error instanceof GuestSignal) return bySignal(error.signal);
  const trap = trapSignal(error);
  if (trap === 0) throw error;
  return { ...bySignal(trap), trap: (error as Error).message };
}

/** The signal that a kernel would end a native program with where a wasm program traps; 0 if it is no trap. */
function trapSignal(error: unknown): number {
  if (error instanceof RangeError && /call stack/i.test(error.message)) return signals.SIGSEGV;
  if (!(error instanceof WebAssembly.RuntimeError)) return 0;
  if (/unreachable/i.test(error.message)) return signals.SIGABRT;
  if (/divide|remainder/i.test(error.message)) return signals.SIGFPE;
  return signals.SIGSEGV;
}
