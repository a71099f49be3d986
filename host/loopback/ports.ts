// Who holds which port of one protocol. Owns the rules of bind(2) about used addresses, as Linux has them, and the choice
// of ephemeral ports, which is a counter and never chance.

import { isWildcard, type Place } from "./place.js";

/** Whoever is bound. */
export interface Holder {
  /** Where it is bound, or null. */
  readonly local: Place | null;
  /** A wildcard IPv6 socket that does not take IPv4. */
  readonly onlySix: boolean;
  /** SO_REUSEADDR. */
  readonly reuse: boolean;
  /** SO_REUSEPORT. */
  readonly reusePort: boolean;
  /** It is a listening stream. */
  readonly listening: boolean;
  /** Its port was chosen by connect(2): others may have it as well, each for another peer. */
  readonly isShared: boolean;
}

/** Whether a socket bound at `local` hears what is sent to `to`. */
export function hears(local: Place, onlySix: boolean, to: Place): boolean {
  if (local.port !== to.port) return false;
  if (!isWildcard(local)) return local.host === to.host;
  return local.version === to.version || (local.version === 6 && !onlySix);
}

function overlap(one: Place, oneOnlySix: boolean, other: Place, otherOnlySix: boolean): boolean {
  return hears(one, oneOnlySix, other) || hears(other, otherOnlySix, one);
}

/** The ports of one protocol. */
export class Ports {
  private readonly holders = new Map<number, Holder[]>();
  private readonly first: number;
  private readonly last: number;
  private next: number;

  constructor(first: number, last: number) {
    this.first = first;
    this.last = last;
    this.next = first;
  }

  /** The holders of a port, the newest first. */
  at(port: number): readonly Holder[] {
    return this.holders.get(port) ?? [];
  }

  /** Whether `place` may not be bound, or listened on, by `holder`. */
  conflicts(place: Place, holder: Holder): boolean {
    return this.at(place.port).some((other) => {
      if (other === holder || other.local === null) return false;
      if (!overlap(place, holder.onlySix, other.local, other.onlySix)) return false;
      // socket(7): SO_REUSEPORT must be set on each of them; SO_REUSEADDR as well, and does not help against a listener.
      if (holder.reusePort && other.reusePort) return false;
      return !(holder.reuse && other.reuse) || other.listening;
    });
  }

  /**
   * A port other than `avoid` that is free for `place`, or 0 when there is none left. connect(2) gives `isFree`, and may
   * have one that only other connections have, where the pair of addresses is free.
   */
  choose(place: Place, holder: Holder, avoid: number = 0, isFree: ((local: Place) => boolean) | null = null): number {
    for (let tries = this.last - this.first + 1; tries > 0; tries--) {
      const port = this.next;
      this.next = port === this.last ? this.first : port + 1;
      if (port === avoid) continue;
      const candidate = { ...place, port };
      // An ephemeral port is nobody else's, whatever SO_REUSEADDR and SO_REUSEPORT say.
      if (!this.conflicts(candidate, { ...holder, local: null, reuse: false, reusePort: false })) return port;
      if (isFree?.(candidate) === true && this.at(port).every(({ isShared }) => isShared)) return port;
    }
    return 0;
  }

  /** Notes that `holder` has the port of its local place. */
  add(holder: Holder, port: number): void {
    const others = this.holders.get(port);
    if (others === undefined) this.holders.set(port, [holder]);
    else others.unshift(holder);
  }

  /** Forgets it. */
  remove(holder: Holder, port: number): void {
    const others = this.holders.get(port);
    const index = others?.indexOf(holder) ?? -1;
    if (others === undefined || index < 0) return;
    others.splice(index, 1);
    if (others.length === 0) this.holders.delete(port);
  }
}
