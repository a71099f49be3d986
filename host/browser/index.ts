// hawser in a browser's page or worker.

import { attachOn } from "../attach.js";
import type { Attachment, AttachOptions } from "../attach.js";
import type { Exit, Guest, WasiProvider } from "../options.js";
import { startOn } from "../start.js";
import type { Program, RunOptions } from "./options.js";
import { pagePlatform } from "./platform.js";
import { loadProgram } from "./program.js";

export { Directory, File } from "@bjorn3/browser_wasi_shim";
export type { Address, InternetAddress, UnixAddress } from "../address.js";
export type { Attachment, AttachOptions } from "../attach.js";
export type { BridgeState } from "../bridge/client/connection.js";
export { type BridgeNetworkOptions, bridgeNetwork } from "../bridge/client/network.js";
export { BridgeError } from "../bridge/client/start.js";
export type { CertificateHash, WebTransportConstructor, WebTransportLike } from "../bridge/webtransport.js";
export {
  type LoopbackNetwork,
  type LoopbackOptions,
  loopbackNetwork,
  type Route,
  type RouteTable,
} from "../loopback.js";
export type * from "../network.js";
export type {
  AuditEvent,
  CommonOptions,
  Disposable,
  Engine,
  Exit,
  Guest,
  Input,
  Output,
  Start,
  TerminalDevice,
  Unsubscribe,
  WasiFromModule,
  WasiProvider,
  WasiSetup,
} from "../options.js";
export { POLICY_HELP, PolicyError, policy } from "../policy.js";
export { wasiProvider } from "../wasi.js";
export { directory, type Files, type FileTree, tree } from "./files.js";
export type { Program, RunOptions } from "./options.js";

/**
 * Starts a guest: a command module compiled by `hawser cc` (or any wasm32-wasip1 module that exports `_start` and `memory`).
 *
 * @param program - a WebAssembly.Module, its bytes, a Response that holds it, or its URL.
 * @throws ModuleError for what is no WebAssembly module, ImportError for an import that nobody provides, PolicyError for a
 * rule that cannot be read; Error for a URL that gives nothing, and for an engine that this page lacks, with what to do.
 */
export async function start(program: Program, options: RunOptions = {}): Promise<Guest> {
  const { source, name } = await loadProgram(program);
  return startOn(pagePlatform(options), source, { ...(name === undefined ? {} : { name }), ...options });
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
  return attachOn(pagePlatform({}), wasi, options);
}
