// The command line of `hawser cc`: what a user's arguments mean, and what they become. Pure but for response files. Owns
// which options mean nothing here.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Compiler } from "./compiler.js";
import type { Overlay } from "./sysroot.js";

/** What a user's arguments ask for. */
export interface Request {
  /** Say which compiler is used and what it is given. */
  readonly verbose: boolean;
  /** There is something to compile or to link: not just a question such as --version. */
  readonly hasInputs: boolean;
  /** A program is linked, to `output`. */
  readonly links: boolean;
  readonly output: string;
  /** The program gets the glue and the emulation libraries. */
  readonly hasGlue: boolean;
  /** The arguments that the compiler gets; without -o where a program is linked. */
  readonly args: readonly string[];
}

/** Options whose value is the next argument. */
const TAKES_VALUE = new Set([
  ...[
    "-o",
    "-I",
    "-L",
    "-D",
    "-U",
    "-x",
    "-l",
    "-u",
    "-z",
    "-e",
    "-T",
    "-B",
    "-A",
    "-G",
    "-target",
    "-arch",
    "-include",
  ],
  ...["-imacros", "-isystem", "-isystem-after", "-iquote", "-idirafter", "-iprefix", "-iwithprefix", "-isysroot"],
  ...[
    "-iwithprefixbefore",
    "-MF",
    "-MT",
    "-MQ",
    "-MJ",
    "-Xlinker",
    "-Xclang",
    "-Xpreprocessor",
    "-Xassembler",
    "-mllvm",
  ],
  ...["--param", "-aux-info", "-dumpbase", "-dumpdir", "-wrapper", "-resource-dir", "-working-directory", "--sysroot"],
]);

/** Modes that stop before linking. */
const NO_LINK = new Set(["-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-emit-ast", "--precompile"]);

/** Libraries that a Unix has and that are here part of libc or of the glue. */
const LIBRARIES = new Set(["pthread", "rt", "resolv", "util", "nsl", "dl", "socket", "xnet", "anl"]);

/** Options that mean something on other targets only. */
const DROPPED = [
  /^-rdynamic$/,
  /^-(no-)?pie$/,
  /^-static(-pie|-libgcc)?$/,
  /^-shared-libgcc$/,
  /^-m(32|64)$/,
  /^-m(arch|tune)=/,
  /^-fstack-(protector|clash-protection)/,
  /^-fcf-protection/,
  /^-fuse-ld=/,
];

/** Options of other linkers; with a value in the next word where the pattern's second part says so. */
const LINKER_DROPPED = [
  /^--?(start|end)-group$/,
  /^-[()]$/,
  /^--?(no-)?as-needed$/,
  /^--?(no-)?copy-dt-needed-entries$/,
  /^--?version-script[=,]?/,
  /^--?dynamic-list[=,]?/,
  /^--?export-dynamic$/,
  /^-E$/,
  /^--?rpath(-link)?[=,]?/,
  /^-R/,
  /^--?enable-new-dtags$/,
  /^--?disable-new-dtags$/,
  /^--?hash-style[=,]?/,
  /^--?sort-common/,
  /^--?warn-common$/,
  /^--?no-undefined$/,
  /^-h$/,
  /^--?soname[=,]?/,
  /^-Bsymbolic(-functions)?$/,
  /^-z,?(relro|now|noexecstack|nodelete|nodlopen|text|defs|origin)$/,
];
const LINKER_VALUES = new Set([
  "--version-script",
  "-version-script",
  "-rpath",
  "--rpath",
  "-rpath-link",
  "--rpath-link",
]);
for (const name of ["-soname", "--soname", "-h", "-R", "--dynamic-list"]) LINKER_VALUES.add(name);

/** Replaces @FILE by the words in FILE, as GCC reads them. A file that is not there stays a word. */
export function expandResponseFiles(argv: readonly string[], directory: string, depth = 0): readonly string[] {
  return argv.flatMap((word) => {
    if (!word.startsWith("@") || depth > 10) return [word];
    let text: string;
    try {
      text = readFileSync(resolve(directory, word.slice(1)), "utf8");
    } catch {
      return [word];
    }
    return expandResponseFiles(splitWords(text), directory, depth + 1);
  });
}

/** Words by white space, with '…', "…" and \ as in a shell. */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [raw] of text.matchAll(/(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s'"\\])+/g)) {
    words.push(
      raw.replace(/\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g, (_, escaped, single, double) => {
        return escaped ?? single ?? String(double).replace(/\\([\s\S])/g, "$1");
      }),
    );
  }
  return words;
}

