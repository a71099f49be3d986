// A UDP socket over a raw handle. Owns the handle and how an error of the kernel reaches the socket: at once, or as a pending
// error where ICMP told it later.

import {
  AF_INET6,
  IP_MULTICAST_LOOP,
  IP_MULTICAST_TTL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_MULTICAST_HOPS,
  IPV6_MULTICAST_LOOP,
  IPV6_UNICAST_HOPS,
  IPV6_V6ONLY,
  SO_BROADCAST,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOL_SOCKET,
} from "../../../assembly/shared/socket.js";
import { EADDRNOTAVAIL, EAFNOSUPPORT, EDESTADDRREQ, ENOPROTOOPT } from "../../../assembly/shared/errno.js";
import type { Address, InternetAddress } from "../../address.js";
import type { SocketName, UdpHandle } from "./bindings.js";
import { errnoOf } from "./errno.js";
import { addressOf, sameAddress, textOf } from "./name.js";
import type { SessionParts } from "./stream.js";

/** One datagram socket. */
export class RawDatagram {
  readonly #parts: SessionParts;
  readonly #id: number;
  readonly #six: boolean;
  readonly #handle: UdpHandle;
  /** Options that were set before libuv had made the socket, to be applied then. */
  #waiting: (() => number)[] = [];
  #made = false;
  #bound = false;
  #peer: InternetAddress | null = null;
  #reuse = false;
  #reusePort = false;
  #v6only = false;

  constructor(parts: SessionParts, id: number, domain: number) {
    this.#parts = parts;
    this.#id = id;
    this.#six = domain === AF_INET6;
    this.#handle = parts.bindings.newUdp();
    this.#handle.onmessage = (length, _handle, bytes, from) => this.#onmessage(length, bytes, from);
    this.#handle.onerror = (status) => this.#parts.events.error(this.#id, errnoOf(status));
  }

