// What the core imports from its host (module "host"). `wait` is the only one that may suspend.

/** Asks the host for something: assembly/shared/request.ts lists what. Never blocks; answers come as events. */
export declare function request(op: i32, id: i32, a: i32, b: i32, c: i32): void;

/**
 * Suspends until an event was written, or `milliseconds` have passed (negative: no limit). May return early. With -2, or
 * -3 and less for -3 - milliseconds, no other thread of the guest goes on meanwhile.
 */
export declare function wait(milliseconds: f64): void;

/** The time of a clock in milliseconds: 0 realtime, 1 monotonic. */
export declare function clock(id: i32): f64;

/** Ends the guest as a signal's default action does. Does not return. */
export declare function terminate(signal: i32): void;

/** Ends the guest with an exit status. Does not return. */
export declare function exit(status: i32): void;

/** How many parameters the guest's function at a table index has; -1 if it is unknown. */
export declare function arity(index: i32): i32;
