// Socket options by their names, as OPTION carries them. Owns the way between names and hawser's numbers.

import * as constants from "../../../assembly/shared/socket.js";

const { IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, SOL_SOCKET } = constants;

const LEVELS: readonly (readonly [RegExp, number])[] = [
  [/^SO_/, SOL_SOCKET],
  [/^TCP_/, IPPROTO_TCP],
  [/^IPV6_/, IPPROTO_IPV6],
  [/^IP_/, IPPROTO_IP],
];

/** An option by hawser's numbers. */
export interface OptionNumber {
  readonly level: number;
  readonly name: number;
}

const byName = new Map<string, OptionNumber>();
const byNumber = new Map<string, string>();
for (const [name, number] of Object.entries(constants)) {
  const level = LEVELS.find(([pattern]) => pattern.test(name))?.[1];
  if (level === undefined || typeof number !== "number") continue;
  byName.set(name, { level, name: number });
  byNumber.set(`${level} ${number}`, name);
}

/** The numbers of an option's name; undefined for one that hawser does not know. */
export function optionNumber(name: string): OptionNumber | undefined {
  return byName.get(name);
}

/** The name of an option's numbers. */
export function optionName(level: number, name: number): string | undefined {
  return byNumber.get(`${level} ${name}`);
}
