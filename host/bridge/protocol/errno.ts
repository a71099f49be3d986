// errnos by their names, as they travel. Owns the way between names and hawser's numbers.

import * as errnos from "../../../assembly/shared/errno.js";

const numbers: ReadonlyMap<string, number> = new Map<string, number>(Object.entries(errnos));
const names: ReadonlyMap<number, string> = new Map<number, string>(
  Object.entries(errnos).map(([name, number]) => [number, name]),
);

/** hawser's number of an errno's name: 0 for none, EIO for one that it does not know. */
export function errnoNumber(name: string): number {
  return name === "" ? 0 : (numbers.get(name) ?? errnos.EIO);
}

/** The name of hawser's number: empty for 0, "EIO" for none that is known. */
export function errnoName(errno: number): string {
  return errno === 0 ? "" : (names.get(errno) ?? "EIO");
}
