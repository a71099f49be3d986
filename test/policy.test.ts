// The policy: the grammar of its rules, what they allow and refuse over a whole session, and that no spelling of an inner
// address gets through rules that do not name it.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { suite } from "uvu";
import { EACCES, EADDRINUSE, ECONNREFUSED, ENETUNREACH } from "../assembly/shared/errno.js";
import { AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC, SOCK_DGRAM } from "../assembly/shared/socket.js";
import type { Address } from "../host/address.js";
import { type LoopbackOptions, loopbackNetwork } from "../host/loopback.js";
import type { Network } from "../host/network.js";
import type { AuditEvent } from "../host/options.js";
import { parseRule } from "../host/policy/rule.js";
import { RuleSet } from "../host/policy/ruleset.js";
import { POLICY_HELP, PolicyError, policy } from "../host/policy.js";
import { dismiss, loopback4, Party, portOf, unixAddress } from "./network.party.js";
import { networkSuite } from "./network.suite.js";

const NOTHING = { gave: () => false };

function at(address: string, port = 443): Address {
  return { family: address.includes(":") ? "IPv6" : "IPv4", address, port };
}

function reaches(rules: readonly string[], address: string, port = 443, protocol: "tcp" | "udp" = "tcp"): boolean {
  return new RuleSet(rules).reach("connecting to", protocol, at(address, port), NOTHING) === null;
}

const grammar = suite("policy grammar");

for (const text of [
  "tcp://example.com:443",
  "tcp://EXAMPLE.com.:1-65535",
  "udp://*:*",
  "tcp://127.0.0.1:80",
  "tcp://[::1]:80",
  "tcp://[fd00::/8]:5432",
  "tcp://10.0.0.0/8:8000-8010",
  "tcp://0.0.0.0/0:1",
  "tcp://_service.example.com:1",
  "unix:/run/app.sock",
  "unix:@abstract",
  "unix:*",
  "listen:tcp://127.0.0.1:0",
  "listen:tcp://localhost:80",
  "listen:udp://*:*",
  "listen:unix:/run/app.sock",
]) {
  grammar(`${text} is a rule`, () => assert.equal(parseRule(text).text, text));
}

