// Node's raw handles (process.binding): the one file that knows their shapes. They give what the public API does not: bind
// before connect, exact errnos at once, reads into memory of our choosing, datagrams without a queue between.

/** Any libuv handle. */
export interface Handle {
  close(callback?: () => void): void;
  ref(): void;
  unref(): void;
}

/** What uv's getsockname and getpeername fill in. */
export interface SocketName {
  address?: string;
  family?: string;
  port?: number;
}

/** A request object of libuv; kept alive by the handle until it completes. */
export interface Request {
  oncomplete?: (status: number, ...rest: never[]) => void;
}

/** A TCP or AF_UNIX stream handle. */
export interface StreamHandle extends Handle {
  onread: (buffer: ArrayBuffer | undefined) => void;
  onconnection?: (status: number, client: StreamHandle | undefined) => void;
  readonly fd: number;
  readonly writeQueueSize: number;
  readStart(): number;
  readStop(): number;
  useUserBuffer(buffer: Uint8Array): void;
  writeBuffer(request: Request, buffer: Uint8Array): number;
  shutdown(request: Request): number;
  listen(backlog: number): number;
}

/** A TCP handle. */
export interface TcpHandle extends StreamHandle {
  bind(address: string, port: number, flags: number): number;
  bind6(address: string, port: number, flags: number): number;
  connect(request: Request, address: string, port: number): number;
  connect6(request: Request, address: string, port: number): number;
  getsockname(name: SocketName): number;
  getpeername(name: SocketName): number;
  setNoDelay(on: boolean): number;
  setKeepAlive(on: boolean, seconds: number): number;
  reset(callback?: () => void): number;
}

/** An AF_UNIX handle. */
export interface PipeHandle extends StreamHandle {
  bind(path: string | Uint8Array): number;
  connect(request: Request, path: string | Uint8Array): number | undefined;
  open(fd: number): number | undefined;
}

/** A UDP handle. */
export interface UdpHandle extends Handle {
  onmessage?: (length: number, handle: UdpHandle, bytes: Uint8Array | undefined, from: SocketName) => void;
  onerror?: (length: number, handle: UdpHandle, error: unknown) => void;
  bind(address: string, port: number, flags: number): number;
  bind6(address: string, port: number, flags: number): number;
  connect(address: string, port: number): number;
  connect6(address: string, port: number): number;
  disconnect(): number;
  send(request: Request, list: readonly Uint8Array[], count: number, ...rest: (number | string | boolean)[]): number;
  send6(request: Request, list: readonly Uint8Array[], count: number, ...rest: (number | string | boolean)[]): number;
  recvStart(): number;
  recvStop(): number;
  getsockname(name: SocketName): number;
  getpeername(name: SocketName): number;
  setBroadcast(on: number): number;
  setTTL(ttl: number): number;
  setMulticastTTL(ttl: number): number;
  setMulticastLoopback(on: number): number;
  setMulticastInterface(address: string): number;
  addMembership(group: string, via: string | undefined): number;
  dropMembership(group: string, via: string | undefined): number;
}

/** The constructors and constants. */
export interface Bindings {
  newTcp(listener: boolean): TcpHandle;
  newPipe(listener: boolean): PipeHandle;
  newUdp(): UdpHandle;
  connectRequest(unix: boolean): Request;
  writeRequest(): Request;
  shutdownRequest(): Request;
  sendRequest(): Request;
  /** Bytes read, or a negative libuv error, as the last onread left it. */
  readResult(): number;
  /** Whether the last writeBuffer() goes on in the background. */
  lastWriteWasAsync(): boolean;
  readonly IPV6_ONLY: number;
  readonly REUSE_ADDRESS: number;
  /** Bind flags of SO_REUSEPORT for TCP and UDP; 0 where this Node has none (before 22.12). */
  readonly REUSE_PORT_TCP: number;
  readonly REUSE_PORT_UDP: number;
}

type Constructor<T> = new (type?: number) => T;
type Binding = Record<string, unknown> & { constants?: Record<string, number> };

function load(): Bindings | null {
  const quiet = process.noDeprecation;
  try {
    process.noDeprecation = true;
    const binding = (process as unknown as { binding(name: string): Binding }).binding.bind(process);
    const tcp = binding("tcp_wrap");
    const pipe = binding("pipe_wrap");
    const udp = binding("udp_wrap");
    const stream = binding("stream_wrap");
    const state = stream["streamBaseState"] as Int32Array;
    const RESULT = stream["kReadBytesOrError"] as number;
    const ASYNC = stream["kLastWriteWasAsync"] as number;
    const make = <T>(from: Binding, name: string, ...args: number[]): T =>
      new (from[name] as Constructor<T>)(...(args as [number?]));
    const kind = (from: Binding, listener: boolean): number => from.constants?.[listener ? "SERVER" : "SOCKET"] ?? 0;
    const bindings: Bindings = {
      newTcp: (listener) => make(tcp, "TCP", kind(tcp, listener)),
      newPipe: (listener) => make(pipe, "Pipe", kind(pipe, listener)),
      newUdp: () => make(udp, "UDP"),
      connectRequest: (unix) => (unix ? make(pipe, "PipeConnectWrap") : make(tcp, "TCPConnectWrap")),
      writeRequest: () => make(stream, "WriteWrap"),
      shutdownRequest: () => make(stream, "ShutdownWrap"),
      sendRequest: () => make(udp, "SendWrap"),
      readResult: () => state[RESULT] ?? 0,
      lastWriteWasAsync: () => state[ASYNC] !== 0,
      IPV6_ONLY: tcp.constants?.["UV_TCP_IPV6ONLY"] ?? 1,
      REUSE_ADDRESS: 4,
      REUSE_PORT_TCP: tcp.constants?.["UV_TCP_REUSEPORT"] ?? 0,
      REUSE_PORT_UDP: udp.constants?.["UV_UDP_REUSEPORT"] ?? 0,
    };
    bindings.newTcp(false).close();
    return RESULT === undefined || ASYNC === undefined ? null : bindings;
  } catch {
    return null;
  } finally {
    if (quiet === undefined) delete (process as { noDeprecation?: boolean }).noDeprecation;
    else process.noDeprecation = quiet;
  }
}

/** The raw handles, or null where this host has none. */
export const bindings: Bindings | null = load();
