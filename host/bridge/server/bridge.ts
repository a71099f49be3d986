// The bridge's server without its listeners: takes connections, sees each through its start (INFO, token, a new session or an
// old one), and keeps the sessions. Owns who may come in, and the end of all.

import type { AuditEvent } from "../../options.js";
import type { Network } from "../../network.js";
import { policy } from "../../policy.js";
import { unref } from "../link.js";
import { readClientInfo, type ClientInfo, writeServerInfo } from "../protocol/info.js";
import { MalformedPacket, PacketReader } from "../protocol/reader.js";
import {
  CLOSE,
  CONTINUE,
  REASON_INVALID,
  REASON_NO_TOKEN,
  REASON_THROTTLED,
  REASON_UNSPECIFIED,
  REASON_WRONG_TOKEN,
  RESUMED,
  SESSION_SIZE,
} from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import type { Transport } from "../transport.js";
import type { BridgeObserver, SessionLimits } from "./parts.js";
import { ServerSession } from "./session.js";
import { STOCK_WINDOW } from "./stock.js";

/** Milliseconds that a client may take for its INFO. */
const START_LIMIT = 10_000;
/** Milliseconds without a packet after which a client is asked whether it is there. */
const HEARTBEAT = 20_000;

/** The limits of one session where nothing else is said. */
export const DEFAULT_LIMITS: SessionLimits = {
  sockets: 1024,
  dials: 200,
  rate: 0,
  window: 256 << 10,
  idle: 0,
  grace: 30,
};

/** What a token gives: rules of its own, or null for those of the bridge. */
export interface Grant {
  /** Who it is, for the log. */
  readonly subject: string;
  /** Rules in place of the bridge's. */
  readonly allow?: readonly string[];
}

/** What a bridge is made with. */
export interface BridgeOptions {
  /** Who does the I/O. */
  readonly network: Network;
  /** Rules; see host/policy.ts. Without any, nothing is reached. */
  readonly allow: readonly string[];
  /** Judges a client's token ("" if it sent none); null refuses it. Without it everybody may come in. */
  readonly authenticate?: (token: string) => Grant | null | Promise<Grant | null>;
  readonly limits?: Partial<SessionLimits>;
  /** Sessions at the same time, those that wait for their client included. Default 1000. */
  readonly sessions?: number;
  readonly log?: BridgeLog;
  readonly observer?: BridgeObserver & SessionObserver;
}

/** Why a connection is not let in; "fault": who judges tokens failed. */
export type TurnedAway = "origin" | "token" | "malformed" | "full" | "late" | "fault";

/** Who counts sessions. */
export interface SessionObserver {
  /** A session began, was lost for a while, came back, or is over. */
  session?(change: "opened" | "lost" | "resumed" | "closed"): void;
  /** A connection was not let in. */
  turnedAway?(why: TurnedAway): void;
}

/** Where a bridge tells what happens. */
export interface BridgeLog {
  info(what: Readonly<Record<string, unknown>>, message: string): void;
  warn(what: Readonly<Record<string, unknown>>, message: string): void;
}

interface Entry {
  readonly session: ServerSession;
  readonly subject: string;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const NO_TOKEN = "no token";
/** What CLOSE and the WebSocket say to who is turned away. */
const REASONS = { malformed: REASON_INVALID, full: REASON_THROTTLED, fault: REASON_UNSPECIFIED } as const;
const CODES = { token: 1008, malformed: 1002, full: 1013, fault: 1011 } as const;

const SILENT: BridgeLog = { info: () => {}, warn: () => {} };

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server of many sessions. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #limits: SessionLimits;
  readonly #log: BridgeLog;
  readonly #entries = new Map<string, Entry>();
  #isDraining = false;
  #count = 0;

  /** Throws TypeError for rules that are none. */
  constructor(options: BridgeOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#log = options.log ?? SILENT;
    policy(options.network, options.allow);
  }

  /** Sessions that are there. */
  get sessions(): number {
    return this.#entries.size;
  }

