// Which names the trace gives to which numbers: from the shared constants, sorted by what they are for.

import * as fcntl from "../../assembly/shared/fcntl.js";
import * as poll from "../../assembly/shared/poll.js";
import * as signal from "../../assembly/shared/signal.js";
import * as socket from "../../assembly/shared/socket.js";
import * as termios from "../../assembly/shared/termios.js";
import { type Names, namesOf } from "./text.js";

export const DOMAINS: Names = namesOf(socket, /^AF_/);
export const TYPES: Names = namesOf(socket, /^SOCK_(DGRAM|STREAM|SEQPACKET)$/);
export const TYPE_FLAGS: Names = namesOf(socket, /^SOCK_(CLOEXEC|NONBLOCK)$/);
export const MESSAGE_FLAGS: Names = namesOf(socket, /^MSG_/);
export const SHUTDOWNS: Names = namesOf(socket, /^SHUT_/);
export const LEVELS: Names = namesOf(socket, /^(SOL_|IPPROTO_)/);
export const PROTOCOLS: Names = namesOf(socket, /^IPPROTO_/);
/** Option names by their level's number. */
export const OPTIONS: ReadonlyMap<number, Names> = new Map([
  [socket.SOL_SOCKET, namesOf(socket, /^SO_/)],
  [socket.IPPROTO_TCP, namesOf(socket, /^TCP_/)],
  [socket.IPPROTO_IP, namesOf(socket, /^IP_/)],
  [socket.IPPROTO_IPV6, namesOf(socket, /^IPV6_/)],
]);
export const POLL_BITS: Names = namesOf(poll, /^POLL/);
export const FILE_COMMANDS: Names = namesOf(fcntl, /^F_/);
/** Flags that fcntl(2) and preview1's fdflags share. */
export const FILE_FLAGS: Names = namesOf(fcntl, /^O_(APPEND|NONBLOCK)$/);
/** O_RDWR is the bits of the other two modes, so it is looked for first. */
export const OPEN_FLAGS: Names = new Map([
  [fcntl.O_RDWR, "O_RDWR"],
  ...namesOf(fcntl, /^O_(APPEND|NONBLOCK|RDONLY|WRONLY|CLOEXEC)$/),
]);
export const DEVICE_REQUESTS: Names = new Map([
  ...namesOf(fcntl, /^FIO/),
  ...namesOf(termios, /^(TIOC|TC(GETS|SETS|SBRK|XONC|FLSH))/),
]);
export const SIGNALS: Names = namesOf(signal, /^SIG[A-Z0-9]+$/);
export const SIGNAL_HOWS: Names = namesOf(signal, /^SIG_/);
export const ACTION_FLAGS: Names = namesOf(signal, /^SA_/);
