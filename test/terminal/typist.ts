// Who types on the terminal of keys.c: the keys for each "#name#" that it prints. Owns the keys and when they are typed; what
// comes of them is compared by terminal.test.ts with what Linux made of the same keys (keys.native, by record.ts).

/** Milliseconds between the parts of keys that are typed one after the other. */
const PAUSE = 500;

/** By name: keys, typed at once or, where there are several, one after the other. */
const KEYS: Readonly<Record<string, string | readonly string[]>> = {
  line: "hello\r",
  erase: "helo\x7flo\x7f\x7f\x7f\r",
  "erase-nothing": "\x7f\x17\x15a\x7f\x7fb\r",
  "erase-utf8": "é€😀\x7f\x7fx\r",
  "erase-control": "a\x01b\x02\x7f\x7f\x7fc\r",
  "erase-tab": "ab\tc\x7f\x7fd\r",
  "erase-tabs": "\t\tabc\t\x7f\x7f\x7f\x7f\x7f\x7fe\r",
  "erase-tab-quoted": "\x01é\t\x7f\x7f\x7f\r",
  word: "foo bar-baz  \x17qux\x17\x17\x17\x17z\r",
  "word-utf8": "über ärger\x17\x17x\r",
  kill: "abc\tdef\x15ghi\r",
  quote: "\x16\x03\x16\x7f\x16\x16\x16\x04\r",
  "quote-newline": "a\x16\nb\r",
  reprint: "ab\tc\x01\x12d\r",
  "return-is-newline": "a\n",
  partial: "hello\r",
  "two-lines": "one\rtwo\r",
  "end-after-bytes": "abc\x04",
  "end-alone": "\x04",
  "end-exact": "abc\x04",
  "after-end-exact": "x\r",
  long: `${"0123456789".repeat(410)}ab\r`,
  "long-erased": `${"0123456789".repeat(410)}\x7f\x7fz\r`,
  "kill-newline": "abc\x15def\r",
  "kill-plain": "abc\x15def\r",
  "erase-shown": "abc\x7f\x7fd\x17e\r",
  "erase-printed": "abcé\x7f\x7fd\x15e\r",
  "controls-plain": "a\x01\x02\x7fb\x7f\x7f\tc\x7f\x7f\r",
  silent: "secret\x7f\x15again\r",
  "silent-newline": "secret\x7f\r",
  "no-extensions": "foo bar\x17\x16\x12\x7f\r",
  "ends-of-line": "a|b!c\r",
  "other-characters": "ab#c\x7f\x15\r",
  "newline-is-return": "a\nb\r",
  "return-is-nothing": "a\rb\n",
  stripped: "ABé\r",
  "erase-bytes": "é\x7fa€\x7f\x7f\r",
  interrupted: "abc\x03def\r",
  "after-interrupted": "x\r",
  "interrupt-read": ["", "\x03"],
  "after-interrupt-read": "x\r",
  "restarted-read": ["", "\x03", "y\r"],
  flushed: "line\rabc\x1cdef\x1agh\r",
  "not-flushed": "line\rabc\x1cdef\r",
  "no-signals": "\x03\x1c\x1a\r",
  "nobody-to-stop": "a\x1ab\r",
  raw: "a\r\n\x03\x04\x7f\x11\x13\xff",
  "raw-little": "abcdef",
  "min-poll": "ab",
  "min-more": "c",
  "min-none": "z",
  time: ["", "t"],
  between: ["", "ab"],
  "between-enough": ["ab", "cd", "ef"],
  part: "abc",
  whole: "def\r",
  end: "ab\x04",
  "to-raw": "abc\x04",
  "to-lines": "abc",
  dropped: "abc\rdef",
  "dropped-by-set": "abc\rdef",
  "kept-by-drain": "abc\r",
  stopped: "\x13ab\x11c\r",
  "started-by-any": "\x13ab\r",
  "no-flow": "\x13ab\x11\r",
  prompt: "hello\r",
  "prompt-again": "x\r",
};

/** Types on a terminal as it asks, and keeps what it shows. */
export class Typist {
  readonly #type: (keys: Uint8Array) => void;
  /** What was shown, a character a byte. */
  shown = "";
  #seen = 0;

  constructor(type: (keys: Uint8Array) => void) {
    this.#type = type;
  }

  /** The terminal shows bytes. */
  show(bytes: Uint8Array): void {
    this.shown += Buffer.from(bytes).toString("latin1");
    for (;;) {
      const found = /#([a-z0-9-]+)#/g;
      found.lastIndex = this.#seen;
      const asked = found.exec(this.shown);
      if (asked === null) return;
      this.#seen = found.lastIndex;
      this.#typeAll(KEYS[asked[1] ?? ""] ?? []);
    }
  }

  #typeAll(keys: string | readonly string[]): void {
    const parts = typeof keys === "string" ? [keys] : keys;
    parts.forEach((part, i) => {
      // A byte that is no UTF-8 is written as its number.
      const bytes = part.includes("\xff") ? Buffer.from(part, "latin1") : Buffer.from(part);
      if (i === 0) {
        if (bytes.length > 0) this.#type(bytes);
      } else setTimeout(() => this.#type(bytes), PAUSE * i);
    });
  }
}

/** What was shown as lines to compare: a line for each "#name#" and each newline. */
export function linesOf(shown: string): string[] {
  return shown
    .replace(/[^\n -~]|\\/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .split(/\n|(?=#[a-z0-9-]+#)/);
}
