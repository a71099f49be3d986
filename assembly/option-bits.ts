// The on/off options of a socket as bits of its `options` field.

export const OPTION_REUSEADDR: u32 = 0x1;
export const OPTION_KEEPALIVE: u32 = 0x2;
export const OPTION_BROADCAST: u32 = 0x4;
export const OPTION_OOBINLINE: u32 = 0x8;
export const OPTION_REUSEPORT: u32 = 0x10;
export const OPTION_NODELAY: u32 = 0x20;
export const OPTION_V6ONLY: u32 = 0x40;
export const OPTION_DONTROUTE: u32 = 0x80;
export const OPTION_DEBUG: u32 = 0x100;
export const OPTION_CORK: u32 = 0x200;
