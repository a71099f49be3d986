#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H
#define __NEED_pid_t
#include <bits/alltypes.h>
#define WNOHANG 1
#define WUNTRACED 2
#define WEXITSTATUS(status) (((status) & 0xff00) >> 8)
#define WTERMSIG(status) ((status) & 0x7f)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSIGNALED(status) (((status) & 0xffff) - 1U < 0xffU)
#define WIFSTOPPED(status) (((status) & 0xff) == 0x7f)
#define WCOREDUMP(status) ((status) & 0x80)
#define WSTOPPED 2
#define WEXITED 4
#define WCONTINUED 8
#define WNOWAIT 0x01000000
#define WIFCONTINUED(status) ((status) == 0xffff)
#define W_EXITCODE(status, signal) ((status) << 8 | (signal))
#include <signal.h>
#define __NEED_id_t
#include <bits/alltypes.h>
typedef enum { P_ALL, P_PID, P_PGID } idtype_t;
struct rusage;
#ifdef __cplusplus
extern "C" {
#endif
pid_t wait(int *);
pid_t waitpid(pid_t, int *, int);
pid_t wait3(int *, int, struct rusage *);
pid_t wait4(pid_t, int *, int, struct rusage *);
int waitid(idtype_t, id_t, siginfo_t *, int);
#ifdef __cplusplus
}
#endif
#endif
