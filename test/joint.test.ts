import { test } from "uvu";
import * as assert from "uvu/assert";
import { coreModule, sharedCoreModule } from "../host/core.js";
import { hasJspi } from "../host/engine/jspi.js";
import { LocalGuest } from "../host/engine/local.js";
import { guestImports, interpose } from "../host/link.js";
import { loopbackNetwork } from "../host/loopback.js";
import { sinkFrom, sourceFrom } from "../host/stream.js";
import { Terminals } from "../host/terminals.js";
import { FakeHost } from "./core/fake-host.js";

/** Imports of the core that are the host's: the rest are the WASI provider's, which never wait. */
function hostImports(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.imports(module)
    .filter(({ module: from }) => from === "host")
    .map(({ name }) => name)
    .sort();
}

/** Only a function that is wasm itself can be put into a table. */
function isWasm(value: unknown): boolean {
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 });
  try {
    table.set(0, value);
    return true;
  } catch {
    return false;
  }
}

test("both builds of the core import the same six functions of the host", async () => {
  const wanted = ["arity", "clock", "exit", "request", "terminate", "wait"];
  assert.equal(hostImports(await coreModule()), wanted);
  assert.equal(hostImports(await sharedCoreModule()), wanted);
});

test("wait is the one import that may suspend", async () => {
  if (!hasJspi()) return;
  const jspi = WebAssembly as unknown as { Suspending: new (call: unknown) => object };
  const { Suspending } = jspi;
  let made = 0;
  jspi.Suspending = class extends Suspending {
    constructor(call: unknown) {
      super(call);
      made++;
    }
  };
  try {
    const terminals = new Terminals(sourceFrom("ignore"), [sinkFrom("ignore"), sinkFrom("ignore")]);
    const provider = { imports: {}, start: () => {} };
    const guest = await LocalGuest.create({
      network: loopbackNetwork(),
      terminals,
      provider,
      preopens: {},
      files: 16,
      connectTimeout: Number.POSITIVE_INFINITY,
      linger: 0,
    });
    assert.ok(guest.imports["posix"]);
    guest.abandon();
  } finally {
    jspi.Suspending = Suspending;
  }
  assert.is(made, 1);
});

test("what a guest imports of the core is wasm, with no JavaScript frame between, traced or not", async () => {
  const { core } = await FakeHost.create();
  const provider = { imports: {}, start: () => {} };
  const silent = new Proxy({}, { get: () => () => {} }) as WebAssembly.ModuleImports;
  for (const face of [core, await interpose(core, silent)]) {
    const imports = guestImports(face, provider);
    const calls = [
      ...Object.entries(imports["posix"] ?? {}),
      ...Object.entries(imports["wasi_snapshot_preview1"] ?? {}),
    ];
    assert.ok(calls.length > 60);
    for (const [name, call] of calls) assert.ok(isWasm(call), name);
  }
});

test.run();
