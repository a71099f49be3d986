// mosquitto's clients: MQTT at a Debian broker.

import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Child, type Ended, start } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { ensurePackages } from "../../test/system/debian.js";
import { once } from "../../test/system/place.js";
import { freePort, reachable, temporaryDirectory } from "../../test/system/server.js";
import type { Port } from "../port.js";

interface Broker {
  readonly port: number;
  readonly child: Child;
}

/** A broker with a user "alice" whose password is "secret"; others may do all but read `private/#`. */
async function startBroker(): Promise<Broker> {
  await ensurePackages(["mosquitto"]);
  const [port, directory] = [await freePort(), temporaryDirectory()];
  const file = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(directory, name), `${lines.join("\n")}\n`, { mode: 0o644 });
    return join(directory, name);
  };
  const passwords = file("passwords", ["alice:secret"]);
  const made = await start(["mosquitto_passwd", "-U", passwords]);
  assert.equal((await made.ended).status, "0");
  const rules = file("rules", ["topic readwrite open/#", "user alice", "topic readwrite #"]);
  const configuration = file("mosquitto.conf", [
    ...[`listener ${port} 127.0.0.1`, "allow_anonymous true", `password_file ${passwords}`, `acl_file ${rules}`],
    ...["persistence false", "log_dest stderr", "log_type subscribe", "user root", "max_packet_size 20000000"],
  ]);
  const child = await start(["/usr/sbin/mosquitto", "-c", configuration], { limit: 3_600_000 });
  await reachable(port, child);
  return { port, child };
}

const broker = once(startBroker);
let subscribers = 0;

/** Starts one of the clients at the broker. */
type Client = (program: string, ...args: readonly string[]) => Promise<Child>;

/** Starts mosquitto_sub, and waits until the broker has it. */
type Subscriber = (topic: string, ...args: readonly string[]) => Promise<Child>;

function withBroker(name: string, run: (client: Client, subscribed: Subscriber) => Promise<Observation>): Case {
  return {
    name: `mosquitto ${name}`,
    run: async (runner) => {
      const { port, child } = await broker();
      const client: Client = (program, ...args) =>
        runner.start(program, ["-h", "127.0.0.1", "-p", `${port}`, ...args], { allow: [`tcp://127.0.0.1:${port}`] });
      const subscribed: Subscriber = async (topic, ...args) => {
        const id = `subscriber${++subscribers}`;
        const subscriber = await client("mosquitto_sub", "-i", id, "-t", topic, ...args);
        // The broker writes a line: its time, who, what for.
        await child.printed(` ${id} `);
        return subscriber;
      };
      return run(client, subscribed);
    },
  };
}

function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({ status, stdout: `${stdout}`, stderr });
}

/** Runs a client to its end with this input. */
async function finished(child: Child, input = ""): Promise<string> {
  await child.write(input);
  child.end();
  return seen(await child.ended);
}

