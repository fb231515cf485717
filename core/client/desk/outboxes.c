/* client/desk/outboxes.c — what waits to be sent, and what was refused: both sides beside each
 * other. */
#include "client/desk/screens.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/panes.h"
#include "client/desk/spec.h"
#include "client/page.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>

/* --- words ----------------------------------------------------------------------------- */

static const json_t *params_of(const json_t *entry)
{
    return json_member(json_member(entry, "request"), "params");
}

static const char *method_words(const char *method)
{
    static const struct {
        const char *method, *words;
    } rows[] = {{"case.open", N_("New case")}, {"case.note", N_("Note")},
        {"case.claim", N_("claim")}, {"case.assign", N_("assign")}, {"case.undo", N_("take back")},
        {"case.task.answer", N_("Answer")}, {"case.task.ask", N_("add a task")},
        {"case.link", N_("link")}, {"case.urge", N_("urge the handler")},
        {"case.recuse", N_("recusal")}, {"case.classify", N_("correct the category")},
        {"case.reveal", N_("show hidden numbers")}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(rows[i].method, method)) {
            return _(rows[i].words);
        }
    }
    return method != NULL ? method : "";
}

/* The action's title as the page has it, else its name. */
static const json_t *action_of(const json_t *page, const char *name)
{
    const json_t *actions = json_member(page, "actions");
    for (size_t i = 0; name != NULL && i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        if (text_equal(json_text(a, "name"), name)) {
            return a;
        }
    }
    return NULL;
}

static const json_t *page_for(struct desk *d, const json_t *entry)
{
    const char *number = json_text(params_of(entry), "case");
    return number != NULL ? reads_case(d->reads, "case.get", number).result : NULL;
}

static const char *what_words(struct desk *d, const json_t *entry)
{
    const char *name = json_text(params_of(entry), "action");
    const char *title = page_named(action_of(page_for(d, entry), name), "title");
    return title != NULL  ? title
           : name != NULL ? name
                          : method_words(json_text(json_member(entry, "request"), "method"));
}

/* A UUIDv7 begins with the milliseconds it was made at. */
static char *made_words(const json_t *entry)
{
    const char *key = json_text(entry, "key");
    char hex[13] = "";
    size_t n = 0;
    for (; key != NULL && *key != '\0' && n < 12; key++) {
        if (*key != '-') {
            hex[n++] = *key;
        }
    }
    hex[n] = '\0';
    char at[INSTANT_TEXT];
    return view_time(instant_format((int64_t)strtoull(hex, NULL, 16), at));
}

static bool waits(const json_t *entry)
{
    return text_equal(json_text(entry, "folder"), outbox_folder_name(OUTBOX_NEW));
}

/* --- the list -------------------------------------------------------------------------- */

struct outboxes {
    struct screen screen;
    struct picker picker;
    int at;
};

static const json_t *entries(struct desk *d)
{
    return d->outgo != NULL ? outgo_list(d->outgo) : NULL;
}

static char *outbox_title(struct screen *screen, struct desk *d)
{
    (void)screen;
    return mem_printf(_("Outbox · %zu wait, %zu refused"),
        d->outgo != NULL ? outgo_waiting(d->outgo) : 0,
        d->outgo != NULL ? outgo_conflicts(d->outgo) : 0);
}

static void outbox_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct outboxes *s = (struct outboxes *)screen;
    const json_t *list = entries(d);
    int count = (int)json_array_size(list);
    s->at = s->at >= count ? (count > 0 ? count - 1 : 0) : s->at;
    int top = s->at > b->rows - 8 ? s->at - (b->rows - 8) : 0;
    for (int i = top; i < count && 2 + i - top < b->rows - 3; i++) {
        const json_t *entry = json_array_get(list, (size_t)i);
        const char *number = json_text(params_of(entry), "case");
        const char *why = json_text(json_member(entry, "answer"), "message");
        bool on = i == s->at;
        enum look look = on ? LOOK_CHOSEN : waits(entry) ? LOOK_PLAIN : LOOK_LATE;
        char *at = made_words(entry);
        if (on) {
            board_paint(b, 2 + i - top, 1, b->cols - 2, LOOK_CHOSEN);
        }
        board_putf(b, 2 + i - top, 1, b->cols - 3, look, "%s%3d  %s  %s  %s  %s%s", on ? "▸" : " ",
            i + 1, at, number != NULL ? number : "", what_words(d, entry),
            waits(entry) ? "" : _("! refused: "),
            waits(entry)  ? _("waits to be sent")
            : why != NULL ? why
                          : "");
        mem_free(at);
    }
    if (count == 0) {
        board_put(
            b, 3, 6, b->cols - 8, _("The outbox is empty: everything was answered."), LOOK_DIM);
    }
}

