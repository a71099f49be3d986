// A project of CMake, built with the toolchain file that `hawser flags --cmake` names: a library, a program that connects,
// what configuring finds out by compiling and by running, threads, and a package that pkg-config knows.

import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./child.js";
import { hawserCc } from "./compiler.js";
import { ensurePackages } from "./debian.js";
import { ROOT } from "./place.js";
import { listen, temporaryDirectory } from "./server.js";
import type { Test } from "./test.js";

const LISTS = `cmake_minimum_required(VERSION 3.20)
project(greeter C)
include(CheckSymbolExists)
include(CheckCSourceRuns)
include(TestBigEndian)
check_symbol_exists(accept4 "sys/socket.h" HAVE_ACCEPT4)
check_symbol_exists(kqueue "sys/event.h" HAVE_KQUEUE)
check_c_source_runs("int main(void) { return 0; }" RUNS)
check_c_source_runs("int main(void) { return 1; }" FAILS)
test_big_endian(BIG)
if(NOT UNIX OR NOT HAVE_ACCEPT4 OR HAVE_KQUEUE OR NOT RUNS OR FAILS OR BIG)
  message(FATAL_ERROR "found out wrongly: \${UNIX} \${HAVE_ACCEPT4} \${HAVE_KQUEUE} \${RUNS} \${FAILS} \${BIG}")
endif()
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(WORDS REQUIRED words)
pkg_check_modules(OPENSSL openssl)
if(OPENSSL_FOUND)
  message(FATAL_ERROR "a package of this machine was found: \${OPENSSL_LIBRARIES}")
endif()
add_library(greeting greeting.c)
target_include_directories(greeting PUBLIC \${WORDS_INCLUDE_DIRS})
add_executable(greeter main.c)
target_link_libraries(greeter greeting Threads::Threads)
enable_testing()
add_test(NAME usage COMMAND greeter)
install(TARGETS greeter greeting)
`;

const GREETING = `#include <words.h>
const char *greeting(void) { return WORDS; }
`;

const MAIN = `#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
const char *greeting(void);
int main(int argc, char **argv) {
  if (argc == 1) return puts(greeting()) < 0;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  char text[100] = {0};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return perror("connect"), 1;
  write(fd, greeting(), strlen(greeting()));
  shutdown(fd, SHUT_WR);
  while (read(fd, text + strlen(text), sizeof text - strlen(text) - 1) > 0) continue;
  printf("answered: %s\\n", text);
  return 0;
}
`;

async function build(): Promise<void> {
  await ensurePackages(["cmake", "make", "pkgconf"]);
  const { environment } = await hawserCc();
  const { PKG_CONFIG_LIBDIR: _, ...env } = environment;
  const directory = temporaryDirectory();
  const prefix = join(directory, "prefix");
  const write = (path: string, text: string): void => {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  write("project/CMakeLists.txt", LISTS);
  write("project/greeting.c", GREETING);
  write("project/main.c", MAIN);
  write("prefix/include/words.h", '#define WORDS "well met"\n');
  write("prefix/lib/pkgconfig/words.pc", `Name: words\nDescription: words\nVersion: 1\nCflags: -I${prefix}/include\n`);
  const cli = [process.execPath, join(ROOT, "dist", "cli.js")];
  const toolchain = (await demand([...cli, "flags", "--cmake"])).trim();
  const built = join(directory, "built");
  const options = [`-DCMAKE_TOOLCHAIN_FILE=${toolchain}`, `-DCMAKE_PREFIX_PATH=${prefix}`];
  await demand(
    ["cmake", "-S", join(directory, "project"), "-B", built, `-DCMAKE_INSTALL_PREFIX=${prefix}`, ...options],
    {
      env,
      limit: 120_000,
    },
  );
  await demand(["cmake", "--build", built], { env, limit: 60_000 });
  await demand(["ctest", "--test-dir", built], { env, limit: 60_000 });
  await demand(["cmake", "--install", built], { env });
  const port = await listen((socket) => socket.pipe(socket));
  const program = join(prefix, "bin", "greeter.wasm");
  const allow = ["--allow", `tcp://127.0.0.1:${port}`];
  assert.equal(await demand([...cli, "run", ...allow, program, `${port}`]), "answered: well met\n");
}

/** The test. */
export const cmakeTests: readonly Test[] = [
  { name: "a project of CMake builds with the toolchain file, is tested, installed and run", limit: 300, run: build },
];
