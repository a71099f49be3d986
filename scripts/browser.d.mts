/** Gzip bytes that a page may load for each engine. */
export declare const BUDGET: Readonly<Record<"jspi" | "worker", number>>;
/** Builds dist/browser. */
export declare function buildBrowser(): Promise<void>;
/** Gzip bytes that a page loads for each engine. */
export declare function pageSizes(): Readonly<Record<"jspi" | "worker", number>>;
