// A WASI provider of the caller's own: the shim, with one more variable.

import { WASI } from "@bjorn3/browser_wasi_shim";

export function createWasi(setup) {
  const wasi = new WASI([...setup.args], [`HAWSER_DATA=${setup.data}`], [undefined, undefined, undefined]);
  return {
    imports: wasi.wasiImport,
    start: (guest) => {
      wasi.inst = guest;
    },
  };
}
