import { createServer, type Server } from "node:net";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attach, type Engine, type Guest, loopbackNetwork, type RunOptions, run, start, wasiProvider } from "hawser";
import { WASI, type Fd } from "@bjorn3/browser_wasi_shim";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

const LIMIT = 20_000;

/** Runs a program of test/guests and keeps what it prints. */
async function outcome(
  program: string,
  options: RunOptions,
): Promise<{ status: number; output: string; signal?: string }> {
  let output = "";
  const decoder = new TextDecoder();
  const exit = await run(await compileGuest(`test/guests/${program}.c`), {
    stdout: (chunk) => {
      output += decoder.decode(chunk, { stream: true });
    },
    signal: AbortSignal.timeout(LIMIT),
    ...options,
  });
  return { ...exit, output };
}

/** The program that sleeps; `ready` once it has said so. */
async function sleeper(engine: Engine, args: readonly string[]): Promise<{ guest: Guest; ready: Promise<void> }> {
  let tell = (): void => {};
  const ready = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const signal = AbortSignal.timeout(LIMIT);
  return {
    guest: await start(await compileGuest("test/guests/sleep.c"), { engine, args, stdout: tell, signal }),
    ready,
  };
}

/** A server on a port of the kernel's choice that answers each line with the same line. */
async function echoServer(): Promise<{ port: number; close: () => Promise<void>; server: Server }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { port: address.port, close, server };
}

for (const engine of ENGINES) {
  test(`${engine}: a program talks to a server and its exit status is passed on`, async () => {
    const { port, close } = await echoServer();
    const { status, output } = await outcome("say", {
      engine,
      args: ["127.0.0.1", `${port}`, "hello"],
      allow: [`tcp://127.0.0.1:${port}`],
    });
    await close();
    assert.is(output, "hello\n");
    assert.is(status, 7);
  });

  test(`${engine}: without a rule a connection is EACCES and an audit event names the rule that would allow it`, async () => {
    const { port, close } = await echoServer();
    const events: string[] = [];
    const { status, output } = await outcome("say", {
      engine,
      args: ["127.0.0.1", `${port}`, "hello"],
      audit: ({ operation, protocol, target, reason }) => events.push(`${operation} ${protocol} ${target}: ${reason}`),
    });
    await close();
    assert.is(output, "connect: Permission denied\n");
    assert.is(status, 1);
    assert.is(events.length, 1);
    assert.match(events[0] ?? "", `tcp://127.0.0.1:${port}`);
  });

  test(`${engine}: what the kernel would refuse first stays so under a policy that allows nothing`, async () => {
    const { output } = await outcome("say", { engine, args: ["224.0.0.1", "80", "hello"] });
    assert.is(output, "connect: Invalid argument\n");
  });

  test(`${engine}: a signal's default action ends the program`, async () => {
    const { guest, ready } = await sleeper(engine, []);
    await ready;
    guest.kill("SIGINT");
    assert.equal(await guest.exited, { status: 130, signal: "SIGINT" });
  });

  test(`${engine}: a signal sent before the program is up is not lost`, async () => {
    const { guest } = await sleeper(engine, []);
    guest.kill("SIGTERM");
    assert.equal(await guest.exited, { status: 143, signal: "SIGTERM" });
  });

  test(`${engine}: SIGKILL ends a program that ignores every signal`, async () => {
    const { guest, ready } = await sleeper(engine, ["ignore"]);
    await ready;
    guest.kill("SIGTERM");
    setTimeout(() => guest.kill("SIGKILL"), 100);
    assert.equal(await guest.exited, { status: 137, signal: "SIGKILL" });
  });

  test(`${engine}: SIGKILL closes what the program had open, and is not waited for`, async () => {
    const network = loopbackNetwork();
    const started = performance.now();
    const guest = await start(await compileGuest("test/guests/serve.c"), {
      engine,
      network,
      args: ["7000"],
      allow: ["listen:tcp://127.0.0.1:7000"],
    });
    setTimeout(() => guest.kill("SIGKILL"), 500);
    assert.equal(await guest.exited, { status: 137, signal: "SIGKILL" });
    assert.ok(performance.now() - started < LIMIT, "it does not take as long as lingering may");
  });

  test(`${engine}: a trap is told as the signal that a native program would end with`, async () => {
    const aborted = await outcome("trap", { engine, args: ["abort"], stderr: "ignore" });
    assert.is(aborted.status, 134);
    const divided = await outcome("trap", { engine, args: ["divide", "0"], stderr: "ignore" });
    assert.is(divided.status, 136);
    const wild = await outcome("trap", { engine, args: ["wild"], stderr: "ignore" });
    assert.is(wild.status, 139);
  });

  test(`${engine}: signal handlers run as they were declared, and may jump out of a call that waits`, async () => {
    const { status, output } = await outcome("handlers", { engine });
    assert.equal([status, output], [0, "111\n"]);
  });

  test(`${engine}: standard input is read as the program asks for it`, async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ["one ", "two ", "three"]) yield new TextEncoder().encode(piece);
    }
    const { output } = await outcome("cat", { engine, stdin: pieces() });
    assert.is(output, "one two three");
  });

  test(`${engine}: 100 MB pass through a program unharmed`, async () => {
    const piece = new Uint8Array(1 << 20).map((_, i) => (i * 31) & 0xff);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 100; i++) yield piece;
    }
    let length = 0;
    let wrong = 0;
    const exit = await run(await compileGuest("test/guests/cat.c"), {
      engine,
      stdin: pieces(),
      stdout: (chunk) => {
        for (let i = 0; i < chunk.length; i += 997) if (chunk[i] !== piece[(length + i) & 0xfffff]) wrong++;
        length += chunk.length;
      },
    });
    assert.equal([exit.status, length, wrong], [0, 100 << 20, 0]);
  });

  test(`${engine}: two programs talk over a loopback network and nothing else is touched`, async () => {
    const network = loopbackNetwork();
    const allow = ["tcp://127.0.0.1:7000", "listen:tcp://127.0.0.1:7000"];
    const server = outcome("serve", { engine, network, allow, args: ["7000"] });
    const client = await outcome("say", { engine, network, allow, args: ["127.0.0.1", "7000", "over loopback"] });
    assert.is(client.output, "over loopback\n");
    assert.is((await server).status, 0);
  });

  test(`${engine}: node:wasi serves the files of a preopened directory`, async () => {
    const { output } = await outcome("cat", {
      engine,
      preopens: { "/sources": "test/guests" },
      args: ["/sources/cat.c"],
    });
    assert.is(output, readFileSync("test/guests/cat.c", "utf8"));
  });

  test(`${engine}: what lies beyond 2 GB of a program's memory is read and written as the rest is`, async () => {
    const directory = mkdtempSync(join(tmpdir(), "hawser-far-"));
    const { output } = await outcome("far", { engine, preopens: { "/data": directory }, args: ["/data"] });
    rmSync(directory, { recursive: true });
    assert.is(
      output,
      "beyond 2 GB: yes\nclock: ok\nchance: ok\nopen: ok\nwrite: ok\nread: ok\ncontent: from afar\nstat: ok\nsize: 9\n" +
        "directory: 0\nused: some\nunlink: ok\noutside: 1\n",
    );
  });
}

