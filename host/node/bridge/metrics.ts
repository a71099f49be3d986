// What a bridge counts, for Prometheus. Owns the registry and its HTTP server.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { SessionObserver, TurnedAway } from "../../bridge/server/bridge.js";
import type { BridgeObserver } from "../../bridge/server/parts.js";

/** The counters of one bridge. */
export class Metrics implements BridgeObserver, SessionObserver {
  readonly registry: Registry = new Registry();
  readonly #bytes: Counter<"direction">;
  readonly #dials: Counter<"outcome">;
  readonly #sessions: Counter<"event">;
  readonly #refused: Counter<"why">;
  readonly #open: Gauge;
  readonly #sockets: Gauge;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#bytes = new Counter({
      name: "hawser_bridge_bytes_total",
      help: "Bytes of payload; up is from the client to the network.",
      labelNames: ["direction"],
      registers,
    });
    this.#dials = new Counter({
      name: "hawser_bridge_dials_total",
      help: "Attempts to connect by their outcome: opened, or the errno.",
      labelNames: ["outcome"],
      registers,
    });
    this.#sessions = new Counter({
      name: "hawser_bridge_session_events_total",
      help: "Sessions opened, lost, resumed and closed.",
      labelNames: ["event"],
      registers,
    });
    this.#refused = new Counter({
      name: "hawser_bridge_turned_away_total",
      help: "Connections that were not let in.",
      labelNames: ["why"],
      registers,
    });
    this.#open = new Gauge({ name: "hawser_bridge_sessions", help: "Sessions that are there.", registers });
    this.#sockets = new Gauge({ name: "hawser_bridge_sockets", help: "Sockets that are open.", registers });
  }

  bytes(direction: "up" | "down", count: number): void {
    this.#bytes.inc({ direction }, count);
  }

  sockets(change: 1 | -1): void {
    this.#sockets.inc(change);
  }

  dialled(outcome: string): void {
    this.#dials.inc({ outcome });
  }

  session(event: "opened" | "lost" | "resumed" | "closed"): void {
    this.#sessions.inc({ event });
    if (event === "opened") this.#open.inc();
    else if (event === "closed") this.#open.dec();
  }

  turnedAway(why: TurnedAway): void {
    this.#refused.inc({ why });
  }

  /** Serves /metrics. Rejects with the system's error. */
  async serve(host: string, port: number): Promise<{ readonly address: AddressInfo; close(): void }> {
    const server = createServer(async (request, response) => {
      if (request.url !== "/metrics") {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { "Content-Type": this.registry.contentType }).end(await this.registry.metrics());
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    return { address: server.address() as AddressInfo, close: () => server.close() };
  }
}
