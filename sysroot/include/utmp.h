/* <utmp.h>: the older names of <utmpx.h>. */
#ifndef _UTMP_H
#define _UTMP_H
#include <paths.h>
#include <utmpx.h>

#define utmp utmpx
#define UT_LINESIZE __UT_LINESIZE
#define UT_NAMESIZE __UT_NAMESIZE
#define UT_HOSTSIZE __UT_HOSTSIZE
#define UT_UNKNOWN EMPTY
#define UTMP_FILE _PATH_UTMP
#define UTMP_FILENAME _PATH_UTMP
#define WTMP_FILE _PATH_WTMP
#define WTMP_FILENAME _PATH_WTMP
#define ut_name ut_user
#define ut_time ut_tv.tv_sec
#define ut_xtime ut_tv.tv_sec
#define ut_addr ut_addr_v6[0]

struct lastlog {
  time_t ll_time;
  char ll_line[UT_LINESIZE];
  char ll_host[UT_HOSTSIZE];
};

#ifdef __cplusplus
extern "C" {
#endif
void setutent(void);
void endutent(void);
struct utmp *getutent(void);
struct utmp *getutid(const struct utmp *);
struct utmp *getutline(const struct utmp *);
struct utmp *pututline(const struct utmp *);
int utmpname(const char *);
void updwtmp(const char *, const struct utmp *);
void logwtmp(const char *, const char *, const char *);
void login(const struct utmp *);
int logout(const char *);
int login_tty(int);
#ifdef __cplusplus
}
#endif
#endif
