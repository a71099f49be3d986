import { test } from "uvu";
import * as assert from "uvu/assert";
import { SendQueue } from "../host/send-queue.js";

/** A sink whose writes settle when the test says so. */
class Bench {
  readonly written: string[] = [];
  readonly told: string[] = [];
  readonly pending: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  isSlow = false;
  fault: unknown = null;
  /** What the guest does once it is told of an outcome. */
  onTold: () => void = () => {};
  readonly memory = { bytes: (pointer: number, length: number) => this.store.subarray(pointer, pointer + length) };
  readonly store = new TextEncoder().encode("abcdefghijklmnopqrstuvwxyz");
  readonly queue = new SendQueue(
    {
      isTerminal: false,
      write: (chunk) => {
        if (this.fault !== null) throw this.fault;
        this.written.push(new TextDecoder().decode(chunk));
        if (!this.isSlow) return;
        return new Promise((resolve, reject) => this.pending.push({ resolve, reject }));
      },
      close: () => {},
    },
    {
      sent: (length) => {
        this.told.push(`sent ${length}`);
        this.onTold();
      },
      failed: (error) => this.told.push(`failed ${error}`),
    },
  );

  send(pointer: number, length: number): void {
    this.queue.send(this.memory, pointer, length);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("a sink that takes at once has its outcome told in the call", () => {
  const bench = new Bench();
  bench.send(0, 3);
  bench.send(3, 2);
  assert.equal(
    [bench.written, bench.told],
    [
      ["abc", "de"],
      ["sent 3", "sent 2"],
    ],
  );
});

test("sends that wait and follow each other in memory become one, in order", async () => {
  const bench = new Bench();
  bench.isSlow = true;
  bench.send(0, 2);
  bench.send(2, 2);
  bench.send(4, 2);
  bench.send(10, 1);
  assert.equal([bench.written, bench.told], [["ab"], []]);
  bench.pending[0]?.resolve();
  await turn();
  assert.equal([bench.written, bench.told], [["ab", "cdef"], ["sent 2"]]);
  bench.isSlow = false;
  bench.pending[1]?.resolve();
  await turn();
  assert.equal(
    [bench.written, bench.told],
    [
      ["ab", "cdef", "k"],
      ["sent 2", "sent 4", "sent 1"],
    ],
  );
});

test("a send that is under way is not added to", async () => {
  const bench = new Bench();
  bench.isSlow = true;
  bench.send(0, 2);
  bench.send(2, 2);
  assert.equal(bench.written, ["ab"]);
  bench.pending[0]?.resolve();
  await turn();
  bench.send(4, 1);
  bench.pending[1]?.resolve();
  await turn();
  assert.equal(
    [bench.written, bench.told],
    [
      ["ab", "cd", "e"],
      ["sent 2", "sent 2"],
    ],
  );
});

test("a sink that throws and one that rejects are failures, and what waits is still tried", async () => {
  const bench = new Bench();
  bench.fault = "at once";
  bench.send(0, 1);
  bench.fault = null;
  bench.isSlow = true;
  bench.send(1, 1);
  bench.send(2, 1);
  bench.isSlow = false;
  bench.pending[0]?.reject("later");
  await turn();
  assert.equal(
    [bench.written, bench.told],
    [
      ["b", "c"],
      ["failed at once", "failed later", "sent 1"],
    ],
  );
});

test("the end comes at once where nothing waits, else behind what waits", async () => {
  const bench = new Bench();
  bench.queue.end(() => bench.told.push("end"));
  assert.equal(bench.told, ["end"]);
  bench.isSlow = true;
  bench.send(0, 1);
  bench.queue.end(() => bench.told.push("second end"));
  assert.equal(bench.told, ["end"]);
  bench.pending[0]?.resolve();
  await turn();
  assert.equal(bench.told, ["end", "sent 1", "second end"]);
});

for (const [when, soon] of [
  ["in the same call", (run: () => void) => run()],
  ["in the next microtask", queueMicrotask],
  ["two microtasks later", (run: () => void) => queueMicrotask(() => queueMicrotask(run))],
] as const) {
  test(`a guest that sends on, ${when} after it is told, has each byte written once`, async () => {
    for (const isSlow of [true, false]) {
      const bench = new Bench();
      bench.isSlow = isSlow;
      let next = 1;
      bench.onTold = () => {
        if (next < 6) soon(() => bench.send(next++, 1));
      };
      bench.send(0, 1);
      for (let n = 0; n < 6; n++) {
        bench.pending[n]?.resolve();
        await turn();
      }
      assert.equal([bench.written.join(""), bench.told.length], ["abcdef", 6]);
    }
  });
}

test.run();
