// A stream socket between two ends of one network: the state, the two pipes, the end and the break of a connection. Owns
// the one writer of a stream's state; how an address is found is tcp.ts's and unix-stream.ts's.
//
//   idle --connect--> connecting --> connected --close--> lingering --> closed
//    ^  \--listen--> listening           |
//    +--- abort, failed -----------------+

import { ECONNRESET, EINVAL, EISCONN, ENOTCONN, EOPNOTSUPP, EPIPE } from "../../assembly/shared/errno.js";
import { AF_UNIX, SHUT_RD, SHUT_WR } from "../../assembly/shared/socket.js";
import type { Address } from "../address.js";
import { Backlog } from "./backlog.js";
import type { Fabric } from "./fabric.js";
import { Pipe } from "./pipe.js";
import { NOBODY, type Owner, Socket } from "./socket.js";

/** Where a stream stands. */
export type StreamState = "idle" | "connecting" | "connected" | "listening" | "lingering" | "closed";

/** A stream. */
export abstract class Stream extends Socket {
  /** Written by setState() only. */
  state: StreamState = "idle";
  /** While listening. */
  backlog: Backlog | null = null;
  protected readonly fabric: Fabric;
  private mate: Stream | null = null;
  private input: Pipe | null = null;
  private output: Pipe | null = null;
  /** A receive() that came before the connection stood. */
  private early: { pointer: number; capacity: number } | null = null;
  /** Bytes of sends that are the guest's again and not told yet. */
  private returned = 0;
  private dataQueued = false;
  private endQueued = false;
  /** The connection is broken with this errno; it is told once what came before was read. 0: it is not. */
  private broken = 0;
  /** The connection ended in good order at the other side before it broke. */
  private peerEnded = false;
  /** end() was told. */
  private endTold = false;
  /** AF_UNIX: the peer has closed in good order, and not only ended its direction. */
  private hungUp = false;

  constructor(fabric: Fabric, owner: Owner, id: number, domain: number, type: number) {
    super(owner, id, domain, type, fabric.window);
    this.fabric = fabric;
  }

  /** The other end, even if it has closed. */
  protected get other(): Stream | null {
    return this.mate;
  }

  /** This end's address as its guest sees it. */
  abstract localAddress(): Address;
  /** The other end's. */
  abstract peerAddress(): Address;
  /** Lets go of what belongs to one connection or attempt: the pair of addresses, a port that nobody asked for. */
  protected abstract releaseConnection(): void;
  /** Lets go of the name or port as well. */
  protected abstract releaseName(): void;
  /** A new stream for the listening side of a connection from `client`. */
  abstract embryo(client: Stream): Stream;
  /** Prepares listening: binds what is not bound. 0 or errno. */
  protected abstract prepareListen(): number;

  protected setState(state: StreamState): void {
    this.state = state;
  }

  /** Connects this stream with another (or with itself). Nothing is told. */
  join(other: Stream): void {
    const there = new Pipe(other.window);
    const back = this === other ? there : new Pipe(this.window);
    this.link(other, back, there);
    if (this !== other) other.link(this, there, back);
  }

  private link(mate: Stream, input: Pipe, output: Pipe): void {
    this.setState("connected");
    this.mate = mate;
    this.input = input;
    this.output = output;
    this.broken = 0;
    this.peerEnded = false;
    this.endTold = false;
    this.hungUp = false;
    this.dataQueued = false;
    this.endQueued = false;
  }

  /** Tells that the connection stands, and takes up what came before. */
  established(): void {
    this.owner.events.connected(this.id, this.localAddress(), this.peerAddress());
    const { early } = this;
    this.early = null;
    if (early !== null && this.state === "connected") this.receive(early.pointer, early.capacity);
  }

  /** Becomes the guest's: what happened meanwhile is told. */
  adopt(owner: Owner, id: number): void {
    this.owner = owner;
    this.guest = owner;
    this.id = id;
    if (this.broken !== 0) this.fabric.queue.push(() => this.settleBreak());
  }

  override receive(pointer: number, capacity: number): void {
    if (this.state === "connecting" || this.state === "idle") {
      this.early = { pointer, capacity };
      return;
    }
    if (this.state !== "connected" || this.input === null) {
      this.owner.events.failed(this.id, ENOTCONN);
      return;
    }
    this.input.read(this.owner.memory, pointer, capacity);
    this.flow(this.input, false);
    this.settleBreak();
  }

