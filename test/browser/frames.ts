// What goes between a guest in a page and the process that stands for it: frames of a WebSocket, the first byte of which says
// what they are. Owns that list; the browser and Node read it.

/** To the page: standard input. */
export const INPUT = 1;
/** To the page: the end of standard input. */
export const INPUT_END = 2;
/** To the page: a signal, by its name. */
export const SIGNAL = 3;
/** To the page: what the guest is started with, as JSON (Setup). */
export const START = 4;
/** From the page: standard output. */
export const OUTPUT = 5;
/** From the page: standard error. */
export const ERROR = 6;
/** From the page, the last: how the guest ended, as JSON (End). */
export const ENDED = 7;
/** Either way: so many bytes were taken of what was sent, as digits. */
export const TAKEN = 8;
/** Either way: a file, after a line of JSON with its path; the path of a directory ends with a slash. */
export const FILE = 9;
/** From the page: the path of a file or directory that is no more. */
export const GONE = 10;
/** From the process: its environment, as JSON. */
export const HELLO = 11;

/** Bytes that may be under way and not taken: what a pipe holds. */
export const WINDOW = 65_536;

/** What a guest is started with. */
export interface Setup {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly allow: readonly string[];
  /** Names of the directories that it gets, as it knows them. */
  readonly directories: readonly string[];
  readonly bridge: { readonly url: string; readonly token: string };
}

/** How a guest ended. */
export interface End {
  readonly status: number;
  /** What is to be said of it beside what it said itself. */
  readonly note: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A frame. */
export function frame(kind: number, body: string | Uint8Array = ""): Uint8Array<ArrayBuffer> {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const made = new Uint8Array(1 + bytes.length);
  made[0] = kind;
  made.set(bytes, 1);
  return made;
}

/** The frame of a file. */
export function fileFrame(path: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${JSON.stringify(path)}\n`);
  const body = new Uint8Array(head.length + content.length);
  body.set(head);
  body.set(content, head.length);
  return frame(FILE, body);
}

/** The path and the content that a FILE frame's body has. */
export function fileOf(body: Uint8Array): { readonly path: string; readonly content: Uint8Array } {
  const end = body.indexOf(10);
  return { path: JSON.parse(textOf(body.subarray(0, end))), content: body.subarray(end + 1) };
}

/** A body as text. */
export function textOf(body: Uint8Array): string {
  return decoder.decode(body);
}
