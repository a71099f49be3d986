// The HTTP servers of the browser tests, on the loopback: one origin that is cross-origin isolated and one that is not, with the
// same content. Owns the headers and the types; what is served is files and pages given as text.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** A server; URLs begin with `origin`. */
export interface PageServer {
  readonly origin: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Headers of an answer besides its type. */
type Headers = Readonly<Record<string, string>>;

/**
 * Serves files: the longest prefix of `roots` that a path begins with says from which directory. `/page/NAME` is an empty page,
 * whose program, if it has one, is `pages[NAME]`, with headers of its own.
 */
export async function servePages(
  isolated: boolean,
  roots: Readonly<Record<string, string>>,
  pages: Readonly<Record<string, { readonly head: string; readonly headers?: Headers }>> = {},
): Promise<PageServer> {
  const headers: Headers = isolated ? ISOLATED : {};
  const prefixes = Object.keys(roots).sort((a, b) => b.length - a.length);
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (path.startsWith("/page/")) {
      const { head = "", headers: more = {} } = pages[path.slice(6)] ?? {};
      response.writeHead(200, { ...headers, ...more, "Content-Type": TYPES[".html"] });
      response.end(`<!doctype html><html lang="en"><title>hawser</title>${head}</html>`);
      return;
    }
    const prefix = prefixes.find((each) => path.startsWith(each));
    const file = prefix === undefined ? null : join(roots[prefix] ?? "", normalize(`/${path.slice(prefix.length)}`));
    const content = file === null ? null : await readFile(file).catch(() => null);
    response.writeHead(content === null ? 404 : 200, {
      ...headers,
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
    });
    response.end(content ?? "there is no such file");
  };
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? "/", "http://localhost").pathname, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
