// The console as a byte sink: a line of a guest is a line there.

import type { ByteSink } from "../stream.js";

/** A sink that tells complete lines; at its end, also one that was not completed. */
export function consoleSink(stream: "stdout" | "stderr"): ByteSink {
  const decoder = new TextDecoder();
  let line = "";
  const tell = (text: string): void => (stream === "stdout" ? console.log(text) : console.error(text));
  return {
    isTerminal: false,
    write(chunk) {
      // A decoder takes no shared memory.
      const lines = (line + decoder.decode(chunk.slice(), { stream: true })).split("\n");
      line = lines.pop() ?? "";
      for (const each of lines) tell(each);
    },
    close() {
      line += decoder.decode();
      if (line !== "") tell(line);
      line = "";
    },
  };
}
