// How a client gets to its bridge, and what the embedder hears of it. Owns the shapes and the waits between tries.

import type { Transport } from "../transport.js";
import type { BridgeError } from "./start.js";

/** The state of a guest's way to the bridge. */
export type BridgeState =
  | { readonly state: "connecting" }
  | { readonly state: "connected"; readonly psx: boolean }
  /** The connection is gone; the session may still be resumed. */
  | { readonly state: "lost"; readonly reason: string }
  /** It cannot be reached, or the session is over; the next call tries again. */
  | { readonly state: "down"; readonly error: BridgeError };

/** What a client is made with. */
export interface ClientSetup {
  /** A fresh connection; `again`: there was one to a bridge that knows PSX. Rejects with BridgeError. */
  readonly dial: (again: boolean) => Promise<Transport>;
  readonly token: () => string | Promise<string>;
  /** Bytes that may come on a stream and wait for the guest. */
  readonly window: number;
  /** Milliseconds without a packet after which the server is asked whether it is there. */
  readonly heartbeat: number;
  /** Longest that a call which finds nothing waits for what the bridge could tell, in milliseconds. */
  readonly turn: number;
  readonly onState: (state: BridgeState) => void;
}

/** A fresh connection and the token for it. The connection is closed where no token can be had. */
export async function dialWithToken(
  { dial, token }: ClientSetup,
  again: boolean,
): Promise<{ transport: Transport; token: string }> {
  const transport = await dial(again);
  try {
    return { transport, token: await token() };
  } catch (error) {
    transport.close(1000, "");
    throw error;
  }
}

/** Milliseconds before the nth try, from 0 on: at once, then longer and longer. */
export function pauseBefore(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(250 * 2 ** (attempt - 1), 5000);
}

/** A turn of the event loop, as short as the host has one. */
export function soon(run: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => void };
  if (setImmediate !== undefined) {
    setImmediate(run);
    return;
  }
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    run();
  };
  channel.port2.postMessage(0);
}
