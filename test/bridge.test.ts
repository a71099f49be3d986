import { bridgeNetwork } from "../host/bridge/client/network.js";
import { Bridge } from "../host/bridge/server/bridge.js";
import { loopbackNetwork } from "../host/loopback.js";
import { networkSuite } from "./network.suite.js";
import { PipeEnd } from "./pipe.js";

const EVERYTHING = [
  "tcp://0.0.0.0/0:*",
  "tcp://[::/0]:*",
  "udp://0.0.0.0/0:*",
  "udp://[::/0]:*",
  "tcp://*:80",
  "unix:*",
  "listen:tcp://0.0.0.0/0:*",
  "listen:tcp://[::/0]:*",
  "listen:udp://0.0.0.0/0:*",
  "listen:udp://[::/0]:*",
  "listen:unix:*",
];

let names = 0;

networkSuite(
  "bridge over loopback",
  () => {
    const bridge = new Bridge({ network: loopbackNetwork(), allow: EVERYTHING });
    const network = bridgeNetwork({
      url: "ws://bridge.test/",
      turn: 5000,
      dial: async () => {
        const [mine, its] = PipeEnd.pair();
        bridge.accept(its, 2, "test");
        return mine;
      },
    });
    const names = { ...network, capabilities: { ...network.capabilities, unixPaths: "names" as const } };
    return { network: names, dispose: () => bridge.drain(0) };
  },
  {
    capabilities: {
      ...loopbackNetwork().capabilities,
      unixDatagrams: false,
      unixSeqpacket: false,
      rights: false,
    },
    ipv6: true,
    unixName: () => ({ family: "unix", path: new TextEncoder().encode(`/name-${++names}`) }),
  },
);
