// What the compiler commands read and write: streams, environment and directory, the process's by default.

/** Where text goes. */
export interface TextSink {
  write(text: string | Uint8Array): unknown;
}

/** The surroundings of a compiler command. */
export interface CcIo {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly environment: NodeJS.ProcessEnv;
  /** Working directory, absolute. */
  readonly directory: string;
}

/** This process's own. */
export function processIo(): CcIo {
  return { stdout: process.stdout, stderr: process.stderr, environment: process.env, directory: process.cwd() };
}

/** Whether a command may write to this process's streams directly. */
export function isOwn(io: CcIo): boolean {
  return io.stdout === process.stdout && io.stderr === process.stderr;
}
