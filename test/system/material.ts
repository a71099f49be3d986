// What is sent: the page, and files of random bytes, made once a run.

import { createHash, randomBytes } from "node:crypto";
import { once as event } from "node:events";
import { createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { atEnd, makeDirectory } from "./place.js";

/** A page of a few packets, with text that is not ASCII. */
export const PAGE: string = `<!doctype html>\n<title>hawser</title>\n${Array.from({ length: 400 }, (_, n) => `<p>Zeile ${n}: größer als ein Paket</p>\n`).join("")}`;

/** A file. */
export interface Large {
  readonly path: string;
  readonly megabytes: number;
  readonly bytes: number;
  readonly sha256: string;
}

const files = new Map<number, Promise<Large>>();

/** A file of so many megabytes (of 2^20 bytes). */
export function largeFile(megabytes: number): Promise<Large> {
  const file = files.get(megabytes) ?? write(megabytes);
  files.set(megabytes, file);
  return file;
}

async function write(megabytes: number): Promise<Large> {
  const directory = makeDirectory();
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, `${megabytes}.bin`);
  const stream = createWriteStream(path);
  const hash = createHash("sha256");
  for (let n = 0; n < megabytes; n++) {
    const chunk = randomBytes(1 << 20);
    hash.update(chunk);
    if (!stream.write(chunk)) await event(stream, "drain");
  }
  stream.end();
  await event(stream, "finish");
  return { path, megabytes, bytes: megabytes << 20, sha256: hash.digest("hex") };
}

/** The length and digest of all that a stream gives. The stream is not destroyed: a socket may write on. */
export function measure(stream: Readable): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  return new Promise((done, fail) => {
    stream.once("end", () => done({ bytes, sha256: hash.digest("hex") }));
    stream.once("error", fail);
    stream.once("close", () => fail(new Error(`the stream closed after ${bytes} bytes, without an end`)));
  });
}

/** A digest. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