  override send(pointer: number, length: number): void {
    const { output, mate } = this;
    // A guest that sends to what is idle has not heard yet that it broke; that takes back this memory too.
    if (this.state === "idle") return;
    if (this.state !== "connected" || output === null || mate === null) {
      this.owner.events.failed(this.id, ENOTCONN);
    } else if (this.broken !== 0) {
      this.fail(this.broken);
    } else if (output.ended) {
      this.fail(EPIPE);
    } else if (output.deserted) {
      this.sendToNobody(length, mate);
    } else {
      output.write(this.owner.memory, pointer, length);
      this.flow(output, true);
    }
  }

  override attach(token: number, length: number): void {
    const { output, mate } = this;
    let errno = 0;
    if (output === null || mate === null || output.ended || output.deserted || this.broken !== 0) errno = EPIPE;
    else if (mate.guest !== this.owner) errno = EOPNOTSUPP;
    else output.attach(token, length);
    this.owner.events.option(this.id, errno);
  }

  /** The peer has closed. TCP hears of it by a reset that answers the bytes (RFC 9293, 3.10.7.4); AF_UNIX knows at once. */
  private sendToNobody(length: number, mate: Stream): void {
    if (this.domain === AF_UNIX) {
      this.fail(EPIPE);
      return;
    }
    this.owner.events.sent(this.id, 0, length);
    this.break(this.peerEnded ? EPIPE : ECONNRESET);
    mate.vanish();
  }

  /** Moves bytes through a pipe that this stream reads or writes; `direct`: its own writer may be told in this call. */
  private flow(pipe: Pipe, direct: boolean): void {
    const writer = pipe === this.output ? this : this.mate;
    const reader = pipe === this.input ? this : this.mate;
    const taken = pipe.flow();
    if (taken > 0) writer?.giveBack(taken, direct && writer === this);
    if (reader !== null && reader.input === pipe) reader.noteInput(pipe);
    if (writer !== null && writer.state === "lingering") writer.settleLinger();
  }

  private giveBack(length: number, now: boolean): void {
    if (now) {
      this.owner.events.sent(this.id, 0, length);
      return;
    }
    this.returned += length;
    if (this.returned > length) return;
    this.fabric.queue.push(() => {
      const returned = this.returned;
      this.returned = 0;
      if (returned > 0) this.owner.events.sent(this.id, 0, returned);
    });
  }

  private noteInput(pipe: Pipe): void {
    if (pipe.ended && pipe.drained) this.peerEnded = true;
    if (pipe.ready && !this.dataQueued) {
      this.dataQueued = true;
      this.fabric.queue.push(() => this.tellData(pipe));
    } else if (pipe.atEnd && !this.endQueued && this.broken === 0) {
      this.endQueued = true;
      this.fabric.queue.push(() => this.tellEnd(pipe));
    }
  }

  private tellData(pipe: Pipe): void {
    if (this.input !== pipe) return;
    this.dataQueued = false;
    if (!pipe.ready) return;
    const { length, rights, offset } = pipe.takeLoan();
    this.owner.events.data(this.id, length, rights, offset);
    this.settleBreak();
  }

  private tellEnd(pipe: Pipe): void {
    if (this.input !== pipe) return;
    this.endQueued = false;
    if (!pipe.atEnd || this.broken !== 0) return;
    pipe.takeLoan();
    this.endTold = true;
    this.owner.events.end(this.id);
    this.settleHangUp();
  }

  /** An AF_UNIX peer that closes is known to have (6.21), once all that it sent was told; a TCP peer that still sends finds out. */
  private hangUp(): void {
    if (this.domain !== AF_UNIX || this.state !== "connected") return;
    this.hungUp = true;
    this.fabric.queue.push(() => this.settleHangUp());
  }

  private settleHangUp(): void {
    if (this.hungUp && this.endTold && this.state === "connected" && this.owner !== NOBODY) this.fail(EPIPE);
  }

