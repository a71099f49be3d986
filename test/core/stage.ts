// A core that scripts are played on one after the other: each leaves it as it found it, which is checked, so that making a new
// one is only needed after a failure or an end that cannot be taken back.

import { DISPOSITION_CATCH, SA_RESTART, SIGPIPE, SIGUSR1, SIGUSR2 } from "../../assembly/shared/signal.js";
import { AF_INET, SO_RCVBUF, SO_SNDBUF, SOCK_STREAM, SOL_SOCKET } from "../../assembly/shared/socket.js";
import { F_DUPFD, F_SETFL } from "../../assembly/shared/fcntl.js";
import { make } from "./calls.js";
import { close } from "./calls-table.js";
import { Cast, KEPT, type Rooms } from "./cast.js";
import { FakeHost } from "./fake-host.js";
import { Guest, PAGES } from "./guest.js";
import { handlerEntry } from "./handler-entry.js";
import { TerminalModel } from "./model-pipe.js";
import { Player } from "./player.js";
import type { Step } from "./step.js";
import { Violation } from "./wire.js";

const TERMINAL_TYPE = 0;

export class Stage {
  readonly #host: FakeHost;
  readonly #player: Player;
  readonly #cast: Cast;
  readonly #handled: Map<number, number>;
  readonly #terminals: TerminalModel[] = [];
  readonly #heap: number;
  #pages = 0;
  #pipesSeen = 0;
  #signalsSeen = 0;

  private constructor(host: FakeHost, handled: Map<number, number>, rooms: Rooms, first: number) {
    this.#host = host;
    this.#handled = handled;
    this.#player = new Player(host);
    this.#cast = new Cast(this.#player, rooms);
    // Duplicates of 0, 1 and 2 are kept, so that a script may close those.
    for (let i = 0; i < 3; i++) {
      const model = new TerminalModel(i, rooms.send);
      this.#terminals.push(model);
      this.#player.wire.add(first + i, 0, TERMINAL_TYPE, model, "connected");
      this.#cast.install(i, model);
      this.#player.guest.call("fcntl", i, F_DUPFD, KEPT + i);
      this.#cast.install(KEPT + i, model);
    }
    // Buffers that these keep are made before the count begins.
    const everything: Step[] = [0, 1, 2].flatMap((a) => [
      { op: "write", a, b: 1, c: 0, net: 0 },
      { op: "poll", a, b: 0, c: 2, net: 0 },
    ]);
    this.#play(everything);
    this.#heap = host.core.kernel_heap();
  }

  static async create(shared: boolean): Promise<Stage> {
    const handled = new Map<number, number>();
    const count = (signal: number): void => {
      handled.set(signal, (handled.get(signal) ?? 0) + 1);
    };
    const exports = {
      memory: new WebAssembly.Memory({ initial: PAGES }),
      __hawser_signal: await handlerEntry(count),
    };
    const host = await FakeHost.create(exports, shared);
    for (const [signal, flags] of [
      [SIGUSR1, 0],
      [SIGUSR2, SA_RESTART],
      [SIGPIPE, SA_RESTART],
    ]) {
      host.core["sigaction"]!(signal ?? 0, DISPOSITION_CATCH, flags ?? 0, 0, 0);
    }
    return new Stage(host, handled, Stage.#rooms(host), host.firstTerminal);
  }

  /** What the core says of its buffers. */
  static #rooms(host: FakeHost): Rooms {
    const guest = new Guest(host);
    const fd = guest.call("socket", AF_INET, SOCK_STREAM, 0);
    const rooms = {
      send: guest.option(fd, SOL_SOCKET, SO_SNDBUF),
      receive: guest.option(fd, SOL_SOCKET, SO_RCVBUF),
    };
    guest.call("fd_close", fd);
    guest.call("sched_yield");
    return rooms;
  }

  get trace(): readonly string[] {
    return this.#player.trace;
  }

  /** Plays a script, clears up, and looks whether anything is left. */
  play(script: readonly Step[]): void {
    this.#play(script);
    const { core } = this.#host;
    const need = (condition: boolean, text: string): void => this.#player.need(condition, text);
    need(core.kernel_sockets() === 3, `${core.kernel_sockets() - 3} sockets are left`);
    need(core.kernel_heap() === this.#heap, `the heap has ${core.kernel_heap() - this.#heap} bytes more`);
    const pages = core.memory.buffer.byteLength >> 16;
    need(pages < 1024, "the core's memory grows");
    this.#pages = Math.max(this.#pages, pages);
  }

  #play(script: readonly Step[]): void {
    const player: Player = this.#player;
    player.begin(script);
    for (let step = player.next(); step !== undefined; step = player.next()) {
      make(this.#cast, step);
      if (player.owed.length > 1) throw new Violation("more is asked of the network than one call can wait for");
    }
    this.#clear();
  }

  /** Closes everything, lets the network give back all that it has. */
  #clear(): void {
    const player: Player = this.#player;
    const cast = this.#cast;
    const { guest, wire } = player;
    player.say("clear");
    player.step = { op: "clear", a: 0, b: 0, c: 0, net: 0 };
    for (const fd of cast.open) close(cast, fd);
    for (let i = 0; i < 3; i++) {
      guest.call("fcntl", KEPT + i, F_SETFL, 0);
      guest.call("dup2", KEPT + i, i);
      const terminal = this.#terminals[i]!;
      terminal.nonblocking = false;
      cast.install(i, terminal);
    }
    for (const line of [...wire.lines.values()]) if (line.closing) player.happenings.finish(line);
    for (const [i, terminal] of this.#terminals.entries()) {
      while (terminal.unread > 0) make(cast, { op: "read", a: i, b: 13, c: 0, net: 0 });
      const line = wire.lineOf(terminal);
      if (line !== undefined) player.happenings.happen({ op: "sent", a: 0, b: 1, c: 0, net: 0 });
    }
    while ([...wire.lines.values()].some(({ sends }) => sends.length > 0)) {
      player.happenings.happen({ op: "sent", a: 0, b: 1, c: 0, net: 0 });
    }
    guest.call("sched_yield");
    this.#checkSignals();
  }

  #checkSignals(): void {
    const player: Player = this.#player;
    const caught = (this.#handled.get(SIGUSR1) ?? 0) + (this.#handled.get(SIGUSR2) ?? 0);
    const raised = player.signalled - this.#signalsSeen;
    this.#signalsSeen = player.signalled;
    // A signal that is pending twice is one.
    player.need(
      raised === 0 ? caught === 0 : caught > 0 && caught <= raised,
      `${caught} handlers ran for ${raised} signals`,
    );
    const pipes = this.#handled.get(SIGPIPE) ?? 0;
    this.#handled.clear();
    player.need(
      pipes === player.pipes - this.#pipesSeen,
      `SIGPIPE ${pipes} times, not ${player.pipes - this.#pipesSeen}`,
    );
    this.#pipesSeen = player.pipes;
  }
}
