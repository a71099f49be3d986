// The guest's name space over real directories: what a path of an AF_UNIX socket leads to.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as errnos from "../assembly/shared/errno.js";
import type { HostFiles } from "../host/files.js";
import { canonicalPath, Namespace } from "../host/namespace.js";
import { heldFiles, namedFiles } from "../host/node/raw/files.js";
import { regainPrivileges, inputAsNobody } from "./posix/unprivileged.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a path leads, as a path below the directory of the test, or the errno's name. */
type Locate = (path: string, from?: string, make?: boolean) => string;

interface Place {
  readonly host: string;
  readonly files: HostFiles;
}

function nameOf(errno: number): string {
  const found = Object.entries(errnos).find(([, value]) => value === errno);
  return found === undefined ? `errno ${errno}` : found[0];
}

/** A name space over `preopens`, which are guest paths to paths below `host`. */
function locator({ host, files }: Place, preopens: Record<string, string>): { locate: Locate; close: () => void } {
  const mounted = Object.entries(preopens).map(([guest, below]) => [guest, join(host, below)]);
  const namespace = new Namespace(files, Object.fromEntries(mounted));
  return {
    locate(path, from = "/", make = false) {
      const place = namespace.locate(encoder.encode(path), encoder.encode(from), make);
      place.release();
      const led = decoder.decode(place.path);
      const where = led.startsWith(`${host}/`) ? led.slice(host.length + 1) : led === host ? "." : `host ${led}`;
      const whose = place.inPreopen ? "" : "outside: ";
      return `${whose}${place.errno === 0 ? where : nameOf(place.errno)}`;
    },
    close: () => namespace.close(),
  };
}

