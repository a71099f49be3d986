// A client that writes, and reads until what it waits for has come: for protocols of lines.

import { connect, type Socket } from "node:net";

/** How long an answer may take, in milliseconds. */
const LIMIT = 20_000;

/** A connection to a server. */
export class LineClient {
  readonly #socket: Socket;
  #heard = "";
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#heard += text;
      this.#wake();
    });
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
  }

  /** Connects to a port of 127.0.0.1 or to a path. */
  static async open(at: number | string): Promise<LineClient> {
    const socket = typeof at === "number" ? connect(at, "127.0.0.1") : connect(at);
    await new Promise<void>((done, fail) => {
      socket.once("connect", done);
      socket.once("error", fail);
    });
    return new LineClient(socket);
  }

  /** Takes over a connection that somebody else made. */
  static over(socket: Socket): LineClient {
    return new LineClient(socket);
  }

  /** Writes `text` and reads until `end` has come: what was read since the last time. Rejects if it does not come. */
  ask(text: string, end: RegExp): Promise<string> {
    this.#socket.write(text, "latin1");
    return this.#until(`${end}`, (heard) => {
      const found = end.exec(heard);
      return found === null ? null : found.index + found[0].length;
    });
  }

  /** Reads so many bytes. Rejects if they do not come. */
  take(bytes: number): Promise<string> {
    return this.#until(`${bytes} bytes`, (heard) => (heard.length < bytes ? null : bytes));
  }

  /** Reads to the end, which is the server's to make within `limit` milliseconds: all that was read since the last time. */
  async rest(limit = LIMIT): Promise<string> {
    const until = Date.now() + limit;
    while (!this.#ended && Date.now() < until) await this.#news(until - Date.now());
    if (!this.#ended) throw new Error(`no end but ${JSON.stringify(this.#heard.slice(-200))}`);
    return this.#heard;
  }

  /** Says that no more will be written. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Closes it with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Reads until `find` says where the answer ends. */
  async #until(wanted: string, find: (heard: string) => number | null): Promise<string> {
    const until = Date.now() + LIMIT;
    for (;;) {
      const length = find(this.#heard);
      if (length !== null) {
        const answer = this.#heard.slice(0, length);
        this.#heard = this.#heard.slice(length);
        return answer;
      }
      if (this.#ended) throw new Error(`the connection ended after ${JSON.stringify(this.#heard.slice(-200))}`);
      if (Date.now() > until) throw new Error(`no ${wanted} but ${JSON.stringify(this.#heard.slice(-200))}`);
      await this.#news(until - Date.now());
    }
  }

  async #news(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((done) => {
      this.#wake = done;
      timer = setTimeout(done, milliseconds);
    });
    clearTimeout(timer);
  }
}