for (const [text, problem] of [
  ["", "begins with none of"],
  ["example.com:443", "begins with none of"],
  ["TCP://example.com:443", "begins with none of"],
  [" tcp://example.com:443", "begins with none of"],
  ["http://example.com", "begins with none of"],
  ["tcp://example.com", "no port"],
  ["tcp://", "no port"],
  ["tcp://:80", "no host"],
  ["tcp://example.com:", "not a port"],
  ["tcp://example.com:0", "not a port"],
  ["tcp://example.com:65536", "not a port"],
  ["tcp://example.com:99999999999999", "not a port"],
  ["tcp://example.com:-1", "not a port"],
  ["tcp://example.com:80-", "not a port"],
  ["tcp://example.com:90-80", "is empty"],
  ["tcp://example.com:443/", "not a port"],
  ["tcp://exa mple.com:443", "not a host name"],
  ["tcp://-a.example:443", "not a host name"],
  ["tcp://a..b:443", "not a host name"],
  ["tcp://b\u00fccher.example:443", "not a host name"],
  ["tcp://*.example.com:443", "not a host name"],
  ["tcp://user@example.com:443", "not a host name"],
  [`tcp://${"a".repeat(64)}.com:443`, "not a host name"],
  [`tcp://${"a.".repeat(200)}com:443`, "at most 253"],
  [`tcp://${"a".repeat(2000)}:443`, "more than 1024"],
  ["tcp://::1:80", "in brackets"],
  ["tcp://[::1:80", "] is missing"],
  ["tcp://[::1]80", "no port"],
  ["tcp://[::1]", "no port"],
  ["tcp://[127.0.0.1]:80", "not an IPv6 address"],
  ["tcp://[fe80::1%eth0]:80", "zone id"],
  ["tcp://[fe80::1%25eth0]:80", "zone id"],
  ["tcp://[1::2::3]:80", "not an IPv6 address"],
  ["tcp://[fd00::]/8:80", "no port"],
  ["tcp://127.1:80", "not an IPv4 address"],
  ["tcp://0x7f000001:80", "not an IPv4 address"],
  ["tcp://0177.0.0.1:80", "not an IPv4 address"],
  ["tcp://2130706433:80", "not an IPv4 address"],
  ["tcp://256.0.0.1:80", "not an IPv4 address"],
  ["tcp://10.0.0.0/33:80", "not a prefix length"],
  ["tcp://10.0.0.0/:80", "not a prefix length"],
  ["tcp://10.0.0.0/-1:80", "not a prefix length"],
  ["tcp://10.0.0.0/8/8:80", "not a prefix length"],
  ["tcp://10.0.0.1/8:80", "bits set beyond"],
  ["tcp://[fd00::1/8]:80", "bits set beyond"],
  ["tcp://[fd00::/129]:80", "not a prefix length"],
  ["tcp://[::ffff:10.0.0.0/8]:80", "not a prefix length"],
  ["tcp://example.com/8:80", "not an IPv4 address"],
  ["listen:tcp://example.com:80", "not on a name"],
  ["listen:listen:tcp://*:80", "begins with none of"],
  ["unix:", "no path"],
  ["unix:@", "no path"],
  ["unix://run/app.sock", "without //"],
  ["unix:/a\0b", "no NUL"],
  [`unix:@${"a".repeat(108)}`, "at most 107"],
] as const) {
  grammar(`${JSON.stringify(text.slice(0, 40))} is refused: ${problem}`, () => {
    assert.throws(
      () => policy(loopbackNetwork(), [text]),
      (error: unknown) => {
        assert.ok(error instanceof PolicyError);
        assert.equal(error.name, "PolicyError");
        assert.equal(error.value, text);
        assert.match(error.message, new RegExp(problem.replace(/[\]*]/g, "\\$&")));
        // The example in the message is itself a rule.
        parseRule(error.message.replace(/^.*a right one is /s, ""));
        return true;
      },
    );
  });
}

grammar("any text at all is a rule or a PolicyError in printable characters", () => {
  const pieces = fc.constantFrom(
    "tcp://",
    "udp://",
    "listen:",
    "unix:",
    "[",
    "]",
    ":",
    "/",
    "-",
    "*",
    "%",
    "1",
    "::",
    "a.b",
    "\n",
    "0x",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (value) => {
      try {
        parseRule(value);
      } catch (error) {
        assert.ok(error instanceof PolicyError);
        assert.match(error.message, /^[\x20-\x7e]*$/);
      }
    }),
  );
});

grammar("what is not a string is a PolicyError", () => {
  for (const value of [undefined, null, 1, {}]) assert.throws(() => parseRule(value), PolicyError);
});

grammar("every rule in the help text is a rule", () => {
  const rules = POLICY_HELP.split("\n").filter((line) => line.startsWith("  "));
  assert.ok(rules.length >= 9);
  for (const line of rules) parseRule(line.trim().split(" ")[0]);
});

grammar.run();

const decisions = suite("policy decisions");

decisions("no rules reach nothing", () => {
  assert.equal(reaches([], "93.184.215.14"), false);
});

decisions("a literal reaches that address at that port with that protocol only", () => {
  const rules = ["tcp://127.0.0.1:80"];
  assert.equal(reaches(rules, "127.0.0.1", 80), true);
  assert.equal(reaches(rules, "::ffff:127.0.0.1", 80), true);
  assert.equal(reaches(rules, "::ffff:7f00:1", 80), true);
  assert.equal(reaches(rules, "127.0.0.1", 81), false);
  assert.equal(reaches(rules, "127.0.0.2", 80), false);
  assert.equal(reaches(rules, "::1", 80), false);
  assert.equal(reaches(rules, "127.0.0.1", 80, "udp"), false);
});

