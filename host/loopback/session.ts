// One guest's session with a loopback network: finds the socket that a request names. Owns the ids; each kind of socket
// knows its own requests. A request for an id that is not open has nobody to answer, and is ignored.

import { EAFNOSUPPORT, ECONNABORTED, ENOENT, EPROTONOSUPPORT } from "../../assembly/shared/errno.js";
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from "../../assembly/shared/socket.js";
import type { Address } from "../address.js";
import type { LentMemory, NetworkEvents, NetworkSession } from "../network.js";
import type { Fabric } from "./fabric.js";
import type { Hosts } from "./hosts.js";
import { applyOption } from "./option.js";
import { NOBODY, Socket } from "./socket.js";
import { Tcp } from "./tcp.js";
import { Udp } from "./udp.js";
import { UnixDatagram } from "./unix-datagram.js";
import { UnixRecord } from "./unix-record.js";
import { UnixStream } from "./unix-stream.js";

/** The session. */
export class LoopbackSession implements NetworkSession {
  private readonly fabric: Fabric;
  private readonly hosts: Hosts;
  private readonly owner: { events: NetworkEvents; readonly memory: LentMemory };
  private readonly sockets = new Map<number, Socket>();

  constructor(fabric: Fabric, hosts: Hosts, events: NetworkEvents, memory: LentMemory) {
    this.fabric = fabric;
    this.hosts = hosts;
    this.owner = { events, memory };
  }

  open(id: number, domain: number, type: number, _protocol: number): void {
    this.sockets.set(id, this.newSocket(id, domain, type));
  }

  private newSocket(id: number, domain: number, type: number): Socket {
    const { fabric, owner } = this;
    switch (domain) {
      case AF_INET:
      case AF_INET6:
        if (type === SOCK_STREAM) return new Tcp(fabric, owner, id, domain, type);
        if (type === SOCK_DGRAM) return new Udp(fabric, owner, id, domain, type);
        break;
      case AF_UNIX:
        if (type === SOCK_STREAM) return new UnixStream(fabric, owner, id, domain, type);
        if (type === SOCK_SEQPACKET) return new UnixRecord(fabric, owner, id, domain, type);
        if (type === SOCK_DGRAM) return new UnixDatagram(fabric, owner, id, domain, type);
        break;
      default:
        return new Socket(owner, id, domain, type, fabric.window, EAFNOSUPPORT);
    }
    return new Socket(owner, id, domain, type, fabric.window, EPROTONOSUPPORT);
  }

  bind(id: number, address: Address): void {
    this.sockets.get(id)?.bind(address);
  }

  connect(id: number, address: Address): void {
    this.sockets.get(id)?.connect(address);
  }

  disconnect(id: number): void {
    this.sockets.get(id)?.disconnect();
  }

  abort(id: number): void {
    this.sockets.get(id)?.abort();
  }

  listen(id: number, backlog: number): void {
    this.sockets.get(id)?.listen(backlog);
  }

  adopt(id: number, token: number): void {
    const stream = this.fabric.takeToken(token, this.owner);
    if (stream !== undefined) {
      stream.adopt(this.owner, id);
      this.sockets.set(id, stream);
      return;
    }
    this.sockets.set(id, new Socket(this.owner, id, AF_INET, SOCK_STREAM, this.fabric.window, ECONNABORTED));
    this.fabric.queue.push(() => this.sockets.get(id)?.receive(0, 0));
  }

  receive(id: number, pointer: number, capacity: number): void {
    this.sockets.get(id)?.receive(pointer, capacity);
  }

  send(id: number, pointer: number, length: number): void {
    this.sockets.get(id)?.send(pointer, length);
  }

  attach(id: number, token: number, length: number): void {
    this.sockets.get(id)?.attach(token, length);
  }

  sendto(id: number, pointer: number, length: number, to: Address | null, rights?: number): void {
    this.sockets.get(id)?.sendto(pointer, length, to, rights);
  }

  shutdown(id: number, how: number): void {
    this.sockets.get(id)?.shutdown(how);
  }

  close(id: number, reset: boolean): void {
    const socket = this.sockets.get(id);
    this.sockets.delete(id);
    socket?.close(reset);
  }

  setOption(id: number, level: number, name: number, value: number): void {
    const socket = this.sockets.get(id);
    if (socket !== undefined) this.owner.events.option(id, applyOption(socket, level, name, value));
  }

  setMembership(id: number, join: boolean, group: Address, via: Address | null): void {
    this.sockets.get(id)?.joinGroup(join, group, via);
  }

  resolve(operation: number, name: string, family: number): void {
    const addresses = this.hosts.resolve(name, family);
    const errno = addresses.length === 0 ? ENOENT : 0;
    this.fabric.queue.push(() => this.owner.events.resolved(operation, errno, addresses));
  }

  reverse(operation: number, address: Address): void {
    const name = this.hosts.reverse(address);
    this.fabric.queue.push(() => this.owner.events.named(operation, name === null ? ENOENT : 0, name ?? ""));
  }

  turn(operation: number): void {
    this.fabric.queue.turn(() => this.owner.events.turned(operation));
  }

  dispose(): void {
    this.owner.events = NOBODY.events;
    const sockets = [...this.sockets.values()];
    this.sockets.clear();
    // As after exit(2): what was sent before still arrives, what was unread resets.
    for (const socket of sockets) socket.close(false);
  }
}
