/* <unistd.h>: wasi-libc's, with what it hides. What there can be no process for fails with ENOSYS. */
#ifndef _HAWSER_UNISTD_H
#define _HAWSER_UNISTD_H
#include <__hawser.h>
#define sleep __HAWSER_OVER(sleep)
#define usleep __HAWSER_OVER(usleep)
#define getpid __HAWSER_OVER(getpid)
#define gethostname __HAWSER_OVER(gethostname)
#define sysconf __HAWSER_OVER(sysconf)
#define pathconf __HAWSER_OVER(pathconf)
#define fpathconf __HAWSER_OVER(fpathconf)
#include_next <unistd.h>
#undef sleep
#undef usleep
#undef getpid
#undef gethostname
#undef sysconf
#undef pathconf
#undef fpathconf
#include <__typedef_gid_t.h>
#include <__typedef_uid_t.h>

#define __NEED_pid_t
#include <bits/alltypes.h>

#ifdef __cplusplus
extern "C" {
#endif
int dup(int);
int dup2(int, int);
int dup3(int, int, int);
int pipe(int[2]);
int pipe2(int[2], int);
unsigned alarm(unsigned);
unsigned ualarm(unsigned, unsigned);
int pause(void);
unsigned sleep(unsigned) __HAWSER_NAME(sleep);
int usleep(unsigned) __HAWSER_NAME(usleep);
pid_t getpid(void) __HAWSER_NAME(getpid);
pid_t getppid(void);
pid_t getpgrp(void);
pid_t getpgid(pid_t);
int setpgid(pid_t, pid_t);
int setpgrp(void);
pid_t setsid(void);
pid_t getsid(pid_t);
pid_t tcgetpgrp(int);
int tcsetpgrp(int, pid_t);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t);
int seteuid(uid_t);
int setgid(gid_t);
int setegid(gid_t);
int setreuid(uid_t, uid_t);
int setregid(gid_t, gid_t);
int getresuid(uid_t *, uid_t *, uid_t *);
int getresgid(gid_t *, gid_t *, gid_t *);
int setresuid(uid_t, uid_t, uid_t);
int setresgid(gid_t, gid_t, gid_t);
int issetugid(void);
int getgroups(int, gid_t[]);
int setgroups(size_t, const gid_t *);
int initgroups(const char *, gid_t);
pid_t fork(void);
pid_t vfork(void);
int execv(const char *, char *const[]);
int execve(const char *, char *const[], char *const[]);
int execvp(const char *, char *const[]);
int execvpe(const char *, char *const[], char *const[]);
int fexecve(int, char *const[], char *const[]);
int execl(const char *, const char *, ...);
int execlp(const char *, const char *, ...);
int execle(const char *, const char *, ...);
int daemon(int, int);
pid_t gettid(void);
int gethostname(char *, size_t) __HAWSER_NAME(gethostname);
long sysconf(int) __HAWSER_NAME(sysconf);
long pathconf(const char *, int) __HAWSER_NAME(pathconf);
long fpathconf(int, int) __HAWSER_NAME(fpathconf);
int sethostname(const char *, size_t);
int setdomainname(const char *, size_t);
int sethostid(long);
int getdomainname(char *, size_t);
int chown(const char *, uid_t, gid_t);
int fchown(int, uid_t, gid_t);
int lchown(const char *, uid_t, gid_t);
int fchownat(int, const char *, uid_t, gid_t, int);
int euidaccess(const char *, int);
int eaccess(const char *, int);
int chroot(const char *);
int fchdir(int);
char *get_current_dir_name(void);
char *getwd(char *);
ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned);
int nice(int);
void sync(void);
int syncfs(int);
void closefrom(int);
int close_range(unsigned, unsigned, int);
char *ttyname(int);
char *ctermid(char *);
int ttyname_r(int, char *, size_t);
char *getpass(const char *);
char *getlogin(void);
int getlogin_r(char *, size_t);
char *getusershell(void);
void setusershell(void);
void endusershell(void);
int getdtablesize(void);
int lockf(int, int, off_t);
#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4
#define F_ULOCK 0
#define F_LOCK 1
#define F_TLOCK 2
#define F_TEST 3
#ifdef __cplusplus
}
#endif
#endif
