// Name lookups in flight: RESOLVE and REVERSE, one at a time; another thread's waits for its end.

import { EVENT_RING } from "./shared/event";
import { REQUEST_RESOLVE, REQUEST_REVERSE } from "./shared/request";
import { EINTR } from "./shared/errno";
import { allocate, release } from "./heap";
import { request } from "./host";
import { wakeThreads } from "./thread";
import { block, FOREVER } from "./turn";
import { pump } from "./events";

let operations: i32 = 0;
let waiting: i32 = 0;
let answer: i32 = -1;
let payload: usize = 0;
let payloadLength: u32 = 0;

/** The host's answer. */
export function completeLookup(operation: i32, errno: i32, bytes: usize, length: u32): void {
  if (operation != waiting || answer != -1) return;
  release(payload, payloadLength);
  payload = 0;
  payloadLength = length;
  if (length > 0 && length < <u32>EVENT_RING) {
    payload = allocate(length);
    memory.copy(payload, bytes, length);
  }
  answer = errno;
}

/** Waits until no other thread's lookup is under way: 0 or EINTR. */
function begin(): i32 {
  while (waiting != 0) {
    if (block(FOREVER, true) == EINTR) return EINTR;
  }
  answer = -1;
  waiting = ++operations;
  return 0;
}

/** The lookup is over and its answer read. */
export function endLookup(): void {
  waiting = 0;
  wakeThreads();
}

function finish(): i32 {
  pump();
  while (answer == -1) {
    if (block(FOREVER, true) == EINTR) return EINTR;
  }
  return answer;
}

/** Resolves a name (UTF-8 in core memory) to endpoints at lookupPayload(). 0 or errno; then endLookup(). */
export function resolveName(name: usize, length: u32, family: i32): i32 {
  if (begin() != 0) return EINTR;
  request(REQUEST_RESOLVE, waiting, <i32>name, length, family);
  return finish();
}

/** Finds the name of an endpoint; its bytes at lookupPayload(). 0 or errno; then endLookup(). */
export function reverseName(endpoint: usize): i32 {
  if (begin() != 0) return EINTR;
  request(REQUEST_REVERSE, waiting, <i32>endpoint, 0, 0);
  return finish();
}

/** The last answer's bytes, valid until the next lookup. */
export function lookupPayload(): usize {
  return payload;
}

/** How many bytes they are. */
export function lookupLength(): u32 {
  return payloadLength;
}
