// Cloudflare's quiche, as the package @matrixai/quic-linux-x64 has it for Node: a raw binding, of which no more is used than is
// written down here. Owns the way it is loaded, and the configuration of a server.

import { createHmac } from "node:crypto";
import { createRequire } from "node:module";

/** An address as quiche reads it. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

interface Header {
  readonly ty: number;
  readonly version: number;
  readonly dcid: Uint8Array;
  readonly scid: Uint8Array;
  readonly token?: Uint8Array;
}

interface Config {
  setApplicationProtos(protocols: string[]): void;
  setMaxIdleTimeout(milliseconds: number): void;
  setMaxRecvUdpPayloadSize(bytes: number): void;
  setMaxSendUdpPayloadSize(bytes: number): void;
  setInitialMaxData(bytes: number): void;
  setInitialMaxStreamDataBidiLocal(bytes: number): void;
  setInitialMaxStreamDataBidiRemote(bytes: number): void;
  setInitialMaxStreamDataUni(bytes: number): void;
  setInitialMaxStreamsBidi(count: number): void;
  setInitialMaxStreamsUni(count: number): void;
  setMaxConnectionWindow(bytes: number): void;
  setMaxStreamWindow(bytes: number): void;
  setDisableActiveMigration(isDisabled: boolean): void;
  setStatelessResetToken(token: bigint): void;
  enableDgram(isEnabled: boolean, received: number, sent: number): void;
}

/** A connection of quiche's. What is refused is thrown as an Error whose message begins with quiche's name for it. */
export interface QuicheConnection {
  recv(datagram: Uint8Array, way: { readonly from: HostPort; readonly to: HostPort }): number;
  /** The next datagram to send, its length first; null: there is none for now. */
  send(into: Uint8Array): readonly [length: number, ...rest: unknown[]] | null;
  streamRecv(stream: number, into: Uint8Array): readonly [length: number, isEnd: boolean] | null;
  /** How many bytes it took; null: none for now. */
  streamSend(stream: number, bytes: Uint8Array, isEnd: boolean): number | null;
  /** Gives up the direction: 0 reading, 1 writing. */
  streamShutdown(stream: number, direction: number, code: number): void;
  readable(): Iterable<number>;
  dgramRecvVec(): Uint8Array | null;
  dgramSend(bytes: Uint8Array): void;
  isDgramSendQueueFull(): boolean;
  dgramMaxWritableLen(): number | null;
  timeout(): number | null;
  onTimeout(): void;
  close(isApplication: boolean, code: number, reason: Uint8Array): void;
  sendAckEliciting(): void;
  isEstablished(): boolean;
  isDraining(): boolean;
  isClosed(): boolean;
  isTimedOut(): boolean;
  peerError(): { readonly errorCode: number; readonly reason: Uint8Array } | null;
  localError(): { readonly errorCode: number; readonly reason: Uint8Array } | null;
}

/** The binding. */
export interface Quiche {
  readonly Type: { readonly Initial: number; readonly Short: number };
  readonly Config: {
    withBoringSslCtx(
      verifyPeer: boolean,
      verifyAllowFail: boolean,
      ca: null,
      key: Uint8Array[],
      cert: Uint8Array[],
      algorithms: null,
    ): Config;
  };
  readonly Connection: {
    accept(id: Uint8Array, original: Uint8Array, local: HostPort, remote: HostPort, config: Config): QuicheConnection;
  };
  readonly Header: { fromSlice(datagram: Uint8Array, idLength: number): Header };
  versionIsSupported(version: number): boolean;
  negotiateVersion(scid: Uint8Array, dcid: Uint8Array, into: Uint8Array): number;
  retry(
    scid: Uint8Array,
    dcid: Uint8Array,
    id: Uint8Array,
    token: Uint8Array,
    version: number,
    into: Uint8Array,
  ): number;
}

/** The library is not there, or does not work on this machine. */
export class NoQuic extends Error {
  override readonly name = "NoQuic";
}

/** A compiled library, for the one platform that it was published for. */
const PACKAGE = "@matrixai/quic-linux-x64";

/** Loads the library, which nobody needs who has no use for WebTransport. Rejects with NoQuic. */
export async function loadQuiche(): Promise<Quiche> {
  try {
    return createRequire(import.meta.url)(PACKAGE) as Quiche;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND") {
      throw new NoQuic(`the package ${PACKAGE} does not work here (${process.platform} ${process.arch}): ${message}`);
    }
    const isForThis = process.platform === "linux" && process.arch === "x64";
    const advice = isForThis ? `npm install ${PACKAGE}` : "run the bridge on Linux on x64, or by WebSocket alone";
    throw new NoQuic(`Node has no QUIC of its own, and the package ${PACKAGE} is not installed: ${advice}`);
  }
}

/** Milliseconds without a packet after which a connection is over. */
export const IDLE = 60_000;
/** Largest UDP payload that is sent: what any path takes that QUIC may use at all, and a little more (RFC 9000, section 14). */
export const PAYLOAD_MAX = 1350;
/**
 * Bytes of the ids that a server chooses. With 16, quiche 0.18 has no room for the transport parameters of a client that begins with an id of
 * 19 bytes or 20, as one of Firefox's does in a hundred.
 */
export const ID = 12;
/** Datagrams that wait, either way. */
const DATAGRAMS = 1024;

/** Settings of a connection with that id. The token by which a client knows its end (RFC 9000, section 10.3) is of the id alone. */
export function configFor(
  quiche: Quiche,
  { cert, key, protocol }: { readonly cert: string; readonly key: string; readonly protocol: string },
  id: Uint8Array,
): Config {
  const config = quiche.Config.withBoringSslCtx(false, false, null, [Buffer.from(key)], [Buffer.from(cert)], null);
  config.setApplicationProtos([protocol]);
  config.setMaxIdleTimeout(IDLE);
  config.setMaxRecvUdpPayloadSize(1500);
  config.setMaxSendUdpPayloadSize(PAYLOAD_MAX);
  config.setInitialMaxData(1 << 20);
  config.setInitialMaxStreamDataBidiLocal(64 << 10);
  config.setInitialMaxStreamDataBidiRemote(512 << 10);
  config.setInitialMaxStreamDataUni(16 << 10);
  config.setInitialMaxStreamsBidi(16);
  config.setInitialMaxStreamsUni(16);
  config.setMaxConnectionWindow(4 << 20);
  config.setMaxStreamWindow(2 << 20);
  config.setDisableActiveMigration(true);
  config.setStatelessResetToken(BigInt(`0x${resetToken(key, id).toString("hex")}`));
  config.enableDgram(true, DATAGRAMS, DATAGRAMS);
  return config;
}

/** Outlives the process, so that a bridge that was killed and started anew can tell its former clients. */
export function resetToken(key: string, id: Uint8Array): Buffer {
  return createHmac("sha256", key).update("stateless reset").update(id).digest().subarray(0, 16);
}
