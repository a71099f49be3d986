// The default WASI provider: @bjorn3/browser_wasi_shim, for arguments, environment, clocks and randomness. Descriptors 0 to 2
// and all sockets are the core's, so the shim has none of its own but its preopened directories.

import { type Fd, WASI } from "@bjorn3/browser_wasi_shim";
import { EINVAL } from "../assembly/shared/errno.js";
import type { WasiProvider, WasiSetup } from "./options.js";

/** A provider over @bjorn3/browser_wasi_shim; `files` become descriptors 3 and on. */
export function shimWasi(setup: WasiSetup, files: readonly Fd[] = []): WasiProvider {
  const env = Object.entries(setup.env).map(([name, value]) => `${name}=${value}`);
  const none = undefined as unknown as Fd;
  const wasi = new WASI([...setup.args], env, [none, none, none, ...files], { debug: false });
  return wasiProvider(wasi);
}

/** A provider from any WASI object of browser_wasi_shim's shape, e.g. one that the caller has made with files of its own. */
export function wasiProvider(wasi: WASI): WasiProvider {
  const imports = Object.entries(wasi.wasiImport).map(([name, call]) => [name, checked(call as Preview1)]);
  return {
    imports: {
      ...(Object.fromEntries(imports) as WasiProvider["imports"]),
      random_get: (pointer: number, length: number): number => {
        fillRandomly(new Uint8Array(wasi.inst.exports.memory.buffer, pointer, length));
        return 0;
      },
    },
    start: (guest) => {
      wasi.inst = guest;
    },
  };
}

type Preview1 = (...args: unknown[]) => unknown;

/** The shim trusts its guest: what it stumbles over is EINVAL. */
function checked(call: Preview1): Preview1 {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      if (error instanceof TypeError || typeof error === "string") return EINVAL;
      throw error;
    }
  };
}

/** Bytes that the host's generator gives at once. */
const QUOTA = 65_536;

/**
 * The host's generator, for shared memory too, which it does not take. The shim has Math.random() for that, which is nothing that keys
 * could be made of, and nothing to say of memory that is not there.
 */
function fillRandomly(bytes: Uint8Array): void {
  const piece = new Uint8Array(Math.min(bytes.length, QUOTA));
  for (let at = 0; at < bytes.length; at += QUOTA) {
    const part = piece.subarray(0, bytes.length - at);
    crypto.getRandomValues(part);
    bytes.set(part, at);
  }
}
