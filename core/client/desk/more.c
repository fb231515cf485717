/* client/desk/more.c — what every case offers besides the workflow's actions: one row each. */
#include "client/desk/acts.h"
#include "client/desk/attach.h"
#include "client/desk/items.h"
#include "client/desk/papers.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/clocks.h"
#include "client/desk/screens.h"
#include "client/desk/spec.h"
#include "client/page.h"
#include "client/view.h"

#include <string.h>

/* --- words of answers ------------------------------------------------------------------ */

static char *why_words(const json_t *why)
{
    struct buf out = {0};
    json_t *clocks = clocks_folded(json_member(why, "clocks"));
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *k = json_array_get(clocks, i);
        const char *law = json_text(k, "law");
        char *title = clock_title(k);
        buf_addf(&out, "%s%s%s\n", title, view_colon(), json_text(k, "explain"));
        mem_free(title);
        if (law != NULL && *law != '\0') {
            buf_addf(&out, "    %s\n", law);
        }
    }
    json_decref(clocks);
    const json_t *parts = json_member(json_member(why, "urgency"), "parts");
    buf_addf(&out, "\n%s%s%lld", _("Urgency"), view_colon(),
        (long long)json_number(json_member(why, "urgency"), "total", 0));
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *p = json_array_get(parts, i);
        const char *name =
            page_named(p, "title") != NULL ? page_named(p, "title") : json_text(p, "name");
        buf_addf(&out, "%s%s %lld", i == 0 ? " = " : " + ", name != NULL ? name : "",
            (long long)json_number(p, "points", 0));
    }
    const json_t *way = json_member(why, "assignment");
    buf_addf(&out, "\n\n%s%s", _("Way here"), view_colon());
    if (json_is_string(way)) {
        buf_adds(&out, json_string_value(way));
    } else if (json_is_object(way)) {
        const char *body = json_text(way, "body_name");
        const char *role = json_text(way, "role_title");
        const char *user = json_text(way, "user_name");
        buf_addf(&out, "%s %s %s", body != NULL ? body : "", role != NULL ? role : "",
            user != NULL ? user : "");
    }
    for (size_t i = 0; i < json_array_size(way); i++) {
        const json_t *part = json_array_get(way, i);
        const char *words =
            json_is_string(part) ? json_string_value(part) : json_text(part, "words");
        buf_addf(&out, "\n  %s", words != NULL ? words : "");
    }
    return buf_take(&out);
}

static char *lineage_words(const json_t *lineage)
{
    struct buf out = {0};
    const json_t *where = json_member(lineage, "where");
    buf_addf(&out, "%s%s", _("Where the matter is now"), view_colon());
    for (size_t i = 0; i < json_array_size(where); i++) {
        buf_addf(
            &out, "%s%s", i > 0 ? view_comma() : "", json_string_value(json_array_get(where, i)));
    }
    buf_adds(&out, "\n\n");
    const json_t *items = json_member(lineage, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        static const char *const members[] = {
            "number", "flow_title", "state_title", "host_name", "outcome"};
        buf_adds(&out, json_flag(one, "here") ? "● " : "  ");
        for (size_t k = 0; k < sizeof members / sizeof members[0]; k++) {
            const char *text = json_text(one, members[k]);
            buf_addf(&out, "%s%s", text != NULL && k > 0 ? "  " : "", text != NULL ? text : "");
        }
        buf_addc(&out, '\n');
    }
    return buf_take(&out);
}

static char *verify_words(const json_t *result)
{
    const char *words = json_text(result, "words");
    const json_t *ok = json_object_get(result, "ok");
    return mem_strdup(words != NULL       ? words
                      : json_is_false(ok) ? _("The history was changed outside of the system.")
                                          : _("The history is complete and unchanged."));
}

static void show_answer(struct desk *d, const json_t *page, const char *title, const char *method,
    char *(*words)(const json_t *result))
{
    char *head = mem_printf("%s %s", json_text(page, "number"), title);
    json_t *params = json_pack("{s:s}", "case", json_text(page, "number"));
    desk_show(d, screen_answer(d, head, method, params, words));
    mem_free(head);
}

static void begin_why(struct desk *d, const json_t *page)
{
    show_answer(d, page, _("why these dates"), "case.why", why_words);
}