static void open_entry(struct desk *d, int i)
{
    const json_t *entry = json_array_get(entries(d), (size_t)i);
    if (entry != NULL) {
        desk_show(d, screen_conflict(d, json_text(entry, "key")));
    }
}

static bool outbox_press(struct screen *screen, struct desk *d, struct press p)
{
    struct outboxes *s = (struct outboxes *)screen;
    int count = (int)json_array_size(entries(d));
    int number = picker_press(&s->picker, p, count);
    if (number > 0) {
        s->at = number - 1;
        open_entry(d, s->at);
    }
    if (number >= 0) {
        return true;
    }
    switch (p.code) {
    case PRESS_UP:
        s->at -= s->at > 0;
        return true;
    case PRESS_DOWN:
        s->at += s->at < count - 1;
        return true;
    case PRESS_ENTER:
    case PRESS_F2:
        open_entry(d, s->at);
        return true;
    case PRESS_F5:
        if (d->line != NULL) {
            line_try_now(d->line);
        }
        return true;
    default:
        return false;
    }
}

static void plain_close(struct screen *screen)
{
    mem_free(screen);
}

static const struct binding outbox_bindings[] = {
    {PRESS_ENTER, N_("Enter"), N_("look at it"), true},
    {PRESS_F5, "F5", N_("try the line now"), false},
    {PRESS_F1, "F1", N_("help"), false},
    {PRESS_TEXT, "0", N_("menu"), true},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind outbox_kind = {
    .bindings = outbox_bindings,
    .help =
        N_("What you did without a line waits here and is sent by itself, in order, when the line "
           "is back; nothing happens twice. What the server refused is marked “!”: open it to see "
           "both sides, then do it anew or drop it."),
    .title = outbox_title,
    .draw = outbox_draw,
    .press = outbox_press,
    .close = plain_close,
};

struct screen *screen_outbox(struct desk *d)
{
    struct outboxes *s = mem_alloc(sizeof *s);
    (void)d;
    s->screen.kind = &outbox_kind;
    return &s->screen;
}

/* --- one entry, both sides ------------------------------------------------------------- */

struct conflict {
    struct screen screen;
    char *key; /* owned */
    int top;
};

static const json_t *entry_of(const struct conflict *s, struct desk *d)
{
    const json_t *list = entries(d);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        if (text_equal(json_text(entry, "key"), s->key)) {
            return entry;
        }
    }
    return NULL;
}

static char *conflict_title(struct screen *screen, struct desk *d)
{
    const json_t *entry = entry_of((struct conflict *)screen, d);
    const char *number = json_text(params_of(entry), "case");
    if (entry == NULL) {
        return mem_strdup(_("Outbox"));
    }
    return mem_printf("%s %s · %s", number != NULL ? number : "", what_words(d, entry),
        waits(entry) ? _("waits to be sent") : _("refused"));
}

static void add_value(struct leaf *f, const json_t *action, const char *name, const json_t *value)
{
    const json_t *form = json_member(action, "form");
    const char *title = name;
    for (size_t i = 0; i < json_array_size(form); i++) {
        const json_t *field = json_array_get(form, i);
        title = text_equal(json_text(field, "name"), name) ? page_named(field, "title") : title;
    }
    char *text = json_is_boolean(value) ? mem_strdup(json_is_true(value) ? _("yes") : _("no"))
                                        : view_scalar(value);
    leaf_pair(f, title, text);
    mem_free(text);
}

