// Which options a loopback network keeps. Owns the table. What changes nothing that a guest could see is kept and has no
// effect (there is no wire, no lost packet and no slow one); what would have to be made is ENOPROTOOPT.

import { ENOPROTOOPT } from "../../assembly/shared/errno.js";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  IP_MULTICAST_LOOP,
  IP_MULTICAST_TTL,
  IP_TOS,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_MULTICAST_HOPS,
  IPV6_MULTICAST_LOOP,
  IPV6_TCLASS,
  IPV6_UNICAST_HOPS,
  IPV6_V6ONLY,
  SO_BROADCAST,
  SO_DONTROUTE,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_SNDBUF,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_CORK,
  TCP_KEEPCNT,
  TCP_KEEPIDLE,
  TCP_KEEPINTVL,
  TCP_NODELAY,
  TCP_USER_TIMEOUT,
} from "../../assembly/shared/socket.js";
import type { Socket } from "./socket.js";

/** Least and most of SO_RCVBUF, as in Linux. */
const MIN_WINDOW = 2304;
const MAX_WINDOW = 0x1000000;

/** Sets an option: 0 or ENOPROTOOPT. */
export function applyOption(socket: Socket, level: number, name: number, value: number): number {
  switch (level) {
    case SOL_SOCKET:
      return applySocket(socket, name, value);
    case IPPROTO_TCP:
      return applyTcp(socket, name);
    case IPPROTO_IP:
      return applyIp(socket, name, value);
    case IPPROTO_IPV6:
      return applyIpv6(socket, name, value);
    default:
      return ENOPROTOOPT;
  }
}

function applySocket(socket: Socket, name: number, value: number): number {
  switch (name) {
    case SO_REUSEADDR:
      socket.reuse = value !== 0;
      return 0;
    case SO_REUSEPORT:
      socket.reusePort = value !== 0;
      return 0;
    case SO_BROADCAST:
      socket.broadcast = value !== 0;
      return 0;
    case SO_RCVBUF:
      socket.window = Math.min(Math.max(value, MIN_WINDOW), MAX_WINDOW);
      return 0;
    case SO_SNDBUF:
    case SO_KEEPALIVE:
    case SO_DONTROUTE:
    case SO_LINGER:
      return 0;
    default:
      return ENOPROTOOPT;
  }
}

function applyTcp(socket: Socket, name: number): number {
  if (socket.domain === AF_UNIX || socket.type !== SOCK_STREAM) return ENOPROTOOPT;
  switch (name) {
    case TCP_NODELAY:
    case TCP_CORK:
    case TCP_KEEPIDLE:
    case TCP_KEEPINTVL:
    case TCP_KEEPCNT:
    case TCP_USER_TIMEOUT:
      return 0;
    default:
      return ENOPROTOOPT;
  }
}

function applyIp(socket: Socket, name: number, value: number): number {
  if (socket.domain !== AF_INET && socket.domain !== AF_INET6) return ENOPROTOOPT;
  switch (name) {
    case IP_MULTICAST_LOOP:
      socket.multicastLoop = value !== 0;
      return 0;
    case IP_TTL:
    case IP_TOS:
    case IP_MULTICAST_TTL:
      return 0;
    default:
      return ENOPROTOOPT;
  }
}

function applyIpv6(socket: Socket, name: number, value: number): number {
  if (socket.domain !== AF_INET6) return ENOPROTOOPT;
  switch (name) {
    case IPV6_V6ONLY:
      socket.onlySix = value !== 0;
      return 0;
    case IPV6_MULTICAST_LOOP:
      socket.multicastLoop = value !== 0;
      return 0;
    case IPV6_UNICAST_HOPS:
    case IPV6_TCLASS:
    case IPV6_MULTICAST_HOPS:
      return 0;
    default:
      return ENOPROTOOPT;
  }
}
