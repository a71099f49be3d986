// What a test of the system test is.

/** One test: it passes if `run` resolves within `limit` seconds. */
export interface Test {
  /** A sentence. */
  readonly name: string;
  /** Seconds. */
  readonly limit: number;
  /** It runs in a browser, some of which now and then fail by themselves: it fails if it does so twice, and the first is told. */
  readonly inBrowser?: boolean;
  run(): Promise<void>;
}
