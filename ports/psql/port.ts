// psql and libpq.

import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { availableParallelism, machine } from "node:os";
import { join } from "node:path";
import type { Ended } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { once } from "../../test/system/place.js";
import { freePort, temporaryDirectory } from "../../test/system/server.js";
import { type Port, tools } from "../port.js";
import { startDatabase } from "./server.js";

/** A directory in which psql, which looks for itself in the PATH, finds a program of its name. */
function programDirectory(): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "psql"), "", { mode: 0o755 });
  return directory;
}

/** What psql gets: its directory, from which it comes back to the one where it was, and /tmp, where the server's socket is. */
function directoriesOf(own: string): readonly string[] {
  return [`${own}:.`, "/tmp:/tmp", `${own}:${own}`];
}

const database = once(startDatabase);

/** Runs psql with this input. */
type Client = (args: readonly string[], input?: string, env?: Readonly<Record<string, string>>) => Promise<Ended>;

function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({ status, stdout: `${stdout}`, stderr });
}

function withDatabase(name: string, route: "TCP" | "AF_UNIX", run: (client: Client) => Promise<Observation>): Case {
  return {
    name: `psql ${name}`,
    run: async (runner) => {
      const { port, directory } = await database();
      const host = route === "TCP" ? "127.0.0.1" : directory;
      const allow = route === "TCP" ? [`tcp://127.0.0.1:${port}`] : [`unix:${directory}/.s.PGSQL.${port}`];
      const own = programDirectory();
      return run((args, input = "", env = {}) => {
        const variables = {
          PGUSER: "postgres",
          PGDATABASE: "postgres",
          PGHOST: host,
          PGPORT: `${port}`,
          PATH: own,
          ...env,
        };
        return runner.finish("psql", ["-X", ...args], {
          ...{
            allow,
            input,
            cwd: own,
            directories: directoriesOf(own),
            env: variables,
            variables: Object.keys(variables),
          },
        });
      });
    },
  };
}

const cases: readonly Case[] = [
  ...(["TCP", "AF_UNIX"] as const).map((route) =>
    withDatabase(`makes a table, fills it and asks, over ${route}`, route, async (client) => {
      const table = `pets_${route.toLowerCase()}`;
      const script = `set client_min_messages = warning;
drop table if exists ${table};
create table ${table} (id serial primary key, name text not null, born date);
insert into ${table} (name, born) values ('Rex', '2020-02-29'), ('Zoë', null), ('Ann''s', '1999-12-31');
select * from ${table} order by name;
\\d ${table}
update ${table} set born = '2021-01-01' where born is null returning id;
begin; delete from ${table}; rollback;
select count(*) from ${table};
`;
      const ended = await client(["-q"], script);
      assert.match(`${ended.stdout}`, /Rex {2,}\| 2020-02-29/);
      const plain = await client(["-At", "-F", "\t", "-c", `select name, born from ${table} order by id`]);
      return { ended: seen(ended), plain: seen(plain) };
    }),
  ),
  withDatabase("copies 50,000 rows in and out", "TCP", async (client) => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i}\t${"row".repeat(i % 20)}\n`).join("");
    const copied = await client(
      [
        "-q",
        "-c",
        "set client_min_messages = warning",
        "-c",
        "drop table if exists many",
        "-c",
        "create table many (i int, t text)",
        "-c",
        "\\copy many from pstdin",
      ],
      rows,
    );
    const sum = await client(["-At", "-c", "select count(*), sum(i), md5(string_agg(t, ',' order by i)) from many"]);
    const back = await client(["-q", "-c", "\\copy (select * from many order by i) to pstdout"]);
    assert.equal(`${back.stdout}`, rows);
    return { copied: seen(copied), sum: seen(sum) };
  }),
  withDatabase("asks for a password (SCRAM) and is turned away with a wrong one", "TCP", async (client) => {
    const ask = ["-At", "-c", "select current_user"];
    const right = await client(ask, "", { PGUSER: "alice", PGPASSWORD: "secret" });
    const wrong = await client(ask, "", { PGUSER: "alice", PGPASSWORD: "guess" });
    const none = await client(["-w", ...ask], "", { PGUSER: "alice" });
    assert.equal(`${right.stdout}`, "alice\n");
    return { right: seen(right), wrong: seen(wrong), none: seen(none) };
  }),
  withDatabase("tells what is wrong with a command, and stops if told to", "TCP", async (client) => {
    const input = "select 1/0;\nselec 1;\nselect 'after';\n";
    const goes = await client(["-At"], input);
    const stops = await client(["-At", "-v", "ON_ERROR_STOP=1"], input);
    const noBase = await client(["-c", "select 1"], "", { PGDATABASE: "nothing" });
    assert.match(stops.stderr, /division by zero/);
    return { goes: seen(goes), stops: seen(stops), noBase: seen(noBase) };
  }),
  withDatabase("is told by another session, and stopped by a limit of time", "TCP", async (client) => {
    const told = await client(["-At"], "listen news;\nnotify news, 'good';\nselect 1;\n");
    const late = await client(["-At", "-c", "set statement_timeout = 200", "-c", "select pg_sleep(20)"]);
    const killed = await client(["-At", "-c", "select pg_terminate_backend(pg_backend_pid())", "-c", "select 'again'"]);
    const process = /server process with PID \d+|PID \d+/g;
    return {
      told: seen(told).replace(process, "PID"),
      late: seen(late),
      killed: seen(killed),
    };
  }),
  {
    name: "psql says who refused, and who is not known",
    run: async (runner) => {
      const [port, own] = [await freePort(), programDirectory()];
      const allow = ["tcp://127.0.0.1:*", "tcp://nowhere.invalid:*"];
      const at = (host: string): Promise<Ended> =>
        runner.finish("psql", ["-X", "-h", host, "-p", `${port}`, "-U", "postgres", "-c", "select 1"], {
          ...{ allow, directories: directoriesOf(own), env: { PATH: own }, variables: ["PATH"] },
        });
      const [refused, unknown] = [await at("127.0.0.1"), await at("nowhere.invalid")];
      assert.match(refused.stderr, /Connection refused/);
      return { refused: seen(refused).replace(`${port}`, "PORT"), unknown: seen(unknown) };
    },
  },
];

const OPTIONS = [
  ...["--without-readline", "--without-zlib", "--without-icu", "--disable-thread-safety", "--disable-spinlocks"],
];

/** psql. */
export const psql: Port = {
  name: "psql",
  source: "postgresql-15",
  versions: ["15.18-0+deb12u1"],
  programs: { psql: "src/bin/psql/psql" },
  steps: ({ compiler }) => {
    const make = ["make", `-j${availableParallelism()}`, "-C"];
    const made = ["-o", "submake-libpq", "-o", "submake-libpgport", "-o", "submake-libpgfeutils"];
    return [
      ["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS, ...tools(compiler, "-O1")],
      ["make", "-s", "-C", "src/include"],
      ...["src/common", "src/port"].map((part) => [...make, part]),
      [...make, "src/interfaces/libpq", "all-static-lib"],
      [...make, "src/fe_utils"],
      [...make, "src/bin/psql", ...made],
    ];
  },
  cases,
  works: "queries, COPY, transactions, SCRAM passwords, notifications, errors, over TCP and AF_UNIX",
  lacks: "line editing, TLS and compression are not in this build",
  page: "over a bridge",
};
