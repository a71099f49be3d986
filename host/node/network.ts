// The network of this machine: TCP, UDP and AF_UNIX streams through Node, names through dns.

import type { Network } from "../network.js";
import { bindings } from "./raw/bindings.js";
import { rawNetwork } from "./raw/network.js";

/**
 * A network that reaches what this process can reach. Wrap it in policy() or give it to run() with `allow`, which does.
 *
 * @throws Error where the host gives no raw handles (Node's permission model, other runtimes).
 */
export function nodeNetwork(): Network {
  if (bindings === null) {
    throw new Error(
      "this process gives no raw socket handles (process.binding), which the node network is made of: " +
        "run it on Node 20 or later without the permission model, or use loopbackNetwork()",
    );
  }
  return rawNetwork(bindings);
}
