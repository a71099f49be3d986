// A page's WebTransport and a server's session in memory, for tests of what carries packets between them: bytes arrive a turn later,
// in pieces, datagrams may be dropped, and the client may stop taking. Owns nothing of the protocol.

import type { WebTransportLike } from "../host/bridge/webtransport.js";
import type { SessionReceiver, WebTransportSession } from "../host/node/http3/connection.js";

/** The id that a page's first stream has. */
const STREAM = 4;
/** Milliseconds that a datagram takes: packets overtake it. */
const LATER = 5;

/** Both ends. */
export class WebTransportPair implements WebTransportLike, WebTransportSession {
  readonly remote = "test";
  readonly ready: Promise<void> = Promise.resolve();
  readonly closed: Promise<{ closeCode?: number; reason?: string }>;
  readonly datagrams: WebTransportLike["datagrams"];
  /** Whether datagrams are dropped. */
  losesDatagrams = false;
  /** Datagrams that travelled, client's and server's. */
  readonly carried = { up: 0, down: 0 };
  /** How the server ended the session, and the client. */
  ends: { server?: { code: number; reason: string }; client?: { closeCode?: number; reason?: string } } = {};
  readonly #receiver: SessionReceiver;
  #settle: { resolve(value: { closeCode?: number; reason?: string }): void; reject(error: Error): void } | undefined;
  #down: ReadableStreamDefaultController<Uint8Array> | undefined;
  #downDatagrams: ReadableStreamDefaultController<Uint8Array> | undefined;
  #waiting: { bytes: Uint8Array; isEnd: boolean }[] = [];
  #waitingBytes = 0;
  #isHeld = false;
  #isOver = false;

  /** `open` gives the server's end. */
  constructor(open: (session: WebTransportSession) => SessionReceiver) {
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#receiver = open(this);
    this.datagrams = {
      maxDatagramSize: 1024,
      readable: new ReadableStream({
        start: (controller) => {
          this.#downDatagrams = controller;
        },
      }),
      writable: new WritableStream({
        write: (bytes) => {
          if (this.losesDatagrams) return;
          this.carried.up++;
          setTimeout(() => {
            if (!this.#isOver) this.#receiver.datagram(bytes.slice());
          }, LATER);
        },
      }),
    };
  }

  async createBidirectionalStream(): ReturnType<WebTransportLike["createBidirectionalStream"]> {
    const readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#down = controller;
      },
    });
    this.#receiver.stream(STREAM);
    const writable = new WritableStream<Uint8Array>({
      write: async (bytes) => {
        await new Promise((resolve) => setImmediate(resolve));
        // In two pieces, as networks do.
        const half = bytes.length >> 1;
        for (const part of [bytes.slice(0, half), bytes.slice(half)]) {
          if (!this.#isOver) this.#receiver.data(STREAM, part, false);
        }
      },
      close: () => {
        setImmediate(() => {
          if (!this.#isOver) this.#receiver.data(STREAM, new Uint8Array(0), true);
        });
      },
    });
    return { readable, writable };
  }

  /** While held, the client's QUIC takes nothing. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    setImmediate(() => this.#carry());
  }

  /** The connection is gone for both, without a word. */
  cut(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const error = new Error(reason);
    this.#down?.error(error);
    this.#downDatagrams?.error(error);
    this.#settle?.reject(error);
    setImmediate(() => this.#receiver.closed(reason));
  }

  /** A datagram comes to the server that the page's own program did not send. */
  intrude(bytes: Uint8Array): void {
    this.#receiver.datagram(bytes);
  }

  send(_: number, bytes: Uint8Array, isEnd = false): void {
    this.#waiting.push({ bytes, isEnd });
    this.#waitingBytes += bytes.length;
    setImmediate(() => this.#carry());
  }

  #carry(): void {
    if (this.#isHeld || this.#isOver) return;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { bytes, isEnd } = next;
      const before = this.#waitingBytes;
      this.#waitingBytes -= bytes.length;
      const half = bytes.length >> 1;
      for (const part of [bytes.slice(0, half), bytes.slice(half)]) if (part.length > 0) this.#down?.enqueue(part);
      if (isEnd) this.#down?.close();
      if (before > 256 << 10 && this.#waitingBytes <= 256 << 10) this.#receiver.drained(STREAM);
    }
  }

  buffered(): number {
    return this.#waitingBytes;
  }

  sendDatagram(bytes: Uint8Array): boolean {
    if (bytes.length > 1200) return false;
    if (this.losesDatagrams || this.#isOver) return true;
    this.carried.down++;
    const copy = bytes.slice();
    setTimeout(() => {
      if (!this.#isOver) this.#downDatagrams?.enqueue(copy);
    }, LATER);
    return true;
  }

  abort(): void {
    throw new Error("no stream was given up");
  }

  close(how: { code?: number; closeCode?: number; reason?: string } = {}): void {
    const { code, closeCode, reason = "" } = how;
    if (this.#isOver) return;
    this.#isOver = true;
    if (code !== undefined) this.ends.server = { code, reason };
    else this.ends.client = how;
    const end = { closeCode: code ?? closeCode ?? 0, reason };
    try {
      this.#down?.close();
    } catch {
      // Ended already.
    }
    this.#downDatagrams?.close();
    setImmediate(() => {
      this.#settle?.resolve(end);
      this.#receiver.closed(reason);
    });
  }
}
