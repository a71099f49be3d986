// busybox nslookup, dnsd and whois: names asked and told.

import { strict as assert } from "node:assert";
import { Resolver } from "node:dns/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { freePort, listen, peers } from "../../test/system/server.js";
import { nameServer } from "../dns-server.js";
import { freeDatagramPort } from "../tftp-server.js";
import { seen, withBusybox } from "./applet.js";

/** What a question gave: addresses or names in order, or the error's name. */
async function answered(question: Promise<readonly unknown[]>): Promise<string> {
  try {
    return (await question).map(String).sort().join(" ");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** A whois server that knows two domains, and where a third one is known: its port, and what it was asked. */
async function whoisServer(): Promise<{ readonly port: number; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const elsewhere = await listen((socket) => void socket.once("data", () => socket.end("domain: moved.example\n")));
  const port = await listen((socket) => {
    socket.on("data", (chunk) => {
      const question = `${chunk}`.trim();
      asked.push(question);
      if (question === "known.example") socket.end("Domain: known.example\r\nOwner: größer & Söhne\r\n");
      else if (question === "domain old.example") socket.end("Domain Name: old.example\nStatus: old\n");
      else if (question === "moved.example") socket.end(`domain: moved.example\r\nwhois: 127.0.0.1:${elsewhere}\r\n`);
      else if (question === "cut.example") socket.resetAndDestroy();
      else socket.end("No match\r\n");
    });
  });
  return { port, asked };
}

/** The cases of names. */
export const nameCases: readonly Case[] = [
  withBusybox("nslookup asks for addresses, names, mail and text", async ({ run }) => {
    const port = `-port=${await nameServer()}`;
    const seen: Record<string, string> = {};
    for (const words of [
      ["www.example"],
      ["alias.example"],
      ["192.0.2.7"],
      ["-type=a", "www.example"],
      ["-type=aaaa", "www.example"],
      ["-type=mx", "example"],
      ["-type=ns", "example"],
      ["-type=txt", "example"],
      ["-querytype=any", "example"],
      ["-type=a", "-type=mx", "example"],
    ])
      seen[words.join(" ")] = await run(["nslookup", port, ...words, "127.0.0.1"]);
    assert.match(seen["www.example"] ?? "", /192\.0\.2\.7[\s\S]*2001:db8::7/);
    assert.match(seen["-type=mx example"] ?? "", /mail exchanger = 10 mail\.example/);
    assert.match(seen["192.0.2.7"] ?? "", /name = www\.example/);
    return seen;
  }),
  withBusybox("nslookup tells what there is not, who is silent, and who is no server", async ({ run }) => {
    const port = `-port=${await nameServer()}`;
    const missing = await run(["nslookup", port, "nothing.example", "127.0.0.1"]);
    const refused = await run(["nslookup", port, "-type=a", "refused.example", "127.0.0.1"]);
    const cut = await run(["nslookup", port, "-type=txt", "large.example", "127.0.0.1"]);
    const impatient = ["-timeout=2", "-retry=2"];
    const silent = await run(["nslookup", port, ...impatient, "silent.example", "127.0.0.1"]);
    const gone = `-port=${await freeDatagramPort()}`;
    const nobody = await run(["nslookup", gone, ...impatient, "-type=a", "www.example", "127.0.0.1"]);
    const unknown = await run(["nslookup", "www.example", "nowhere.invalid"]);
    const wrong = await run(["nslookup", "-type=nonsense", "www.example"]);
    assert.match(missing, /NXDOMAIN/);
    assert.match(silent, /timed out/);
    return { missing, refused, cut, silent, nobody, unknown, wrong };
  }),
  withBusybox("dnsd answers, and says what it does not know", async ({ start, directory }) => {
    writeFileSync(
      join(directory, "names"),
      "www.here.example 192.0.2.1\nmail.here.example 192.0.2.2\n# none\nwrong x\n",
    );
    const port = await freeDatagramPort();
    const child = await start(["dnsd", "-v", "-c", "names", "-i", "127.0.0.1", "-p", `${port}`, "-t", "77"]);
    await child.printed("accepting UDP packets");
    const resolver = new Resolver({ timeout: 5000, tries: 2 });
    resolver.setServers([`127.0.0.1:${port}`]);
    const known = await answered(resolver.resolve4("www.here.example"));
    const upper = await answered(resolver.resolve4("MAIL.here.example"));
    const lasts = (await resolver.resolve4("www.here.example", { ttl: true })).map(({ ttl }) => `${ttl}`);
    const name = await answered(resolver.reverse("192.0.2.2"));
    const missing = await answered(resolver.resolve4("nothing.here.example"));
    const other = await answered(resolver.resolveMx("www.here.example"));
    child.signal("SIGTERM");
    assert.equal(known, "192.0.2.1");
    return { known, upper, lasts, name, missing, other, ended: seen(await child.ended) };
  }),
  withBusybox("dnsd tells a port that is taken, and goes on without a file", async ({ run, start, directory }) => {
    writeFileSync(join(directory, "names"), "www.here.example 192.0.2.1\n");
    const { udpEcho } = await peers();
    const taken = await run(["dnsd", "-c", "names", "-i", "127.0.0.1", "-p", `${udpEcho}`]);
    const child = await start(["dnsd", "-c", "nothing", "-i", "127.0.0.1", "-p", `${await freeDatagramPort()}`]);
    await child.printed("accepting UDP packets");
    child.signal("SIGINT");
    assert.match(taken, /Address already in use/);
    return { taken, ended: seen(await child.ended) };
  }),
  withBusybox("whois asks, asks again in another way, and says where it is sent", async ({ run }) => {
    const { port, asked } = await whoisServer();
    const at = ["whois", "-h", "127.0.0.1", "-p", `${port}`];
    const known = await run([...at, "known.example"]);
    const old = await run([...at, "old.example"]);
    const missing = await run([...at, "nothing.example"]);
    const several = await run([...at, "-i", "known.example", "moved.example"]);
    const cut = await run([...at, "cut.example"]);
    const nobody = await run(["whois", "-h", "127.0.0.1", "-p", `${await freePort()}`, "known.example"]);
    const unknown = await run(["whois", "-h", "nowhere.invalid", "known.example"]);
    assert.match(known, /größer/);
    assert.match(old, /Status: old/);
    const said = [known, old, missing, several, cut, nobody, unknown].map((text) =>
      text.replace(/\.1:\d+ '/g, ".1:PORT '"),
    );
    return { said, asked: [...asked] };
  }),
];
