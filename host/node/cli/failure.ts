// What goes wrong before a guest runs, as a sentence and an exit status. Owns the statuses that are hawser's own: 2 as most
// commands have it for their usage, the others as env(1) and a shell have them.

/** The command line is wrong: options, rules. */
export const STATUS_USAGE = 2;
/** hawser itself failed: an engine that is not there, a fault of its own. */
export const STATUS_HAWSER = 125;
/** The program was found and cannot run. */
export const STATUS_CANNOT_RUN = 126;
/** The program was not found. */
export const STATUS_NOT_FOUND = 127;

/** Ends the command with a sentence for a person. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly status: number;

  constructor(message: string, status: number = STATUS_USAGE) {
    super(message);
    this.status = status;
  }
}

/** The failure of opening a program's file. */
export function openFailure(path: string, error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new Failure(
        `${path}: no such file; \`hawser cc program.c -o program.wasm\` makes one from C source`,
        STATUS_NOT_FOUND,
      );
    case "EISDIR":
      return new Failure(`${path} is a directory: name the .wasm file in it`, STATUS_CANNOT_RUN);
    case "EACCES":
      return new Failure(`${path}: permission denied: its mode does not let you read it`, STATUS_CANNOT_RUN);
  }
  return new Failure(`${path} cannot be read: ${(error as Error).message}`, STATUS_CANNOT_RUN);
}

/** What start() threw, as a failure; null for a fault of hawser's, whose stack somebody has to see. */
export function startFailure(path: string, error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return null;
  switch (error.name) {
    case "ModuleError":
    case "ImportError":
      return new Failure(error.message, STATUS_CANNOT_RUN);
    case "CompileError":
    case "LinkError":
      return new Failure(
        `${path} is truncated, damaged, or made for another engine: ${error.message}; compile it again with \`hawser cc\``,
        STATUS_CANNOT_RUN,
      );
    case "PolicyError":
      return new Failure(`${error.message} (\`hawser run --help\` explains the rules)`);
  }
  return null;
}
