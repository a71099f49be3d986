// A WASI provider with files in memory.

import { Directory, File, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";
import { wasiProvider } from "hawser";

export function createWasi({ args }) {
  const content = new Map([
    ["a", new File([1, 2, 3])],
    ["c", new Directory(new Map())],
  ]);
  return wasiProvider(
    new WASI([...args], [], [undefined, undefined, undefined, new PreopenDirectory("/data", content)]),
  );
}
