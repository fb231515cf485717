/* engine/urge.h — the rungs of supervision, from a reminder up (decide_urge.c). */
#ifndef FQ_ENGINE_URGE_H
#define FQ_ENGINE_URGE_H

#include "domain/casefile.h"

const char *urge_level(size_t rung);       /* remind urge listed; NULL behind the last */
size_t urge_rung(const char *level);       /* behind the last when there is no such level */
const char *urge_title(const char *level); /* for people, in the current language */
/* What comes next when the highest rung so far stays without the reply it wanted; NULL: nothing. */
const char *urge_next(const struct casefile *c);

#endif
