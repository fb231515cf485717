/* client/desk/attach.h — a file for the case that is on the screen. */
#ifndef FQ_CLIENT_DESK_ATTACH_H
#define FQ_CLIENT_DESK_ATTACH_H

#include "client/desk/desk.h"

/* Asks which file, then sends it while the user goes on working. */
void attach_begin(struct desk *d);

#endif
