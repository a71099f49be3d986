// What happens by itself while a script is played: the host's steps. Each tells the core and the model.

import * as errno from "../../assembly/shared/errno.js";
import * as event from "../../assembly/shared/event.js";
import { SIGUSR1, SIGUSR2 } from "../../assembly/shared/signal.js";
import { AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from "../../assembly/shared/socket.js";
import { fillBytes } from "./bytes.js";
import type { DatagramModel } from "./model-datagram.js";
import { TerminalModel } from "./model-pipe.js";
import { StreamModel } from "./model-stream.js";
import { addressOf } from "./names.js";
import type { Player } from "./player.js";
import type { Step } from "./step.js";
import type { Line } from "./wire.js";

const FAILURES = [errno.ECONNREFUSED, errno.ETIMEDOUT, errno.ECONNRESET, errno.EHOSTUNREACH];
const SIZES = [1, 2, 3, 7, 100, 1000, 5000, 70000];

export class Happenings {
  readonly #player: Player;
  #tokens = 0;
  #datagrams = 0;

  constructor(player: Player) {
    this.#player = player;
  }

  /** A connection stands. */
  connected(line: Line, model: StreamModel | null): void {
    line.phase = "connected";
    model?.connected();
    const [local, peer] = [addressOf(line.domain, 40000), addressOf(line.domain, 80)];
    this.#player.host.tell(event.EVENT_CONNECTED, line.id, 0, 0, local, peer);
  }

  /** The network takes bytes. */
  take(line: Line, length: number): void {
    const taken = this.#player.wire.takeBytes(line, length);
    if (line.model instanceof StreamModel || line.model instanceof TerminalModel) line.model.outstanding -= taken;
    if (taken > 0) this.#player.host.tell(event.EVENT_SENT, line.id, 0, taken);
  }

  /** A connection or an attempt breaks. */
  fail(line: Line, wanted: number): void {
    line.phase = "idle";
    this.#player.wire.giveBack(line);
    if (line.model instanceof StreamModel) line.model.failed(wanted);
    this.#player.host.tell(event.EVENT_FAILED, line.id, wanted);
  }

  #lines(filter: (line: Line) => boolean): Line[] {
    return [...this.#player.wire.lines.values()].filter(filter);
  }

  /** A step of the host, if there is anything that it could be about. */
  happen(step: Step): void {
    const pick = (filter: (line: Line) => boolean): Line | undefined => {
      const found = this.#lines(filter);
      return found[step.a % Math.max(found.length, 1)];
    };
    const tell = (line: Line | undefined, act: (line: Line) => void): void => {
      if (line === undefined) return;
      this.#player.say(`  ${step.op} ${line.id & 0xffff}${line.closing ? " (closed)" : ""}`);
      act(line);
    };
    switch (step.op) {
      case "connected":
        return tell(
          pick((line) => line.phase === "attempting"),
          (line) => this.connected(line, line.model as StreamModel | null),
        );
      case "failed":
        return tell(
          pick(
            (line) =>
              isStreamLine(line) && (line.phase === "attempting" || (line.phase === "connected" && !isOver(line))),
          ),
          (line) => this.fail(line, failureOf(line, step.b)),
        );
      case "data":
        return tell(
          pick((line) => line.receive !== null && line.phase === "connected"),
          (line) => this.#arrive(line, step.b),
        );
      case "end":
        return tell(
          pick((line) => isStreamLine(line) && line.receive !== null && line.phase === "connected"),
          (line) => this.#end(line),
        );
      case "sent":
        return tell(
          pick((line) => line.sends.length > 0),
          (line) => this.take(line, step.b & 1 ? Infinity : (SIZES[step.b % SIZES.length] ?? 1)),
        );
      case "datagram":
        return tell(
          pick((line) => line.type === SOCK_DGRAM),
          (line) => this.#datagram(line, step.b),
        );
      case "error":
        return tell(
          pick((line) => line.type === SOCK_DGRAM && line.phase === "connected"),
          (line) => {
            (line.model as DatagramModel | null)?.failed(errno.ECONNREFUSED);
            this.#player.host.tell(event.EVENT_ERROR, line.id, errno.ECONNREFUSED);
          },
        );
      case "incoming":
        return tell(
          pick((line) => line.phase === "listening"),
          (line) => this.#incoming(line),
        );
      case "closed":
        return tell(
          pick((line) => line.closing),
          (line) => this.finish(line),
        );
      case "signal":
        this.#player.say(`  signal ${step.b % 3 === 0 ? "SIGUSR2, SA_RESTART" : "SIGUSR1"}`);
        return this.#player.raise(step.b % 3 === 0 ? SIGUSR2 : SIGUSR1);
      case "time":
        this.#player.say(`  time ${step.b % 8 === 0 ? 130_000 : 50} ms`);
        return this.#player.pass(step.b % 8 === 0 ? 130_000 : 50);
    }
  }

  #arrive(line: Line, draw: number): void {
    const length = this.#player.wire.arrive(line, SIZES[draw % SIZES.length] ?? 1);
    if (line.model instanceof StreamModel || line.model instanceof TerminalModel) line.model.unread += length;
  }

  #end(line: Line): void {
    line.ended = true;
    line.receive = null;
    if (line.model instanceof StreamModel) {
      line.model.ended = true;
      line.model.shut |= 1;
    }
    this.#player.host.tell(event.EVENT_END, line.id);
  }

  #datagram(line: Line, draw: number): void {
    const number = ++this.#datagrams % 200;
    const length = draw % 5 === 0 ? 0 : draw;
    const port = draw & 1 ? 80 : 81;
    const payload = new Uint8Array(length);
    fillBytes(payload, number, 0);
    (line.model as DatagramModel | null)?.datagram(number, length, port);
    this.#player.host.tellDatagram(line.id, addressOf(line.domain, port), payload);
  }

  #incoming(line: Line): void {
    const token = ++this.#tokens;
    line.tokens.push(token);
    (line.model as StreamModel | null)?.pending.push(token);
    const [local, peer] = [addressOf(line.domain, 40000), addressOf(line.domain, 80)];
    this.#player.host.tell(event.EVENT_INCOMING, line.id, token, 0, local, peer);
  }

  /** The host is done with a line that the guest has closed. */
  finish(line: Line): void {
    this.#player.wire.remove(line);
    this.#player.host.tell(event.EVENT_CLOSED, line.id);
  }
}

function isStreamLine(line: Line): boolean {
  return line.type === SOCK_STREAM;
}

/** Both directions have ended: what a reset would do then is the kernel's timing. */
function isOver(line: Line): boolean {
  return line.ended && line.shut;
}

/** errno of a break: an AF_UNIX attempt is only ever refused, and a peer that has closed has closed. */
function failureOf(line: Line, draw: number): number {
  if (line.domain === AF_UNIX) return line.phase === "attempting" ? errno.ECONNREFUSED : errno.ECONNRESET;
  if (line.phase === "connected") return draw % 2 ? errno.ETIMEDOUT : errno.ECONNRESET;
  return FAILURES[draw % FAILURES.length] ?? errno.ECONNREFUSED;
}
