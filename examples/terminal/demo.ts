// `npm run demo:browser [-- --allow RULE …]`: compiles the programs, starts servers to use them on, a bridge that lets the page reach
// those (and what RULE says), and serves the page. Ctrl-C ends it all.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { ircConfiguration } from "../../ports/irc-server.js";
import { startHouse } from "./house.js";
import { OFFERS, telnetModule } from "./programs.js";
import { type OfferedProgram, servePage } from "./serve.js";

const root = process.cwd();
const ends: (() => unknown)[] = [];
const children = new Set<ChildProcess>();

function start(command: string, args: readonly string[], stdout: "pipe" | "ignore"): ChildProcess {
  // In a group of its own, so that Ctrl-C is this process's alone to pass on.
  const child = spawn(command, args, {
    stdio: ["ignore", stdout, stdout === "pipe" ? "inherit" : "ignore"],
    detached: true,
  });
  children.add(child);
  child.on("error", () => children.delete(child));
  child.on("exit", () => children.delete(child));
  return child;
}

async function startWeb(): Promise<number> {
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "text/plain");
    response.end(`${request.method} ${request.url}: hello from a real server\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A server of this machine's on a port of its own, with its files in `directory`; without one, the port where people have theirs. */
async function startServer(
  command: string,
  args: (port: number, directory: string) => readonly string[],
  usual: number,
): Promise<number> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "hawser-demo-"));
  ends.push(() => rmSync(directory, { recursive: true, force: true }));
  const child = start(command, args(port, directory), "ignore");
  const failed = await Promise.race([
    once(child, "error").then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, 300, false)),
  ]);
  return failed ? usual : port;
}

const redisArgs = (port: number, directory: string): readonly string[] => [
  ...["--bind", "127.0.0.1", "--port", `${port}`, "--dir", directory, "--save", "", "--appendonly", "no"],
];

function ircArgs(port: number, directory: string): readonly string[] {
  const file = join(directory, "ngircd.conf");
  writeFileSync(file, ircConfiguration(port));
  chmodSync(directory, 0o755); // it does not stay root
  return ["-n", "-f", file];
}

/** Debian's programs, as far as they can be had here. */
async function debianPrograms(ports: Readonly<Record<"nc" | "redis-cli" | "sic", number>>): Promise<OfferedProgram[]> {
  const found: OfferedProgram[] = [];
  const { wasmProgram } = await import("../../ports/build.js");
  for (const name of ["redis-cli", "nc", "sic"] as const) {
    try {
      found.push(OFFERS[name](await wasmProgram(name), ports[name]));
    } catch (error) {
      console.error(`without ${name}: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  return found;
}

function end(status: number): void {
  for (const child of children) child.kill("SIGTERM");
  for (const each of ends) each();
  process.exit(status);
}

process.once("SIGINT", () => end(130));
process.once("SIGTERM", () => end(143));

const allow = process.argv.slice(2).filter((word) => word !== "--allow");
const house = await startHouse();
ends.push(house.close);
const ports = {
  nc: await startWeb(),
  "redis-cli": await startServer("redis-server", redisArgs, 6379),
  sic: await startServer("ngircd", ircArgs, 6667),
};
const telnet = OFFERS.telnet(await telnetModule(root), house.port);
const programs = [telnet, ...(await debianPrograms(ports))];
const page = await servePage(root);
ends.push(page.close);

const token = randomBytes(16).toString("hex");
const rules = [...programs.map(({ port }) => `tcp://127.0.0.1:${port}`), ...allow];
const bridge = start(
  process.execPath,
  [
    ...[
      join(root, "dist", "cli.js"),
      "bridge",
      "--listen",
      "127.0.0.1:0",
      "--log",
      "error",
      "--token",
      `page=${token}`,
    ],
    ...["--origin", page.url, ...rules.flatMap((rule) => ["--allow", rule])],
  ],
  "pipe",
);
bridge.on("exit", (status) => end(status ?? 1));
let said = "";
for await (const chunk of bridge.stdout ?? []) {
  said += chunk;
  const [, url] = /^hawser bridge: (\S+)$/m.exec(said) ?? [];
  if (url === undefined) continue;
  await page.offer(url, token, programs);
  console.log(`the terminal: ${page.url}/\nthe bridge:   ${url}, which reaches ${rules.join(", ")}`);
}
