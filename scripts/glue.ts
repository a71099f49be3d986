// Builds dist/sysroot: `node scripts/run-ts.mjs scripts/glue.ts`.

import { buildGlue } from "../host/node/glue.js";

await buildGlue(process.cwd());
