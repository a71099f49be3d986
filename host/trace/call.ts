// One call as one line: its name, its arguments, what it gave. Owns how results are told; arguments are told by kinds.

import type { GuestMemory } from "./memory.js";
import { errorText } from "./values.js";

/** A call that is over. */
export interface Seen {
  readonly memory: GuestMemory;
  readonly args: readonly (number | bigint)[];
  /** What it returned; 0 for what does not return. */
  readonly result: number;
}

/** The text of the argument at an index; null for one that is told with another. */
export type Kind = (seen: Seen, at: number) => string | null;

/** How one function is traced: the line. */
export type Call = (seen: Seen) => string;

/** An argument as a number. */
export function number(seen: Seen, at: number): number {
  return Number(seen.args[at] ?? 0);
}

function told(seen: Seen, kinds: readonly Kind[]): string {
  return kinds
    .map((kind, at) => kind(seen, at))
    .filter((text) => text !== null)
    .join(", ");
}

/** A function of module "posix", which gives a result or -errno; `more` is told after a result. */
export function posix(name: string, kinds: readonly Kind[], more: (seen: Seen) => string = () => ""): Call {
  return (seen) => {
    const { result } = seen;
    const text = result < 0 ? `-1 ${errorText(-result)}` : `${result}${more(seen)}`;
    return `${name}(${told(seen, kinds)}) = ${text}`;
  };
}

/**
 * A function of module "wasi_snapshot_preview1", which gives 0 or an errno; `value` is what it gave through a pointer. Where
 * a function stands for two, `name` tells them apart.
 */
export function wasi(
  name: string | ((seen: Seen) => string),
  kinds: readonly Kind[],
  value: (seen: Seen) => string = () => "0",
): Call {
  return (seen) => {
    const text = seen.result === 0 ? value(seen) : `-1 ${errorText(seen.result)}`;
    return `${typeof name === "string" ? name : name(seen)}(${told(seen, kinds)}) = ${text}`;
  };
}

/** A function that does not return. */
export function last(name: string, kinds: readonly Kind[]): Call {
  return (seen) => `${name}(${told(seen, kinds)}) = ?`;
}
