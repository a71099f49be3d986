declare module "*.wasm" {
  const built: Uint8Array<ArrayBuffer> | (() => Promise<ArrayBuffer>);
  export default built;
}
