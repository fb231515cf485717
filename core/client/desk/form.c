/* client/desk/form.c — filling in a form: checks while typing, a draft that survives, one key to
 * send. */
#include "client/desk/screens.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/client.h"
#include "client/desk/draft.h"
#include "client/desk/form.h"
#include "client/desk/spec.h"
#include "client/page.h"
#include "client/view.h"

#include <string.h>

#define SAVE_AFTER_US INT64_C(2000000)

struct date form_today(struct desk *d)
{
    const char *now = json_text(reads_get(d->reads, "server.clock", NULL).result, "now");
    int64_t ms;
    struct wallclock real;
    wallclock_init_real(&real);
    bool known = now != NULL && instant_parse(now, &ms);
    return date_of_instant(known ? ms : wallclock_now_ms(&real));
}

/* --- drafts ---------------------------------------------------------------------------- */

static void save_draft(struct form *s, struct desk *d)
{
    json_t *draft = json_object();
    for (int i = 0; i < s->count; i++) {
        json_t *saved = field_save(&s->fields[i]);
        if (saved != NULL) {
            json_object_set_new(draft, json_text(s->fields[i].spec, "name"), saved);
        }
    }
    draft_save(d->draft, s->draft, draft);
    json_decref(draft);
    s->changed = false;
}

static void load_draft(struct form *s, struct desk *d)
{
    json_t *draft = draft_load(d->draft, s->draft);
    for (int i = 0; draft != NULL && i < s->count; i++) {
        field_load(&s->fields[i], json_object_get(draft, json_text(s->fields[i].spec, "name")));
    }
    if (draft != NULL) {
        desk_say(d, LOOK_SOON, "%s", _("What you typed last time and did not send is here again."));
    }
    json_decref(draft);
}

static void form_tick(struct screen *screen, struct desk *d)
{
    struct form *s = (struct form *)screen;
    if (s->changed && d->now_us - s->changed_us > SAVE_AFTER_US) {
        save_draft(s, d);
    }
    if (s->key[0] != '\0' && !desk_online(d) && desk_top(d) == screen) {
        desk_say(d, LOOK_SOON, "%s",
            _("The line is down. It is in the outbox, is sent by itself later, and happens once."));
        s->key[0] = '\0';
        s->changed = false;
        desk_back(d);
    }
}

/* --- sending --------------------------------------------------------------------------- */

/* Puts the value where the method wants it. */
static void put_value(struct form *s, json_t *params, const struct field *f, json_t *value)
{
    const char *name = json_text(f->spec, "name");
    const char *into = json_text(s->spec, "into");
    const char *party = json_text(f->spec, "party");
    json_t *target = params;
    if (party != NULL) {
        json_t *parties = json_member(params, "parties");
        if (parties == NULL) {
            parties = json_array();
            json_object_set_new(params, "parties", parties);
        }
        json_array_append_new(parties, json_pack("{s:s, s:o}", "role", party, "name", value));
        return;
    }
    if (into != NULL && !json_flag(f->spec, "top")) {
        target = json_member(params, into);
    }
    json_object_set_new(target, name, value);
}

static json_t *params_of(struct form *s, struct desk *d)
{
    json_t *params = json_deep_copy(json_member(s->spec, "params"));
    const char *into = json_text(s->spec, "into");
    if (into != NULL) {
        json_object_set_new(params, into, json_object());
    }
    for (int i = 0; i < s->count; i++) {
        json_t *value = field_value(&s->fields[i], form_today(d));
        if (value != NULL) {
            put_value(s, params, &s->fields[i], value);
        }
    }
    const char *number = json_text(s->spec, "case");
    int64_t version = json_number(params, "expect_version", 0);
    if (version > 0 && number != NULL) {
        /* Each of this case that waits will have made one version more. */
        json_put_number(
            params, "expect_version", version + (int64_t)outgo_waiting_of(d->outgo, number));
    }
    return params;
}

static bool first_problem(struct form *s, struct desk *d)
{
    s->tried = true;
    for (int i = 0; i < s->count; i++) {
        char *problem = field_problem(&s->fields[i], form_today(d));
        if (problem != NULL) {
            desk_say(d, LOOK_LATE, "! %s%s%s", field_title(&s->fields[i]), view_colon(), problem);
            mem_free(problem);
            s->at = i;
            return true;
        }
    }
    return false;
}

