// The host's files as the guest's name space needs them: looked up one name at a time, no link followed. Owns the interface;
// the platform has the implementation. Names and paths are strings of bytes: one character is one byte, since a kernel's
// names are bytes and not text.

/** A link that was found instead of a file. */
export interface HostLink {
  readonly target: string;
}

/** A file or directory of the host, the same one until close(), whatever happens to its path meanwhile. */
export interface HostNode {
  readonly isDirectory: boolean;
  /** Its path on the host, without links. */
  readonly path: string;
  /** What the host's connect(2) is given to reach this very file; of a directory, what comes before "/" and a name in it. */
  readonly access: string;
  /** What a name in this directory is, or the errno of looking; EACCES where the directory may not be searched. */
  lookup(name: string): HostNode | HostLink | number;
  /** Lets go of it. */
  close(): void;
}

/** The host's files. */
export interface HostFiles {
  /** What is at a path of the host, links followed, or the errno of looking. Text as a person gives it, not bytes. */
  open(path: string): HostNode | number;
  /** The host's current directory; null where it is gone. */
  current(): string | null;
}
