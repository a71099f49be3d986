// A terminal of this kernel for a child: test/terminal/pty.c, built once.

import { join } from "node:path";
import { demand } from "./child.js";
import { cacheDirectory, once, ROOT } from "./place.js";

/** The path of the program that runs its arguments, of which the first is a path, on a terminal of 24 rows and 80 columns. */
export const pty: () => Promise<string> = once(async () => {
  const path = join(cacheDirectory("programs"), "pty");
  await demand(["cc", "-std=gnu11", "-O1", "-o", path, join(ROOT, "test", "terminal", "pty.c"), "-lutil"], {
    limit: 60_000,
  });
  return path;
});
