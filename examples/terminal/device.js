// An xterm.js Terminal as the `terminal` of run(): what is typed as bytes, what is shown, the size and its changes.

const encoder = new TextEncoder();

/** The device that `xterm` is, for one guest. `close()` hangs up. */
export function deviceOf(xterm) {
  const subscriptions = [];
  let close = () => {};
  const input = new ReadableStream({
    start(controller) {
      const type = (bytes) => controller.enqueue(bytes);
      subscriptions.push(xterm.onData((text) => type(encoder.encode(text))));
      // What is no text, as some reports of the mouse.
      subscriptions.push(xterm.onBinary((text) => type(Uint8Array.from(text, (byte) => byte.charCodeAt(0)))));
      close = () => {
        for (const each of subscriptions.splice(0)) each.dispose();
        controller.close();
        close = () => {};
      };
    },
    cancel() {
      for (const each of subscriptions.splice(0)) each.dispose();
      close = () => {};
    },
  });
  return {
    input,
    // The promise holds a guest back that writes faster than it can be shown.
    output: (chunk) => new Promise((shown) => xterm.write(chunk, shown)),
    columns: xterm.cols,
    rows: xterm.rows,
    onResize: (listener) => xterm.onResize(({ cols, rows }) => listener({ columns: cols, rows })),
    close: () => close(),
  };
}
