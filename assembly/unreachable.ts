// Sockets that only messages refer to which nobody can ever read, e.g. both ends of a pair, each sent over the other and then
// closed. Owns the search, which begins at the table of descriptors; what it does not come to is let go of. It is made only
// when an AF_UNIX socket has lost its last descriptor and is in flight itself.

import { descriptionOf, descriptorTop, Description, KIND_SOCKET } from "./description";
import { nextDatagram, rightsOf } from "./datagram-queue";
import { descriptionIn, firstRights, moveRights, releaseRights, Rights } from "./rights";
import { Socket } from "./socket";

/** Bundles that were reached and not yet looked into. */
let found: usize = 0;

function reach(pointer: usize): void {
  const rights = changetype<Rights>(pointer);
  if (rights.reached) return;
  rights.reached = 1;
  rights.search = found;
  found = pointer;
}

function reachFrom(description: Description): void {
  if (description.kind != KIND_SOCKET) return;
  const socket = changetype<Socket>(description.object);
  for (let node = socket.queue; node != 0; node = nextDatagram(node)) {
    if (rightsOf(node) != 0) reach(rightsOf(node));
  }
  for (let rights = socket.stretches; rights != 0; rights = changetype<Rights>(rights).follow) reach(rights);
}

function search(): void {
  for (let pointer = firstRights(); pointer != 0; pointer = changetype<Rights>(pointer).next) {
    changetype<Rights>(pointer).reached = 0;
  }
  for (let fd = 0; fd < descriptorTop(); fd++) {
    const description = descriptionOf(fd);
    if (description !== null) reachFrom(description);
  }
  for (let pointer = firstRights(); pointer != 0; pointer = changetype<Rights>(pointer).next) {
    if (!changetype<Rights>(pointer).held) reach(pointer);
  }
  while (found != 0) {
    const rights = changetype<Rights>(found);
    found = rights.search;
    for (let i = 0; i < rights.count; i++) reachFrom(descriptionIn(rights, i));
  }
}

/** Lets go of every bundle that no descriptor leads to. */
export function collectUnreachable(): void {
  search();
  let pointer = firstRights();
  while (pointer != 0) {
    const rights = changetype<Rights>(pointer);
    pointer = rights.next;
    if (rights.reached || rights.count == 0) continue;
    // The socket that holds it is closed by this, and lets go of the empty bundle.
    const moved = moveRights(rights);
    if (moved == 0) return;
    changetype<Rights>(moved).reached = 1;
    releaseRights(moved);
    pointer = firstRights();
  }
}
