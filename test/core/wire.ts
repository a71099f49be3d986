// The network behind a core that a property test plays with. Owns what host/network.ts says between the two: which request may
// come when, what is on loan, and that loans never overlap and are not written to by the core. What happens, and when, is the
// player's to say.

import type { Address } from "../../host/address.js";
import * as event from "../../assembly/shared/event.js";
import * as request from "../../assembly/shared/request.js";
import { SOCK_DGRAM } from "../../assembly/shared/socket.js";
import { areBytes, fillBytes } from "./bytes.js";
import type { Asked, FakeHost } from "./fake-host.js";
import type { Model } from "./model.js";

/** Memory that the core has lent. */
interface Loan {
  pointer: number;
  length: number;
  /** Where its first byte stands in what the guest has sent. */
  position: number;
}

/** A socket as the network knows it. */
export interface Line {
  readonly id: number;
  readonly domain: number;
  readonly type: number;
  /** Null once the guest has closed it. */
  model: Model | null;
  phase: "idle" | "attempting" | "connected" | "listening";
  receive: Loan | null;
  sends: Loan[];
  shut: boolean;
  ended: boolean;
  closing: boolean;
  reset: boolean;
  tokens: number[];
  readonly inKey: number;
  readonly outKey: number;
  received: number;
}

/** What the player does about a request, once it was found to be in order. */
export interface Answers {
  connect(line: Line, address: Address): void;
  answer(line: Line, type: number): void;
  sent(line: Line, length: number): void;
  /** Whether the connection has broken in the very call that sends, which the core cannot know yet: nothing is answered. */
  refuses(line: Line, length: number): boolean;
  datagram(line: Line, pointer: number, length: number, to: Address | null): void;
  turn(id: number): void;
  option(line: Line): void;
}

const CANARY = 0xa5;

/** Says what the core has done wrong. */
export class Violation extends Error {
  override name = "Violation";
}

function need(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Violation(text);
}

/** The network's sockets. */
export class Wire {
  readonly lines = new Map<number, Line>();
  readonly #host: FakeHost;
  readonly #answers: Answers;
  /** Whose line the next OPEN or ADOPT makes. */
  opening: Model | null = null;

  constructor(host: FakeHost, answers: Answers) {
    this.#host = host;
    this.#answers = answers;
    host.automatic = false;
    host.answer = (asked) => this.#request(asked);
  }

  /** A line that the core has told of. */
  add(id: number, domain: number, type: number, model: Model, phase: Line["phase"]): Line {
    need(!this.lines.has(id), `id ${id} is in use`);
    const line: Line = {
      id,
      domain,
      type,
      model,
      phase,
      receive: null,
      sends: [],
      shut: false,
      ended: false,
      closing: false,
      reset: false,
      tokens: [],
      inKey: model.inKey,
      outKey: model.outKey,
      received: 0,
    };
    this.lines.set(id, line);
    return line;
  }

  /** The line of an open description. */
  lineOf(model: Model): Line | undefined {
    for (const line of this.lines.values()) if (line.model === model) return line;
    return undefined;
  }