const cases: readonly Case[] = [
  ...["0", "1", "2"].map(
    (qos): Case => ({
      threads: true,
      ...withBroker(`delivers a line per message with QoS ${qos}`, async (client, subscribed) => {
        const subscriber = await subscribed(`open/lines${qos}`, "-q", qos, "-C", "100");
        const publisher = await client("mosquitto_pub", "-q", qos, "-t", `open/lines${qos}`, "-l");
        const published = await finished(publisher, Array.from({ length: 100 }, (_, i) => `message ${i}\n`).join(""));
        const { status, stdout } = await subscriber.ended;
        const lines = `${stdout}`.split("\n").filter((line) => line.startsWith("message "));
        assert.equal(lines.length, 100);
        return { published, status, lines };
      }),
    }),
  ),
  withBroker("keeps a retained message of 5 MB and forgets it", async (client) => {
    const publish = await client("mosquitto_pub", "-r", "-q", "1", "-t", "open/kept", "-s");
    const published = await finished(publish, "x".repeat(5_000_000));
    const got = await (await client("mosquitto_sub", "-t", "open/kept", "-C", "1", "-N")).ended;
    assert.equal(got.stdout.length, 5_000_000);
    const forgot = await finished(await client("mosquitto_pub", "-r", "-n", "-t", "open/kept"));
    const none = await finished(await client("mosquitto_sub", "-t", "open/kept", "-W", "1"));
    return { published, status: got.status, forgot, none };
  }),
  withBroker("matches topics by wildcards and prints them by a format", async (client, subscribed) => {
    const subscriber = await subscribed("open/+/state", "-t", "open/deep/#", "-C", "3", "-F", "%t %q %l %p");
    for (const topic of ["open/door/state", "open/door/other", "open/deep/er/still", "open/window/state"])
      await finished(await client("mosquitto_pub", "-t", topic, "-m", `at ${topic}`));
    const lines = `${(await subscriber.ended).stdout}`.split("\n").filter((line) => line.includes(" at "));
    assert.equal(lines.length, 3);
    return { lines };
  }),
  withBroker("asks and is answered (mosquitto_rr, MQTT 5)", async (client, subscribed) => {
    const responder = await subscribed("open/ask", "-V", "5", "-C", "1", "-F", "%R %p");
    const asking = await client("mosquitto_rr", "-t", "open/ask", "-e", "open/answer", "-m", "why?", "-W", "5");
    const asked = `${(await responder.ended).stdout}`.split("\n").filter((line) => line.endsWith("why?"));
    await finished(await client("mosquitto_pub", "-t", "open/answer", "-m", "because"));
    return { asked, answer: seen(await asking.ended) };
  }),
  withBroker("is let in with a password and turned away with a wrong one", async (client) => {
    const right = ["-u", "alice", "-P", "secret"];
    const message = await finished(await client("mosquitto_pub", ...right, "-r", "-t", "private/a", "-m", "hidden"));
    const read = await finished(await client("mosquitto_sub", ...right, "-t", "private/a", "-C", "1"));
    const wrong = await finished(await client("mosquitto_pub", "-u", "alice", "-P", "guess", "-t", "a", "-m", "m"));
    const hidden = await finished(await client("mosquitto_sub", "-t", "private/a", "-W", "1"));
    assert.match(wrong, /not authorised/i);
    return { message, read, wrong, hidden };
  }),
  {
    name: "mosquitto says who refused, and what is no address",
    run: async (runner) => {
      const port = await freePort();
      const allow = ["tcp://127.0.0.1:*", "tcp://localhost:*"];
      const refused = await runner.finish("mosquitto_pub", ["-h", "127.0.0.1", "-p", `${port}`, "-t", "a", "-m", "b"], {
        allow,
      });
      const nowhere = await runner.finish("mosquitto_sub", ["-h", "nowhere.invalid", "-t", "a"], {
        allow: [...allow, "tcp://nowhere.invalid:*"],
      });
      const usage = await runner.finish("mosquitto_pub", ["-t", "a/#", "-m", "b"], { allow });
      assert.match(refused.stderr, /Connection refused/);
      return { refused: seen(refused), nowhere: seen(nowhere), usage: seen(usage) };
    },
  },
  {
    name: "mosquitto connects again to a broker that was killed",
    run: async (runner) => {
      const first = await startBroker();
      const { port } = first;
      const subscriber = await runner.start(
        "mosquitto_sub",
        ["-h", "127.0.0.1", "-p", `${port}`, "-i", "stayer", "-t", "open/again", "-C", "1", "-d"],
        { allow: [`tcp://127.0.0.1:${port}`] },
      );
      await first.child.printed(" stayer ");
      first.child.signal("SIGKILL");
      await first.child.ended;
      await delay(1500);
      subscriber.signal("SIGTERM");
      const { stdout } = await subscriber.ended;
      return { refused: `${stdout}`.includes("sending CONNECT") };
    },
  },
];

const OPTIONS = [
  ...["WITH_TLS=no", "WITH_SHARED_LIBRARIES=no", "WITH_STATIC_LIBRARIES=yes", "WITH_SRV=no"],
  ...["WITH_CJSON=no", "STRIP=true"],
];

/** mosquitto_pub, mosquitto_sub and mosquitto_rr. */
export const mosquitto: Port = {
  name: "mosquitto",
  source: "mosquitto",
  programs: {
    mosquitto_pub: "client/mosquitto_pub",
    mosquitto_sub: "client/mosquitto_sub",
    mosquitto_rr: "client/mosquitto_rr",
  },
  steps: ({ compiler: { cc, ar } }) =>
    ["lib", "client"].map((part) => ["make", "-C", part, `CC=${cc}`, `AR=${ar}`, "CFLAGS=-O1 -w", ...OPTIONS]),
  cases,
  works: "publish, subscribe and request over MQTT 3.1.1 and 5, QoS 0 to 2, retained messages, passwords, reconnecting",
  lacks: "TLS and JSON output are not in this build",
  page: "over a bridge",
};
