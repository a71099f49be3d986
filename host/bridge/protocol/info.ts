// INFO, the packet that both sides begin with: versions, Wisp's extensions, and PSX's own data.

import { MalformedPacket, type PacketReader } from "./reader.js";
import {
  EXTENSION_CONFIRM,
  EXTENSION_PASSWORD,
  EXTENSION_PSX,
  EXTENSION_UDP,
  INFO,
  PSX_VERSION,
  SESSION_SIZE,
} from "./types.js";
import { PacketWriter } from "./writer.js";

/** What a server says of itself. */
export interface ServerInfo {
  readonly udp: boolean;
  /** A token is needed. */
  readonly password: boolean;
  /** It confirms that a stream is open (Wisp extension 05). */
  readonly confirms: boolean;
  /** null: it does not know PSX. */
  readonly psx: ServerPsx | null;
}

/** PSX's part of a server's INFO. */
export interface ServerPsx {
  /** Bytes that the client may send on a new stream. */
  readonly window: number;
  /** Seconds that a lost session is kept. */
  readonly grace: number;
  /** Name of the new session. */
  readonly session: Uint8Array;
}

/** What a client says of itself. */
export interface ClientInfo {
  readonly token: string;
  readonly psx: ClientPsx | null;
}

/** PSX's part of a client's INFO. */
export interface ClientPsx {
  /** Bytes that the server may send on a new stream. */
  readonly window: number;
  /** The session to go on with, and how many of its packets have been received. */
  readonly resume: { readonly session: Uint8Array; readonly received: number } | null;
}

/** "PSX" and the version. */
const MAGIC = [0x50, 0x53, 0x58, PSX_VERSION];

function begin(): PacketWriter {
  return new PacketWriter(INFO, 0, 96).u8(2).u8(0);
}

function extension(into: PacketWriter, id: number, data: Uint8Array): void {
  into.u8(id).u32(data.length).bytes(data);
}

/** The payload of a writer, for what stands inside of a packet. */
function payload(fill: (into: PacketWriter) => void): Uint8Array {
  const writer = new PacketWriter(0, 0, 64);
  fill(writer);
  return writer.done().subarray(5);
}

/** A server's INFO. */
export function writeServerInfo(info: ServerInfo): Uint8Array<ArrayBuffer> {
  const writer = begin();
  if (info.udp) extension(writer, EXTENSION_UDP, new Uint8Array(0));
  if (info.password) extension(writer, EXTENSION_PASSWORD, Uint8Array.of(1));
  if (info.confirms) extension(writer, EXTENSION_CONFIRM, new Uint8Array(0));
  const { psx } = info;
  if (psx !== null) {
    const data = payload((into) =>
      into.bytes(Uint8Array.from(MAGIC)).u32(psx.window).u16(psx.grace).bytes(psx.session),
    );
    extension(writer, EXTENSION_PSX, data);
  }
  return writer.done();
}

/** A client's INFO. With PSX the token is in PSX's data, else it is the password of Wisp's extension. */
export function writeClientInfo(info: ClientInfo): Uint8Array<ArrayBuffer> {
  const writer = begin();
  extension(writer, EXTENSION_UDP, new Uint8Array(0));
  const { psx } = info;
  const token = new TextEncoder().encode(info.token);
  if (psx === null) {
    if (token.length > 0)
      extension(
        writer,
        EXTENSION_PASSWORD,
        payload((into) => into.u8(0).bytes(token)),
      );
    return writer.done();
  }
  const data = payload((into) => {
    into
      .bytes(Uint8Array.from(MAGIC))
      .u32(psx.window)
      .u8(psx.resume === null ? 0 : 1);
    if (psx.resume !== null) into.bytes(psx.resume.session).u32(psx.resume.received);
    into.u16(token.length).bytes(token);
  });
  extension(writer, EXTENSION_PSX, data);
  return writer.done();
}

/** Reads the extensions: by id, their data. */
function readExtensions(packet: PacketReader): Map<number, PacketReader> {
  if (packet.type !== INFO || packet.stream !== 0) throw new MalformedPacket("the first packet is no INFO");
  const major = packet.u8();
  packet.u8();
  if (major !== 2) throw new MalformedPacket(`version ${major} of Wisp is none that is known here`);
  const found = new Map<number, PacketReader>();
  while (packet.left > 0) {
    const id = packet.u8();
    found.set(id, packet.part(packet.u32()));
  }
  return found;
}

/** PSX's data if it is there in this version: read on behind magic and version. */
function psxOf(extensions: Map<number, PacketReader>): PacketReader | null {
  const data = extensions.get(EXTENSION_PSX);
  if (data === undefined || data.left < MAGIC.length) return null;
  return MAGIC.every((byte) => data.u8() === byte) ? data : null;
}

/** Reads a server's INFO. Throws MalformedPacket. */
export function readServerInfo(packet: PacketReader): ServerInfo {
  const extensions = readExtensions(packet);
  const psx = psxOf(extensions);
  return {
    udp: extensions.has(EXTENSION_UDP),
    password: extensions.has(EXTENSION_PASSWORD),
    confirms: extensions.has(EXTENSION_CONFIRM),
    psx: psx === null ? null : { window: psx.u32(), grace: psx.u16(), session: psx.bytes(SESSION_SIZE).slice() },
  };
}

/**
 * The password of extension 02: behind the user's name and its length, or, where it fits to the byte, as older clients have it
 * (`u8` length of the name, `u16` length of the password, name, password).
 */
function passwordOf(data: PacketReader): string {
  const name = data.u8();
  const rest = data.rest();
  const older = 2 + name;
  if (rest.length > older) {
    const length = (rest[0] ?? 0) | ((rest[1] ?? 0) << 8);
    if (rest.length === older + length) return decode(rest.subarray(older));
  }
  if (rest.length < name)
    throw new MalformedPacket(`a password behind a name of ${name} bytes, where ${rest.length} are left`);
  return decode(rest.subarray(name));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Reads a client's INFO. Throws MalformedPacket. */
export function readClientInfo(packet: PacketReader): ClientInfo {
  const extensions = readExtensions(packet);
  const psx = psxOf(extensions);
  if (psx === null) {
    const password = extensions.get(EXTENSION_PASSWORD);
    if (password === undefined || password.left === 0) return { token: "", psx: null };
    return { token: passwordOf(password), psx: null };
  }
  const window = psx.u32();
  const resume = psx.u8() === 1 ? { session: psx.bytes(SESSION_SIZE).slice(), received: psx.u32() } : null;
  return { token: psx.text(psx.u16()), psx: { window, resume } };
}
