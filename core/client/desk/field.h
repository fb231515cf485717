/* client/desk/field.h — one question of a form: what was typed or chosen, and whether it will do.
 */
#ifndef FQ_CLIENT_DESK_FIELD_H
#define FQ_CLIENT_DESK_FIELD_H

#include "client/desk/desk.h"
#include "client/desk/edit.h"

#include "base/civil.h"

enum field_type { FIELD_TEXT, FIELD_CHOICE, FIELD_DATE, FIELD_MONEY, FIELD_INTEGER, FIELD_LOOKUP };

struct field {
    const json_t *spec; /* borrowed from the form's spec */
    enum field_type type;
    struct edit edit;
    json_t *choices; /* owned: words; of yes/no too; NULL: none */
    int chosen;      /* -1: none */
    char *id, *name; /* owned; of what was looked up */
    char *refused;   /* owned: what the server said of the value; goes with the next key */
    bool seen;       /* the cursor was here: from now on a problem is told */
};

void field_init(struct field *f, const json_t *spec);
void field_close(struct field *f);
const char *field_title(const struct field *f);
bool field_required(const struct field *f);
/* The choices stand in one line, not behind Enter. */
bool field_is_inline(const struct field *f);
bool field_is_empty(const struct field *f);
/* false: the key is not for the field. */
bool field_press(struct field *f, struct press p);
/* What is wrong with it now, or NULL; caller owns. */
char *field_problem(const struct field *f, struct date today);
/* Said beside a value that is right: the weekday of a date and whether it is a day of work. Caller
 * owns; NULL: nothing. */
char *field_note(const struct field *f, struct desk *d, struct date today);
/* What goes on the wire; new reference; NULL when empty. */
json_t *field_value(const struct field *f, struct date today);
/* For drafts: as it was typed. */
json_t *field_save(const struct field *f);
void field_load(struct field *f, const json_t *saved);
/* From a value as the wire has it. */
void field_set(struct field *f, const json_t *value);
void field_choose(struct field *f, const char *id, const char *name);

#endif
