/* client/desk/screens.h — the screens there are; each opens as what desk_show() takes. */
#ifndef FQ_CLIENT_DESK_SCREENS_H
#define FQ_CLIENT_DESK_SCREENS_H

#include "client/desk/desk.h"

/* --- lists of cases -------------------------------------------------------------------- */
struct screen *screen_inbox(struct desk *d);
/* Any list: title is copied, params taken. */
struct screen *screen_list(struct desk *d, const char *title, const char *method, json_t *params);
struct screen *screen_filter(struct desk *d); /* which list to see */
struct screen *screen_search(struct desk *d); /* what to look for */

/* --- one case -------------------------------------------------------------------------- */
struct screen *screen_case(struct desk *d, const char *number);
/* The number of a case page; NULL for another screen. Caller owns. */
char *screen_case_number(const struct screen *s);
/* A form by its spec (form.h), which is taken. */
struct screen *screen_form(struct desk *d, json_t *spec);

/* --- the outbox ------------------------------------------------------------------------ */
struct screen *screen_outbox(struct desk *d);
struct screen *screen_conflict(struct desk *d, const char *key);
/* The outbox's entry such a screen shows; NULL for another screen, or when it is settled. */
const json_t *conflict_entry(const struct screen *s, struct desk *d);

/* --- general --------------------------------------------------------------------------- */
struct screen *screen_menu(struct desk *d, struct screen *of);
struct screen *screen_help(struct desk *d, struct screen *of);
/* A long text to read. Both are copied. */
struct screen *screen_pager(struct desk *d, const char *title, const char *text);
/* A text that comes from a question: `words` makes it of the answer; caller owns what it returns.
 * params is taken. */
struct screen *screen_answer(struct desk *d, const char *title, const char *method, json_t *params,
    char *(*words)(const json_t *result));

/* One of many. items: [{"title","note"?,…}], taken. `chosen` is called with the item (borrowed)
 * after the screen closed. ctx is borrowed. */
typedef void (*chosen_cb)(struct desk *d, void *ctx, const json_t *item);
struct screen *screen_pick(
    struct desk *d, const char *title, json_t *items, chosen_cb chosen, void *ctx);
/* The same, of a question: items_of makes the items of the answer (new reference); none is said
 * when there are none (constant). params is taken. */
typedef json_t *(*items_of_cb)(const json_t *result);
struct screen *screen_pick_answer(struct desk *d, const char *title, const char *method,
    json_t *params, items_of_cb items_of, const char *none, chosen_cb chosen);
/* Yes or no, for what is hard to take back; `yes` is called after the screen closed. */
struct screen *screen_confirm(
    struct desk *d, const char *question, void (*yes)(struct desk *d, void *ctx), void *ctx);

#endif
