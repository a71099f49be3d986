// Two ends of a connection in memory, for tests of the bridge: packets arrive a turn later, and the connection can be cut or
// held. Owns nothing of the protocol.

import type { Transport, TransportReceiver } from "../host/bridge/transport.js";

/** One end. */
export class PipeEnd implements Transport {
  hasDatagrams = false;
  buffered = 0;
  /** Packets that this end has sent, by type. */
  readonly sent: number[] = [];
  #other: PipeEnd | null = null;
  #receiver: TransportReceiver | null = null;
  #early: Uint8Array[] = [];
  #isOpen = true;
  #isHeld = false;
  #heldBack: Uint8Array<ArrayBuffer>[] = [];

  /** Two ends. */
  static pair(): readonly [PipeEnd, PipeEnd] {
    const one = new PipeEnd();
    const other = new PipeEnd();
    one.#other = other;
    other.#other = one;
    return [one, other];
  }

  listen(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    for (const packet of this.#early.splice(0)) receiver.packet(packet);
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    if (!this.#isOpen) return;
    this.sent.push(packet[0] ?? 0);
    this.buffered += packet.length;
    if (this.#isHeld) this.#heldBack.push(packet);
    else setImmediate(() => this.#carry(packet));
  }

  #carry(packet: Uint8Array<ArrayBuffer>): void {
    const full = this.buffered > 0;
    this.buffered -= packet.length;
    const other = this.#other;
    if (!this.#isOpen || other === null) return;
    if (other.#receiver === null) other.#early.push(packet);
    else other.#receiver.packet(packet);
    if (full && this.buffered === 0) this.#receiver?.drained();
  }

  /** While held, nothing that this end sends arrives. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) for (const packet of this.#heldBack.splice(0)) setImmediate(() => this.#carry(packet));
  }

  sendDatagram(): boolean {
    return false;
  }

  close(_code: number, reason: string): void {
    // Behind what was sent.
    setImmediate(() => this.cut(reason));
  }

  /** Both ends are told that the connection is gone; what is on its way is lost. */
  cut(reason: string): void {
    const other = this.#other;
    if (!this.#isOpen || other === null) return;
    this.#isOpen = false;
    other.#isOpen = false;
    setImmediate(() => {
      this.#receiver?.lost(reason);
      other.#receiver?.lost(reason);
    });
  }
}
