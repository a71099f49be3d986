// ioctl(2) on a terminal (tcgetattr(3) and its kin are made of it). Every function gives its result or -errno.

import { EFAULT, EINVAL, ENOTTY, EPERM } from "../shared/errno";
import {
  TCFLSH,
  TCGETS,
  TCIFLUSH,
  TCIOFF,
  TCIOFLUSH,
  TCION,
  TCOFLUSH,
  TCOOFF,
  TCOON,
  TCSBRK,
  TCSETS,
  TCSETSF,
  TCSETSW,
  TCXONC,
  TERMIOS_SIZE,
  TIOCGPGRP,
  TIOCGSID,
  TIOCGWINSZ,
  TIOCOUTQ,
  TIOCSCTTY,
  TIOCSPGRP,
  TIOCSWINSZ,
  VSTART,
  VSTOP,
} from "../shared/termios";
import { Description } from "../description";
import { cell, copyin, copyout, storeGuest32 } from "../guest";
import { Socket } from "../socket";
import { transmit } from "../stream";
import { drainOutput, flushQueues, isOurs, setSettings } from "../terminal";
import { pendingOutput, setStopped } from "../terminal-output";
import { control, settings } from "../termios";
import { changeWindow, windowSize } from "../window";
import { getpid } from "./signal";

/** ioctl(2) of what only a terminal has; `pointer` is an integer where the request takes one. */
export function terminalControl(description: Description, command: i32, pointer: usize): i32 {
  const socket = changetype<Socket>(description.object);
  switch (command) {
    case TCGETS:
      return copyout(pointer, settings, TERMIOS_SIZE) ? -EFAULT : 0;
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
      return change(socket, command, pointer);
    case TCSBRK:
      // There is no line to break: all that is done of it is the wait.
      return -drainOutput(socket);
    case TCXONC:
      return controlFlow(socket, <i32>pointer);
    case TCFLSH:
      return flush(socket, <i32>pointer);
    case TIOCOUTQ:
      return storeGuest32(pointer, <i32>pendingOutput(socket)) ? -EFAULT : 0;
    case TIOCGWINSZ:
      return copyout(pointer, windowSize, 8) ? -EFAULT : 0;
    case TIOCSWINSZ:
      if (copyin(cell, pointer, 8)) return -EFAULT;
      changeWindow(load<u64>(cell));
      return 0;
  }
  return belonging(command, pointer);
}

/** tcsetattr(3). A change of who does the discipline waits for the device too, so that what was written is shown as meant. */
function change(socket: Socket, command: i32, pointer: usize): i32 {
  if (command != TCSETS || !isOurs(socket)) {
    const error = drainOutput(socket);
    if (error) return -error;
  }
  if (command == TCSETSF) flushQueues(socket, true, false);
  return -setSettings(socket, pointer);
}

/** tcflow(3). */
function controlFlow(socket: Socket, action: i32): i32 {
  switch (action) {
    case TCOOFF:
    case TCOON:
      setStopped(socket, action == TCOOFF);
      return 0;
    case TCIOFF:
    case TCION: {
      const byte = control(action == TCIOFF ? VSTOP : VSTART);
      store<u8>(cell, <u8>byte);
      if (byte != 0) transmit(socket, cell, 1);
      return 0;
    }
  }
  return -EINVAL;
}

/** tcflush(3). */
function flush(socket: Socket, queue: i32): i32 {
  if (queue < TCIFLUSH || queue > TCIOFLUSH) return -EINVAL;
  flushQueues(socket, queue != TCOFLUSH, queue != TCIFLUSH);
  return 0;
}

/** Whose terminal it is: the one process's, which is its session and its group. */
function belonging(command: i32, pointer: usize): i32 {
  switch (command) {
    case TIOCGPGRP:
    case TIOCGSID:
      return storeGuest32(pointer, getpid()) ? -EFAULT : 0;
    case TIOCSPGRP:
      if (copyin(cell, pointer, 4)) return -EFAULT;
      if (load<i32>(cell) < 0) return -EINVAL;
      return load<i32>(cell) == getpid() ? 0 : -EPERM;
    case TIOCSCTTY:
      return -EPERM;
  }
  return -ENOTTY;
}
