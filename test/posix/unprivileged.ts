// Running a program as a user who is not root, where the harness is: root passes every permission.

/** nobody, on every system that the tests run on. */
const NOBODY = 65534;

/** What a native program is spawned with. */
export function spawnedAsNobody(): { readonly uid?: number; readonly gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/**
 * Standard input for a guest in this process. By the time that it is read, the engine has loaded what it needs; from then
 * on this process, and the guest's network with it, has no privileges until regainPrivileges().
 */
export async function* inputAsNobody(text: string): AsyncGenerator<Uint8Array> {
  if (process.geteuid?.() === 0) {
    process.setegid?.(NOBODY);
    process.seteuid?.(NOBODY);
  }
  yield new TextEncoder().encode(text);
}

/** Makes this process what it was. */
export function regainPrivileges(): void {
  if (process.getuid?.() !== 0) return;
  process.seteuid?.(0);
  process.setegid?.(0);
}
