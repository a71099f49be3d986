// What the cases of ftp share.

import type { Client } from "./client.js";

/** Of every case that connects. */
export const WARNS: { readonly warns: string } = { warns: "IP_TOS is ENOPROTOOPT: no network of a guest has it" };

/** A session of alice's: what she types after her password. */
export async function session({ run }: Client, port: number, ...lines: readonly string[]): Promise<string> {
  return run(["-v", "-n", "127.0.0.1", `${port}`], `${["user alice secret", ...lines, "bye"].join("\n")}\n`);
}
