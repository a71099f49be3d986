// What surrounds a differential program: where its peers are, and what it may reach. In a file of its own since a page needs it too.

import type { Peers } from "../peers.js";

/** The environment variables that tell a program where the peers are. */
export function peersEnvironment(peers: Peers): Record<string, string> {
  const environment: Record<string, string> = {
    HAWSER_PEER_ECHO: `${peers.echo}`,
    HAWSER_PEER_SILENT: `${peers.silent}`,
    HAWSER_PEER_LATE: `${peers.late}`,
    HAWSER_PEER_RESET: `${peers.reset}`,
    HAWSER_PEER_FIN: `${peers.fin}`,
    HAWSER_PEER_REFUSED: `${peers.refused}`,
    HAWSER_PEER_UDP_ECHO: `${peers.udpEcho}`,
    HAWSER_PEER_UDP_REFUSED: `${peers.udpRefused}`,
    HAWSER_PEER_UNIX: peers.unix,
    HAWSER_PEER_LATE_UNIX: `${peers.lateUnix}`,
  };
  if (peers.echo6 !== null) environment.HAWSER_PEER_ECHO6 = `${peers.echo6}`;
  if (peers.files !== null) environment.HAWSER_PEER_FILES = peers.files;
  return environment;
}

/** What the programs may reach, at a bridge too: this machine, whatever the rules of a network of networks would say. */
export const ALLOW: readonly string[] = [
  "tcp://0.0.0.0/0:*",
  "tcp://[::/0]:*",
  "udp://0.0.0.0/0:*",
  "udp://[::/0]:*",
  "unix:*",
  "listen:tcp://0.0.0.0/0:*",
  "listen:tcp://[::/0]:*",
  "listen:udp://0.0.0.0/0:*",
  "listen:udp://[::/0]:*",
  "listen:unix:*",
];
