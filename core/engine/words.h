/* engine/words.h — deadlines in words and colour, the same everywhere they are shown. */
#ifndef FQ_ENGINE_WORDS_H
#define FQ_ENGINE_WORDS_H

#include "engine/engine_private.h"

/* {legal, days, workdays, words, colour, provisional} for a legal end; "paused" instead of a number
 * while the clock is. Colours: plain, yellow (one working day or less, or the mark), red (late, or
 * the mark). mark may be NULL. New reference. */
json_t *words_due(
    const struct engine *e, struct date legal, bool paused, bool provisional, const char *mark);
json_t *clock_words(const struct engine *e, const struct case_clock *k, const char *mark);
/* {total, parts:[{name,points}]}: what is most pressing comes first on a desk. New reference. */
json_t *urgency(
    const struct engine *e, struct date legal, bool has_due, const char *mark, int level);
const char *body_name(
    const struct engine *e, const char *id); /* the id when unknown; NULL for NULL */
const char *person_name(const struct engine *e, const char *user); /* likewise */
const char *place_name(const struct engine *e, const char *code);  /* likewise */
/* rows.c: what an event is called. */
const char *event_type_words(const char *type);
/* act_words.c: events that are acts beside the workflow, in words. Caller owns. */
char *event_undone_words(const struct flow *flow, const json_t *event); /* "undone: 受理" */
char *event_revealed_words(const struct flow *flow, const json_t *event);
char *event_recused_words(const struct engine *e, const json_t *event, const json_t *changes);
char *event_file_words(const char *type, const json_t *event, const json_t *changes);
/* The line of such an event, or NULL. Caller owns. */
char *event_act_words(
    const struct engine *e, const struct flow *flow, const char *type, const json_t *event);
const char *worst_colour(const struct casefile *c); /* "red" "yellow" or NULL */

#endif