test("attach() gives sockets to a WASI instance that the caller made", async () => {
  if (!ENGINES.includes("jspi")) return;
  const { port, close } = await echoServer();
  const none = undefined as unknown as Fd;
  const wasi = new WASI(["say", "127.0.0.1", `${port}`, "attached"], [], [none, none, none]);
  let output = "";
  const sockets = await attach(wasiProvider(wasi), {
    allow: [`tcp://127.0.0.1:${port}`],
    stdout: (chunk) => {
      output += new TextDecoder().decode(chunk);
    },
  });
  const module = await WebAssembly.compile(new Uint8Array(readFileSync(await compileGuest("test/guests/say.c"))));
  const exit = await sockets.start(await WebAssembly.instantiate(module, sockets.imports));
  await close();
  assert.is(output, "attached\n");
  assert.is(exit.status, 7);
});

test("a provider from a module of the caller's serves both engines", async () => {
  for (const engine of ENGINES) {
    const module = new URL("../../test/guests/provider.mjs", import.meta.url);
    const { status, output } = await outcome("environment", { engine, wasi: { module, data: "from data" } });
    assert.equal([status, output], [0, "from data\n"]);
  }
});

test("a program that calls for files, clocks and chance with anything gets errnos", async () => {
  const module = new URL("../../test/guests/memory-files.mjs", import.meta.url);
  for (const engine of ENGINES) {
    for (const seed of ["1", "2", "3"]) {
      const directory = mkdtempSync(join(tmpdir(), "hawser-hostile-"));
      const host = { preopens: { "/data": directory } };
      for (const [files, options] of Object.entries({ memory: { wasi: { module } }, host })) {
        const { status, output } = await outcome("hostile", { engine, ...options, args: [seed, "20000"] });
        assert.equal([status, output], [0, "some succeeded, 0 were no errno\n"], `files of ${files}, seed ${seed}`);
      }
      rmSync(directory, { recursive: true });
    }
  }
});

test("chance fills memory that threads share, all of it and no more", () => {
  const provider = wasiProvider(new WASI([], [], []));
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
  provider.start({ exports: { memory } } as never);
  const get = provider.imports["random_get"] as (pointer: number, length: number) => number;
  assert.is(get(100, 200_000), 0);
  const bytes = new Uint8Array(memory.buffer);
  assert.ok(bytes.subarray(0, 100).every((byte) => byte === 0));
  for (let at = 100; at < 200_100; at += 1000) assert.ok(bytes.slice(at, at + 64).some((byte) => byte !== 0));
  assert.ok(bytes.subarray(200_100).every((byte) => byte === 0));
  assert.throws(
    () => get(100, 4 << 20),
    (error: unknown) => error instanceof RangeError,
  );
});

test("an engine that is none, or that this host lacks, is an error that says so", async () => {
  const program = await compileGuest("test/guests/say.c");
  const refuse = async (engine: string): Promise<string> => {
    try {
      await start(program, { engine: engine as "jspi" });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  assert.match(await refuse("asyncify"), /"asyncify" is no engine/);
  if (!ENGINES.includes("jspi")) assert.match(await refuse("jspi"), /Node 24/);
});

test.run();
