import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeNetwork } from "../host/node/network.js";
import { unixAddress } from "./network.party.js";
import { networkSuite } from "./network.suite.js";

const network = nodeNetwork();
const directory = mkdtempSync(join(tmpdir(), "hawser-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
let names = 0;

networkSuite("node", () => ({ network, dispose: () => {} }), {
  capabilities: network.capabilities,
  unixName: () => unixAddress(join(directory, `${++names}`)),
});
