// Pipes (POSIX pipe): one buffer, a read end and a write end, all inside the core.

import { EAGAIN, EFAULT, EPIPE } from "./shared/errno";
import { SIGPIPE } from "./shared/signal";
import { allocate, allocateZeroed, release } from "./heap";
import { raise } from "./signal";
import { wakeThreads } from "./thread";
import { block, FOREVER } from "./turn";
import { gather, scatter, Vector } from "./vector";

/** Bytes a pipe holds. */
const SIZE: u32 = 0x10000;
/** PIPE_BUF: a write of no more than this is all or nothing. */
const ATOMIC: u32 = 4096;

/** The buffer: a ring, both counters run freely. */
@unmanaged
export class Pipe {
  buffer: usize;
  head: u32;
  tail: u32;
  readers: i32;
  writers: i32;
}

/** A new pipe with one reader and one writer, or null (no memory). */
export function newPipe(): Pipe | null {
  const buffer = allocate(SIZE);
  if (buffer == 0) return null;
  const pipe = changetype<Pipe>(allocateZeroed(offsetof<Pipe>()));
  pipe.buffer = buffer;
  pipe.readers = 1;
  pipe.writers = 1;
  return pipe;
}

/** Drops an end; the pipe goes with its last. */
export function closePipe(pipe: Pipe, readEnd: bool): void {
  if (readEnd) pipe.readers = 0;
  else pipe.writers = 0;
  wakeThreads();
  if (pipe.readers + pipe.writers > 0) return;
  release(pipe.buffer, SIZE);
  release(changetype<usize>(pipe), offsetof<Pipe>());
}

/** Unread bytes. */
export function pipeBytes(pipe: Pipe): u32 {
  return pipe.head - pipe.tail;
}

/** Whether a write of PIPE_BUF bytes would go in at once. */
export function pipeHasRoom(pipe: Pipe): bool {
  return SIZE - pipeBytes(pipe) >= ATOMIC;
}

/** read(2) from a pipe: bytes, 0 at end of file, or -errno. */
export function readPipe(pipe: Pipe, vector: Vector, nonblocking: bool): i32 {
  if (vector.left == 0) return 0;
  while (pipeBytes(pipe) == 0) {
    if (pipe.writers == 0) return 0;
    if (nonblocking) return -EAGAIN;
    const error = block(FOREVER, true);
    if (error) return -error;
  }
  let done: u32 = 0;
  while (vector.left > 0 && pipeBytes(pipe) > 0) {
    const at = pipe.tail & (SIZE - 1);
    const part = min(min(pipeBytes(pipe), SIZE - at), vector.left);
    if (scatter(vector, pipe.buffer + at, part)) return done > 0 ? <i32>done : -EFAULT;
    pipe.tail += part;
    done += part;
  }
  wakeThreads();
  return <i32>done;
}

/** write(2) to a pipe: bytes or -errno; EPIPE with SIGPIPE when no reader is left. */
export function writePipe(pipe: Pipe, vector: Vector, nonblocking: bool): i32 {
  let done: u32 = 0;
  const whole = vector.left <= ATOMIC;
  while (vector.left > 0) {
    if (pipe.readers == 0) {
      raise(SIGPIPE);
      return -EPIPE;
    }
    const room = SIZE - pipeBytes(pipe);
    if (room == 0 || (whole && room < vector.left)) {
      if (nonblocking) return done > 0 ? <i32>done : -EAGAIN;
      const error = block(FOREVER, true);
      if (error) return done > 0 ? <i32>done : -error;
      continue;
    }
    const at = pipe.head & (SIZE - 1);
    const part = min(min(room, SIZE - at), vector.left);
    if (gather(vector, pipe.buffer + at, part)) return done > 0 ? <i32>done : -EFAULT;
    pipe.head += part;
    done += part;
    wakeThreads();
  }
  return <i32>done;
}
