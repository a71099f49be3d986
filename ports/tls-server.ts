// nginx over TLS, on the loopback: certificates that openssl makes for the run, and a server for each of their habits.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, demand, start } from "../test/system/child.js";
import { ensurePackages } from "../test/system/debian.js";
import { largeFile, PAGE } from "../test/system/material.js";
import { once } from "../test/system/place.js";
import { freePort, reachable, temporaryDirectory, web } from "../test/system/server.js";

/** A certificate and its key, in PEM files. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates of one authority, but for `stranger`, which is another's. */
export interface Identities {
  readonly directory: string;
  /** The authority's certificate. */
  readonly authority: string;
  /** For 127.0.0.1 and localhost. */
  readonly server: Identity;
  /** For other.example. */
  readonly other: Identity;
  /** For 127.0.0.1 and localhost, in January 2020. */
  readonly expired: Identity;
  readonly client: Identity;
  /** The client's key behind the password "secret". */
  readonly lockedKey: string;
  readonly stranger: Identity;
}

/** The certificates, made once a run. */
export const identities: () => Promise<Identities> = once(async () => {
  await ensurePackages(["openssl"]);
  const directory = temporaryDirectory();
  const path = (name: string): string => join(directory, name);
  const openssl = (...words: readonly string[]): Promise<string> => demand(["openssl", ...words], { cwd: directory });
  for (const name of ["index.txt", "index.txt.attr"]) writeFileSync(path(name), "");
  writeFileSync(
    path("ca.cnf"),
    `[ca]
default_ca = own
[own]
dir = .
database = ./index.txt
new_certs_dir = .
certificate = ./authority.pem
private_key = ./authority.key
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
`,
  );
  const sign = async (name: string, subject: string, names: string, dates: readonly string[]): Promise<Identity> => {
    const identity = { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
    const request = ["-subj", `/CN=${subject}`, "-nodes", "-newkey", "rsa:2048", "-keyout", identity.key];
    await openssl("req", "-new", ...request, "-out", path(`${name}.csr`));
    writeFileSync(path(`${name}.ext`), `basicConstraints = CA:FALSE\nsubjectAltName = ${names}\n`);
    await openssl(
      ...["ca", "-batch", "-notext", "-config", "ca.cnf", "-in", `${name}.csr`, "-out", identity.certificate],
      ...["-extfile", `${name}.ext`, ...dates],
    );
    return identity;
  };
  const alone = async (name: string, subject: string): Promise<Identity> => {
    const identity = { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
    await openssl(
      ...["req", "-x509", "-subj", `/CN=${subject}`, "-nodes", "-newkey", "rsa:2048", "-days", "30"],
      ...["-addext", "keyUsage = keyCertSign, digitalSignature", "-keyout", identity.key, "-out", identity.certificate],
    );
    return identity;
  };
  const authority = await alone("authority", "Hawser test authority");
  const stranger = await alone("stranger", "localhost");
  const own = "IP:127.0.0.1, DNS:localhost";
  const days = ["-days", "30"];
  const server = await sign("server", "localhost", own, days);
  const other = await sign("other", "other.example", "DNS:other.example", days);
  const past = ["-startdate", "20200101000000Z", "-enddate", "20200131000000Z"];
  const expired = await sign("expired", "localhost", own, past);
  const client = await sign("client", "A client", "email:client@hawser.example", days);
  const lockedKey = path("locked.key");
  await openssl("rsa", "-traditional", "-des3", "-passout", "pass:secret", "-in", client.key, "-out", lockedKey);
  return { directory, authority: authority.certificate, server, other, expired, client, lockedKey, stranger };
});

/** A running nginx, by what its ports do. */
export interface TlsWeb {
  /** TLS 1.2 and 1.3, and all that the other one of web() has; /session says what was agreed on. */
  readonly port: number;
  readonly expired: number;
  /** It wants a certificate of the client. */
  readonly strict: number;
  readonly stranger: number;
  /** TLS 1.3 only. */
  readonly newest: number;
  /** TLS 1.2 with signatures of SHA-1, which a client without signature_algorithms gets. */
  readonly old: number;
}

const OLD = ["ssl_protocols TLSv1.2;", "ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0;"];

/** nginx over TLS. */
export const tlsWeb: () => Promise<TlsWeb> = once(async () => {
  const ports = { port: 0, expired: 0, strict: 0, stranger: 0, newest: 0, old: 0 };
  for (const name of Object.keys(ports) as (keyof TlsWeb)[]) ports[name] = await freePort();
  const { authority, server, other, expired, stranger } = await identities();
  const site = (port: number, { certificate, key }: Identity, ...lines: readonly string[]): string =>
    ["server {", `listen 127.0.0.1:${port} ssl;`, `ssl_certificate ${certificate};`, `ssl_certificate_key ${key};`]
      .concat([...lines, "include site.conf;", "}"])
      .join("\n");
  await startTlsNginx(
    [
      site(ports.port, server, "server_name localhost;", "ssl_session_cache shared:own:1m;"),
      site(ports.port, other, "server_name other.example;"),
      site(ports.expired, expired),
      site(ports.strict, server, `ssl_client_certificate ${authority};`, "ssl_verify_client on;"),
      site(ports.stranger, stranger),
      site(ports.newest, server, "ssl_protocols TLSv1.3;"),
      site(ports.old, server, ...OLD),
    ],
    ports.port,
  );
  return ports;
});

/** One more nginx over TLS, which sends slowly, for a case that ends it; `old`: as the port of that name. */
export async function slowTlsWeb(old = false): Promise<{ readonly port: number; readonly child: Child }> {
  const port = await freePort();
  const { certificate, key } = (await identities()).server;
  const lines = ["server {", `listen 127.0.0.1:${port} ssl;`, `ssl_certificate ${certificate};`];
  lines.push(`ssl_certificate_key ${key};`, ...(old ? OLD : []), "limit_rate 200k;", "include site.conf;", "}");
  return { port, child: await startTlsNginx([lines.join("\n")], port) };
}

async function startTlsNginx(sites: readonly string[], port: number): Promise<Child> {
  const { port: plain } = await web();
  const directory = temporaryDirectory();
  for (const name of ["www", "temporary"]) mkdirSync(join(directory, name));
  writeFileSync(join(directory, "www", "page.html"), PAGE);
  writeFileSync(
    join(directory, "site.conf"),
    `root ${directory}/www;
location = /large.bin { alias ${(await largeFile(100)).path}; }
location = /session { return 200 "$ssl_protocol $ssl_cipher $ssl_session_reused $ssl_server_name $ssl_client_s_dn\\n"; }
location = /closing { keepalive_timeout 0; return 200 "$ssl_session_reused\\n"; }
location /mirror {
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_request_buffering off;
  proxy_pass http://127.0.0.1:${plain};
}
`,
  );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${directory}/temporary/${name};`,
  );
  writeFileSync(
    join(directory, "nginx.conf"),
    `daemon off;
master_process off;
pid ${directory}/pid;
error_log stderr crit;
events { worker_connections 256; }
http {
access_log off;
types { text/html html; }
default_type application/octet-stream;
${temporary.join("\n")}
${sites.join("\n")}
}
`,
  );
  const command = ["nginx", "-p", directory, "-c", join(directory, "nginx.conf"), "-e", "stderr"];
  const child = await start(command, { limit: 3_600_000 });
  await reachable(port, child);
  return child;
}
