// What is built of curl's own tests: the unit tests, and the servers that the others talk to.

/** The numbers of its unit tests. */
const UNITS = [
  ...[1300, 1302, 1303, 1304, 1305, 1307, 1308, 1309, 1323, 1330, 1394, 1395, 1396, 1397, 1398, 1399],
  ...[1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607, 1608, 1609, 1610, 1611, 1612, 1614, 1620, 1621],
  ...[1650, 1651, 1652, 1653, 1654, 1655, 1660, 1661, 2600, 3200],
];

/** A unit test as a program of the port, by its name. */
export const UNIT_PROGRAMS: Readonly<Record<string, string>> = Object.fromEntries(
  UNITS.map((number) => [`unit${number}`, `curl-unit${number}`]),
);

/** What only the native build gives: the servers that the tests talk to, and what configure tells the tests. */
export const SERVERS = "tests/server";
export const TOLD: readonly string[] = ["tests/config", "tests/configurehelp.pm", "lib/curl_config.h", "curl-config"];
