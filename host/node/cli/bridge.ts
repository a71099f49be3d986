// `hawser bridge`: serves the sockets of guests that run elsewhere, until a signal ends it.

import { type BridgeConfig, mergeConfig, readConfig } from "../bridge/config.js";
import { Failure } from "./failure.js";

/** What the command line says. */
export interface BridgeWishes {
  readonly config?: string;
  readonly listen?: string;
  readonly path?: string;
  readonly allow?: readonly string[];
  readonly origin?: readonly string[];
  readonly token?: readonly string[];
  readonly jwtSecret?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly webtransport?: string;
  readonly selfSigned?: boolean;
  readonly metrics?: string;
  readonly sessions?: number;
  readonly sockets?: number;
  readonly dials?: number;
  readonly rate?: number;
  readonly idle?: number;
  readonly grace?: number;
  readonly drain?: number;
  readonly log?: string;
}

/** Reads a whole number. */
export function countOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new Failure(`${JSON.stringify(text)} is no whole number`);
  return Number(text);
}

/** A secret from an option: as it stands, or a variable's value for "env:NAME". */
function secretOf(written: string, option: string): string {
  const variable = /^env:(.+)$/.exec(written)?.[1];
  const secret = variable === undefined ? written : process.env[variable];
  if (secret === undefined || secret === "") {
    throw new Failure(`${option}: ${variable === undefined ? "it is empty" : `${variable} is not set here`}`);
  }
  return secret;
}

/** A token from an option: "SUBJECT=TOKEN", or the token alone, which may end with the "=" of base64. */
function tokenOf(text: string): { readonly token: string; readonly subject: string } {
  const [, subject = "", written = text] = /^([^=]+)=(.*[^=].*)$/.exec(text) ?? [];
  return { token: secretOf(written, "--token"), subject };
}

function settingsOf(wishes: BridgeWishes): Partial<BridgeConfig> {
  const { config: _, origin, token, jwtSecret, tlsCert, tlsKey, ...plain } = wishes;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Failure("--tls-cert and --tls-key go together: give both, or neither");
  }
  return {
    ...plain,
    ...(origin === undefined ? {} : { origins: origin }),
    ...(token === undefined ? {} : { tokens: token.map(tokenOf) }),
    ...(jwtSecret === undefined ? {} : { jwt: { secret: secretOf(jwtSecret, "--jwt-secret") } }),
    ...(tlsCert === undefined || tlsKey === undefined ? {} : { tls: { cert: tlsCert, key: tlsKey } }),
  };
}

/** Serves until SIGINT or SIGTERM, twice of which ends it at once: the exit status. */
export async function runBridge(wishes: BridgeWishes): Promise<number> {
  const file = wishes.config === undefined ? {} : readConfig(wishes.config);
  const config = mergeConfig(settingsOf(wishes), file);
  const { serve } = await import("../bridge/serve.js");
  const bridge = await serve(config);
  console.log(`hawser bridge: ${bridge.url}`);
  if (bridge.webtransport !== null) {
    const { url, hash } = bridge.webtransport;
    console.log(`hawser bridge: ${url}${hash === null ? "" : `, SHA-256 of its certificate: ${hash}`}`);
  }
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
  const again = new Promise<number>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name === "SIGINT" ? 130 : 143));
  });
  const done = bridge.close().then(() => (signal === "SIGINT" ? 130 : 0));
  return Promise.race([done, again]);
}
