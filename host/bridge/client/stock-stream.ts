// A stream socket at a server of Wisp: one stream of Wisp's for each connection. Owns its state, and what waits in both directions.

import { ECONNABORTED, ECONNREFUSED, ECONNRESET, ENETDOWN, EPIPE } from "../../../assembly/shared/errno.js";
import { SHUT_RD, SHUT_WR } from "../../../assembly/shared/socket.js";
import type { InternetAddress } from "../../address.js";
import { DATA, KIND_STREAM, REASON_CLIENT, REASON_VOLUNTARY } from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import { Intake } from "./intake.js";
import { Outbox } from "./outbox.js";
import { errnoOfReason, type StockParts, type StockSocket } from "./stock-socket.js";

/** Bytes waiting on the connection above which a guest is held back. */
const FULL = 1 << 20;
/** Most bytes that wait for a guest that does not read: Wisp cannot ask its server to wait. */
const INBOX_MAX = 64 << 20;

/** A stream. */
export class StockStream implements StockSocket {
  readonly #parts: StockParts;
  readonly #id: number;
  readonly #domain: number;
  /** Its stream of Wisp's; 0: none. */
  #stream = 0;
  /** connect() waits for the server's word: the names that the connection will have. */
  #dialling: { readonly local: InternetAddress; readonly peer: InternetAddress } | null = null;
  #isConnected = false;
  #hasReceived = false;
  /** An errno that is told once the bytes before it were read. */
  #failure = 0;
  /** Packets that the server takes. */
  #room = 0;
  readonly #intake: Intake;
  readonly #outbox = new Outbox();
  #isClosing = false;

  constructor(parts: StockParts, id: number, domain: number) {
    const { events, memory } = parts;
    this.#parts = parts;
    this.#id = id;
    this.#domain = domain;
    this.#intake = new Intake(memory, INBOX_MAX, {
      data: (length) => events.data(id, length),
      end: () => events.end(id),
      // Wisp has no word for it.
      credit: () => {},
    });
  }

  connect(to: InternetAddress): void {
    const { confirms, connect, events, local, packets, transport } = this.#parts;
    this.#hangUp(REASON_VOLUNTARY);
    this.#reset();
    if (transport() === null) return events.failed(this.#id, ENETDOWN);
    const names = { local: local(this.#domain), peer: to };
    this.#dialling = names;
    this.#room = packets;
    this.#stream = connect(this, KIND_STREAM, to);
    events.bound(this.#id, 0, names.local);
    // Stock servers say nothing when a stream is open: from here on it counts as such.
    if (!confirms) this.#stands();
  }

  #stands(): void {
    if (this.#dialling === null) return;
    const { local, peer } = this.#dialling;
    this.#dialling = null;
    this.#isConnected = true;
    this.#parts.events.connected(this.#id, local, peer);
    this.#deliver();
  }

  data(_: number, bytes: Uint8Array): void {
    this.#stands();
    this.#hasReceived = true;
    if (this.#intake.put(bytes)) return this.#deliver();
    this.#hangUp(REASON_CLIENT);
    this.#fail(ECONNABORTED);
  }

  room(packets: number): void {
    this.#room = packets;
    this.#stands();
    this.drained();
  }

  over(_: number, reason: number): void {
    this.#stream = 0;
    if (reason !== REASON_VOLUNTARY) {
      return this.#fail(errnoOfReason(reason) ?? (this.#hasReceived ? ECONNRESET : ECONNREFUSED));
    }
    this.#stands();
    this.#intake.end();
    this.#deliver();
  }

  lost(): void {
    this.#stream = 0;
    this.#fail(this.#isConnected ? ECONNRESET : ENETDOWN);
  }

  #fail(errno: number): void {
    if (this.#isClosing) return this.#gone();
    this.#failure = errno;
    if (!this.#intake.hasBytes || !this.#outbox.isEmpty) this.#tellFailure();
  }

  #tellFailure(): void {
    const errno = this.#failure;
    this.#reset();
    this.#parts.events.failed(this.#id, errno);
  }

  #deliver(): void {
    if (this.#dialling !== null) return;
    this.#intake.deliver();
    if (this.#failure !== 0 && !this.#intake.hasBytes) this.#tellFailure();
  }

  receive(pointer: number, capacity: number): void {
    this.#intake.lend(pointer, capacity);
    this.#deliver();
  }

  send(pointer: number, length: number): void {
    if (this.#failure !== 0) return this.#tellFailure();
    // Wisp's CLOSE ends both directions: what is sent now is answered as a kernel's peer would, with a reset (tcp_reset: EPIPE
    // in CLOSE_WAIT).
    if (this.#stream === 0) return this.#fail(EPIPE);
    this.#outbox.put(pointer, length);
    this.drained();
  }

  /** A stream has no other peer. */
  sendto(pointer: number, length: number): void {
    this.send(pointer, length);
  }

  drained(): void {
    const { events, memory } = this.#parts;
    const transport = this.#parts.transport();
    if (transport === null || this.#stream === 0) return;
    const done = this.#outbox.flush(
      memory,
      () => (this.#room > 0 && transport.buffered < FULL ? Number.POSITIVE_INFINITY : 0),
      (bytes) => {
        this.#room--;
        transport.send(new PacketWriter(DATA, this.#stream, bytes.length).bytes(bytes).done());
      },
    );
    if (done > 0 && !this.#isClosing) events.sent(this.#id, 0, done);
    if (!this.#isClosing || !this.#outbox.isEmpty) return;
    this.#hangUp(REASON_VOLUNTARY);
    this.#gone();
  }

  disconnect(): void {
    this.#hangUp(REASON_VOLUNTARY);
    this.#reset();
    this.#parts.events.bound(this.#id, 0, null);
  }

  abort(): void {
    this.#hangUp(REASON_CLIENT);
    this.#reset();
    this.#parts.events.aborted(this.#id);
  }

  /** There is no half close in Wisp: reading goes on, and the peer hears of the end when the socket closes. */
  shutdown(how: number): void {
    if (how & SHUT_RD && !(how & SHUT_WR)) this.#intake.drop();
  }

  close(isReset: boolean): void {
    this.#isClosing = true;
    this.#intake.withdraw();
    if (this.#stream !== 0 && !isReset && !this.#outbox.isEmpty) return;
    this.#hangUp(isReset ? REASON_CLIENT : REASON_VOLUNTARY);
    this.#gone();
  }

  #hangUp(reason: number): void {
    if (this.#stream !== 0) this.#parts.end(this.#stream, reason);
    this.#stream = 0;
  }

  #gone(): void {
    this.#outbox.clear();
    this.#parts.forget(this.#id);
    this.#parts.events.closed(this.#id);
  }

  /** Forgets the connection that was. */
  #reset(): void {
    this.#isConnected = false;
    this.#dialling = null;
    this.#hasReceived = false;
    this.#failure = 0;
    this.#intake.reset();
    this.#outbox.clear();
  }
}
