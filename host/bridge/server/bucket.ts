// A rate: so much a second, with a burst of one second's worth. Owns no timer; who is told to wait waits.

/** A token bucket. */
export class Bucket {
  readonly #rate: number;
  #level: number;
  #at = performance.now();

  /** `rate` is per second; 0 is without limit. */
  constructor(rate: number) {
    this.#rate = rate;
    this.#level = rate;
  }

  /** Takes `amount`, even if that is more than there is. Milliseconds until the bucket is no longer in debt; 0: go on. */
  take(amount: number): number {
    if (this.#rate === 0) return 0;
    this.#fill();
    this.#level -= amount;
    return this.#level >= 0 ? 0 : Math.ceil((-this.#level / this.#rate) * 1000);
  }

  /** Takes one if there is one. */
  tryTake(): boolean {
    if (this.#rate === 0) return true;
    this.#fill();
    if (this.#level < 1) return false;
    this.#level--;
    return true;
  }

  #fill(): void {
    const now = performance.now();
    this.#level = Math.min(this.#rate, this.#level + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
  }
}