static void begin_lineage(struct desk *d, const json_t *page)
{
    show_answer(d, page, _("where the matter is"), "case.lineage", lineage_words);
}

static void begin_verify(struct desk *d, const json_t *page)
{
    show_answer(d, page, _("is the history whole"), "case.verify", verify_words);
}

static void begin_papers(struct desk *d, const json_t *page)
{
    papers_begin(d, json_text(page, "number"));
}

static void begin_attach(struct desk *d, const json_t *page)
{
    (void)page;
    attach_begin(d);
}

/* --- forms ----------------------------------------------------------------------------- */

static void begin_note(struct desk *d, const json_t *page)
{
    desk_show(d, screen_form(d, spec_note(page)));
}

static void begin_claim(struct desk *d, const json_t *page)
{
    desk_show(d, screen_form(d, spec_case(page, _("Claim: I handle this case"), "case.claim")));
}

static void begin_assign(struct desk *d, const json_t *page)
{
    json_t *spec = spec_case(page, _("Assign"), "case.assign");
    json_t *field = spec_field(spec, "user", _("To whom"), "user", true, NULL);
    json_put_text(field, "body", json_text(json_member(page, "host"), "id"));
    desk_show(d, screen_form(d, spec));
}

static void begin_classify(struct desk *d, const json_t *page)
{
    json_t *spec = spec_case(page, _("Correct the category"), "case.classify");
    json_t *field = spec_field(spec, "category", _("Category"), "text", true, NULL);
    json_put_number(field, "max_chars", 200);
    json_put_text(field, "value", json_text(page, "category"));
    spec_field(spec, "reason", _("Reason"), "text", true, NULL);
    desk_show(d, screen_form(d, spec));
}

static void begin_urge(struct desk *d, const json_t *page)
{
    const json_t *may = json_member(json_member(page, "supervision"), "may");
    json_t *titles = json_array();
    json_t *levels = json_array();
    for (size_t i = 0; i < json_array_size(may); i++) {
        const json_t *one = json_array_get(may, i);
        json_array_append(titles, json_object_get(one, "title"));
        json_array_append(levels, json_object_get(one, "level"));
    }
    if (json_array_size(titles) == 0) {
        desk_say(d, LOOK_SOON, "%s", _("Only a body above the handler can urge it."));
        json_decref(titles);
        json_decref(levels);
        return;
    }
    json_t *spec = spec_case(page, _("Urge the handler"), "case.urge");
    json_t *field = spec_field(spec, "level", _("How"), "choice", true, titles);
    json_object_set_new(field, "values", levels);
    spec_field(spec, "text", _("What is asked"), "text", true, NULL);
    spec_field(spec, "reply_by", _("Reply until"), "date", false, NULL);
    desk_show(d, screen_form(d, spec));
}

/* One party, or everything that is masked. */
static void begin_reveal(struct desk *d, const json_t *page)
{
    json_t *spec = spec_case(page, _("Show hidden numbers"), "case.reveal");
    json_t *titles = json_array();
    json_t *values = json_array();
    const json_t *parties = json_member(page, "parties");
    for (size_t i = 0; i < json_array_size(parties); i++) {
        const json_t *p = json_array_get(parties, i);
        const char *role = json_text(p, "role");
        json_array_append_new(
            titles, json_sprintf("%s %s", role != NULL ? role : "",
                        json_text(p, "name") != NULL ? json_text(p, "name") : ""));
        json_array_append_new(values, json_sprintf("party:%zu", i + 1));
    }
    json_array_append_new(titles, json_string(_("everything that is masked")));
    json_array_append_new(values, json_string("all"));
    json_put_text(spec, "note", _("Who looked, and why, stays in the history for good."));
    json_t *field = spec_field(spec, "what", _("What"), "choice", true, titles);
    json_object_set_new(field, "values", values);
    spec_field(spec, "reason", _("Reason"), "text", true, NULL);
    desk_show(d, screen_form(d, spec));
}

