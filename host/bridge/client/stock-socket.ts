// What a session at a server of Wisp and its sockets have of each other. Owns the shapes, and what Wisp's reasons are as errnos.

import { EACCES, EAGAIN, ECONNREFUSED, EHOSTUNREACH, EINVAL, ETIMEDOUT } from "../../../assembly/shared/errno.js";
import type { Address, InternetAddress } from "../../address.js";
import type { LentMemory, NetworkEvents } from "../../network.js";
import {
  REASON_BLOCKED,
  REASON_IDLE,
  REASON_INVALID,
  REASON_REFUSED,
  REASON_THROTTLED,
  REASON_TIMEOUT,
  REASON_UNREACHABLE,
} from "../protocol/types.js";
import type { Transport } from "../transport.js";

/** What the sockets of one session share. */
export interface StockParts {
  readonly events: NetworkEvents;
  readonly memory: LentMemory;
  /** Packets that the server takes on a new stream. */
  readonly packets: number;
  /** Whether the server says when a stream is open. */
  readonly confirms: boolean;
  readonly hasUdp: boolean;
  /** The connection; null once it is gone. */
  readonly transport: () => Transport | null;
  /** A name for a socket that connects: a port that is none of the server's. */
  readonly local: (domain: number) => InternetAddress;
  /** Opens a stream of Wisp's for a socket: its number. */
  readonly connect: (socket: StockSocket, kind: number, to: InternetAddress) => number;
  /** Ends a stream of Wisp's. */
  readonly end: (stream: number, reason: number) => void;
  /** A socket has closed. */
  readonly forget: (id: number) => void;
}

/** A guest's socket at such a server. Requests are the network's (host/network.ts). */
export interface StockSocket {
  connect(to: InternetAddress): void;
  disconnect(): void;
  abort(): void;
  receive(pointer: number, capacity: number): void;
  send(pointer: number, length: number): void;
  sendto(pointer: number, length: number, to: Address | null): void;
  shutdown(how: number): void;
  close(isReset: boolean): void;
  /** Bytes came on one of its streams. */
  data(stream: number, bytes: Uint8Array): void;
  /** The server takes so many packets. */
  room(packets: number): void;
  /** The server has ended one of its streams. */
  over(stream: number, reason: number): void;
  /** The connection has room again. */
  drained(): void;
  /** The connection is gone, and its streams with it. */
  lost(): void;
}

const ERRNOS: Readonly<Record<number, number>> = {
  [REASON_REFUSED]: ECONNREFUSED,
  [REASON_TIMEOUT]: ETIMEDOUT,
  [REASON_IDLE]: ETIMEDOUT,
  [REASON_UNREACHABLE]: EHOSTUNREACH,
  [REASON_BLOCKED]: EACCES,
  [REASON_THROTTLED]: EAGAIN,
  [REASON_INVALID]: EINVAL,
};

/** The errno of a reason, where it has one. */
export function errnoOfReason(reason: number): number | undefined {
  return ERRNOS[reason];
}
