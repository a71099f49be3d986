// What the peers of the loopback network use of node:assert/strict and node:timers/promises, for a page.

function equal(actual: unknown, expected: unknown, message = `${String(actual)} is not ${String(expected)}`): void {
  if (!Object.is(actual, expected)) throw new Error(message);
}

function ok(value: unknown, message = "it is not so"): asserts value {
  if (!value) throw new Error(message);
}

/** As node:timers/promises has it. */
export function setTimeout<T>(milliseconds: number, value?: T): Promise<T | undefined> {
  return new Promise((resolve) => globalThis.setTimeout(() => resolve(value), milliseconds));
}

// biome-ignore lint/style/noDefaultExport: as node:assert/strict has it
export default Object.assign(ok, { equal, ok });
