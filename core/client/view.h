/* client/view.h — results on the screen: the same data as a table, as tab-separated text, CSV or
 * JSON. */
#ifndef FQ_CLIENT_VIEW_H
#define FQ_CLIENT_VIEW_H

#include "client/client.h"

/* How one column of a list is made of a row. */
struct view_column {
    const char *title;    /* N_ */
    const char *key;      /* member of the row; "due" is shown in words, "a.b" looks inside */
    const char *else_key; /* taken when key is absent; may be NULL */
    bool flexible; /* cut when the row is too wide; said once below when every row has the same */
};

/* Prints a page {"items":[…],"next"} or an array in the form the user asked for. columns ends with
 * a row without title. */
void view_list(struct client *c, const json_t *page, const struct view_column columns[]);
/* With --json (or, for single values, --plain/--csv too) prints the result and returns true. */
bool view_raw(struct client *c, const json_t *result);
void view_json(struct client *c, const json_t *value);

/* "title：value" lines of a page about one thing; long values wrap below their title. Nothing is
 * printed for an empty value. */
void view_line(struct client *c, const char *title, const char *value, enum paint paint);
/* Makes the lines that follow leave room for these titles too. */
void view_titles(struct client *c, const char *title);
/* "  1  text", the text wrapped behind its mark. */
void view_item(struct client *c, FILE *out, const char *mark, const char *text, enum paint paint);
/* A headline. */
void view_head(struct client *c, const char *text);
/* One wrapped paragraph. */
void view_text(struct client *c, const char *text, int indent);
/* What to do next: a command the user may copy. fmt gives the words behind "fengqiao ". */
void view_next(struct client *c, const char *label, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Between the items of a list, and behind a title. Not msgids: other rooms join theirs otherwise.
 */
const char *view_comma(void);
const char *view_colon(void);
const char *view_semicolon(void);
/* Any scalar as text; "" for others. Caller owns. */
char *view_scalar(const json_t *value);
/* A date-time "2026-11-24T09:30:00+08:00" as "2026-11-24 09:30"; other texts as they are. */
char *view_time(const char *instant);

#endif
