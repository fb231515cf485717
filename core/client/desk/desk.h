/* client/desk/desk.h — the full-screen desk: what it knows, the screens on top of each other, keys
 * in, cells out. No terminal here: desk_press() and desk_draw() are all a test needs.
 *
 * Screens are pure: they draw from what reads.h has and keep only where the cursor stands. */
#ifndef FQ_CLIENT_DESK_DESK_H
#define FQ_CLIENT_DESK_DESK_H

#include "base/err.h"
#include "client/desk/board.h"
#include "client/desk/outgo.h"
#include "client/desk/press.h"
#include "client/desk/reads.h"

#include <sys/types.h>

struct client;
struct desk;
struct screen;
struct upload;

/* One key of a screen: the bar at the bottom and the menu behind 0 come from these rows. */
struct binding {
    enum press_code key;
    const char *name;  /* "F2"; N_ where it is a word */
    const char *title; /* N_ */
    bool first;        /* stands in the bar even when there is little room */
};

struct screen_kind {
    const struct binding *bindings; /* ended by a row without name */
    const char *help;               /* N_ what one does here */
    bool types;                     /* characters are text: 0 and ? mean themselves */
    char *(*title)(struct screen *s, struct desk *d); /* caller owns */
    /* May be NULL: what stands in the line above the keys. Caller owns. */
    char *(*status)(struct screen *s, struct desk *d);
    /* Rows 1 … rows-4 are the screen's. */
    void (*draw)(struct screen *s, struct desk *d, struct board *b);
    bool (*press)(struct screen *s, struct desk *d, struct press p); /* false: not for it */
    /* May be NULL: is the key of no use now? Then it is neither in the bar nor in the menu. */
    bool (*useless)(struct screen *s, struct desk *d, enum press_code key);
    /* May be NULL: the answer to a change came. true: the screen tells the user itself. */
    bool (*settled)(struct screen *s, struct desk *d, const char *key, const json_t *result,
        const struct err *why);
    void (*tick)(struct screen *s, struct desk *d); /* may be NULL: about every second */
    void (*close)(struct screen *s);
};

struct screen {
    const struct screen_kind *kind;
};

enum {
    DESK_DEPTH = 16, /* screens on top of each other; deeper ones replace the last */
    DESK_ROWS_MIN = 20,
    DESK_COLS_MIN = 66,
};

struct desk {
    struct client *client; /* borrowed; NULL in tests of layout */
    struct line *line;     /* owned; NULL: never online */
    struct reads *reads;   /* owned */
    struct outgo *outgo;   /* owned; NULL in tests of layout */
    struct screen *stack[DESK_DEPTH];
    int depth;
    struct screen *gone[DESK_DEPTH]; /* closed during a key press; freed behind it */
    int gone_count;
    struct board board;
    struct picker menu_picker;
    char *notice; /* owned; NULL: none */
    enum look notice_look;
    char *draft;           /* owned: the folder of drafts; NULL: none are kept */
    struct upload *upload; /* owned: the file that is on its way; NULL */
    char *folder;          /* owned: where files were chosen last; NULL */
    pid_t lp;              /* the printing that is under way; 0 */
    int64_t now_us;
    bool busy; /* something wants the next turn at once */
    bool leave;
    bool refused; /* the login is not valid any more */
};

void desk_init(struct desk *d, struct client *client);
/* Opens the line and the outbox of the client. */
bool desk_connect(struct desk *d, struct err *err);
void desk_close(struct desk *d);
void desk_draw(struct desk *d);
void desk_press(struct desk *d, struct press p);
/* A key for the screen that is on top now, from within a key press (menus). */
void desk_press_again(struct desk *d, struct press p);
/* Everything that is not a key: sends what waits, lets screens tick. */
void desk_turn(struct desk *d, int64_t now_us);

void desk_show(struct desk *d, struct screen *s); /* on top; takes it */
void desk_back(struct desk *d);                   /* the one below; the first screen stays */
struct screen *desk_top(struct desk *d);
/* Says something in the line above the keys, until the next key. */
void desk_say(struct desk *d, enum look look, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool desk_online(const struct desk *d);
const char *desk_user(struct desk *d); /* login name; "" when not known */
/* Tells what a change did ("✓ number: changed · next · due"). */
void desk_say_done(struct desk *d, const json_t *result);

#endif