for (const [kind, files] of [
  ["held", heldFiles],
  ["named", namedFiles],
] as const) {
  if (files === null) continue;
  const names = suite<Place>(`name space, files ${kind}`);

  names.before.each((context) => {
    const host = realpathSync(mkdtempSync(join(tmpdir(), "hawser-")));
    Object.assign(context, { host, files });
    mkdirSync(join(host, "a/deep/er"), { recursive: true });
    mkdirSync(join(host, "b"));
    for (const name of ["a/file", "a/deep/file", "b/file", "secret"]) writeFileSync(join(host, name), "");
  });

  names.after.each(({ host }) => rmSync(host, { recursive: true, force: true }));

  names("a path leads into the preopen that it lies in, by whatever spelling", (context) => {
    const { locate, close } = locator(context, { "/data": "a", "/other/b": "b" });
    assert.is(locate("/data/file"), "a/file");
    assert.is(locate("//data/.//deep/../file"), "a/file");
    assert.is(locate("/data/deep/../deep/er/../file"), "a/deep/file");
    assert.is(locate("/other/b/file"), "b/file");
    assert.is(locate("/data"), "a");
    assert.is(locate("/database/file"), "outside: ENOENT");
    close();
  });

  names("a relative path begins at the guest's current directory", (context) => {
    const { locate, close } = locator(context, { "/data": "a" });
    assert.is(locate("file", "/data"), "a/file");
    assert.is(locate("../file", "/data/deep"), "a/file");
    assert.is(locate("data/file"), "a/file");
    assert.is(locate("./data/file"), "a/file");
    close();
  });

  names("a preopen named . or / is the guest's root", (context) => {
    for (const root of [".", "/", "./"]) {
      const { locate, close } = locator(context, { [root]: "a" });
      assert.is(locate("file"), "a/file");
      assert.is(locate("/file"), "a/file");
      assert.is(locate("/../../file"), "a/file");
      assert.is(locate("/etc"), "ENOENT");
      close();
    }
  });

  names("the parent of a preopen's root is the guest's, where other preopens are and nothing else", (context) => {
    const { locate, close } = locator(context, { "/data/a": "a", "/data/b": "b" });
    assert.is(locate("/data/a/../b/file"), "b/file");
    assert.is(locate("/data/a/../../data/b/file"), "b/file");
    assert.is(locate("/data/a/../secret"), "ENOENT");
    assert.is(locate("/data/a/../../../../etc/passwd"), "ENOENT");
    assert.is(locate("/data/a/.."), "ECONNREFUSED");
    assert.is(locate("/data/a/../new", "/", true), "EACCES");
    close();
  });

  names("a preopen in another covers what is there", (context) => {
    const { locate, close } = locator(context, { "/": "a", "/deep": "b", "/not/there": "b" });
    assert.is(locate("/deep/file"), "b/file");
    assert.is(locate("/deep/../file"), "a/file");
    assert.is(locate("/not/there/file"), "b/file");
    assert.is(locate("/not/file"), "ENOENT");
    close();
  });

  names("a link's target is a path of the guest", (context) => {
    const { host } = context;
    symlinkSync("/data/deep/file", join(host, "a/absolute"));
    symlinkSync("../file", join(host, "a/deep/up"));
    symlinkSync("deep", join(host, "a/directory"));
    symlinkSync("directory/up", join(host, "a/twice"));
    symlinkSync("../../../../../../etc/passwd", join(host, "a/out"));
    symlinkSync("../secret", join(host, "a/beside"));
    symlinkSync(join(host, "secret"), join(host, "a/host"));
    symlinkSync("/data/../other/file", join(host, "a/other"));
    const { locate, close } = locator(context, { "/data": "a", "/other": "b" });
    assert.is(locate("/data/absolute"), "a/deep/file");
    assert.is(locate("/data/deep/up"), "a/file");
    assert.is(locate("/data/directory/er/../up"), "a/file");
    assert.is(locate("/data/twice"), "a/file");
    assert.is(locate("/data/out"), "ENOENT");
    assert.is(locate("/data/beside"), "ENOENT");
    assert.is(locate("/data/host"), "ENOENT");
    assert.is(locate("/data/other"), "b/file");
    close();
  });

  names("40 links are followed, 41 are ELOOP", (context) => {
    const { host } = context;
    for (let i = 1; i <= 41; i++) symlinkSync(i === 1 ? "file" : `c${i - 1}`, join(host, `a/c${i}`));
    symlinkSync("loop", join(host, "a/loop"));
    const { locate, close } = locator(context, { "/data": "a" });
    assert.is(locate("/data/c40"), "a/file");
    assert.is(locate("/data/c41"), "ELOOP");
    assert.is(locate("/data/loop"), "ELOOP");
    assert.is(locate("/data/loop/x", "/", true), "ELOOP");
    close();
  });

  names("what cannot be reached has the errno of a kernel", (context) => {
    const { host } = context;
    symlinkSync("n".repeat(300), join(host, "a/long"));
    symlinkSync("file", join(host, "a/link"));
    const { locate, close } = locator(context, { "/data": "a" });
    assert.is(locate("/data/absent"), "ENOENT");
    assert.is(locate("/data/absent/../file"), "ENOENT");
    assert.is(locate("/data/file/x"), "ENOTDIR");
    assert.is(locate("/data/file/"), "ENOTDIR");
    assert.is(locate("/data/file/.."), "ENOTDIR");
    assert.is(locate("/data/link/"), "ENOTDIR");
    assert.is(locate("/data/absent/"), "ENOENT");
    assert.is(locate("/data/long"), "ENAMETOOLONG");
    close();
  });

  names("a directory that may not be searched is EACCES, whatever is in it", async (context) => {
    const { host } = context;
    chmodSync(host, 0o755);
    chmodSync(join(host, "a/deep"), 0o600);
    const { locate, close } = locator(context, { "/data": "a" });
    try {
      await inputAsNobody("").next();
      for (const path of ["file", "absent", "..", ".", "../file"])
        assert.is(locate(`/data/deep/${path}`), "EACCES", path);
      assert.is(locate("/data/deep/new", "/", true), "a/deep/new");
      assert.is(locate("/data/deep/er/new", "/", true), "EACCES");
      assert.is(locate("/data/file"), "a/file");
    } finally {
      regainPrivileges();
      chmodSync(join(host, "a/deep"), 0o700);
    }
    close();
  });

  names("bind's last component is looked for by nobody and no link is followed", (context) => {
    symlinkSync("absent", join(context.host, "a/dangling"));
    const { locate, close } = locator(context, { "/data": "a" });
    assert.is(locate("/data/new", "/", true), "a/new");
    assert.is(locate("/data/dangling", "/", true), "a/dangling");
    assert.is(locate("/data/deep/../new", "/", true), "a/new");
    assert.is(locate("/data/absent/new", "/", true), "ENOENT");
    assert.is(locate("/data/file/new", "/", true), "ENOTDIR");
    assert.is(locate("/data/new/", "/", true), "ENOENT");
    assert.is(locate("/data/file/", "/", true), "EADDRINUSE");
    assert.is(locate("new", "/", true), `outside: host ${process.cwd()}/new`);
    close();
  });

  names("a path in no preopen is the host's own, links followed", (context) => {
    const { host } = context;
    symlinkSync(join(host, "b"), join(host, "to-b"));
    for (const preopens of [{}, { "/data": "a" }] as Record<string, string>[]) {
      const { locate, close } = locator(context, preopens);
      assert.is(locate(join(host, "to-b/file")), "outside: b/file");
      assert.is(locate(join(host, "b/../secret")), "outside: secret");
      assert.is(locate(join(host, "absent/x")), "outside: ENOENT");
      assert.is(locate("package.json"), `outside: host ${realpathSync("package.json")}`);
      close();
    }
  });

  names("a rule's path has its links followed, as far as it is there", ({ host }) => {
    const canonical = (path: string, make = false): string =>
      decoder.decode(canonicalPath(files, encoder.encode(join(host, path)), make));
    symlinkSync("b", join(host, "to-b"));
    symlinkSync("file", join(host, "b/link"));
    assert.is(canonical("to-b/link"), join(host, "b/file"));
    assert.is(canonical("to-b/link", true), join(host, "b/link"));
    assert.is(canonical("to-b/absent"), join(host, "b/absent"));
    assert.is(canonical("absent/x/y"), join(host, "absent/x/y"));
  });

  names.run();
}

