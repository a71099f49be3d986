// What a guest may reach: wraps any network, and refuses with EACCES whatever no rule allows. Owns the public function and
// the text that explains the rules to a person; the grammar, the classes of addresses and the judging are in policy/.

import type { HostFiles } from "./files.js";
import { canonicalPath } from "./namespace.js";
import type { LentMemory, Network, NetworkEvents, NetworkSession } from "./network.js";
import type { AuditEvent } from "./options.js";
import { RuleSet } from "./policy/ruleset.js";
import { PolicySession } from "./policy/session.js";

export { PolicyError } from "./policy/rule.js";

/** The rules, explained: for --help and the documentation. */
export const POLICY_HELP: string = `Without rules a guest reaches nothing. Each rule opens one thing:

  tcp://example.com:443          connect to that host, at what its name resolves to
  tcp://93.184.215.14:80         an address; [2606:2800::1] in brackets for IPv6
  tcp://10.0.0.0/8:8000-8010     a network and a range of ports; [fd00::/8] for IPv6
  tcp://*:443                    any global address (see below); also resolves any name
  udp://9.9.9.9:53               send datagrams there, and hear from there
  unix:/run/app.sock             connect to that path of the host; unix:@name an abstract name, unix:* any
  listen:tcp://127.0.0.1:8080    listen there; port 0 is one that the system chooses, * any
  listen:udp://*:5353            bind that port and hear from anybody; * is every local address
  listen:unix:/run/guest.sock    bind that path of the host

A * host, and a host's name, reach global unicast addresses only. Loopback, private, link-local, unique local, shared
(100.64.0.0/10), multicast, broadcast, reserved and cloud metadata addresses are reached only through a rule that names
them by address or network, in whatever form they are written (IPv4-mapped, NAT64 and 6to4 included). The one exception
is the name localhost, which always means 127.0.0.1 and ::1. A network such as 0.0.0.0/0 means every address in it.

A name opens the addresses that the guest's own lookups of that name gave, so a name that turns to an inner address opens
nothing. Names that no rule has are not looked up. What is refused is EACCES to the guest.

A guest's AF_UNIX path that lies in a directory it was given leads there, as its files do; any other is the host's own. The
rule must be about the host's path that it leads to, links followed. Links in a rule's own path are followed once, before
the guest starts.`;

/** Puts a network behind rules. `audit` is called for each refusal. Throws PolicyError for text that is not a rule. */
export function policy(network: Network, rules: readonly string[], audit?: (event: AuditEvent) => void): Network {
  const { files } = network;
  // Rules are resolved before a guest runs: what it links afterwards in a directory of its own changes no rule.
  const parsed = new RuleSet(rules, files === undefined ? undefined : resolver(files));
  return {
    name: network.name,
    capabilities: network.capabilities,
    files,
    open(events: NetworkEvents, memory: LentMemory): NetworkSession {
      return new PolicySession(network, parsed, audit ?? (() => {}), events, memory);
    },
  };
}

function resolver(files: HostFiles): (path: Uint8Array, listen: boolean) => Uint8Array {
  return (path, listen) => canonicalPath(files, path, listen);
}
