// A bridge on Node from its settings: network, listeners, tokens, log, metrics. Owns the order of start and end.

import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { pino, type Logger } from "pino";
import { Bridge, type BridgeOptions } from "../../bridge/server/bridge.js";
import { PolicyError, policy } from "../../policy.js";
import { Failure, STATUS_HAWSER } from "../cli/failure.js";
import { nodeNetwork } from "../network.js";
import { type BridgeConfig, parseListen } from "./config.js";
import { listen } from "./listener.js";
import { Metrics } from "./metrics.js";
import { judge } from "./tokens.js";

/** A bridge that serves. */
export interface RunningBridge {
  /** Where it listens, e.g. "ws://127.0.0.1:6001/". */
  readonly url: string;
  readonly metrics: string | null;
  /** Lets nobody in any more, waits for the sessions for as long as the settings say, and ends. */
  close(): Promise<void>;
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Failure(`${what} ${path} cannot be read: ${(error as Error).message}`);
  }
}

function textOf(address: AddressInfo): string {
  return address.family === "IPv6" ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}

/** A failure to listen, as a sentence. */
function listenFailure(option: string, text: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice: Readonly<Record<string, string>> = {
    EADDRINUSE: "somebody listens there already: choose another port, or 0 for any",
    EACCES: "ports under 1024 are for root: choose a higher one",
    EADDRNOTAVAIL: "this machine has no such address",
  };
  return new Failure(`${option} ${text}: ${advice[code ?? ""] ?? message}`, STATUS_HAWSER);
}

/** Starts a bridge. Rejects with Failure. */
export async function serve(
  config: BridgeConfig,
  log: Logger = pino({ level: config.log }, process.stderr),
): Promise<RunningBridge> {
  const metrics = new Metrics();
  const { sockets, dials, rate, idle, grace, jwt, tokens } = config;
  const options: BridgeOptions = {
    network: nodeNetwork(),
    allow: config.allow,
    limits: { sockets, dials, rate, idle, grace },
    sessions: config.sessions,
    log,
    observer: metrics,
    ...(tokens.length === 0 && jwt === undefined ? {} : { authenticate: judge(tokens, jwt) }),
  };
  let bridge: Bridge;
  try {
    bridge = new Bridge(options);
    for (const { allow = [] } of tokens) policy(options.network, allow);
  } catch (error) {
    if (error instanceof PolicyError) throw new Failure(error.message);
    throw error;
  }
  const { host, port } = parseListen(config.listen, "--listen");
  const tls =
    config.tls === undefined
      ? {}
      : { tls: { cert: read(config.tls.cert, "the certificate"), key: read(config.tls.key, "the key") } };
  const { path, origins } = config;
  const listener = await listen(bridge, { host, port, path, origins, log, ...tls }).catch((error: unknown) => {
    throw listenFailure("--listen", config.listen, error);
  });
  let metricsServer: { readonly address: AddressInfo; close(): void } | null = null;
  if (config.metrics !== undefined) {
    const at = parseListen(config.metrics, "--metrics");
    try {
      metricsServer = await metrics.serve(at.host, at.port);
    } catch (error) {
      await listener.close();
      throw listenFailure("--metrics", config.metrics, error);
    }
  }
  const url = `${config.tls === undefined ? "ws" : "wss"}://${textOf(listener.address)}${path}`;
  const metricsUrl = metricsServer === null ? null : `http://${textOf(metricsServer.address)}/metrics`;
  log.info(
    { url, metrics: metricsUrl, rules: config.allow, tokens: options.authenticate !== undefined },
    "bridge listens",
  );
  if (config.allow.length === 0) log.warn("no rule allows anything: every connection will be refused; give --allow");
  return {
    url,
    metrics: metricsUrl,
    close: async () => {
      log.info({ sessions: bridge.sessions, seconds: config.drain }, "bridge drains");
      listener.stop();
      await bridge.drain(config.drain * 1000);
      await listener.close();
      metricsServer?.close();
      log.info("bridge is over");
    },
  };
}
