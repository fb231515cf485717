/* engine/links_page.c — linked cases in words: on the page, in the history, in an answer. */
#include "engine/links.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

static const char *words_of(const char *const table[][2], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(table[i][0], name)) {
            return _(table[i][1]);
        }
    }
    return name;
}

static const char *kind_title(const char *kind)
{
    static const char *const titles[][2] = {
        {"from", N_("handed over from")},
        {"to", N_("handed over to")},
        {"same", N_("the same matter")},
        {"sub", N_("sub-case")},
        {"whole", N_("part of")},
    };
    return words_of(titles, sizeof titles / sizeof titles[0], kind);
}

static const char *status_title(const char *status)
{
    static const char *const titles[][2] = {
        {"sent", N_("sent, not yet signed for")},
        {"received", N_("signed for")},
        {"handling", N_("being handled")},
        {"returned", N_("given back")},
        {"open", N_("open")},
        {"closed", N_("closed")},
    };
    return words_of(titles, sizeof titles / sizeof titles[0], status);
}

json_t *links_page(const struct engine *e, const struct casefile *c)
{
    static const char *const shown[] = {"id", "kind", "case", "number", "flow", "flow_title",
        "body", "body_name", "status", "reason", "outcome", "sealed", "trail"};
    json_t *list = json_array();
    (void)e;
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        const json_t *link = json_array_get(c->links, i);
        json_t *o = json_object();
        char at[INSTANT_TEXT];
        for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
            json_t *value = json_object_get(link, shown[k]);
            if (value != NULL) {
                json_object_set(o, shown[k], value);
            }
        }
        bool hidden = json_flag(link, "sealed") && text_equal(json_text(link, "kind"), "to");
        if (hidden) {
            json_object_del(o, "case"); /* for letters only: it is no name people may use */
        }
        json_put_text(o, "kind_title", kind_title(json_text(link, "kind")));
        json_put_text(o, "status_title", status_title(json_text(link, "status")));
        json_put_text(o, "at", instant_format(json_number(link, "at_ms", 0), at));
        json_array_append_new(list, o);
    }
    return list;
}

/* Number when there is one, else the workflow. */
static const char *called(const json_t *link)
{
    const char *number = json_text(link, "number");
    return number != NULL ? number : json_text(link, "flow_title");
}

static const char *or_dash(const json_t *link, const char *member)
{
    const char *text = json_text(link, member);
    return text != NULL ? text : "—";
}

/* Of a sub-case nobody asks for any more, told at both ends. */
static char *called_off_words(const json_t *link, const char *body, const char *name)
{
    bool here = text_equal(json_text(link, "kind"), "whole"), kept = json_flag(link, "kept_on");
    const char *why = or_dash(link, "called_off");
    if (here) {
        return mem_printf(kept ? _("%s (%s) asks for it no more, but it cannot end here: %s")
                               : _("%s (%s) asks for it no more: %s"),
            body, name, why);
    }
    return mem_printf(kept ? _("%s goes on with %s: it could not be ended (%s)")
                           : _("%s is told that %s is not asked for any more: %s"),
        body, name, why);
}

/* By the news that made the item what it is. */
char *links_words(const json_t *link)
{
    const char *body = json_text(link, "body_name"), *name = called(link);
    const char *news = json_text(link, "news"), *status = status_title(json_text(link, "status"));
    if (text_equal(news, "sent")) {
        bool sub = text_equal(json_text(link, "kind"), "sub");
        return mem_printf(sub ? _("sub-case at %s (%s)") : _("handed over to %s (%s)"), body, name);
    }
    if (text_equal(news, "opened")) {
        return mem_printf(_("handed over by %s (%s)"), body, name);
    }
    if (text_equal(news, "arrived")) {
        return mem_printf(_("arrived at %s (%s)"), body, name);
    }
    if (text_equal(news, "received")) {
        return mem_printf(_("signed for by %s (%s)"), body, name);
    }
    if (text_equal(news, "returned")) {
        return mem_printf(_("given back by %s: %s"), body, or_dash(link, "reason"));
    }
    if (text_equal(news, "closed")) {
        return mem_printf(_("%s closed %s: %s"), body, name, or_dash(link, "outcome"));
    }
    if (text_equal(news, "result")) {
        return mem_printf(_("%s (%s): %s"), body, name, or_dash(link, "outcome"));
    }
    if (text_equal(news, "handling")) {
        return mem_printf(_("%s (%s): %s"), body, name, status);
    }
    if (text_equal(news, "called_off") || text_equal(news, "kept_on")) {
        return called_off_words(link, body, name);
    }
    if (text_equal(news, "linked")) {
        return mem_printf(_("the same matter as %s (%s): %s"), name, body, status);
    }
    return NULL; /* the act itself says it */
}

char *links_sent_words(const struct decision *d)
{
    for (size_t i = 0; i < json_array_size(d->effects); i++) {
        const json_t *letter = json_object_get(json_array_get(d->effects, i), "data");
        if (text_equal(json_text(letter, "letter"), "open")) {
            const json_t *link = link_find(d->kase, json_text(letter, "peer"));
            return links_words(link);
        }
    }
    return NULL;
}