  /** Sockets of all sessions. */
  get sockets(): number {
    let sum = 0;
    for (const { session } of this.#entries.values()) sum += session.sockets;
    return sum;
  }

  /** Whether a new connection would be let in: it may not be worth the handshake. */
  get isFull(): boolean {
    return this.#isDraining || this.#entries.size >= (this.#options.sessions ?? 1000);
  }

  /** Counts a connection that a listener did not let in. */
  turnedAway(why: TurnedAway): void {
    this.#options.observer?.turnedAway?.(why);
  }

  /** Takes a connection. `version` 1: its client asked for no subprotocol. `from`: its address, for the log. */
  accept(transport: Transport, version: 1 | 2, from: string): void {
    const connection = ++this.#count;
    const context = { connection, from };
    if (version === 1) return this.#acceptFirst(transport, context);
    const name = crypto.getRandomValues(new Uint8Array(SESSION_SIZE));
    let session: ServerSession | null = null;
    let isStarted = false;
    let isGone = false;
    const late = setTimeout(() => {
      this.#options.observer?.turnedAway?.("late");
      transport.close(1002, "no INFO came");
    }, START_LIMIT);
    unref(late);
    transport.listen({
      packet: (packet) => {
        if (session !== null) return session.receive(transport, packet);
        if (isGone) return;
        if (isStarted) return this.#turnAway(transport, context, "malformed", "a packet before CONTINUE");
        isStarted = true;
        clearTimeout(late);
        this.#start(transport, packet, name, context).then(
          (made) => {
            session = made;
            if (isGone && made !== null) this.#lost(made, transport, "gone during the start");
          },
          (error: unknown) => {
            if (error instanceof MalformedPacket) return this.#turnAway(transport, context, "malformed", error.message);
            // Who judges tokens failed, or gave rules that are none: that is no fault of the other sessions.
            const message = error instanceof Error ? error.message : String(error);
            this.#turnAway(transport, context, "fault", message);
          },
        );
      },
      datagram: (packet) => session?.receiveLoosely(transport, packet),
      drained: () => session?.drained(),
      lost: (reason) => {
        clearTimeout(late);
        isGone = true;
        if (session !== null) this.#lost(session, transport, reason);
      },
    });
    const { grace, window } = this.#limits;
    transport.send(
      writeServerInfo({
        udp: true,
        password: this.#options.authenticate !== undefined,
        confirms: true,
        psx: { window, grace, session: name },
      }),
    );
  }

