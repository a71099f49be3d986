import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import wabt from "wabt";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

const LIMIT = 30_000;
const CLI = join("dist", "cli.js");
const directory = mkdtempSync(join(tmpdir(), "hawser-cli-"));
const wat = await wabt();

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Collects a child to its end; its end comes within the limit. */
function collect(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`still there after ${LIMIT} ms; it said: ${stdout.slice(0, 500)}${stderr.slice(0, 500)}`));
    }, LIMIT);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    });
  });
}

function launch(...args: string[]): ChildProcess {
  const env = { PATH: process.env["PATH"], HAWSER_TEST: "from here" };
  return spawn(process.execPath, [CLI, ...args], { stdio: "pipe", env });
}

function hawser(...args: string[]): Promise<Ended> {
  const child = launch(...args);
  child.stdin?.on("error", () => {});
  child.stdin?.end();
  return collect(child);
}

function guest(program: string): Promise<string> {
  return compileGuest(`test/guests/${program}.c`);
}

/** A module from text in a file. */
function moduleFile(name: string, text: string): string {
  return file(name, wat.parseWat(name, text).toBinary({}).buffer);
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** What a mistake of the caller's says: one line for a person, no stack. */
async function mistake(status: number, ...args: string[]): Promise<string> {
  const ended = await hawser(...args);
  assert.is(ended.status, status, ended.stderr);
  assert.is(ended.stdout, "");
  assert.match(ended.stderr, /^hawser: /);
  assert.not.match(ended.stderr, /^ +at /m);
  return ended.stderr;
}

/** Settles when the child has written `text`. */
function saying(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let got = "";
    const hear = (chunk: Buffer): void => {
      got += chunk.toString();
      if (!got.includes(text)) return;
      child.stdout?.off("data", hear);
      resolve();
    };
    child.stdout?.on("data", hear);
  });
}

test("--help says what it is, shows how to compile and run, and lists the commands", async () => {
  const { status, stdout, stderr } = await hawser("--help");
  assert.is(status, 0);
  assert.is(stderr, "");
  for (const part of ["C programs", "hawser cc client.c -o client.wasm", "hawser run --allow tcp://", "flags"]) {
    assert.match(stdout, part);
  }
});

test("run --help teaches the rules, the signals and the exit statuses", async () => {
  const { status, stdout } = await hawser("run", "--help");
  assert.is(status, 0);
  for (const part of ["--allow <rule>", "listen:tcp://127.0.0.1:8080", "SIGKILL", "128 + signal", "126", "127"]) {
    assert.match(stdout, part);
  }
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  assert.equal(await hawser("--version"), { status: 0, stdout: `${version}\n`, stderr: "" });
});

test("no command is a usage error that shows the help on standard error", async () => {
  const { status, stdout, stderr } = await hawser();
  assert.equal([status, stdout], [2, ""]);
  assert.match(stderr, "Usage: hawser");
});

const MISTAKES: readonly (readonly [what: string, args: readonly string[], said: RegExp])[] = [
  ["an unknown command", ["walk"], /unknown command 'walk'/],
  ["a program where a command belongs", ["prog.wasm"], /hawser run prog\.wasm/],
  ["run without a program", ["run"], /missing required argument 'program'/],
  ["an unknown option", ["run", "--alow", "tcp://*:80", "prog.wasm"], /--alow.*\n.*--allow/],
  ["an option without its value", ["run", "--env"], /argument missing/],
  ["an unknown engine", ["run", "--engine", "steam", "prog.wasm"], /--engine steam.*jspi and worker/],
  ["a variable without a name", ["run", "--env", "=1", "prog.wasm"], /--env =1.*name/],
  ["a variable that is not set", ["run", "--env", "HAWSER_UNSET", "prog.wasm"], /HAWSER_UNSET is not set/],
  ["a directory that is not there", ["run", "--dir", "/nowhere/at/all:/data", "prog.wasm"], /no directory \/nowhere/],
  ["a directory that is a file", ["run", "--dir", "package.json", "prog.wasm"], /package\.json is no directory/],
];

for (const [what, args, said] of MISTAKES) {
  test(`${what} is a usage error: one sentence and status 2`, async () => {
    assert.match(await mistake(2, ...args), said);
  });
}

test("a rule that cannot be read is a usage error that quotes it", async () => {
  assert.match(await mistake(2, "run", "--allow", "http://x", await guest("trap")), /"http:\/\/x".*run --help/);
});

test("a program that is not there is status 127, in a directory that is not one too", async () => {
  assert.match(await mistake(127, "run", "nowhere.wasm"), /nowhere\.wasm: no such file.*hawser cc/);
  await mistake(127, "run", "package.json/nowhere.wasm");
});

