// The page: a terminal, a choice of programs, a bridge. Programs run in a Worker; what they reach, they reach over the bridge.

import { bridgeNetwork, start } from "hawser/browser";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { deviceOf } from "./device.js";

const element = (id) => document.getElementById(id);
const { bridge, token, programs } = await (await fetch("/config.json")).json();

const xterm = new Terminal({
  fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
  fontSize: 14,
  lineHeight: 1.25,
  cursorBlink: true,
  scrollback: 5000,
  theme: {
    background: "#0d1117",
    foreground: "#d7dde6",
    cursor: "#6cb6ff",
    selectionBackground: "#2f4a6d",
    scrollbarSliderBackground: "#2b344099",
    scrollbarSliderHoverBackground: "#3a4657",
    scrollbarSliderActiveBackground: "#4a586c",
    black: "#2b3440",
    red: "#ff7b72",
    green: "#57c785",
    yellow: "#e3b341",
    blue: "#6cb6ff",
    magenta: "#d2a8ff",
    cyan: "#56d4dd",
    white: "#c9d1d9",
    brightBlack: "#6e7a8a",
    brightRed: "#ffa198",
    brightGreen: "#7ee2a8",
    brightYellow: "#f2cc60",
    brightBlue: "#a5d6ff",
    brightMagenta: "#e2c5ff",
    brightCyan: "#8be9f0",
    brightWhite: "#f0f6fc",
  },
});
const fit = new FitAddon();
xterm.loadAddon(fit);
xterm.open(element("screen"));
const refit = () => {
  fit.fit();
  element("size").textContent = `${xterm.cols} × ${xterm.rows}`;
};
new ResizeObserver(refit).observe(element("screen"));
refit();

const STATES = {
  idle: () => "bridge idle",
  connecting: () => "connecting to the bridge",
  connected: ({ psx }) => (psx ? "bridge connected" : "connected to a stock Wisp server"),
  lost: () => "connection lost, resuming",
  down: ({ error }) => error.message,
};

function showBridge(state) {
  const text = STATES[state.state](state);
  element("bridge").dataset.state = state.state;
  element("bridge").title = text;
  element("bridge").querySelector("b").textContent = text;
  element("again").textContent = ["lost", "down"].includes(state.state) ? "Reconnect" : "Run again";
}
showBridge({ state: "idle" });

let chosen = programs[0];
/** What runs, and the number of the run: what an earlier one still says is nobody's any more. */
let running = null;
let runs = 0;

function showProgram(state, text) {
  element("program").dataset.state = state;
  element("program").textContent = text;
  for (const id of ["interrupt", "kill"]) element(id).disabled = state !== "running";
}

const dim = (text) => xterm.write(`\x1b[0m\x1b[2m${text}\x1b[0m\r\n`);

/** What the fields say; shown as a command. */
function wanted() {
  const [host, port] = [element("host").value.trim(), element("port").value.trim()];
  const words = element("arguments").value.trim();
  const args = chosen.args.flatMap((word) => {
    if (word === "{arguments}") return words === "" ? [] : words.split(/\s+/);
    return [word.replace("{host}", host).replace("{port}", port)];
  });
  element("command").textContent = [chosen.name, ...args].join(" ");
  return { host, port, args };
}

/** Ends what runs, and runs the chosen program. */
async function run() {
  const run = ++runs;
  const isCurrent = () => run === runs;
  running?.stop();
  const { host, port, args } = wanted();
  // Shows the cursor again, too.
  xterm.reset();
  xterm.focus();
  showProgram("running", `${chosen.name} starts`);
  const terminal = deviceOf(xterm);
  // A network of its own, so that a run begins with a connection of its own.
  const network = bridgeNetwork({ url: bridge, token, onState: (state) => isCurrent() && showBridge(state) });
  try {
    const guest = await start(chosen.wasm, {
      name: chosen.name,
      args,
      network,
      terminal,
      inWorker: true,
      env: { TERM: "xterm-256color", COLORTERM: "truecolor", LANG: "C.UTF-8" },
      allow: [`tcp://${host.includes(":") ? `[${host}]` : host}:${port}`],
    });
    const stop = () => {
      guest.kill("SIGKILL");
      terminal.close();
    };
    if (!isCurrent()) return stop();
    running = { guest, stop };
    showProgram("running", `${chosen.name} runs`);
    element("engine").textContent = guest.engine;
    const { status, signal } = await guest.exited;
    if (!isCurrent()) return;
    const how = signal === undefined ? `ended with status ${status}` : `was ended by ${signal}`;
    ended(status === 0 ? "ended" : "failed", `${chosen.name} ${how}`);
  } catch (error) {
    if (isCurrent()) ended("failed", error.message);
  } finally {
    terminal.close();
  }
}

