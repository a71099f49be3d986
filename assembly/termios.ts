// The settings of the terminal (struct termios). Owns the record and what it is at first, which is what Linux gives a new
// terminal, with IUTF8; what the settings do is discipline.ts's and terminal-output.ts's.

import {
  CREAD,
  CS8,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ICANON,
  ICRNL,
  IEXTEN,
  ISIG,
  IUTF8,
  IXON,
  ONLCR,
  OPOST,
  TERMIOS_CC,
  TERMIOS_CFLAG,
  TERMIOS_IFLAG,
  TERMIOS_ISPEED,
  TERMIOS_LFLAG,
  TERMIOS_OFLAG,
  TERMIOS_OSPEED,
  TERMIOS_SIZE,
  VDISCARD,
  VEOF,
  VERASE,
  VINTR,
  VKILL,
  VLNEXT,
  VMIN,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VWERASE,
} from "./shared/termios";

/** The settings, as the guest's struct termios. */
export const settings: usize = memory.data(TERMIOS_SIZE, 8);
const before: usize = memory.data(TERMIOS_SIZE, 8);

function setDefaults(at: usize): void {
  store<u32>(at, ICRNL | IXON | IUTF8, TERMIOS_IFLAG);
  store<u32>(at, OPOST | ONLCR, TERMIOS_OFLAG);
  store<u32>(at, CS8 | CREAD, TERMIOS_CFLAG);
  store<u32>(at, ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN, TERMIOS_LFLAG);
  const characters = at + TERMIOS_CC;
  store<u8>(characters, 3, VINTR);
  store<u8>(characters, 28, VQUIT);
  store<u8>(characters, 127, VERASE);
  store<u8>(characters, 21, VKILL);
  store<u8>(characters, 4, VEOF);
  store<u8>(characters, 1, VMIN);
  store<u8>(characters, 17, VSTART);
  store<u8>(characters, 19, VSTOP);
  store<u8>(characters, 26, VSUSP);
  store<u8>(characters, 18, VREPRINT);
  store<u8>(characters, 15, VDISCARD);
  store<u8>(characters, 23, VWERASE);
  store<u8>(characters, 22, VLNEXT);
  store<u32>(at, 38400, TERMIOS_ISPEED);
  store<u32>(at, 38400, TERMIOS_OSPEED);
}

/** Sets what a new terminal has. */
export function resetSettings(): void {
  memory.fill(settings, 0, TERMIOS_SIZE);
  memory.fill(before, 0, TERMIOS_SIZE);
  setDefaults(settings);
  setDefaults(before);
}

/** Whether the settings are those of a new terminal, but for speed and character size, which mean nothing here. */
export function areDefault(): bool {
  return (
    memory.compare(settings, before, TERMIOS_CFLAG) == 0 &&
    memory.compare(settings + TERMIOS_LFLAG, before + TERMIOS_LFLAG, TERMIOS_ISPEED - TERMIOS_LFLAG) == 0
  );
}

/** Flags of c_iflag that are set. */
export function inputMode(flags: u32): u32 {
  return load<u32>(settings, TERMIOS_IFLAG) & flags;
}

/** Flags of c_oflag that are set. */
export function outputMode(flags: u32): u32 {
  return load<u32>(settings, TERMIOS_OFLAG) & flags;
}

/** Flags of c_lflag that are set. */
export function localMode(flags: u32): u32 {
  return load<u32>(settings, TERMIOS_LFLAG) & flags;
}

/** c_cc[index]. */
export function control(index: i32): u32 {
  return load<u8>(settings + TERMIOS_CC + <usize>index);
}

/** Whether `byte` is the special character c_cc[index]; one that is 0 is switched off (_POSIX_VDISABLE). */
export function isControl(byte: u32, index: i32): bool {
  return byte != 0 && byte == control(index);
}
