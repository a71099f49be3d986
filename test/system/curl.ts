// curl, with HTTP only: pages, headers, redirects, uploads, downloads, and the exit statuses of what goes wrong.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ChildOptions, Ended } from "./child.js";
import type { Case, Needs, Observation, Runner } from "./compare.js";
import { largeFile, measure, PAGE, sha256 } from "./material.js";
import { peers, temporaryDirectory, web } from "./server.js";

/** Runs curl with these arguments; the page's server may always be reached. */
type Client = (
  args: readonly string[],
  options?: Partial<Needs> & ChildOptions & { readonly input?: string },
) => Promise<Ended>;

/** Milliseconds for a large file. */
const LARGE_LIMIT = 100_000;

function withWeb(name: string, run: (client: Client, origin: string, port: number) => Promise<Observation>): Case {
  return {
    name: `curl ${name}`,
    async run(runner: Runner) {
      const { port } = await web();
      const client: Client = (args, options = {}) =>
        runner.finish("curl", ["-q", "-sS", "--noproxy", "*", ...args], {
          ...options,
          allow: [`tcp://127.0.0.1:${port}`, ...(options.allow ?? [])],
        });
      return run(client, `http://127.0.0.1:${port}`, port);
    },
  };
}

function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({ status, stdout: `${stdout}`.replace(/^Date: .*$/m, "Date"), stderr });
}

