// `node examples/browser-loopback/serve.mjs [PORT]`: compiles the two programs and serves the page, on this machine only.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(here, "../..");
const built = join(root, "build", "browser-loopback");
mkdirSync(built, { recursive: true });

for (const [source, name] of [
  [join(here, "server.c"), "server.wasm"],
  [join(root, "examples", "client.c"), "client.wasm"],
]) {
  const cc = [join(root, "dist", "cli.js"), "cc", "-O2", source, "-o", join(built, name)];
  const { status } = spawnSync(process.execPath, cc, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Which file a path stands for. */
function fileOf(path) {
  if (path === "/") return join(here, "index.html");
  if (path.startsWith("/hawser/")) return join(root, "dist", "browser", normalize(path.slice("/hawser".length)));
  return join(path.endsWith(".wasm") ? built : here, normalize(path));
}

const server = createServer(async (request, response) => {
  const file = fileOf(new URL(request.url ?? "/", "http://localhost").pathname);
  const content = await readFile(file).catch(() => null);
  // The two headers are for the worker engine: jspi needs neither.
  response.writeHead(content === null ? 404 : 200, {
    "Content-Type": TYPES[extname(file)] ?? "text/plain",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  });
  response.end(content ?? "there is no such file\n");
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
