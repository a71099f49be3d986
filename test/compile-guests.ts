// Compiles every C program of the tests in one process, ahead of them: loading the compiler is the slow part.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cc } from "../host/node/cc.js";
import { compileGuest, pathWithoutPackages } from "./guest-programs.js";

process.env["PATH"] = pathWithoutPackages();
let status = 0;
for (const directory of ["test/posix", "test/guests"]) {
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".c"))) {
    await compileGuest(join(directory, file), async (args) => {
      status = await cc(args);
      if (status !== 0) throw new Error(`hawser cc ${args.join(" ")} ended with status ${status}`);
    });
  }
}