static void fill_mine(struct leaf *f, struct desk *d, const json_t *entry)
{
    const json_t *params = params_of(entry);
    const json_t *action = action_of(page_for(d, entry), json_text(params, "action"));
    const char *key;
    json_t *value;
    char *at = made_words(entry);
    leaf_pair(f, _("Done"), what_words(d, entry));
    leaf_pair(f, _("Made"), at);
    mem_free(at);
    json_object_foreach(
        json_member(
            params, action != NULL || json_member(params, "form") != NULL ? "form" : "fields"),
        key, value)
    {
        add_value(f, action, key, value);
    }
    leaf_pair(f, _("Note"), json_text(params, "text"));
    leaf_pair(f, _("Reason"), json_text(params, "reason"));
    int64_t version = json_number(params, "expect_version", 0);
    if (version > 0) {
        leaf_addf(f, LOOK_DIM, 2, _("made on version %lld of the case"), (long long)version);
    }
}

static void fill_theirs(struct leaf *f, struct desk *d, const json_t *entry)
{
    const json_t *answer = json_member(entry, "answer");
    const json_t *page = page_for(d, entry);
    int64_t made_on = json_number(params_of(entry), "expect_version", 0);
    if (answer != NULL) {
        leaf_addf(f, LOOK_LATE, 0, "%s", json_text(answer, "message"));
    }
    if (page == NULL) {
        leaf_add(f, LOOK_DIM, 0, desk_online(d) ? _("Reading …") : _("Not read yet."));
        return;
    }
    leaf_pair(f, _("Now"), json_text(page, "state_title"));
    leaf_addf(f, LOOK_DIM, 2, _("version %lld"), (long long)json_number(page, "version", 0));
    struct reading history = pane_history(d, json_text(page, "number"));
    const json_t *rows = json_member(history.result, "items");
    for (size_t i = json_array_size(rows); i > 0; i--) {
        const json_t *row = json_array_get(rows, i - 1);
        if (json_number(row, "version", 0) <= made_on) {
            break;
        }
        char *at = view_time(json_text(row, "at"));
        leaf_addf(f, LOOK_BOLD, 2, "%s %s", at, json_text(row, "title"));
        leaf_addf(f, LOOK_PLAIN, 2, "  %s",
            json_text(row, "actor_name") != NULL ? json_text(row, "actor_name") : _("the system"));
        mem_free(at);
    }
}

static void conflict_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct conflict *s = (struct conflict *)screen;
    const json_t *entry = entry_of(s, d);
    int half = (b->cols - 7) / 2;
    int rows = b->rows - 3 - 7;
    int top = s->top;
    struct leaf mine;
    struct leaf theirs;
    leaf_init(&mine, half);
    leaf_init(&theirs, half);
    if (entry == NULL) {
        leaf_add(&mine, LOOK_GOOD, 0, _("It was sent and answered meanwhile."));
    } else {
        fill_mine(&mine, d, entry);
        fill_theirs(&theirs, d, entry);
    }
    board_put(b, 1, 2, half, _("What I did"), LOOK_BOLD);
    board_put(b, 1, half + 5, half, _("What the server has"), LOOK_BOLD);
    leaf_draw(&mine, b, 2, 2, rows, &top);
    leaf_draw(&theirs, b, 2, half + 5, rows, &s->top);
    for (int row = 1; row < 2 + rows; row++) {
        board_put(b, row, half + 3, 1, "│", LOOK_FRAME);
    }
    board_rule(b, 2 + rows, NULL, LOOK_FRAME);
    bool refused = entry != NULL && !waits(entry);
    static const char *const choices[] = {
        N_("do it anew: the form with what I typed, on the case as it is now"),
        N_("drop it for good"), N_("look at the case")};
    for (int i = 0; entry != NULL && i < 3; i++) {
        bool off = i == 0 && !refused;
        board_putf(b, 3 + rows + i, 3, b->cols - 6, off ? LOOK_DIM : LOOK_PLAIN, "%d  %s", i + 1,
            off ? _("(it is sent by itself)") : _(choices[i]));
    }
    leaf_close(&mine);
    leaf_close(&theirs);
}

