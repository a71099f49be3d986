// The start of a connection as the client sees it: INFO, INFO, CONTINUE or RESUMED, or a server of Wisp. Owns nothing after
// that: the router hands on what comes then.

import { readServerInfo, type ServerInfo, writeClientInfo } from "../protocol/info.js";
import { hex, MalformedPacket, PacketReader } from "../protocol/reader.js";
import { CLOSE, CONTINUE, INFO, REASON_NO_TOKEN, REASON_WRONG_TOKEN, RESUMED } from "../protocol/types.js";
import type { Transport, TransportReceiver } from "../transport.js";

/** Milliseconds that a server may take for its part. */
const START_LIMIT = 10_000;

/** What the client asks for. */
export interface StartRequest {
  readonly token: string;
  readonly window: number;
  readonly resume: { readonly session: Uint8Array; readonly received: number } | null;
}

/** How a start came out. */
export interface Started {
  readonly transport: Transport;
  /** null: the first version of Wisp. */
  readonly info: ServerInfo | null;
  /** How many packets of the session that goes on the server has; null: a new session. */
  readonly resumed: number | null;
  /** Packets that the server of Wisp takes on a new stream. */
  readonly packets: number;
}

/** The bridge cannot be used; the message says why. */
export class BridgeError extends Error {
  override readonly name = "BridgeError";
  /** Trying again would change nothing. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

/**
 * Sees a fresh connection through its start. `begin` is called in the same turn as the last packet of it, and gives who
 * hears of everything after. Rejects with BridgeError.
 */
export function startConnection(
  transport: Transport,
  request: StartRequest,
  begin: (started: Started) => TransportReceiver,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let receiver: TransportReceiver | null = null;
    let info: ServerInfo | null = null;
    const late = setTimeout(
      () => fail(new BridgeError(`the bridge did not answer within ${START_LIMIT / 1000} s`)),
      START_LIMIT,
    );
    const fail = (error: BridgeError): void => {
      clearTimeout(late);
      reject(error);
      transport.close(1000, "");
    };
    const start = (packet: PacketReader): void => {
      if (packet.type === INFO && info === null) {
        info = readServerInfo(packet);
        const { token, window, resume } = request;
        if (info.password && token === "")
          return fail(new BridgeError("the bridge asks for a token: give it one", true));
        transport.send(writeClientInfo({ token, psx: info.psx === null ? null : { window, resume } }));
        return;
      }
      if (packet.type === CLOSE) return fail(refusal(packet.left > 0 ? packet.u8() : 0));
      if (packet.type !== CONTINUE && packet.type !== RESUMED) {
        throw new MalformedPacket(`packet ${hex(packet.type)} at the start`);
      }
      clearTimeout(late);
      const count = packet.u32();
      const resumed = packet.type === RESUMED ? count : null;
      receiver = begin({ transport, info, resumed, packets: count });
      resolve();
    };
    transport.listen({
      packet: (bytes) => {
        if (receiver !== null) return receiver.packet(bytes);
        try {
          start(new PacketReader(bytes));
        } catch (error) {
          if (!(error instanceof MalformedPacket)) throw error;
          fail(new BridgeError(`the bridge speaks another protocol: ${error.message}`, true));
        }
      },
      // One may overtake the packet that ends the start.
      datagram: (bytes) => receiver?.datagram(bytes),
      drained: () => receiver?.drained(),
      lost: (reason) => {
        if (receiver !== null) return receiver.lost(reason);
        fail(new BridgeError(`the bridge ended the connection: ${reason === "" ? "it said nothing" : reason}`));
      },
    });
  });
}

function refusal(reason: number): BridgeError {
  if (reason === REASON_NO_TOKEN) return new BridgeError("the bridge asks for a token: give it one", true);
  if (reason === REASON_WRONG_TOKEN) return new BridgeError("the bridge does not take this token", true);
  return new BridgeError(`the bridge refused the session with reason ${hex(reason)}`);
}
