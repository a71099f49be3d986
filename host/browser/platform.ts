// What a page brings to a guest: its own network in memory, the console, files in memory, workers. A platform is made for each
// run, since a worker brings back the files of its guest.

import type { FromRemote } from "../engine/remote-thread.js";
import type { ThreadMessage } from "../engine/thread.js";
import { type LoopbackNetwork, loopbackNetwork } from "../loopback.js";
import type { Start } from "../options.js";
import type { Platform } from "../start.js";
import { type ByteSource, sinkFrom, sourceFrom } from "../stream.js";
import { Directory } from "@bjorn3/browser_wasi_shim";
import { consoleSink } from "./console.js";
import { directoryOf, refill, tree } from "./files.js";
import type { RunOptions } from "./options.js";
import { type FilesMessage, startWorker } from "./thread.js";
import { makeProvider, type WasiRecipe } from "./wasi.js";

let own: LoopbackNetwork | undefined;

/** The page's own network: 127.0.0.1 is this page, for all its guests that are given no other network. */
function pageNetwork(): LoopbackNetwork {
  own ??= loopbackNetwork();
  return own;
}

function inputOf({ stdin = "ignore" }: RunOptions): ByteSource {
  if (stdin === "inherit")
    throw new TypeError("a page has no standard input: stdin is text, bytes or an async iterable");
  return sourceFrom(stdin);
}

function moduleOf({ wasi }: RunOptions): Pick<WasiRecipe, "module" | "data"> {
  if (typeof wasi !== "object") return {};
  return { module: new URL(wasi.module, globalThis.location.href).href, data: wasi.data };
}

function recipe(options: RunOptions, start: Start): WasiRecipe {
  if (typeof options.wasi === "function") {
    throw new TypeError("a wasi function cannot go to a guest's worker: give { module: URL } instead");
  }
  const preopens = Object.entries(options.preopens ?? {}).map(
    ([path, files]) => [path, tree(directoryOf(files))] as const,
  );
  return { start, preopens: Object.fromEntries(preopens), ...moduleOf(options) };
}

/** Puts what a guest in a worker has left into the directories that the caller gave. */
function bringBack(options: RunOptions, { files }: FilesMessage): void {
  for (const [path, given] of Object.entries(options.preopens ?? {})) {
    const now = files[path];
    if (given instanceof Directory && now !== undefined) refill(given, now);
  }
}

/** Gives `files` messages to bringBack() and the others to `told`. */
function sorted<Message extends { readonly type: string }>(
  options: RunOptions,
  told: (message: Message) => void,
): (message: Message | FilesMessage) => void {
  return (message) => {
    if (message.type === "files") bringBack(options, message as FilesMessage);
    else told(message as Message);
  };
}

const ISOLATION =
  "serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp " +
  "(or credentialless), over https or from localhost, so that it is cross-origin isolated";

/** The platform for one run. */
export function pagePlatform(options: RunOptions): Platform<RunOptions> {
  const base: Platform<RunOptions> = {
    network: pageNetwork,
    source: inputOf,
    sink: ({ stdout = "inherit", stderr = "inherit" }, stream) => {
      const output = stream === "stdout" ? stdout : stderr;
      return output === "inherit" ? consoleSink(stream) : sinkFrom(output);
    },
    provider: async ({ wasi, preopens = {} }, start) => {
      if (typeof wasi === "function") return wasi({ ...start, preopens });
      return (await makeProvider({ start, preopens, ...moduleOf(options) })).provider;
    },
    cloneable: recipe,
    remote: ({ inWorker, worker }) =>
      inWorker === true
        ? (start, told, died) => startWorker<FromRemote>(worker, { engine: "jspi", start }, sorted(options, told), died)
        : undefined,
    advice: {
      jspi: "Chromium 137 and Firefox 153 and later have it, on any page",
      worker: ISOLATION,
    },
  };
  if (globalThis.crossOriginIsolated !== true || typeof Worker === "undefined") return base;
  return {
    ...base,
    spawn: (start, told, died) =>
      startWorker<ThreadMessage>(options.worker, { engine: "worker", start }, sorted(options, told), died),
  };
}
