// Standard input, output and error: streams of the host that are no sockets to the guest. Their records are sockets of
// domain 0, so that the same code lends, buffers, and polls them. Those of them that are a terminal are one record, with one
// description (as under a shell), and this file owns what that terminal is asked: reads, writes, settings, readiness.
//
// Who does the line discipline: the core where the host's device is raw (a page's terminal); where it is the host's own
// terminal (Node), the host as long as the settings are those it has anyway, and the core, over a raw device, for all others.

import { EAGAIN, EFAULT, EINVAL, EIO } from "./shared/errno";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDHUP } from "./shared/poll";
import { REQUEST_TERMINAL } from "./shared/request";
import { SIGCONT, SIGHUP } from "./shared/signal";
import { ICANON, TERMIOS_LFLAG, TERMIOS_SIZE, VMIN, VTIME } from "./shared/termios";
import { Description, install, KIND_TERMINAL, descriptionOf, place } from "./description";
import { restartEditing, type } from "./discipline";
import { request } from "./host";
import { pump } from "./events";
import { copyin } from "./guest";
import { allocate } from "./heap";
import { raise } from "./signal";
import { lendLater } from "./socket-events";
import {
  ESTABLISHED,
  freeSocket,
  lendReceive,
  newSocket,
  PHASE_CONNECTED,
  setState,
  SHUT_RECEIVE,
  SHUT_SEND,
  Socket,
  socketOf,
  takeError,
  TYPE_TERMINAL,
} from "./socket";
import { receiveStream, sendRoom, sendStream } from "./stream";
import { CHUNK, dropOutput, flushOutput, outputRoom, pendingOutput, put } from "./terminal-output";
import { areDefault, control, localMode, resetSettings, settings } from "./termios";
import { sleepAlone } from "./thread";
import { block, deadlineIn, FOREVER, turn } from "./turn";
import {
  addTyped,
  commitTyped,
  dropTyped,
  endLine,
  hasPlace,
  isReadable,
  openTyped,
  readableBytes,
  takeBytes,
  takeLine,
  typedBytes,
} from "./typed";
import { gather, Vector } from "./vector";

/** In kernel_stdio()'s mask: the terminal's device is raw, whatever its settings are. */
const RAW: i32 = 8;

let first: i32 = 0;
/** The terminal's record, 0 if none of the three is one. */
let terminal: usize = 0;
/** The line discipline is here, and the host's device is raw. */
let ours: bool = false;
let alwaysOurs: bool = false;
/** What a step of a write takes from the guest. */
let chunk: usize = 0;

/**
 * Opens descriptors 0, 1 and 2; bit i of `mask` says that i is the terminal, bit 3 that its device is raw. The id of standard
 * input; output, error and the terminal follow it by one, two and three.
 */
export function kernel_stdio(mask: i32): i32 {
  const count = mask & 7 ? 4 : 3;
  for (let i = 0; i < count; i++) {
    const socket = changetype<Socket>(newSocket(0, TYPE_TERMINAL, 0));
    if (i == 0) first = socket.id;
    setState(socket, ESTABLISHED);
    socket.phase = PHASE_CONNECTED;
  }
  if (count == 4) openTerminal(changetype<Socket>(socketOf(first + 3)), (mask & RAW) != 0);
  let shared: Description | null = null;
  for (let i = 0; i < 3; i++) {
    const own = changetype<Socket>(socketOf(first + i));
    if (!(mask & (1 << i))) install(KIND_TERMINAL, changetype<usize>(own), 0, 0, 0);
    else {
      freeSocket(own);
      if (shared === null) shared = descriptionOf(install(KIND_TERMINAL, terminal, 0, 0, 0));
      else place(i, shared, 0);
    }
  }
  return first;
}

function openTerminal(socket: Socket, raw: bool): void {
  terminal = changetype<usize>(socket);
  chunk = allocate(CHUNK);
  openTyped();
  resetSettings();
  ours = raw;
  alwaysOurs = raw;
  if (raw) lendLater(socket);
}

/** Whether the description is a terminal in the sense of isatty(3). */
export function isTerminal(description: Description): bool {
  return description.kind == KIND_TERMINAL && terminal != 0 && description.object == terminal;
}

/** Whether `socket` is the terminal's, and its discipline is here. */
export function isOurs(socket: Socket): bool {
  return ours && changetype<usize>(socket) == terminal;
}

/** The host has brought bytes, or has taken some, or the device is gone. */
export function onTerminal(socket: Socket): void {
  if (!isOurs(socket)) return;
  while (socket.receiveStart < socket.receiveEnd && hasPlace()) {
    type(socket, load<u8>(socket.receive + socket.receiveStart++));
  }
  flushOutput(socket);
  lendReceive(socket);
}

/** The device has gone: a hang-up. */
export function onHangUp(socket: Socket): void {
  if (!isOurs(socket)) return;
  dropOutput();
  raise(SIGHUP);
  raise(SIGCONT);
}

