// Serves the page of the terminal, on this machine only: its files, the bundle of hawser, xterm.js, and /config.json, which says
// where the bridge is and which programs there are.

import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** A program to choose. In `args` stand {host}, {port} and {arguments} for what the person says. */
export interface OfferedProgram {
  readonly name: string;
  readonly about: string;
  /** Path of the module on this machine. */
  readonly path: string;
  readonly args: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly arguments?: string;
}

/** A page that is served. */
export interface TerminalPage {
  readonly url: string;
  /** Says where the bridge is; before that there is no page. */
  offer(bridge: string, token: string, programs: readonly OfferedProgram[]): Promise<void>;
  close(): Promise<void>;
}

const ROOTS: Readonly<Record<string, string>> = {
  "/hawser/": "dist/browser",
  "/xterm/": "node_modules/@xterm/xterm",
  "/addon-fit/": "node_modules/@xterm/addon-fit",
  "/": "examples/terminal",
};

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** Starts the server; `root` is the repository's. */
export async function servePage(root: string, port = 0): Promise<TerminalPage> {
  let config = "";
  let modules: ReadonlyMap<string, string> = new Map();
  const contentOf = (path: string): Promise<Uint8Array | string> => {
    if (path === "/config.json") return Promise.resolve(config);
    const module = modules.get(path);
    if (module !== undefined) return readFile(module);
    const file = path === "/" ? "/index.html" : path;
    const prefix = Object.keys(ROOTS).find((each) => file.startsWith(each)) ?? "/";
    return readFile(join(root, ROOTS[prefix] ?? "", normalize(`/${file.slice(prefix.length)}`)));
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    contentOf(pathname).then(
      (content) => {
        const type = TYPES[extname(pathname === "/" ? "/index.html" : pathname)] ?? "text/plain";
        // The two last are for browsers without JSPI, whose guests run on the worker engine.
        response.writeHead(200, {
          "Content-Type": type,
          "Cache-Control": "no-cache",
          "Cross-Origin-Opener-Policy": "same-origin",
          "Cross-Origin-Embedder-Policy": "require-corp",
        });
        response.end(content);
      },
      () => response.writeHead(404).end("there is no such file\n"),
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listening}`,
    offer: async (bridge, token, programs) => {
      modules = new Map(programs.map(({ name, path }) => [`/programs/${name}.wasm`, path]));
      const shown = programs.map(async ({ path, ...program }) => ({
        ...program,
        wasm: `/programs/${program.name}.wasm`,
        size: `${Math.round((await stat(path)).size / 1024)} KB`,
      }));
      config = JSON.stringify({ bridge, token, programs: await Promise.all(shown) });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
