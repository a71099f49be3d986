// AF_UNIX stream sockets of a loopback network. Owns their names and how a listener is found; the connection itself is
// stream.ts's.

import { EAFNOSUPPORT, ECONNREFUSED, EINVAL } from "../../assembly/shared/errno.js";
import type { Address } from "../address.js";
import { NOBODY } from "./socket.js";
import { Stream } from "./stream.js";

const UNNAMED = new Uint8Array(0);

/** An AF_UNIX stream socket. */
export class UnixStream extends Stream {
  private path: Uint8Array = UNNAMED;
  /** It owns the name; a connection of a listener only shows it. */
  private ownsName = false;
  private peerPath: Uint8Array = UNNAMED;
  private attempt = 0;

  override localAddress(): Address {
    return { family: "unix", path: this.path };
  }

  override peerAddress(): Address {
    return { family: "unix", path: this.peerPath };
  }

  override bind(address: Address): void {
    const errno = this.path.length > 0 ? EINVAL : this.claim(address);
    this.owner.events.bound(this.id, errno, errno === 0 ? this.localAddress() : null);
  }

  private claim(address: Address): number {
    if (address.family !== "unix") return EAFNOSUPPORT;
    const name = this.fabric.names.bind(address.path, this);
    if (typeof name === "number") return name;
    this.path = name;
    this.ownsName = true;
    return 0;
  }

  protected override prepareListen(): number {
    // An unnamed socket cannot be found: unix(7), and EINVAL in Linux.
    return this.path.length === 0 ? EINVAL : 0;
  }

  override connect(address: Address): void {
    const found = address.family === "unix" ? this.fabric.names.find(address.path, this.type) : EAFNOSUPPORT;
    const backlog = found instanceof UnixStream ? found.backlog : null;
    if (backlog === null || address.family !== "unix") {
      this.owner.events.failed(this.id, typeof found === "number" ? found : ECONNREFUSED);
      return;
    }
    if (!this.mayConnect()) return;
    this.setState("connecting");
    this.peerPath = address.path.slice();
    const attempt = ++this.attempt;
    // The call waits for room (spec 6.17); that the attempt has begun is told, so that a signal can interrupt it.
    if (backlog.full) this.owner.events.bound(this.id, 0, this.localAddress());
    backlog.offer({
      stream: this,
      wants: () => this.state === "connecting" && this.attempt === attempt,
      accepted: () => this.established(),
      refused: (errno) => this.fail(errno),
    });
  }

  /** A socket of the listening side. */
  protected newConnection(): UnixStream {
    return new UnixStream(this.fabric, NOBODY, 0, this.domain, this.type);
  }

  override embryo(client: Stream): Stream {
    const stream = this.newConnection();
    stream.window = this.window;
    stream.guest = this.owner;
    stream.path = this.path;
    if (client instanceof UnixStream) stream.peerPath = client.path;
    return stream;
  }

  protected override releaseConnection(): void {
    this.peerPath = UNNAMED;
  }

  protected override releaseName(): void {
    if (this.ownsName) this.fabric.names.release(this.path, this);
    this.ownsName = false;
    this.path = UNNAMED;
  }
}
