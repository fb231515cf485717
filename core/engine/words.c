/* engine/words.c — see words.h. */
#include "engine/words.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

enum { YELLOW_WORKDAYS = 1 };

const char *body_name(const struct engine *e, const char *id)
{
    const struct body *b = id == NULL ? NULL : org_body(e->org, id);
    return b == NULL ? id : b->name;
}

/* What the daemon does through a plugin is the system's doing, whatever the plugin is called. */
static const char *plugin_name(const char *user)
{
    static const struct {
        const char *user, *name;
    } rows[] = {
        {"plugin:documents", N_("the system (papers)")},
        {"plugin:notify", N_("the system (notices)")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(user, rows[i].user)) {
            return _(rows[i].name);
        }
    }
    return _("the system (a plugin)");
}

const char *person_name(const struct engine *e, const char *user)
{
    const struct person *p = user == NULL ? NULL : org_person(e->org, user);
    return p != NULL                                      ? p->name
           : user != NULL && text_starts(user, "plugin:") ? plugin_name(user)
                                                          : user;
}

const char *place_name(const struct engine *e, const char *code)
{
    const struct place *p = code == NULL ? NULL : org_place(e->org, code);
    return p == NULL ? code : p->name;
}

const char *worst_colour(const struct casefile *c)
{
    return json_array_has(c->marks, "red")      ? "red"
           : json_array_has(c->marks, "yellow") ? "yellow"
                                                : NULL;
}

static char *left_words(struct remaining r)
{
    if (r.days == 0) {
        return mem_strdup(_("due today"));
    }
    if (r.days > 0) {
        return r.workdays > 0 ? mem_printf(_("%d working days left"), r.workdays)
                              : mem_printf(_("%d days left"), r.days);
    }
    return r.workdays < 0 ? mem_printf(_("%d working days late"), -r.workdays)
                          : mem_printf(_("%d days late"), -r.days);
}

static const char *colour_of(struct remaining r, bool paused, const char *mark)
{
    if ((!paused && r.days < 0) || text_equal(mark, "red")) {
        return "red";
    }
    return (!paused && r.workdays <= YELLOW_WORKDAYS) || mark != NULL ? "yellow" : "plain";
}

json_t *words_due(
    const struct engine *e, struct date legal, bool paused, bool provisional, const char *mark)
{
    struct date today = date_of_instant(engine_now_ms(e));
    struct remaining r = due_remaining(e->calendar, legal, today);
    char day[DATE_TEXT];
    char *words = paused ? mem_strdup(_("clock paused")) : left_words(r);
    json_t *o = json_pack("{s:s,s:i,s:i,s:s,s:s,s:b}", "legal", date_format(legal, day), "days",
        r.days, "workdays", r.workdays, "words", words, "colour", colour_of(r, paused, mark),
        "provisional", provisional);
    if (provisional && r.days >= 0 && !paused) {
        char *about =
            mem_printf(_("%s (the calendar of %d is not published)"), words, date_year(legal));
        json_put_text(o, "words", about);
        mem_free(about);
    }
    mem_free(words);
    return o;
}

json_t *clock_words(const struct engine *e, const struct case_clock *k, const char *mark)
{
    json_t *o = words_due(e, k->due.legal, k->state == CLOCK_PAUSED, k->due.provisional, mark);
    char day[DATE_TEXT];
    json_put_text(o, "clock", k->name);
    json_put_text(o, "title", k->title);
    json_put_text(o, "internal", date_format(k->due.internal, day));
    json_put_text(o, "explain", k->explain);
    return o;
}

static void points(json_t *parts, int *total, const char *name, int n)
{
    if (n > 0) {
        json_array_append_new(parts, json_pack("{s:s,s:i}", "name", name, "points", n));
        *total += n;
    }
}

json_t *urgency(
    const struct engine *e, struct date legal, bool has_due, const char *mark, int level)
{
    json_t *parts = json_array();
    int total = 0;
    if (has_due) {
        struct remaining r = due_remaining(e->calendar, legal, date_of_instant(engine_now_ms(e)));
        if (r.days < 0) {
            int late = -r.workdays > 20 ? 20 : -r.workdays;
            points(parts, &total, _("late"), 80 + 2 * late);
        } else if (r.days == 0) {
            points(parts, &total, _("due today"), 60);
        } else if (r.workdays <= 10) {
            points(parts, &total, _("due soon"), 50 - 5 * r.workdays);
        }
    }
    points(parts, &total, _("marked red"), text_equal(mark, "red") ? 20 : 0);
    points(parts, &total, _("marked yellow"), text_equal(mark, "yellow") ? 10 : 0);
    points(parts, &total, _("level reached"), 3 * level);
    return json_pack("{s:i,s:o}", "total", total, "parts", parts);
}
