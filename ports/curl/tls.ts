// curl over TLS (mbedtls): whom it trusts, what it agrees on, what it carries, and the exit statuses of what goes wrong.

import { strict as assert } from "node:assert";
import type { ChildOptions, Ended } from "../../test/system/child.js";
import type { Case, Needs, Observation } from "../../test/system/compare.js";
import { largeFile, measure, PAGE } from "../../test/system/material.js";
import { peers, web } from "../../test/system/server.js";
import { type Identities, identities, slowTlsWeb, type TlsWeb, tlsWeb } from "../tls-server.js";

/** Runs curl with these arguments; the servers may always be reached. */
type Client = (args: readonly string[], options?: Partial<Needs> & ChildOptions) => Promise<Ended>;

function withTls(name: string, run: (client: Client, ports: TlsWeb, known: Identities) => Promise<Observation>): Case {
  return {
    name: `curl over TLS ${name}`,
    limit: 300,
    run: async (runner) => {
      const [ports, known] = [await tlsWeb(), await identities()];
      const allow = [...Object.values(ports), (await peers()).refused].flatMap((port) =>
        ["127.0.0.1", "localhost"].map((host) => `tcp://${host}:${port}`),
      );
      const client: Client = (args, options = {}) =>
        runner.finish("curl", ["-q", "-sS", "-4", "--noproxy", "*", ...args], {
          limit: 120_000,
          ...options,
          allow: [...allow, ...(options.allow ?? [])],
          directories: [`${known.directory}:${known.directory}`, ...(options.directories ?? [])],
        });
      return run(client, ports, known);
    },
  };
}

function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({ status, stdout: `${stdout}`, stderr: stderr.replaceAll(/\b\d+ ms/g, "N ms") });
}

