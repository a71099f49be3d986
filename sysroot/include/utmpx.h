/* <utmpx.h>: who is logged in, which is nobody. */
#ifndef _UTMPX_H
#define _UTMPX_H
#include <sys/time.h>
#define __NEED_pid_t
#include <bits/alltypes.h>

#define EMPTY 0
#define RUN_LVL 1
#define BOOT_TIME 2
#define NEW_TIME 3
#define OLD_TIME 4
#define INIT_PROCESS 5
#define LOGIN_PROCESS 6
#define USER_PROCESS 7
#define DEAD_PROCESS 8
#define ACCOUNTING 9

#define __UT_LINESIZE 32
#define __UT_NAMESIZE 32
#define __UT_HOSTSIZE 256

struct utmpx {
  short ut_type;
  pid_t ut_pid;
  char ut_line[__UT_LINESIZE];
  char ut_id[4];
  char ut_user[__UT_NAMESIZE];
  char ut_host[__UT_HOSTSIZE];
  struct {
    short __e_termination;
    short __e_exit;
  } ut_exit;
  int ut_session;
  struct timeval ut_tv;
  unsigned ut_addr_v6[4];
};
#define e_termination __e_termination
#define e_exit __e_exit

#ifdef __cplusplus
extern "C" {
#endif
void setutxent(void);
void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *);
struct utmpx *getutxline(const struct utmpx *);
struct utmpx *pututxline(const struct utmpx *);
void updwtmpx(const char *, const struct utmpx *);
#ifdef __cplusplus
}
#endif
#endif
