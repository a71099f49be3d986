// One client's HTTP/3 connection as far as WebTransport needs it (RFC 9114, RFC 9220, draft-ietf-webtrans-http3-02): settings, requests and
// their answers, one session with its streams and datagrams. Owns no I/O; a request is judged by who made it.

import { type SessionEnd, writeClose } from "./capsule.js";
import {
  BUFFERED_STREAM_REJECTED,
  DATAGRAM_ERROR,
  Http3Error,
  MESSAGE_ERROR,
  NO_ERROR,
  REQUEST_REJECTED,
  SESSION_GONE,
  STREAM_CREATION_ERROR,
} from "./error.js";
import { Exchange } from "./exchange.js";
import { FRAME_DATA, FRAME_GOAWAY, FRAME_HEADERS, FRAME_SETTINGS, frame } from "./frames.js";
import { encodeFields } from "./qpack.js";
import type { Request } from "./request.js";
import { SETTINGS, writeSettings } from "./settings.js";
import { ClientStreams, isUnidirectional } from "./streams.js";
import { joined, peekVarint, varint } from "./varint.js";
import type { QuicConnection, QuicReceiver } from "../quic/quic.js";

/** The server's control stream: its first unidirectional one. */
const CONTROL = 3;
const CONTROL_TYPE = 0x00;
/** More than any client asks for on a connection that carries one session. */
const REQUESTS_MAX = 64;

/** A session as its owner has it. Ids of streams are QUIC's. */
export interface WebTransportSession {
  readonly remote: string;
  /** Sends on a stream of the client; `isEnd` ends this direction. */
  send(stream: number, bytes: Uint8Array, isEnd?: boolean): void;
  /** Bytes that wait for a stream. */
  buffered(stream: number): number;
  /** Sends a datagram. False where it does not fit. */
  sendDatagram(bytes: Uint8Array): boolean;
  /** Gives up a stream. */
  abort(stream: number): void;
  /** Ends the session with a code and a reason. */
  close(end: SessionEnd): void;
}

/** Who hears of a session. */
export interface SessionReceiver {
  /** The client has opened a bidirectional stream. False: it is not wanted. */
  stream(stream: number): boolean;
  data(stream: number, bytes: Uint8Array, isEnd: boolean): void;
  /** The client has given up a direction of a stream. */
  aborted(stream: number): void;
  datagram(bytes: Uint8Array): void;
  drained(stream: number): void;
  /** The session is gone; nothing comes after this. */
  closed(reason: string): void;
}

/** Who judges what comes in. */
export interface Http3Owner {
  /** The status of the answer; 200 opens a session, which only a CONNECT of WebTransport may get. */
  judge(request: Request): number;
  /** A session stands. */
  open(session: WebTransportSession): SessionReceiver;
  /** The client broke the protocol, and the connection ends. */
  broken(reason: string): void;
  /** The connection is gone. */
  over(): void;
}

/** Whether that asks for a session. */
export function isSession({ method, protocol }: Request): boolean {
  return method === "CONNECT" && protocol === "webtransport";
}

/** A connection. */
export class Http3Connection implements QuicReceiver {
  readonly #quic: QuicConnection;
  readonly #owner: Http3Owner;
  readonly #uni = new ClientStreams(() => {});
  /** Requests that are under way, and streams that have not said whose they are. */
  readonly #exchanges = new Map<number, Exchange>();
  /** Sessions that were ended here: what their clients still say on the CONNECT's stream is nothing. */
  readonly #closedHere = new Set<number>();
  /** Streams of the session. */
  readonly #streams = new Set<number>();
  #session: { readonly id: number; readonly receiver: SessionReceiver } | null = null;
  #requests = 0;
  #last = 0;
  #isOver = false;

  constructor(quic: QuicConnection, owner: Http3Owner) {
    this.#quic = quic;
    this.#owner = owner;
    quic.send(CONTROL, joined(varint(CONTROL_TYPE), frame(FRAME_SETTINGS, writeSettings(SETTINGS))));
  }

  /** Whether it is gone. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks for no more requests (GOAWAY). */
  goAway(): void {
    if (!this.#isOver) this.#quic.send(CONTROL, frame(FRAME_GOAWAY, varint(this.#last)));
  }

  /** Ends it in good order. */
  close(reason: string): void {
    this.#end(NO_ERROR, reason);
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#quic.close(code, reason);
    this.closed(reason);
  }

  /** Runs what reads the client's bytes: whatever is wrong with them ends the connection, or one stream. */
  #guarded(stream: number, run: () => void): void {
    if (this.#isOver) return;
    try {
      run();
    } catch (error) {
      if (!(error instanceof Http3Error)) throw error;
      if (error.code === MESSAGE_ERROR) return this.#drop(stream, MESSAGE_ERROR);
      this.#owner.broken(error.message);
      this.#end(error.code, error.message);
    }
  }

  #drop(stream: number, code: number): void {
    this.#exchanges.delete(stream);
    this.#quic.abort(stream, code);
  }

