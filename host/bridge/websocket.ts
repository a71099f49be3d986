// Packets over a WebSocket, of a page, of Node or of a library with the same interface. Owns the socket's events.

import { BridgeError } from "./client/start.js";
import { SUBPROTOCOL } from "./protocol/types.js";
import type { Transport, TransportReceiver } from "./transport.js";

/** Bytes that wait under which a held sender goes on. */
const LOW = 256 << 10;
/** How often to look at what waits, since a WebSocket tells nothing of it, in milliseconds. */
const LOOK = 5;
/** Milliseconds that a connection may take to come about. */
const DIAL_LIMIT = 15_000;

/** What is used of a WebSocket: the standard's interface. */
export interface WebSocketLike {
  binaryType: string;
  /** Bytes that were sent and have not left. */
  readonly bufferedAmount: number;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** 1: open. */
  readonly readyState: number;
  /** Sends a binary message. */
  send(data: Uint8Array<ArrayBuffer>): void;
  /** Begins the end. */
  close(code?: number, reason?: string): void;
  /** Has `listener` called when it opens, or fails. */
  addEventListener(type: "open" | "error", listener: () => void): void;
  /** Has `listener` called for each message. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Has `listener` called when it is gone. */
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** A WebSocket's constructor. */
export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

const OPEN = 1;

/** A connection over an open WebSocket. */
export class WebSocketTransport implements Transport {
  readonly hasDatagrams = false;
  readonly #socket: WebSocketLike;
  #receiver: TransportReceiver | null = null;
  /** What came before anybody listened. */
  #early: Uint8Array[] = [];
  #isLost = false;
  #why = "";
  #look: ReturnType<typeof setTimeout> | undefined;

  /** `binary` is how the socket gives bytes: "arraybuffer" as in pages, "nodebuffer" of the package ws without a copy. */
  constructor(socket: WebSocketLike, binary: "arraybuffer" | "nodebuffer" = "arraybuffer") {
    this.#socket = socket;
    socket.binaryType = binary;
    socket.addEventListener("message", ({ data }) => this.#message(data));
    socket.addEventListener("close", ({ code, reason }) => this.#lost(reason === "" ? `code ${code}` : reason));
    socket.addEventListener("error", () => {});
  }

  get buffered(): number {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount > LOW && this.#look === undefined && !this.#isLost) this.#watch();
    return bufferedAmount;
  }

  #watch(): void {
    this.#look = setTimeout(() => {
      this.#look = undefined;
      if (this.#isLost) return;
      if (this.#socket.bufferedAmount > LOW) this.#watch();
      else this.#receiver?.drained();
    }, LOOK);
  }

  listen(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    for (const packet of this.#early.splice(0)) receiver.packet(packet);
    if (this.#isLost) receiver.lost(this.#why);
  }

  #message(data: unknown): void {
    if (this.#isLost) return;
    if (data instanceof ArrayBuffer) this.#packet(new Uint8Array(data));
    else if (ArrayBuffer.isView(data)) this.#packet(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    else this.close(1003, "a text message");
  }

  #packet(packet: Uint8Array): void {
    if (this.#receiver === null) this.#early.push(packet);
    else this.#receiver.packet(packet);
  }

  #lost(reason: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#why = reason;
    clearTimeout(this.#look);
    this.#receiver?.lost(reason);
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(packet);
  }

  sendDatagram(): boolean {
    return false;
  }

  close(code: number, reason: string): void {
    // Pages may give 1000 and 3000 to 4999 only.
    const allowed = code === 1000 || code >= 3000;
    try {
      this.#socket.close(code, reason);
    } catch {
      this.#socket.close(allowed ? code : 3000 + (code - 1000), reason);
    }
    this.#lost(reason === "" ? "closed here" : reason);
  }
}

/**
 * Opens a WebSocket to a bridge; without a subprotocol if the server knows none, which one that was there before (`again`) does.
 * Rejects with BridgeError.
 */
export async function dialWebSocket(make: WebSocketConstructor, url: string, again: boolean): Promise<Transport> {
  const first = await open(make, url, SUBPROTOCOL);
  if (first !== null) return first;
  const second = again ? null : await open(make, url);
  if (second === null) {
    throw new BridgeError(
      `no bridge answers at ${url}: is it running ("hawser bridge"), and does it allow this page's origin?`,
    );
  }
  // A page is not told why a WebSocket failed. A bridge that was not there at first, and is now, knows the subprotocol: without
  // it there would be no word for the token.
  const third = await open(make, url, SUBPROTOCOL);
  if (third === null) return second;
  second.close(1000, "");
  return third;
}

function open(make: WebSocketConstructor, url: string, protocol?: string): Promise<Transport | null> {
  return new Promise((resolve, reject) => {
    let socket: WebSocketLike;
    try {
      socket = protocol === undefined ? new make(url) : new make(url, protocol);
    } catch (error) {
      return reject(new BridgeError(`${url}: ${error instanceof Error ? error.message : String(error)}`, true));
    }
    const late = setTimeout(() => {
      resolve(null);
      socket.close();
    }, DIAL_LIMIT);
    // Packets may come in the turn in which it opens: the transport listens from the start.
    const transport = new WebSocketTransport(socket);
    socket.addEventListener("open", () => {
      clearTimeout(late);
      resolve(transport);
    });
    socket.addEventListener("close", () => {
      clearTimeout(late);
      resolve(null);
    });
  });
}
