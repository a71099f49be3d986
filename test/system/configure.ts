// A configure script of Autoconf, run with `hawser cc`: what it finds, what it does not, and what its programs say when they
// are run, is what lets a program be built.

import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./child.js";
import { hawserCc } from "./compiler.js";
import { ensurePackages } from "./debian.js";
import { temporaryDirectory } from "./server.js";
import type { Test } from "./test.js";

/** Everything here is found. */
const FOUND = [
  ...[
    "accept4",
    "clock_gettime",
    "dup3",
    "fcntl",
    "fork",
    "getaddrinfo",
    "getifaddrs",
    "getnameinfo",
    "getpid",
    "getrlimit",
  ],
  ...[
    "openat",
    "pipe2",
    "poll",
    "posix_spawn",
    "ppoll",
    "recvmsg",
    "select",
    "sem_init",
    "setsid",
    "sigaction",
    "sigtimedwait",
  ],
  ...["socketpair", "strlcpy", "strsignal", "syslog", "tcgetattr", "vfork", "waitpid"],
];
/** Nothing here is, so that a program takes its other way. */
const ABSENT = ["epoll_create", "eventfd", "kqueue", "getpeereid", "setproctitle", "shmget", "splice"];
const HEADERS = [
  "err.h",
  "ifaddrs.h",
  "netdb.h",
  "pty.h",
  "sys/queue.h",
  "sys/wait.h",
  "syslog.h",
  "termios.h",
  "utmpx.h",
];
const NO_HEADERS = [
  "mqueue.h",
  "netpacket/packet.h",
  "stropts.h",
  "sys/epoll.h",
  "sys/event.h",
  "sys/eventfd.h",
  "sys/shm.h",
];

const SCRIPT = `AC_INIT([probe], [1])
AC_CONFIG_SRCDIR([probe.c])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
AC_USE_SYSTEM_EXTENSIONS
AC_SYS_LARGEFILE
AC_C_BIGENDIAN
AC_CHECK_SIZEOF([long])
AC_CHECK_SIZEOF([off_t])
AC_HEADER_SYS_WAIT
AC_CHECK_TYPES([socklen_t, struct addrinfo], [], [], [[#include <sys/socket.h>
#include <netdb.h>]])
AC_CHECK_MEMBERS([struct sockaddr.sa_len, struct msghdr.msg_control], [], [], [[#include <sys/socket.h>]])
AC_SEARCH_LIBS([socket], [socket])
AC_SEARCH_LIBS([gethostbyname], [nsl])
AC_CHECK_LIB([pthread], [pthread_create])
AC_CHECK_LIB([nosuch], [nosuch])
AC_CHECK_HEADERS([${[...HEADERS, ...NO_HEADERS].join(" ")}])
AC_CHECK_FUNCS([${[...FOUND, ...ABSENT].join(" ")}])
AC_CHECK_DECLS([program_invocation_name, PIPE_BUF, SO_REUSEPORT], [], [], [[#include <errno.h>
#include <limits.h>
#include <sys/socket.h>]])
AC_FUNC_FORK
AC_FUNC_MALLOC
AC_FUNC_GETGROUPS
AC_FUNC_SELECT_ARGTYPES
AC_FUNC_STRERROR_R
AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <poll.h>
#include <unistd.h>]], [[int ends[2];
struct pollfd entry;
if (pipe(ends) != 0) return 1;
entry.fd = ends[0];
entry.events = POLLIN;
if (poll(&entry, 1, 20) != 0) return 2;
write(ends[1], "x", 1);
return !(poll(&entry, 1, 5000) == 1 && entry.revents == POLLIN);]])],
  [AC_DEFINE([POLL_WORKS], [1], [Define if poll() waits.])])
AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <errno.h>
#include <unistd.h>]], [[return fork() == -1 && errno == ENOSYS ? 0 : 1;]])],
  [AC_DEFINE([FORK_IS_ENOSYS], [1], [Define if fork() says so.])])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
`;

const PROGRAM = `#include <config.h>
#include <stdio.h>
int main(void) { return puts(PACKAGE_NAME) < 0; }
`;

/** "sys/wait.h" as configure scripts write it. */
function macro(name: string): string {
  return `HAVE_${name.toUpperCase().replace(/\W/g, "_")}`;
}

async function configure(): Promise<void> {
  await ensurePackages(["autoconf", "autotools-dev", "make"]);
  const { cc, ar, ranlib, environment } = await hawserCc();
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "configure.ac"), SCRIPT);
  writeFileSync(join(directory, "probe.c"), PROGRAM);
  writeFileSync(join(directory, "Makefile.in"), "all:\n\t@CC@ @DEFS@ -I. @CFLAGS@ probe.c @LIBS@ -o probe\n");
  const within = { cwd: directory, env: environment, limit: 1_200_000 };
  for (const name of ["config.guess", "config.sub"]) {
    writeFileSync(join(directory, name), readFileSync(join("/usr/share/misc", name)), { mode: 0o755 });
  }
  await demand(["autoheader"], within);
  await demand(["autoconf"], within);
  await demand(["./configure", `CC=${cc}`, `AR=${ar}`, `RANLIB=${ranlib}`], within);
  const text = readFileSync(join(directory, "config.h"), "utf8");
  const defined = new Map(
    [...text.matchAll(/^#define (\w+) (.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  const are = (names: readonly string[], value: string | undefined): void => {
    assert.deepEqual(
      names.filter((name) => defined.get(name) !== value),
      [],
      `these are not ${value}`,
    );
  };
  are([...FOUND, ...HEADERS].map(macro), "1");
  are([...ABSENT, ...NO_HEADERS].map(macro), undefined);
  are(["HAVE_LIBPTHREAD", "HAVE_SOCKLEN_T", "HAVE_STRUCT_ADDRINFO", "HAVE_STRUCT_MSGHDR_MSG_CONTROL"], "1");
  are(["HAVE_LIBNOSUCH", "HAVE_STRUCT_SOCKADDR_SA_LEN", "WORDS_BIGENDIAN", "malloc"], undefined);
  are(["HAVE_DECL_PROGRAM_INVOCATION_NAME", "HAVE_DECL_PIPE_BUF", "HAVE_DECL_SO_REUSEPORT"], "1");
  assert.deepEqual([defined.get("SIZEOF_LONG"), defined.get("SIZEOF_OFF_T")], ["4", "8"]);
  // They link, and Autoconf's own programs have found out that they make no process.
  are(["HAVE_FORK", "HAVE_VFORK", "FORK_IS_ENOSYS", "POLL_WORKS"], "1");
  are(["HAVE_WORKING_FORK"], undefined);
  await demand(["make"], within);
  assert.equal(await demand([join(directory, "probe")], within), "probe\n");
}

/** The test. */
export const configureTests: readonly Test[] = [
  {
    name: "a configure script of Autoconf finds what is there and hears that fork makes nothing",
    limit: 1500,
    run: configure,
  },
];
