// A PostgreSQL server from Debian: a cluster of its own in a temporary directory, on a port and on an AF_UNIX socket.

import { chmodSync, chownSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, demand, start } from "../../test/system/child.js";
import { ensurePackages } from "../../test/system/debian.js";
import { freePort, reachable, temporaryDirectory } from "../../test/system/server.js";

/** A server that runs: user "postgres" comes in without a password, "alice" with "secret". */
export interface Database {
  readonly port: number;
  /** Directory of the AF_UNIX socket. */
  readonly directory: string;
  readonly child: Child;
}

/** The server refuses to run as root: who it runs as then, or nobody else. */
async function asUser(directory: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const [uid = "", gid = ""] = (await demand(["getent", "passwd", "postgres"])).split(":").slice(2);
  chownSync(directory, Number(uid), Number(gid));
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
}

/** Starts a server. */
export async function startDatabase(): Promise<Database> {
  await ensurePackages(["postgresql"]);
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(b) - Number(a));
  const programs = `/usr/lib/postgresql/${versions[0]}/bin`;
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  const user = await asUser(directory);
  const data = join(directory, "data");
  const options = { cwd: directory, limit: 120_000 };
  await demand([...user, `${programs}/initdb`, "-D", data, "-U", "postgres", "-A", "trust", "-N"], options);
  writeFileSync(
    join(data, "pg_hba.conf"),
    ["all alice 127.0.0.1/32 scram-sha-256", "all all 127.0.0.1/32 trust"].map((line) => `host ${line}\n`).join("") +
      "local all all trust\n",
  );
  const port = await freePort();
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${directory}`, "fsync=off"];
  const command = [...user, `${programs}/postgres`, "-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  const child = await start(command, { cwd: directory, limit: 3_600_000 });
  await reachable(port, child);
  const psql = ["psql", "-X", "-q", "-h", "127.0.0.1", "-p", `${port}`, "-U", "postgres", "-d", "postgres"];
  await demand([...psql, "-c", "create role alice login password 'secret'"]);
  return { port, directory, child };
}