const held = suite<{ host: string }>("name space, what is held");

if (heldFiles !== null) {
  const files = heldFiles;
  held("a file is the one that was found, whatever takes its place; nothing stays open", () => {
    const host = realpathSync(mkdtempSync(join(tmpdir(), "hawser-")));
    const before = readdirSync("/proc/self/fd").length;
    mkdirSync(join(host, "a"));
    writeFileSync(join(host, "a/file"), "");
    const namespace = new Namespace(files, { "/data": join(host, "a") });
    const place = namespace.locate(encoder.encode("/data/file"), encoder.encode("/"), false);
    renameSync(join(host, "a/file"), join(host, "a/moved"));
    symlinkSync("/etc/passwd", join(host, "a/file"));
    assert.is(realpathSync(place.access), join(host, "a/moved"));
    place.hold();
    place.release();
    assert.is(realpathSync(place.access), join(host, "a/moved"));
    place.release();
    // The preopen is the directory that was given, not what has its name now.
    renameSync(join(host, "a"), join(host, "elsewhere"));
    symlinkSync("/etc", join(host, "a"));
    const later = namespace.locate(encoder.encode("/data/passwd"), encoder.encode("/"), false);
    assert.is(later.errno, errnos.ENOENT);
    later.release();
    namespace.close();
    rmSync(host, { recursive: true, force: true });
    assert.is(readdirSync("/proc/self/fd").length, before);
  });
}

held.run();
