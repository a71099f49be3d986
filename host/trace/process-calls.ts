// How the other calls of module "posix" are shown: descriptors, waiting, signals, timers, names.

import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  FIONBIO,
  FIONREAD,
} from "../../assembly/shared/fcntl.js";
import { DISPOSITION_CATCH, DISPOSITION_IGNORE } from "../../assembly/shared/signal.js";
import { TIOCGWINSZ } from "../../assembly/shared/termios.js";
import { AF_INET6 } from "../../assembly/shared/socket.js";
import type { Call, Shapes } from "./call.js";
import {
  ACTION_FLAGS,
  DEVICE_REQUESTS,
  DOMAINS,
  FILE_COMMANDS,
  OPEN_FLAGS,
  SIGNAL_HOWS,
  SIGNALS,
} from "./constants.js";
import {
  addressText,
  integersText,
  intervalText,
  nameAtText,
  pollText,
  setText,
  signalSetText,
  signalsText,
  sockaddrText,
  timespecText,
} from "./structs.js";
import { constantText, flagsText } from "./text.js";

function signalText(signal: number): string {
  return SIGNALS.get(signal) ?? String(signal);
}

function closeOnExec(flags: number): string {
  return flags === FD_CLOEXEC ? "FD_CLOEXEC" : String(flags);
}

function controlArgs(call: Call): string[] {
  const command = call.at(1);
  const head = [call.decimal(0), constantText(command, FILE_COMMANDS, "F")];
  if (command === F_GETFD || command === F_GETFL) return head;
  if (command === F_SETFL) return [...head, flagsText(call.at(2), OPEN_FLAGS)];
  if (command === F_SETFD) return [...head, closeOnExec(call.at(2))];
  if (command === F_DUPFD || command === F_DUPFD_CLOEXEC) return [...head, call.decimal(2)];
  return [...head, call.pointer(2)];
}

function controlResult(call: Call): string {
  const { result } = call;
  if (call.at(1) === F_GETFL) return `0x${(result >>> 0).toString(16)} (flags ${flagsText(result, OPEN_FLAGS)})`;
  if (call.at(1) === F_GETFD && result !== 0) return `0x${result.toString(16)} (flags ${closeOnExec(result)})`;
  return String(result);
}

function deviceArgs(call: Call): string[] {
  const request = call.at(1);
  const head = [call.decimal(0), constantText(request, DEVICE_REQUESTS, "FIO")];
  const pointer = call.at(2);
  if (request === FIONBIO || (request === FIONREAD && call.result >= 0)) return [...head, call.pointee(2)];
  if (request === TIOCGWINSZ && call.result >= 0) {
    return [...head, `{ws_row=${call.view.u16(pointer)}, ws_col=${call.view.u16(pointer + 2)}}`];
  }
  return [...head, call.pointer(2)];
}

function actionText(call: Call): string {
  const disposition = call.at(1);
  if (disposition === DISPOSITION_IGNORE) return "SIG_IGN";
  return disposition === DISPOSITION_CATCH ? "{handler}" : "SIG_DFL";
}

/** The addresses that resolve gave: records of family u32 0, address 4, scope u32 20. */
function foundAddresses(call: Call): string {
  const found: string[] = [];
  for (let i = 0; i < Math.min(call.result, 16); i++) {
    const record = call.at(3) + 24 * i;
    const size = call.view.u32(record) === AF_INET6 ? 16 : 4;
    const bytes = call.view.bytes(record + 4, size);
    if (bytes === null) return call.pointer(3);
    found.push(addressText(bytes));
  }
  return call.result < 0 ? call.pointer(3) : `[${found.join(", ")}]`;
}

export const PROCESS_CALLS: Shapes = {
  dup: { args: (call) => [call.decimal(0)] },
  dup2: { args: (call) => [call.decimal(0), call.decimal(1)] },
  dup3: { args: (call) => [call.decimal(0), call.decimal(1), flagsText(call.at(2), OPEN_FLAGS)] },
  fcntl: { args: controlArgs, gave: controlResult },
  ioctl: { args: deviceArgs },
  pipe2: {
    args: (call) => [
      call.result < 0 ? call.pointer(0) : integersText(call.view, call.at(0), 2),
      flagsText(call.at(1), OPEN_FLAGS),
    ],
  },
  ppoll: {
    args: (call) => [
      pollText(call.view, call.at(0), call.at(1)),
      call.decimal(1),
      timespecText(call.view, call.at(2)),
      signalSetText(call.view, call.at(3)),
    ],
  },
  // The sets are shown as the call left them: what is ready.
  pselect: {
    args: (call) => [
      call.decimal(0),
      ...[1, 2, 3].map((at) => (call.result < 0 ? call.pointer(at) : setText(call.view, call.at(at), call.at(0)))),
      timespecText(call.view, call.at(4)),
      signalSetText(call.view, call.at(5)),
    ],
  },
  sigaction: {
    args: (call) => [
      signalText(call.at(0)),
      actionText(call),
      signalsText(call.at(3), call.at(4)),
      flagsText(call.at(2), ACTION_FLAGS),
    ],
  },
  sigprocmask: {
    args: (call) => [
      constantText(call.at(0), SIGNAL_HOWS, "SIG"),
      signalSetText(call.view, call.at(1)),
      call.result < 0 ? call.pointer(2) : signalSetText(call.view, call.at(2)),
    ],
  },
  sigpending: { args: (call) => [call.result < 0 ? call.pointer(0) : signalSetText(call.view, call.at(0))] },
  sigsuspend: { args: (call) => [signalSetText(call.view, call.at(0))] },
  sigtimedwait: {
    args: (call) => [signalSetText(call.view, call.at(0)), call.decimal(1)],
    gave: (call) => signalText(call.result),
  },
  rlimit_files: { args: (call) => [call.pointer(0), call.pointer(1)] },
  thread_create: { args: (call) => [call.pointer(0)] },
  thread_exit: { args: () => [] },
  futex_wait: { args: (call) => [call.pointer(0), call.decimal(1), call.decimal(2)] },
  futex_wake: { args: () => [] },
  getpid: { args: () => [] },
  kill: { args: (call) => [call.decimal(0), signalText(call.at(1))] },
  setitimer: {
    args: (call) => [
      timerText(call),
      intervalText(call.view, call.at(1)),
      call.result < 0 ? call.pointer(2) : intervalText(call.view, call.at(2)),
    ],
  },
  getitimer: {
    args: (call) => [timerText(call), call.result < 0 ? call.pointer(1) : intervalText(call.view, call.at(1))],
  },
  resolve: {
    args: (call) => [
      nameAtText(call.view, call.at(0), call.at(1)),
      constantText(call.at(2), DOMAINS, "AF"),
      foundAddresses(call),
      call.decimal(4),
    ],
  },
  reverse: {
    args: (call) => [
      sockaddrText(call.view, call.at(0), call.at(1)),
      call.result < 0 ? call.pointer(2) : nameAtText(call.view, call.at(2), call.result),
      call.decimal(3),
    ],
  },
  chdir: { args: (call) => [nameAtText(call.view, call.at(0), call.at(1)), call.decimal(1)] },
  gethostname: {
    args: (call) => [
      call.result < 0 ? call.pointer(0) : nameAtText(call.view, call.at(0), Math.min(call.result, call.at(1))),
      call.decimal(1),
    ],
  },
};

function timerText(call: Call): string {
  return ["ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF"][call.at(0)] ?? call.decimal(0);
}
