/* client/desk/papers.c — see papers.h. */
#include "client/desk/papers.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "client/client.h"
#include "client/desk/screens.h"
#include "client/home.h"
#include "client/paper.h"
#include "client/remote.h"

#include <stdlib.h>
#include <sys/wait.h>

/* --- it is made ------------------------------------------------------------------------ */

struct making {
    struct desk *desk; /* borrowed */
    char *number;      /* owned */
    bool print;
};

/* On the case page a text to read, with the whole path; elsewhere one line. */
static void tell(struct desk *d, const char *title, const char *text, enum look look)
{
    char *number = screen_case_number(desk_top(d));
    if (number != NULL) {
        desk_show(d, screen_pager(d, title, text));
    } else {
        desk_say(d, look, "%s", text);
    }
    mem_free(number);
}

static bool to_file(struct making *m, const json_t *made, const char *pdf, size_t len,
    const char *given, struct err *err)
{
    const char *home = getenv("HOME");
    char *path = paper_file_name(home != NULL ? home : ".", made, m->number, "pdf");
    bool ok = home_write(path, pdf, len, err);
    if (ok) {
        char *text = mem_printf(_("✓ written: %s\nNumber: %s"), path, given);
        tell(m->desk, json_text(made, "title"), text, LOOK_GOOD);
        mem_free(text);
    }
    mem_free(path);
    return ok;
}

static bool to_printer(struct making *m, const char *pdf, size_t len, struct err *err)
{
    if (m->desk->lp > 0) {
        return err_set(err, ERR_FILE, "%s", _("The printer still takes the paper before."));
    }
    m->desk->lp = paper_print("-", pdf, len, true, err);
    return m->desk->lp > 0;
}

static void hand_over(struct making *m, const json_t *made, struct err *err)
{
    size_t len = 0;
    const char *base64 = json_text(made, "pdf");
    const char *given = json_text(made, "number");
    char *pdf = base64 != NULL ? base64_decode(base64, &len) : NULL;
    if (pdf == NULL || len == 0) {
        err_set(err, ERR_PROTOCOL, "%s", _("The server sent no document."));
    } else if (m->print) {
        to_printer(m, pdf, len, err);
    } else {
        to_file(m, made, pdf, len, given != NULL ? given : _("(draft)"), err);
    }
    mem_free(pdf);
}

static void came(void *ctx, const json_t *made, const struct err *why)
{
    struct making *m = ctx;
    struct desk *d = m->desk;
    struct err err = {0};
    if (made != NULL) {
        hand_over(m, made, &err);
        reads_stale(d->reads, m->number);
    } else {
        err_set(&err, why->code, "%s", why->message);
    }
    if (err.code != ERR_NONE) {
        char *text = mem_printf("! %s", err.message);
        tell(d, _("The paper was not made"), text, LOOK_LATE);
        mem_free(text);
    }
    err_clear(&err);
    mem_free(m->number);
    mem_free(m);
}

static void make(struct desk *d, char *number, const char *template, bool draft, bool print)
{
    char id[UUID_TEXT];
    struct making *m = mem_alloc(sizeof *m);
    m->desk = d;
    m->number = number;
    m->print = print;
    random_uuid7(wallclock_now_ms(&d->client->clock), id);
    json_t *params = json_pack("{s:s, s:s, s:s, s:b}", "case", number, "template", template,
        "format", "pdf", "draft", draft);
    json_t *request = remote_request(id, "documents.make", params, NULL, remote_token(d->client));
    if (line_send(d->line, request, came, m)) {
        desk_say(d, LOOK_PLAIN, "%s", _("The paper is being made …"));
    } else {
        desk_say(d, LOOK_SOON, "%s", _("A paper is made by the server: it needs a line."));
        mem_free(m->number);
        mem_free(m);
    }
    json_decref(request);
    json_decref(params);
}

/* --- which, and where to --------------------------------------------------------------- */

static void way_chosen(struct desk *d, void *ctx, const json_t *item)
{
    (void)ctx;
    char *number = screen_case_number(desk_top(d));
    if (json_text(item, "why") != NULL) {
        desk_say(d, LOOK_LATE, "! %s", json_text(item, "why"));
        mem_free(number);
    } else if (number != NULL) {
        make(d, number, json_text(item, "template"), json_flag(item, "draft"),
            json_flag(item, "print"));
    }
}

static void paper_chosen(struct desk *d, void *ctx, const json_t *paper)
{
    static const struct {
        const char *title, *note; /* N_ */
        bool draft, print;
    } ways[] = {
        {N_("into a file"), N_("PDF; where it lies is told"), false, false},
        {N_("on the printer"), N_("the usual printer of this computer"), false, true},
        {N_("a draft into a file"), N_("without a number; blanks to fill in by hand"), true, false},
        {N_("a draft on the printer"), N_("without a number; blanks to fill in by hand"), true,
            true},
    };
    (void)ctx;
    bool lacks = json_array_size(json_member(paper, "missing")) > 0;
    json_t *items = json_array();
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const char *why = lacks && !ways[i].draft ? json_text(paper, "note") : NULL;
        json_array_append_new(items,
            json_pack("{s:s, s:s, s:s, s:b, s:b, s:s?}", "title", _(ways[i].title), "note",
                why != NULL ? why : _(ways[i].note), "template", json_text(paper, "template"),
                "draft", ways[i].draft, "print", ways[i].print, "why", why));
    }
    desk_show(d, screen_pick(d, json_text(paper, "title"), items, way_chosen, NULL));
}

static json_t *paper_items(const json_t *result)
{
    const json_t *papers = json_member(result, "items");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(papers); i++) {
        json_t *item = json_deep_copy(json_array_get(papers, i));
        char *standing = paper_standing(item);
        json_put_text(item, "note", standing);
        mem_free(standing);
        json_array_append_new(items, item);
    }
    return items;
}

void papers_begin(struct desk *d, const char *number)
{
    char *title = mem_printf("%s %s", number, _("documents"));
    desk_show(d, screen_pick_answer(d, title, "documents.list", json_pack("{s:s}", "case", number),
                     paper_items, _("There are no documents for this workflow."), paper_chosen));
    mem_free(title);
}

void papers_work(struct desk *d)
{
    int status = -1;
    struct err err = {0};
    if (d->lp <= 0 || waitpid(d->lp, &status, WNOHANG) != d->lp) {
        return;
    }
    d->lp = 0;
    if (paper_printed(status, &err)) {
        desk_say(d, LOOK_GOOD, "%s", _("✓ The printer took the paper."));
    } else {
        desk_say(d, LOOK_LATE, "! %s%s", err.message, _(" Choose “into a file” instead."));
    }
    err_clear(&err);
}
