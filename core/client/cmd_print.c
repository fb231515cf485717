/* client/cmd_print.c — the official papers of a case: which there are and what is missing, and one
 * of them as PDF, as a page for the browser, or on a printer. The daemon's plugin `documents` makes
 * them. */
#include "client/cmd.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/page.h"
#include "client/paper.h"
#include "client/remote.h"
#include "client/view.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* A daemon without the plugin has no such method; people need another sentence for that. */
static json_t *ask_plugin(struct client *c, const char *method, json_t *params, struct err *err)
{
    json_t *answer = remote_call(c, method, params, err);
    if (answer == NULL && err->code == ERR_METHOD) {
        err_clear(err);
        err_set(
            err, ERR_METHOD, "%s", _("This server makes no documents: the plugin is not there."));
        err_hint(
            err, "%s", _("Ask the administrator to add plugins/documents to the configuration"));
    }
    return answer;
}

/* --- the list ------------------------------------------------------------------------------------
 */

static const struct view_column document_columns[] = {
    {N_("no."), "no", NULL, false},
    {N_("document"), "title", NULL, false},
    {N_("how it stands"), "stands", NULL, true},
    {0},
};

static bool print_list(struct client *c, const char *number, json_t *answer)
{
    json_t *items = json_member(answer, "items"), *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        char *stands = paper_standing(item), *no = mem_printf("%zu", i + 1);
        json_put_text(item, "stands", stands);
        json_put_text(item, "no", no);
        mem_free(stands);
        mem_free(no);
    }
    view_list(c, answer, document_columns);
    if (c->output == OUTPUT_TABLE && json_array_size(items) == 0) {
        fprintf(c->out, "%s", _("There are no documents for this workflow.\n"));
    } else if (c->output == OUTPUT_TABLE) {
        view_next(c, _("Print one"), "print %s 1", number);
        view_next(c, _("With blanks to fill by hand"), "print %s 1 --draft", number);
    }
    json_decref(answer);
    return true;
}

static json_t *ask_list(struct client *c, const char *number, struct err *err)
{
    return ask_plugin(c, "documents.list", json_pack("{s:s}", "case", number), err);
}

/* --- where it goes
 * --------------------------------------------------------------------------------- */

static bool write_to(
    struct client *c, const char *path, const void *data, size_t len, struct err *err)
{
    if (strcmp(path, "-") == 0) {
        return (fwrite(data, 1, len, c->out) == len && fflush(c->out) == 0) ||
               err_set(err, ERR_FILE, _("%s cannot be written."), path);
    }
    char *whole = mem_printf("%s%s", strchr(path, '/') == NULL ? "./" : "", path);
    bool ok = home_write(whole, data, len, err); /* whole or not at all, and for its owner only */
    mem_free(whole);
    if (ok) {
        fprintf(c->talk, _("✓ written: %s\n"), path);
    }
    return ok;
}

static bool to_printer(
    struct client *c, const char *printer, const char *data, size_t len, struct err *err)
{
    int status = -1;
    pid_t child = paper_print(printer, data, len, false, err);
    if (child < 0) {
        return false;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!paper_printed(status, err)) {
        return err_hint(err, "%s", _("Write a file instead: --pdf FILE"));
    }
    fprintf(c->talk, _("✓ sent to the printer %s\n"), strcmp(printer, "-") == 0 ? "" : printer);
    return true;
}

/* --- one document --------------------------------------------------------------------------------
 */

struct wanted {
    const char *pdf, *html, *printer; /* NULL: not there */
    bool draft;
};

