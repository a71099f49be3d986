// The ports, in the order in which they are built and tested.

import { busybox } from "./busybox/port.js";
import { cares } from "./c-ares/port.js";
import { curl } from "./curl/port.js";
import { curlTests } from "./curl/tests-port.js";
import { drill } from "./drill/port.js";
import { hiredis } from "./hiredis/port.js";
import { inetutils } from "./inetutils/port.js";
import { libevent } from "./libevent/port.js";
import { libmicrohttpd } from "./libmicrohttpd/port.js";
import { lua } from "./lua/port.js";
import { luasocket } from "./luasocket/port.js";
import { mbedtls } from "./mbedtls/port.js";
import { memcached } from "./memcached/port.js";
import { mosquitto } from "./mosquitto/port.js";
import { netcat } from "./netcat/port.js";
import type { Port } from "./port.js";
import { psql } from "./psql/port.js";
import { redis } from "./redis/port.js";
import { sic } from "./sic/port.js";
import { socat } from "./socat/port.js";
import { tinyproxy } from "./tinyproxy/port.js";
import { wget } from "./wget/port.js";

/** All of them. */
export const PORTS: readonly Port[] = [
  netcat,
  redis,
  mbedtls,
  curl,
  mosquitto,
  libevent,
  hiredis,
  psql,
  memcached,
  tinyproxy,
  drill,
  wget,
  lua,
  luasocket,
  sic,
  cares,
  libmicrohttpd,
  inetutils,
  socat,
  busybox,
  curlTests,
];

/** The port of that name. Throws if there is none. */
export function portNamed(name: string): Port {
  const port = PORTS.find((each) => each.name === name);
  if (port === undefined)
    throw new Error(`there is no port ${name}: there are ${PORTS.map((each) => each.name).join(", ")}`);
  return port;
}

/** The port that gives a program. Throws if none does. */
export function portOf(program: string): Port {
  const port = PORTS.find(({ programs }) => Object.hasOwn(programs, program));
  if (port === undefined) throw new Error(`no port gives a program ${program}`);
  return port;
}
