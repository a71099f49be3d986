// Lua's interpreter, alone: luasocket has one with sockets in it.

import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Ended } from "../../test/system/child.js";
import type { Case } from "../../test/system/compare.js";
import { temporaryDirectory } from "../../test/system/server.js";
import type { Port } from "../port.js";

/** How Lua and what is linked to it are compiled: without dlopen(). */
export const LUA_FLAGS = "-O1 -w -DLUA_USE_POSIX -DLUA_COMPAT_5_3";

/** Values, coroutines and errors: longjmp() is what raises one. */
const SCRIPT = `
print(_VERSION, math.type(2^53), 7 // 2, 7 / 2, 1 << 62, string.format("%5.2f %q", math.pi, "a\\n"))
print(pcall(error, {}) , select("#", pcall(error)), pcall(error, "deep", 0))
print(pcall(function() local x = nil; return x.y end))
local generate = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end error("over", 0) end)
print(generate(), generate(), generate(), pcall(generate))
local function down(n) return n == 0 and error("bottom", 0) or 1 + down(n - 1) end
print(pcall(down, 10000))
print(pcall(string.rep, "x", 1 << 40))
print(select(2, pcall(function() local function f() return 1 + f() end return f() end)):match("stack overflow"))
local kept = {}
for i = 1, 200000 do kept[i % 1000] = {i} end
collectgarbage()
print(#kept, collectgarbage("count") < 8192)
print(table.concat({("größer"):byte(1, -1)}, " "), utf8.len("größer"), ("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
print(os.time({year = 2020, month = 2, day = 29, hour = 12}) - os.time({year = 2020, month = 2, day = 28, hour = 12}))
`;

/** What it was seen to do; natively its name in messages is a path. */
function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({
    status,
    stdout: `${stdout}`.replace(/table: \w+/g, "table"),
    stderr: stderr.replace(/\/\S*\/lua\b/g, "lua"),
  });
}

const cases: readonly Case[] = [
  {
    name: "lua computes, raises errors and catches them",
    run: async (runner) => {
      const ended = await runner.finish("lua", ["-"], { allow: [], input: SCRIPT });
      assert.match(`${ended.stdout}`, /^Lua 5.4\t/m);
      assert.equal(ended.status, "0", ended.stderr);
      return { ended: seen(ended) };
    },
  },
  {
    name: "lua reads and writes files, loads modules, and says what is not there",
    run: async (runner) => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, "twice.lua"), "return function(x) return x .. x end\n");
      const script = `
local twice = require("twice")
local file <close> = assert(io.open("file", "w+"))
print(file:write(twice("line\\n")), file:seek("set"), file:read("l", "n", "a"))
for line in io.lines("file") do io.write("[", line, "]") end
print(os.rename("file", "other"), io.open("file"), os.remove("other"), (select(2, os.remove("other"))))
print(pcall(require, "nowhere"))
io.stderr:write("on the other stream\\n")
os.exit(tonumber(arg[1]))
`;
      const options = { allow: [], directories: [`${directory}:.`], cwd: directory, input: script };
      const ended = await runner.finish("lua", ["-", "7"], options);
      assert.equal(ended.status, "7", ended.stderr);
      return { ended: seen(ended).replace(/file \(0x\w+\)/g, "file") };
    },
  },
  {
    name: "lua tells where a script failed",
    run: async (runner) => {
      const script = (input: string): Promise<Ended> => runner.finish("lua", ["-"], { allow: [], input });
      const [raised, syntax] = [await script("local t = {}\nt.x.y = 1\n"), await script("x = = 1\n")];
      const none = await runner.finish("lua", ["nothing.lua"], { allow: [] });
      const option = await runner.finish("lua", ["-x"], { allow: [] });
      assert.match(raised.stderr, /attempt to index a nil value/);
      return { raised: seen(raised), syntax: seen(syntax), none: seen(none), option: seen(option) };
    },
  },
];

/** lua. */
export const lua: Port = {
  name: "lua",
  source: "lua5.4",
  programs: { lua: "src/lua" },
  keeps: ["src"],
  // Debian's makefile wants libtool, and its patch of luaconf.h a header that debian/rules writes.
  steps: ({ compiler: { cc, ar } }) => [
    ["sh", "-c", `echo '#define DEB_HOST_MULTIARCH ""' > src/lua5.4-deb-multiarch.h`],
    [
      ...["sh", "-c", `cd src && make -f /dev/null "$@" $(ls l*.c | sed 's/c$/o/')`],
      ...["make", `-j${availableParallelism()}`, `CC=${cc}`, `CFLAGS=${LUA_FLAGS}`],
    ],
    ["sh", "-c", `cd src && ${ar} rc liblua.a $(ls l*.o | grep -v -e '^lua\\.o' -e '^luac\\.o')`],
    ["sh", "-c", `cd src && ${cc} lua.o liblua.a -lm -o lua`],
  ],
  cases,
  works: "the language, errors and coroutines, files, modules in Lua",
  lacks: "modules in C are linked, not loaded (there is no dlopen); io.popen and os.execute (there is no process)",
  page: "yes; scripts from standard input or files of the page's",
};
