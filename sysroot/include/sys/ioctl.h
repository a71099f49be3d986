#ifndef _HAWSER_SYS_IOCTL_H
#define _HAWSER_SYS_IOCTL_H
#include <__hawser.h>
#define ioctl __HAWSER_OVER(ioctl)
#include_next <sys/ioctl.h>
#undef ioctl

#define FIONCLEX 0x5450
#define FIOCLEX 0x5451
#define TIOCGWINSZ 0x5413
#define TIOCSWINSZ 0x5414
#define TIOCNOTTY 0x5422
#define TIOCSCTTY 0x540E
#define TIOCGPGRP 0x540F
#define TIOCSPGRP 0x5410
#define TIOCGSID 0x5429
#define TIOCINQ FIONREAD
#define TCGETS 0x5401
#define TCSETS 0x5402
#define TCSETSW 0x5403
#define TCSETSF 0x5404
#define TCSBRK 0x5409
#define TCXONC 0x540A
#define TCFLSH 0x540B
#define TIOCOUTQ 0x5411
#define SIOCOUTQ TIOCOUTQ
#define SIOCINQ FIONREAD
#define SIOCATMARK 0x8905
#define SIOCGIFCONF 0x8912
#define SIOCGIFADDR 0x8915

#ifndef __HAWSER_WINSIZE
#define __HAWSER_WINSIZE
struct winsize {
  unsigned short ws_row;
  unsigned short ws_col;
  unsigned short ws_xpixel;
  unsigned short ws_ypixel;
};
#endif

#ifdef __cplusplus
extern "C" {
#endif
int ioctl(int, int, ...) __HAWSER_NAME(ioctl);
#ifdef __cplusplus
}
#endif
#endif
