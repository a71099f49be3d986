// What a test of the system test is.

/** One test: it passes if `run` resolves within `limit` seconds. */
export interface Test {
  /** A sentence. */
  readonly name: string;
  /** Seconds. */
  readonly limit: number;
  run(): Promise<void>;
}
