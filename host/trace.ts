// The trace: a line like strace(1)'s for each call of a guest. Owns the functions that the interposer
// (scripts/interposer.mjs) calls after the core's have returned, so that nothing of this is on the way of a call that is not
// traced. The words are in trace/.

import { Call, type Shape, type Shapes, type Value } from "./trace/call.js";
import { failureText } from "./trace/error.js";
import { FILE_CALLS } from "./trace/file-calls.js";
import { GuestView } from "./trace/guest-view.js";
import { PROCESS_CALLS } from "./trace/process-calls.js";
import { SOCKET_CALLS } from "./trace/socket-calls.js";

const POSIX: Shapes = { ...SOCKET_CALLS, ...PROCESS_CALLS };
/** Calls that do not return. */
const ENDING: ReadonlySet<string> = new Set(["proc_exit"]);

/** The interposer's module "trace": a function for each call, which gives `line` its text. `memory` is the guest's. */
export function traceImports(
  memory: () => WebAssembly.Memory | null,
  line: (text: string) => void,
): WebAssembly.ModuleImports {
  const view = new GuestView(memory);
  const imports: Record<string, (...values: Value[]) => void> = {};
  for (const [name, shape] of Object.entries(POSIX)) {
    imports[name] = (...values) => line(callText(name, shape, new Call(view, values), posixResult));
  }
  for (const [name, shape] of Object.entries(FILE_CALLS)) {
    const result = ENDING.has(name) ? () => "?" : wasiResult;
    imports[name] = (...values) => line(callText(name, shape, new Call(view, values), result));
  }
  return imports;
}

function callText(name: string, shape: Shape, call: Call, result: (shape: Shape, call: Call) => string): string {
  const { shown = name } = shape;
  return `${typeof shown === "string" ? shown : shown(call)}(${shape.args(call).join(", ")}) = ${result(shape, call)}`;
}

/** Module "posix": the result, or -errno. */
function posixResult(shape: Shape, call: Call): string {
  if (call.result < 0) return failureText(-call.result);
  return shape.gave?.(call) ?? String(call.result);
}

/** Preview1: an errno; what the call gave is in memory. */
function wasiResult(shape: Shape, call: Call): string {
  if (call.result !== 0) return failureText(call.result);
  return shape.gave?.(call) ?? "0";
}
