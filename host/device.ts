// A terminal that the caller brings, as the streams that descriptors 0, 1 and 2 are made of. Owns which of the three it is.

import type { CommonOptions, TerminalDevice } from "./options.js";
import { type ByteSink, type ByteSource, sinkFrom, sourceFrom } from "./stream.js";
import { Terminals } from "./terminals.js";

/** Where the streams come from that are not the terminal. */
interface Streams<Options> {
  source(options: Options): ByteSource;
  sink(options: Options, stream: "stdout" | "stderr"): ByteSink;
}

/** The standard streams of a guest. */
export function terminalsOf<Options extends CommonOptions>(streams: Streams<Options>, options: Options): Terminals {
  const { terminal } = options;
  const screen = terminal === undefined ? undefined : { ...sinkFrom(terminal.output), isTerminal: true };
  const sinks = (["stdout", "stderr"] as const).map((stream) =>
    screen !== undefined && options[stream] === undefined ? screen : streams.sink(options, stream),
  ) as [ByteSink, ByteSink];
  if (terminal === undefined || options.stdin !== undefined) return new Terminals(streams.source(options), sinks);
  return new Terminals({ ...sourceFrom(terminal.input), isTerminal: true, output: () => screen as ByteSink }, sinks);
}

/** Tells a guest the size of its terminal, now and when it changes, until the function that it gives is called. */
export function passSize(
  terminal: TerminalDevice | undefined,
  resize: (rows: number, columns: number) => void,
): () => void {
  if (terminal === undefined) return () => {};
  if (terminal.rows > 0 && terminal.columns > 0) resize(terminal.rows, terminal.columns);
  const ended = terminal.onResize?.(({ rows, columns }) => resize(rows, columns));
  return typeof ended === "function" ? ended : () => ended?.dispose();
}