/* The form of the same action on the case as it is, filled with what was typed. */
static void redo(struct conflict *s, struct desk *d, const json_t *entry)
{
    const json_t *params = params_of(entry);
    const json_t *page = page_for(d, entry);
    const json_t *action = action_of(page, json_text(params, "action"));
    if (action != NULL && !json_flag(action, "allowed")) {
        const char *why = json_text(action, "why");
        desk_say(d, LOOK_LATE, "! %s", why != NULL ? why : _("This step cannot be done now."));
        return;
    }
    json_t *spec = action != NULL                                      ? spec_act(page, action)
                   : page != NULL && json_text(params, "text") != NULL ? spec_note(page)
                                                                       : NULL;
    if (spec == NULL) {
        desk_say(
            d, LOOK_SOON, "%s", _("This one cannot be done anew from here; look at the case."));
        return;
    }
    json_t *fields = json_member(spec, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        json_t *field = json_array_get(fields, i);
        const char *name = json_text(field, "name");
        json_t *value = json_object_get(json_member(params, "form"), name);
        value = value != NULL ? value : json_object_get(params, name);
        if (value != NULL) {
            json_object_set(field, "value", value);
        }
    }
    json_put_text(spec, "replaces", s->key);
    desk_back(d);
    desk_show(d, screen_form(d, spec));
}

static void drop_now(struct desk *d, void *ctx)
{
    (void)ctx;
    struct screen *top = desk_top(d);
    const json_t *entry = conflict_entry(top, d);
    struct err err = {0};
    if (entry == NULL) {
        return;
    }
    if (outgo_discard(d->outgo, entry, &err)) {
        desk_back(d);
        desk_say(d, LOOK_GOOD, "%s", _("✓ Dropped."));
    } else {
        desk_say(d, LOOK_LATE, "! %s", err.message);
    }
    err_clear(&err);
}

static bool conflict_press(struct screen *screen, struct desk *d, struct press p)
{
    struct conflict *s = (struct conflict *)screen;
    const json_t *entry = entry_of(s, d);
    const char *number = json_text(params_of(entry), "case");
    int digit = press_digit(p);
    if (p.code == PRESS_UP || p.code == PRESS_DOWN) {
        s->top += p.code == PRESS_DOWN ? 1 : -1;
        return true;
    }
    if (entry == NULL || digit < 1 || digit > 3) {
        return false;
    }
    if (digit == 1 && !waits(entry)) {
        redo(s, d, entry);
    } else if (digit == 2) {
        desk_show(d, screen_confirm(d, _("Drop what you did for good? It cannot be brought back."),
                         drop_now, NULL));
    } else if (digit == 3 && number != NULL) {
        desk_show(d, screen_case(d, number));
    }
    return true;
}

static void conflict_close(struct screen *screen)
{
    mem_free(((struct conflict *)screen)->key);
    mem_free(screen);
}

static const struct binding conflict_bindings[] = {
    {PRESS_TEXT, "1-3", N_("choose"), true},
    {PRESS_F1, "F1", N_("help"), false},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind conflict_kind = {
    .bindings = conflict_bindings,
    .help =
        N_("Left: what you did and when. Right: what the server has now and what happened since. "
           "1 opens the form again with what you typed; 2 drops yours for good; 3 opens the case. "
           "Esc leaves it where it is: nothing is lost."),
    .title = conflict_title,
    .draw = conflict_draw,
    .press = conflict_press,
    .close = conflict_close,
};

const json_t *conflict_entry(const struct screen *screen, struct desk *d)
{
    return screen->kind == &conflict_kind ? entry_of((const struct conflict *)screen, d) : NULL;
}

struct screen *screen_conflict(struct desk *d, const char *key)
{
    struct conflict *s = mem_alloc(sizeof *s);
    (void)d;
    s->screen.kind = &conflict_kind;
    s->key = mem_strdup(key);
    return &s->screen;
}
