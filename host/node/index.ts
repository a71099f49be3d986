// hawser on Node.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { attachOn } from "../attach.js";
import type { Attachment, AttachOptions } from "../attach.js";
import type { Exit, Guest, RunOptions, WasiProvider } from "../options.js";
import { startOn } from "../start.js";
import { nodePlatform } from "./platform.js";

export type { Address, InternetAddress, Place, UnixAddress } from "../address.js";
export type { BridgeState } from "../bridge/client/connection.js";
export type { BridgeNetworkOptions } from "../bridge/client/network.js";
export { BridgeError } from "../bridge/client/start.js";
export type { Transport, TransportReceiver } from "../bridge/transport.js";
export type { WebSocketConstructor, WebSocketLike } from "../bridge/websocket.js";
export type { CertificateHash, WebTransportConstructor, WebTransportLike } from "../bridge/webtransport.js";
export type { Attachment, AttachOptions } from "../attach.js";
export type * from "../files.js";
export {
  type LoopbackNetwork,
  type LoopbackOptions,
  loopbackNetwork,
  type Route,
  type RouteTable,
} from "../loopback.js";
export type * from "../network.js";
export type * from "../options.js";
export { POLICY_HELP, PolicyError, policy } from "../policy.js";
export { wasiProvider } from "../wasi.js";
export { bridgeNetwork } from "./bridge/client.js";
export { nodeNetwork } from "./network.js";
export { nodeWasi } from "./wasi.js";

/** A guest program: a compiled module, its bytes, or where its file is. */
export type Program = WebAssembly.Module | Uint8Array<ArrayBuffer> | ArrayBuffer | URL | string;

/**
 * Starts a guest: a command module compiled by `hawser cc` (or any wasm32-wasip1 module that exports `_start` and `memory`).
 *
 * @param program - a WebAssembly.Module, its bytes, or a path or file URL.
 * @throws ModuleError for what is no WebAssembly module, ImportError for an import that nobody provides, PolicyError for a
 * rule that cannot be read; Error for an engine that this host lacks.
 */
export async function start(program: Program, options: RunOptions = {}): Promise<Guest> {
  if (program instanceof WebAssembly.Module) return startOn(nodePlatform, program, options);
  if (program instanceof Uint8Array) return startOn(nodePlatform, program, options);
  if (program instanceof ArrayBuffer) return startOn(nodePlatform, new Uint8Array(program), options);
  const path = program instanceof URL ? fileURLToPath(program) : program;
  const bytes = new Uint8Array(await readFile(path));
  return startOn(nodePlatform, bytes, { name: basename(path), ...options });
}

/**
 * Runs a guest to its end.
 *
 * @returns the exit status; 128 + the signal's number where a signal ended it.
 */
export async function run(program: Program, options: RunOptions = {}): Promise<Exit> {
  const guest = await start(program, options);
  return guest.exited;
}

/**
 * Gives sockets to a WASI instance that the caller has made: instantiate the guest with `imports`, then `start` the instance.
 * It runs on this thread, so it needs JSPI.
 *
 * @param wasi - the caller's provider; see wasiProvider() for browser_wasi_shim's.
 */
export function attach(wasi: WasiProvider, options: AttachOptions = {}): Promise<Attachment> {
  return attachOn(nodePlatform, wasi, options);
}