/** read(2) from a standard stream: bytes, 0 at end of file, or -errno. */
export function readTerminal(socket: Socket, vector: Vector, nonblocking: bool): i32 {
  if (changetype<usize>(socket) != terminal || (!ours && typedBytes() == 0)) {
    return receiveStream(socket, vector, 0, nonblocking);
  }
  const canonical = localMode(ICANON) != 0;
  let least: u32 = canonical ? 0 : control(VMIN);
  const between: f64 = canonical || least == 0 ? 0 : <f64>control(VTIME) * 100;
  let deadline = FOREVER;
  if (!canonical && least == 0) {
    deadline = deadlineIn(<f64>control(VTIME) * 100);
    least = 1;
  }
  let done: u32 = 0;
  let turned = false;
  while (vector.left > 0) {
    if (isReadable(false)) {
      const part = canonical ? takeLine(vector) : takeBytes(vector);
      if (part < 0) return done > 0 ? <i32>done : part;
      done += <u32>part;
      onTerminal(socket);
      if (canonical || done >= least) break;
      if (between > 0) deadline = deadlineIn(between);
      continue;
    }
    if (socket.error) return done > 0 ? <i32>done : -takeError(socket);
    if (socket.shut & SHUT_RECEIVE) break;
    const polls = !canonical && control(VMIN) == 0 && control(VTIME) == 0;
    if (polls || nonblocking) {
      if (turned) return done > 0 || polls ? <i32>done : -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    const error = block(deadline, true);
    if (error == EAGAIN) {
      if (isReadable(false)) continue;
      break;
    }
    if (error) return done > 0 ? <i32>done : -error;
  }
  return <i32>done;
}

/** write(2) to a standard stream: bytes or -errno. */
export function writeTerminal(socket: Socket, vector: Vector, nonblocking: bool): i32 {
  if (!isOurs(socket)) return sendStream(socket, vector, 0, nonblocking);
  let done: u32 = 0;
  let turned = false;
  while (vector.left > 0) {
    if (socket.error != 0 || socket.shut & SHUT_SEND || socket.ended) return done > 0 ? <i32>done : -EIO;
    const part = min<u32>(vector.left, outputRoom(socket));
    if (part > 0) {
      if (gather(vector, chunk, part)) return done > 0 ? <i32>done : -EFAULT;
      for (let i: u32 = 0; i < part; i++) put(load<u8>(chunk + i));
      flushOutput(socket);
      done += part;
      pump();
      continue;
    }
    if (nonblocking) {
      if (turned) return done > 0 ? <i32>done : -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    const error = block(FOREVER, true);
    if (error) return done > 0 ? <i32>done : -error;
  }
  return <i32>done;
}

/** poll(2)'s bits of the terminal, as n_tty_poll has them; only where isOurs() or something is left of that. */
export function terminalReadiness(socket: Socket): i32 {
  let events = isReadable(true) ? POLLIN : 0;
  if (socket.error) events |= POLLERR;
  if (socket.shut & SHUT_RECEIVE) events |= POLLIN | POLLRDHUP | POLLHUP;
  if (ours ? outputRoom(socket) > 0 : sendRoom(socket) > 0) events |= POLLOUT;
  return events;
}

/** Whether terminalReadiness() has to say what is ready of `socket`. */
export function hasTyped(socket: Socket): bool {
  return changetype<usize>(socket) == terminal && (ours || typedBytes() > 0);
}

/** FIONREAD of the terminal where hasTyped(). */
export function typedReadable(): i32 {
  return <i32>readableBytes();
}

/** Waits until the device has everything that was written: 0 or what block() says. */
export function drainOutput(socket: Socket): i32 {
  while (pendingOutput(socket) > 0 && !socket.broken) {
    const error = block(FOREVER, true);
    if (error) return error;
  }
  return 0;
}

/** tcflush(3). What the device has been given is shown: only what is held back can be dropped. */
export function flushQueues(socket: Socket, input: bool, output: bool): void {
  if (input) {
    dropTyped();
    socket.receiveStart = socket.receiveEnd;
    onTerminal(socket);
    if (!ours) lendReceive(socket);
  }
  if (output) dropOutput();
}

/** Takes new settings from the guest: 0 or errno. Output that was written before is shown as it was meant. */
export function setSettings(socket: Socket, pointer: usize): i32 {
  const canonical = localMode(ICANON);
  if (copyin(settings, pointer, TERMIOS_SIZE)) return EFAULT;
  const wanted = alwaysOurs || !areDefault();
  if (wanted != ours) {
    ours = wanted;
    request(REQUEST_TERMINAL, socket.id, wanted ? 1 : 0, 0, 0);
    if (wanted) adopt(socket);
  }
  if (localMode(ICANON) != canonical || !wanted) {
    commitTyped();
    restartEditing();
  }
  onTerminal(socket);
  return 0;
}

/** Takes what the host's discipline has given already: its lines are lines, and it has shown them. */
function adopt(socket: Socket): void {
  while (socket.receiveStart < socket.receiveEnd && hasPlace()) {
    const byte = <u32>load<u8>(socket.receive + socket.receiveStart++);
    if (byte == 10 && localMode(ICANON)) endLine(byte);
    else addTyped(byte);
  }
}

/** Waits until the host has written out what it was given of a closed stream. Not interrupted: the guest is ending. */
export function drainTerminals(): void {
  const count = terminal == 0 ? 3 : 4;
  for (let i = 0; i < count; i++) {
    let socket = socketOf(first + i);
    // One that was closed under a thread that waits on it will not be.
    while (socket !== null && socket.closing) {
      sleepAlone();
      pump();
      socket = socketOf(first + i);
    }
  }
}
