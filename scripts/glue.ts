// Builds dist/sysroot: `node scripts/run-ts.mjs scripts/glue.ts`.

import { buildGlue } from "../host/node/glue.js";

await buildGlue(process.cwd());
// Node 20's teardown of many node:wasi instances crashes now and then: this leaves it out.
(process as unknown as { reallyExit(code: number): never }).reallyExit(0);
