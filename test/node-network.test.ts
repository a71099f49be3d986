import { nodeNetwork } from "../host/node/network.js";
import { networkSuite } from "./network.suite.js";

const network = nodeNetwork();
networkSuite("node", () => ({ network, dispose: () => {} }), { capabilities: network.capabilities });
