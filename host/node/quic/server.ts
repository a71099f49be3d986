// QUIC on a UDP socket: which datagram is whose, who may begin (Retry, RFC 9000 section 8.1), and what those are told who are not known.
// Owns the socket and the connections.

import { randomBytes } from "node:crypto";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { type ConnectionParts, ServerConnection } from "./connection.js";
import type { QuicServer, QuicServerOptions } from "./quic.js";
import { configFor, type HostPort, ID, IDLE, type Quiche, resetToken } from "./quiche.js";
import { Tokens } from "./token.js";

/** Shortest datagram that may begin a connection (RFC 9000, section 14.1). */
const INITIAL_MIN = 1200;
/** CONNECTION_REFUSED of QUIC. */
const REFUSED = 2;
/** Datagrams that the kernel has not taken at which senders wait, and at which they go on. */
const HIGH = 256;
const LOW = 128;
/** Stateless resets in a second at most. */
const RESETS = 100;
const RESET_MIN = 21;
const RESET_MAX = 42;
/** Milliseconds in which last packets may leave. */
const FAREWELL = 300;

/** The server. */
class UdpServer implements QuicServer {
  readonly #quiche: Quiche;
  readonly #options: QuicServerOptions;
  readonly #socket: Socket;
  readonly #local: HostPort;
  readonly #tokens = new Tokens();
  /** By the id that this server chose, in hexadecimal. */
  readonly #connections = new Map<string, { readonly connection: ServerConnection; readonly remote: string }>();
  readonly #scratch = Buffer.alloc(1500);
  #sending = 0;
  #waiting: (() => void)[] = [];
  #resets = 0;
  #isStopped = false;
  #isClosed = false;
  readonly #pulse: ReturnType<typeof setInterval>;
  readonly #second: ReturnType<typeof setInterval>;

  constructor(quiche: Quiche, options: QuicServerOptions, socket: Socket) {
    this.#quiche = quiche;
    this.#options = options;
    this.#socket = socket;
    const { address, port } = socket.address();
    this.#local = { host: plain(address), port };
    socket.on("message", (datagram, from) => this.#message(datagram, from));
    // An ICMP error of one client is nobody else's affair.
    socket.on("error", () => {});
    this.#pulse = setInterval(() => {
      for (const { connection } of this.#connections.values()) connection.look();
    }, IDLE / 4);
    this.#second = setInterval(() => {
      this.#resets = 0;
    }, 1000);
  }

  get address(): { readonly address: string; readonly family: string; readonly port: number } {
    return this.#socket.address();
  }

  #message(datagram: Buffer, from: RemoteInfo): void {
    let header: ReturnType<Quiche["Header"]["fromSlice"]>;
    try {
      header = this.#quiche.Header.fromSlice(datagram, ID);
    } catch {
      return;
    }
    const remote = `${from.address} ${from.port}`;
    const found = this.#connections.get(hexOf(header.dcid));
    if (found !== undefined) {
      // From elsewhere it would be another path of the connection, and each has one.
      if (found.remote === remote) found.connection.receive(datagram);
      return;
    }
    if (header.ty === this.#quiche.Type.Short) return this.#reset(datagram, header.dcid, from);
    if (datagram.length < INITIAL_MIN) return;
    const { scid, dcid, version, token } = header;
    if (!this.#quiche.versionIsSupported(version)) {
      return this.#answer(from, (into) => this.#quiche.negotiateVersion(scid, dcid, into));
    }
    if (header.ty !== this.#quiche.Type.Initial) return;
    if (token === undefined || token.length === 0) {
      const id = randomBytes(ID);
      const minted = this.#tokens.mint(remote, id, dcid);
      return this.#answer(from, (into) => this.#quiche.retry(scid, dcid, id, minted, version, into));
    }
    const original = dcid.length === ID ? this.#tokens.check(token, remote, dcid) : null;
    if (original !== null) this.#begin(datagram, Buffer.from(dcid), original, from);
  }

  #answer(to: RemoteInfo, write: (into: Uint8Array) => number): void {
    let length: number;
    try {
      length = write(this.#scratch);
    } catch {
      return;
    }
    this.#transmit(this.#scratch.subarray(0, length), to);
  }

  /** A client of a former life of this server is told that its connection is gone (RFC 9000, section 10.3). */
  #reset(datagram: Uint8Array, id: Uint8Array, to: RemoteInfo): void {
    const length = Math.min(datagram.length - 1, RESET_MAX);
    if (length < RESET_MIN || this.#isClosed || ++this.#resets > RESETS) return;
    const bytes = randomBytes(length);
    bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
    bytes.set(resetToken(this.#options.key, id), length - 16);
    this.#transmit(bytes, to);
  }

  #begin(datagram: Uint8Array, id: Buffer, original: Uint8Array, from: RemoteInfo): void {
    const isFull = this.#connections.size >= this.#options.connections;
    // Beyond that not even a refusal: it is work, too.
    if (this.#isClosed || this.#connections.size >= 2 * this.#options.connections) return;
    const remote = { host: plain(from.address), port: from.port };
    const key = hexOf(id);
    let conn: ConnectionParts["conn"];
    try {
      const config = configFor(this.#quiche, this.#options, id);
      conn = this.#quiche.Connection.accept(id, original, this.#local, remote, config);
    } catch (error) {
      return this.#options.failed(from.address, (error as Error).message);
    }
    const connection = new ServerConnection({
      conn,
      local: this.#local,
      remote,
      isCongested: (resume) => {
        if (this.#sending < HIGH) return false;
        this.#waiting.push(resume);
        return true;
      },
      transmit: (bytes) => this.#transmit(bytes, from),
      established: (each) => this.#options.accept(each),
      over: () => this.#connections.delete(key),
    });
    this.#connections.set(key, { connection, remote: `${from.address} ${from.port}` });
    connection.receive(datagram);
    if (!isFull && !this.#isStopped) return;
    if (isFull) this.#options.refused(from.address);
    connection.refuse(REFUSED);
  }

  #transmit(bytes: Uint8Array, to: RemoteInfo): void {
    if (this.#isClosed) return;
    this.#sending++;
    this.#socket.send(Buffer.from(bytes), to.port, to.address, () => {
      this.#sending--;
      if (this.#sending >= LOW || this.#waiting.length === 0) return;
      for (const resume of this.#waiting.splice(0)) resume();
    });
  }

  stop(): void {
    this.#isStopped = true;
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    for (const { connection } of this.#connections.values()) connection.close(0x100, "");
    const until = Date.now() + FAREWELL;
    while (this.#connections.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#isClosed = true;
    clearInterval(this.#pulse);
    clearInterval(this.#second);
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** An address without its scope, which quiche does not read; nothing of a path is decided by it. */
function plain(address: string): string {
  return address.replace(/%.*$/, "");
}

/** Starts to serve. Rejects with the system's error, or with quiche's for a certificate that it cannot use. */
export async function serveQuic(quiche: Quiche, options: QuicServerOptions): Promise<QuicServer> {
  // Once ahead of time, so that what is wrong with the certificate is told now.
  configFor(quiche, options, new Uint8Array(ID));
  const socket = createSocket({ type: isIPv6(options.host) ? "udp6" : "udp4", recvBufferSize: 1 << 20 });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: options.port, address: options.host, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  return new UdpServer(quiche, options, socket);
}
