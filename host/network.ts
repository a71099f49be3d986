// What a network is: the one interface between the core and whoever does the I/O. Owns no behaviour.
//
// A network gets requests (methods of NetworkSession) and tells what happened (methods of NetworkEvents). Rules for every
// implementation, checked by test/network.suite.ts:
//
//  - A request never throws, never blocks, and is answered through the events named beside it, in this call or later.
//  - `id` is chosen by the core and is new for every open() or adopt(); nothing is told of an id after closed(id).
//  - errno is a number of assembly/shared/errno.ts. 0 is success.
//  - Memory is lent by pointer: look it up with memory.bytes(pointer, length) at the moment of use, since growth moves it.
//    Lent memory is the network's alone until the event that gives it back.
//  - A failed or aborted stream stays open: a later connect(id) is a new attempt with the same options and the same
//    explicitly bound local address, on whatever new handle the network needs.

import type { Address } from "./address.js";
import type { HostFiles } from "./files.js";

/** Core memory as a network sees it. */
export interface LentMemory {
  /** The bytes at `pointer`, valid until control returns to the event loop. */
  bytes(pointer: number, length: number): Uint8Array;
}

/** What a network can do. What it cannot is never asked of it: the core gives the guest the errno that stands here. */
export interface Capabilities {
  /** TCP. Else socket(2) is EPROTONOSUPPORT. */
  readonly streams: boolean;
  /** UDP. Else socket(2) is EPROTONOSUPPORT. */
  readonly datagrams: boolean;
  /** AF_UNIX streams. Else socket(2) is EPROTONOSUPPORT; socketpair(2) needs no network. */
  readonly unixStreams: boolean;
  /** AF_UNIX datagrams. Else socket(2) is EPROTONOSUPPORT; socketpair(2) needs no network. */
  readonly unixDatagrams: boolean;
  /** AF_UNIX SOCK_SEQPACKET. Else socket(2) is EPROTONOSUPPORT; socketpair(2) needs no network. */
  readonly unixSeqpacket: boolean;
  /** AF_UNIX sockets carry descriptors (SCM_RIGHTS) within one guest. Else sendmsg(2) is EOPNOTSUPP; a socketpair(2) needs no network. */
  readonly rights: boolean;
  /** Can accept connections. Else listen(2) is EOPNOTSUPP. */
  readonly listen: boolean;
  /** Can reset a connection. Else SO_LINGER of 0 seconds is ENOPROTOOPT, and connect(2) with AF_UNSPEC on one EAFNOSUPPORT. */
  readonly reset: boolean;
  /**
   * What AF_UNIX paths are: "file system", names of files on the host; or "names", a table of the network's own, in which
   * bind(2) makes no file (stat(2) is ENOENT) and where no name is a link, a directory or another kind of file (connect(2)
   * to those is ENOENT).
   */
  readonly unixPaths: "file system" | "names";
}

