// Name lookups in flight: RESOLVE and REVERSE, one at a time, since a guest has one thread.

import { EVENT_RING } from "./shared/event";
import { REQUEST_RESOLVE, REQUEST_REVERSE } from "./shared/request";
import { EINTR } from "./shared/errno";
import { allocate, release } from "./heap";
import { request } from "./host";
import { block, FOREVER } from "./turn";
import { pump } from "./events";

let operations: i32 = 0;
let waiting: i32 = 0;
let answer: i32 = -1;
let payload: usize = 0;
let payloadLength: u32 = 0;

/** The host's answer. */
export function completeLookup(operation: i32, errno: i32, bytes: usize, length: u32): void {
  if (operation != waiting) return;
  release(payload, payloadLength);
  payload = 0;
  payloadLength = length;
  if (length > 0 && length < <u32>EVENT_RING) {
    payload = allocate(length);
    memory.copy(payload, bytes, length);
  }
  waiting = 0;
  answer = errno;
}

function finish(): i32 {
  pump();
  while (answer == -1) {
    if (block(FOREVER, true) == EINTR) {
      waiting = 0;
      return EINTR;
    }
  }
  return answer;
}

/** Resolves a name (UTF-8 in core memory) to endpoints at lookupPayload(). 0 or errno. */
export function resolveName(name: usize, length: u32, family: i32): i32 {
  answer = -1;
  waiting = ++operations;
  request(REQUEST_RESOLVE, waiting, <i32>name, length, family);
  return finish();
}

/** Finds the name of an endpoint; its bytes at lookupPayload(). 0 or errno. */
export function reverseName(endpoint: usize): i32 {
  answer = -1;
  waiting = ++operations;
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
