// A network's capabilities as the bits that the core knows (assembly/shared/capability.ts). Owns the translation.

import {
  CAPABILITY_DATAGRAMS,
  CAPABILITY_LISTEN,
  CAPABILITY_RESET,
  CAPABILITY_RIGHTS,
  CAPABILITY_STREAMS,
  CAPABILITY_UNIX_DATAGRAMS,
  CAPABILITY_UNIX_SEQPACKET,
  CAPABILITY_UNIX_STREAMS,
} from "../assembly/shared/capability.js";
import type { Capabilities } from "./network.js";

/** CAPABILITY_* of a network. */
export function capabilityBits(capabilities: Capabilities): number {
  return (
    (capabilities.streams ? CAPABILITY_STREAMS : 0) |
    (capabilities.datagrams ? CAPABILITY_DATAGRAMS : 0) |
    (capabilities.unixStreams ? CAPABILITY_UNIX_STREAMS : 0) |
    (capabilities.unixDatagrams ? CAPABILITY_UNIX_DATAGRAMS : 0) |
    (capabilities.unixSeqpacket ? CAPABILITY_UNIX_SEQPACKET : 0) |
    (capabilities.rights ? CAPABILITY_RIGHTS : 0) |
    (capabilities.listen ? CAPABILITY_LISTEN : 0) |
    (capabilities.reset ? CAPABILITY_RESET : 0)
  );
}
