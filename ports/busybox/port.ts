// busybox: its applets of the network, and a few that need none, in one program.

import { availableParallelism } from "node:os";
import type { Port } from "../port.js";
import { nameCases } from "./names.js";
import { plainCases, smallCases } from "./small.js";
import { ncCases } from "./nc.js";
import { telnetCases } from "./telnet.js";
import { transferCases } from "./transfer.js";
import { wgetCases } from "./wget.js";

/** What is chosen of .config: how it is built, and libbb. */
const BASE = [
  "LFS",
  "LONG_OPTS",
  "SHOW_USAGE",
  "FEATURE_VERBOSE_USAGE",
  "BUSYBOX",
  "FEATURE_IPV6",
  "FEATURE_UNIX_LOCAL",
  "SH_IS_NONE",
];

/** The applets with their features. */
const APPLETS = [
  ...["WGET", "FEATURE_WGET_LONG_OPTIONS", "FEATURE_WGET_STATUSBAR", "FEATURE_WGET_FTP", "FEATURE_WGET_AUTHENTICATION"],
  ...["FEATURE_WGET_TIMEOUT", "NC", "NETCAT", "NC_SERVER", "NC_EXTRA", "NC_110_COMPAT"],
  ...["TELNET", "FEATURE_TELNET_TTYPE", "FEATURE_TELNET_AUTOLOGIN", "FEATURE_TELNET_WIDTH"],
  ...["NSLOOKUP", "FEATURE_NSLOOKUP_BIG", "FEATURE_NSLOOKUP_LONG_OPTIONS", "WHOIS"],
  ...["FTPGET", "FTPPUT", "FEATURE_FTPGETPUT_LONG_OPTIONS"],
  ...["TFTP", "FEATURE_TFTP_GET", "FEATURE_TFTP_PUT", "FEATURE_TFTP_BLOCKSIZE", "FEATURE_TFTP_HPA_COMPAT"],
  ...["DNSD", "PSCAN", "SSL_CLIENT", "TLS", "FEATURE_TLS_SHA1", "RDATE", "SENDMAIL", "FEATURE_MIME_CHARSET"],
  ...["HTTPD", "FEATURE_HTTPD_RANGES", "FEATURE_HTTPD_BASIC_AUTH", "FEATURE_HTTPD_AUTH_MD5", "FEATURE_HTTPD_ETAG"],
  ...["FEATURE_HTTPD_LAST_MODIFIED", "FEATURE_HTTPD_DATE", "FEATURE_HTTPD_ACL_IP", "FEATURE_HTTPD_ERROR_PAGES"],
  ...["FEATURE_HTTPD_GZIP", "FEATURE_HTTPD_ENCODE_URL_STR"],
  ...[
    "ECHO",
    "FEATURE_FANCY_ECHO",
    "CAT",
    "PRINTF",
    "TRUE",
    "FALSE",
    "MD5SUM",
    "SHA256SUM",
    "FEATURE_MD5_SHA1_SUM_CHECK",
  ],
];

/** Turns them on, and the shell off, which needs fork. */
const CHOOSE = [
  `s/^# CONFIG_(${[...BASE, ...APPLETS].join("|")}) is not set$/CONFIG_\\1=y/`,
  "s/^CONFIG_SH_IS_ASH=y$/# CONFIG_SH_IS_ASH is not set/",
].join("; ");

/** The programs of the build are gcc's; the version does not tell when it was built. */
const MAKE = ["make", "HOSTCC=gcc", "KCONFIG_NOTIMESTAMP=1"];

/** busybox. */
export const busybox: Port = {
  name: "busybox",
  source: "busybox",
  programs: { busybox: "busybox_unstripped" },
  steps: ({ compiler: { cc, ar } }) => [
    [...MAKE, "allnoconfig"],
    ["sed", "-i", "-E", CHOOSE, ".config"],
    ["sh", "-c", `yes '' | ${MAKE.join(" ")} oldconfig`],
    [
      ...[...MAKE, `-j${availableParallelism()}`, "SKIP_STRIP=y", `CC=${cc}`, `LD=${cc}`, `AR=${ar}`],
      ...["EXTRA_CFLAGS=-O1 -w", "busybox_unstripped"],
    ],
  ],
  cases: [...wgetCases, ...ncCases, ...telnetCases, ...nameCases, ...transferCases, ...smallCases, ...plainCases],
  works:
    "its applets of the network: wget, nc, telnet, nslookup, dnsd, whois, ftpget, ftpput, tftp, ssl_client, sendmail, rdate -p, pscan, httpd -i; echo, printf, cat, digests",
  lacks:
    "nc -e, httpd without -i, dnsd -d, sendmail -H, wget's https (there is no fork or exec); the shell, which forks, and applets for a machine's own interfaces, processes and disks are not in this build",
  page: "over a bridge",
};
