/* The one user's and group's number. */
#ifndef HAWSER_GLUE_ACCOUNT_H
#define HAWSER_GLUE_ACCOUNT_H

enum { USER = 1000 };

#endif
