// What is asked of a QUIC library: a server's connections, their streams and datagrams (RFC 9000, RFC 9221). Owns the interface only;
// host/node/quic/quiche.ts and its neighbours are the one implementation.

/** One connection, whose handshake is over. Streams are named by QUIC's own ids. */
export interface QuicConnection {
  /** The client's address, for the log. */
  readonly remote: string;
  /** Sends bytes on a stream, behind what was sent before; what QUIC does not take yet waits here. `isEnd` ends that direction. */
  send(stream: number, bytes: Uint8Array, isEnd?: boolean): void;
  /** Bytes of a stream that QUIC has not taken. */
  buffered(stream: number): number;
  /** Sends a datagram, which may get lost. False where it does not fit into one. */
  sendDatagram(bytes: Uint8Array): boolean;
  /** Gives up both directions of a stream, or the one that it has. */
  abort(stream: number, code: number): void;
  /** Ends the connection. */
  close(code: number, reason: string): void;
}

/** Who hears of a connection. Nothing here may throw. */
export interface QuicReceiver {
  /** Bytes came on a stream, in order; they are the receiver's. `isEnd`: nothing comes after them. */
  data(stream: number, bytes: Uint8Array, isEnd: boolean): void;
  /** The client has given up a direction of a stream. */
  aborted(stream: number): void;
  datagram(bytes: Uint8Array): void;
  /** Of what waited for a stream little is left. */
  drained(stream: number): void;
  /** The connection is gone; nothing comes after this. */
  closed(reason: string): void;
}

/** Where connections come in. */
export interface QuicServer {
  readonly address: { readonly address: string; readonly family: string; readonly port: number };
  /** Lets nobody in any more; connections that stand go on. */
  stop(): void;
  /** Ends every connection, and the rest. */
  close(): Promise<void>;
}

/** How a server is made. */
export interface QuicServerOptions {
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** The application's protocol (ALPN), e.g. "h3". */
  readonly protocol: string;
  /** Connections at the same time; one more is refused. */
  readonly connections: number;
  /** Takes a connection: who hears of it. */
  readonly accept: (connection: QuicConnection) => QuicReceiver;
  /** A connection was not let in, for there are too many. */
  readonly refused: (remote: string) => void;
  /** A client that asked to be let in could not be, for the library failed. */
  readonly failed: (remote: string, message: string) => void;
}
