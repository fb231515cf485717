/* client/desk/items.c — see items.h. */
#include "client/desk/items.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/screens.h"
#include "client/desk/spec.h"
#include "client/page.h"
#include "client/view.h"

/* The page of the case that is on the screen; borrowed, NULL: none. */
static const json_t *page_on_top(struct desk *d)
{
    char *number = screen_case_number(desk_top(d));
    const json_t *page = number != NULL ? reads_case(d->reads, "case.get", number).result : NULL;
    mem_free(number);
    return page;
}

static void ask_reason(struct desk *d, json_t *spec)
{
    spec_field(spec, "reason", _("Reason"), "text", true, NULL);
    desk_show(d, screen_form(d, spec));
}

/* --- linking --------------------------------------------------------------------------- */

/* "同一当事人；文字相近". Caller owns. */
static char *because(const json_t *row)
{
    const json_t *why = json_member(row, "why");
    struct buf text = {0};
    for (size_t i = 0; i < json_array_size(why); i++) {
        const char *one = json_string_value(json_array_get(why, i));
        buf_addf(&text, "%s%s", i > 0 ? view_semicolon() : "", one != NULL ? one : "");
    }
    return buf_take(&text);
}

static json_t *match_items(const json_t *result)
{
    const json_t *rows = json_member(result, "items");
    json_t *items = json_pack("[{s:s, s:s}]", "title", _("type a number"), "note",
        _("of a case that is not in the list"));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *state = json_text(row, "state_title");
        char *why = because(row);
        json_t *item = json_pack("{s:o, s:s, s:s, s:s}", "title",
            json_sprintf("%s %s %s", json_text(row, "number"),
                json_text(row, "flow_title") != NULL ? json_text(row, "flow_title") : "",
                state != NULL ? state : ""),
            "note", json_flag(row, "linked") ? _("linked already") : why, "number",
            json_text(row, "number"), "because", why);
        json_object_set(item, "linked", json_object_get(row, "linked"));
        json_array_append_new(items, item);
        mem_free(why);
    }
    return items;
}

static void match_chosen(struct desk *d, void *ctx, const json_t *item)
{
    const json_t *page = page_on_top(d);
    const char *number = json_text(item, "number");
    (void)ctx;
    if (page == NULL) {
        return;
    }
    if (json_flag(item, "linked")) {
        desk_say(d, LOOK_SOON, _("%s is linked already."), number);
        return;
    }
    json_t *spec = spec_case(page, _("Link: one matter with another case"), "case.link");
    if (number != NULL) {
        json_put_text(json_member(spec, "params"), "other", number);
        json_t *note = json_sprintf(
            "%s%s%s", json_text(item, "title"), view_colon(), json_text(item, "because"));
        json_object_set_new(spec, "note", note);
    } else {
        json_t *field =
            spec_field(spec, "other", _("Number of the other case"), "text", true, NULL);
        json_put_number(field, "max_chars", 60);
    }
    ask_reason(d, spec);
}

void begin_link(struct desk *d, const json_t *page)
{
    const char *number = json_text(page, "number");
    char *title = mem_printf(_("%s: one matter with which case?"), number);
    desk_show(d, screen_pick_answer(d, title, "case.matches", json_pack("{s:s}", "case", number),
                     match_items, "", match_chosen));
    mem_free(title);
}

/* --- one of what the page lists -------------------------------------------------------- */

static void unlink_chosen(struct desk *d, void *ctx, const json_t *item)
{
    const json_t *page = page_on_top(d);
    (void)ctx;
    if (page != NULL) {
        json_t *spec = spec_case(page, _("End the link"), "case.unlink");
        json_put_text(json_member(spec, "params"), "link", json_text(item, "id"));
        json_put_text(spec, "note", json_text(item, "title"));
        ask_reason(d, spec);
    }
}

void begin_unlink(struct desk *d, const json_t *page)
{
    const json_t *links = json_member(page, "links");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(links); i++) {
        const json_t *l = json_array_get(links, i);
        if (text_equal(json_text(l, "kind"), "same")) {
            json_array_append_new(
                items, json_pack("{s:s, s:s?, s:s?}", "id", json_text(l, "id"), "title",
                           json_text(l, "number"), "note", json_text(l, "flow_title")));
        }
    }
    if (json_array_size(items) == 0) {
        desk_say(d, LOOK_SOON, "%s", _("No case was linked by hand here."));
        json_decref(items);
        return;
    }
    desk_show(d, screen_pick(d, _("End which link?"), items, unlink_chosen, NULL));
}

static void detach_chosen(struct desk *d, void *ctx, const json_t *item)
{
    const json_t *page = page_on_top(d);
    (void)ctx;
    if (page != NULL) {
        json_t *spec = spec_case(page, _("Take out a file"), "case.detach");
        json_put_text(json_member(spec, "params"), "file", json_text(item, "id"));
        json_put_text(spec, "note", json_text(item, "title"));
        ask_reason(d, spec);
    }
}

void begin_detach(struct desk *d, const json_t *page)
{
    const json_t *files = json_member(page, "files");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *f = json_array_get(files, i);
        json_array_append_new(
            items, json_pack("{s:s, s:s?, s:s?}", "id", json_text(f, "id"), "title",
                       json_text(f, "name"), "note", json_text(f, "by_name")));
    }
    if (json_array_size(items) == 0) {
        desk_say(d, LOOK_SOON, "%s", _("The case has no files."));
        json_decref(items);
        return;
    }
    desk_show(d, screen_pick(d, _("Take out which file?"), items, detach_chosen, NULL));
}

/* --- recusal --------------------------------------------------------------------------- */

void begin_recuse(struct desk *d, const json_t *page)
{
    json_t *spec = spec_case(page, _("Recusal"), "case.recuse");
    json_t *field = spec_field(spec, "user", _("Who"), "user", true, NULL);
    json_put_text(field, "body", json_text(json_member(page, "host"), "id"));
    ask_reason(d, spec);
}

static void lift_chosen(struct desk *d, void *ctx, const json_t *item)
{
    const json_t *page = page_on_top(d);
    (void)ctx;
    if (page != NULL) {
        json_t *spec = spec_case(page, _("End the recusal"), "case.recuse");
        json_t *params = json_member(spec, "params");
        json_put_text(params, "user", json_text(item, "id"));
        json_object_set_new(params, "lift", json_true());
        json_put_text(spec, "note", json_text(item, "title"));
        ask_reason(d, spec);
    }
}

void begin_lift(struct desk *d, const json_t *page)
{
    const json_t *recused = json_member(page, "recused");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(recused); i++) {
        const json_t *r = json_array_get(recused, i);
        const char *user = json_text(r, "user") != NULL ? json_text(r, "user") : json_text(r, "id");
        const char *name =
            json_text(r, "user_name") != NULL ? json_text(r, "user_name") : json_text(r, "name");
        json_array_append_new(
            items, json_pack("{s:s?, s:s?, s:s?}", "id", user, "title", name != NULL ? name : user,
                       "note", json_text(r, "reason")));
    }
    if (json_array_size(items) == 0) {
        desk_say(d, LOOK_SOON, "%s", _("Nobody is recused in this case."));
        json_decref(items);
        return;
    }
    desk_show(d, screen_pick(d, _("End whose recusal?"), items, lift_chosen, NULL));
}