/* The refused change this one takes the place of is gone when the new one is safe. */
static void drop_replaced(struct form *s, struct desk *d)
{
    const char *key = json_text(s->spec, "replaces");
    const json_t *list = outgo_list(d->outgo);
    for (size_t i = 0; key != NULL && i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i);
        if (text_equal(json_text(entry, "key"), key)) {
            json_incref(entry);
            outgo_discard(d->outgo, entry, NULL);
            json_decref(entry);
            return;
        }
    }
}

static void send(struct form *s, struct desk *d)
{
    struct err err = {0};
    if (s->key[0] != '\0' || d->outgo == NULL || first_problem(s, d)) {
        return;
    }
    mem_free(s->problem);
    s->problem = NULL;
    if (!outgo_put(d->outgo, json_text(s->spec, "method"), params_of(s, d), s->key, &err)) {
        s->key[0] = '\0';
        desk_say(d, LOOK_LATE, "! %s", err.message);
        err_clear(&err);
        return;
    }
    drop_replaced(s, d);
    json_t *none = json_object();
    draft_save(d->draft, s->draft, none);
    json_decref(none);
    s->changed = false;
    form_tick(&s->screen, d); /* off the line it is over already */
}

static void take_problems(struct form *s, const struct err *why)
{
    const json_t *told = json_member(why->data, "fields");
    s->problem =
        mem_printf("%s%s%s", why->message, why->hint[0] != '\0' ? view_semicolon() : "", why->hint);
    for (size_t i = 0; i < json_array_size(told); i++) {
        const json_t *one = json_array_get(told, i);
        for (int k = 0; k < s->count; k++) {
            struct field *f = &s->fields[k];
            if (text_equal(json_text(f->spec, "name"), json_text(one, "name"))) {
                mem_free(f->refused);
                f->refused = mem_strdup(json_text(one, "problem"));
                s->at = i == 0 ? k : s->at;
            }
        }
    }
}

/* Shown once, on a screen that is left; nothing of it is kept here. */
static void show_revealed(struct desk *d, const char *title, const json_t *result)
{
    const json_t *values = json_member(result, "values");
    struct buf lines = {0};
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *one = json_array_get(values, i);
        char *value = view_scalar(json_object_get(one, "value"));
        const char *name = json_text(one, "title");
        buf_addf(&lines, "%s%s%s\n", name != NULL ? name : "", view_colon(), value);
        mem_free(value);
    }
    desk_show(d, screen_pager(d, title, buf_text(&lines)));
    buf_close(&lines);
}

static bool form_settled(struct screen *screen, struct desk *d, const char *key,
    const json_t *result, const struct err *why)
{
    struct form *s = (struct form *)screen;
    if (!text_equal(s->key, key)) {
        return false;
    }
    s->key[0] = '\0';
    if (result == NULL && why->code != ERR_VERSION) {
        take_problems(s, why);
        s->changed = true; /* a draft again */
        s->changed_us = d->now_us;
        return true;
    }
    desk_back(d);
    if (result == NULL) {
        desk_show(d, screen_conflict(d, key));
    } else if (text_equal(json_text(s->spec, "method"), "case.reveal")) {
        show_revealed(d, json_text(s->spec, "title"), result);
    } else {
        desk_say_done(d, result);
    }
    return true;
}

static char *form_title(struct screen *screen, struct desk *d)
{
    struct form *s = (struct form *)screen;
    const char *to = json_text(s->spec, "to");
    (void)d;
    return mem_printf(
        "%s%s%s", json_text(s->spec, "title"), to != NULL ? " → " : "", to != NULL ? to : "");
}

static char *form_status(struct screen *screen, struct desk *d)
{
    struct form *s = (struct form *)screen;
    if (s->key[0] != '\0') {
        return mem_strdup(_("being sent …"));
    }
    if (d->line != NULL && !desk_online(d)) {
        return mem_strdup(
            _("No line now: it goes to the outbox and is sent by itself later, once."));
    }
    if (s->at < s->count && s->fields[s->at].edit.many) {
        return mem_strdup(_("Enter begins a new line, Tab goes to the next field"));
    }
    return mem_strdup(_("* must be filled in · Enter or Tab goes on · F2 sends"));
}

/* --- keys ------------------------------------------------------------------------------ */

