/* client/cmd_print.c — the official papers of a case: which there are and what is missing, and one
 * of them as PDF, as a page for the browser, or on a printer. The daemon's plugin `documents` makes
 * them. */
#include "client/cmd.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/view.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMES_TRIED = 100 }; /* 人民调解协议书-羊调26-0001-2.pdf … */

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

/* "已制作 乌（羊调）人调字〔2026〕第0001号", "可以打印", "还缺：…". Caller owns. */
static char *standing(const json_t *item)
{
    const json_t *made = json_member(item, "made"), *missing = json_member(item, "missing");
    struct buf out = {0};
    if (made != NULL) {
        buf_addf(&out, _("made: %s"), json_text(made, "number"));
    } else if (json_array_size(missing) == 0) {
        buf_adds(&out, _("can be printed"));
    }
    for (size_t i = 0; i < json_array_size(missing); i++) {
        buf_addf(&out, "%s%s",
            i > 0          ? view_comma()
            : made != NULL ? _("; still missing: ")
                           : _("still missing: "),
            json_text(json_array_get(missing, i), "title"));
    }
    return buf_take(&out);
}

static bool print_list(struct client *c, const char *number, json_t *answer)
{
    json_t *items = json_member(answer, "items"), *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        char *stands = standing(item), *no = mem_printf("%zu", i + 1);
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

/* A title from the server is a name here, never a way to another folder. Caller owns. */
static char *file_name(const json_t *made, const char *number, const char *ending)
{
    char *name = NULL;
    for (int i = 1; i <= NAMES_TRIED; i++) {
        mem_free(name);
        name = i == 1 ? mem_printf("%s-%s.%s", json_text(made, "title"), number, ending)
                      : mem_printf("%s-%s-%d.%s", json_text(made, "title"), number, i, ending);
        for (char *p = name; *p != '\0'; p++) {
            bool bad = (unsigned char)*p < 0x20 || *p == '/' || *p == '\\' || *p == 0x7f;
            *p = bad || (p == name && (*p == '.' || *p == '-')) ? '_' : *p;
        }
        if (access(name, F_OK) != 0) {
            break;
        }
    }
    return name;
}

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

/* lp reads from a pipe: the paper leaves no copy on this computer's disk. */
static pid_t start_lp(const char *printer, int *fd_out)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[0], STDIN_FILENO);
        if (strcmp(printer, "-") == 0) {
            execlp("lp", "lp", "-s", (char *)NULL);
        } else {
            execlp("lp", "lp", "-s", "-d", printer, (char *)NULL);
        }
        _exit(127);
    }
    close(ends[0]);
    *fd_out = ends[1];
    return child;
}

static bool to_printer(
    struct client *c, const char *printer, const char *data, size_t len, struct err *err)
{
    int fd = -1, status = -1;
    void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* a printer that hangs up is no end of us */
    pid_t child = start_lp(printer, &fd);
    for (ssize_t n; child > 0 && len > 0; data += n, len -= (size_t)n) {
        n = write(fd, data, len);
        if (n < 0 && errno == EINTR) {
            n = 0;
        } else if (n <= 0) {
            break;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    signal(SIGPIPE, before);
    if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        fprintf(c->talk, _("✓ sent to the printer %s\n"), strcmp(printer, "-") == 0 ? "" : printer);
        return true;
    }
    bool absent = child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127;
    err_set(err, ERR_FILE, "%s",
        absent ? _("This computer has no program lp for printing.")
               : _("The printer did not take it."));
    return err_hint(err, "%s", _("Write a file instead: --pdf FILE"));
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
    char *own = file_name(made, number, "pdf");
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

/* A number stands for the row of the list. Caller owns; NULL with err. */
static char *template_of(struct client *c, const char *number, const char *typed, struct err *err)
{
    char *end = NULL;
    long row = strtol(typed, &end, 10);
    if (!isdigit((unsigned char)*typed) || *end != '\0') {
        return mem_strdup(typed);
    }
    json_t *answer = ask_list(c, number, err);
    if (answer == NULL) {
        return NULL;
    }
    const json_t *item = json_array_get(json_member(answer, "items"), (size_t)(row - 1));
    char *name = row > 0 && item != NULL ? mem_strdup(json_text(item, "template")) : NULL;
    if (name == NULL) {
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
