// The workloads: what bench/client.c does in each mode, how much of it, and how its result is read.

/** How much work one run does: operations, or bytes for the streams. */
export interface Amount {
  /** The C program, native or as WebAssembly. */
  readonly c: number;
  /** The shim, which is slower by one or two orders of magnitude. Absent where it has no such operation. */
  readonly shim?: number;
}

/** One mode of the client. */
export interface Workload {
  /** The client's MODE argument, and the name in the report. */
  readonly name: string;
  readonly title: string;
  /** time: a ratio of times, lower is better. throughput: a ratio of rates, higher is better. */
  readonly kind: "time" | "throughput";
  /** Client and server share one core, so that a wake-up costs a switch and not an idle core's wake. */
  readonly pinned: boolean;
  /** What one of `count` is. */
  readonly unit: "round trip" | "connection" | "poll" | "byte";
  /** Runs whose sum is one measurement (default 1; with --quick always 1); more where connections differ much. */
  readonly runs?: number;
  readonly full: Amount;
  readonly quick: Amount;
}

const MIB = 1024 * 1024;

/** All of them, in the order of the report. */
export const workloads: readonly Workload[] = [
  {
    name: "pingpong",
    title: "64 bytes to an echo server and back",
    kind: "time",
    pinned: true,
    unit: "round trip",
    full: { c: 30_000, shim: 3_000 },
    quick: { c: 3_000, shim: 300 },
  },
  {
    name: "connect",
    title: "connect and close",
    kind: "time",
    pinned: true,
    unit: "connection",
    full: { c: 8_000, shim: 600 },
    quick: { c: 800, shim: 60 },
  },
  {
    name: "stream64",
    title: "recv of 64 bytes each from a flood",
    kind: "throughput",
    pinned: false,
    unit: "byte",
    full: { c: 48 * MIB, shim: MIB / 4 },
    quick: { c: 8 * MIB, shim: MIB / 32 },
  },
  {
    name: "bulkrecv",
    title: "recv into 64 KiB from a flood",
    kind: "throughput",
    pinned: false,
    unit: "byte",
    runs: 3,
    full: { c: 1536 * MIB, shim: 256 * MIB },
    quick: { c: 128 * MIB, shim: 16 * MIB },
  },
  {
    name: "bulksend",
    title: "send from 64 KiB, then one byte's acknowledgement",
    kind: "throughput",
    pinned: false,
    unit: "byte",
    runs: 3,
    full: { c: 1024 * MIB, shim: 128 * MIB },
    quick: { c: 128 * MIB, shim: 16 * MIB },
  },
  {
    name: "send64",
    title: "send of 64 bytes each, then one byte's acknowledgement",
    kind: "throughput",
    pinned: false,
    unit: "byte",
    full: { c: 48 * MIB, shim: MIB / 4 },
    quick: { c: 4 * MIB, shim: MIB / 32 },
  },
  {
    name: "send64more",
    title: "the same with MSG_MORE on all but the last",
    kind: "throughput",
    pinned: false,
    unit: "byte",
    full: { c: 48 * MIB },
    quick: { c: 4 * MIB },
  },
  {
    name: "poll",
    title: "poll 512 sockets, one of which has 64 bytes on their way back",
    kind: "time",
    pinned: true,
    unit: "round trip",
    full: { c: 5_000, shim: 1_000 },
    quick: { c: 500, shim: 100 },
  },
  {
    name: "idlepoll",
    title: "poll 512 silent sockets with a timeout of 0",
    kind: "time",
    pinned: false,
    unit: "poll",
    full: { c: 15_000, shim: 1_000 },
    quick: { c: 1_500, shim: 100 },
  },
];
