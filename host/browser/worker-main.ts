// What a page's worker does: takes its start, makes the WASI provider, runs the guest with the engine it is told to. Owns
// nothing of the engines.

import { runRemote, type ToRemote } from "../engine/remote-thread.js";
import { runThread, type ThreadPlatform } from "../engine/thread.js";
import type { FilesMessage, WorkerStart } from "./thread.js";
import { makeProvider, type WasiRecipe } from "./wasi.js";

interface Scope {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
}

/** Serves the page that made this worker. */
export async function serveWorker(trace?: ThreadPlatform["trace"]): Promise<void> {
  const scope = globalThis as unknown as Scope;
  const early: unknown[] = [];
  let take = (message: unknown): void => void early.push(message);
  const first = new Promise<WorkerStart>((resolve) => {
    scope.onmessage = ({ data }) => {
      resolve(data as WorkerStart);
      scope.onmessage = (event) => take(event.data);
    };
  });
  const { engine, start } = await first;
  const hear = (listener: (message: unknown) => void): void => {
    take = listener;
    for (const message of early.splice(0)) listener(message);
  };
  try {
    const { provider, files } = await makeProvider(start.wasi as WasiRecipe);
    const post = (message: { readonly type: string }): void => {
      if (message.type === "exit") scope.postMessage({ type: "files", files: files() } satisfies FilesMessage);
      scope.postMessage(message);
    };
    const traced = trace === undefined ? {} : { trace };
    if (engine === "worker") {
      const go = new Promise<void>((resolve) => hear(() => resolve()));
      await runThread({ start, provider, post, go, ...traced });
    } else {
      const listen = (listener: (message: ToRemote) => void): void => hear((message) => listener(message as ToRemote));
      await runRemote({ start, provider, post, listen, ...traced });
    }
  } catch (error) {
    scope.postMessage({ type: "fault", error });
  }
}
