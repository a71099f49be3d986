// What a guest may see of an open description, said from the specification (the rows of connect(2)'s table, POSIX, Linux's
// poll) and not from the core: the base of every kind. model-stream.ts, model-datagram.ts, model-pair.ts and model-pipe.ts
// have the kinds. Results are as the calls give them: a number, or -errno.

import { EAGAIN, EINTR } from "../../assembly/shared/errno.js";

/** What shutdown(2) takes away. */
export const READ = 1;
export const WRITE = 2;

/** Why a call that found nothing to do came back: it does not wait, its time was over, a handler ran. Null: it may wait. */
export type Reason = "now" | "timeout" | "signal" | null;

/** Readiness: what poll(2) has to tell, and what it may tell besides (buffers that are neither empty nor full). */
export interface Ready {
  readonly must: number;
  readonly may: number;
}

/** No call gives this: it had to wait, and came back without a reason. */
const MUST_WAIT = -9999;

/** What a call gives that would have to wait and does not. */
export function unready(reason: Reason): number {
  return reason === null ? MUST_WAIT : reason === "signal" ? -EINTR : -EAGAIN;
}

/** A result is one of these. */
export type Expected = number | readonly number[];

/** Whether `actual` is as expected. */
export function isAsExpected(actual: number, expected: Expected): boolean {
  return typeof expected === "number" ? actual === expected : expected.includes(actual);
}

let keys = 0;

/** A number that tells one stream of bytes from others. */
export function nextKey(): number {
  keys = (keys + 41) % 251;
  return keys;
}

/** An open description. */
export abstract class Model {
  /** O_NONBLOCK. */
  nonblocking = false;
  /** Descriptors that name it. */
  references = 0;
  /** SIGPIPEs that its calls have raised, if somebody counts them. */
  onPipe: () => void = () => {};
  /** SO_RCVTIMEO and SO_SNDTIMEO in milliseconds; infinite: none. */
  receiveTimeout = Infinity;
  sendTimeout = Infinity;
  /** Where the next byte to be received and to be sent stands in its direction's stream. */
  received = 0;
  sent = 0;
  /** What tells the bytes of a direction from those of another. */
  inKey = nextKey();
  outKey = nextKey();

  /** For the trace. */
  abstract readonly name: string;
  /** Whether socket calls are for it; ENOTSOCK if not. */
  abstract readonly isSocket: boolean;
  abstract ready(): Ready;

  /** Whether a receive of `size` bytes has to wait (`all`: MSG_WAITALL). */
  abstract receiveBlocks(size: number, all: boolean): boolean;
  /** What a receive gives that need not wait, or did not. A datagram's true length is in `cut`. */
  abstract receive(size: number, peek: boolean, reason: Reason): number;
  /** Whether a send has to wait that has sent `done` of `size` bytes. */
  abstract sendBlocks(size: number, done: number): boolean;
  /** What a send may give that has sent `done` of `size` bytes and need not wait, or did not. */
  abstract send(size: number, done: number, quiet: boolean, reason: Reason): Expected;
  /** Its last descriptor was closed. */
  close(): void {}
}
