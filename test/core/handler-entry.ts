// A JavaScript function as a guest's signal handler entry, which has to be a function of a wasm module.

const MODULE = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // (type (func (param i32))), (import "h" "s" (func (type 0))), (export "__hawser_signal" (func 0))
  ...[1, 5, 1, 0x60, 1, 0x7f, 0],
  ...[2, 7, 1, 1, 0x68, 1, 0x73, 0, 0],
  ...[7, 0x13, 1, 0x0f, ...new TextEncoder().encode("__hawser_signal"), 0, 0],
]);

/** The export to give to joinGuest(). */
export async function handlerEntry(call: (signal: number) => void): Promise<WebAssembly.ExportValue> {
  const { instance } = await WebAssembly.instantiate(MODULE, { h: { s: call } });
  return instance.exports["__hawser_signal"]!;
}
