// A network namespace for programs that need failing routes: made by the test itself, with addresses of its own that lead
// nowhere else. Needs root and ip(8).

import { execFileSync } from "node:child_process";

/** Shell commands that make the network that the programs are written for; see routes.c. */
const NETWORK = [
  "ip link set lo up",
  "ip link add v0 type veth peer name v1",
  "ip addr add 10.9.1.1/24 brd + dev v0",
  "ip link set v0 up",
  "ip link set v1 up",
  // A neighbour that nobody is: what is sent to it goes, and nothing comes back.
  "ip neigh add 10.9.1.200 lladdr 02:00:00:00:00:c8 dev v0 nud permanent",
  "ip route add 10.9.9.9 via 10.9.1.200",
  "ip route add unreachable 10.5.0.0/16",
  "ip route add blackhole 10.6.0.0/16",
  "ip route add prohibit 10.7.0.0/16",
  "ip route add 224.0.0.0/4 dev v0",
];

/** The same in IPv6. Without duplicate address detection, which would take a second. */
const NETWORK6 = [
  "ip -6 addr add fd09:1::1/64 dev v0 nodad",
  "ip -6 neigh add fd09:1::c8 lladdr 02:00:00:00:00:c8 dev v0 nud permanent",
  "ip -6 route add fd09:9::9 via fd09:1::c8",
  "ip -6 route add unreachable fd05::/16",
  "ip -6 route add blackhole fd06::/16",
  "ip -6 route add prohibit fd07::/16",
];

/** Few enough ports to use up. */
const PORTS = "sysctl -qw net.ipv4.ip_local_port_range='32768 32783'";

/** What a program has beside that, by its name. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  "default-route": ["ip route add default via 10.9.1.200"],
  inet6: NETWORK6,
  "port-sharing": [PORTS],
  ports: [PORTS],
};

const LIMIT = 10_000;
const made = new Set<string>();
let count = 0;

function ip(...words: readonly string[]): void {
  try {
    execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"], timeout: LIMIT });
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new Error(`no network namespace can be made here (it takes root and ip(8)): ${stderr ?? message}`);
  }
}

function remove(name: string): void {
  if (made.delete(name)) ip("netns", "delete", name);
}

/** Removes the namespaces that are still there; for the end of a run that was stopped. */
export function removeNamespaces(): void {
  for (const name of made) remove(name);
}

/** Runs `use` with the words that put a command into a fresh namespace for that program. Throws where there can be none. */
export async function inNamespace<T>(program: string, use: (prefix: readonly string[]) => Promise<T>): Promise<T> {
  const name = `hawser-${process.pid}-${++count}`;
  ip("netns", "add", name);
  made.add(name);
  try {
    ip("netns", "exec", name, "sh", "-ec", [...NETWORK, ...(MORE[program] ?? [])].join("\n"));
    return await use(["ip", "netns", "exec", name]);
  } finally {
    remove(name);
  }
}