  data(stream: number, bytes: Uint8Array, isEnd: boolean): void {
    this.#guarded(stream, () => {
      if (isUnidirectional(stream)) {
        if (!this.#uni.data(stream, bytes, isEnd)) this.#quic.abort(stream, STREAM_CREATION_ERROR);
        return;
      }
      if (this.#closedHere.has(stream)) return;
      if (this.#streams.has(stream)) return this.#session?.receiver.data(stream, bytes, isEnd);
      this.#exchange(stream).push(bytes);
      if (!isEnd || this.#isOver) return;
      if (this.#streams.has(stream)) return this.#session?.receiver.data(stream, new Uint8Array(0), true);
      this.#ended(stream, "the client ended the session");
    });
  }

  #exchange(stream: number): Exchange {
    const found = this.#exchanges.get(stream);
    if (found !== undefined) return found;
    this.#last = Math.max(this.#last, stream + 4);
    const made = new Exchange({
      request: (request) => this.#answer(stream, request),
      stream: (session, bytes) => this.#open(stream, session, bytes),
      ended: ({ code, reason }) => this.#ended(stream, reason === "" ? `code ${code}` : reason),
    });
    this.#exchanges.set(stream, made);
    return made;
  }

  /** Answers a request: whether it opened a session. */
  #answer(stream: number, request: Request): boolean {
    if (++this.#requests > REQUESTS_MAX) {
      this.#drop(stream, REQUEST_REJECTED);
      return false;
    }
    const isWanted = isSession(request);
    // Browsers that would pool sessions on one connection open another for what is refused here.
    const status = isWanted && this.#session !== null ? 429 : this.#owner.judge(request);
    const isOpen = isWanted && status === 200;
    const draft = isOpen ? ([["sec-webtransport-http3-draft", "draft02"]] as const) : [];
    const headers = frame(FRAME_HEADERS, encodeFields([[":status", `${status}`], ...draft]));
    this.#quic.send(stream, headers, !isOpen);
    if (isOpen) this.#session = { id: stream, receiver: this.#owner.open(this.#sessionOf(stream)) };
    return isOpen;
  }

  #sessionOf(id: number): WebTransportSession {
    const quic = this.#quic;
    return {
      remote: quic.remote,
      send: (stream, bytes, isEnd) => {
        if (this.#streams.has(stream)) quic.send(stream, bytes, isEnd);
      },
      buffered: (stream) => quic.buffered(stream),
      sendDatagram: (bytes) => quic.sendDatagram(joined(varint(id / 4), bytes)),
      abort: (stream) => {
        if (this.#streams.delete(stream)) quic.abort(stream, SESSION_GONE);
      },
      close: (end) => {
        if (this.#session?.id !== id) return;
        this.#closedHere.add(id);
        quic.send(id, frame(FRAME_DATA, writeClose(end)), true);
        this.#ended(id, end.reason);
      },
    };
  }

  #open(stream: number, session: number, bytes: Uint8Array): void {
    this.#exchanges.delete(stream);
    this.#streams.add(stream);
    if (this.#session?.id !== session || !this.#session.receiver.stream(stream)) {
      this.#streams.delete(stream);
      return this.#quic.abort(stream, BUFFERED_STREAM_REJECTED);
    }
    if (bytes.length > 0) this.#session.receiver.data(stream, bytes, false);
  }

  /** A stream of a request has ended; if it is the session's, so has that. */
  #ended(stream: number, reason: string): void {
    this.#exchanges.delete(stream);
    this.#quic.send(stream, new Uint8Array(0), true);
    const session = this.#session;
    if (session?.id !== stream) return;
    this.#session = null;
    for (const each of this.#streams) this.#quic.abort(each, SESSION_GONE);
    this.#streams.clear();
    session.receiver.closed(reason);
  }

  aborted(stream: number): void {
    this.#guarded(stream, () => {
      if (isUnidirectional(stream)) return this.#uni.aborted(stream);
      if (this.#streams.has(stream)) return this.#session?.receiver.aborted(stream);
      this.#ended(stream, "the client gave up the session");
      this.#quic.abort(stream, NO_ERROR);
    });
  }

  datagram(bytes: Uint8Array): void {
    this.#guarded(-1, () => {
      const quarter = peekVarint(bytes, 0);
      if (quarter === null || quarter.value >= 2 ** 60) throw new Http3Error(DATAGRAM_ERROR, "a datagram of no stream");
      if (this.#session?.id === quarter.value * 4) this.#session.receiver.datagram(bytes.subarray(quarter.next));
    });
  }

  drained(stream: number): void {
    if (this.#streams.has(stream)) this.#session?.receiver.drained(stream);
  }

  closed(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const session = this.#session;
    this.#session = null;
    this.#exchanges.clear();
    this.#streams.clear();
    session?.receiver.closed(reason);
    this.#owner.over();
  }
}