  override shutdown(how: number): void {
    const { input, output } = this;
    if (this.state !== "connected" || input === null || output === null) return;
    if ((how & SHUT_WR) !== 0 && !output.ended) {
      output.ended = true;
      this.flow(output, false);
    }
    // TCP says nothing of SHUT_RD to its peer; an AF_UNIX peer's next send is EPIPE.
    if ((how & SHUT_RD) !== 0 && this.domain === AF_UNIX) input.deserted = true;
  }

  override listen(length: number): void {
    let errno = 0;
    if (this.backlog !== null) this.backlog.resize(length);
    else if (this.state !== "idle") errno = EINVAL;
    else {
      errno = this.prepareListen();
      if (errno === 0) {
        this.setState("listening");
        this.backlog = new Backlog(this, this.fabric, length);
      }
    }
    this.owner.events.listening(this.id, errno, errno === 0 ? this.localAddress() : null);
  }

  /** Whether connect() may start; tells why not. */
  protected mayConnect(): boolean {
    if (this.state === "idle") {
      // Whatever came in the meantime was for what is broken.
      this.early = null;
      return true;
    }
    this.owner.events.failed(this.id, this.state === "connected" ? EISCONN : EINVAL);
    return false;
  }

  /** The connection breaks under this end: what came before can still be read, nothing more can be sent. */
  break(errno: number): void {
    if (this.state === "lingering") {
      this.vanish();
      return;
    }
    if (this.state !== "connected" || this.broken !== 0) return;
    this.broken = errno;
    this.output?.drop();
    this.fabric.queue.push(() => this.settleBreak());
  }

  /** Tells the break, if everything that came before was read. */
  protected settleBreak(): void {
    if (this.broken === 0 || this.owner === NOBODY || this.state !== "connected") return;
    if (this.input?.unread !== true) this.fail(this.broken);
  }

  /** The attempt or the connection is over; the id may connect again. */
  protected fail(errno: number): void {
    const { mate, input, output } = this;
    this.detach();
    if (input !== null && output !== null) {
      input.deserted = true;
      output.ended = true;
      if (mate?.state === "connected") mate.noteInput(output);
      if (mate?.state === "lingering") mate.vanish();
    }
    this.owner.events.failed(this.id, errno);
  }

  /** Gives up the descriptors that came and were not read. */
  private loseRights(): void {
    for (const token of this.input?.takeRights() ?? []) this.guest.events.lost(token);
  }

  private detach(): void {
    this.loseRights();
    this.setState("idle");
    this.mate = null;
    this.input = null;
    this.output = null;
    this.early = null;
    this.returned = 0;
    this.broken = 0;
    this.releaseConnection();
  }

  override abort(): void {
    this.breakMate(ECONNRESET);
    this.backlog?.dispose();
    this.backlog = null;
    this.detach();
    this.owner.events.aborted(this.id);
  }

  private breakMate(errno: number): void {
    const { mate } = this;
    if (this.state === "connected" && mate !== null && mate !== this) mate.break(errno);
  }

  override close(reset: boolean): void {
    const { input, output } = this;
    this.backlog?.dispose();
    this.backlog = null;
    const connected = this.state === "connected" && this.broken === 0 && this.mate !== this;
    // Unread bytes make a close abrupt (RFC 2525, 2.17); bytes of its own are lost with a socket that talks to itself.
    const abrupt = reset || input?.unread === true;
    if (!connected || input === null || output === null || (abrupt && this.domain !== AF_UNIX)) {
      this.breakMate(ECONNRESET);
      this.vanish();
      return;
    }
    this.setState("lingering");
    output.keep();
    output.ended = true;
    this.loseRights();
    input.takeLoan();
    input.deserted = true;
    const { mate } = this;
    // On AF_UNIX what was sent is the peer's already, and is read before the error.
    if (abrupt) mate?.break(ECONNRESET);
    this.flow(output, false);
    if (!abrupt) mate?.hangUp();
    this.settleLinger();
  }

  private settleLinger(): void {
    if (this.state !== "lingering" || this.output?.drained !== true) return;
    this.vanish();
  }

  /** Nothing is left of this end but what its peer has yet to read. */
  private vanish(): void {
    if (this.state === "closed") return;
    this.detach();
    this.setState("closed");
    this.releaseName();
    this.tellClosed();
  }
}
