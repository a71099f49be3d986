// The line discipline: what becomes of each byte that is typed. Signals, flow control, editing, echo, as Linux's n_tty has
// them (termios(3), POSIX.1-2017, 11.1.6 to 11.1.9). Owns no buffer: typed.ts keeps what can be read, terminal-output.ts shows.

import { SIGINT, SIGQUIT, SIGTSTP } from "./shared/signal";
import {
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHONL,
  ECHOPRT,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNCR,
  INLCR,
  ISIG,
  ISTRIP,
  IUCLC,
  IXANY,
  IXON,
  NOFLSH,
  PARMRK,
  VEOF,
  VEOL,
  VEOL2,
  VERASE,
  VINTR,
  VKILL,
  VLNEXT,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VWERASE,
} from "./shared/termios";
import { raise } from "./signal";
import { Socket } from "./socket";
import {
  dropOutput,
  echo,
  echoRest,
  isContinuation,
  isControlCharacter,
  isStopped,
  markLine,
  put,
  rubOut,
  rubOutTab,
  setStopped,
} from "./terminal-output";
import { control, inputMode, isControl, localMode } from "./termios";
import { addTyped, dropTyped, endLine, lastTyped, lineBytes, makePlace, takeBackTyped } from "./typed";

/** The next byte is taken as it is (VLNEXT). */
let literal: bool = false;
/** Erased characters are being printed (ECHOPRT): a "/" ends them. */
let erasing: bool = false;

/** ICANON was set or cleared: editing begins anew. */
export function restartEditing(): void {
  literal = false;
  erasing = false;
}

function finishErasing(): void {
  if (!erasing) return;
  put(47);
  erasing = false;
}

/** Takes a byte that was typed. */
export function type(terminal: Socket, typed: u32): void {
  makePlace();
  let byte = typed;
  if (inputMode(ISTRIP)) byte &= 0x7f;
  if (inputMode(IUCLC) && localMode(IEXTEN) && byte >= 65 && byte <= 90) byte += 32;
  if (literal) {
    literal = false;
    return plain(byte, true);
  }
  if (controlsFlow(terminal, byte) || raises(terminal, byte)) return;
  if (isStopped() && inputMode(IXON) && inputMode(IXANY)) setStopped(terminal, false);
  if (byte == 13) {
    if (inputMode(IGNCR)) return;
    if (inputMode(ICRNL)) byte = 10;
  } else if (byte == 10 && inputMode(INLCR)) byte = 13;
  if (localMode(ICANON) && edits(byte)) return;
  plain(byte, false);
}

function controlsFlow(terminal: Socket, byte: u32): bool {
  if (!inputMode(IXON)) return false;
  const starts = isControl(byte, VSTART);
  if (!starts && !isControl(byte, VSTOP)) return false;
  setStopped(terminal, !starts);
  return true;
}

function raises(terminal: Socket, byte: u32): bool {
  if (!localMode(ISIG)) return false;
  const signal = isControl(byte, VINTR)
    ? SIGINT
    : isControl(byte, VQUIT)
      ? SIGQUIT
      : isControl(byte, VSUSP)
        ? SIGTSTP
        : 0;
  if (signal == 0) return false;
  raise(signal);
  if (!localMode(NOFLSH)) {
    dropOutput();
    dropTyped();
    erasing = false;
  }
  if (inputMode(IXON)) setStopped(terminal, false);
  if (localMode(ECHO)) echo(byte);
  return true;
}

function plain(byte: u32, quoted: bool): void {
  if (localMode(ECHO)) {
    finishErasing();
    if (byte == 10 && !quoted) put(10);
    else {
      if (lineBytes() == 0) markLine();
      echo(byte);
    }
  }
  if (byte == 0xff && inputMode(PARMRK)) addTyped(byte);
  addTyped(byte);
}

