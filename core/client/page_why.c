/* client/page_why.c — why a case has its dates, its place in the order and its handler, in
 * sentences. */
#include "client/page.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/clocks.h"
#include "client/view.h"

#include <string.h>

enum { WAY_LINES_MAX = 8 }; /* the newest; the whole way is the timeline's */

static void print_clock(struct client *c, const json_t *k)
{
    char *title = clock_title(k);
    view_line(c, title, json_text(k, "explain"), clock_is_over(k) ? PAINT_PLAIN : paint_of_due(k));
    view_line(c, "", json_text(k, "law"), PAINT_DIM);
    mem_free(title);
}

/* The names of what has ended, where something runs still: the question is about that. False when
 * there are none. */
static bool name_ended(struct client *c, const json_t *clocks, size_t first)
{
    struct buf line = {0};
    for (size_t i = first; i < json_array_size(clocks); i++) {
        char *title = clock_title(json_array_get(clocks, i));
        buf_addf(&line, "%s%s", line.len > 0 ? view_comma() : "", title);
        mem_free(title);
    }
    bool any = line.len > 0;
    view_line(c, _("Ended"), any ? buf_text(&line) : NULL, PAINT_DIM);
    buf_close(&line);
    return any;
}

/* True when clocks were only named. */
static bool print_clocks(struct client *c, const json_t *why, bool ended_too)
{
    json_t *clocks = clocks_folded(json_member(why, "clocks"));
    size_t open = 0;
    while (open < json_array_size(clocks) && !clock_is_over(json_array_get(clocks, open))) {
        open++;
    }
    size_t shown = ended_too || open == 0 ? json_array_size(clocks) : open;
    for (size_t i = 0; i < shown; i++) {
        char *title = clock_title(json_array_get(clocks, i));
        view_titles(c, title);
        mem_free(title);
    }
    for (size_t i = 0; i < shown; i++) {
        print_clock(c, json_array_get(clocks, i));
    }
    bool more = name_ended(c, clocks, shown);
    json_decref(clocks);
    return more;
}

/* "87 = due today 60 + …" */
static void print_urgency(struct client *c, const json_t *urgency)
{
    struct buf line = {0};
    buf_addf(&line, "%lld", (long long)json_number(urgency, "total", 0));
    const json_t *parts = json_member(urgency, "parts");
    bool wide = lang_current() == LANG_ZH;
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *p = json_array_get(parts, i);
        const char *join = i == 0 ? (wide ? " ＝ " : " = ") : (wide ? " ＋ " : " + ");
        buf_addf(&line, "%s%s %lld", join,
            page_named(p, "title") != NULL ? page_named(p, "title") : json_text(p, "name"),
            (long long)json_number(p, "points", 0));
    }
    view_line(c, _("Urgency"), buf_text(&line), PAINT_PLAIN);
    buf_close(&line);
}

/* Which state of which workflow gives it to whom. */
static void print_rule(struct client *c, const json_t *next, const json_t *page)
{
    const char *body = json_text(next, "body_name");
    const char *role = json_text(next, "role_title");
    const char *flow = json_text(page, "flow_title");
    const char *state = json_text(page, "state_title");
    if (body == NULL || role == NULL || flow == NULL || state == NULL) {
        return;
    }
    char *line =
        mem_printf(_("the workflow “%s” gives the state “%s” to %s, %s"), flow, state, body, role);
    view_line(c, _("Handled by"), line, PAINT_PLAIN);
    mem_free(line);
    const char *user = json_text(next, "user_name");
    view_line(c, _("Person"), user != NULL ? user : json_text(next, "user"), PAINT_PLAIN);
}

/* "11-02 某某 转送：交由 …" of one event; caller owns; NULL when it moved nothing. */
static char *way_line(const json_t *row)
{
    const json_t *way = json_member(row, "way");
    const char *at = json_text(row, "at");
    const char *who = json_text(row, "actor_name");
    const char *title = json_text(row, "title");
    if (json_array_size(way) == 0) {
        return NULL;
    }
    struct buf line = {0};
    buf_addf(&line, "%.5s %s %s%s", at != NULL && strlen(at) >= 10 ? at + 5 : "",
        who != NULL ? who : "", title != NULL ? title : "", view_colon());
    for (size_t i = 0; i < json_array_size(way); i++) {
        buf_addf(&line, "%s%s", i > 0 ? view_semicolon() : "",
            json_string_value(json_array_get(way, i)));
    }
    return buf_take(&line);
}

static void print_way(struct client *c, const json_t *history)
{
    char *lines[WAY_LINES_MAX] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(history); i++) {
        char *line = way_line(json_array_get(history, i));
        if (line != NULL) {
            mem_free(lines[n % WAY_LINES_MAX]);
            lines[n++ % WAY_LINES_MAX] = line;
        }
    }
    size_t first = n > WAY_LINES_MAX ? n - WAY_LINES_MAX : 0;
    for (size_t i = first; i < n; i++) {
        view_line(c, i == first ? _("Way here") : "", lines[i % WAY_LINES_MAX], PAINT_PLAIN);
        mem_free(lines[i % WAY_LINES_MAX]);
    }
}

void page_print_why(
    struct client *c, const json_t *why, const json_t *page, const json_t *history, bool ended_too)
{
    bool more = print_clocks(c, why, ended_too);
    const json_t *urgency = json_member(why, "urgency");
    if (urgency != NULL) {
        print_urgency(c, urgency);
    }
    const json_t *assignment = json_member(why, "assignment");
    if (json_is_object(assignment)) {
        print_rule(c, assignment, page);
    }
    const json_t *supervisor = json_member(why, "supervisor");
    view_line(c, _("Watched by"), page_named(supervisor, "name"), PAINT_PLAIN);
    print_way(c, history);
    if (more && json_text(why, "case") != NULL) {
        view_next(c, _("Of ended time limits too"), "case why %s --all", json_text(why, "case"));
    }
}
