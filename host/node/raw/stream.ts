// A stream socket over a raw handle: TCP or AF_UNIX. Owns the handle, what is under way on it, and the errors that libuv tells late.

import { EADDRINUSE, EAFNOSUPPORT, EINVAL } from "../../../assembly/shared/errno.js";
import {
  AF_INET6,
  AF_UNIX,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SHUT_RD,
  SO_REUSEPORT,
  SOL_SOCKET,
} from "../../../assembly/shared/socket.js";
import type { Address, InternetAddress, UnixAddress } from "../../address.js";
import type { LentMemory, NetworkEvents } from "../../network.js";
import { UnixAttempt } from "./attempt.js";
import { isBroadcast } from "./broadcast.js";
import type { Bindings, PipeHandle, Request, SocketName, StreamHandle, TcpHandle } from "./bindings.js";
import { errnoOf } from "./errno.js";
import { addressOf, textOf } from "./name.js";
import { autobindPath, bindPipe, connectPath } from "./path.js";
import { StreamReader } from "./reader.js";
import { StreamOptions } from "./stream-options.js";

/** What the sockets of one session share. */
export interface SessionParts {
  readonly bindings: Bindings;
  readonly events: NetworkEvents;
  readonly memory: LentMemory;
  /** Keeps an accepted connection until it is adopted; gives its token. */
  readonly keep: (handle: StreamHandle, owner: RawStream) => number;
  /** Has a stream whose peer has ended its direction looked at for what comes after that. */
  readonly watch: (stream: RawStream) => void;
  readonly unwatch: (stream: RawStream) => void;
  /** Drops a socket that has closed. */
  readonly forget: (id: number) => void;
  /** Closes what was kept under a token. */
  readonly drop: (token: number) => void;
}

const NOTHING = new Uint8Array(0);
/** Of a million names as many as can be taken by others. */
const AUTOBIND_TRIES = 1000;
const UNNAMED: Address = { family: "unix", path: new Uint8Array(0) };

/** One stream socket. */
export class RawStream {
  readonly #parts: SessionParts;
  readonly #id: number;
  readonly #domain: number;
  #handle: StreamHandle | null = null;
  /** What the handle reads. */
  #reader: StreamReader | null = null;
  #local: Address | null = null;
  #bindTo: InternetAddress | null = null;
  /** Where it connects to: once connected, the peer's name. */
  #target: Address | null = null;
  /** The handle is an AF_UNIX socket that has a name. */
  #hasName = false;
  #attempt: UnixAttempt | null = null;
  #connected = false;
  #listening = false;
  readonly #tokens = new Set<number>();
  /** Bytes on loan for sending that the kernel has not taken. */
  #unsent = 0;
  #shutdown = false;
  #closing: "no" | "graceful" | "done" = "no";
  readonly #options: StreamOptions;

  constructor(parts: SessionParts, id: number, domain: number, handle: StreamHandle | null) {
    this.#parts = parts;
    this.#id = id;
    this.#domain = domain;
    this.#options = new StreamOptions(domain);
    if (handle !== null) {
      this.#install(handle);
      this.#setConnected();
    }
  }