static void go(struct form *s, int step)
{
    if (s->at < s->count) {
        s->fields[s->at].seen = true;
    }
    s->at += step;
    s->at = s->at < 0 ? s->count : s->at > s->count ? 0 : s->at;
}

static bool press_other(struct form *s, struct desk *d, struct press p)
{
    switch (p.code) {
    case PRESS_TAB:
    case PRESS_DOWN:
        go(s, 1);
        return true;
    case PRESS_BACK_TAB:
    case PRESS_UP:
        go(s, -1);
        return true;
    case PRESS_ENTER:
        if (s->at == s->count) {
            send(s, d);
        } else if ((s->fields[s->at].type == FIELD_CHOICE && !field_is_inline(&s->fields[s->at])) ||
                   s->fields[s->at].type == FIELD_LOOKUP) {
            form_look_up(s, d);
        } else {
            go(s, 1);
        }
        return true;
    case PRESS_F2:
        send(s, d);
        return true;
    case PRESS_F3:
    case PRESS_ESC:
    case PRESS_F10:
        if (s->changed && s->key[0] == '\0') {
            save_draft(s, d);
            desk_say(d, LOOK_PLAIN, "%s", _("Kept as a draft; it is here again next time."));
        }
        desk_back(d);
        return true;
    case PRESS_F6:
        for (int i = 0; i < s->count; i++) {
            struct field *f = &s->fields[i];
            field_close(f);
            field_init(f, json_array_get(json_member(s->spec, "fields"), (size_t)i));
        }
        save_draft(s, d);
        s->at = 0;
        return true;
    default:
        return p.code == PRESS_TEXT && s->at == s->count ? press_char(p) != '0' : false;
    }
}

static bool form_press(struct screen *screen, struct desk *d, struct press p)
{
    struct form *s = (struct form *)screen;
    bool editing = s->at < s->count && s->key[0] == '\0';
    if (editing && field_press(&s->fields[s->at], p)) {
        s->changed = true;
        s->changed_us = d->now_us;
        return true;
    }
    bool listed = editing && (s->fields[s->at].type == FIELD_LOOKUP);
    if (listed && p.code == PRESS_TEXT) {
        form_look_up(s, d); /* who types into a list means to narrow it */
        if (desk_top(d) != screen) {
            desk_press_again(d, p);
        }
        return true;
    }
    return press_other(s, d, p);
}

static void form_close(struct screen *screen)
{
    struct form *s = (struct form *)screen;
    for (int i = 0; i < s->count; i++) {
        field_close(&s->fields[i]);
    }
    mem_free(s->fields);
    mem_free(s->draft);
    mem_free(s->problem);
    json_decref(s->spec);
    mem_free(s);
}

static const struct binding form_bindings[] = {
    {PRESS_F2, "F2", N_("send"), true},
    {PRESS_TAB, "Tab", N_("next"), false},
    {PRESS_F3, "F3", N_("keep a draft"), false},
    {PRESS_F6, "F6", N_("empty it"), false},
    {PRESS_F1, "F1", N_("help"), false},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind form_kind = {
    .bindings = form_bindings,
    .help =
        N_("Fill in from top to bottom; * must be filled in. Enter or Tab goes on (in a long text "
           "Enter begins a new line). Where numbers stand before the choices, press the number. "
           "F2 sends, or Enter on the last line. Esc goes back and keeps what you typed as a "
           "draft. Without a line it goes to the outbox and is sent by itself later, once."),
    .types = true,
    .title = form_title,
    .status = form_status,
    .draw = form_draw,
    .press = form_press,
    .settled = form_settled,
    .tick = form_tick,
    .close = form_close,
};

struct screen *screen_form(struct desk *d, json_t *spec)
{
    struct form *s = mem_alloc(sizeof *s);
    const json_t *fields = json_member(spec, "fields");
    s->screen.kind = &form_kind;
    s->spec = spec;
    s->count = (int)json_array_size(fields);
    s->fields = mem_array((size_t)s->count + 1, sizeof *s->fields);
    for (int i = 0; i < s->count; i++) {
        field_init(&s->fields[i], json_array_get(fields, (size_t)i));
        form_prepare(&s->fields[i], d);
    }
    s->draft = draft_name(spec);
    if (json_text(spec, "replaces") == NULL) {
        load_draft(s, d);
    }
    return &s->screen;
}