/** The cases of curl. */
export const curlCases: readonly Case[] = [
  withWeb("gets a page", async (client, origin) => {
    const ended = await client([`${origin}/page.html`]);
    assert.equal(`${ended.stdout}`, PAGE);
    return { ended: seen(ended) };
  }),
  withWeb("shows headers with -i and -I", async (client, origin) => {
    const whole = await client(["-i", `${origin}/page.html`]);
    const head = await client(["-I", `${origin}/page.html`]);
    assert.match(`${head.stdout}`, /^HTTP\/1.1 200 OK\r\nServer: nginx/);
    return { whole: seen(whole), head: seen(head) };
  }),
  // Without --no-keepalive it says what is so: that TCP_KEEPINTVL cannot be set.
  withWeb("tells with -v what it does", async (client, origin) => {
    const { status, stdout, stderr } = await client(["-v", "--no-keepalive", `${origin}/empty.txt`]);
    const lines = stderr.split("\n").map((line) => line.replace(/^< Date: .*/, "< Date"));
    assert.ok(lines.some((line) => line.startsWith("* Connected to 127.0.0.1 (127.0.0.1) port")));
    assert.ok(lines.some((line) => line.startsWith("< HTTP/1.1 200 OK")));
    return { status, stdout: `${stdout}`, lines };
  }),
  withWeb("writes a page into a file with -o", async (client, origin) => {
    const directory = temporaryDirectory();
    const ended = await client(["-o", join(directory, "page"), `${origin}/page.html`], { directories: [directory] });
    const written = readFileSync(join(directory, "page"), "utf8");
    assert.equal(written, PAGE);
    return { ended: seen(ended), written };
  }),
  withWeb("posts a form and what its standard input brings", async (client, origin) => {
    const form = await client(["-d", "name=größer", "-d", "n=1", `${origin}/mirror/form`]);
    const data = await client(["--data-binary", "@-", "-H", "Content-Type: text/plain", `${origin}/mirror/in`], {
      input: "from standard input\n",
    });
    const multipart = await client(["-F", "a=b", "-u", "user:word", "-b", "c=d", `${origin}/mirror/multipart`]);
    assert.equal(JSON.parse(`${data.stdout}`).sha256, sha256("from standard input\n"));
    // The boundary of a multipart body is random: its length is not.
    const { type, sha256: _, ...rest } = JSON.parse(`${multipart.stdout}`);
    return {
      ...{ form: seen(form), data: seen(data), multipart: JSON.stringify(rest) },
      type: `${type}`.replace(/boundary=.*/, "boundary"),
    };
  }),
  withWeb("ends with 22 for --fail and an error of the server", async (client, origin) => {
    const plain = await client([`${origin}/nowhere`]);
    const failing = await client(["--fail", `${origin}/nowhere`]);
    assert.equal(failing.status, "22");
    return { plain: seen(plain), failing: seen(failing) };
  }),
  withWeb("follows redirects, and not in circles", async (client, origin) => {
    const stays = await client(["-w", "%{http_code} %{redirect_url}\n", `${origin}/redirect`]);
    const follows = await client([
      "-L",
      "-w",
      "%{http_code} %{num_redirects} %{url_effective}\n",
      `${origin}/redirect`,
    ]);
    const circle = await client(["-L", "--max-redirs", "3", `${origin}/circle`]);
    assert.ok(`${follows.stdout}`.startsWith(PAGE));
    assert.equal(circle.status, "47");
    return { stays: seen(stays), follows: seen(follows), circle: seen(circle) };
  }),
  withWeb("resolves localhost", async (client, _, port) => {
    const ended = await client(["-w", "%{http_code} %{remote_ip}\n", `http://localhost:${port}/empty.txt`], {
      allow: [`tcp://localhost:${port}`],
    });
    assert.equal(`${ended.stdout}`, "200 127.0.0.1\n");
    return { ended: seen(ended) };
  }),
  withWeb("fetches several pages over one connection", async (client, origin) => {
    const pages = ["page.html", "empty.txt", "nowhere", "page.html"].map((name) => `${origin}/${name}`);
    const ended = await client(["-w", "\n%{http_code} %{num_connects} %{size_download}\n", ...pages]);
    assert.match(`${ended.stdout}`, /\n200 0 \d+\n$/);
    return { ended: seen(ended) };
  }),
  withWeb("fetches several pages at once with -Z", async (client, origin) => {
    const pages = Array.from({ length: 8 }, (_, n) => `${origin}/page.html?${n}`);
    const ended = await client(["-Z", "--parallel-immediate", "--no-progress-meter", ...pages]);
    assert.equal(`${ended.stdout}`.split("Zeile 399:").length, 9);
    return { status: ended.status, stderr: ended.stderr, length: ended.stdout.length };
  }),
  withWeb("fetches over an AF_UNIX socket", async (client) => {
    const { socket } = await web();
    const ended = await client(["--unix-socket", socket, "http://hawser/page.html"], { allow: [`unix:${socket}`] });
    assert.equal(`${ended.stdout}`, PAGE);
    return { ended: seen(ended) };
  }),
  withWeb("gets a part of a page", async (client, origin) => {
    const ended = await client(["-i", "-r", "100-199", `${origin}/page.html`]);
    assert.match(`${ended.stdout}`, /^HTTP\/1.1 206 /);
    return { ended: seen(ended) };
  }),
  {
    name: "curl reports a refused port and a name that there is not",
    async run(runner) {
      const { refused } = await peers();
      const port = await runner.finish("curl", ["-q", "-sS", "--noproxy", "*", `http://127.0.0.1:${refused}/`], {
        allow: [`tcp://127.0.0.1:${refused}`],
      });
      const name = await runner.finish("curl", ["-q", "-sS", "--noproxy", "*", "http://nowhere.invalid/"], {
        allow: ["tcp://nowhere.invalid:80"],
      });
      assert.equal(port.status, "7");
      assert.equal(name.status, "6");
      return { port: milliseconds(seen(port)), name: seen(name) };
    },
  },
  withWeb("gives up after --connect-timeout and after --max-time", async (client, origin) => {
    const { silent } = await peers();
    const connecting = await client(["--connect-timeout", "1.5", `http://127.0.0.1:${silent}/`], {
      allow: [`tcp://127.0.0.1:${silent}`],
    });
    const waiting = await client(["--max-time", "1.5", `${origin}/mirror/slow`]);
    assert.equal(connecting.status, "28");
    assert.equal(waiting.status, "28");
    // Which of its two clocks runs out first is a matter of a millisecond, and each has its own words.
    assert.match(connecting.stderr, /Connection timeout after \d+ ms|Failed to connect to .* after \d+ ms: Timeout/);
    return { connecting: connecting.status, waiting: milliseconds(seen(waiting)) };
  }),
  withWeb("downloads 50 MB", async (client, origin) => {
    const file = await largeFile(50);
    let received = { bytes: 0, sha256: "" };
    const ended = await client([`${origin}/large.bin`], {
      limit: LARGE_LIMIT,
      stdout: async (stream) => {
        received = await measure(stream);
      },
    });
    assert.equal(received.sha256, file.sha256);
    return { ended: seen(ended), ...received };
  }),
  withWeb("uploads 50 MB from a file", async (client, origin) => {
    const file = await largeFile(50);
    const ended = await client(["-T", file.path, `${origin}/mirror/large`], {
      directories: [dirname(file.path)],
      limit: LARGE_LIMIT,
    });
    const { length, sha256: digest } = JSON.parse(`${ended.stdout}`);
    assert.deepEqual({ length, digest }, { length: file.bytes, digest: file.sha256 });
    return { ended: seen(ended) };
  }),
];

/** How many milliseconds something took is never the same twice. */
function milliseconds(text: string): string {
  return text.replaceAll(/\b\d+ (ms|milliseconds)/g, "N $1");
}