/** One guest's view of a network. */
export interface NetworkSession {
  /** A new socket, e.g. open(id, AF_INET, SOCK_STREAM, 0). Its handle may be made later. No answer. */
  open(id: number, domain: number, type: number, protocol: number): void;
  /** Answer: bound. Port 0 lets the network choose. */
  bind(id: number, address: Address): void;
  /**
   * Answer: connected or failed. A stream whose local address is chosen before the connection stands tells it with bound
   * first. Datagram sockets answer in this call or one turn later and may connect again and again.
   */
  connect(id: number, address: Address): void;
  /** Datagram sockets: forget the peer. Answer: bound. */
  disconnect(id: number): void;
  /** Streams: reset the connection or give up the attempt; the id stays open. Answer: aborted. Lent memory comes back. */
  abort(id: number): void;
  /** Answer: listening, then incoming for each connection. An unbound socket is bound to the wildcard address first. */
  listen(id: number, backlog: number): void;
  /** Gives `id` to the connection that incoming() named by `token`; it is connected. No answer. */
  adopt(id: number, token: number): void;
  /**
   * Streams: lends [pointer, pointer + capacity). The network puts what arrives at its start and answers data(id, n) once
   * with 0 < n <= capacity, or end(id), or failed(id). Nothing more is read until the next receive(): that is the flow
   * control. Never two outstanding for one id. It may come before connected (and is then kept); one that comes
   * before connect() is for a connection that has broken meanwhile, and is dropped.
   *
   * AF_UNIX datagrams and records: receive(id, 0, n) with n > 0 says that n of those told by datagram() were read, which
   * makes room for more; receive(id, 0, 0) of a SOCK_SEQPACKET asks for end(id).
   */
  receive(id: number, pointer: number, capacity: number): void;
  /**
   * Streams: lends [pointer, pointer + length) to be sent, in order. Tries at once. sent(id, 0, n) gives n bytes back when
   * the kernel (or peer) took them; several sends may be outstanding. A broken connection is failed(id, EPIPE | ECONNRESET ...).
   */
  send(id: number, pointer: number, length: number): void;
  /**
   * Datagrams: one datagram to `to`, or to the connected peer; SOCK_SEQPACKET: one record. Answer: sent(id, errno, length),
   * one for each call. EAGAIN: an AF_UNIX receiver is full; error(id, 0) tells when it is worth to try again. `rights`: the
   * descriptors of that token go with it, as with attach(); EOPNOTSUPP where the receiver is another guest. They are the
   * network's only if the errno is 0.
   */
  sendto(id: number, pointer: number, length: number, to: Address | null, rights?: number): void;
  /**
   * Where `rights` is a capability, AF_UNIX streams: the next `length` bytes of send() carry descriptors of the guest, called
   * `token`. Answer: option; EOPNOTSUPP where the peer is another guest, to whom no descriptor can go, EPIPE where nothing can.
   * With 0 they are the network's, which gives them back by data() to a socket of the same guest, or by lost().
   */
  attach?(id: number, token: number, length: number): void;
  /** SHUT_*; SHUT_WR takes effect after what was sent before it. No answer. */
  shutdown(id: number, how: number): void;
  /** Answer: closed, always. Sends what is outstanding first unless `reset`. For a listener: what was not adopted is reset. */
  close(id: number, reset: boolean): void;
  /** Answer: option. ENOPROTOOPT for what the network cannot truly honour. May come before bind or connect and is kept. */
  setOption(id: number, level: number, name: number, value: number): void;
  /** Multicast. Answer: option. */
  setMembership(id: number, join: boolean, group: Address, via: Address | null): void;
  /** Answer: resolved. `family` is AF_INET, AF_INET6 or AF_UNSPEC. */
  resolve(operation: number, name: string, family: number): void;
  /** Answer: named. */
  reverse(operation: number, address: Address): void;
  /** Answer: turned, once everything that could be seen by now has been told. */
  turn(operation: number): void;
  /** The guest is gone: closes everything at once, tells nothing more. */
  dispose(): void;
}

/** What happened: called by a network, in any order that keeps each socket's own order. */
export interface NetworkEvents {
  /** A local name was chosen (bind, disconnect, the start of a stream's connect); errno 0, or why not. */
  bound(id: number, errno: number, local: Address | null): void;
  /** connect() came through. */
  connected(id: number, local: Address, peer: Address): void;
  /** connect() failed, or a stream broke; lent memory comes back. */
  failed(id: number, errno: number): void;
  /** abort() is done. */
  aborted(id: number): void;
  /** listen() is done; errno 0, or why not. */
  listening(id: number, errno: number, local: Address | null): void;
  /** A connection waits on a listener; adopt() takes it. */
  incoming(id: number, token: number, local: Address, peer: Address): void;
  /**
   * So many bytes are at the start of the memory that receive() lent, which comes back. `rights`: the descriptors of that token come
   * with those from `offset` on, all of which are of the same piece.
   */
  data(id: number, length: number, rights?: number, offset?: number): void;
  /** The peer has ended its direction; the memory that receive() lent comes back. */
  end(id: number): void;
  /** `bytes` are copied before this returns. `rights`: the descriptors of that token come with them. */
  datagram(id: number, bytes: Uint8Array, from: Address, rights?: number): void;
  /** The descriptors of that token will not be read by anybody. */
  lost(rights: number): void;
  /** So many bytes that were lent by send() or sendto() come back; errno is of sendto(). */
  sent(id: number, errno: number, length: number): void;
  /** An asynchronous error of a datagram socket, e.g. ECONNREFUSED from ICMP. 0: what sendto() found full has room again. */
  error(id: number, errno: number): void;
  /** close() is done. */
  closed(id: number): void;
  /** setOption() or setMembership() is done; errno 0, or why not. */
  option(id: number, errno: number): void;
  /** resolve() is done; errno 0, ENOENT, EAGAIN or EIO. */
  resolved(operation: number, errno: number, addresses: readonly Address[]): void;
  /** reverse() is done; errno 0, ENOENT, EAGAIN or EIO. */
  named(operation: number, errno: number, name: string): void;
  /** turn() is done. */
  turned(operation: number): void;
}

/** Something that does the I/O. One network may serve several guests, each through its own session. */
export interface Network {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Where its AF_UNIX names are files of the host: addresses then come with their place. Without, names are only names. */
  readonly files?: HostFiles | undefined;
  /** A session for one guest: its requests go in, what happened comes out through `events`. */
  open(events: NetworkEvents, memory: LentMemory): NetworkSession;
}