/** The cases of curl over TLS. */
export const tlsCases: readonly Case[] = [
  withTls("gets a page from whom it is told to trust", async (client, { port }, { authority }) => {
    const name = await client(["--cacert", authority, `https://localhost:${port}/page.html`]);
    // It looks for no addresses in certificates.
    const address = await client(["--cacert", authority, `https://127.0.0.1:${port}/page.html`]);
    assert.equal(`${name.stdout}`, PAGE);
    assert.equal(address.status, "60");
    return { name: seen(name), address: seen(address) };
  }),
  withTls("trusts nobody else, unless -k says so", async (client, { port, stranger }, { authority }) => {
    const nobody = await client([`https://localhost:${port}/page.html`]);
    const other = await client(["--cacert", authority, `https://localhost:${stranger}/page.html`]);
    const anybody = await client(["-k", `https://localhost:${stranger}/page.html`]);
    const missing = await client(["--cacert", `${authority}.not`, `https://localhost:${port}/page.html`]);
    assert.equal(nobody.status, "60");
    assert.equal(other.status, "60");
    assert.equal(`${anybody.stdout}`, PAGE);
    assert.equal(missing.status, "77");
    return { nobody: seen(nobody), other: seen(other), anybody: seen(anybody), missing: seen(missing) };
  }),
  withTls("refuses another host's certificate and an expired one", async (client, ports, { authority }) => {
    const resolve = ["--resolve", `wrong.example:${ports.port}:127.0.0.1`];
    const wrong = await client(["--cacert", authority, ...resolve, `https://wrong.example:${ports.port}/page.html`]);
    const expired = await client(["--cacert", authority, `https://localhost:${ports.expired}/page.html`]);
    const anyway = await client(["-k", `https://localhost:${ports.expired}/page.html`]);
    assert.equal(wrong.status, "60");
    assert.equal(expired.status, "60");
    assert.match(expired.stderr, /BADCERT_EXPIRED/);
    assert.equal(`${anyway.stdout}`, PAGE);
    return { wrong: seen(wrong), expired: seen(expired), anyway: seen(anyway) };
  }),
  withTls("says which host it means (SNI)", async (client, { port }, { authority }) => {
    const resolve = ["--resolve", `other.example:${port}:127.0.0.1`];
    const other = await client(["--cacert", authority, ...resolve, `https://other.example:${port}/session`]);
    assert.match(`${other.stdout}`, / other\.example /);
    return { other: seen(other) };
  }),
  withTls("agrees on a version and a cipher, or on none", async (client, { port, newest }, { authority }) => {
    const trust = ["--cacert", authority];
    const own = await client([...trust, `https://localhost:${port}/session`]);
    const old = await client([...trust, "--tlsv1.1", "--tls-max", "1.1", `https://localhost:${port}/session`]);
    const three = await client([...trust, "--tlsv1.3", `https://localhost:${port}/session`]);
    const only = await client([...trust, `https://localhost:${newest}/session`]);
    assert.match(`${own.stdout}`, /^TLSv1.2 /);
    for (const { status } of [old, three, only]) assert.equal(status, "35");
    return { own: seen(own), old: seen(old), three: seen(three), only: seen(only) };
  }),
  withTls("tells with -v what it does", async (client, { port }, { authority }) => {
    const { status, stderr } = await client([
      ...["-v", "--no-keepalive", "--cacert", authority, `https://localhost:${port}/session`],
    ]);
    // Dates are of the run, and its clock's.
    const lines = stderr.split("\n").map((line) => line.replace(/^< Date: .*/, "< Date"));
    assert.ok(
      lines.some((line) => /mbedTLS: Handshake complete/.test(line)),
      stderr,
    );
    return { status, lines };
  }),
  withTls(
    "shows a certificate of its own",
    async (client, { strict }, { authority, client: own, lockedKey, stranger }) => {
      const base = ["--cacert", authority, `https://localhost:${strict}/session`];
      const none = await client(base);
      const shown = await client(["--cert", own.certificate, "--key", own.key, ...base]);
      const locked = await client(["--cert", own.certificate, "--key", lockedKey, "--pass", "secret", ...base]);
      const guessed = await client(["--cert", own.certificate, "--key", lockedKey, "--pass", "guess", ...base]);
      const strange = await client(["--cert", stranger.certificate, "--key", stranger.key, ...base]);
      assert.match(`${none.stdout}`, /No required SSL certificate was sent/);
      assert.match(`${shown.stdout}`, /CN=A client/);
      assert.match(`${locked.stdout}`, /CN=A client/);
      assert.equal(guessed.status, "58");
      return {
        ...{ none: seen(none), shown: seen(shown), locked: seen(locked), guessed: seen(guessed) },
        strange: seen(strange),
      };
    },
  ),
  withTls("resumes a session", async (client, { port }, { authority }) => {
    const pages = Array.from({ length: 3 }, () => `https://localhost:${port}/closing`);
    const resumed = await client(["--cacert", authority, "-w", "%{num_connects}\n", ...pages]);
    const fresh = await client(["--cacert", authority, "--no-sessionid", ...pages]);
    assert.equal(`${resumed.stdout}`, ".\n1\nr\n1\nr\n1\n");
    assert.equal(`${fresh.stdout}`, ".\n.\n.\n");
    return { resumed: seen(resumed), fresh: seen(fresh) };
  }),
  withTls("fetches several pages over one connection, and at once", async (client, { port }, { authority }) => {
    const pages = Array.from({ length: 6 }, (_, n) => `https://localhost:${port}/page.html?${n}`);
    const one = await client(["--cacert", authority, "-w", "%{num_connects}\n", ...pages]);
    const many = await client(["--cacert", authority, "-Z", "--no-progress-meter", ...pages]);
    assert.equal(`${one.stdout}`, pages.map((_, n) => `${PAGE}${n === 0 ? 1 : 0}\n`).join(""));
    assert.equal(many.stdout.length, 6 * Buffer.byteLength(PAGE));
    return { one: seen(one), many: many.status, length: many.stdout.length };
  }),
  withTls("downloads 100 MB", async (client, { port }, { authority }) => {
    const file = await largeFile(100);
    let received = { bytes: 0, sha256: "" };
    const ended = await client(["--cacert", authority, `https://localhost:${port}/large.bin`], {
      limit: 250_000,
      stdout: async (stream) => {
        received = await measure(stream);
      },
    });
    assert.equal(received.sha256, file.sha256);
    return { ended: seen(ended), ...received };
  }),
  withTls("uploads 20 MB", async (client, { port }, { authority }) => {
    const file = await largeFile(20);
    const directory = file.path.replace(/\/[^/]*$/, "");
    const ended = await client(["--cacert", authority, "-T", file.path, `https://localhost:${port}/mirror/large`], {
      directories: [`${directory}:${directory}`],
    });
    const { length, sha256 } = JSON.parse(`${ended.stdout}`);
    assert.deepEqual({ length, sha256 }, { length: file.bytes, sha256: file.sha256 });
    return { ended: seen(ended) };
  }),
  withTls("notices a server that is killed in the middle", async (client, _, { authority }) => {
    const { port, child } = await slowTlsWeb();
    let length = 0;
    const ended = await client(["--cacert", authority, `https://localhost:${port}/large.bin`], {
      allow: [`tcp://localhost:${port}`],
      stdout: async (stream) => {
        for await (const chunk of stream) {
          length += chunk.length;
          child.signal("SIGKILL");
        }
      },
    });
    assert.ok(length > 0 && length < 50_000_000);
    assert.notEqual(ended.status, "0");
    return { status: ended.status, stderr: ended.stderr.replaceAll(/\d+ (bytes|out of)/g, "N $1") };
  }),
  withTls("reports who refuses, and who speaks no TLS", async (client, _, { authority }) => {
    const [{ refused }, { port: plain }] = [await peers(), await web()];
    const nobody = await client(["--cacert", authority, `https://localhost:${refused}/`]);
    const other = await client(["--cacert", authority, `https://localhost:${plain}/`], {
      allow: [`tcp://localhost:${plain}`],
    });
    assert.equal(nobody.status, "7");
    assert.equal(other.status, "35");
    return { nobody: seen(nobody), other: seen(other) };
  }),
];