decisions("a network and a range of ports have edges", () => {
  const rules = ["udp://10.1.0.0/16:8000-8010", "tcp://[fd12::/16]:5432"];
  assert.equal(reaches(rules, "10.1.0.0", 8000, "udp"), true);
  assert.equal(reaches(rules, "10.1.255.255", 8010, "udp"), true);
  assert.equal(reaches(rules, "10.2.0.0", 8000, "udp"), false);
  assert.equal(reaches(rules, "10.1.0.0", 8011, "udp"), false);
  assert.equal(reaches(rules, "10.1.0.0", 7999, "udp"), false);
  assert.equal(reaches(rules, "fd12:ffff::1", 5432), true);
  assert.equal(reaches(rules, "fd13::1", 5432), false);
});

decisions("a mapped rule is about IPv4", () => {
  assert.equal(reaches(["tcp://[::ffff:127.0.0.1]:443"], "127.0.0.1"), true);
  assert.equal(reaches(["tcp://[::ffff:10.0.0.0/104]:443"], "10.9.9.9"), true);
  assert.equal(reaches(["tcp://[::ffff:10.0.0.0/104]:443"], "11.0.0.0"), false);
});

decisions("* reaches global unicast, NAT64 forms of it included", () => {
  for (const address of ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"]) {
    assert.equal(reaches(["tcp://*:443"], address), true, address);
  }
});

decisions("localhost means 127.0.0.1 and ::1 and nothing else", () => {
  const rules = ["tcp://localhost:443"];
  assert.equal(reaches(rules, "127.0.0.1"), true);
  assert.equal(reaches(rules, "::1"), true);
  assert.equal(reaches(rules, "127.0.0.2"), false);
  const lying = { gave: () => true };
  assert.notEqual(new RuleSet(rules).reach("connecting to", "tcp", at("10.0.0.1"), lying), null);
});

decisions("text that is not a canonical address reaches nothing", () => {
  for (const address of ["0177.0.0.1", "0x7f.1", "2130706433", "127.1", "example.com", "", "1::2::3", "010.8.8.8"]) {
    assert.equal(reaches(["tcp://*:443", "tcp://0.0.0.0/0:443", "tcp://[::/0]:443"], address), false, address);
  }
});

// Addresses that must be named, as IPv4 and as IPv6.
const innerFour = fc.oneof(
  fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(0), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.integer({ min: 224, max: 255 }), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.constant([169, 254, 169, 254] as const),
  fc.constant([168, 63, 129, 16] as const),
  fc.constant([192, 0, 0, 192] as const),
  fc.constant([100, 100, 100, 200] as const),
);

