// Connections that a listening stream has and its guest has not: those told and not adopted, and those that wait for room.
// Owns the length rule; the streams themselves are stream.ts's.

import { ECONNREFUSED } from "../../assembly/shared/errno.js";
import type { Fabric } from "./fabric.js";
import type { Stream } from "./stream.js";

/** A client that asks to be connected. */
export interface Caller {
  readonly stream: Stream;
  /** It still wants to be. */
  wants(): boolean;
  /** Tells it that it is. */
  accepted(): void;
  /** Tells it that it will not be. */
  refused(errno: number): void;
}

/** The queue of one listener. */
export class Backlog {
  private readonly listener: Stream;
  private readonly fabric: Fabric;
  private length: number;
  private readonly pending = new Map<number, Stream>();
  private waiting: Caller[] = [];

  constructor(listener: Stream, fabric: Fabric, length: number) {
    this.listener = listener;
    this.fabric = fabric;
    this.length = length;
  }

  /** Whether a caller has to wait: Linux takes one more than was asked for. */
  get full(): boolean {
    return this.pending.size > this.length;
  }

  /** Connects a caller now, or as soon as there is room. */
  offer(caller: Caller): void {
    if (this.full) this.waiting.push(caller);
    else this.admit(caller);
  }

  private admit(caller: Caller): void {
    const { listener, fabric } = this;
    const stream = listener.embryo(caller.stream);
    const token = fabric.newToken(this);
    caller.stream.join(stream);
    this.pending.set(token, stream);
    fabric.queue.push(() => {
      if (!this.pending.has(token)) return;
      listener.owner.events.incoming(listener.id, token, stream.localAddress(), stream.peerAddress());
    });
    caller.accepted();
  }

  /** Whether these are connections of that guest. */
  isOf(owner: Stream["owner"]): boolean {
    return this.listener.owner === owner;
  }

  /** Gives up a connection to its guest. */
  take(token: number): Stream | undefined {
    const stream = this.pending.get(token);
    this.pending.delete(token);
    this.fabric.queue.push(() => this.refill());
    return stream;
  }

  /** listen(2) once more. */
  resize(length: number): void {
    this.length = length;
    this.fabric.queue.push(() => this.refill());
  }

  private refill(): void {
    while (!this.full) {
      const caller = this.waiting.shift();
      if (caller === undefined) return;
      if (caller.wants()) this.admit(caller);
    }
  }

  /** The listener is gone: what was not adopted is reset, what waits is refused. */
  dispose(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const [token, stream] of this.pending) {
      this.fabric.dropToken(token);
      stream.close(true);
    }
    this.pending.clear();
    for (const caller of waiting) {
      this.fabric.queue.push(() => {
        if (caller.wants()) caller.refused(ECONNREFUSED);
      });
    }
  }
}