test("what is no runnable module is status 126 with what it looks like", async () => {
  assert.match(await mistake(126, "run", directory), /is a directory/);
  assert.match(await mistake(126, "run", file("empty.wasm", "")), /empty\.wasm.*it is empty/);
  assert.match(await mistake(126, "run", file("script.wasm", "#!/bin/sh\n")), /a script.*hawser cc/);
  const component = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);
  assert.match(await mistake(126, "run", file("component.wasm", component)), /component/);
  const whole = readFileSync(await guest("trap"));
  assert.match(
    await mistake(126, "run", file("half.wasm", whole.subarray(0, whole.length / 2))),
    /half\.wasm.*truncated/,
  );
  assert.match(await mistake(126, "run", moduleFile("library.wasm", "(module)")), /_start/);
});

test("an import that nobody provides is status 126 with its name and what to do", async () => {
  const path = moduleFile(
    "undefined.wasm",
    '(module (import "env" "crypt" (func)) (memory (export "memory") 1) (func (export "_start")))',
  );
  assert.match(await mistake(126, "run", path), /env\.crypt.*library/);
});

test("cc, ar and flags get every argument as it is", async () => {
  const cflags = await hawser("flags", "--cflags");
  assert.is(cflags.status, 0);
  assert.match(cflags.stdout, "--target=wasm32-wasip1");
  const unknown = await hawser("flags", "--help-me");
  assert.equal([unknown.status, unknown.stdout], [2, ""]);
  assert.match(unknown.stderr, "--help-me");
  const source = file("wrong.c", "int main(void) { return nothing; }\n");
  const compiled = await hawser("cc", "-c", source, "-o", join(directory, "wrong.o"));
  assert.is(compiled.status, 1);
  assert.match(compiled.stderr, /wrong\.c:1:25: error/);
});

