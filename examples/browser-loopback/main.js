// Runs a server and a client, both C, on one network in this page.

import { loopbackNetwork, start } from "hawser/browser";

const output = document.querySelector("#output");
const decoder = new TextDecoder();
const print = (chunk) => output.append(decoder.decode(chunk));

const network = loopbackNetwork();
const options = { network, stdout: print, stderr: print };

// What the server prints when it listens is the client's start.
const listening = Promise.withResolvers();
const server = await start("server.wasm", {
  ...options,
  args: ["8080"],
  allow: ["listen:tcp://127.0.0.1:8080"],
  stdout: (chunk) => {
    print(chunk);
    listening.resolve();
  },
});
await listening.promise;

const client = await start("client.wasm", {
  ...options,
  args: ["127.0.0.1", "8080", "hello from a page"],
  allow: ["tcp://127.0.0.1:8080"],
});

const [served, asked] = await Promise.all([server.exited, client.exited]);
output.append(`server: exit status ${served.status}\nclient: exit status ${asked.status}\n`);
