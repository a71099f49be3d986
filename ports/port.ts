// What a port is: how a Debian source package is built, without a patch, by gcc and by `hawser cc`, and what it is then seen
// to do. A port holds nothing of the program's own.

import type { Case } from "../test/system/compare.js";
import type { Compiler } from "../test/system/compiler.js";

/** What the steps of a build are given. */
export interface Building {
  readonly compiler: Compiler;
  /** Debian's version of the source. */
  readonly version: string;
  /** Where what the port needs was built, by the port's name. */
  readonly needs: Readonly<Record<string, string>>;
}

/** A program, or a library and what is built with it. */
export interface Port {
  /** As people know it. */
  readonly name: string;
  /** Debian's source package; another version of it, where the archive names one that it does not serve. */
  readonly source: string;
  readonly versions?: readonly string[];
  /** Of it the release alone, without Debian's changes. */
  readonly release?: true;
  /** Debian packages that building it takes. */
  readonly tools?: readonly string[];
  /** Ports that are built before it and kept whole. */
  readonly needs?: readonly string[];
  /** The programs that it gives: their paths in the source directory, without a suffix. */
  readonly programs: Readonly<Record<string, string>>;
  /** What is kept beside the programs: paths in the source directory. */
  readonly keeps?: readonly string[];
  /** The commands, in the source directory. */
  steps(building: Building): readonly (readonly string[])[];
  /** What it is seen to do, natively and as a module. */
  readonly cases: readonly Case[];
  /** What takes long to see: only the test of the ports looks at it. */
  readonly slow?: readonly Case[];
  /** Only engines that can run threads run it. */
  readonly threads?: true;
  /** For the table, in a few words: what works; what does not, and why; what it does in a page. */
  readonly works: string;
  readonly lacks: string;
  readonly page: string;
}

/** All that a port is seen to do. */
export function casesOf({ cases, slow = [] }: Port): readonly Case[] {
  return [...cases, ...slow];
}

/** Options of make for a release whose generated files Debian's patches are newer than. */
export const GENERATED: readonly string[] = ["AUTOMAKE=:", "AUTOCONF=:", "ACLOCAL=:", "AUTOHEADER=:", "MAKEINFO=:"];

/** What configure and make are told of the compiler. */
export function tools({ cc, ar, ranlib }: Compiler, flags = "-O1"): readonly string[] {
  return [`CC=${cc}`, `AR=${ar}`, `RANLIB=${ranlib}`, `CFLAGS=${flags}`];
}
