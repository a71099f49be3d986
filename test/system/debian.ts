// Debian: packages installed when they are missing, and source packages unpacked into the cache with Debian's own patches
// applied, as dpkg-source does it. The machine's package lists stay as they are: sources come through a copy of its
// entries that asks for deb-src, with lists and caches of its own.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { demand, finish } from "./child.js";
import { cacheDirectory, once, progress } from "./place.js";

/** A source package, unpacked. */
export interface Source {
  readonly name: string;
  /** Debian's. */
  readonly version: string;
  readonly directory: string;
}

const INSTALL_LIMIT = 600_000;
const APT = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-o", "APT::Sandbox::User=root"];

const updated = once(async () => {
  progress("apt-get update");
  await demand(["apt-get", ...APT, "update"], { limit: INSTALL_LIMIT });
});

/** The installations that were asked for: one after the other, since builds ask for theirs at the same time. */
let installing: Promise<void> = Promise.resolve();

/** Installs those of the packages that are not there. */
export function ensurePackages(names: readonly string[]): Promise<void> {
  const installed = installing.then(() => installMissing(names));
  installing = installed.catch(() => {});
  return installed;
}

async function installMissing(names: readonly string[]): Promise<void> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", ...names];
  const installed = `${(await finish(query)).stdout}`.split("\n");
  const missing = names.filter((name) => !installed.includes(`${name} installed`));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(`these packages are missing: run as root, or first: apt-get install ${missing.join(" ")}`);
  }
  await updated();
  progress(`apt-get install ${missing.join(" ")}`);
  await demand(["apt-get", ...APT, "install", "-y", "--no-install-recommends", ...missing], {
    limit: INSTALL_LIMIT,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** Whether apt knows a package of that name. */
export async function hasPackage(name: string): Promise<boolean> {
  const known = async (): Promise<boolean> => {
    const policy = await finish(["apt-cache", "policy", name]);
    return /Candidate: [^(]/.test(`${policy.stdout}`);
  };
  if (await known()) return true;
  if (process.getuid?.() !== 0) return false;
  await updated();
  return known();
}

/** The sources that were asked for, by name. */
const sources = new Map<string, Promise<Source>>();

/** What of a source package is wanted. */
export interface Wanted {
  /** Other versions than the newest, where the archive names one that it does not serve. */
  readonly versions?: readonly string[];
  /** The release alone, without Debian's changes, which some mirrors do not serve. */
  readonly release?: true;
}

/**
 * The source package of that name, from the cache or from the machine's archive: the newest version, or where the archive
 * names one that it does not serve, the first of `versions` that it does.
 */
export function fetchSource(name: string, wanted: Wanted = {}): Promise<Source> {
  const source = sources.get(name) ?? unpackSource(name, wanted);
  sources.set(name, source);
  return source;
}

async function unpackSource(name: string, { versions = [], release }: Wanted): Promise<Source> {
  const parent = join(cacheDirectory("source"), name);
  if (!existsSync(parent)) {
    await ensurePackages(["dpkg-dev"]);
    const options = await sourceLists();
    progress(`apt-get source ${name}`);
    const fresh = `${parent}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh);
    try {
      if (release) await fetchRelease(name, options, fresh);
      else await fetchFirst([name, ...versions.map((version) => `${name}=${version}`)], options, fresh);
      renameSync(fresh, parent);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  const entries = readdirSync(parent).map((entry) => join(parent, entry));
  const directory = entries.find((entry) =>
    release ? statSync(entry).isDirectory() : existsSync(join(entry, "debian", "changelog")),
  );
  if (directory === undefined) throw new Error(`${parent} holds no unpacked source: remove it and run again`);
  const version = release
    ? /_(.*)\.orig\.tar/.exec(entries.join("\n"))
    : /\(([^)]+)\)/.exec(readFileSync(join(directory, "debian", "changelog"), "utf8"));
  return { name, version: version?.[1] ?? "", directory };
}

async function fetchRelease(name: string, options: readonly string[], cwd: string): Promise<void> {
  await demand(["apt-get", ...options, "source", "--tar-only", name], { cwd, limit: INSTALL_LIMIT });
  const tar = readdirSync(cwd).find((entry) => /\.orig\.tar\.\w+$/.test(entry));
  if (tar === undefined) throw new Error(`${name} has no release apart from Debian's changes`);
  await demand(["tar", "xf", tar], { cwd });
}

async function fetchFirst(wanted: readonly string[], options: readonly string[], cwd: string): Promise<void> {
  for (const [i, source] of wanted.entries()) {
    try {
      await demand(["apt-get", ...options, "source", source], { cwd, limit: INSTALL_LIMIT });
      return;
    } catch (error) {
      if (i === wanted.length - 1) throw error;
      progress(`${source} is not served`);
    }
  }
}

/** apt's options for lists of sources that are this test's own; fetched once a run. */
const sourceLists = once(async () => {
  const state = cacheDirectory("apt");
  const parts = cacheDirectory("apt", "parts");
  mkdirSync(join(state, "lists", "partial"), { recursive: true });
  for (const old of readdirSync(parts)) rmSync(join(parts, old));
  writeFileSync(join(state, "sources.list"), ""); // apt warns if there is none
  for (const file of ["/etc/apt/sources.list", ...listDirectory("/etc/apt/sources.list.d")]) {
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    if (file.endsWith(".list")) writeFileSync(join(parts, basename(file)), text.replace(/^\s*deb\s/gm, "deb-src "));
    if (file.endsWith(".sources")) {
      writeFileSync(join(parts, basename(file)), text.replace(/^Types:.*$/gim, "Types: deb-src"));
    }
  }
  const options = [
    ...APT,
    ...["-o", `Dir::Etc::sourcelist=${join(state, "sources.list")}`, "-o", `Dir::Etc::sourceparts=${parts}`],
    ...[
      "-o",
      `Dir::State::lists=${join(state, "lists")}`,
      "-o",
      "Dir::Cache::srcpkgcache=",
      "-o",
      "Dir::Cache::pkgcache=",
    ],
  ];
  progress("apt-get update (sources)");
  // One archive of the machine that has no sources makes it fail; `apt-get source` says if what is wanted is not there.
  const update = await finish(["apt-get", ...options, "update"], { limit: INSTALL_LIMIT });
  if (update.status !== "0") progress(update.stderr.trimEnd());
  return options;
});

function listDirectory(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((entry) => join(directory, entry));
}
