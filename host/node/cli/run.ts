// `hawser run`: a program from a file, with this process's streams, to its end.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { BridgeState } from "../../bridge/client/connection.js";
import type { AuditEvent, Engine, RunOptions } from "../../options.js";
import { Failure, openFailure, STATUS_HAWSER, startFailure } from "./failure.js";
import { passSignals } from "./signals.js";

/** What the command line says. */
export interface RunWishes {
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly dir?: Readonly<Record<string, string>>;
  readonly allow?: readonly string[];
  readonly engine?: Engine;
  readonly bridge?: string;
  readonly bridgeToken?: string;
  readonly trace?: boolean;
  readonly connectTimeout?: number;
}

/** Runs `path` with `args`: the exit status, 128 + the signal's number where a signal ended it. */
export async function runProgram(path: string, args: readonly string[], wishes: RunWishes): Promise<number> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw openFailure(path, error);
  });
  const { start } = await import("../index.js");
  const { outputTo } = await import("../stdio.js");
  const error = outputTo("inherit", 2);
  const say = (line: string): void => {
    // Whoever closed standard error wants no trace.
    Promise.resolve(error.write(Buffer.from(`${line}\n`))).catch(() => {});
  };
  const options: RunOptions = {
    name: wishes.argv0 ?? basename(path),
    args,
    env: wishes.env ?? {},
    preopens: wishes.dir ?? {},
    allow: wishes.allow ?? [],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    ...(await network(wishes, say)),
    ...(wishes.connectTimeout === undefined ? {} : { connectTimeout: wishes.connectTimeout }),
    ...(wishes.engine === undefined ? {} : { engine: wishes.engine }),
    ...(wishes.trace === true ? { trace: (line) => quietly(() => say(line)), audit: refusals(say) } : {}),
  };
  const guest = await start(new Uint8Array(bytes), options).catch((fault: unknown) => {
    throw startFailure(path, fault) ?? (fault instanceof Error ? new Failure(fault.message, STATUS_HAWSER) : fault);
  });
  const stopPassing = passSignals(guest);
  try {
    const exit = await guest.exited.catch((fault: unknown) => {
      throw startFailure(path, fault) ?? fault;
    });
    if (exit.trap !== undefined) quietly(() => say(`hawser: ${path} ended by ${exit.signal}: ${exit.trap}`));
    return exit.status;
  } finally {
    stopPassing();
  }
}

/** The bridge's network if one is wished for; what becomes of it is told. */
async function network(wishes: RunWishes, say: (line: string) => void): Promise<Pick<RunOptions, "network">> {
  const { bridge: url, bridgeToken: written = "" } = wishes;
  if (url === undefined) return {};
  const variable = /^env:(.+)$/.exec(written)?.[1];
  const token = variable === undefined ? written : process.env[variable];
  if (token === undefined) throw new Failure(`--bridge-token ${written}: ${variable} is not set here`);
  const { bridgeNetwork } = await import("../bridge/client.js");
  const onState = (state: BridgeState): void => {
    if (state.state === "down") quietly(() => say(`hawser: ${state.error.message}`));
    else if (state.state === "connected" && !state.psx)
      quietly(() => say("hawser: the bridge is a stock server of Wisp: no listen, no options, and errors are guessed"));
  };
  try {
    return { network: bridgeNetwork({ url, token, onState }) };
  } catch (error) {
    throw new Failure(`--bridge ${url}: ${(error as Error).message.replace(/^bridgeNetwork: /, "")}`);
  }
}

/** Standard error may be gone: that is no fault of the guest's. */
function quietly(write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}

/** What was refused, as it stands before the address. */
const DEEDS: Readonly<Record<AuditEvent["operation"], string>> = {
  connect: "connect to",
  bind: "bind to",
  listen: "listen at",
  sendto: "send to",
  resolve: "resolve of",
};

/** Tells each refusal of the policy, once each. */
function refusals(say: (line: string) => void): (event: AuditEvent) => void {
  const told = new Set<string>();
  return ({ operation, protocol, target, reason }) => {
    const line = `hawser: refused ${DEEDS[operation]} ${protocol}:${protocol === "unix" ? "" : "//"}${target}: ${reason}`;
    if (told.has(line)) return;
    told.add(line);
    quietly(() => say(line));
  };
}