  #install(handle: StreamHandle): void {
    const { bindings, events, memory } = this.#parts;
    this.#handle = handle;
    this.#reader = new StreamReader(bindings, memory, handle, {
      data: (length) => events.data(this.#id, length),
      end: () => this.#onend(),
      failed: (errno) => this.#fail(errno),
    });
  }

  #setConnected(): void {
    this.#connected = true;
    this.#reader?.connected();
  }

  #fresh(listener: boolean): StreamHandle {
    const { bindings } = this.#parts;
    this.#hasName = false;
    const handle = this.#domain === AF_UNIX ? bindings.newPipe(listener) : bindings.newTcp(listener);
    this.#shutdown = false;
    this.#unsent = 0;
    this.#install(handle);
    this.#options.applyAll(handle as TcpHandle);
    return handle;
  }

  bind(address: Address): void {
    const { events } = this.#parts;
    if (this.#domain === AF_UNIX) {
      if (address.family !== "unix") return events.bound(this.#id, EAFNOSUPPORT, null);
      return this.#bindUnix(address);
    }
    if (address.family === "unix") return events.bound(this.#id, EAFNOSUPPORT, null);
    const errno = this.#bindInternet(address);
    events.bound(this.#id, errno, errno === 0 ? this.#local : null);
  }

  #bindUnix(address: UnixAddress): void {
    const isChosen = address.path.length === 0;
    let local = address;
    let errno = EADDRINUSE;
    for (let tries = isChosen ? AUTOBIND_TRIES : 1; tries > 0 && errno === EADDRINUSE; tries--) {
      if (isChosen) local = { family: "unix", path: autobindPath() };
      errno = bindPipe(this.#fresh(true) as PipeHandle, local);
      if (errno !== 0) this.#discard();
    }
    if (errno === 0) {
      this.#local = local;
      this.#hasName = true;
    }
    this.#parts.events.bound(this.#id, errno, errno === 0 ? local : null);
  }

  #bindInternet(address: InternetAddress): number {
    const handle = this.#fresh(true) as TcpHandle;
    const six = this.#domain === AF_INET6;
    const { bindings } = this.#parts;
    const flags =
      (six && this.#options.isOn(IPPROTO_IPV6, IPV6_V6ONLY) ? bindings.IPV6_ONLY : 0) |
      (this.#options.isOn(SOL_SOCKET, SO_REUSEPORT) ? bindings.REUSE_PORT_TCP : 0);
    const status = six
      ? handle.bind6(textOf(address), address.port, flags)
      : handle.bind(address.address, address.port, flags);
    const local = this.#name("getsockname");
    // libuv keeps EADDRINUSE for later; the socket has no port then.
    const errno = status < 0 ? errnoOf(status) : local.port === 0 ? EADDRINUSE : 0;
    if (errno !== 0) {
      this.#discard();
      return errno;
    }
    this.#local = local;
    this.#bindTo = local;
    return 0;
  }

  #name(which: "getsockname" | "getpeername"): InternetAddress {
    const name: SocketName = {};
    (this.#handle as TcpHandle)[which](name);
    return addressOf(name, this.#domain === AF_INET6);
  }

  connect(address: Address): void {
    const { bindings, events } = this.#parts;
    // A receive() that came in the meantime was for what is broken.
    this.#reader?.withdraw();
    if (address.family === "unix") return this.#connectUnix(address);
    // The manual page's EINVAL (2.25); the addresses that need no interface to be known the core has looked at.
    if (isBroadcast(address.address)) return events.failed(this.#id, EINVAL);
    const request = bindings.connectRequest(false);
    if (this.#handle === null && this.#bindTo !== null) this.#bindInternet(this.#bindTo);
    const handle = this.#handle ?? this.#fresh(false);
    this.#target = address;
    request.oncomplete = (result: number) => this.#onconnect(handle, errnoOf(result));
    const tcp = handle as TcpHandle;
    const status =
      this.#domain === AF_INET6
        ? tcp.connect6(request, textOf(address), address.port)
        : tcp.connect(request, address.address, address.port);
    if (status < 0) {
      this.#discard();
      return events.failed(this.#id, errnoOf(status));
    }
    this.#local = this.#name("getsockname");
    events.bound(this.#id, 0, this.#local);
  }

  #connectUnix(address: UnixAddress): void {
    const { bindings, events } = this.#parts;
    if (this.#domain !== AF_UNIX) return events.failed(this.#id, EAFNOSUPPORT);
    const path = connectPath(address);
    if (typeof path === "number") return events.failed(this.#id, path);
    const handle = (this.#handle ?? this.#fresh(false)) as PipeHandle;
    this.#target = address;
    address.place?.hold();
    const attempt = new UnixAttempt(bindings, handle, path, {
      // The call waits for room (6.17): that the attempt goes on is told, so that a signal or a deadline can end it.
      waiting: () => events.bound(this.#id, 0, null),
      ended: (errno) => {
        this.#stopAttempt();
        this.#onconnect(handle, errno);
      },
    });
    this.#attempt = attempt;
    attempt.start();
  }

  /** Stops trying. Whether nothing is left of it in the kernel. */
  #stopAttempt(): boolean {
    const attempt = this.#attempt;
    if (attempt === null) return false;
    this.#attempt = null;
    attempt.stop();
    if (this.#target?.family === "unix") this.#target.place?.release();
    return attempt.isPaused;
  }

  #onconnect(handle: StreamHandle, errno: number): void {
    if (this.#handle !== handle) return;
    const { events } = this.#parts;
    if (errno !== 0) {
      // A socket that has a name keeps it, and so its handle.
      if (!this.#hasName || this.#closing !== "no") this.#discard();
      if (this.#closing === "graceful") return this.#finish();
      return events.failed(this.#id, errno);
    }
    if (this.#closing === "graceful") return this.#finish();
    this.#setConnected();
    events.connected(this.#id, this.#local ?? UNNAMED, this.#target ?? UNNAMED);
  }

  listen(backlog: number): void {
    const { events } = this.#parts;
    if (this.#handle === null && this.#domain !== AF_UNIX) {
      const wildcard: InternetAddress =
        this.#domain === AF_INET6
          ? { family: "IPv6", address: "::", port: 0 }
          : { family: "IPv4", address: "0.0.0.0", port: 0 };
      const errno = this.#bindInternet(this.#bindTo ?? wildcard);
      if (errno !== 0) return events.listening(this.#id, errno, null);
    }
    const handle = this.#handle;
    if (handle === null) return events.listening(this.#id, EINVAL, null);
    handle.onconnection = (status, client) => this.#onconnection(status, client);
    const status = handle.listen(Math.max(backlog, 1));
    if (status === 0) this.#listening = true;
    events.listening(
      this.#id,
      errnoOf(status),
      status < 0 ? null : this.#domain === AF_UNIX ? this.#local : this.#name("getsockname"),
    );
  }

  #onconnection(status: number, client: StreamHandle | undefined): void {
    if (status < 0 || client === undefined) return;
    const token = this.#parts.keep(client, this);
    this.#tokens.add(token);
    let local: Address = this.#local ?? UNNAMED;
    let peer: Address = UNNAMED;
    if (this.#domain !== AF_UNIX) {
      const name: SocketName = {};
      (client as TcpHandle).getsockname(name);
      local = addressOf(name, false);
      const other: SocketName = {};
      (client as TcpHandle).getpeername(other);
      peer = addressOf(other, false);
    }
    this.#parts.events.incoming(this.#id, token, local, peer);
  }

  receive(pointer: number, capacity: number): void {
    this.#reader?.lend(pointer, capacity);
  }

  #onend(): void {
    this.#parts.events.end(this.#id);
    this.#parts.watch(this);
    if (this.#domain === AF_UNIX) this.probe();
  }

  /** After the peer's end libuv looks no more; a write of nothing tells whether the connection is broken meanwhile. */
  probe(): void {
    const handle = this.#handle;
    if (handle === null || this.#shutdown || this.#unsent > 0 || this.#closing !== "no") return;
    const status = handle.writeBuffer(this.#parts.bindings.writeRequest(), NOTHING);
    if (status < 0) this.#fail(errnoOf(status));
  }

  #fail(errno: number): void {
    this.#discard();
    if (this.#closing === "graceful") return this.#finish();
    this.#parts.events.failed(this.#id, errno);
  }

  send(pointer: number, length: number): void {
    const handle = this.#handle;
    const { bindings, events, memory } = this.#parts;
    if (handle === null) return;
    const request = bindings.writeRequest();
    request.oncomplete = (status: number) => this.#onwrite(handle, status, length);
    const status = handle.writeBuffer(request, memory.bytes(pointer, length));
    if (status < 0) return this.#fail(errnoOf(status));
    if (!bindings.lastWriteWasAsync()) return events.sent(this.#id, 0, length);
    this.#unsent += length;
  }

  #onwrite(handle: StreamHandle, status: number, length: number): void {
    if (this.#handle !== handle) return;
    if (status < 0) return this.#fail(errnoOf(status));
    this.#unsent -= length;
    if (this.#closing === "no") this.#parts.events.sent(this.#id, 0, length);
    else if (this.#unsent === 0) this.#finish();
  }

  shutdown(how: number): void {
    const handle = this.#handle;
    if (handle === null || how === SHUT_RD || this.#shutdown || !this.#connected) return;
    this.#shutdown = true;
    const request: Request = this.#parts.bindings.shutdownRequest();
    request.oncomplete = () => {};
    handle.shutdown(request);
  }

  /** Gives up the connection or the attempt with a reset; the socket may connect anew. */
  abort(): void {
    // A socket that only waited for room is as it was.
    if (!this.#stopAttempt() || !this.#hasName) this.#reset();
    this.#parts.events.aborted(this.#id);
  }

  #reset(): void {
    const handle = this.#detach();
    this.#dropTokens();
    if (handle === null) return;
    const tcp = handle as TcpHandle;
    if (this.#domain === AF_UNIX || this.#listening || tcp.reset() !== 0) handle.close();
    this.#listening = false;
  }

  close(reset: boolean): void {
    // A pipe's close() has no way to reset: what was sent still goes out.
    if (this.#domain !== AF_UNIX && (reset || this.#reader?.isHolding === true)) {
      this.#reset();
      return this.#finish();
    }
    this.#closing = "graceful";
    this.#reader?.stop();
    if (this.#unsent > 0) return;
    this.#finish();
  }

  #finish(): void {
    if (this.#closing === "done") return;
    this.#closing = "done";
    this.#discard();
    this.#dropTokens();
    this.#parts.forget(this.#id);
    this.#parts.events.closed(this.#id);
  }

  /** Lets go of the handle; the kernel ends the connection in good order. */
  #discard(): void {
    this.#detach()?.close();
  }

  /** The handle, which is its socket's no more. */
  #detach(): StreamHandle | null {
    this.#stopAttempt();
    const handle = this.#handle;
    this.#handle = null;
    this.#reader?.detach();
    this.#reader = null;
    this.#connected = false;
    // What the kernel had not taken goes with the handle: a close() has nothing to wait for.
    this.#unsent = 0;
    this.#parts.unwatch(this);
    return handle;
  }

  #dropTokens(): void {
    for (const token of this.#tokens) this.#parts.drop(token);
    this.#tokens.clear();
  }

  /** Remembers that a token was adopted. */
  adopted(token: number): void {
    this.#tokens.delete(token);
  }

  setOption(level: number, name: number, value: number): void {
    this.#parts.events.option(this.#id, this.#options.set(level, name, value, this.#handle as TcpHandle | null));
  }

  dispose(): void {
    this.#closing = "done";
    this.#discard();
    this.#dropTokens();
  }
}