  #open(id: number, domain: number, type: number, phase: Line["phase"]): void {
    const { opening } = this;
    need(opening !== null, "a socket is opened that nobody asked for");
    this.opening = null;
    this.add(id, domain, type, opening, phase);
  }

  #request({ op, id, a, b, c }: Asked): void {
    const host = this.#host;
    // The list of requests is for other tests.
    host.asked.length = 0;
    if (op === request.REQUEST_TURN) return this.#answers.turn(id);
    if (op === request.REQUEST_OPEN) return this.#open(id, a, b, "idle");
    if (op === request.REQUEST_ADOPT) return this.#adopt(id, a);
    const line = this.lines.get(id);
    need(line !== undefined, `request ${op} for id ${id}, which is not open`);
    need(!line.closing, `request ${op} for id ${id} after CLOSE`);
    switch (op) {
      case request.REQUEST_BIND:
        need(line.phase === "idle", "BIND in the middle of something");
        return this.#answers.answer(line, event.EVENT_BOUND);
      case request.REQUEST_CONNECT:
        return this.#connect(line, a);
      case request.REQUEST_DISCONNECT:
        need(line.type === SOCK_DGRAM, "DISCONNECT of a stream");
        line.phase = "idle";
        return this.#answers.answer(line, event.EVENT_BOUND);
      case request.REQUEST_ABORT:
        need(line.phase !== "idle", "ABORT of nothing");
        return this.#answers.answer(line, event.EVENT_ABORTED);
      case request.REQUEST_LISTEN:
        need(line.phase === "idle" || line.phase === "listening", "LISTEN in the middle of something");
        return this.#answers.answer(line, event.EVENT_LISTENING);
      case request.REQUEST_RECEIVE:
        return this.#lend(line, a, b);
      case request.REQUEST_SEND:
        return this.#send(line, a, b);
      case request.REQUEST_SENDTO:
        need(line.type === SOCK_DGRAM, "SENDTO on a stream");
        return this.#answers.datagram(line, a, b, c === 0 ? null : host.addressAt(c));
      case request.REQUEST_SHUTDOWN:
        need(line.phase === "connected", "SHUTDOWN of what is not connected");
        if (a & 2) line.shut = true;
        return;
      case request.REQUEST_CLOSE:
        line.closing = true;
        line.model = null;
        line.reset = a !== 0;
        return;
      case request.REQUEST_OPTION:
        return this.#answers.option(line);
    }
    need(false, `request ${op} is unknown`);
  }

  #connect(line: Line, endpoint: number): void {
    const address = this.#host.addressAt(endpoint);
    need(address !== null, "CONNECT to no address");
    need(line.phase === "idle" || line.type === SOCK_DGRAM, `CONNECT while ${line.phase}`);
    if (line.type !== SOCK_DGRAM) {
      line.phase = "attempting";
      line.shut = false;
      line.ended = false;
    }
    this.#answers.connect(line, address);
  }

  #adopt(id: number, token: number): void {
    const listener = [...this.lines.values()].find((line) => line.tokens.includes(token));
    need(listener !== undefined, `ADOPT of token ${token}, which nobody has`);
    listener.tokens = listener.tokens.filter((other) => other !== token);
    this.#open(id, listener.domain, listener.type, "connected");
  }

  #claim(pointer: number, length: number): void {
    for (const { receive, sends } of this.lines.values()) {
      for (const loan of receive === null ? sends : [receive, ...sends]) {
        const apart = pointer + length <= loan.pointer || loan.pointer + loan.length <= pointer;
        need(apart, `memory at ${pointer} is lent twice`);
      }
    }
  }

  #lend(line: Line, pointer: number, length: number): void {
    need(line.phase === "connected" || line.phase === "attempting", `RECEIVE while ${line.phase}`);
    need(line.receive === null, "RECEIVE twice");
    need(!line.ended, "RECEIVE after END");
    this.#claim(pointer, length);
    line.receive = { pointer, length, position: 0 };
    this.#host.memory.bytes(pointer, Math.min(length, 32)).fill(CANARY);
  }

  #send(line: Line, pointer: number, length: number): void {
    const { model } = line;
    if (this.#answers.refuses(line, length)) return;
    need(model !== null && line.phase === "connected", `SEND while ${line.phase}`);
    need(!line.shut, "SEND after SHUTDOWN");
    need(length > 0, "SEND of nothing");
    this.#claim(pointer, length);
    need(areBytes(this.#host.memory.bytes(pointer, length), line.outKey, model.sent), "SEND of the wrong bytes");
    line.sends.push({ pointer, length, position: model.sent });
    model.sent += length;
    this.#answers.sent(line, length);
  }

  /** Everything on loan comes back, as it was. */
  giveBack(line: Line): void {
    this.#checkCanary(line);
    line.receive = null;
    this.takeBytes(line, Infinity);
  }

  #checkCanary(line: Line): void {
    const { receive } = line;
    if (receive === null) return;
    const bytes = this.#host.memory.bytes(receive.pointer, Math.min(receive.length, 32));
    need(
      bytes.every((byte) => byte === CANARY),
      "the core has written to the receive memory that it has lent",
    );
  }

  /** The network takes up to `length` bytes of what was sent: how many. */
  takeBytes(line: Line, length: number): number {
    let taken = 0;
    while (taken < length) {
      const [loan] = line.sends;
      if (loan === undefined) break;
      const part = Math.min(loan.length, length - taken);
      const bytes = this.#host.memory.bytes(loan.pointer, part);
      need(areBytes(bytes, line.outKey, loan.position), "the core has written to the send memory that it has lent");
      taken += part;
      loan.pointer += part;
      loan.position += part;
      loan.length -= part;
      if (loan.length === 0) line.sends.shift();
    }
    return taken;
  }

  /** `length` bytes arrive: how many had room. */
  arrive(line: Line, length: number): number {
    const { receive } = line;
    if (receive === null) return 0;
    this.#checkCanary(line);
    const part = Math.min(length, receive.length);
    fillBytes(this.#host.memory.bytes(receive.pointer, part), line.inKey, line.received);
    line.received += part;
    line.receive = null;
    this.#host.tell(event.EVENT_DATA, line.id, part);
    return part;
  }

  /** The line of an id is gone. */
  remove(line: Line): void {
    this.giveBack(line);
    this.lines.delete(line.id);
  }
}
