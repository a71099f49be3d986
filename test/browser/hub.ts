// Where guests in pages and the processes that stand for them meet: a WebSocket server on this machine. Owns the pairing, and the
// directories' way into the page's memory and back; streams and signals only pass.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AddressInfo } from "node:net";
import { once as event } from "node:events";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { atEnd, once } from "../system/place.js";
import { filesOf } from "./copied.js";
import { ENDED, FILE, fileFrame, fileOf, frame, GONE, HELLO, type Setup, SIGNAL, START, textOf } from "./frames.js";

/** A directory of the host, and how the guest knows it. */
export interface Place {
  readonly host: string;
  readonly guest: string;
  /** What the guest leaves there is the host's too. */
  readonly isShared: boolean;
}

/** What a guest is to be started with. */
export interface Wanted {
  readonly setup: Omit<Setup, "env" | "directories">;
  readonly places: readonly Place[];
}

/** A guest that is awaited, or runs. */
interface Meeting {
  readonly wanted: Wanted;
  /** Resolves to whether its page has told how it ended. */
  readonly over: (told: boolean) => void;
  page?: WebSocket;
  relay?: WebSocket;
  env?: Readonly<Record<string, string>>;
  hasEnded: boolean;
}

/** How long a page may take to end a guest whose process is gone, in milliseconds. */
const PATIENCE = 10_000;

/** The two ends of a guest that is awaited. */
export interface Ends {
  readonly page: string;
  readonly relay: string;
  /** Resolves when the guest is over: false where its page did not tell. */
  readonly over: Promise<boolean>;
}

/** A server that guests and processes meet at. */
export class Hub {
  readonly #url: string;
  readonly #meetings = new Map<string, Meeting>();
  #count = 0;

  constructor(server: WebSocketServer) {
    this.#url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (socket, { url = "" }) => {
      const [, side, id = ""] = url.split("/");
      const meeting = this.#meetings.get(id);
      if (meeting === undefined) socket.close();
      else if (side === "page") this.#joinPage(meeting, socket);
      else this.#joinRelay(meeting, socket);
    });
  }

  /** Awaits a guest and its process. */
  await(wanted: Wanted): Ends {
    const id = `${++this.#count}`;
    const over = new Promise<boolean>((resolve) => {
      this.#meetings.set(id, { wanted, over: resolve, hasEnded: false });
    });
    over.then(() => this.#meetings.delete(id));
    return { page: `${this.#url}/page/${id}`, relay: `${this.#url}/relay/${id}`, over };
  }

  #joinPage(meeting: Meeting, socket: WebSocket): void {
    meeting.page = socket;
    socket.on("message", (data: RawData) => {
      const bytes = data as Buffer;
      const [kind, body] = [bytes[0], bytes.subarray(1)];
      if (kind === FILE) keep(meeting.wanted, fileOf(body));
      else if (kind === GONE) remove(meeting.wanted, textOf(body));
      else meeting.relay?.send(bytes);
      if (kind === ENDED) this.#end(meeting, true);
    });
    socket.on("close", () => this.#end(meeting, false));
    this.#begin(meeting);
  }

  #joinRelay(meeting: Meeting, socket: WebSocket): void {
    meeting.relay = socket;
    socket.on("message", (data: RawData) => {
      const bytes = data as Buffer;
      if (bytes[0] !== HELLO) meeting.page?.send(bytes);
      else {
        meeting.env = JSON.parse(textOf(bytes.subarray(1)));
        this.#begin(meeting);
      }
    });
    socket.on("close", () => {
      if (meeting.hasEnded) return;
      meeting.page?.send(frame(SIGNAL, "SIGKILL"));
      setTimeout(() => this.#end(meeting, false), PATIENCE).unref();
    });
  }

  #begin({ page, env, wanted }: Meeting): void {
    if (page === undefined || env === undefined) return;
    for (const { host, guest } of wanted.places) {
      for (const [path, content] of filesOf(host)) page.send(fileFrame(`${guest}/${path}`, content));
    }
    const directories = wanted.places.map(({ guest }) => guest);
    page.send(frame(START, JSON.stringify({ ...wanted.setup, env, directories } satisfies Setup)));
  }

  #end(meeting: Meeting, told: boolean): void {
    if (meeting.hasEnded) return;
    meeting.hasEnded = true;
    meeting.over(told);
    meeting.page?.close();
    if (!told) meeting.relay?.close();
  }
}

/** The host's path of a guest's, where it is shared. */
function hostPath({ places }: Wanted, path: string): string | undefined {
  const place = places.find(({ guest, isShared }) => isShared && path.startsWith(`${guest}/`));
  return place === undefined ? undefined : join(place.host, path.slice(place.guest.length + 1));
}

function keep(wanted: Wanted, { path, content }: { readonly path: string; readonly content: Uint8Array }): void {
  const at = hostPath(wanted, path);
  if (at === undefined) return;
  mkdirSync(path.endsWith("/") ? at : dirname(at), { recursive: true });
  if (!path.endsWith("/")) writeFileSync(at, content);
}

function remove(wanted: Wanted, path: string): void {
  const at = hostPath(wanted, path);
  if (at !== undefined) rmSync(at, { recursive: true, force: true });
}

/** The server of this run. */
export const hub: () => Promise<Hub> = once(async () => {
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    perMessageDeflate: false,
    maxPayload: 1 << 30,
  });
  await event(server, "listening");
  atEnd(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return new Hub(server);
});