static void task_chosen(struct desk *d, void *ctx, const json_t *item)
{
    (void)ctx;
    char *number = screen_case_number(desk_top(d));
    const json_t *page = number != NULL ? reads_case(d->reads, "case.get", number).result : NULL;
    if (page != NULL && json_is_false(json_object_get(item, "allowed"))) {
        desk_say(d, LOOK_LATE, "! %s", json_text(item, "why"));
    } else if (page != NULL) {
        json_t *spec = spec_case(page, page_named(item, "title"), "case.task.ask");
        json_put_text(json_member(spec, "params"), "task", json_text(item, "name"));
        if (json_object_get(item, "to") == NULL) {
            spec_field(spec, "body", _("To which body"), "body", false, NULL);
        }
        spec_field(spec, "text", _("What is asked"), "text", true, NULL);
        desk_show(d, screen_form(d, spec));
    }
    mem_free(number);
}

static void begin_task(struct desk *d, const json_t *page)
{
    json_t *items = json_member(page, "adhoc");
    if (json_array_size(items) == 0) {
        desk_say(d, LOOK_SOON, "%s", _("In this state the workflow has no tasks to add."));
        return;
    }
    desk_show(d, screen_pick(d, _("Which task?"), json_deep_copy(items), task_chosen, NULL));
}

/* --- the list -------------------------------------------------------------------------- */

struct offer {
    const char *title; /* N_ */
    const char *note;  /* N_ */
    const char *right; /* asked for by whoami's rights; NULL: everybody's */
    void (*begin)(struct desk *d, const json_t *page);
};

static const struct offer offers[] = {
    {N_("note"), N_("a line in the history"), NULL, begin_note},
    {N_("why these dates"), N_("how each deadline is counted, and why the case is here"), NULL,
        begin_why},
    {N_("documents"), N_("which can be printed, what is missing for them"), NULL, begin_papers},
    {N_("where the matter is"), N_("all linked cases, and where it stands now"), NULL,
        begin_lineage},
    {N_("add a task"), N_("a visit, an opinion, evidence … asked of somebody"), NULL, begin_task},
    {N_("link"), N_("another case is about the same matter; proposals are listed"), NULL,
        begin_link},
    {N_("end a link"), N_("it is not the same matter after all"), NULL, begin_unlink},
    {N_("attach a file"), N_("a photo, a scan, a recording"), NULL, begin_attach},
    {N_("take out a file"), N_("attached by mistake"), NULL, begin_detach},
    {N_("claim"), N_("a case nobody handles yet"), "case.claim", begin_claim},
    {N_("assign"), N_("to a person of the body"), "case.assign", begin_assign},
    {N_("recusal"), N_("somebody must not handle it"), NULL, begin_recuse},
    {N_("end a recusal"), N_("the reason is no more"), NULL, begin_lift},
    {N_("correct the category"), N_("with the reason"), "case.classify", begin_classify},
    {N_("urge the handler"), N_("remind or urge the handler; the case stays there"), NULL,
        begin_urge},
    {N_("show hidden numbers"), N_("identity and telephone numbers; recorded"), NULL, begin_reveal},
    {N_("is the history whole"), N_("checks the chain of hashes"), NULL, begin_verify},
};

void acts_offer(struct desk *d, const json_t *item)
{
    char *number = screen_case_number(desk_top(d));
    size_t i = (size_t)json_number(item, "row", 0);
    const json_t *page = number != NULL ? reads_case(d->reads, "case.get", number).result : NULL;
    if (page != NULL) {
        offers[i].begin(d, page);
    }
    mem_free(number);
}

json_t *acts_offers(struct desk *d)
{
    const json_t *rights = json_member(reads_get(d->reads, "auth.whoami", NULL).result, "rights");
    json_t *items = json_array();
    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        const struct offer *o = &offers[i];
        if (o->right == NULL || rights == NULL || json_array_has(rights, o->right)) {
            json_array_append_new(items, json_pack("{s:s, s:s, s:i}", "title", _(o->title), "note",
                                             _(o->note), "row", (int)i));
        }
    }
    return items;
}

static void offer_chosen(struct desk *d, void *ctx, const json_t *item)
{
    (void)ctx;
    acts_offer(d, item);
}

void acts_more(struct desk *d, const char *number)
{
    char *title = mem_printf("%s %s", number, _("more"));
    desk_show(d, screen_pick(d, title, acts_offers(d), offer_chosen, NULL));
    mem_free(title);
}
