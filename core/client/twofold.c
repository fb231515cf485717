/* client/twofold.c — see twofold.h. */
#include "client/twofold.h"

#include "base/json.h"
#include "base/lang.h"
#include "client/datafile.h"
#include "client/remote.h"
#include "client/view.h"

#include <string.h>

/* Is the word the name of what waits for a second administrator? Anything else is a file. */
static bool names_waiting(const char *word)
{
    return strlen(word) == 12 && strspn(word, "0123456789abcdef") == 12;
}

static void say(struct client *c, const struct twofold *kind, const json_t *result)
{
    const json_t *changed = json_member(result, "changed");
    if (kind->first != NULL) {
        kind->first(c, result);
    }
    if (json_flag(result, "waiting")) {
        fprintf(c->out, "%s\n",
            _("✓ Asked for. It comes into force when a second administrator confirms."));
        view_next(c, _("Then"), "%s %s", kind->command, json_text(result, "confirm"));
        return;
    }
    if (json_array_size(changed) == 0) {
        fprintf(c->out, "%s\n", _("✓ Loaded. No date moved."));
        return;
    }
    fprintf(c->out, _("✓ Loaded. %zu dates moved:\n"), json_array_size(changed));
    static const struct view_column columns[] = {
        {N_("number"), "case", NULL, false},
        {N_("clock"), "title", "clock", false},
        {N_("before"), "from", NULL, false},
        {N_("now"), "to", NULL, false},
        {0},
    };
    view_list(c, changed, columns);
}

bool twofold_load(struct client *c, const struct twofold *kind, const char *word, struct err *err)
{
    bool waits = names_waiting(word);
    json_t *doc = waits ? json_string(word) : datafile_read(word, err);
    if (doc == NULL) {
        return false;
    }
    if (c->dry_run) {
        view_json(c, doc);
        json_decref(doc);
        return true;
    }
    json_t *result = remote_change(
        c, kind->method, json_pack("{s:o}", json_is_string(doc) ? "confirm" : "doc", doc), err);
    if (result == NULL) {
        if (kind->stays != NULL && err->code == ERR_STATE && err->hint[0] == '\0') {
            err_hint(err, "%s", _(kind->stays));
        }
        if (!waits && (err->code == ERR_FORM || err->code == ERR_PARAMS)) {
            err_prefix(err, "%s: ", word); /* whose mistake it is */
        }
        return false;
    }
    if (!view_raw(c, result)) {
        say(c, kind, result);
    }
    json_decref(result);
    return true;
}
