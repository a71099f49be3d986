// busybox's smaller applets: TLS, mail, the time, scans, pages from standard input to standard output, and a few without a network.

import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { PAGE, sha256 } from "../../test/system/material.js";
import { freePort, listen, peers } from "../../test/system/server.js";
import { startMailServer } from "../luasocket/mail-server.js";
import { slowTlsWeb, tlsWeb } from "../tls-server.js";
import { seen, withBusybox } from "./applet.js";

const BODY = JSON.stringify(PAGE).slice(1, -1);

/** The cases of the smaller applets of the network. */
export const smallCases: readonly Case[] = [
  withBusybox("ssl_client speaks TLS", async ({ run, start }) => {
    const { old, newest, port } = await tlsWeb();
    const ask = (at: number, path: string): Promise<string> =>
      run(["ssl_client", `127.0.0.1:${at}`], `GET /${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
    const session = await ask(old, "session");
    const page = await ask(old, "page.html");
    const signature = await ask(port, "session");
    const version = await ask(newest, "session");
    const plain = await run(["ssl_client", `127.0.0.1:${(await peers()).fin}`], "GET / HTTP/1.0\r\n\r\n");
    const slow = await slowTlsWeb(true);
    const child = await start(["ssl_client", `127.0.0.1:${slow.port}`]);
    await child.write("GET /large.bin HTTP/1.0\r\n\r\n");
    await child.printed("200 OK");
    slow.child.signal("SIGKILL");
    const killed = await child.ended;
    assert.match(session, /TLSv1\.2 ECDHE-RSA-/);
    assert.ok(page.includes(BODY));
    return { session: session.slice(-150), signature, version, plain, killed: killed.status };
  }),
  withBusybox("sendmail sends a mail, says who it is, and tells who is not known", async ({ run }) => {
    const heard: Record<string, readonly string[]> = {};
    const send = async (name: string, words: readonly string[], mail: string): Promise<string> => {
      const { port, lines } = await startMailServer();
      const shown = await run(["sendmail", "-S", `127.0.0.1:${port}`, ...words], mail);
      heard[name] = lines.map((line) => line.replace(/^(EHLO|HELO) .*/, "$1"));
      return shown;
    };
    const mail =
      "Subject: größer\nTo: bob@mail.example, Carol <carol@mail.example>\n\na line\n.\n..two dots\nthe end\n";
    const told = await send("named", ["-f", "alice@mail.example", "bob@mail.example"], mail);
    const read = await send("read", ["-t", "-f", "alice@mail.example"], mail);
    const secret = ["-aualice", "-apsecret", "-f", "alice@mail.example", "bob@mail.example"];
    const password = await send("password", secret, mail);
    const stranger = await send("stranger", ["-f", "alice@mail.example", "dave@mail.example"], mail);
    const hangup = await send("hangup", ["-f", "hangup@mail.example", "bob@mail.example"], mail);
    const nobody = await run(["sendmail", "-S", `127.0.0.1:${await freePort()}`, "-f", "a@b", "c@d"], mail);
    assert.ok(heard["read"]?.includes("RCPT TO:<carol@mail.example>"));
    return { told, read, password, stranger, hangup, nobody, ...heard };
  }),
  withBusybox("rdate tells the time of a server, and gives up on a silent one", async ({ start }) => {
    const [port, short, mute] = [
      await listen((socket) => socket.end(Buffer.from([0xed, 0x7e, 0x51, 0x80]))),
      await listen((socket) => socket.end("xy")),
      await listen(() => {}),
    ];
    const ask = async (at: number): Promise<string> =>
      seen(await (await start(["rdate", "-p", `127.0.0.1:${at}`], { TZ: "UTC" })).ended);
    const [time, cut, silent, nobody] = await Promise.all([
      ask(port),
      ask(short),
      ask(mute),
      ask((await peers()).refused),
    ]);
    assert.match(time, /2026/);
    assert.match(silent, /timeout connecting to time server/);
    return { time, cut, silent, nobody };
  }),
  withBusybox("pscan finds an open port, a closed one, and one that is silent", async ({ run }) => {
    const { echo, refused, silent } = await peers();
    const seen: Record<string, string> = {};
    for (const [name, port] of Object.entries({ echo, refused, silent })) {
      const shown = await run(["pscan", "-c", "-b", "-t", "500", "-p", `${port}`, "-P", `${port}`, "127.0.0.1"]);
      seen[name] = shown.replaceAll(`${port}`, "PORT");
    }
    assert.match(seen["echo"] ?? "", /open.*1 open/);
    assert.match(seen["refused"] ?? "", /closed.*1 closed/);
    const unknown = await run(["pscan", "nowhere.invalid"]);
    return { ...seen, unknown };
  }),
];

/** The cases of what needs no network. */
export const plainCases: readonly Case[] = [
  withBusybox("httpd -i answers a request on its standard input", async ({ run, directory }) => {
    writeFileSync(join(directory, "page.html"), PAGE);
    writeFileSync(join(directory, "private.txt"), "hidden from most\n");
    writeFileSync(join(directory, "configuration"), "/private.txt:alice:secret\n.own:text/x-own\nE404:missing.html\n");
    writeFileSync(join(directory, "missing.html"), "there is no such page\n");
    writeFileSync(join(directory, "a.own"), "own\n");
    const ask = async (line: string, ...headers: readonly string[]): Promise<string> => {
      const request = [`${line} HTTP/1.1`, "Host: here", ...headers, "", ""].join("\r\n");
      const answer = await run(["httpd", "-i", "-c", "configuration"], request);
      return answer.replace(/(Date|Last-Modified|ETag): .*?\\r/g, "$1: …\\r");
    };
    const page = await ask("GET /page.html");
    const shown = {
      head: await ask("HEAD /page.html"),
      part: await ask("GET /page.html", "Range: bytes=100-149"),
      own: await ask("GET /a.own"),
      missing: await ask("GET /nothing"),
      none: await ask("GET /private.txt"),
      wrong: await ask("GET /private.txt", `Authorization: Basic ${btoa("alice:guess")}`),
      right: await ask("GET /private.txt", `Authorization: Basic ${btoa("alice:secret")}`),
      outside: await ask("GET /../../etc/passwd"),
      posted: await ask("POST /page.html", "Content-Length: 0"),
      nonsense: await ask("nonsense"),
    };
    assert.ok(page.includes(BODY));
    assert.match(shown.right, /hidden from most/);
    assert.match(shown.missing, /there is no such page/);
    return { page: sha256(page), ...shown };
  }),
  withBusybox("echoes, prints, counts digests, and checks them", async ({ run, directory }) => {
    writeFileSync(join(directory, "a"), "a file\n");
    writeFileSync(join(directory, "b"), Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251)));
    const sums = await run(["sha256sum", "a", "b"]);
    writeFileSync(join(directory, "sums"), `${JSON.parse(sums).stdout}${"0".repeat(64)}  a\n`);
    const shown = {
      echo: await run(["echo", "-e", "a\\tb\\x41", "größer"]),
      printf: await run(["printf", "%s|%5d|%-4x|%c|%b|%.3f\n", "word", "42", "255", "xyz", "a\\nb", "3.14159"]),
      wrong: await run(["printf", "%d\n", "no number"]),
      true: await run(["true"]),
      false: await run(["false"]),
      cat: await run(["cat", "a", "-", "missing"], "from standard input\n"),
      md5: await run(["md5sum", "a", "b", "-"], "x"),
      checked: await run(["sha256sum", "-c", "sums"]),
    };
    assert.ok(sums.includes(sha256("a file\n")));
    return { sums, ...shown };
  }),
  withBusybox("explains itself, and refuses wrong arguments", async ({ run }) => {
    const wrong: readonly (readonly string[])[] = [
      ...[[], ["--list"], ["nothing"], ["wget"], ["wget", "--nothing"], ["wget", "-T", "x", "http://127.0.0.1/"]],
      ...[["nc"], ["nc", "-x"], ["nc", "-w", "x"], ["telnet"], ["telnet", "a", "b", "c"], ["nslookup"]],
      ...[["nslookup", "-nothing"], ["whois"], ["ftpget"], ["ftpget", "127.0.0.1"], ["ftpput", "-x"], ["tftp"]],
      ...[
        ["tftp", "-g", "127.0.0.1"],
        ["tftp", "-g", "-p", "-r", "x", "127.0.0.1"],
        ["tftp", "-g", "-r", "x", "-b", "3"],
      ],
      ...[["dnsd", "-p", "x"], ["dnsd", "-i", "nonsense"], ["pscan"], ["pscan", "-p", "9", "-P", "8", "127.0.0.1"]],
      ...[["ssl_client"], ["rdate"], ["sendmail", "-x"], ["httpd", "-x"], ["md5sum", "-x"], ["wget", "--help"]],
    ];
    const shown: Record<string, string> = {};
    // What of an option is wrong, getopt() says: that sentence is libc's.
    for (const words of wrong)
      shown[words.join(" ")] = (await run(words)).replace(/(unrecognized|invalid) option.*?\\n/, "wrong option\\n");
    assert.match(shown["wget"] ?? "", /Usage: wget/);
    return shown;
  }),
];
