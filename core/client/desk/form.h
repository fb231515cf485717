/* client/desk/form.h — a form being filled in; private to the files form*.c. */
#ifndef FQ_CLIENT_DESK_FORM_H
#define FQ_CLIENT_DESK_FORM_H

#include "base/random.h"
#include "client/desk/field.h"

struct form {
    struct screen screen;
    json_t *spec; /* owned */
    struct field *fields;
    int count, at; /* at == count: the button */
    int top;       /* rows scrolled away */
    bool tried;    /* sending was tried: every problem is told */
    bool changed;  /* since the draft was saved */
    int64_t changed_us;
    char *draft;         /* owned: its name */
    char key[UUID_TEXT]; /* of the change that is on its way; "" */
    char *problem;       /* owned: what the server said of the whole */
};

/* The server's day where it is known. */
struct date form_today(struct desk *d);
/* Opens the list the field under the cursor is chosen from. */
void form_look_up(struct form *s, struct desk *d);
/* Asks for the list before it is needed. */
void form_prepare(struct field *f, struct desk *d);
void form_draw(struct screen *screen, struct desk *d, struct board *b);

#endif
