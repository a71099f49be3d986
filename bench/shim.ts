// The baseline: bench/client.c's modes on @bytecodealliance/preview2-shim, called as a transpiled component calls it.
// Runs as a process of its own, `node shim.mjs MODE PORT COUNT`, and prints the same line as the client. Of several
// ways to do an operation it takes the one with the fewest calls.

interface Pollable {
  block(): void;
}
interface Input {
  blockingRead(length: bigint): Uint8Array;
  subscribe(): Pollable;
}
interface Output {
  blockingWriteAndFlush(bytes: Uint8Array): void;
}
interface TcpSocket {
  startConnect(network: unknown, address: unknown): void;
  finishConnect(): [Input, Output];
  subscribe(): Pollable;
}
interface Sockets {
  readonly instanceNetwork: { instanceNetwork(): unknown };
  readonly tcpCreateSocket: { createTcpSocket(family: "ipv4"): TcpSocket };
}
interface Io {
  readonly poll: { poll(pollables: readonly Pollable[]): Uint32Array };
}
interface Clocks {
  readonly monotonicClock: { subscribeDuration(nanoseconds: bigint): Pollable };
}
interface Session {
  readonly socket: TcpSocket;
  readonly input: Input;
  readonly output: Output;
}

// Installed beside this program, not beside its source: the name is resolved at run time.
const shim: string = "@bytecodealliance/preview2-shim";
const { instanceNetwork, tcpCreateSocket } = (await import(`${shim}/sockets`)) as Sockets;
const { poll } = (await import(`${shim}/io`)) as Io;
const { monotonicClock } = (await import(`${shim}/clocks`)) as Clocks;

const SMALL = 64;
const BULK = 64 * 1024;
const SOCKETS = 512;
const bulk = new Uint8Array(BULK);
const small = bulk.subarray(0, SMALL);
const network = instanceNetwork.instanceNetwork();
const dispose = ((Symbol as { dispose?: symbol }).dispose ?? Symbol.for("dispose")) as keyof object;

const [mode = "", port = "", amount = ""] = process.argv.slice(2);
const count = Number(amount);
const address = { tag: "ipv4", val: { address: [127, 0, 0, 1], port: Number(port) } };

function drop(resource: object): void {
  (resource[dispose] as () => void).call(resource);
}

function dial(): Session {
  const socket = tcpCreateSocket.createTcpSocket("ipv4");
  socket.startConnect(network, address);
  const connected = socket.subscribe();
  connected.block();
  drop(connected);
  const [input, output] = socket.finishConnect();
  return { socket, input, output };
}

function recvTotal(input: Input, total: number, most: number): void {
  let left = total;
  while (left > 0) left -= input.blockingRead(BigInt(Math.min(left, most))).length;
}

function openSession(job: string, total: number): Session {
  const session = dial();
  const header = new DataView(new ArrayBuffer(9));
  header.setUint8(0, job.charCodeAt(0));
  header.setBigUint64(1, BigInt(total), true);
  session.output.blockingWriteAndFlush(new Uint8Array(header.buffer));
  recvTotal(session.input, 1, 1);
  return session;
}

function sendTotal(session: Session, total: number, piece: Uint8Array): void {
  for (let left = total; left > 0; left -= piece.length) {
    session.output.blockingWriteAndFlush(left < piece.length ? piece.subarray(0, left) : piece);
  }
  recvTotal(session.input, 1, 1);
}

function connects(): void {
  for (let i = 0; i < count; i++) {
    const { socket, input, output } = dial();
    drop(input);
    drop(output);
    drop(socket);
  }
}

function openPolled(): { sessions: Session[]; pollables: Pollable[] } {
  const sessions = Array.from({ length: SOCKETS }, () => openSession("e", 0));
  return { sessions, pollables: sessions.map((session) => session.input.subscribe()) };
}

function pollRounds({ sessions, pollables }: ReturnType<typeof openPolled>): void {
  for (let round = 0; round < count; round++) {
    sessions[(round * 7) % SOCKETS]?.output.blockingWriteAndFlush(small);
    for (const ready of poll.poll(pollables)) {
      const session = sessions[ready];
      if (session !== undefined) recvTotal(session.input, SMALL, SMALL);
    }
  }
}

function idlePolls({ pollables }: ReturnType<typeof openPolled>): void {
  for (let i = 0; i < count; i++) {
    const now = monotonicClock.subscribeDuration(0n);
    poll.poll([...pollables, now]);
    drop(now);
  }
}

/** Opens what a mode needs, which is not timed, and gives the work, which is. */
function prepare(): () => void {
  switch (mode) {
    case "pingpong": {
      const { input, output } = openSession("e", 0);
      return () => {
        for (let i = 0; i < count; i++) {
          output.blockingWriteAndFlush(small);
          recvTotal(input, SMALL, SMALL);
        }
      };
    }
    case "stream64":
    case "bulkrecv": {
      const { input } = openSession("f", count);
      return () => recvTotal(input, count, mode === "bulkrecv" ? BULK : SMALL);
    }
    case "send64":
    case "bulksend": {
      const session = openSession("s", count);
      return () => sendTotal(session, count, mode === "bulksend" ? bulk : small);
    }
    case "connect":
      return connects;
    case "poll":
    case "idlepoll": {
      const polled = openPolled();
      return () => (mode === "poll" ? pollRounds(polled) : idlePolls(polled));
    }
    default:
      throw new Error(`no mode ${mode}`);
  }
}

const work = prepare();
const start = process.hrtime.bigint();
work();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ mode, count, seconds }));
process.exit(0); // the shim's own thread would stay

export {};
