// The options of `hawser run` as they are written on a command line, and what they mean. Owns their checks.

import { statSync } from "node:fs";
import type { Engine } from "../../options.js";
import { Failure } from "./failure.js";

/** Adds `NAME=VALUE` to an environment; `NAME` alone takes the caller's value. */
export function addVariable(text: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  if (name === "") throw new Failure(`--env ${text}: a variable has a name, as in --env HOME=/ or --env HOME`);
  const value = equals < 0 ? process.env[name] : text.slice(equals + 1);
  if (value === undefined) {
    throw new Failure(`--env ${text}: ${name} is not set here; give it a value with --env ${name}=VALUE`);
  }
  return { ...env, [name]: value };
}

/** Adds `HOST:GUEST`, or one name for both, to the preopened directories (guest path to host path). */
export function addDirectory(text: string, directories: Readonly<Record<string, string>> = {}): Record<string, string> {
  const colon = text.lastIndexOf(":");
  // A drive letter is no host directory.
  const isPair = colon > 0 && !(colon === 1 && /^[a-z]:[\\/]/i.test(text));
  const host = isPair ? text.slice(0, colon) : text;
  const guest = isPair ? text.slice(colon + 1) : text;
  if (host === "" || guest === "") {
    throw new Failure(`--dir ${text}: give HOST:GUEST, as in --dir ./data:/data, or one name for both, as in --dir .`);
  }
  const stat = statSync(host, { throwIfNoEntry: false });
  if (stat === undefined) throw new Failure(`--dir ${text}: there is no directory ${host}; make it, or name another`);
  if (!stat.isDirectory())
    throw new Failure(`--dir ${text}: ${host} is no directory; name the directory that it is in`);
  return { ...directories, [guest]: host };
}

/** Adds a rule to those there are. Rules are read by the policy, all together. */
export function addRule(text: string, rules: readonly string[] = []): string[] {
  return [...rules, text];
}

/** The engine of that name. */
export function engineNamed(text: string): Engine {
  if (text === "jspi" || text === "worker") return text;
  throw new Failure(`--engine ${text}: there is no such engine; jspi and worker are`);
}

/** Seconds as milliseconds. */
export function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0))
    throw new Failure(`${text} is no time: give seconds above 0, as in 5 or 0.5`);
  return seconds * 1000;
}
