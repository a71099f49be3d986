// What a bridge is told: the command line's wishes and a configuration file, checked and put together. Owns the names of the
// settings and the sentences about wrong ones.

import { readFileSync } from "node:fs";
import { Failure } from "../cli/failure.js";
import type { JwtOptions, KnownToken } from "./tokens.js";

/** All settings of a bridge. */
export interface BridgeConfig {
  readonly listen: string;
  readonly path: string;
  readonly allow: readonly string[];
  readonly origins: readonly string[];
  readonly tokens: readonly KnownToken[];
  readonly jwt?: JwtOptions;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Where WebTransport comes in (UDP). */
  readonly webtransport?: string;
  /** Whether WebTransport has a certificate of its own making. */
  readonly selfSigned: boolean;
  readonly metrics?: string;
  readonly sessions: number;
  readonly sockets: number;
  readonly dials: number;
  /** Bytes a second of one session; 0: any. */
  readonly rate: number;
  readonly idle: number;
  readonly grace: number;
  /** Seconds that a shutdown waits for sessions to end. */
  readonly drain: number;
  readonly log: string;
}

/** The settings where nothing else is said. */
export const DEFAULTS: BridgeConfig = {
  listen: "127.0.0.1:6001",
  path: "/",
  allow: [],
  origins: [],
  tokens: [],
  selfSigned: false,
  sessions: 1000,
  sockets: 1024,
  dials: 200,
  rate: 0,
  idle: 0,
  grace: 30,
  drain: 10,
  log: "info",
};

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** What is wanted in place of a value; null if it is right. */
type Check = (value: unknown) => string | null;
/** Settings whose values are secrets: messages say only where they are wrong. */
const SECRETS: readonly string[] = ["tokens", "jwt"];

const isText: Check = (value) => (typeof value === "string" && value !== "" ? null : "a text");
const isTexts: Check = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? null : "a list of texts";
const isCount: Check = (value) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? null : "a whole number, 0 or more";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object that has what it must have, and nothing that is not known. */
function isShaped(example: string, must: readonly string[], shape: Readonly<Record<string, Check>>): Check {
  return (value) => {
    const wanted = `an object like ${example}`;
    if (!isObject(value)) return wanted;
    const missing = must.find((name) => value[name] === undefined);
    if (missing !== undefined) return `${wanted}: "${missing}" is missing`;
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(shape, name));
    if (unknown !== undefined) return `${wanted}: there is no ${JSON.stringify(unknown)}`;
    for (const [name, each] of Object.entries(value)) {
      const better = shape[name]?.(each) ?? null;
      if (better !== null) return `${wanted}: "${name}" is ${better}`;
    }
    return null;
  };
}

const isToken = isShaped('{ "token": "…", "subject": "alice", "allow": ["tcp://10.0.0.7:22"] }', ["token"], {
  token: isText,
  subject: (value) => (typeof value === "string" ? null : "a text"),
  allow: isTexts,
});

/** What each setting must be. */
export const CHECKS: Readonly<Record<keyof BridgeConfig, Check>> = {
  listen: isText,
  path: (value) => (typeof value === "string" && value.startsWith("/") ? null : 'a path like "/"'),
  allow: isTexts,
  origins: isTexts,
  tokens: (value) => {
    if (!Array.isArray(value)) return 'a list like [{ "token": "…", "subject": "alice" }]';
    const at = value.findIndex((each) => isToken(each) !== null);
    return at < 0 ? null : `${isToken(value[at])} (number ${at + 1} of the list)`;
  },
  jwt: isShaped('{ "secret": "…", "issuer": "…", "audience": "…" }', ["secret"], {
    secret: isText,
    issuer: isText,
    audience: isText,
  }),
  tls: isShaped('{ "cert": "cert.pem", "key": "key.pem" }', ["cert", "key"], { cert: isText, key: isText }),
  webtransport: isText,
  selfSigned: (value) => (typeof value === "boolean" ? null : "true or false"),
  metrics: isText,
  sessions: isCount,
  sockets: isCount,
  dials: isCount,
  rate: isCount,
  idle: isCount,
  grace: isCount,
  drain: isCount,
  log: (value) => (LEVELS.includes(value as string) ? null : `one of ${LEVELS.join(", ")}`),
};

/** What a configuration file says. Throws Failure with the file's name and the setting. */
export function readConfig(path: string): Partial<BridgeConfig> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Failure(`--config ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value))
    throw new Failure(`--config ${path}: it is no JSON object, as { "listen": "127.0.0.1:6001" } is`);
  check(value, `--config ${path}`);
  return value as Partial<BridgeConfig>;
}

function check(settings: Record<string, unknown>, where: string): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new Failure(
        `${where}: there is no setting ${JSON.stringify(name)}; there are ${Object.keys(CHECKS).join(", ")}`,
      );
    }
    const wanted = CHECKS[name as keyof BridgeConfig](value);
    if (wanted === null) continue;
    const shown = SECRETS.includes(name) ? "not as it should be" : JSON.stringify(value);
    throw new Failure(`${where}: ${name} is ${shown}; give ${wanted}`);
  }
}

/** The settings, the command line's before the file's before the defaults. Lists are joined. Throws Failure. */
export function mergeConfig(wishes: Partial<BridgeConfig>, file: Partial<BridgeConfig>): BridgeConfig {
  check(wishes as Record<string, unknown>, "bridge");
  const join = (name: "allow" | "origins"): readonly string[] => [...(file[name] ?? []), ...(wishes[name] ?? [])];
  const tokens = [...(file.tokens ?? []), ...(wishes.tokens ?? [])].map((each) => ({
    ...each,
    subject: each.subject ?? "",
  }));
  return { ...DEFAULTS, ...file, ...wishes, allow: join("allow"), origins: join("origins"), tokens };
}

/** HOST:PORT, [HOST]:PORT or PORT. Throws Failure. */
export function parseListen(text: string, option: string): { readonly host: string; readonly port: number } {
  const found = /^(?:(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (found === null || port > 65535) {
    throw new Failure(`${option} ${text}: give HOST:PORT, as in ${option} 127.0.0.1:6001 or ${option} [::1]:6001`);
  }
  return { host: found[1] ?? found[2] ?? "127.0.0.1", port };
}
