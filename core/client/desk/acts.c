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

/* What may be done about a task: {word of its `may`, title, method}. */
static const struct {
    const char *may;
    const char *title; /* N_ */
} task_acts[] = {
    {"answer", N_("answer: %s")},
    {"return", N_("return: %s")},
    {"cancel", N_("cancel: %s")},
};

/* Requests to other bodies, as far as this user may answer, return or cancel them. */
static void add_tasks(json_t *acts, const json_t *page, const char *may)
{
    const json_t *tasks = json_member(page, "tasks");
    size_t row = 0;
    while (strcmp(task_acts[row].may, may) != 0) {
        row++;
    }
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *t = json_array_get(tasks, i);
        if (!json_array_has(json_member(t, "may"), may)) {
            continue;
        }
        const char *title = page_named(t, "title");
        const char *legal = json_text(t, "legal");
        const char *text = json_text(t, "text");
        char *head = mem_printf(_(task_acts[row].title), title != NULL ? title : "");
        add_act(acts, head,
            mem_printf("%s%s%s%s", legal != NULL ? _("until ") : "", legal != NULL ? legal : "",
                text != NULL ? "  " : "", text != NULL ? text : ""),
            NULL, "task", t);
        json_put_text(json_array_get(acts, json_array_size(acts) - 1), "may", may);
        mem_free(head);
    }
}

/* Steps of other states are not worth a line (as in page.c). */
static bool is_now(const json_t *action)
{
    const json_t *now = json_object_get(action, "now");
    return json_flag(action, "allowed") || now == NULL || json_is_true(now);
}

static void add_other_tasks(json_t *acts, const json_t *page)
{
    add_tasks(acts, page, "return");
    add_tasks(acts, page, "cancel");
}

json_t *acts_of(const json_t *page)
{
    json_t *acts = json_array();
    const json_t *actions = json_member(page, "actions");
    size_t count = json_array_size(actions);
    add_tasks(acts, page, "answer");
    for (size_t i = 0; i < 2 * count; i++) { /* what can be done first */
        if (i == count) {
            add_other_tasks(acts, page);
        }
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
    if (count == 0) {
        add_other_tasks(acts, page);
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

int acts_usual(const json_t *page, const json_t *acts)
{
    const char *state = json_text(page, "state_title");
    for (size_t i = 0; i < json_array_size(acts); i++) {
        const json_t *act = json_array_get(acts, i);
        const json_t *action = json_member(act, "action");
        const char *to = json_text(action, "to_title");
        bool answers = text_equal(json_text(act, "may"), "answer");
        bool leads_on = to != NULL && !text_equal(to, state) && !json_flag(action, "reason");
        if (json_flag(act, "allowed") && (answers || leads_on)) {
            return (int)i;
        }
    }
    return 0;
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
    desk_show(d, screen_form(d, task != NULL ? spec_task(page, task, json_text(act, "may"))
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