/** Reads a user's arguments. */
export function readArguments(argv: readonly string[]): Request {
  const args: string[] = [];
  let output: string | undefined;
  let [verbose, hasInputs, links, hasGlue] = [false, false, true, true];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const value = TAKES_VALUE.has(word) ? argv[i + 1] : undefined;
    if (value !== undefined) i++;
    if (word === "--verbose") verbose = true;
    else if (word === "-o" && value !== undefined) output = value;
    else if (word.startsWith("-o") && word.length > 2 && !word.startsWith("-object")) output = word.slice(2);
    else if (word === "-" || !word.startsWith("-")) {
      hasInputs = true;
      args.push(word);
    } else {
      if (NO_LINK.has(word)) links = false;
      if (["-r", "-nostdlib", "-nodefaultlibs", "-nolibc"].includes(word)) hasGlue = false;
      args.push(...translate(word, value));
    }
  }
  if (!links && output !== undefined) args.push("-o", output);
  return { verbose, hasInputs, links: links && hasInputs, output: output ?? "a.out", hasGlue, args: joinXlinker(args) };
}

function translate(word: string, value: string | undefined): readonly string[] {
  if (value !== undefined) {
    if (word === "-l" && LIBRARIES.has(value)) return [];
    if (word === "-z" && isDropped(`-z${value}`, LINKER_DROPPED)) return [];
    return [word, value];
  }
  if (word.startsWith("-l") && LIBRARIES.has(word.slice(2))) return [];
  if (isDropped(word, DROPPED)) return [];
  // Threads need no other code; programs look for what the option defines.
  if (/^-pthreads?$/.test(word)) return ["-D_REENTRANT"];
  if (!word.startsWith("-Wl,")) return [word];
  const kept = keepLinkerWords(word.slice(4).split(","));
  return kept.length === 0 ? [] : [`-Wl,${kept.join(",")}`];
}

function isDropped(word: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(word));
}

function keepLinkerWords(words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "-z" && isDropped(`-z${words[i + 1]}`, LINKER_DROPPED)) i++;
    else if (isDropped(word, LINKER_DROPPED)) i += LINKER_VALUES.has(word) ? 1 : 0;
    else kept.push(word);
  }
  return kept;
}

/** -Xlinker passes one word each: the words of a run of them are judged together. */
function joinXlinker(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; ) {
    const words: string[] = [];
    for (; args[i] === "-Xlinker" && i + 1 < args.length; i += 2) words.push(args[i + 1] as string);
    if (words.length > 0) joined.push(...keepLinkerWords(words).flatMap((word) => ["-Xlinker", word]));
    else joined.push(args[i++] as string);
  }
  return joined;
}

/** The options that compiling takes: what stands before the user's own, and the overlay, which stands behind them. */
export function compileOptions(
  compiler: Pick<Compiler, "hasSetjmp" | "includeOption">,
  overlay: Overlay,
): CompileOptions {
  return {
    before: [
      // What every compiler took until a few years ago is a warning, not an error: old programs are full of it.
      ...["implicit-int", "implicit-function-declaration", "int-conversion", "incompatible-function-pointer-types"].map(
        (name) => `-Wno-error=${name}`,
      ),
      // wasi-libc's headers refuse what they do not emulate; old code asks for a Unix by this name.
      ...["-D__unix__=1", "-D_WASI_EMULATED_MMAN", "-D_WASI_EMULATED_PROCESS_CLOCKS"],
      ...(compiler.hasSetjmp ? ["-mllvm", "-wasm-enable-sjlj"] : []),
    ],
    after: [compiler.includeOption, overlay.include],
  };
}

/** Options around a user's own. */
export interface CompileOptions {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The options that linking takes. The stack is Linux's 8 MiB: pages that are not touched cost nothing. */
export function linkOptions(compiler: Pick<Compiler, "hasSetjmp">, overlay: Overlay): CompileOptions {
  return {
    // The table is how a signal handler's own signature is known: programs declare them without a parameter too.
    // wasi-libc asks for main() weakly, which takes nothing out of an archive.
    // Streams are read by way of prompt.c.
    before: ["-Wl,-z,stack-size=8388608,--export-table,-u,__main_argc_argv,--wrap=__stdio_read"],
    after: [
      overlay.glue,
      overlay.names,
      ...(compiler.hasSetjmp ? ["-lsetjmp", "-lc-printscan-long-double"] : []),
      ...["-lwasi-emulated-mman", "-lwasi-emulated-process-clocks"],
    ],
  };
}

/** The compiler's arguments for a request; a program is linked to `output`. */
export function commandLine(request: Request, compiler: Compiler, overlay: Overlay, output: string): readonly string[] {
  if (!request.hasInputs) return [...compiler.target, ...request.args];
  const compile = compileOptions(compiler, overlay);
  const link = request.links && request.hasGlue ? linkOptions(compiler, overlay) : { before: [], after: [] };
  return [
    ...["-Wno-unused-command-line-argument", ...compiler.target, ...compile.before, ...link.before],
    ...request.args,
    ...compile.after,
    // An earlier -x would make sources of these.
    ...(link.after.length > 0 && request.args.some((word) => word.startsWith("-x")) ? ["-x", "none"] : []),
    ...link.after,
    ...(request.links ? ["-o", output] : []),
  ];
}