for (const engine of ENGINES) {
  const run = async (program: string, options: readonly string[], ...args: string[]): Promise<ChildProcess> =>
    launch("run", "--engine", engine, ...options, await guest(program), ...args);
  const ending = async (program: string, options: readonly string[], ...args: string[]): Promise<Ended> => {
    const child = await run(program, options, ...args);
    child.stdin?.end();
    return collect(child);
  };

  test(`${engine}: what follows the program is the program's, options too, and its status is passed on`, async () => {
    const { status, stdout } = await ending("arguments", [], "--env", "-x", "--", "--help", "", "a b");
    assert.equal(stdout.split("\n").slice(1), ["--env", "-x", "--", "--help", "", "a b", ""]);
    assert.match(stdout, /^arguments-.*\.wasm\n/);
    assert.is(status, 7);
  });

  test(`${engine}: the environment is what --env says and nothing else`, async () => {
    const { stdout } = await ending("arguments", ["--env", "A=1=2", "--env", "HAWSER_TEST", "--env", "B="]);
    assert.equal(stdout.split("\n").slice(1), ["A=1=2", "HAWSER_TEST=from here", "B=", ""]);
  });

  test(`${engine}: standard input goes through a program to standard output whole`, async () => {
    const child = await run("cat", []);
    const ended = collect(child);
    const text = Array.from({ length: 60_000 }, (_, i) => `line ${i}\n`).join("");
    child.stdin?.end(text);
    const { status, stdout, stderr } = await ended;
    assert.equal([status, stderr], [0, ""]);
    assert.ok(stdout === text, `${stdout.length} of ${text.length} bytes`);
  });

  test(`${engine}: --dir gives a directory under the guest's name, and nothing beside it`, async () => {
    file("note", "in the directory\n");
    assert.equal(await ending("cat", ["--dir", `${directory}:/data`], "/data/note"), {
      status: 0,
      stdout: "in the directory\n",
      stderr: "",
    });
    assert.is((await ending("cat", ["--dir", `${directory}:/data`], "/data/../note")).status, 1);
    assert.is((await ending("cat", ["--dir", directory], join(directory, "note"))).stdout, "in the directory\n");
    assert.is((await ending("cat", [], "/data/note")).status, 1);
  });

  test(`${engine}: --allow opens what it names, and without it a connection is EACCES`, async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? `${address.port}` : "";
    try {
      const rule = `tcp://127.0.0.1:${port}`;
      assert.equal(await ending("say", ["--allow", "udp://*:53", "--allow", rule], "127.0.0.1", port, "hello"), {
        status: 7,
        stdout: "hello\n",
        stderr: "",
      });
      assert.equal(await ending("say", [], "127.0.0.1", port, "hello"), {
        status: 1,
        stdout: "connect: Permission denied\n",
        stderr: "",
      });
      const traced = await ending("say", ["--trace"], "127.0.0.1", port, "hello");
      assert.is(traced.status, 1);
      assert.match(traced.stderr, new RegExp(`^hawser: refused connect to ${rule}: .*${rule}`, "m"));
      assert.match(traced.stderr, /^connect\(.*EACCES/m);
    } finally {
      server.close();
    }
  });

  test(`${engine}: a trap ends it as the like signal would, and the reason is told`, async () => {
    const aborted = await ending("trap", [], "abort");
    assert.is(aborted.status, 134);
    assert.match(aborted.stderr, /^hawser: .*trap-.*\.wasm ended by SIGABRT: unreachable$/m);
    const wild = await ending("trap", [], "wild");
    assert.is(wild.status, 139);
    assert.match(wild.stderr, /ended by SIGSEGV: .*out of bounds/);
  });

  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    test(`${engine}: ${signal} ends a program that does not catch it with ${status}, in silence`, async () => {
      const idle = await run("cat", []);
      const ended = collect(idle);
      idle.stdin?.write("ready\n");
      await saying(idle, "ready\n");
      idle.kill(signal);
      assert.equal(await ended, { status, stdout: "ready\n", stderr: "" });
    });
  }

  test(`${engine}: a program that catches SIGINT ends as it wants`, async () => {
    const child = await run("caught", [], "leave");
    const ended = collect(child);
    await saying(child, "ready\n");
    child.kill("SIGINT");
    assert.equal(await ended, { status: 5, stdout: "ready\nSIGINT\n", stderr: "" });
  });

  test(`${engine}: a program that goes on after SIGINT is killed by a second one`, async () => {
    const child = await run("caught", []);
    const ended = collect(child);
    await saying(child, "ready\n");
    const heard = saying(child, "SIGINT\n");
    child.kill("SIGINT");
    await heard;
    child.kill("SIGINT");
    assert.equal(await ended, { status: 137, stdout: "ready\nSIGINT\n", stderr: "" });
  });

  test(`${engine}: a reader that goes ends a program that writes with SIGPIPE's 141`, async () => {
    const child = await run("flood", []);
    const ended = collect(child);
    child.stdout?.once("data", () => child.stdout?.destroy());
    assert.is((await ended).status, 141);
  });

  test(`${engine}: SIGINT ends a program that writes without end, to a pipe and to a file`, async () => {
    const piped = await run("flood", []);
    const ended = collect(piped);
    let heard = 0;
    piped.stdout?.on("data", (chunk: Buffer) => {
      const before = heard;
      heard += chunk.length;
      // Once, in the middle of it.
      if (before < 1e5 && heard >= 1e5) piped.kill("SIGINT");
    });
    assert.is((await ended).status, 130);
    const out = join(directory, `flood-${engine}`);
    const words = [CLI, "run", "--engine", engine, await guest("flood")];
    const filed = spawn(process.execPath, words, { stdio: ["ignore", openSync(out, "w"), "pipe"] });
    const over = collect(filed);
    while (statSync(out).size < 1e5 && filed.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    filed.kill("SIGINT");
    assert.equal(await over, { status: 130, stdout: "", stderr: "" });
  });

  test(`${engine}: a reader that stops reading holds the program, and a second SIGINT still ends it`, async () => {
    const child = await run("flood", []);
    child.stdout?.once("readable", () => {});
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const status = new Promise((resolve) => child.once("exit", resolve));
    const kill = setInterval(() => child.kill("SIGINT"), 300);
    const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT);
    const ended = await status;
    clearInterval(kill);
    clearTimeout(limit);
    child.stdout?.destroy();
    assert.ok(ended === 130 || ended === 137, `it ended with ${ended}`);
  });

  test(`${engine}: a hundred thousand short writes take no more than seconds`, async () => {
    const child = await run("flood", [], "100000");
    child.stdin?.end();
    const { status, stdout } = await collect(child);
    assert.is(status, 0);
    assert.is(stdout.length, 100_000 * 42);
  });

  test(`${engine}: a directory as standard input is an error to the program`, async () => {
    const words = [CLI, "run", "--engine", engine, await guest("cat")];
    const child = spawn(process.execPath, words, { stdio: [openSync(directory, "r"), "pipe", "pipe"] });
    assert.is((await collect(child)).status, 1);
  });

  test(`${engine}: the command ends with the program, although its standard input is still open`, async () => {
    const child = await run("trap", []);
    const { status } = await collect(child);
    assert.is(status, 2);
    child.stdin?.destroy();
  });
}

test.after(() => rmSync(directory, { recursive: true, force: true }));

test.run();
