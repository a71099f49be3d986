// Socket options of a stream over a raw handle: which libuv honours, and how. Owns their values.

import { ENOPROTOOPT } from "../../../assembly/shared/errno.js";
import {
  AF_UNIX,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  SO_KEEPALIVE,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOL_SOCKET,
  TCP_KEEPIDLE,
  TCP_NODELAY,
} from "../../../assembly/shared/socket.js";
import type { TcpHandle } from "./bindings.js";
import { errnoOf } from "./errno.js";

/** tcp(7). */
const KEEPIDLE_DEFAULT = 7200;

function key(level: number, name: number): string {
  return `${level}/${name}`;
}

const NODELAY = key(IPPROTO_TCP, TCP_NODELAY);
const KEEPALIVE = key(SOL_SOCKET, SO_KEEPALIVE);
const KEEPIDLE = key(IPPROTO_TCP, TCP_KEEPIDLE);
const REUSEADDR = key(SOL_SOCKET, SO_REUSEADDR);
const HONOURED = new Set([
  NODELAY,
  KEEPALIVE,
  KEEPIDLE,
  REUSEADDR,
  key(SOL_SOCKET, SO_REUSEPORT),
  key(IPPROTO_IPV6, IPV6_V6ONLY),
]);

/** The options of one socket. */
export class StreamOptions {
  readonly #domain: number;
  readonly #values = new Map<string, number>();

  constructor(domain: number) {
    this.#domain = domain;
  }

  /** Whether one is on. */
  isOn(level: number, name: number): boolean {
    return this.#values.get(key(level, name)) === 1;
  }

  /** Sets one, on the handle too if there is one: 0 or an errno. */
  set(level: number, name: number, value: number, handle: TcpHandle | null): number {
    const option = key(level, name);
    if (!HONOURED.has(option) || (this.#domain === AF_UNIX && option !== REUSEADDR)) return ENOPROTOOPT;
    this.#values.set(option, value);
    return handle === null ? 0 : errnoOf(this.#apply(handle, option, value));
  }

  /** Gives a new handle what was set before. */
  applyAll(handle: TcpHandle): void {
    for (const [option, value] of this.#values) this.#apply(handle, option, value);
  }

  #apply(handle: TcpHandle, option: string, value: number): number {
    if (option === NODELAY) return handle.setNoDelay(value !== 0);
    if (option !== KEEPALIVE && option !== KEEPIDLE) return 0;
    return handle.setKeepAlive(this.#values.get(KEEPALIVE) === 1, this.#values.get(KEEPIDLE) ?? KEEPIDLE_DEFAULT);
  }
}
