#ifndef _HAWSER_SETJMP_H
#define _HAWSER_SETJMP_H
#define sigsetjmp __hawser_wasilibc_sigsetjmp
#define siglongjmp __hawser_wasilibc_siglongjmp
#include_next <setjmp.h>
#undef sigsetjmp
#undef siglongjmp

#ifdef __cplusplus
extern "C" {
#endif
/* The compiler knows setjmp and longjmp by name; jmp_buf has room for a mask, as everywhere. */
void __hawser_save_mask(unsigned long *saved, void *mask, int wanted);
void __hawser_restore_mask(const unsigned long *saved, const void *mask);
#ifdef __cplusplus
}
#endif
#define sigsetjmp(buffer, wanted) \
  (__hawser_save_mask(&(buffer)->__fl, (buffer)->__ss, (wanted)), setjmp(buffer))
#define siglongjmp(buffer, value) \
  (__hawser_restore_mask(&(buffer)->__fl, (buffer)->__ss), longjmp((buffer), (value)))
#endif
