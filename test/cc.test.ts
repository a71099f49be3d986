// `hawser cc`: what it makes of a command line, which compiler it takes, and that what it links is a guest. Compiles with
// @yowasp/clang, so that it does the same on every machine.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { run } from "hawser";
import { archive, cc, flags } from "../host/node/cc.js";
import { commandLine, expandResponseFiles, readArguments } from "../host/node/cc-arguments.js";
import type { CcIo } from "../host/node/cc-io.js";
import { type Compiler, findCompiler } from "../host/node/compiler.js";
import { weaken } from "../host/node/weaken.js";

const directory = mkdtempSync(join(tmpdir(), "hawser-cc-test-"));
test.after(() => rmSync(directory, { recursive: true, force: true }));

/** Surroundings that keep what is written. */
class Kept implements CcIo {
  readonly directory = directory;
  readonly environment: NodeJS.ProcessEnv;
  out = "";
  err = "";
  readonly stdout: CcIo["stdout"] = { write: (text) => (this.out += typeof text === "string" ? text : decode(text)) };
  readonly stderr: CcIo["stderr"] = { write: (text) => (this.err += typeof text === "string" ? text : decode(text)) };

  constructor(environment: NodeJS.ProcessEnv = { ...process.env, HAWSER_CC: "@yowasp/clang" }) {
    this.environment = environment;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function source(name: string, text: string): string {
  mkdirSync(join(directory, name, ".."), { recursive: true });
  writeFileSync(join(directory, name), text);
  return name;
}

/** Compiles, and fails with what the compiler said. */
async function compile(...argv: string[]): Promise<Kept> {
  const io = new Kept();
  const status = await cc(argv, io);
  assert.is(status, 0, io.err);
  return io;
}

function moduleOf(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(join(directory, name)));
}

function importsOf(name: string): string[] {
  return WebAssembly.Module.imports(moduleOf(name)).map(({ module, name: own }) => `${module}.${own}`);
}

const CLIENT = `#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(void) {
  struct addrinfo *found;
  struct sockaddr_un name = {AF_UNIX, "/tmp/x"};
  if (getaddrinfo("localhost", "http", 0, &found) != 0) return 1;
  int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct pollfd ready = {fd, POLLIN | POLLRDHUP, 0};
  printf("%d %d\\n", connect(fd, (struct sockaddr *)&name, sizeof name), poll(&ready, 1, 10));
  return send(fd, "x", 1, MSG_NOSIGNAL) != 1;
}
`;

test("cc drops what only a Unix linker knows and keeps the rest in order", () => {
  const request = readArguments([
    ...["a.c", "-pthread", "-lpthread", "-lm", "-l", "rt", "-ldl", "-rdynamic", "-Wl,--start-group,libx.a,--end-group"],
    ...["-Wl,-z,relro", "-Wl,-rpath,/usr/lib,--gc-sections", "-Xlinker", "-rpath", "-Xlinker", "/x", "-lcrypt"],
    ...["-Wl,--version-script=x.map", "-march=native", "-o", "prog"],
  ]);
  assert.equal(request.args, ["a.c", "-D_REENTRANT", "-lm", "-Wl,libx.a", "-Wl,--gc-sections", "-lcrypt"]);
  assert.is(request.output, "prog");
  assert.ok(request.links);
});

test("cc links unless an option says to stop before, and only if there is something to link", () => {
  for (const mode of ["-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"]) assert.not(readArguments([mode, "a.c"]).links);
  assert.not(readArguments(["--version"]).links);
  assert.not(readArguments(["-v"]).hasInputs);
  assert.ok(readArguments(["-MD", "a.c"]).links);
  assert.is(readArguments(["a.c"]).output, "a.out");
  assert.is(readArguments(["-oprog", "a.c"]).output, "prog");
  assert.equal(readArguments(["-c", "a.c", "-o", "a.o"]).args, ["-c", "a.c", "-o", "a.o"]);
});

test("the value of an option is no input", () => {
  for (const option of ["-I", "-D", "-include", "-MF", "-isystem", "-Xlinker", "-mllvm"]) {
    assert.not(readArguments([option, "value"]).hasInputs, option);
  }
});

test("the overlay stands behind the user's own -isystem, the glue behind the user's objects", () => {
  const compiler: Compiler = {
    ...{ name: "", why: "", target: ["--target=wasm32-wasip1"], includeOption: "-isystem", hasSetjmp: false },
    run: () => Promise.resolve(0),
  };
  const overlay = { include: "OVERLAY", glue: "GLUE", names: "NAMES", cmake: "TOOLCHAIN" };
  const line = (...argv: string[]): readonly string[] => commandLine(readArguments(argv), compiler, overlay, "out");
  const linked = line("-isystem", "own", "a.c", "-o", "x");
  assert.ok(linked.indexOf("own") < linked.indexOf("OVERLAY"));
  assert.ok(linked.indexOf("a.c") < linked.indexOf("GLUE"));
  assert.equal(linked.slice(-2), ["-o", "out"]);
  assert.not(line("-c", "a.c").includes("GLUE"));
  assert.not(line("-nostdlib", "a.c").includes("GLUE"));
  assert.not(line("-r", "a.o").includes("GLUE"));
  const typed = line("-x", "c", "a.c");
  assert.equal(typed.slice(typed.indexOf("GLUE") - 2, typed.indexOf("GLUE")), ["-x", "none"]);
  assert.equal(line("--version"), ["--target=wasm32-wasip1", "--version"]);
});

test("error() is GNU's without <error.h> too, and is the program's where the name is a variable", async () => {
  source("error.c", 'void error(int, int, const char *, ...);\nint main(void) { error(3, 0, "no %s", "more"); }\n');
  source(
    "own.c",
    "#include <errno.h>\nextern int errno;\nint error = 4, error_at_line;\nint main(void) { return error; }\n",
  );
  for (const name of ["error", "own"]) {
    await compile(`${name}.c`, "-o", `${name}.wasm`);
    moduleOf(`${name}.wasm`);
  }
});

test("@file stands for the words in it, quoted as in a shell, and for itself if there is none", () => {
  source("words", `-DA='b c' -D"E=f \\"g\\"" h\\ i\n@more`);
  source("more", "-lm");
  const words = expandResponseFiles(["x.c", "@words", "@nowhere"], directory);
  assert.equal(words, ["x.c", "-DA=b c", '-DE=f "g"', "h i", "-lm", "@nowhere"]);
});

test("a linked program imports from the core and from WASI, nothing else", async () => {
  source("client.c", CLIENT);
  await compile("-O1", "-Wall", "-Werror", "client.c", "-o", "client.wasm");
  const imports = importsOf("client.wasm");
  assert.equal(
    imports.filter((name) => !/^(posix|wasi_snapshot_preview1)\./.test(name)),
    [],
  );
  for (const name of ["resolve", "socket", "connect", "ppoll", "sendto"]) assert.ok(imports.includes(`posix.${name}`));
  assert.not(imports.includes("posix.listen"), "what is not used is not imported");
  const exports = WebAssembly.Module.exports(moduleOf("client.wasm")).map(({ name }) => name);
  for (const name of ["memory", "_start", "__hawser_signal"]) assert.ok(exports.includes(name), name);
  assert.not(existsSync(join(directory, "client")), "-o client.wasm makes no launcher");
});

test("without .wasm in the output's name there is a launcher beside the module", async () => {
  source("two/main.c", "int other(void);\nint main(void) { return other(); }\n");
  source("two/other.c", "int other(void) { return 0; }\n");
  await compile("two/main.c", "two/other.c", "-o", "two/prog");
  moduleOf("two/prog.wasm");
  assert.is(statSync(join(directory, "two/prog")).mode & 0o111, 0o111);
  assert.match(readFileSync(join(directory, "two/prog"), "utf8"), /^#!\/bin\/sh\n[\s\S]*exec .* run /);
});

test("main() may be in an archive, with parameters and without", async () => {
  const io = new Kept();
  for (const [name, text] of [
    ["with", "int main(int argc, char **argv) { return argc == 1 && argv[1] == 0 ? 7 : 1; }\n"],
    ["without", "int main(void) { return 7; }\n"],
  ] as const) {
    source(`${name}.c`, text);
    source("beside.c", "int beside(void) { return 3; }\n");
    await compile("-c", `${name}.c`);
    await compile("-c", "beside.c");
    assert.is(await archive("ar", ["rcs", `lib${name}.a`, `${name}.o`], io), 0, io.err);
    await compile("beside.o", `lib${name}.a`, "-o", `${name}.wasm`);
    assert.is((await run(moduleOf(`${name}.wasm`))).status, 7);
  }
});

test("objects, an archive and -MD work with paths that lead out of the directory", async () => {
  source("lib/include/own.h", "int own(void);\n");
  source("lib/src/own.c", '#include "../include/own.h"\nint own(void) { return 7; }\n');
  source("lib/main.c", '#include "own.h"\nint main(void) { return own(); }\n');
  const io = new Kept();
  const inner: CcIo = { ...io, stdout: io.stdout, stderr: io.stderr, directory: join(directory, "lib", "src") };
  assert.is(await cc(["-c", "-MD", "-MF", "own.d", "own.c", "-o", "../own.o"], inner), 0, io.err);
  assert.match(readFileSync(join(directory, "lib/src/own.d"), "utf8"), /^\.\.\/own\.o: .*own\.c/);
  assert.is(await archive("ar", ["rcs", "../libown.a", "../own.o"], inner), 0, io.err);
  assert.is(await archive("ranlib", ["../libown.a"], inner), 0, io.err);
  assert.is(await cc(["-I../include", "../main.c", "-L..", "-lown", "-o", "../own.wasm"], inner), 0, io.err);
  moduleOf("lib/own.wasm");
});

test("a mistake in a program is told with file and line, and the status is 1", async () => {
  source("bad.c", "int main(void) { return undeclared; }\n");
  const io = new Kept();
  assert.is(await cc(["-c", "bad.c"], io), 1);
  assert.match(io.err, /bad\.c:1:25: error: use of undeclared identifier/);
  source("missing.c", "int nowhere(void);\nint main(void) { return nowhere(); }\n");
  const linking = new Kept();
  assert.is(await cc(["missing.c", "-o", "missing.wasm"], linking), 1);
  assert.match(linking.err, /undefined symbol: nowhere/);
  assert.not(existsSync(join(directory, "missing.wasm")));
});

test("what compilers once took is a warning", async () => {
  source("old.c", "main() { char *p = 1; return twice(p); }\ntwice(p) char *p; { return 0; }\n");
  const { err } = await compile("-c", "old.c");
  assert.match(err, /warning: .*implicit/);
});

test("a program's own function of a name that the glue has is the one that it gets", async () => {
  source("own.c", "int warn = 1;\nint dup(int fd) { return fd; }\nint main(void) { return dup(warn); }\n");
  await compile("own.c", "-o", "own.wasm");
  assert.not(importsOf("own.wasm").includes("posix.dup"));
});

test("stdlib.h has what glibc's has of sys/types.h: fd_set and struct timeval", async () => {
  source(
    "set.c",
    "#include <stdlib.h>\nint main(void) {\n  fd_set set;\n  struct timeval none = {0, 0};\n" +
      "  FD_ZERO(&set);\n  return select(0, &set, NULL, NULL, &none);\n}\n",
  );
  await compile("-D_GNU_SOURCE", "set.c", "-o", "set.wasm");
  assert.ok(importsOf("set.wasm").includes("posix.pselect") || importsOf("set.wasm").includes("posix.select"));
});

test("setjmp and sigsetjmp link", async () => {
  source(
    "jump.c",
    "#include <setjmp.h>\nstatic sigjmp_buf place;\nint main(void) {\n" +
      "  if (sigsetjmp(place, 1) == 0) siglongjmp(place, 1);\n  return 0;\n}\n",
  );
  await compile("jump.c", "-o", "jump.wasm");
  moduleOf("jump.wasm");
});

test("--version is the compiler's, and --verbose says which compiler is taken and why", async () => {
  assert.match((await compile("--version")).out, /clang version \d+/);
  source("empty.c", "int x;\n");
  assert.match((await compile("--verbose", "-c", "empty.c")).err, /^hawser cc: @yowasp\/clang \S+, because HAWSER_CC=/);
});

test("a compiler that is asked for and cannot be used is an error that names it", async () => {
  for (const [name, value] of [
    ["HAWSER_CC", "/nowhere/clang"],
    ["WASI_SDK_PATH", "/nowhere"],
  ] as const) {
    const io = new Kept({ PATH: "", [name]: value });
    assert.is(await cc(["-c", "x.c"], io), 1);
    assert.match(io.err, new RegExp(`${name}=${value}.*no program`));
  }
});

test("a clang that is too old is passed over, and the reason is kept", async () => {
  const bin = join(directory, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "clang"), "#!/bin/sh\necho clang version 14.0.6\n");
  chmodSync(join(bin, "clang"), 0o755);
  const compiler = await findCompiler(new Kept({ PATH: bin, HOME: directory }));
  assert.match(compiler.why, /its version is 14, and 18 is needed; @yowasp\/clang is installed$/);
});

test("flags prints what a build system needs, and refuses what it does not know", async () => {
  const io = new Kept();
  assert.is(await flags(["--cflags"], io), 0);
  assert.match(io.out, /^--target=wasm32-wasip1 .*-isystem \S+include\n$/);
  assert.not.match(io.out, /glue\.o/);
  const all = new Kept();
  assert.is(await flags([], all), 0);
  assert.match(all.out, /-isystem .*glue\.o/);
  const wrong = new Kept();
  assert.is(await flags(["--ldflags"], wrong), 2);
  assert.match(wrong.err, /--ldflags is no option/);
  const cmake = new Kept();
  assert.is(await flags(["--cmake"], cmake), 0);
  assert.ok(existsSync(cmake.out.trim()), cmake.out);
  const both = new Kept();
  assert.is(await flags(["--cmake", "--libs"], both), 2);
  assert.match(both.err, /--cmake goes alone/);
});

test("a sysroot that is not there is told by its name", async () => {
  const io = new Kept({ ...process.env, HAWSER_SYSROOT: "nowhere" });
  assert.is(await cc(["-c", "x.c"], io), 1);
  assert.match(io.err, /HAWSER_SYSROOT=nowhere has no glue\.o/);
});

test("weaken() refuses what is no object", () => {
  assert.throws(() => weaken(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])), /no linking section/);
  assert.throws(() => weaken(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 0xff])), /ends at 10/);
});

test.run();
