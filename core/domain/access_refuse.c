/* domain/access_refuse.c — a refusal says why, and who could: nobody should have to guess whom to
 * ask. Offices are named, never people. */
#include "domain/access_private.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"

enum { WHO_MAX = 6 }; /* nearest first; more names than that are not read */

/* --- who could -------------------------------------------------------------------------------- */

struct helpers {
    const struct access *access;
    enum right right;
    const struct access_target *target;
    json_t *who;
};

static bool listed(const json_t *who, const struct member *m)
{
    for (size_t i = 0; i < json_array_size(who); i++) {
        const json_t *row = json_array_get(who, i);
        if (text_equal(json_text(row, "role"), m->role) &&
            text_equal(json_text(row, "body"), m->body->id)) {
            return true;
        }
    }
    return false;
}

static void add_helper(const struct member *m, void *ctx)
{
    struct helpers *h = ctx;
    if (json_array_size(h->who) < WHO_MAX &&
        access_covers(m->body, access_scope(h->access, m->role, h->right), h->target) &&
        !listed(h->who, m)) {
        json_t *row = json_object();
        json_put_text(row, "role", m->role);
        json_put_text(row, "role_title", access_role_title(h->access, m->role));
        json_put_text(row, "body", m->body->id);
        json_put_text(row, "body_name", m->body->name);
        json_array_append_new(h->who, row);
    }
}

/* The offices at a place and above it. */
static void add_above(
    struct helpers *h, const struct org *o, const struct place *from, struct date d)
{
    for (const struct place *p = from; p != NULL; p = p->parent) {
        const struct body *b;
        for (size_t i = 0; (b = org_body_in(o, p, i)) != NULL; i++) {
            org_members_in(o, b->id, d, add_helper, h);
        }
    }
}

struct seat {
    const struct place *place;
};

static void first_seat(const struct member *m, void *ctx)
{
    struct seat *seat = ctx;
    seat->place = seat->place == NULL ? m->body->place : seat->place;
}

static json_t *who_could(const struct access *a, const struct org *o, const struct actor *actor,
    enum right right, const struct access_target *target, struct date d)
{
    struct helpers h = {a, right, target, json_array()};
    if (right == RIGHT_UNKNOWN || target->lost) {
        return h.who;
    }
    for (size_t i = 0; i < target->body_count; i++) {
        org_members_in(o, target->bodies[i]->id, d, add_helper, &h);
    }
    struct seat start = {target->body_count > 0 ? target->bodies[0]->place : target->place};
    if (start.place == NULL && actor->user != NULL) {
        org_members_of(o, actor->user, d, first_seat, &start);
    }
    add_above(&h, o, start.place, d);
    return h.who;
}

/* --- why not ---------------------------------------------------------------------------------- */

struct offices {
    const struct access *access;
    enum right right;
    struct buf all;      /* 登记员（羊路井村村民委员会） … */
    struct buf granting; /* those that have the right elsewhere */
};

static void add_office(struct buf *list, const char *title, const char *body_name)
{
    buf_addf(list, _("%s%s of %s"), list->len > 0 ? _(" / ") : "", title, body_name);
}

static void name_office(const struct member *m, void *ctx)
{
    struct offices *list = ctx;
    const char *title = access_role_title(list->access, m->role);
    add_office(&list->all, title, m->body->name);
    if (access_scope(list->access, m->role, list->right) != SCOPE_NONE) {
        add_office(&list->granting, title, m->body->name);
    }
}

static void set_reason(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, struct date d, struct err *err)
{
    enum right asked = right_parse(right);
    const char *doing = asked == RIGHT_UNKNOWN ? right : lang_text(right_rows[asked].title);
    struct offices list = {.access = a, .right = asked};
    char day[DATE_TEXT];
    if (actor->kind == ACTOR_USER && actor->user != NULL) {
        org_members_of(o, actor->user, d, name_office, &list);
    }
    if (actor->kind == ACTOR_PLUGIN) {
        err_set(err, ERR_FORBIDDEN,
            _("may not %s: the plugin's role \"%s\" does not give that right"), doing,
            actor->role == NULL ? "" : actor->role);
    } else if (list.granting.len > 0) {
        err_set(err, ERR_FORBIDDEN, _("may not %s here: that right is held elsewhere, as %s"),
            doing, buf_text(&list.granting));
    } else if (list.all.len > 0) {
        err_set(err, ERR_FORBIDDEN, _("may not %s: %s does not give that right"), doing,
            buf_text(&list.all));
    } else {
        err_set(err, ERR_FORBIDDEN, _("may not %s: no office is held on %s"), doing,
            date_format(d, day));
    }
    buf_close(&list.all);
    buf_close(&list.granting);
}

bool access_refuse(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct access_target *target, struct date d, struct err *err)
{
    if (err == NULL) {
        return false; /* only the answer was wanted */
    }
    set_reason(a, o, actor, right, d, err);
    json_t *who = who_could(a, o, actor, right_parse(right), target, d);
    if (json_array_size(who) > 0) {
        struct buf list = {0};
        for (size_t i = 0; i < json_array_size(who); i++) {
            const json_t *row = json_array_get(who, i);
            add_office(&list, json_text(row, "role_title"), json_text(row, "body_name"));
        }
        err_hint(err, _("this could do: %s"), buf_text(&list));
        buf_close(&list);
    }
    err_data(err, "right", json_string(right));
    return err_data(err, "who", who);
}

/* The same words for a case that does not exist: the answer must not tell the two apart. */
bool access_refuse_unseen(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, _("There is no such case"));
}
