// The entry of a guest's worker in a page that can trace: the one for callers that load it from a URL of theirs.

import { traceImports } from "../trace.js";
import { serveWorker } from "./worker-main.js";

await serveWorker(traceImports);
