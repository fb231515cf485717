/* client/desk/acts.c — see acts.h. */
#include "client/desk/acts.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/screens.h"
#include "client/desk/spec.h"
#include "client/page.h"
#include "client/view.h"

#include <string.h>

/* --- the list -------------------------------------------------------------------------- */

/* "→ 已受理  需填：申请方同意调解、对方同意调解" */
static char *act_words(const json_t *action)
{
    const char *to = json_text(action, "to_title");
    const json_t *form = json_member(action, "form");
    struct buf words = {0};
    struct buf needs = {0};
    buf_addf(&words, "%s%s", to != NULL ? "→ " : "", to != NULL ? to : "");
    for (size_t i = 0; i < json_array_size(form); i++) {
        const json_t *f = json_array_get(form, i);
        if (json_flag(f, "required")) {
            buf_addf(&needs, "%s%s", needs.len > 0 ? view_comma() : "", page_named(f, "title"));
        }
    }
    if (json_flag(action, "reason")) {
        buf_addf(&needs, "%s%s", needs.len > 0 ? view_comma() : "", _("Reason"));
    }
    if (needs.len > 0) {
        buf_addf(&words, "%s%s%s%s", words.len > 0 ? "  " : "", _("fill in"), view_colon(),
            buf_text(&needs));
    }
    buf_close(&needs);
    return buf_take(&words);
}

static void add_act(json_t *acts, const char *title, char *words, const char *why,
    const char *member, const json_t *of)
{
    json_t *act = json_pack("{s:s, s:s?, s:b, s:s?, s:O}", "title", title != NULL ? title : "",
        "words", words, "allowed", why == NULL, "why", why, member, (json_t *)of);
    if (why == NULL) {
        json_put_number(act, "no", acts_allowed(acts) + 1);
    }
    json_array_append_new(acts, act);
    mem_free(words);
}

static bool works_for(struct desk *d, const char *body)
{
    const json_t *members = json_member(reads_get(d->reads, "auth.whoami", NULL).result, "members");
    for (size_t i = 0; i < json_array_size(members); i++) {
        if (text_equal(json_text(json_array_get(members, i), "body"), body)) {
            return true;
        }
    }
    return false;
}

/* Requests to this user, or to a body of theirs, that were not answered. */
static void add_tasks(json_t *acts, struct desk *d, const json_t *page)
{
    const json_t *tasks = json_member(page, "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *t = json_array_get(tasks, i);
        const char *user = json_text(t, "user");
        bool mine =
            user != NULL ? text_equal(user, desk_user(d)) : works_for(d, json_text(t, "body"));
        if (mine && text_equal(json_text(t, "state"), "asked")) {
            const char *title = page_named(t, "title");
            char *head = mem_printf(_("answer: %s"), title != NULL ? title : "");
            const char *legal = json_text(t, "legal");
            const char *text = json_text(t, "text");
            add_act(acts, head,
                mem_printf("%s%s%s%s", legal != NULL ? _("until ") : "", legal != NULL ? legal : "",
                    text != NULL ? "  " : "", text != NULL ? text : ""),
                NULL, "task", t);
            mem_free(head);
        }
    }
}

/* Steps of other states are not worth a line (as in page.c). */
static bool is_now(const json_t *action)
{
    const json_t *now = json_object_get(action, "now");
    return json_flag(action, "allowed") || now == NULL || json_is_true(now);
}

json_t *acts_of(struct desk *d, const json_t *page)
{
    json_t *acts = json_array();
    const json_t *actions = json_member(page, "actions");
    size_t count = json_array_size(actions);
    add_tasks(acts, d, page);
    for (size_t i = 0; i < 2 * count; i++) { /* what can be done first */
        const json_t *action = json_array_get(actions, i % count);
        bool allowed = json_flag(action, "allowed");
        if (allowed != (i < count) || !is_now(action)) {
            continue;
        }
        const char *why = json_text(action, "why");
        const char *hint = json_text(action, "hint");
        char *reason = allowed
                           ? NULL
                           : mem_printf("%s%s%s", why != NULL ? why : "",
                                 hint != NULL ? view_semicolon() : "", hint != NULL ? hint : "");
        add_act(acts, page_named(action, "title"), act_words(action), reason, "action", action);
        mem_free(reason);
    }
    return acts;
}

int acts_allowed(const json_t *acts)
{
    int n = 0;
    for (size_t i = 0; i < json_array_size(acts); i++) {
        n += json_flag(json_array_get(acts, i), "allowed");
    }
    return n;
}

void acts_begin(struct desk *d, const json_t *page, const json_t *act)
{
    if (act == NULL) {
        return;
    }
    if (!json_flag(act, "allowed")) {
        desk_show(d, screen_pager(d, json_text(act, "title"), json_text(act, "why")));
        return;
    }
    const json_t *task = json_member(act, "task");
    desk_show(d, screen_form(d, task != NULL ? spec_answer_task(page, task)
                                             : spec_act(page, json_member(act, "action"))));
}

/* --- taking back ----------------------------------------------------------------------- */

static void undo_now(struct desk *d, void *ctx)
{
    (void)ctx;
    struct screen *s = desk_top(d);
    char *number = screen_case_number(s);
    char key[UUID_TEXT];
    struct err err = {0};
    if (number != NULL && d->outgo != NULL &&
        !outgo_put(d->outgo, "case.undo", json_pack("{s:s}", "case", number), key, &err)) {
        desk_say(d, LOOK_LATE, "! %s", err.message);
    }
    err_clear(&err);
    mem_free(number);
}

void acts_undo(struct desk *d, const json_t *page)
{
    const json_t *undo = json_member(page, "undo");
    if (undo == NULL) {
        desk_say(d, LOOK_SOON, "%s",
            _("There is no step of yours that can be taken back now: only within minutes, while "
              "nobody "
              "acted after it."));
        return;
    }
    char *question = mem_printf(_("Take back your last step on %s? %lld minutes are left for it."),
        json_text(page, "number"), (long long)(json_number(undo, "seconds_left", 0) + 59) / 60);
    desk_show(d, screen_confirm(d, question, undo_now, NULL));
    mem_free(question);
}