static bool hand_over(struct client *c, const struct wanted *w, const json_t *made,
    const char *number, struct err *err)
{
    size_t len = 0;
    const char *html = json_text(made, "html"), *base64 = json_text(made, "pdf");
    char *pdf = base64 == NULL ? NULL : base64_decode(base64, &len);
    char *own = paper_file_name(NULL, made, number, "pdf");
    bool only_file = w->html == NULL && w->printer == NULL;
    const char *path = w->pdf != NULL ? w->pdf : only_file ? own : NULL;
    bool ok =
        (w->html == NULL || (html != NULL && write_to(c, w->html, html, strlen(html), err))) &&
        (path == NULL || (pdf != NULL && write_to(c, path, pdf, len, err))) &&
        (w->printer == NULL || (pdf != NULL && to_printer(c, w->printer, pdf, len, err)));
    if (!ok && err->code == ERR_NONE) {
        err_set(err, ERR_INTERNAL, "%s", _("The server sent no document."));
    }
    mem_free(own);
    mem_free(pdf);
    return ok;
}

/* The only one whose title has these words in it; NULL: none, or several. */
static const json_t *entitled(const json_t *items, const char *words)
{
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *title = json_text(item, "title");
        if (text_equal(title, words)) {
            return item;
        }
        if (title != NULL && strstr(title, words) != NULL) {
            if (found != NULL) {
                return NULL;
            }
            found = item;
        }
    }
    return found;
}

/* A number stands for the row of the list, words for the one title that has them. Caller owns; NULL
 * with err. */
static char *template_of(struct client *c, const char *number, const char *typed, struct err *err)
{
    json_t *answer = ask_list(c, number, err);
    if (answer == NULL) {
        return NULL;
    }
    char *end = NULL;
    long row = strtol(typed, &end, 10);
    bool by_number = isdigit((unsigned char)*typed) && *end == '\0';
    const json_t *items = json_member(answer, "items");
    const json_t *item = !by_number ? entitled(items, typed)
                         : row > 0  ? json_array_get(items, (size_t)(row - 1))
                                    : NULL;
    char *name = item != NULL ? mem_strdup(json_text(item, "template")) : NULL;
    if (name == NULL && !by_number) {
        name = mem_strdup(typed); /* a name that the list does not show */
    } else if (name == NULL) {
        err_set(err, ERR_PARAMS, _("The list has no row %ld."), row);
        err_hint(err, _("The list: fengqiao print %s"), number);
    }
    json_decref(answer);
    return name;
}

static bool print_one(struct client *c, const char *number, const char *typed,
    const struct wanted *w, struct err *err)
{
    char *template = template_of(c, number, typed, err);
    if (template == NULL) {
        return false;
    }
    bool both = w->html != NULL && (w->pdf != NULL || w->printer != NULL);
    json_t *params =
        json_pack("{s:s, s:s, s:s, s:b}", "case", number, "template", template, "format",
            both              ? "both"
            : w->html != NULL ? "html"
                              : "pdf",
            "draft", w->draft);
    json_t *made = ask_plugin(c, "documents.make", params, err);
    if (made == NULL && err->code == ERR_NOT_FOUND && err->hint[0] != '\0') {
        err_hint(err, _("The list: fengqiao print %s"), number);
    } else if (made == NULL && err->code == ERR_FORM) {
        err_hint(
            err, _("Or a draft, to fill in by hand: fengqiao print %s %s --draft"), number, typed);
    }
    mem_free(template);
    if (made == NULL) {
        return false;
    }
    bool ok = c->output == OUTPUT_JSON ? view_raw(c, made) : hand_over(c, w, made, number, err);
    const char *given = json_text(made, "number");
    if (ok && c->output == OUTPUT_TABLE) {
        fprintf(
            c->talk, "%s  %s\n", json_text(made, "title"), given != NULL ? given : _("(draft)"));
    }
    json_decref(made);
    return ok;
}

bool cmd_print(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    const char *number = json_text(params, "case"), *typed = args_word(a, 1);
    const struct wanted w = {.pdf = args_option(a, "pdf"),
        .html = args_option(a, "html"),
        .printer = args_option(a, "printer"),
        .draft = args_flag(a, "draft")};
    bool ok;
    if (typed == NULL) {
        json_t *answer = ask_list(c, number, err);
        ok = answer != NULL && print_list(c, number, answer);
    } else {
        ok = print_one(c, number, typed, &w, err);
    }
    json_decref(params);
    return ok;
}
