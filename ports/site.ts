// A site of linked pages at a real nginx of its own, for what follows links, asks for passwords, and is cut off. Owns its
// configuration; the pages and the large file of the other tests are test/system/server.ts's.

import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Child, start } from "../test/system/child.js";
import { ensurePackages } from "../test/system/debian.js";
import { once } from "../test/system/place.js";
import { freePort, reachable, temporaryDirectory } from "../test/system/server.js";

/** A running site. */
export interface Site {
  readonly port: number;
  readonly child: Child;
}

/** The files, by their paths. */
const FILES: Readonly<Record<string, string>> = {
  "index.html":
    '<a href="a.html">a</a> <a href="/deep/b.html">b</a> <a href="missing.html">m</a> <img src="dot.gif"> <a href="away">away</a>\n',
  "a.html": '<a href="index.html">back</a> <a href="deep/c.txt">c</a>\n',
  "dot.gif": "GIF89a, says its name\n",
  "deep/b.html": '<a href="../a.html">a</a> <a href="deeper/d.html">d</a>\n',
  "deep/c.txt": "c\n",
  "deep/deeper/d.html": "the end\n",
  "robots.txt": "User-agent: *\nDisallow: /hidden/\n",
  "private/secret.txt": "hidden from most\n",
  "part.txt": Array.from({ length: 1000 }, (_, i) => `line ${i} of a file that is fetched in parts\n`).join(""),
  "slow.bin": "s".repeat(2_000_000),
};

/** When all the files were last changed, as far as they tell: seconds. */
export const CHANGED = 1_600_000_000;

/** Starts a site; whoever asked for it may kill it. */
export async function startSite(): Promise<Site> {
  await ensurePackages(["nginx-light"]);
  const [port, directory] = [await freePort(), temporaryDirectory()];
  for (const [name, content] of Object.entries(FILES)) {
    const path = join(directory, "www", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, CHANGED, CHANGED);
  }
  mkdirSync(join(directory, "temporary"));
  writeFileSync(join(directory, "passwords"), "alice:{PLAIN}secret\n", { mode: 0o644 });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${directory}/temporary/${name};`)
    .join(" ");
  writeFileSync(
    join(directory, "nginx.conf"),
    `daemon off; master_process off; pid ${directory}/pid; error_log stderr error;
events { worker_connections 64; }
http {
  access_log off; ${temporary}
  types { text/html html; text/plain txt; image/gif gif; }
  server {
    listen 127.0.0.1:${port};
    root ${directory}/www;
    location = /away { return 302 http://127.0.0.1:${port}/deep/b.html; }
    location = /cookie { add_header Set-Cookie "taste=sweet; Path=/"; return 200 "had: $http_cookie\\n"; }
    location = /broken { return 503; }
    location /private/ { auth_basic "site"; auth_basic_user_file ${directory}/passwords; }
    location = /slow.bin { limit_rate 100k; }
  }
}
`,
  );
  const child = await start(["nginx", "-p", directory, "-c", join(directory, "nginx.conf"), "-e", "stderr"], {
    limit: 3_600_000,
  });
  await reachable(port, child);
  return { port, child };
}

/** The site that all cases share. */
export const site: () => Promise<Site> = once(startSite);
