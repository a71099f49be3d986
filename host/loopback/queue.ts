// The order in which a loopback network tells what happened: one first-in first-out queue, run on microtasks. Owns no
// timer, so that the same requests always give the same events.

interface Macrotasks {
  readonly setImmediate?: (task: () => void) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null };
    readonly port2: { postMessage(message: null): void };
  };
  readonly setTimeout: (task: () => void, milliseconds: number) => unknown;
}

/** What waits for a message to itself; made once, since a channel for each turn is much garbage. */
const turning: (() => void)[] = [];
let post: (() => void) | undefined;

/** Runs a task after the event loop has turned once, by the shortest way that the platform has: not by a page's timers,
 * which take 4 ms each, and a second in a hidden tab. */
function afterTurn(task: () => void): void {
  const platform = globalThis as unknown as Macrotasks;
  if (platform.setImmediate !== undefined) {
    platform.setImmediate(task);
  } else if (platform.MessageChannel !== undefined) {
    turning.push(task);
    post ??= newChannel(platform.MessageChannel);
    post();
  } else {
    platform.setTimeout(task, 0);
  }
}

function newChannel(Channel: NonNullable<Macrotasks["MessageChannel"]>): () => void {
  const { port1, port2 } = new Channel();
  port1.onmessage = () => turning.shift()?.();
  return () => port2.postMessage(null);
}

/** The queue. */
export class Queue {
  private tasks: (() => void)[] = [];
  private next = 0;
  private scheduled = false;

  /** Runs `task` after all that was queued before it, and never inside the caller. */
  push(task: () => void): void {
    this.tasks.push(task);
    this.schedule();
  }

  /** Runs `task` after one turn of the event loop and after all that is queued by then. */
  turn(task: () => void): void {
    afterTurn(() => {
      this.push(task);
      this.run();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => this.run());
  }

  private run(): void {
    try {
      for (let task = this.tasks[this.next]; task !== undefined; task = this.tasks[this.next]) {
        this.next++;
        task();
      }
    } finally {
      this.tasks = this.next < this.tasks.length ? this.tasks.slice(this.next) : [];
      this.next = 0;
      this.scheduled = false;
      // A task that threw must not hold up the others.
      if (this.tasks.length > 0) this.schedule();
    }
  }
}