  /** A client of Wisp's first version: nothing is negotiated. */
  #acceptFirst(transport: Transport, context: Readonly<Record<string, unknown>>): void {
    if (this.#options.authenticate !== undefined) {
      return this.#turnAway(transport, context, "token", NO_TOKEN);
    }
    const session = this.#open(hexOf(crypto.getRandomValues(new Uint8Array(SESSION_SIZE))), null, null, context);
    transport.listen({
      packet: (packet) => session.receive(transport, packet),
      // Wisp has none.
      datagram: () => {},
      drained: () => session.drained(),
      lost: () => session.end(null),
    });
    session.attach(transport, 0);
    transport.send(new PacketWriter(CONTINUE, 0, 4).u32(STOCK_WINDOW).done());
  }

  async #start(
    transport: Transport,
    packet: Uint8Array,
    name: Uint8Array,
    context: Readonly<Record<string, unknown>>,
  ): Promise<ServerSession | null> {
    const info = readClientInfo(new PacketReader(packet));
    const grant = await this.#judge(info);
    if (grant === null) {
      this.#turnAway(transport, context, "token", info.token === "" ? NO_TOKEN : "a wrong token");
      return null;
    }
    const subject = grant?.subject ?? "";
    const { psx } = info;
    const resume = psx?.resume ?? null;
    const old = resume === null ? undefined : this.#entries.get(hexOf(resume.session));
    if (resume !== null && old !== undefined && old.subject === subject) {
      this.#resume(transport, old, resume.received, context);
      return old.session;
    }
    if (this.isFull) {
      this.#turnAway(transport, context, "full", "too many sessions");
      return null;
    }
    const session = this.#open(hexOf(name), psx?.window ?? null, grant ?? null, context);
    transport.send(new PacketWriter(CONTINUE, 0, 4).u32(STOCK_WINDOW).done());
    session.attach(transport, 0);
    return session;
  }

  /** undefined: everybody may come in. */
  async #judge(info: ClientInfo): Promise<Grant | null | undefined> {
    return this.#options.authenticate === undefined ? undefined : this.#options.authenticate(info.token);
  }

  #turnAway(
    transport: Transport,
    context: Readonly<Record<string, unknown>>,
    why: "token" | "malformed" | "full" | "fault",
    sentence: string,
  ): void {
    this.#log.warn(context, `turned away: ${sentence}`);
    this.#options.observer?.turnedAway?.(why);
    const none = sentence === NO_TOKEN;
    const reason = why === "token" ? (none ? REASON_NO_TOKEN : REASON_WRONG_TOKEN) : REASONS[why];
    transport.send(new PacketWriter(CLOSE, 0, 1).u8(reason).done());
    // What went wrong here is for the log alone.
    transport.close(CODES[why], why === "fault" ? "" : sentence.slice(0, 120));
  }

  #open(
    key: string,
    clientWindow: number | null,
    grant: Grant | null,
    context: Readonly<Record<string, unknown>>,
  ): ServerSession {
    const { network, observer = {} } = this.#options;
    const subject = grant?.subject ?? "";
    const about = subject === "" ? context : { ...context, subject };
    const audit = (event: AuditEvent): void => {
      this.#log.warn({ ...about, ...event }, "refused by policy");
    };
    const session = new ServerSession({
      network: (refused) =>
        policy(network, grant?.allow ?? this.#options.allow, (event) => {
          refused();
          audit(event);
        }),
      limits: this.#limits,
      observer,
      clientWindow,
      heartbeat: HEARTBEAT,
      over: (fault) => {
        clearTimeout(this.#entries.get(key)?.timer);
        this.#entries.delete(key);
        observer.session?.("closed");
        if (fault === null) this.#log.info(about, "session over");
        else this.#log.warn({ ...about, fault }, "session ended: the client broke the protocol");
      },
      lost: (reason) => this.#lost(session, null, reason),
    });
    this.#entries.set(key, { session, subject, timer: undefined });
    observer.session?.("opened");
    this.#log.info({ ...about, psx: clientWindow !== null }, "session opened");
    return session;
  }

  #resume(transport: Transport, entry: Entry, theirs: number, context: Readonly<Record<string, unknown>>): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    const { session } = entry;
    session.detach()?.close(1000, "the session goes on elsewhere");
    transport.send(new PacketWriter(RESUMED, 0, 4).u32(session.received).done());
    session.attach(transport, theirs);
    this.#options.observer?.session?.("resumed");
    this.#log.info(context, "session resumed");
  }

  /** A connection is gone: its session is kept for a while. `transport` is null if the session has let go of it already. */
  #lost(session: ServerSession, transport: Transport | null, reason: string): void {
    const entry = [...this.#entries.values()].find((each) => each.session === session);
    if (entry === undefined || entry.timer !== undefined) return;
    if (transport !== null && !session.isOn(transport)) return;
    session.detach();
    if (!session.isResumable || this.#isDraining) return session.end(null);
    this.#options.observer?.session?.("lost");
    this.#log.info({ reason, subject: entry.subject }, "connection lost");
    entry.timer = setTimeout(() => session.end(null), this.#limits.grace * 1000);
    unref(entry.timer);
  }

  /**
   * Lets nobody in any more and opens no socket. Sessions end when their last socket is gone, all of them after so many
   * milliseconds.
   */
  async drain(limit: number): Promise<void> {
    this.#isDraining = true;
    for (const { session } of [...this.#entries.values()]) session.isAttached ? session.drain() : session.end(null);
    const until = Date.now() + limit;
    while (this.#entries.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { session } of [...this.#entries.values()]) session.end(null);
  }
}
