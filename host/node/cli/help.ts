// The texts of --help beside what commander writes of the options.

import { POLICY_HELP } from "../../policy.js";

/** Under the list of commands. */
export const MAIN_HELP: string = `
From C source to a running program:

  hawser cc client.c -o client.wasm
  hawser run --allow tcp://example.com:80 client.wasm example.com 80

\`hawser run --help\` explains the rules of --allow.`;

/** Under the options of run. */
export const RUN_HELP: string = `
Everything after the program's name is the program's own. An example: a Redis client that reaches one server and reads
the files of one directory:

  hawser run --allow tcp://127.0.0.1:6379 --dir ./data:/data redis-cli.wasm -h 127.0.0.1 ping

Rules (--allow, any number of times)

${POLICY_HELP.replace(/^(?=.)/gm, "  ")}

Signals
  SIGINT (Ctrl-C), SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 go to the program, which may catch or ignore them; a second SIGINT,
  SIGTERM or SIGHUP within two seconds kills it. A program under the jspi engine sees them when it next waits: one that only
  computes is ended by Ctrl-\\ (SIGQUIT).

Exit status
  the program's own      where it ended by itself
  128 + signal           where a signal ended it: 130 SIGINT, 134 abort(), 137 SIGKILL, 139 bad memory access, 141 SIGPIPE
  2                      the command line is wrong: options, rules
  125                    hawser itself failed: an engine that is not there, a fault
  126                    the program cannot run: not WebAssembly, or it imports what nobody provides
  127                    there is no such file`;

/** Under the options of bridge. */
export const BRIDGE_HELP: string = `
A page then runs a program whose sockets are opened here:

  hawser bridge --listen 127.0.0.1:6001 --allow tcp://127.0.0.1:6379 --origin https://example.com
  hawser run --bridge ws://127.0.0.1:6001/ --allow tcp://127.0.0.1:6379 redis-cli.wasm ping

Over WebTransport as well, with a certificate of its own making (on Linux on x64, where there is a QUIC library):

  hawser bridge --webtransport 127.0.0.1:6001 --self-signed --allow tcp://127.0.0.1:6379 --origin http://localhost:8000

Clients speak Wisp (version 1 or 2) or hawser's extension of it (docs/bridge-protocol.md). docs/bridge.md is the guide: TLS, tokens,
settings, counters, log. The log goes to standard error, a line of JSON each.

Settings of --config have the options' names: { "listen": "0.0.0.0:6001", "allow": ["tcp://db.example:5432"], "origins":
["https://example.com"], "tokens": [{ "token": "…", "subject": "alice", "allow": ["tcp://10.0.0.7:22"] }], "jwt": {
"secret": "…", "issuer": "…", "audience": "…" }, "tls": { "cert": "…", "key": "…" }, "dials": 200, … }. A token's own
rules, and those of a JSON Web Token's claim "allow", are in place of the bridge's.

The end
  SIGINT and SIGTERM let nobody in any more and open no socket; streams that are open go on until they end, or for as long as
  --drain says. A second signal ends it at once.

Exit status
  0                      after SIGTERM
  130                    after SIGINT, or a second SIGINT
  143                    after a second SIGTERM
  2                      the command line or the file of --config is wrong
  125                    it cannot listen there, or hawser itself failed

Rules (--allow, any number of times)

${POLICY_HELP.replace(/^(?=.)/gm, "  ")}`;