function ended(state, text) {
  running = null;
  showProgram(state, text);
  xterm.write("\r\n");
  dim(`${text}. Enter runs it again.`);
}

xterm.onData((keys) => {
  if (running === null && keys === "\r" && runs > 0 && element("program").dataset.state !== "running") void run();
});

async function copy() {
  const text = xterm.getSelection();
  if (text !== "") await navigator.clipboard.writeText(text).catch(() => {});
  xterm.focus();
}

async function paste() {
  const text = await navigator.clipboard.readText().catch(() => "");
  if (text !== "") xterm.paste(text);
  xterm.focus();
}

// Ctrl-C is the program's, unless text is selected. The browser's own paste comes by itself, as for any text field.
xterm.attachCustomKeyEventHandler((event) => {
  if (event.type !== "keydown" || !event.ctrlKey || event.key.toLowerCase() !== "c") return true;
  if (!event.shiftKey && !xterm.hasSelection()) return true;
  event.preventDefault();
  void copy().then(() => xterm.clearSelection());
  return false;
});

function choose(program) {
  chosen = program;
  for (const button of element("programs").children) {
    button.setAttribute("aria-checked", String(button.value === program.name));
  }
  element("host").value = program.host;
  element("port").value = program.port;
  element("arguments").value = program.arguments ?? "";
  document.querySelector("label.arguments").hidden = !program.args.includes("{arguments}");
  if (running === null) wanted();
}

for (const program of programs) {
  const button = document.createElement("button");
  button.type = "button";
  button.value = program.name;
  button.setAttribute("role", "radio");
  for (const [tag, text] of [
    ["strong", program.name],
    ["em", program.size],
    ["small", program.about],
  ]) {
    button.append(Object.assign(document.createElement(tag), { textContent: text }));
  }
  button.addEventListener("click", () => choose(program));
  button.addEventListener("dblclick", () => void run());
  element("programs").append(button);
}
choose(chosen);
showProgram("none", "nothing runs");
xterm.write(
  [
    "\x1b[1mPrograms in C, compiled to WebAssembly, run in this page.\x1b[0m",
    "Their sockets are opened by a bridge; the rest is theirs: keys, signals, the size of this window.",
    "",
    "\x1b[2mChoose one on the left and run it.\x1b[0m\x1b[?25l",
  ].join("\r\n"),
);
element("target").addEventListener("input", () => running === null && wanted());
element("target").addEventListener("submit", (event) => {
  event.preventDefault();
  void run();
});
element("again").addEventListener("click", () => void run());
element("interrupt").addEventListener("click", () => {
  running?.guest.kill("SIGINT");
  xterm.focus();
});
element("kill").addEventListener("click", () => {
  running?.guest.kill("SIGKILL");
  xterm.focus();
});
element("copy").addEventListener("click", () => void copy());
element("paste").addEventListener("click", () => void paste());
xterm.focus();

/** For tests: the lines that are shown. */
globalThis.terminalText = () => {
  const { active } = xterm.buffer;
  const lines = [];
  for (let i = 0; i < active.length; i++) {
    const line = active.getLine(i);
    const text = line?.translateToString(true) ?? "";
    if (line?.isWrapped) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return lines.join("\n").trimEnd();
};
globalThis.terminalSelect = () => xterm.selectAll();
