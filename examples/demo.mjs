// `npm run demo`: compiles examples/client.c, runs it against a server in this process, then against a port where nobody
// listens, then against one that the policy does not allow. No outside network.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { run } from "hawser";

const program = "build/client.wasm";
mkdirSync("build", { recursive: true });

console.log("$ hawser cc examples/client.c -o build/client.wasm");
const compiled = spawnSync(process.execPath, ["dist/cli.js", "cc", "-O2", "examples/client.c", "-o", program], {
  stdio: "inherit",
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let heard = "";
  socket.setEncoding("utf8");
  socket.on("data", (text) => {
    heard += text;
  });
  socket.on("end", () => {
    console.log(`server: heard ${JSON.stringify(heard)}`);
    socket.end(`you said ${heard.trimEnd().length} characters\n`);
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address();

async function client(title, target, options) {
  console.log(`\n${title}`);
  const exit = await run(program, { args: ["127.0.0.1", String(target), "hello from WebAssembly"], ...options });
  console.log(`exit status ${exit.status}`);
  return exit.status;
}

const good = await client("A conversation:", port, { allow: [`tcp://127.0.0.1:${port}`] });
await new Promise((resolve) => server.close(resolve));
const refused = await client("Nobody listens there any more:", port, { allow: [`tcp://127.0.0.1:${port}`] });
const denied = await client("Not allowed by any rule:", port, { allow: [] });
process.exitCode = good === 0 && refused === 1 && denied === 1 ? 0 : 1;
