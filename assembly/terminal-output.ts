// What a terminal shows: bytes of writes and echoes after OPOST has made of them what it does, as Linux's n_tty does it. Owns
// the column, the bytes that ^S or a full send buffer hold back, and whether output is stopped.

import { OCRNL, OLCUC, ONLCR, ONLRET, ONOCR, OPOST, TABDLY, ECHOCTL, IUTF8, ECHOPRT } from "./shared/termios";
import { allocate } from "./heap";
import { Socket } from "./socket";
import { sendRoom, transmit } from "./stream";
import { inputMode, localMode, outputMode } from "./termios";

/** Bytes that one step of a write takes; each becomes no more than eight (a tab). */
export const CHUNK: u32 = 2048;
const HELD_SIZE: u32 = 0x8000;

let held: usize = 0;
let heldLength: u32 = 0;
let column: u32 = 0;
/** The column at which the line that is being typed began. */
let lineColumn: u32 = 0;
let stopped: bool = false;

/** Control characters in the sense of Linux's n_tty: none above 127. */
export function isControlCharacter(byte: u32): bool {
  return byte < 32 || byte == 127;
}

/** Whether a byte goes on with a character of several, where the terminal is UTF-8. */
export function isContinuation(byte: u32): bool {
  return inputMode(IUTF8) != 0 && (byte & 0xc0) == 0x80;
}

/** Whether ^S or tcflow(3) has stopped output. */
export function isStopped(): bool {
  return stopped;
}

/** Stops output, or lets it go on. */
export function setStopped(terminal: Socket, stop: bool): void {
  stopped = stop;
  flushOutput(terminal);
}

/** Bytes that the device has not got yet (TIOCOUTQ). */
export function pendingOutput(terminal: Socket): u32 {
  return heldLength + (terminal.sendHead - terminal.sendTail);
}

/** Drops what is held back. */
export function dropOutput(): void {
  heldLength = 0;
}

/** Sends what is held back, as far as there is room. */
export function flushOutput(terminal: Socket): void {
  if (heldLength == 0 || stopped) return;
  const sent = transmit(terminal, held, heldLength);
  heldLength -= sent;
  if (heldLength > 0) memory.copy(held, held + sent, heldLength);
}

/** Bytes that a write may put() now without one being lost. */
export function outputRoom(terminal: Socket): u32 {
  flushOutput(terminal);
  if (stopped || heldLength > 0) return 0;
  return min<u32>(CHUNK, sendRoom(terminal) >> 3);
}

function emit(byte: u32): void {
  if (held == 0) held = allocate(HELD_SIZE);
  // Only echoes can be too many: nobody waits for them.
  if (held == 0 || heldLength == HELD_SIZE) return;
  store<u8>(held + heldLength++, <u8>byte);
}

/** Shows a byte of a write, or of an echo that is shown as it is. */
export function put(byte: u32): void {
  if (outputMode(OPOST)) process(byte);
  else emit(byte);
}

function process(byte: u32): void {
  switch (byte) {
    case 10:
      if (outputMode(ONLRET)) column = 0;
      if (outputMode(ONLCR)) {
        column = 0;
        emit(13);
      }
      lineColumn = column;
      return emit(10);
    case 13:
      if (outputMode(ONOCR) && column == 0) return;
      if (outputMode(OCRNL)) {
        if (outputMode(ONLRET)) {
          column = 0;
          lineColumn = 0;
        }
        return emit(10);
      }
      column = 0;
      lineColumn = 0;
      return emit(13);
    case 9: {
      let spaces = 8 - (column & 7);
      column += spaces;
      if (outputMode(TABDLY) != TABDLY) return emit(9);
      while (spaces-- > 0) emit(32);
      return;
    }
    case 8:
      if (column > 0) column--;
      return emit(8);
  }
  if (!isControlCharacter(byte) && !isContinuation(byte)) column++;
  emit(outputMode(OLCUC) && byte >= 97 && byte <= 122 ? byte - 32 : byte);
}

/** Shows a byte that was typed: a control character as ^X where ECHOCTL says so. */
export function echo(byte: u32): void {
  if (!localMode(ECHOCTL) || !isControlCharacter(byte) || byte == 9) return put(byte);
  emit(94);
  emit(byte ^ 0x40);
  column += 2;
}

/** Takes back the character before the cursor. */
export function rubOut(): void {
  put(8);
  put(32);
  put(8);
}

/** Goes back over a tab: `columns` stand between it and the tab before it, or the start of the line that is typed. */
export function rubOutTab(columns: u32, afterTab: bool): void {
  const at = (columns & 7) + (afterTab ? 0 : lineColumn);
  for (let left: u32 = 8 - (at & 7); left > 0; left--) {
    emit(8);
    if (column > 0) column--;
  }
}

/** A line begins to be typed at this column. */
export function markLine(): void {
  lineColumn = column;
}

/** The rest of a character whose first byte has moved the cursor (ECHOPRT). */
export function echoRest(byte: u32): void {
  put(byte);
  if (localMode(ECHOPRT) && column > 0) column--;
}
