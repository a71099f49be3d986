// Which random scripts property tests play, and how many. HAWSER_SEED: a seed, or what a failure prints as seed and path with a
// colon between, which plays that one again. HAWSER_RUNS: how many of the longest test; the others follow it.

const [seed = "20261123", ...path] = (process.env["HAWSER_SEED"] ?? "20261123").split(":");

/** How many scripts the longest property test plays. */
export const RUNS = Number(process.env["HAWSER_RUNS"] ?? 60000);

/** What fast-check is told. */
export const replay: { readonly seed: number; readonly path?: string } = {
  seed: Number(seed),
  ...(path.length > 0 ? { path: path.join(":") } : {}),
};
