// One call as the interposer tells it: its arguments and its result. Owns how single arguments are shown.

import { pointerText } from "./text.js";
import type { GuestView } from "./guest-view.js";

/** Values as WebAssembly hands them over: i64 as bigint. */
export type Value = number | bigint;

/** A call that has returned. */
export class Call {
  readonly view: GuestView;
  readonly #values: readonly Value[];

  constructor(view: GuestView, values: readonly Value[]) {
    this.view = view;
    this.#values = values;
  }

  /** An i32 argument; the result is the last of them. */
  at(index: number): number {
    return Number(this.#values.at(index) ?? 0);
  }

  /** What the call gave. */
  get result(): number {
    return this.at(-1);
  }

  /** An argument in decimal, i64 too. */
  decimal(index: number): string {
    return String(this.#values.at(index) ?? 0);
  }

  /** An argument as a pointer. */
  pointer(index: number): string {
    return pointerText(this.at(index));
  }

  /** What an argument points to, as a number: `[5]`. */
  pointee(index: number): string {
    const value = this.at(index) === 0 ? null : this.view.u32(this.at(index));
    return value === null ? this.pointer(index) : `[${value}]`;
  }

  /** What an argument points to; 0 if nothing. */
  loaded(index: number): number {
    return this.view.u32(this.at(index)) ?? 0;
  }
}

/** How a call is shown. */
export interface Shape {
  /** The name that C programs know it by; by default the function's own. */
  readonly shown?: string | ((call: Call) => string);
  readonly args: (call: Call) => readonly string[];
  /** What it gave when it did not fail; by default the result of a posix call, 0 of a preview1 call. */
  readonly gave?: (call: Call) => string;
}

/** Shapes by the name of the core's export. */
export type Shapes = Readonly<Record<string, Shape>>;
