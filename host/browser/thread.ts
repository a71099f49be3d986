// Workers of a page: starts one with the program in worker.ts. Owns where that comes from: a blob made of text in a chunk of its
// own, so that no bundler has to know of it, or the URL that the caller gives.

import type { RemoteStart, ToRemote } from "../engine/remote-thread.js";
import type { ThreadMessage, ThreadStart } from "../engine/thread.js";
import type { FileTree } from "./files.js";

/** What a worker is started with. */
export type WorkerStart =
  | { readonly engine: "worker"; readonly start: ThreadStart }
  | { readonly engine: "jspi"; readonly start: RemoteStart };

/** What a worker tells besides what its engine does. */
export interface FilesMessage {
  readonly type: "files";
  readonly files: Readonly<Record<string, FileTree>>;
}

/** A worker. */
export interface PageThread {
  go(): void;
  post(message: ToRemote): void;
  terminate(): Promise<void>;
}

/** Starts a worker; `died` gets what ended it unasked. */
export async function startWorker<Message = ThreadMessage>(
  from: URL | string | undefined,
  start: WorkerStart,
  told: (message: Message | FilesMessage) => void,
  died: (error: Error) => void,
): Promise<PageThread> {
  const url = from ?? (await blobUrl(start.start.trace));
  const worker = new Worker(url, { type: "module", name: "hawser" });
  worker.onmessage = ({ data }: MessageEvent<Message | FilesMessage>) => told(data);
  worker.onmessageerror = () => died(new Error("a message of the guest's worker could not be read"));
  worker.onerror = (event) => {
    event.preventDefault();
    died(new Error(`the guest's worker failed: ${event.message || unstarted(from)}`));
  };
  worker.postMessage(start);
  return {
    go: () => worker.postMessage("go"),
    post: (message) => worker.postMessage(message),
    terminate: async () => worker.terminate(),
  };
}

function unstarted(from: URL | string | undefined): string {
  if (from !== undefined) return `it could not be loaded from ${from}`;
  return (
    "it could not be started from a blob; allow that in the page's Content-Security-Policy (worker-src blob:), or give the " +
    "URL of a copy of hawser/browser/worker as the option `worker`"
  );
}

/** By whether the program traces. */
const urls = new Map<boolean, Promise<string>>();

function blobUrl(traces: boolean): Promise<string> {
  let url = urls.get(traces);
  if (url === undefined) {
    url = (traces ? import("../../build/worker-trace.txt") : import("../../build/worker.txt")).then(
      ({ default: text }) => URL.createObjectURL(new Blob([text], { type: "text/javascript" })),
    );
    urls.set(traces, url);
  }
  return url;
}
