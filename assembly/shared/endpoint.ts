// Endpoint: how an address stands in core memory between core and host, whatever the guest's ABI says of it.
//
//   0       2       4               8                                                        116     120
//   +-------+-------+---------------+---------------------------------------------------------+-------+
//   | family| port  | scope / length| address: 4 bytes (AF_INET), 16 (AF_INET6), path (AF_UNIX)|       |
//   +-------+-------+---------------+---------------------------------------------------------+-------+
//
// family: AF_* (0: no address). port: host byte order. At 4: scope id (AF_INET6) or path length in bytes (AF_UNIX; 0 is
// an unnamed socket, a leading NUL an abstract name). Little-endian. Bare literals only, no imports.

/** Bytes an endpoint takes. */
export const ENDPOINT_SIZE = 120;
/** u16: AF_*. */
export const ENDPOINT_FAMILY = 0;
/** u16: port, host byte order. */
export const ENDPOINT_PORT = 2;
/** u32: IPv6 scope id. */
export const ENDPOINT_SCOPE = 4;
/** u32: bytes of an AF_UNIX path. */
export const ENDPOINT_LENGTH = 4;
/** The address or path bytes. */
export const ENDPOINT_ADDRESS = 8;
/** Longest AF_UNIX path, in bytes (sun_path). */
export const ENDPOINT_PATH_MAX = 108;
