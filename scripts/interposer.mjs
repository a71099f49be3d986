// Builds the trace interposer: a module that exports every function that guests can import from the core, under its name and
// with its signature. Each calls the core's function, then ("trace", name) with the same arguments and the result. No
// JavaScript stands between guest and core while the call is under way, so it may suspend. What never returns
// (no result: proc_exit) is told before it is called.

import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

/** What the sysroot asks for itself and no program calls. */
const UNTOLD = new Set(["parameters"]);

/** Name, parameters and results of the functions of a built core that guests can import. */
function guestFunctions(path) {
  const core = binaryen.readBinary(readFileSync(path));
  const functions = [];
  for (let i = 0; i < core.getNumExports(); i++) {
    const { kind, name, value } = binaryen.getExportInfo(core.getExportByIndex(i));
    if (kind !== binaryen.ExternalFunction || name.startsWith("kernel_") || UNTOLD.has(name)) continue;
    const { params, results } = binaryen.getFunctionInfo(core.getFunction(value));
    functions.push({ name, params, results });
  }
  core.dispose();
  return functions.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addInterposed(module, { name, params, results }) {
  const types = binaryen.expandType(params);
  const args = () => types.map((type, i) => module.local.get(i, type));
  module.addFunctionImport(`core ${name}`, "core", name, params, results);
  const told = results === binaryen.none ? types : [...types, results];
  module.addFunctionImport(`trace ${name}`, "trace", name, binaryen.createType(told), binaryen.none);
  const call = module.call(`core ${name}`, args(), results);
  if (results === binaryen.none) {
    const tell = module.call(`trace ${name}`, args(), binaryen.none);
    module.addFunction(name, params, results, [], module.block(null, [tell, call]));
  } else {
    const result = types.length;
    const tell = module.call(`trace ${name}`, [...args(), module.local.get(result, results)], binaryen.none);
    const body = [module.local.set(result, call), tell, module.local.get(result, results)];
    module.addFunction(name, params, results, [results], module.block(null, body, results));
  }
  module.addFunctionExport(name, name);
}

/** Writes build/interposer.wasm from build/core.wasm. Throws if the shared core's functions are not the same. */
export async function buildInterposer(core = "build/core.wasm", shared = "build/core.shared.wasm") {
  const functions = guestFunctions(core);
  if (functions.length === 0) throw new Error(`${core} exports no functions for guests`);
  if (JSON.stringify(functions) !== JSON.stringify(guestFunctions(shared))) {
    throw new Error(
      `${core} and ${shared} do not export the same functions for guests: build both from the same source`,
    );
  }
  const module = new binaryen.Module();
  for (const wanted of functions) addInterposed(module, wanted);
  if (!module.validate()) throw new Error("the interposer is not valid WebAssembly");
  writeFileSync("build/interposer.wasm", module.emitBinary());
  module.dispose();
}
