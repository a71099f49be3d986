// mbedtls: TLS.

import { strict as assert } from "node:assert";
import { availableParallelism } from "node:os";
import { type Port, tools } from "../port.js";

/** Where what is installed is, in the source directory. */
export const INSTALLED = "installed";

/** mbedtls' libraries and headers, for other ports. */
export const mbedtls: Port = {
  name: "mbedtls",
  source: "mbedtls",
  programs: { "mbedtls-selftest": "programs/test/selftest" },
  keeps: [INSTALLED],
  steps: ({ compiler }) => {
    const variables = [...tools(compiler, "-O2"), "WARNING_CFLAGS=-w"];
    return [
      ["make", `-j${availableParallelism()}`, "-C", "library", ...variables, "static"],
      ["make", `-j${availableParallelism()}`, "-C", "programs", ...variables, "test/selftest"],
      ["mkdir", "-p", `${INSTALLED}/lib`],
      ["sh", "-c", `cp -R include ${INSTALLED} && cp library/*.a ${INSTALLED}/lib`],
    ];
  },
  cases: [
    {
      name: "mbedtls' test of itself passes: ciphers, digests, big numbers, elliptic curves, entropy",
      limit: 600,
      run: async (runner) => {
        const ended = await runner.finish("mbedtls-selftest", ["-x", "timing"], { allow: [], limit: 200_000 });
        assert.match(`${ended.stdout}`, /All tests PASS/);
        // Its waits and its bytes of chance are others each time.
        const verdicts = `${ended.stdout}`.match(/^.*(?:passed|failed|skipped).*$/gim) ?? [];
        return { status: ended.status, verdicts, stderr: ended.stderr };
      },
    },
  ],
  works: "the library: X.509, TLS 1.2, entropy from /dev/urandom; its test of itself; curl over it",
  lacks: "its test of its clock, which counts the processor's cycles",
  page: "over a bridge",
};
