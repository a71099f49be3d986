// The engines that this host has: what runs guests runs on each of them.

import { hasJspi } from "../host/engine/jspi.js";
import type { Engine } from "../host/options.js";

/** Engines to test on. */
export const ENGINES: readonly Engine[] = hasJspi() ? ["jspi", "worker"] : ["worker"];
