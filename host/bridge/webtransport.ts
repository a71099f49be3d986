// Packets over a session of WebTransport, of a page or of a library with the same interface: they travel on its first stream,
// and those that may get lost as datagrams. Owns the session's streams.

import { BridgeError } from "./client/start.js";
import { framed, PacketSplitter } from "./frames.js";
import type { Transport, TransportReceiver } from "./transport.js";

/** Bytes that wait under which a held sender goes on. */
const LOW = 256 << 10;
/** Most datagrams that wait to leave, or to be read; those beyond are dropped, as a kernel does. */
const DATAGRAMS_MAX = 1024;
/** Milliseconds that each attempt to connect may take: browsers tell nothing of one whose packets nobody answers. */
const DIAL_LIMITS = [5000, 15_000] as const;
/** Milliseconds that a session which ends may take over its last bytes, and over the reason. */
const FAREWELL = 1000;

/** Of a certificate that nobody vouches for, what a page knows it by: `algorithm` is "sha-256". */
export interface CertificateHash {
  readonly algorithm: string;
  readonly value: BufferSource;
}

/** What is used of a WebTransport: the standard's interface. */
export interface WebTransportLike {
  readonly ready: Promise<unknown>;
  readonly closed: Promise<{ readonly closeCode?: number; readonly reason?: string }>;
  readonly datagrams: {
    readonly maxDatagramSize: number;
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable?: WritableStream<Uint8Array>;
    /** Where the standard has it now. */
    createWritable?(): WritableStream<Uint8Array>;
    incomingHighWaterMark?: number | null;
  };
  /** Opens a stream. */
  createBidirectionalStream(): Promise<{
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
  }>;
  /** Ends the session. */
  close(info?: { closeCode?: number; reason?: string }): void;
}

/** A WebTransport's constructor. */
export type WebTransportConstructor = new (
  url: string,
  options?: { serverCertificateHashes?: CertificateHash[] },
) => WebTransportLike;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A connection over a session that is ready, and its first stream. */
export class WebTransportTransport implements Transport {
  readonly hasDatagrams = true;
  buffered = 0;
  readonly #session: WebTransportLike;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #datagrams: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #datagramsWaiting = 0;
  #receiver: TransportReceiver | null = null;
  /** What came before anybody listened. */
  #early: Uint8Array[] = [];
  #isLost = false;
  #why = "";

  constructor(session: WebTransportLike, stream: Awaited<ReturnType<WebTransportLike["createBidirectionalStream"]>>) {
    this.#session = session;
    this.#writer = stream.writable.getWriter();
    const { datagrams } = session;
    datagrams.incomingHighWaterMark = DATAGRAMS_MAX;
    this.#datagrams = (datagrams.createWritable?.() ?? datagrams.writable)?.getWriter();
    // They fail with the session, which is told once.
    this.#writer.closed.catch(() => {});
    this.#datagrams?.closed.catch(() => {});
    session.closed.then(
      ({ closeCode = 0, reason = "" }) => this.#lost(reason === "" ? `code ${closeCode}` : reason),
      (error: unknown) => this.#lost(messageOf(error)),
    );
    void this.#read(stream.readable.getReader());
    void this.#readDatagrams(datagrams.readable.getReader());
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const splitter = new PacketSplitter();
    try {
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
        if (value !== undefined) splitter.push(value, (packet) => this.#packet(packet));
      }
    } catch (error) {
      if (!this.#isLost) this.close(1002, messageOf(error));
      return;
    }
    // The server has said its last word, and says why once it sees that this is known.
    this.#writer.close().catch(() => {});
    await pause(FAREWELL);
    this.close(1000, "the bridge ended the connection");
  }

  async #readDatagrams(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
        if (value !== undefined && !this.#isLost) this.#receiver?.datagram(value);
      }
    } catch {
      // The session is gone, which is told by `closed`.
    }
  }

  listen(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    for (const packet of this.#early.splice(0)) receiver.packet(packet);
    if (this.#isLost) receiver.lost(this.#why);
  }

  #packet(packet: Uint8Array): void {
    if (this.#isLost) return;
    if (this.#receiver === null) this.#early.push(packet);
    else this.#receiver.packet(packet);
  }

  #lost(reason: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#why = reason;
    this.#receiver?.lost(reason);
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    if (this.#isLost) return;
    const bytes = framed(packet);
    this.buffered += bytes.length;
    this.#writer.write(bytes).then(
      () => {
        const wasFull = this.buffered > LOW;
        this.buffered -= bytes.length;
        if (wasFull && this.buffered <= LOW && !this.#isLost) this.#receiver?.drained();
      },
      () => {},
    );
  }

  sendDatagram(packet: Uint8Array<ArrayBuffer>): boolean {
    if (this.#datagrams === undefined || packet.length > this.#session.datagrams.maxDatagramSize) return false;
    if (this.#isLost || this.#datagramsWaiting >= DATAGRAMS_MAX) return true;
    this.#datagramsWaiting++;
    const gone = (): void => {
      this.#datagramsWaiting--;
    };
    this.#datagrams.write(packet).then(gone, gone);
    return true;
  }

  close(code: number, reason: string): void {
    const wasLost = this.#isLost;
    this.#lost(reason === "" ? "closed here" : reason);
    if (wasLost) return;
    // Behind what was sent, for which a bridge that takes nothing more gets no longer than this.
    void Promise.race([this.#writer.close().catch(() => {}), pause(FAREWELL)]).then(() => {
      try {
        this.#session.close({ closeCode: code, reason });
      } catch {
        // It is gone already.
      }
    });
  }
}

/** Opens a session at a bridge. Rejects with BridgeError. */
export async function dialWebTransport(
  make: WebTransportConstructor,
  url: string,
  hashes: readonly CertificateHash[] | undefined,
): Promise<Transport> {
  let failure: unknown;
  for (const limit of DIAL_LIMITS) {
    let session: WebTransportLike;
    try {
      session = new make(url, hashes === undefined ? {} : { serverCertificateHashes: [...hashes] });
    } catch (error) {
      throw new BridgeError(`${url}: ${messageOf(error)}`, true);
    }
    try {
      const transport = await openedWithin(session, limit);
      if (transport !== null) return transport;
      failure = new Error(`no answer within ${limit / 1000} s`);
    } catch (error) {
      failure = error;
    }
  }
  throw new BridgeError(
    `no bridge answers at ${url} (${messageOf(failure)}): is it running ("hawser bridge --webtransport"), does it allow ` +
      "this page's origin, and is its certificate one that is trusted or whose hash was given?",
  );
}

/** A connection over a session that is not ready yet, or null after the limit. Rejects if the session fails. */
async function openedWithin(session: WebTransportLike, limit: number): Promise<Transport | null> {
  session.closed.catch(() => {});
  let late: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<null>((resolve) => {
    late = setTimeout(() => resolve(null), limit);
  });
  const opened = (async () => {
    await session.ready;
    return session.createBidirectionalStream();
  })();
  opened.catch(() => {});
  try {
    const stream = await Promise.race([opened, passed]);
    if (stream !== null) return new WebTransportTransport(session, stream);
    session.close();
    return null;
  } catch (error) {
    session.close();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
