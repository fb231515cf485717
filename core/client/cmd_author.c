/* client/cmd_author.c — checking and testing workflow scripts on this machine; needs no server. */
#include "client/cmd.h"

#include "author/author.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/args.h"
#include "client/view.h"

#include <string.h>

enum { EXIT_UNSOUND = 65 }; /* EX_DATAERR, as CLIENT.md says of files that are not right */

/* The data beside the script: --data, else the folder the file stands in. */
static struct world *find_world(const struct args *a, struct err *err)
{
    const char *file = args_word(a, 0), *slash = strrchr(file, '/');
    const char *given = args_option(a, "data");
    char *folder = given != NULL ? mem_strdup(given)
                                 : mem_strndup(file, slash != NULL ? (size_t)(slash - file) : 0);
    struct world *w = world_load(folder[0] != '\0' ? folder : ".", NULL, err);
    mem_free(folder);
    return w;
}

static void print_report(struct client *c, const json_t *report, char *(*text_of)(const json_t *))
{
    if (!view_raw(c, report)) {
        char *text = text_of(report);
        fputs(text, c->out);
        mem_free(text);
    }
    if (!text_equal(json_text(report, "result"), "OK")) {
        c->exit_code = EXIT_UNSOUND;
    }
}

/* Without the data the script is still checked; only the register of terms is not looked into. */
bool cmd_flow_check(struct client *c, const struct args *a, struct err *err)
{
    struct err missing = {0};
    struct world *w = find_world(a, args_option(a, "data") != NULL ? err : &missing);
    if (w == NULL && args_option(a, "data") != NULL) {
        return false;
    }
    json_t *report = author_check(args_word(a, 0), w != NULL ? world_terms(w) : NULL, err);
    if (report != NULL) {
        print_report(c, report, author_check_text);
    }
    if (report != NULL && w == NULL) {
        fprintf(c->talk, _("The terms were not looked up: %s\n"), missing.message);
    }
    bool ok = report != NULL;
    json_decref(report);
    err_clear(&missing);
    world_free(w);
    return ok;
}

bool cmd_flow_test(struct client *c, const struct args *a, struct err *err)
{
    log_setup(
        LOG_WARNING, false); /* the stores of the scenarios are none of the author's concern */
    struct world *w = find_world(a, err);
    json_t *report = w != NULL ? author_test(args_word(a, 0), w, err) : NULL;
    if (report != NULL) {
        print_report(c, report, author_test_text);
        if (c->exit_code == 0) {
            view_next(c, _("Put it into force"), "flow deploy %s", args_word(a, 0));
        }
    }
    bool ok = report != NULL;
    json_decref(report);
    world_free(w);
    return ok;
}
