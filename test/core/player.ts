// Plays a script on a core and on the model side by side, and complains where they differ. Owns time, what the network answers,
// and what happens while a call waits: the next events of the script, then its time runs out, then a signal ends it.

import * as errno from "../../assembly/shared/errno.js";
import * as event from "../../assembly/shared/event.js";
import { SIGUSR1, SIGUSR2 } from "../../assembly/shared/signal.js";
import type { Address } from "../../host/address.js";
import { areBytes } from "./bytes.js";
import type { FakeHost } from "./fake-host.js";
import { Guest } from "./guest.js";
import type { Reason } from "./model.js";
import { DatagramModel } from "./model-datagram.js";
import { TerminalModel } from "./model-pipe.js";
import { StreamModel } from "./model-stream.js";
import { addressOf } from "./names.js";
import { Happenings } from "./happenings.js";
import { HOST_STEPS, type Step } from "./step.js";
import { type Answers, type Line, Violation, Wire } from "./wire.js";

/** A call that may wait. */
export interface Waiting {
  /** Whether it has to, as things are now. */
  readonly blocks: () => boolean;
  readonly nonblocking: boolean;
  /** When it gives up. */
  readonly deadline: number;
  /** Whether it goes on after a handler with SA_RESTART. */
  readonly restarts: boolean;
}

/** A call that never waits. */
export const AT_ONCE: Waiting = { blocks: () => false, nonblocking: false, deadline: Infinity, restarts: true };

const WAITS = 500;
const GROUP = 100_000;

export class Player implements Answers {
  readonly host: FakeHost;
  readonly guest: Guest;
  readonly wire: Wire;
  readonly happenings: Happenings;
  readonly trace: string[] = [];
  /** Answers that a call waits for. */
  readonly owed: (() => void)[] = [];
  /** Handlers that should have run; those that have are counted by the handler. */
  signalled = 0;
  /** Calls that were made. */
  calls = 0;
  /** SIGPIPEs that should have been raised. */
  pipes = 0;
  /** Bytes that the present call has handed over. */
  done = 0;
  /** What the network said of the present datagram. */
  verdict = 0;
  /** Payload of the datagram that is sent: its number. */
  payload = 0;
  step: Step = { op: "", a: 0, b: 0, c: 0, net: 0 };
  /** Whether a connection broke while the present call was sending. */
  brokeInCall = false;
  #script: readonly Step[] = [];
  #cursor = 0;
  #waiting: Waiting = AT_ONCE;
  #reason: Reason = null;
  #waits = 0;

  constructor(host: FakeHost) {
    this.host = host;
    this.guest = new Guest(host);
    this.wire = new Wire(host, this);
    this.happenings = new Happenings(this);
    host.waiter = (milliseconds) => this.#wait(milliseconds);
  }

  /** Begins a script. */
  begin(script: readonly Step[]): void {
    this.#script = script;
    this.#cursor = 0;
    this.trace.length = 0;
  }

  /** The next step of the script. */
  next(): Step | undefined {
    const step = this.#script[this.#cursor++];
    if (step !== undefined) this.step = step;
    return step;
  }

  say(text: string): void {
    this.trace.push(text);
  }

  need(condition: boolean, text: string): void {
    if (!condition) throw new Violation(text);
  }

