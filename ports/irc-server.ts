// An IRC server from Debian: ngircd, on a port of its own.

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, start } from "../test/system/child.js";
import { ensurePackages } from "../test/system/debian.js";
import { freePort, reachable, temporaryDirectory } from "../test/system/server.js";

/** A server that runs. */
export interface IrcServer {
  readonly port: number;
  readonly child: Child;
}

/** The server's configuration; who comes must say the password, if there is one. */
export function ircConfiguration(port: number, password = ""): string {
  const lines = [
    ...["[Global]", "Name = irc.example", "Info = a server", "Listen = 127.0.0.1", `Ports = ${port}`],
    ...["MotdPhrase = welcome", ...(password === "" ? [] : [`Password = ${password}`])],
    ...["[Limits]", "MaxConnectionsIP = 0", "PingTimeout = 600"],
    ...["[Options]", "DNS = no", "Ident = no", "PAM = no", "SyslogFacility = local1"],
  ];
  return `${lines.join("\n")}\n`;
}

/** Starts a server. */
export async function startIrcServer(password = ""): Promise<IrcServer> {
  await ensurePackages(["ngircd"]);
  const [directory, port] = [temporaryDirectory(), await freePort()];
  chmodSync(directory, 0o755); // it does not stay root
  const file = join(directory, "ngircd.conf");
  writeFileSync(file, ircConfiguration(port, password));
  const child = await start(["ngircd", "-n", "-f", file], { limit: 3_600_000 });
  await reachable(port, child);
  return { port, child };
}
