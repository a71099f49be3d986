// libuv's error numbers as the core's errnos, by name; no table.

import { getSystemErrorName } from "node:util";
import * as errnos from "../../../assembly/shared/errno.js";

/** The errno of a symbolic name, e.g. "ECONNREFUSED"; EIO for one that the core does not have. */
export function errnoNamed(name: string): number {
  return (errnos as Record<string, number>)[name] ?? errnos.EIO;
}

/** The errno of a negative libuv status; 0 for success. */
export function errnoOf(status: number): number {
  return status >= 0 ? 0 : errnoNamed(getSystemErrorName(status));
}
