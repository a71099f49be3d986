// What carries packets: a WebSocket, a session of WebTransport, or a pair in memory. Owns the interface only.

/** One connection. It is open when it is handed over. */
export interface Transport {
  /** Whether it carries datagrams beside the packets. */
  readonly hasDatagrams: boolean;
  /** Bytes that were handed over and that the network has not taken. */
  readonly buffered: number;
  /** Takes a packet, which is the transport's from then on. Nothing happens if the connection is gone. */
  send(packet: Uint8Array<ArrayBuffer>): void;
  /** Sends a packet that may get lost. False, and nothing sent, where it does not fit or there are no datagrams. */
  sendDatagram(packet: Uint8Array<ArrayBuffer>): boolean;
  /** Ends it. `code` is a WebSocket's: 1000 in good order, 1001 going away, 1002 protocol error, 1008 policy, 1011 fault. */
  close(code: number, reason: string): void;
  /** Tells where what comes goes; what came before it is handed on now. */
  listen(receiver: TransportReceiver): void;
}

/** Who hears of a connection. */
export interface TransportReceiver {
  /** A packet came; it is the receiver's. */
  packet(packet: Uint8Array): void;
  /** A packet came as a datagram: another may have been lost, or come later. It is the receiver's. */
  datagram(packet: Uint8Array): void;
  /** What was buffered is less than a low mark again. */
  drained(): void;
  /** The connection is gone, whoever closed it; nothing comes after this. */
  lost(reason: string): void;
}
