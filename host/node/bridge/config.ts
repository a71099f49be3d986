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

const DEFAULTS: BridgeConfig = {
  listen: "127.0.0.1:6001",
  path: "/",
  allow: [],
  origins: [],
  tokens: [],
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

type Check = (value: unknown) => string | null;

const isText: Check = (value) => (typeof value === "string" && value !== "" ? null : "a text");
const isTexts: Check = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? null : "a list of texts";
const isCount: Check = (value) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? null : "a whole number, 0 or more";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<keyof BridgeConfig, Check>> = {
  listen: isText,
  path: (value) => (typeof value === "string" && value.startsWith("/") ? null : 'a path like "/"'),
  allow: isTexts,
  origins: isTexts,
  tokens: (value) =>
    Array.isArray(value) &&
    value.every((each) => isObject(each) && isText(each.token) === null && typeof (each.subject ?? "") === "string")
      ? null
      : 'a list like [{ "token": "…", "subject": "alice" }]',
  jwt: (value) => (isObject(value) && isText(value.secret) === null ? null : 'an object like { "secret": "…" }'),
  tls: (value) =>
    isObject(value) && isText(value.cert) === null && isText(value.key) === null
      ? null
      : 'an object like { "cert": "cert.pem", "key": "key.pem" }',
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
    if (wanted !== null) throw new Failure(`${where}: ${name} is ${JSON.stringify(value)}; give ${wanted}`);
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
