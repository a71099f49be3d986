// The errno numbers of wasi-libc, each with its sentence. Owns the numbers; whoever needs a name or a sentence reads
// it from here. Compiled by both asc and tsc: bare literals only, no imports.

/** Argument list too long. */
export const E2BIG = 1;
/** Permission denied. */
export const EACCES = 2;
/** Address already in use. */
export const EADDRINUSE = 3;
/** Cannot assign requested address. */
export const EADDRNOTAVAIL = 4;
/** Address family not supported by protocol. */
export const EAFNOSUPPORT = 5;
/** Resource temporarily unavailable. */
export const EAGAIN = 6;
/** Operation already in progress. */
export const EALREADY = 7;
/** Bad file descriptor. */
export const EBADF = 8;
/** Bad message. */
export const EBADMSG = 9;
/** Device or resource busy. */
export const EBUSY = 10;
/** Operation canceled. */
export const ECANCELED = 11;
/** No child processes. */
export const ECHILD = 12;
/** Software caused connection abort. */
export const ECONNABORTED = 13;
/** Connection refused. */
export const ECONNREFUSED = 14;
/** Connection reset by peer. */
export const ECONNRESET = 15;
/** Resource deadlock avoided. */
export const EDEADLK = 16;
/** Destination address required. */
export const EDESTADDRREQ = 17;
/** Numerical argument out of domain. */
export const EDOM = 18;
/** Disk quota exceeded. */
export const EDQUOT = 19;
/** File exists. */
export const EEXIST = 20;
/** Bad address. */
export const EFAULT = 21;
/** File too large. */
export const EFBIG = 22;
/** No route to host. */
export const EHOSTUNREACH = 23;
/** Identifier removed. */
export const EIDRM = 24;
/** Invalid or incomplete multibyte or wide character. */
export const EILSEQ = 25;
/** Operation now in progress. */
export const EINPROGRESS = 26;
/** Interrupted system call. */
export const EINTR = 27;
/** Invalid argument. */
export const EINVAL = 28;
/** Input/output error. */
export const EIO = 29;
/** Transport endpoint is already connected. */
export const EISCONN = 30;
/** Is a directory. */
export const EISDIR = 31;
/** Too many levels of symbolic links. */
export const ELOOP = 32;
/** Too many open files. */
export const EMFILE = 33;
/** Too many links. */
export const EMLINK = 34;
/** Message too long. */
export const EMSGSIZE = 35;
/** Multihop attempted. */
export const EMULTIHOP = 36;
/** File name too long. */
export const ENAMETOOLONG = 37;
/** Network is down. */
export const ENETDOWN = 38;
/** Network dropped connection on reset. */
export const ENETRESET = 39;
/** Network is unreachable. */
export const ENETUNREACH = 40;
/** Too many open files in system. */
export const ENFILE = 41;
/** No buffer space available. */
export const ENOBUFS = 42;
/** No such device. */
export const ENODEV = 43;
/** No such file or directory. */
export const ENOENT = 44;
/** Exec format error. */
export const ENOEXEC = 45;
/** No locks available. */
export const ENOLCK = 46;
/** Link has been severed. */
export const ENOLINK = 47;
/** Cannot allocate memory. */
export const ENOMEM = 48;
/** No message of desired type. */
export const ENOMSG = 49;
/** Protocol not available. */
export const ENOPROTOOPT = 50;
/** No space left on device. */
export const ENOSPC = 51;
/** Function not implemented. */
export const ENOSYS = 52;
/** Transport endpoint is not connected. */
export const ENOTCONN = 53;
/** Not a directory. */
export const ENOTDIR = 54;
/** Directory not empty. */
export const ENOTEMPTY = 55;
/** State not recoverable. */
export const ENOTRECOVERABLE = 56;
/** Socket operation on non-socket. */
export const ENOTSOCK = 57;
/** Operation not supported. */
export const EOPNOTSUPP = 58;
/** Inappropriate ioctl for device. */
export const ENOTTY = 59;
/** No such device or address. */
export const ENXIO = 60;
/** Value too large for defined data type. */
export const EOVERFLOW = 61;
/** Owner died. */
export const EOWNERDEAD = 62;
/** Operation not permitted. */
export const EPERM = 63;
/** Broken pipe. */
export const EPIPE = 64;
/** Protocol error. */
export const EPROTO = 65;
/** Protocol not supported. */
export const EPROTONOSUPPORT = 66;
/** Protocol wrong type for socket. */
export const EPROTOTYPE = 67;
/** Numerical result out of range. */
export const ERANGE = 68;
/** Read-only file system. */
export const EROFS = 69;
/** Illegal seek. */
export const ESPIPE = 70;
/** No such process. */
export const ESRCH = 71;
/** Stale file handle. */
export const ESTALE = 72;
/** Connection timed out. */
export const ETIMEDOUT = 73;
/** Text file busy. */
export const ETXTBSY = 74;
/** Invalid cross-device link. */
export const EXDEV = 75;
/** Capabilities insufficient. */
export const ENOTCAPABLE = 76;