const spelled = innerFour.chain(([a, b, c, d]) => {
  const dotted = `${a}.${b}.${c}.${d}`;
  const high = ((a << 8) | b).toString(16);
  const low = ((c << 8) | d).toString(16);
  return fc.constantFrom(
    dotted,
    `::ffff:${dotted}`,
    `::FFFF:${high}:${low}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `::ffff:0:${high}:${low}`,
    `::${high}:${low}`,
    `64:ff9b::${high}:${low}`,
    `64:ff9b::${dotted}`,
    `64:ff9b:1::${high}:${low}`,
    `2002:${high}:${low}::1`,
    `2001:0:${high}:${low}::1`,
    `2606:2800::5efe:${high}:${low}`,
    `2606:2800::200:5efe:${high}:${low}`,
    `::ffff:${dotted}%1`,
  );
});

const part = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const innerSix = fc.oneof(
  fc.constantFrom("::1", "::", "0:0:0:0:0:0:0:1", "fd00:ec2::254", "fd20:ce::254", "fe80::a9fe:a9fe", "::1%lo"),
  fc
    .tuple(fc.constantFrom("fe80", "febf", "fc00", "fdff", "fec0", "ff02", "ff0e", "100"), part, part)
    .map(([head, ...rest]) => {
      return `${head === "100" ? "100:0:0:0" : head}::${rest.join(":")}`;
    }),
);

const innocent = fc.oneof(
  fc.constantFrom("tcp://*:*", "udp://*:*", "tcp://*:443", "listen:tcp://*:*", "listen:udp://*:*", "unix:*"),
  fc.constantFrom("tcp://example.com:*", "udp://db.internal:*", "tcp://metadata.google.internal:*"),
  fc.constantFrom("tcp://8.8.8.8:*", "udp://[2606:2800::/32]:*", "tcp://93.184.0.0/16:*"),
);

decisions("no rules but those that name it reach an inner address, in whatever form it is written", () => {
  const anything = { gave: () => true };
  const ports = fc.integer({ min: 1, max: 65535 });
  const protocols = fc.constantFrom("tcp", "udp");
  fc.assert(
    fc.property(fc.array(innocent), fc.oneof(spelled, innerSix), ports, protocols, (rules, address, port, protocol) => {
      const set = new RuleSet(rules);
      const covered =
        address.startsWith("2606:2800:") && rules.includes("udp://[2606:2800::/32]:*") && protocol === "udp";
      fc.pre(!covered);
      const reason = set.reach("connecting to", protocol as "tcp" | "udp", at(address, port), anything);
      assert.notEqual(reason, null, address);
    }),
    { numRuns: 3000 },
  );
});

decisions("the rule that a refusal suggests is a rule, and opens exactly that", () => {
  fc.assert(
    fc.property(fc.oneof(spelled, innerSix), fc.integer({ min: 1, max: 65535 }), (address, port) => {
      const reason = new RuleSet([]).reach("connecting to", "tcp", at(address, port), NOTHING);
      const suggested = /; allow it with --allow (\S+)$/.exec(reason ?? "")?.[1];
      assert.ok(suggested, String(reason));
      assert.equal(new RuleSet([suggested]).reach("connecting to", "tcp", at(address, port), NOTHING), null);
    }),
  );
});

decisions.run();

interface Rig {
  readonly guest: Party;
  readonly peer: Party;
  readonly audit: AuditEvent[];
  readonly network: Network;
}

const sessions = suite("policy sessions");

function check(
  name: string,
  rules: readonly string[],
  options: LoopbackOptions,
  body: (rig: Rig) => Promise<void>,
): void {
  sessions(name, async () => {
    const network = loopbackNetwork(options);
    const audit: AuditEvent[] = [];
    const guest = new Party(policy(network, rules, (event) => audit.push(event)));
    const peer = new Party(network);
    await body({ guest, peer, audit, network });
    await dismiss(guest, peer);
  });
}

async function connectErrno(guest: Party, address: Address, domain: number = AF_INET): Promise<number> {
  const id = guest.open(domain);
  guest.session.connect(id, address);
  const told = await guest.takeFirst(["connected", "failed"], id);
  await guest.close(id);
  return told.errno;
}

check(
  "a refused connect is EACCES, is told to the audit, and reaches nobody",
  [],
  {},
  async ({ guest, peer, audit }) => {
    const listener = await peer.listener(loopback4(6379));
    assert.equal(await connectErrno(guest, listener.address), EACCES);
    await peer.turn();
    assert.equal(peer.told("incoming", listener.id).length, 0);
    assert.deepEqual(audit, [
      {
        operation: "connect",
        protocol: "tcp",
        target: "127.0.0.1:6379",
        reason:
          "connecting to 127.0.0.1:6379 (a loopback address) is not allowed; allow it with --allow tcp://127.0.0.1:6379",
      },
    ]);
  },
);

check("a refused socket may connect to what is allowed", ["tcp://127.0.0.1:81"], {}, async ({ guest, peer }) => {
  await peer.listener(loopback4(81));
  const id = guest.open();
  guest.session.connect(id, loopback4(80));
  assert.equal((await guest.take("failed", id)).errno, EACCES);
  guest.session.connect(id, loopback4(81));
  await guest.take("connected", id);
});

const WEB: LoopbackOptions = {
  addresses: ["93.184.215.14", "10.0.0.5", "93.184.215.15"],
  hosts: {
    "example.com": "93.184.215.14",
    "inner.example": ["10.0.0.5", "127.0.0.1"],
    "other.example": "93.184.215.15",
  },
};

check(
  "a name opens what its own lookup gave, and not before",
  ["tcp://Example.com:80"],
  WEB,
  async ({ guest, peer, audit }) => {
    await peer.listener(at("93.184.215.14", 80));
    assert.equal(await connectErrno(guest, at("93.184.215.14", 80)), EACCES);
    assert.equal((await guest.resolve("EXAMPLE.COM.", AF_INET)).errno, 0);
    assert.equal(await connectErrno(guest, at("93.184.215.14", 80)), 0);
    assert.equal(await connectErrno(guest, at("::ffff:93.184.215.14", 80), AF_INET6), 0);
    assert.equal(await connectErrno(guest, at("93.184.215.14", 81)), EACCES);
    assert.match(audit.at(-1)?.reason ?? "", /allow it with --allow tcp:\/\/example\.com:81$/);
    assert.equal(await connectErrno(guest, at("93.184.215.15", 80)), EACCES);
  },
);

check(
  "a name that turns to an inner address opens nothing",
  ["tcp://inner.example:*"],
  WEB,
  async ({ guest, peer, audit }) => {
    await peer.listener(at("10.0.0.5", 80));
    const told = await guest.resolve("inner.example", AF_UNSPEC);
    assert.equal(told.addresses.length, 2);
    assert.equal(await connectErrno(guest, at("10.0.0.5", 80)), EACCES);
    assert.equal(await connectErrno(guest, at("127.0.0.1", 80)), EACCES);
    assert.match(audit[0]?.reason ?? "", /inner\.example, a private address.*--allow tcp:\/\/10\.0\.0\.5:80$/);
  },
);

check(
  "a name and its inner address together do",
  ["tcp://inner.example:80", "tcp://10.0.0.5:80"],
  WEB,
  async ({ guest, peer }) => {
    await peer.listener(at("10.0.0.5", 80));
    await guest.resolve("inner.example", AF_UNSPEC);
    assert.equal(await connectErrno(guest, at("10.0.0.5", 80)), 0);
  },
);

check("names that no rule has are not looked up", ["tcp://example.com:80"], WEB, async ({ guest, audit }) => {
  assert.equal((await guest.resolve("other.example", AF_UNSPEC)).errno, EACCES);
  assert.equal((await guest.resolve("secret.localhost", AF_UNSPEC)).errno, EACCES);
  assert.equal((await guest.resolve("::1%secret.example", AF_UNSPEC)).errno, EACCES);
  assert.equal((await guest.resolve("a\nb", AF_UNSPEC)).errno, EACCES);
  assert.equal(audit.length, 4);
  assert.equal(audit[0]?.operation, "resolve");
  assert.equal(audit[0]?.target, "other.example");
  assert.match(audit[0]?.reason ?? "", /--allow tcp:\/\/other\.example:443$/);
  assert.equal(audit[3]?.target, "a\\u{a}b");
  for (const event of audit) assert.match(event.reason, /^[\x20-\x7e]*$/);
});

check("numbers and localhost are looked up without a rule, and open nothing", [], WEB, async ({ guest, audit }) => {
  assert.equal((await guest.resolve("10.0.0.5", AF_UNSPEC)).errno, 0);
  assert.equal((await guest.resolve("localhost", AF_INET)).errno, 0);
  assert.equal(audit.length, 0);
  assert.equal(await connectErrno(guest, at("10.0.0.5", 80)), EACCES);
});

check("a * host looks up any name and reaches no inner address", ["tcp://*:80"], WEB, async ({ guest, peer }) => {
  await peer.listener(at("93.184.215.15", 80));
  assert.equal((await guest.resolve("inner.example", AF_UNSPEC)).errno, 0);
  assert.equal(await connectErrno(guest, at("10.0.0.5", 80)), EACCES);
  assert.equal(await connectErrno(guest, at("93.184.215.15", 80)), 0);
  assert.equal(await connectErrno(guest, at("8.8.8.8", 80)), ENETUNREACH);
});

check(
  "the name of an address is told only where a rule reaches it",
  ["tcp://10.0.0.5:80"],
  WEB,
  async ({ guest, audit }) => {
    guest.session.reverse(900, at("10.0.0.5", 0));
    assert.equal((await guest.take("named", 900)).name, "inner.example");
    guest.session.reverse(901, at("93.184.215.14", 0));
    assert.equal((await guest.take("named", 901)).errno, EACCES);
    assert.equal(audit.length, 1);
  },
);

check("bind() of a stream is free, listen() is judged", ["tcp://127.0.0.1:80"], {}, async ({ guest, peer, audit }) => {
  await peer.listener(loopback4(80));
  const id = guest.open();
  await guest.bind(id, loopback4(5000));
  guest.session.listen(id, 1);
  assert.equal((await guest.take("listening", id)).errno, EACCES);
  assert.equal(audit[0]?.operation, "listen");
  assert.match(audit[0]?.reason ?? "", /--allow listen:tcp:\/\/127\.0\.0\.1:5000$/);
  guest.session.connect(id, loopback4(80));
  assert.equal(portOf((await guest.take("connected", id)).local), 5000);
  const unbound = guest.open();
  guest.session.listen(unbound, 1);
  assert.equal((await guest.take("listening", unbound)).errno, EACCES);
  assert.equal(audit[1]?.target, "0.0.0.0:0");
});

check(
  "a listen rule opens its address, port 0 one that the system chooses",
  ["listen:tcp://127.0.0.1:0"],
  {},
  async ({ guest, peer }) => {
    const listener = await guest.listener(loopback4());
    assert.equal(await connectErrno(peer, listener.address), 0);
    const wildcard = guest.open();
    await guest.bind(wildcard, at("0.0.0.0", 0));
    guest.session.listen(wildcard, 1);
    assert.equal((await guest.take("listening", wildcard)).errno, EACCES);
  },
);

check(
  "a connection that fails does not make a wildcard socket a local one",
  ["tcp://127.0.0.1:1", "listen:tcp://127.0.0.1:*"],
  {},
  async ({ guest, peer }) => {
    const id = guest.open();
    await guest.bind(id, at("0.0.0.0", 5000));
    guest.session.connect(id, loopback4(1));
    assert.equal((await guest.take("failed", id)).errno, ECONNREFUSED);
    guest.session.listen(id, 1);
    assert.equal((await guest.take("listening", id)).errno, EACCES);
    // Nor does a bind() that fails: listen() would take the wildcard address.
    const unlucky = guest.open();
    await peer.listener(loopback4(5001));
    guest.session.bind(unlucky, loopback4(5001));
    assert.equal((await guest.take("bound", unlucky)).errno, EADDRINUSE);
    guest.session.listen(unlucky, 1);
    assert.equal((await guest.take("listening", unlucky)).errno, EACCES);
  },
);

check(
  "datagrams go where a rule allows, and answers come back",
  ["udp://127.0.0.1:53"],
  {},
  async ({ guest, peer, audit }) => {
    const server = await peer.datagramSocket(loopback4(53));
    const stranger = await peer.datagramSocket(loopback4(54));
    const id = guest.open(AF_INET, SOCK_DGRAM);
    await guest.bind(id, loopback4());
    assert.equal(await guest.sendTo(id, "question", server.address), 0);
    const { from } = await peer.datagram(server.id);
    assert.equal(await peer.sendTo(stranger.id, "unasked", from), 0);
    assert.equal(await peer.sendTo(server.id, "answer", from), 0);
    assert.equal((await guest.datagram(id)).text, "answer");
    await guest.turn();
    assert.equal(guest.told("datagram", id).length, 0);
    assert.equal(await guest.sendTo(id, "x", stranger.address), EACCES);
    assert.equal(audit.length, 1);
    assert.equal(audit[0]?.operation, "sendto");
    guest.session.connect(id, stranger.address);
    assert.equal((await guest.take("failed", id)).errno, EACCES);
  },
);

check(
  "a datagram port is bound by rule, and then hears from anybody",
  ["listen:udp://127.0.0.1:5353"],
  {},
  async ({ guest, peer, audit }) => {
    const refused = guest.open(AF_INET, SOCK_DGRAM);
    guest.session.bind(refused, loopback4(5354));
    assert.equal((await guest.take("bound", refused)).errno, EACCES);
    assert.match(audit[0]?.reason ?? "", /--allow listen:udp:\/\/127\.0\.0\.1:5354$/);
    const { id, address } = await guest.datagramSocket(loopback4(5353));
    const stranger = await peer.datagramSocket(loopback4());
    assert.equal(await peer.sendTo(stranger.id, "hello", address), 0);
    assert.equal((await guest.datagram(id)).text, "hello");
    assert.equal(await guest.sendTo(id, "x", stranger.address), EACCES);
  },
);

check(
  "a group is joined by rule",
  ["listen:udp://224.0.0.251:5353", "listen:udp://0.0.0.0:*"],
  {},
  async ({ guest, audit }) => {
    const { id } = await guest.datagramSocket(at("0.0.0.0", 5353));
    guest.session.setMembership(id, true, at("224.0.0.251", 0), null);
    assert.equal((await guest.take("option", id)).errno, 0);
    guest.session.setMembership(id, true, at("224.0.0.252", 0), null);
    assert.equal((await guest.take("option", id)).errno, EACCES);
    assert.equal(audit.length, 1);
  },
);

check(
  "AF_UNIX names are opened one by one",
  ["unix:/run/db", "unix:@bus", "listen:unix:/run/mine"],
  {},
  async ({ guest, peer, audit }) => {
    for (const path of ["/run/db", "\0bus", "/run/other"]) await peer.listener(unixAddress(path), AF_UNIX);
    assert.equal(await connectErrno(guest, unixAddress("/run/db"), AF_UNIX), 0);
    assert.equal(await connectErrno(guest, unixAddress("\0bus"), AF_UNIX), 0);
    assert.equal(await connectErrno(guest, unixAddress("/run/other"), AF_UNIX), EACCES);
    assert.match(audit[0]?.reason ?? "", /--allow unix:\/run\/other$/);
    await guest.listener(unixAddress("/run/mine"), AF_UNIX);
    const id = guest.open(AF_UNIX);
    guest.session.bind(id, unixAddress("/run/theirs"));
    assert.equal((await guest.take("bound", id)).errno, EACCES);
    assert.match(audit[1]?.reason ?? "", /--allow listen:unix:\/run\/theirs$/);
  },
);

check("one guest's lookups open nothing to another", ["tcp://example.com:80"], WEB, async ({ guest, network }) => {
  const shared = policy(network, ["tcp://example.com:80"]);
  const other = new Party(shared);
  await guest.resolve("example.com", AF_INET);
  assert.equal(await connectErrno(guest, at("93.184.215.14", 80)), ECONNREFUSED);
  assert.equal(await connectErrno(other, at("93.184.215.14", 80)), EACCES);
  await delay(0);
  await dismiss(other);
});

sessions.run();

let names = 0;

networkSuite(
  "policy over loopback",
  () => {
    const rules = ["tcp://127.0.0.1:*", "udp://127.0.0.1:*", "tcp://[::1]:*", "udp://[::1]:*", "tcp://*:80", "unix:*"];
    const listening = ["listen:tcp://*:*", "listen:udp://*:*", "listen:unix:*"];
    return { network: policy(loopbackNetwork(), [...rules, ...listening]), dispose() {} };
  },
  {
    capabilities: {
      streams: true,
      datagrams: true,
      unixStreams: true,
      unixDatagrams: true,
      unixSeqpacket: true,
      rights: true,
      listen: true,
      reset: true,
      unixPaths: "names",
    },
    ipv6: true,
    unixName: () => unixAddress(`/run/policy-${++names}.sock`),
  },
);
