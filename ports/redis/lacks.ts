// What the module's server does otherwise in redis' own tests, and why.

const REPLICA = "a replica needs a snapshot, which a child process makes: there is no fork";
const APPEND = "turning on the append-only file rewrites it, which a child process does: there is no fork";

/** The reasons, by the unit and the name of the test. */
export const LACKS: Readonly<Record<string, string>> = {
  "networking: CONFIG SET bind-source-addr": REPLICA,
  "auth: MASTERAUTH test with binary password": REPLICA,
  "expire: All time-to-live(TTL) in commands are propagated as absolute timestamp in milliseconds in AOF":
    "the suite opens the server's file by the path that the server tells, which is the guest's",
  "expire: SCAN: Lazy-expire should not be wrapped in MULTI/EXEC": REPLICA,
  "expire: RANDOMKEY: Lazy-expire should not be wrapped in MULTI/EXEC": REPLICA,
  "type/list: SWAPDB wants to wake blocked client, but the key already expired": REPLICA,
  "type/list: MULTI + LPUSH + EXPIRE + DEBUG SLEEP on blocked client, key already expired": REPLICA,
  "multi: MULTI with BGREWRITEAOF": APPEND,
  "multi: MULTI with config set appendonly": APPEND,
  "multi: MULTI with FLUSHALL and AOF":
    "the suite opens the server's file by the path that the server tells, which is the guest's",
  "pubsubshard: setup replication for following tests": REPLICA,
};

/** Tests that end the module's server, which others need after them, or that wait for none which starts anew; neither side is asked. */
export const SKIPPED: readonly string[] = [
  "Default bind address configuration handling",
  "SET - use KEEPTTL option, TTL should not be removed after loadaof",
  "GETEX use of PERSIST option should remove TTL after loadaof",
];
