// The modules in Lua that come with luasocket, where its makefile would install them.

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fetchSource } from "../../test/system/debian.js";
import { once } from "../../test/system/place.js";
import { temporaryDirectory } from "../../test/system/server.js";

/** Directories of the host. */
export interface Library {
  /** What LUA_PATH names. */
  readonly modules: string;
  readonly tests: string;
  readonly samples: string;
}

/** The library. */
export const library: () => Promise<Library> = once(async () => {
  const { directory } = await fetchSource("luasocket", { release: true });
  const modules = temporaryDirectory();
  mkdirSync(join(modules, "socket"));
  for (const name of ["ltn12", "socket", "mime"])
    cpSync(join(directory, "src", `${name}.lua`), join(modules, `${name}.lua`));
  for (const name of ["http", "url", "tp", "ftp", "headers", "smtp"])
    cpSync(join(directory, "src", `${name}.lua`), join(modules, "socket", `${name}.lua`));
  return { modules, tests: join(directory, "test"), samples: join(directory, "samples") };
});
