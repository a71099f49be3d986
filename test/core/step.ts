// A script is steps: the guest's calls and what happens.

/** One step of a script: numbers that each kind of step reads as it needs them. */
export interface Step {
  readonly op: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** How the network behaves meanwhile. */
  readonly net: number;
}

/** The steps that are not the guest's. */
export const HOST_STEPS = new Set([
  "connected",
  "failed",
  "data",
  "end",
  "sent",
  "datagram",
  "error",
  "incoming",
  "closed",
  "signal",
  "time",
]);
