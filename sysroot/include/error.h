/*
 * <error.h>, of GNU. The glue has these under names of its own: programs have an own error, and without this header. For who
 * declares these without it, an archive has the plain names.
 */
#ifndef _ERROR_H
#define _ERROR_H
#include <__hawser.h>
#ifdef __cplusplus
extern "C" {
#endif
void error(int, int, const char *, ...) __HAWSER_NAME(error);
void error_at_line(int, int, const char *, unsigned, const char *, ...) __HAWSER_NAME(error_at_line);
extern unsigned error_message_count;
extern int error_one_per_line;
extern void (*error_print_progname)(void);
#ifdef __cplusplus
}
#endif
#endif