  #onmessage(length: number, bytes: Uint8Array | undefined, from: SocketName): void {
    const { events } = this.#parts;
    if (length < 0) return events.error(this.#id, errnoOf(length));
    if (bytes !== undefined) events.datagram(this.#id, bytes.subarray(0, length), addressOf(from, this.#six));
    else if (from !== undefined) events.datagram(this.#id, new Uint8Array(0), addressOf(from, this.#six));
  }

  #local(): InternetAddress {
    const name: SocketName = {};
    this.#handle.getsockname(name);
    return addressOf(name, this.#six);
  }

  #startReading(): void {
    if (this.#bound) return;
    this.#bound = true;
    this.#handle.recvStart();
  }

  bind(address: Address): void {
    const { events, bindings } = this.#parts;
    if (address.family === "unix") return events.bound(this.#id, EAFNOSUPPORT, null);
    // The first send's autobind, on a socket that had to be made before: it has its port.
    if (this.#made && address.port === 0 && /^[0.:]+$/.test(address.address)) {
      this.#startReading();
      return events.bound(this.#id, 0, this.#local());
    }
    const flags =
      (this.#reuse ? bindings.REUSE_ADDRESS : 0) |
      (this.#reusePort ? bindings.REUSE_PORT_UDP : 0) |
      (this.#v6only ? bindings.IPV6_ONLY : 0);
    const status = this.#six
      ? this.#handle.bind6(textOf(address), address.port, flags)
      : this.#handle.bind(address.address, address.port, flags);
    if (status < 0) return events.bound(this.#id, errnoOf(status), null);
    this.#applyWaiting();
    this.#startReading();
    events.bound(this.#id, 0, this.#local());
  }

  #applyWaiting(): void {
    this.#made = true;
    for (const apply of this.#waiting) apply();
    this.#waiting = [];
  }

  /** libuv makes the socket with its first bind: 0, or its status if no port is left. */
  #make(): number {
    if (this.#made) return 0;
    const status = this.#six
      ? this.#handle.bind6("::", 0, this.#v6only ? this.#parts.bindings.IPV6_ONLY : 0)
      : this.#handle.bind("0.0.0.0", 0, 0);
    if (status === 0) this.#applyWaiting();
    return status;
  }

  /** Dissolves the association and keeps the local port, which the kernel would let go. */
  #setAside(): number {
    const { port } = this.#local();
    const status = this.#handle.disconnect();
    if (status < 0) return status;
    if (this.#local().port !== 0) return 0;
    return this.#six ? this.#handle.bind6("::", port, 0) : this.#handle.bind("0.0.0.0", port, 0);
  }

  connect(address: Address): void {
    const { events } = this.#parts;
    if (address.family === "unix") return events.failed(this.#id, EAFNOSUPPORT);
    if (this.#make() < 0) return events.failed(this.#id, EADDRNOTAVAIL);
    if (this.#peer !== null) this.#setAside();
    this.#peer = null;
    const status = this.#six
      ? this.#handle.connect6(textOf(address), address.port)
      : this.#handle.connect(address.address, address.port);
    if (status < 0) return events.failed(this.#id, errnoOf(status));
    this.#peer = address;
    this.#startReading();
    const name: SocketName = {};
    this.#handle.getpeername(name);
    events.connected(this.#id, this.#local(), addressOf(name, this.#six));
  }

  disconnect(): void {
    if (this.#peer !== null) this.#handle.disconnect();
    this.#peer = null;
    this.#parts.events.bound(this.#id, 0, this.#local());
  }

  sendto(pointer: number, length: number, to: Address | null): void {
    const { events, bindings, memory } = this.#parts;
    if (to !== null && to.family === "unix") return events.sent(this.#id, EAFNOSUPPORT, 0);
    // libuv refuses an address on a connected handle; where it is the peer's, it is left out.
    const named = to !== null && !(this.#peer !== null && sameAddress(to, this.#peer)) ? to : null;
    if (named === null && this.#peer === null) return events.sent(this.#id, EDESTADDRREQ, 0);
    if (named !== null && this.#peer !== null) return this.#sendAside(pointer, length, named);
    const request = bindings.sendRequest();
    // The memory is lent for this call only: a copy stays good if libuv cannot send at once.
    const bytes = memory.bytes(pointer, length).slice();
    request.oncomplete = (status: number) => {
      if (status < 0) events.sent(this.#id, errnoOf(status), 0);
      else events.sent(this.#id, 0, length);
    };
    const status = this.#put(request, bytes, named);
    if (status < 0) events.sent(this.#id, errnoOf(status), 0);
    else if (status > 0) events.sent(this.#id, 0, length);
    if (!this.#bound) this.#startReading();
  }

  #put(request: object, bytes: Uint8Array, to: InternetAddress | null): number {
    const list = [bytes];
    const call = (this.#six ? this.#handle.send6 : this.#handle.send).bind(this.#handle);
    if (to === null) return call(request, list, 1, true);
    return call(request, list, 1, to.port, textOf(to), true);
  }

  /** A datagram to somebody else than the peer: the association is set aside for the length of the call. */
  #sendAside(pointer: number, length: number, to: InternetAddress): void {
    const { events, bindings, memory } = this.#parts;
    const peer = this.#peer;
    const status = this.#setAside();
    if (status < 0 || peer === null) return events.sent(this.#id, errnoOf(status), 0);
    const sent = this.#put(bindings.sendRequest(), memory.bytes(pointer, length).slice(), to);
    if (this.#six) this.#handle.connect6(textOf(peer), peer.port);
    else this.#handle.connect(peer.address, peer.port);
    events.sent(this.#id, errnoOf(sent), sent < 0 ? 0 : length);
  }

  close(): void {
    this.#handle.close();
    this.#parts.forget(this.#id);
    this.#parts.events.closed(this.#id);
  }

  dispose(): void {
    this.#handle.close();
  }

  setOption(level: number, name: number, value: number): void {
    this.#parts.events.option(this.#id, this.#set(level, name, value));
  }

  #set(level: number, name: number, value: number): number {
    const handle = this.#handle;
    if (level === SOL_SOCKET) {
      if (name === SO_BROADCAST) return this.#withSocket(() => handle.setBroadcast(value));
      if (name === SO_REUSEADDR) this.#reuse = value !== 0;
      else if (name === SO_REUSEPORT) this.#reusePort = value !== 0;
      else return ENOPROTOOPT;
      return 0;
    }
    if (level === IPPROTO_IPV6 && name === IPV6_V6ONLY) {
      this.#v6only = value !== 0;
      return 0;
    }
    if ((level === IPPROTO_IP && name === IP_TTL) || (level === IPPROTO_IPV6 && name === IPV6_UNICAST_HOPS)) {
      return this.#withSocket(() => handle.setTTL(value < 0 ? 64 : value));
    }
    if (
      (level === IPPROTO_IP && name === IP_MULTICAST_TTL) ||
      (level === IPPROTO_IPV6 && name === IPV6_MULTICAST_HOPS)
    ) {
      return this.#withSocket(() => handle.setMulticastTTL(value < 0 ? 1 : value));
    }
    if (
      (level === IPPROTO_IP && name === IP_MULTICAST_LOOP) ||
      (level === IPPROTO_IPV6 && name === IPV6_MULTICAST_LOOP)
    ) {
      return this.#withSocket(() => handle.setMulticastLoopback(value ? 1 : 0));
    }
    return ENOPROTOOPT;
  }

  /** libuv makes the socket when it is first bound; options before that are kept and set then. */
  #withSocket(apply: () => number): number {
    if (this.#made) return errnoOf(apply());
    this.#waiting.push(apply);
    return 0;
  }

  setMembership(join: boolean, group: Address, via: Address | null): void {
    const { events } = this.#parts;
    if (group.family === "unix") return events.option(this.#id, EAFNOSUPPORT);
    const by = via !== null && via.family === "IPv4" && via.address !== "0.0.0.0" ? via.address : undefined;
    const status = join
      ? this.#handle.addMembership(group.address, by)
      : this.#handle.dropMembership(group.address, by);
    events.option(this.#id, errnoOf(status));
  }
}
