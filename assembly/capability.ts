// What the network behind this core can do. Owns the answer; the calls that depend on it are socket(2), listen(2), connect(2)
// with AF_UNSPEC and SO_LINGER, each with its own errno.

import { CAPABILITY_ALL } from "./shared/capability";

let capabilities: i32 = CAPABILITY_ALL;

/** Takes the network's capabilities (CAPABILITY_*) from the host, before the guest starts. */
export function kernel_setcapabilities(bits: i32): void {
  capabilities = bits;
}

/** Whether the network has one of them. */
export function isCapable(capability: i32): bool {
  return (capabilities & capability) != 0;
}
