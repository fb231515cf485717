/* client/desk/summary.c — see summary.h. */
#include "client/desk/summary.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/leaf.h"
#include "client/page.h"
#include "client/paint.h"
#include "client/view.h"

#include <string.h>

enum look summary_due_look(const json_t *due)
{
    enum paint paint = paint_of_due(due);
    return paint == PAINT_RED ? LOOK_LATE : paint == PAINT_YELLOW ? LOOK_SOON : LOOK_PLAIN;
}

char *summary_age(int64_t copy_ms)
{
    char at[INSTANT_TEXT];
    char *words = view_time(instant_format(copy_ms, at));
    char *age = mem_printf(_("(a copy of %s)"), words);
    mem_free(words);
    return age;
}

char *summary_parties(const json_t *page)
{
    const json_t *parties = json_member(page, "parties");
    struct buf text = {0};
    for (size_t i = 0; i < json_array_size(parties); i++) {
        const json_t *p = json_array_get(parties, i);
        const char *role =
            json_text(p, "role_title") != NULL ? json_text(p, "role_title") : json_text(p, "role");
        const char *name = json_text(p, "name");
        buf_addf(&text, "%s%s%s%s", i > 0 ? "   " : "", role != NULL ? role : "",
            role != NULL ? " " : "", name != NULL ? name : "");
    }
    return buf_take(&text);
}

char *summary_next(const json_t *page)
{
    const json_t *next = json_member(page, "next");
    const char *body = json_text(next, "body_name");
    const char *role = json_text(next, "role_title");
    const char *user = json_text(next, "user_name");
    if (body == NULL && role == NULL) {
        return mem_strdup("");
    }
    return mem_printf("%s %s%s%s", body != NULL ? body : "", role != NULL ? role : "",
        user != NULL ? " " : "", user != NULL ? user : "");
}

/* What the matter was described as; in a workflow without that, the longest text of the page. */
static const char *about(const json_t *page)
{
    const json_t *fields = json_member(page, "fields");
    const char *longest = NULL;
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const char *value = json_text(json_array_get(fields, i), "value");
        if (value != NULL && text_equal(json_text(json_array_get(fields, i), "name"), "text")) {
            return value;
        }
        if (value != NULL && (longest == NULL || strlen(value) > strlen(longest))) {
            longest = value;
        }
    }
    return longest;
}

static void add_actions(struct leaf *f, const json_t *page)
{
    const json_t *actions = json_member(page, "actions");
    struct buf names = {0};
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        if (json_flag(a, "allowed")) {
            buf_addf(&names, "%s%s", names.len > 0 ? view_comma() : "", page_named(a, "title"));
        }
    }
    leaf_pair(f, _("You may"), buf_text(&names));
    buf_close(&names);
}

void summary_draw(struct desk *d, struct board *b, int row, int rows, const json_t *list_row)
{
    const char *number = json_text(list_row, "number");
    const json_t *page = reads_case(d->reads, "case.get", number != NULL ? number : "").result;
    const json_t *from = page != NULL ? page : list_row;
    const json_t *due = json_member(from, "due");
    struct leaf f;
    int top = 0;
    leaf_init(&f, b->cols - 4);
    const char *text = about(page);
    /* Two lines of it, so that whose turn it is stays in sight. */
    char *cut = text != NULL ? mem_strndup(text, utf8_offset(text, (size_t)b->cols - 12)) : NULL;
    leaf_pair(&f, _("About"), cut != NULL ? cut : json_text(list_row, "title"));
    mem_free(cut);
    char *until = page_due_line(due);
    const char *clock = json_text(due, "title");
    if (*until != '\0') {
        leaf_addf(&f, summary_due_look(due), 2, "%s%s%s%s%s", _("Due"), view_colon(),
            clock != NULL ? clock : "", clock != NULL ? " " : "", until);
    }
    mem_free(until);
    char *next = summary_next(page);
    leaf_pair(&f, _("Next"), next);
    mem_free(next);
    if (page != NULL) {
        add_actions(&f, page);
    } else {
        leaf_pair(&f, _("With"), json_text(list_row, "host_name"));
    }
    leaf_pair(&f, _("Category"), json_text(list_row, "category"));
    leaf_draw(&f, b, row, 2, rows, &top);
    leaf_close(&f);
}
