// What the cases of telnet share: a client that has been greeted, and its server.

import type { Child } from "../../test/system/child.js";
import type { Client } from "./client.js";
import { startTelnetServer, type TelnetPeer } from "./telnet-server.js";

/** Of every case that connects. */
export const WARNS: { readonly warns: string } = {
  warns: "SO_OOBINLINE is ENOPROTOOPT: no network of a guest tells urgent data",
};
/** Before a command. */
export const ESCAPE = "\x1d";
/** How long telnet may take to print, in milliseconds. */
export const PATIENCE = 20_000;

/** Starts a server and a client of it, which has been greeted. */
export async function meet(
  { start }: Client,
  args: (port: number) => readonly string[],
): Promise<readonly [Child, TelnetPeer]> {
  const { port, peer } = await startTelnetServer();
  const telnet = await start(args(port));
  const server = await peer;
  await server.say("well met\r\n");
  await telnet.printed("well met", PATIENCE);
  return [telnet, server];
}

/** The arguments for a port. */
export function to(port: number): readonly string[] {
  return ["127.0.0.1", `${port}`];
}
