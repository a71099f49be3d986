// What the test pages can do with a bridge over WebTransport: run guests, cut their connections, and be a client that breaks the protocol.
// It runs in the browser.

import { type BridgeState, bridgeNetwork, type Network, type WebTransportConstructor } from "hawser/browser";
import type { Outcome, Task } from "./page.js";

/** A bridge, as a page is told of it. */
export interface BridgeAt {
  readonly url: string;
  /** SHA-256 of its certificate, in base64. */
  readonly hash: string;
  readonly token?: string;
}

/** What became of a guest and of its way to the bridge. */
export interface Bridged {
  readonly outcome: Outcome;
  /** The states, each with what was said. */
  readonly states: readonly string[];
  /** Connections that came up. */
  readonly connections: number;
  /** Packets that went as datagrams. */
  readonly datagrams: number;
}

/** What a client of its own heard. */
export interface Heard {
  /** Types of the packets that came. */
  readonly types: readonly number[];
  readonly end: string;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The hash (base64) of a certificate, as WebTransport takes it. */
export function hashesOf(hash: string): { algorithm: string; value: Uint8Array<ArrayBuffer> }[] {
  return [{ algorithm: "sha-256", value: bytesOf(hash) }];
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function saidBy(state: BridgeState): string {
  if (state.state === "down") return `down: ${state.error.message}`;
  return state.state === "lost" ? `lost: ${state.reason}` : state.state;
}

const DATAGRAM = 0xee;

/** Counts what is written as a datagram: a packet without its length, of a stream whose number is small. */
function countDatagrams(): { count: number; undo(): void } {
  const { write } = WritableStreamDefaultWriter.prototype;
  const counted = {
    count: 0,
    undo: () => {
      WritableStreamDefaultWriter.prototype.write = write;
    },
  };
  WritableStreamDefaultWriter.prototype.write = function (this: WritableStreamDefaultWriter, chunk: unknown) {
    if (chunk instanceof Uint8Array && chunk[0] === DATAGRAM && chunk[4] === 0) counted.count++;
    return write.call(this, chunk);
  };
  return counted;
}

/** The functions; `runTask` runs a guest on a network. */
export function bridgedApi(runTask: (task: Task, network: Network, onOutput: () => void) => Promise<Outcome>) {
  /** The connections of this page's guests. */
  const all: WebTransport[] = [];
  /** How many times one of them got through its start. */
  let starts = 0;
  return {
    /** Runs a guest over a bridge. It is given a line to read so many milliseconds after its first output. */
    async bridged(task: Task, bridge: BridgeAt, linger = 0): Promise<Bridged> {
      const states: string[] = [];
      const before = starts;
      class Kept extends WebTransport {
        constructor(...given: ConstructorParameters<typeof WebTransport>) {
          super(...given);
          all.push(this);
        }
      }
      const network = bridgeNetwork({
        url: bridge.url,
        token: bridge.token ?? "",
        serverCertificateHashes: hashesOf(bridge.hash),
        WebTransport: Kept as unknown as WebTransportConstructor,
        onState: (state) => {
          states.push(saidBy(state));
          if (state.state === "connected") starts++;
        },
      });
      let heard = (): void => {};
      const hasPrinted = new Promise<void>((resolve) => {
        heard = resolve;
      });
      async function* line(): AsyncGenerator<Uint8Array> {
        await hasPrinted;
        await pause(linger);
        yield new TextEncoder().encode("go on\n");
      }
      const datagrams = countDatagrams();
      try {
        const options = linger === 0 ? task.options : { ...task.options, stdin: line() as never };
        const outcome = await runTask({ ...task, ...(options === undefined ? {} : { options }) }, network, heard);
        return { outcome, states, connections: starts - before, datagrams: datagrams.count };
      } finally {
        datagrams.undo();
      }
    },

    /** Cuts the newest connection once so many got through their start. */
    async cut(connections: number): Promise<void> {
      for (let n = 0; starts < connections; n++) {
        if (n > 3000) throw new Error(`${starts} connections have started, and ${connections} were to`);
        await pause(10);
      }
      all.at(-1)?.close({ closeCode: 0, reason: "cut by the test" });
    },

    /** Sends bytes (base64) on a session's first stream, or as a datagram, as no client would: what came, and how it ended. */
    async intrude(bridge: BridgeAt, written: readonly string[], datagram: string | null): Promise<Heard> {
      const session = new WebTransport(bridge.url, { serverCertificateHashes: hashesOf(bridge.hash) });
      await session.ready;
      const closed = session.closed.then(
        ({ closeCode, reason }) => `${closeCode} ${reason}`,
        (error: unknown) => `lost: ${error}`,
      );
      const stream = await session.createBidirectionalStream();
      const writer = stream.writable.getWriter();
      writer.closed.catch(() => {});
      const all: number[] = [];
      const read = (async () => {
        const reader = stream.readable.getReader();
        for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
          all.push(...value);
        await writer.close();
      })().catch(() => {});
      for (const each of written) {
        const before = all.length;
        await writer.write(bytesOf(each)).catch(() => {});
        // The next one is for whoever has answered this one.
        for (let n = 0; n < 300 && all.length === before; n++) await Promise.race([closed, pause(10)]);
      }
      if (datagram !== null) await session.datagrams.writable.getWriter().write(bytesOf(datagram));
      const end = await Promise.race([closed, pause(8000).then(() => "nothing ended it")]);
      await Promise.race([read, pause(100)]);
      session.close();
      const view = new DataView(Uint8Array.from(all).buffer);
      const types: number[] = [];
      for (let at = 0; at + 4 < all.length; at += 4 + view.getUint32(at, true)) types.push(all[at + 4] ?? -1);
      return { types, end };
    },
  };
}
