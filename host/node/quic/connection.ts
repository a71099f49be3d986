// One QUIC connection on a server: what comes goes into quiche, what quiche has goes out, as the UDP socket takes it, and its timer runs.
// Owns what waits on its streams. It stays where it began: a client whose address changes begins anew, and its session is resumed.

import { Outbox } from "./outbox.js";
import type { QuicConnection, QuicReceiver } from "./quic.js";
import { type HostPort, PAYLOAD_MAX, type QuicheConnection } from "./quiche.js";

/** Bytes that wait on a stream under which its sender is told. */
const LOW = 256 << 10;
/** Datagrams sent in a row, before others have their turn. */
const BURST = 64;
const READ = 0;
const WRITE = 1;

/** What quiche gives is read into these, one after the other: all of it happens in one turn. */
const landing = new Uint8Array(64 << 10);
const departing = new Uint8Array(PAYLOAD_MAX);

/** What a connection has of its server. */
export interface ConnectionParts {
  readonly conn: QuicheConnection;
  readonly local: HostPort;
  readonly remote: HostPort;
  /** Whether the UDP socket has all that it can take; `resume` is called when that is over. */
  isCongested(resume: () => void): boolean;
  /** Sends a UDP datagram to the client; it is copied. */
  transmit(datagram: Uint8Array): void;
  /** The handshake is over: who hears of the connection. */
  established(connection: QuicConnection): QuicReceiver;
  /** It is gone, to the last packet. */
  over(): void;
}

/** A connection. */
export class ServerConnection implements QuicConnection {
  readonly #parts: ConnectionParts;
  readonly #conn: QuicheConnection;
  readonly #outbox = new Outbox();
  #receiver: QuicReceiver | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isScheduled = false;
  #isGone = false;
  #isOver = false;
  #hasHeard = false;
  #isEstablished = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#conn = parts.conn;
  }

  get remote(): string {
    return this.#parts.remote.host;
  }

  /** Takes a UDP datagram of the client. */
  receive(datagram: Uint8Array): void {
    if (this.#isOver) return;
    this.#hasHeard = true;
    try {
      this.#conn.recv(datagram, { from: this.#parts.remote, to: this.#parts.local });
    } catch {
      // quiche ends the connection with what is wrong where that is called for.
    }
    if (!this.#isEstablished && !this.#isGone && this.#conn.isEstablished()) {
      this.#isEstablished = true;
      this.#receiver = this.#parts.established(this);
    }
    if (this.#receiver !== null) this.#read(this.#receiver);
    this.#schedule();
  }

  /** Called now and then: a connection of which nothing was heard since is asked for a sign. */
  look(): void {
    if (!this.#hasHeard && this.#receiver !== null && !this.#isGone) {
      this.#conn.sendAckEliciting();
      this.#schedule();
    }
    this.#hasHeard = false;
  }

  #read(receiver: QuicReceiver): void {
    for (const stream of [...this.#conn.readable()]) this.#readStream(receiver, stream);
    for (let bytes = this.#conn.dgramRecvVec(); bytes !== null; bytes = this.#conn.dgramRecvVec()) {
      if (!this.#isGone) receiver.datagram(bytes);
    }
  }

  #readStream(receiver: QuicReceiver, stream: number): void {
    try {
      let got = this.#conn.streamRecv(stream, landing);
      for (; got !== null; got = this.#conn.streamRecv(stream, landing)) {
        const [length, isEnd] = got;
        if (!this.#isGone) receiver.data(stream, landing.slice(0, length), isEnd);
        if (isEnd) return;
      }
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith("StreamReset") && !this.#isGone) receiver.aborted(stream);
    }
  }

  send(stream: number, bytes: Uint8Array, isEnd = false): void {
    if (this.#isGone) return;
    this.#outbox.put(stream, bytes, isEnd);
    this.#schedule();
  }

  buffered(stream: number): number {
    return this.#outbox.bytes(stream);
  }

  sendDatagram(bytes: Uint8Array): boolean {
    if (bytes.length > (this.#conn.dgramMaxWritableLen() ?? 0)) return false;
    // One too many is dropped, as a kernel does.
    if (this.#isGone || this.#conn.isDgramSendQueueFull()) return true;
    this.#conn.dgramSend(bytes);
    this.#schedule();
    return true;
  }

  abort(stream: number, code: number): void {
    if (this.#isGone) return;
    this.#outbox.drop(stream);
    for (const direction of [READ, WRITE]) {
      try {
        this.#conn.streamShutdown(stream, direction, code);
      } catch {
        // That direction is over, or the stream has none.
      }
    }
    this.#schedule();
  }

  close(code: number, reason: string): void {
    this.#close(true, code, reason);
  }

  /** Ends it with a code of QUIC's own. */
  refuse(code: number): void {
    this.#close(false, code, "");
  }

  #close(isApplication: boolean, code: number, reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    try {
      this.#conn.close(isApplication, code, Buffer.from(reason).subarray(0, 256));
    } catch {
      // It is closed already.
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isOver) return;
    this.#isScheduled = true;
    // Behind the datagrams that have come by now, so that one answer acknowledges them all.
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isOver) this.#turn();
    });
  }

  #turn(): void {
    const receiver = this.#receiver;
    let drained: number[] = [];
    const flush = (): void =>
      this.#outbox.flush(
        (stream, bytes, isEnd) => this.#conn.streamSend(stream, bytes, isEnd),
        (stream, before) => {
          if (before > LOW && this.#outbox.bytes(stream) <= LOW) drained.push(stream);
        },
      );
    if (!this.#isGone && receiver !== null) flush();
    this.#transmit();
    if (!this.#isGone && receiver !== null) {
      // What has left may have made room.
      flush();
      const told = drained;
      drained = [];
      for (const stream of told) receiver.drained(stream);
    }
    this.#settle();
  }

  #transmit(): void {
    for (let count = 0; ; count++) {
      if (this.#parts.isCongested(() => this.#schedule())) return;
      if (count === BURST) return this.#schedule();
      let sent: readonly [number, ...unknown[]] | null = null;
      try {
        sent = this.#conn.send(departing);
      } catch {
        this.#close(false, 1, "");
      }
      if (sent === null) return;
      this.#parts.transmit(departing.subarray(0, sent[0]));
    }
  }

  /** Sets the timer, and tells the end. */
  #settle(): void {
    const conn = this.#conn;
    if ((conn.isDraining() || conn.isClosed() || this.#isGone) && this.#receiver !== null) {
      const receiver = this.#receiver;
      this.#receiver = null;
      this.#isGone = true;
      receiver.closed(this.#reason());
    }
    clearTimeout(this.#timer);
    if (conn.isClosed()) {
      this.#isOver = true;
      return this.#parts.over();
    }
    const wait = conn.timeout();
    if (wait === null) return;
    this.#timer = setTimeout(() => {
      conn.onTimeout();
      this.#schedule();
    }, wait + 1);
  }

  #reason(): string {
    if (this.#conn.isTimedOut()) return "nothing came for too long";
    const error = this.#conn.peerError() ?? this.#conn.localError();
    const said = Buffer.from(error?.reason ?? "").toString("utf8");
    return said === "" ? `code ${error?.errorCode ?? 0}` : said;
  }
}
