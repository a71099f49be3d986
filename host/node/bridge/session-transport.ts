// A client's session of WebTransport as what carries packets: they travel on the first stream that it opens. Owns the end: the last
// packets, then the reason, each after the client has taken what came before.

import { framed, PacketSplitter } from "../../bridge/frames.js";
import { unref } from "../../bridge/link.js";
import { MalformedPacket } from "../../bridge/protocol/reader.js";
import type { Transport, TransportReceiver } from "../../bridge/transport.js";
import type { SessionReceiver, WebTransportSession } from "../http3/connection.js";

/** Milliseconds in which a client may take the last packets. */
const FAREWELL = 500;
const NOTHING = new Uint8Array(0);
/** What a WebSocket calls a message that is too long. */
const TOO_LONG = 1009;

/** A connection over a session. */
export class SessionTransport implements Transport, SessionReceiver {
  readonly hasDatagrams = true;
  readonly #session: WebTransportSession;
  readonly #begun: (transport: Transport) => void;
  readonly #over: () => void;
  #stream: number | null = null;
  readonly #splitter = new PacketSplitter();
  #receiver: TransportReceiver | null = null;
  #isLost = false;
  /** How it ends, while the client takes the last packets. */
  #ending: { readonly code: number; readonly reason: string } | null = null;
  #late: ReturnType<typeof setTimeout> | undefined;

  /** `begun` is called when the client has opened its stream, `over` when the session is gone. */
  constructor(session: WebTransportSession, begun: (transport: Transport) => void, over: () => void) {
    this.#session = session;
    this.#begun = begun;
    this.#over = over;
  }

  get buffered(): number {
    return this.#stream === null ? 0 : this.#session.buffered(this.#stream);
  }

  listen(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    if (!this.#isLost && this.#stream !== null) this.#session.send(this.#stream, framed(packet));
  }

  sendDatagram(packet: Uint8Array<ArrayBuffer>): boolean {
    return this.#isLost || this.#session.sendDatagram(packet);
  }

  close(code: number, reason: string): void {
    if (this.#isLost) return;
    this.#ending = { code, reason };
    this.#lost(reason === "" ? "closed here" : reason);
    if (this.#stream === null) return this.#finish();
    this.#session.send(this.#stream, NOTHING, true);
    this.#late = setTimeout(() => this.#finish(), FAREWELL);
    unref(this.#late);
  }

  #finish(): void {
    clearTimeout(this.#late);
    const end = this.#ending;
    this.#ending = null;
    if (end !== null) this.#session.close(end);
  }

  #lost(reason: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#receiver?.lost(reason);
  }

  stream(stream: number): boolean {
    if (this.#stream !== null || this.#isLost) return false;
    this.#stream = stream;
    this.#begun(this);
    return true;
  }

  data(_: number, bytes: Uint8Array, isEnd: boolean): void {
    if (!this.#isLost) this.#split(bytes);
    if (!isEnd) return;
    this.#lost("the client ended its stream");
    this.#ending ??= { code: 1000, reason: "" };
    this.#finish();
  }

  #split(bytes: Uint8Array): void {
    try {
      this.#splitter.push(bytes, (packet) => {
        if (!this.#isLost) this.#receiver?.packet(packet);
      });
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error;
      this.close(TOO_LONG, error.message);
    }
  }

  aborted(): void {
    this.data(0, NOTHING, true);
  }

  datagram(bytes: Uint8Array): void {
    if (!this.#isLost) this.#receiver?.datagram(bytes);
  }

  drained(): void {
    if (!this.#isLost) this.#receiver?.drained();
  }

  closed(reason: string): void {
    clearTimeout(this.#late);
    this.#ending = null;
    this.#lost(reason);
    this.#over();
  }
}
