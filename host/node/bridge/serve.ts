// A bridge on Node from its settings: network, listeners, tokens, log, metrics. Owns the order of start and end.

import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { pino, type Logger } from "pino";
import { Bridge, type BridgeOptions } from "../../bridge/server/bridge.js";
import { PolicyError, policy } from "../../policy.js";
import { Failure, STATUS_HAWSER } from "../cli/failure.js";
import { nodeNetwork } from "../network.js";
import { NoQuic } from "../quic/quiche.js";
import { makeCertificate } from "./certificate.js";
import { type BridgeConfig, parseListen } from "./config.js";
import { type Listener, listen } from "./listener.js";
import { Metrics } from "./metrics.js";
import { judge } from "./tokens.js";
import { listenWebTransport } from "./webtransport.js";

/** A certificate and its key, PEM. */
interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** A bridge that serves. */
export interface RunningBridge {
  /** Where it listens, e.g. "ws://127.0.0.1:6001/". */
  readonly url: string;
  /** Where WebTransport comes in, and the SHA-256 (base64) of a certificate of its own making. */
  readonly webtransport: { readonly url: string; readonly hash: string | null } | null;
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

/** TLS of the door for WebTransport. Throws Failure. */
function tlsFor(config: BridgeConfig, tls: Tls | undefined): Tls & { readonly hash?: Buffer } {
  if (config.selfSigned && tls !== undefined) {
    throw new Failure("--self-signed is in place of a certificate: leave out --tls-cert and --tls-key, or it");
  }
  if (config.selfSigned) return makeCertificate();
  if (tls !== undefined) return tls;
  throw new Failure("--webtransport needs a certificate: give --tls-cert and --tls-key, or --self-signed");
}

/** A failure to listen, as a sentence. */
function listenFailure(option: string, text: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof NoQuic) return new Failure(`${option} ${text}: ${message}`, STATUS_HAWSER);
  if (code === "GenericFailure" || code?.startsWith("ERR_OSSL") === true) {
    return new Failure(`--tls-cert and --tls-key are no certificate with its key: ${message}`);
  }
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
  const tls: Tls | undefined =
    config.tls === undefined
      ? undefined
      : { cert: read(config.tls.cert, "the certificate"), key: read(config.tls.key, "the key") };
  if (config.selfSigned && config.webtransport === undefined) {
    throw new Failure("--self-signed is for --webtransport: give that, too");
  }
  const quicTls = config.webtransport === undefined ? null : tlsFor(config, tls);
  const { path, origins, sessions } = config;
  const doors: Listener[] = [];
  const opened = async (option: string, text: string, door: Promise<Listener>): Promise<Listener> => {
    try {
      doors.push(await door);
    } catch (error) {
      await Promise.all(doors.map((each) => each.close()));
      throw listenFailure(option, text, error);
    }
    return doors.at(-1) as Listener;
  };
  const door = { path, origins, log };
  const listener = await opened(
    "--listen",
    config.listen,
    listen(bridge, { ...door, host, port, ...(tls === undefined ? {} : { tls }) }),
  );
  let webtransport: RunningBridge["webtransport"] = null;
  if (config.webtransport !== undefined && quicTls !== null) {
    const { hash, ...certificate } = quicTls;
    const at = parseListen(config.webtransport, "--webtransport");
    const opening = listenWebTransport(bridge, { ...door, ...at, tls: certificate, sessions });
    const { address } = await opened("--webtransport", config.webtransport, opening);
    webtransport = { url: `https://${textOf(address)}${path}`, hash: hash?.toString("base64") ?? null };
  }
  let metricsServer: { readonly address: AddressInfo; close(): void } | null = null;
  if (config.metrics !== undefined) {
    const at = parseListen(config.metrics, "--metrics");
    try {
      metricsServer = await metrics.serve(at.host, at.port);
    } catch (error) {
      await Promise.all(doors.map((each) => each.close()));
      throw listenFailure("--metrics", config.metrics, error);
    }
  }
  const url = `${config.tls === undefined ? "ws" : "wss"}://${textOf(listener.address)}${path}`;
  const metricsUrl = metricsServer === null ? null : `http://${textOf(metricsServer.address)}/metrics`;
  log.info(
    {
      url,
      webtransport: webtransport?.url ?? null,
      metrics: metricsUrl,
      rules: config.allow,
      tokens: options.authenticate !== undefined,
    },
    "bridge listens",
  );
  if (config.allow.length === 0) log.warn("no rule allows anything: every connection will be refused; give --allow");
  return {
    url,
    webtransport,
    metrics: metricsUrl,
    close: async () => {
      log.info({ sessions: bridge.sessions, seconds: config.drain }, "bridge drains");
      for (const each of doors) each.stop();
      await bridge.drain(config.drain * 1000);
      await Promise.all(doors.map((each) => each.close()));
      metricsServer?.close();
      log.info("bridge is over");
    },
  };
}