/** Whether a byte of a line edits or ends it. */
function edits(byte: u32): bool {
  const extended = localMode(IEXTEN) != 0;
  if (isControl(byte, VERASE) || isControl(byte, VKILL) || (extended && isControl(byte, VWERASE))) {
    erase(byte);
    return true;
  }
  if (extended && isControl(byte, VLNEXT)) {
    literal = true;
    if (localMode(ECHO)) {
      finishErasing();
      if (localMode(ECHOCTL)) {
        put(94);
        put(8);
      }
    }
    return true;
  }
  if (extended && localMode(ECHO) && isControl(byte, VREPRINT)) {
    finishErasing();
    echo(byte);
    put(10);
    for (let back = lineBytes(); back > 0; back--) echo(lastTyped(back));
    return true;
  }
  return ends(byte, extended);
}

function ends(byte: u32, extended: bool): bool {
  if (byte == 10) {
    if (localMode(ECHO | ECHONL)) put(10);
    endLine(10);
    return true;
  }
  if (isControl(byte, VEOF)) {
    endLine(0);
    return true;
  }
  if (!isControl(byte, VEOL) && !(extended && isControl(byte, VEOL2))) return false;
  if (localMode(ECHO)) {
    if (lineBytes() == 0) markLine();
    echo(byte);
  }
  if (byte == 0xff && inputMode(PARMRK)) addTyped(byte);
  endLine(byte);
  return true;
}

function isWordCharacter(byte: u32): bool {
  // The letters of Latin-1 count too, as in Linux.
  if (byte >= 0xc0) return byte != 0xd7 && byte != 0xf7;
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte == 95;
}

/** VERASE, VWERASE, VKILL. */
function erase(byte: u32): void {
  if (lineBytes() == 0) return;
  const one = isControl(byte, VERASE);
  const word = !one && isControl(byte, VWERASE);
  if (!one && !word && killsAtOnce()) return;
  let seen = false;
  while (lineBytes() > 0) {
    let count: u32 = 1;
    while (isContinuation(lastTyped(count)) && count < lineBytes()) count++;
    const first = lastTyped(count);
    if (isContinuation(first)) break;
    if (word) {
      if (isWordCharacter(first)) seen = true;
      else if (seen) break;
    }
    if (localMode(ECHO)) showErased(first, count, one);
    takeBackTyped(count);
    if (one) break;
  }
  if (lineBytes() == 0 && localMode(ECHO)) finishErasing();
}

/** VKILL where the characters are not taken back one by one. */
function killsAtOnce(): bool {
  if (!localMode(ECHO)) {
    takeBackTyped(lineBytes());
    return true;
  }
  if (localMode(ECHOK) && localMode(ECHOKE) && localMode(ECHOE)) return false;
  takeBackTyped(lineBytes());
  finishErasing();
  echo(control(VKILL));
  if (localMode(ECHOK)) put(10);
  return true;
}

/** Shows that the last `count` bytes of the line, a character that begins with `first`, are about to go. */
function showErased(first: u32, count: u32, one: bool): void {
  if (localMode(ECHOPRT)) {
    if (!erasing) put(92);
    erasing = true;
    echo(first);
    for (let back = count - 1; back > 0; back--) echoRest(lastTyped(back));
  } else if (one && !localMode(ECHOE)) echo(control(VERASE));
  else if (first == 9) eraseTab(count);
  else {
    const isControlByte = isControlCharacter(first);
    if (isControlByte && localMode(ECHOCTL)) rubOut();
    if (!isControlByte || localMode(ECHOCTL)) rubOut();
  }
}

function eraseTab(count: u32): void {
  let columns: u32 = 0;
  let afterTab = false;
  for (let back = count + 1; back <= lineBytes(); back++) {
    const byte = lastTyped(back);
    if (byte == 9) {
      afterTab = true;
      break;
    }
    if (isControlCharacter(byte)) columns += localMode(ECHOCTL) ? 2 : 0;
    else if (!isContinuation(byte)) columns++;
  }
  rubOutTab(columns, afterTab);
}
