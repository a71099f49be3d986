// The entry of a guest's worker in a page, without a trace.

import { serveWorker } from "./worker-main.js";

await serveWorker();
