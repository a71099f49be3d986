// A certificate of one's own for WebTransport: a page takes one that nobody vouches for if it was told the hash, the key is of P-256
// and it is good for at most two weeks. Owns its making (X.509 in DER), with Node's own cryptography.

import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";

/** Days for which one is good: the day before, for clocks that are slow, is one of them. */
const DAYS = 13;
const DAY = 86_400_000;

/** A certificate. */
export interface OwnCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of it, for serverCertificateHashes. */
  readonly hash: Buffer;
  /** When it is no good any more. */
  readonly until: Date;
}

/** A value of ASN.1: tag, length, contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...head), body]);
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
const bits = (bytes: Uint8Array): Buffer => der(0x03, Uint8Array.of(0), bytes);
const octets = (bytes: Uint8Array): Buffer => der(0x04, bytes);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const text = (value: string): Buffer => der(0x0c, Buffer.from(value, "utf8"));

/** A moment, as GeneralizedTime or, before 2050, as UTCTime (RFC 5280, section 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

const COMMON_NAME = oid("550403");
const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const SUBJECT_ALT_NAME = oid("551d11");

/** Makes a certificate for `localhost`, good from yesterday on. */
export function makeCertificate(now: Date = new Date()): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(der(0x31, sequence(COMMON_NAME, text("hawser bridge"))));
  const serial = randomBytes(16);
  // A number above zero, whose first byte is not superfluous.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const from = new Date(now.getTime() - DAY);
  const until = new Date(from.getTime() + DAYS * DAY);
  const names = octets(sequence(der(0x82, Buffer.from("localhost"))));
  const body = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(SUBJECT_ALT_NAME, names))),
  );
  const signature = createSign("sha256").update(body).sign(privateKey);
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    hash: createHash("sha256").update(certificate).digest(),
    until,
  };
}
