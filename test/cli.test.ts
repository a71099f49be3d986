import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

const CLI = resolve("dist/cli.js");
/** Longest time for one command, in milliseconds. */
const LIMIT = 30_000;

interface Result {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Setup {
  readonly stdin?: string | number;
  readonly stdout?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each piece of output. */
  readonly heard?: (text: string, child: ChildProcess) => void;
}

/** Runs the command to its end. */
function hawser(args: readonly string[], setup: Setup = {}): Promise<Result> {
  return new Promise((done, fail) => {
    const { stdin = "", stdout: out = "pipe", env = process.env, heard = () => {} } = setup;
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: [typeof stdin === "number" ? stdin : "pipe", out, "pipe"],
      env,
      cwd: setup.cwd,
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      heard(chunk.toString(), child);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(stdin);
    child.on("error", fail);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      done({ status, signal, stdout, stderr });
    });
  });
}

function scratch(): string {
  return mkdtempSync(join(tmpdir(), "hawser-cli-"));
}

async function guest(name: string): Promise<string> {
  return resolve(await compileGuest(`test/guests/${name}.c`));
}

for (const engine of ENGINES) {
  const run = (...args: string[]): string[] => ["run", "--engine", engine, ...args];

  test(`${engine}: everything after the program is the program's, and its status is passed on`, async () => {
    const program = await guest("arguments");
    const { status, stdout } = await hawser(run("--env", "A=b=c", program, "--help", "-x", "--allow", "--", "last"));
    const name = program.split("/").at(-1);
    assert.is(stdout, `${name}\n--help\n-x\n--allow\n--\nlast\nA=b=c\n`);
    assert.is(status, 6);
  });

  test(`${engine}: variables come from the command line and, by name alone, from the caller`, async () => {
    const env = { ...process.env, HAWSER_TEST_ONE: "1", HAWSER_TEST_TWO: "2" };
    const { stdout } = await hawser(run("--env", "HAWSER_TEST_TWO", "--", await guest("arguments")), { env });
    assert.match(stdout, /^HAWSER_TEST_TWO=2$/m);
    assert.not.match(stdout, "HAWSER_TEST_ONE");
  });

  test(`${engine}: a megabyte goes through from a pipe and from a file`, async () => {
    const directory = scratch();
    try {
      const program = await guest("cat");
      const text = "0123456789abcde\n".repeat(65536);
      const file = join(directory, "in");
      writeFileSync(file, text);
      const piped = await hawser(run(program), { stdin: text });
      assert.ok(piped.stdout === text, `${piped.stdout.length} of ${text.length} came back`);
      const filed = await hawser(run(program), {
        stdin: openSync(file, "r"),
        stdout: openSync(join(directory, "out"), "w"),
      });
      assert.is(filed.status, 0);
      assert.ok(readFileSync(join(directory, "out"), "utf8") === text);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test(`${engine}: a directory is reached under the name that --dir gives it, and no other`, async () => {
    const directory = scratch();
    try {
      writeFileSync(join(directory, "note"), "found\n");
      const program = await guest("cat");
      const there = await hawser(run("--dir", `${directory}:/data`, program, "/data/note"));
      assert.is(there.stdout, "found\n");
      const here = await hawser(run("--dir", ".", program, "note"), { cwd: directory });
      assert.is(here.stdout, "found\n");
      const without = await hawser(run(program, "/data/note"));
      assert.is(without.status, 1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test(`${engine}: a directory as standard input is EISDIR to the program, /dev/null is its end`, async () => {
    const program = await guest("cat");
    assert.is((await hawser(run(program), { stdin: openSync(".", "r") })).status, 1);
    assert.is((await hawser(run(program), { stdin: openSync("/dev/null", "r") })).status, 0);
  });

  test(`${engine}: a reader that goes away ends the program by SIGPIPE, without a word`, async () => {
    const { status, stderr } = await hawser(run(await guest("flood")), {
      heard: (_, child) => child.stdout?.destroy(),
    });
    assert.is(status, 141);
    assert.is(stderr, "");
  });

  test(`${engine}: Ctrl-C ends a program that waits and one that writes without end`, async () => {
    const waiting = await hawser(run(await guest("caught"), "leave"), {
      heard: (text, child) => text.includes("ready") && child.kill("SIGINT"),
    });
    assert.is(waiting.stdout, "ready\nSIGINT\n");
    assert.is(waiting.status, 5);
    let heard = 0;
    const writing = await hawser(run(await guest("flood")), {
      heard: (text, child) => {
        // Once, and not at the first piece: the program shall be in the middle of it.
        const before = heard;
        heard += text.length;
        if (before < 100_000 && heard >= 100_000) child.kill("SIGINT");
      },
    });
    assert.is(writing.status, 130);
  });

  test(`${engine}: a second Ctrl-C kills a program that goes on after the first`, async () => {
    const { status, stdout } = await hawser(run(await guest("caught")), {
      heard: (text, child) => /ready|SIGINT/.test(text) && child.kill("SIGINT"),
    });
    assert.is(stdout, "ready\nSIGINT\n");
    assert.is(status, 137);
  });

  test(`${engine}: a trap is told with the signal that it stands for`, async () => {
    const { status, stderr } = await hawser(run(await guest("trap"), "abort"));
    assert.is(status, 134);
    assert.match(stderr, /ended by SIGABRT/);
  });

  test(`${engine}: --trace tells calls and refusals on standard error`, async () => {
    const { status, stdout, stderr } = await hawser(run("--trace", await guest("say"), "127.0.0.1", "9", "hello"));
    assert.is(status, 1);
    assert.match(stderr, /^socket\(AF_INET, SOCK_STREAM, \S+\) = \d+$/m);
    assert.match(stderr, /^connect\(\d+, \{AF_INET, 127\.0\.0\.1:9\}, 16\) = -1 EACCES \(Permission denied\)$/m);
    assert.match(stderr, /^hawser: refused connect tcp 127\.0\.0\.1:9: .*--allow tcp:\/\/127\.0\.0\.1:9$/m);
    assert.match(stdout, "Permission denied");
  });

  test(`${engine}: a rule opens what it names`, async () => {
    const server = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    try {
      const { port } = server.address() as { port: number };
      const rule = `tcp://127.0.0.1:${port}`;
      const { stdout } = await hawser(run("--allow", rule, await guest("say"), "127.0.0.1", `${port}`, "hello"));
      assert.is(stdout, "hello\n");
    } finally {
      server.close();
    }
  });

  test(`${engine}: the command ends with the program, although standard input is still open`, async () => {
    const started = performance.now();
    const child = spawn(process.execPath, [CLI, ...run(await guest("trap"))], { stdio: ["pipe", "ignore", "inherit"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT);
    const status = await new Promise((ended) => child.on("exit", ended));
    clearTimeout(timer);
    child.stdin?.destroy();
    assert.is(status, 2);
    assert.ok(performance.now() - started < LIMIT / 2);
  });
}

/** What the command says of arguments that are wrong. */
async function complaint(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await hawser(args);
  assert.is(stdout, "", `${args.join(" ")} printed to standard output`);
  assert.not.match(stderr, /\n {4}at /, "a stack is no sentence");
  return `${status} ${stderr.trim().split("\n")[0]}`;
}

test("wrong arguments are told with what to do next", async () => {
  const program = await guest("arguments");
  const directory = scratch();
  try {
    const elf = join(directory, "prog");
    writeFileSync(elf, Buffer.from("7f454c4602010100", "hex"));
    assert.is(
      await complaint(["run", elf]),
      "126 hawser: prog is not a WebAssembly module: it starts with 7f 45 4c 46 (an ELF program or object); " +
        "compile the C source with `hawser cc`",
    );
    assert.match(await complaint(["run", "missing.wasm"]), /^127 hawser: missing\.wasm: no such file; `hawser cc/);
    assert.match(await complaint(["run", directory]), /^126 .* is a directory/);
    assert.match(await complaint(["run", "--allow", "nonsense", program]), /^125 hawser: rule "nonsense": .*--help/);
    assert.match(await complaint(["run", "--engine", "steam", program]), /^125 .*no such engine; jspi and worker/);
    assert.match(await complaint(["run", "--dir", "/no/such", program]), /^125 .*no directory \/no\/such/);
    assert.match(await complaint(["run", "--env", "HAWSER_NOT_SET", program]), /^125 .*HAWSER_NOT_SET is not set here/);
    assert.match(await complaint(["run", "--evn", "A=b", program]), /^125 hawser: unknown option '--evn'/);
    assert.match(await complaint(["run"]), /^125 hawser: missing required argument/);
    assert.match(await complaint(["prog.wasm"]), /^125 .*did you mean `hawser run prog\.wasm`/);
    assert.match(await complaint(["rnu", "prog.wasm"]), /^125 hawser: unknown command 'rnu'/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("an engine that this Node lacks is told with the one to use", async () => {
  if (ENGINES.includes("jspi")) return;
  assert.match(
    await complaint(["run", "--engine", "jspi", await guest("arguments")]),
    /^125 .*use the "worker" engine/,
  );
});

test("--help teaches: an example, the rules, the statuses", async () => {
  const main = await hawser(["--help"]);
  assert.is(main.status, 0);
  assert.match(main.stdout, "hawser cc client.c -o client.wasm");
  const { stdout, status } = await hawser(["run", "--help"]);
  assert.is(status, 0);
  for (const part of ["hawser run --allow tcp://127.0.0.1:6379", "listen:udp://*:5353", "128 + signal", "Ctrl-C"]) {
    assert.match(stdout, part);
  }
  assert.ok(stdout.split("\n").every((line) => line.length <= 124));
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  assert.is((await hawser(["--version"])).stdout, `${version}\n`);
});

test("cc and flags get their arguments untouched", async () => {
  const flags = await hawser(["flags", "--help"]);
  assert.match(flags.stderr, "--help is no option");
  const printed = await hawser(["flags", "--cflags"]);
  assert.is(printed.status, 0);
  assert.match(printed.stdout, "wasm32-wasip1");
});

test.run();