  /** Makes a call: its result and why it came back although there was nothing to do. */
  perform(waiting: Waiting, call: () => number): { result: number; reason: Reason } {
    this.calls++;
    this.#waiting = waiting;
    this.#reason = waiting.nonblocking ? "now" : null;
    this.#waits = 0;
    this.done = 0;
    this.verdict = 0;
    this.brokeInCall = false;
    const result = call();
    this.#waiting = AT_ONCE;
    return { result, reason: this.#reason };
  }

  #wait(milliseconds: number): void {
    const owed = this.owed.shift();
    if (owed !== undefined) return owed();
    this.need(this.#waits++ < WAITS, "the core goes on waiting");
    this.need(this.#reason !== "signal", "the core waits after a signal");
    this.need(this.#reason !== "timeout", "the core waits after its time");
    this.need(this.#waiting.blocks(), "the core waits, and need not");
    this.need(!this.#waiting.nonblocking, "a call that does not block waits");
    const until = Math.min(this.#waiting.deadline, this.#attempts());
    const left = until === Infinity ? -1 : until - this.host.now;
    this.need(Math.abs(left - milliseconds) < 1e-6, `the core waits ${milliseconds} ms, not ${left}`);
    if (this.#happenNext(true)) return;
    if (until === Infinity) this.raise(SIGUSR1);
    else this.pass(left);
  }

  /** The script's next step, if it is the host's. A turn takes no time. */
  #happenNext(mayPass: boolean): boolean {
    const step = this.#script[this.#cursor];
    if (step === undefined || !HOST_STEPS.has(step.op) || (step.op === "time" && !mayPass)) return false;
    this.#cursor++;
    this.happenings.happen(step);
    return true;
  }

  #attempts(): number {
    let first = Infinity;
    for (const { model } of this.wire.lines.values()) {
      if (model instanceof StreamModel && model.state === "connecting") first = Math.min(first, model.deadline);
    }
    return first;
  }

  /** Time passes. */
  pass(milliseconds: number): void {
    this.host.now += milliseconds;
    for (const { model } of this.wire.lines.values()) {
      if (model instanceof StreamModel) model.tick(this.host.now);
    }
    if (this.host.now >= this.#waiting.deadline) this.#reason ??= "timeout";
  }

  /** A signal comes. */
  raise(signal: number): void {
    this.signalled++;
    this.host.tell(event.EVENT_SIGNAL, 0, signal);
    if (signal !== SIGUSR2 || !this.#waiting.restarts) this.#reason ??= "signal";
  }

  // What the network does about requests.

  connect(line: Line, address: Address): void {
    const { model } = line;
    const how = this.step.net % 8;
    const late = (this.step.net & 8) !== 0;
    const then = (act: () => void): void => {
      if (late) this.owed.push(act);
      else act();
    };
    if (model instanceof DatagramModel) {
      then(() => this.#associate(line, model, address, how));
      return;
    }
    if (!(model instanceof StreamModel)) throw new Violation("CONNECT of what cannot");
    if (how === 0) {
      then(() => {
        line.phase = "idle";
        this.wire.giveBack(line);
        model.refuse(errno.ENETUNREACH);
        this.host.tell(event.EVENT_FAILED, line.id, errno.ENETUNREACH);
      });
    } else if (how < 3) then(() => this.happenings.connected(line, model));
    else then(() => this.host.tell(event.EVENT_BOUND, line.id, 0, 0, addressOf(line.domain, 40000)));
  }

  #associate(line: Line, model: DatagramModel, address: Address, how: number): void {
    if (how === 0) {
      this.verdict = errno.ENETUNREACH;
      model.peer = 0;
      this.host.tell(event.EVENT_FAILED, line.id, errno.ENETUNREACH);
      return;
    }
    this.verdict = 0;
    line.phase = "connected";
    model.peer = address.family === "unix" ? 0 : address.port + (isGroup(address) ? GROUP : 0);
    this.host.tell(event.EVENT_CONNECTED, line.id, 0, 0, addressOf(line.domain, 40000), address);
  }

  answer(line: Line, type: number): void {
    const act = (): void => {
      if (type === event.EVENT_ABORTED) {
        line.phase = "idle";
        line.tokens = [];
        line.shut = false;
        this.wire.giveBack(line);
        if (line.model instanceof StreamModel || line.model instanceof TerminalModel) line.model.outstanding = 0;
        this.host.tell(type, line.id);
        return;
      }
      // What can be refused is bind() and listen(); a DISCONNECT and the port for a first send cannot.
      const asked = this.step.op === "bind" || this.step.op === "listen";
      const verdict = asked && this.step.net % 8 === 0 ? errno.EADDRINUSE : 0;
      if (asked) this.verdict = verdict;
      if (type === event.EVENT_LISTENING && verdict === 0) line.phase = "listening";
      this.host.tell(type, line.id, verdict, 0, addressOf(line.domain, 40000));
    };
    if (this.step.net & 8) this.owed.push(act);
    else act();
  }

  sent(line: Line, length: number): void {
    const model = line.model as StreamModel | TerminalModel;
    model.outstanding += length;
    this.done += length;
    const how = this.step.net % 16;
    if (how < 4) this.happenings.take(line, Infinity);
    else if (how === 4 && line.sends.length < 4) this.happenings.take(line, length >> 1);
    else if (how === 5 && model instanceof StreamModel) {
      this.brokeInCall = true;
      this.happenings.fail(line, errno.ECONNRESET);
    }
  }

  refuses(line: Line, length: number): boolean {
    if (!this.brokeInCall || line.phase !== "idle") return false;
    this.done += length;
    return true;
  }

  datagram(line: Line, pointer: number, length: number): void {
    const bytes = this.host.memory.bytes(pointer, length);
    this.need(areBytes(bytes, this.payload, 0), "SENDTO of the wrong bytes");
    const act = (): void => {
      this.verdict = this.step.net % 8 === 0 ? errno.EHOSTUNREACH : 0;
      this.host.tell(event.EVENT_SENT, line.id, this.verdict, length);
    };
    if (this.step.net & 8) this.owed.push(act);
    else act();
  }

  option(line: Line): void {
    this.host.tell(event.EVENT_OPTION, line.id);
  }

  turn(id: number): void {
    if (this.step.net & 16 && this.#waiting.blocks()) this.#happenNext(false);
    const act = (): void => this.host.tell(event.EVENT_TURNED, id);
    if (this.step.net & 32) this.owed.push(act);
    else act();
  }
}

/** Nothing comes from a group's address. */
function isGroup(address: Address): boolean {
  return address.family !== "unix" && /^(224|ff)/.test(address.address);
}
