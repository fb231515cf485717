/* rpc/due_question.c — see due_question.h. */
#include "rpc/due_question.h"

#include "base/json.h"
#include "base/lang.h"
#include "rpc/service.h"

#include <string.h>

/* The register's row gives the length and the rules; params beside it override nothing but what
 * the row leaves to the case (extension, excluded). */
static bool from_term(struct service *s, struct call *c, struct due_ask *ask,
    const struct term **term_out, struct err *err)
{
    const char *id = call_text(c, "term");
    const struct terms *terms = engine_terms(s->with.engine);
    const struct term *t =
        terms != NULL ? terms_find(terms, id, date_of_instant(ask->start_ms)) : NULL;
    if (t == NULL) {
        err_set(err, ERR_NOT_FOUND, _("no term \"%s\" is in force on that day"), id);
        const char *near = terms != NULL ? terms_nearest(terms, id) : NULL;
        return near != NULL ? err_hint(err, _("did you mean \"%s\"?"), near) : false;
    }
    ask->span = t->span;
    ask->kind = t->kind;
    ask->roll = t->roll;
    ask->litigation = t->litigation;
    ask->clear_days = t->clear_days;
    *term_out = t;
    return true;
}

static bool from_numbers(struct call *c, struct due_ask *ask, struct err *err)
{
    if (!call_has(c, "n") || !call_has(c, "unit")) {
        err_set(err, ERR_PARAMS, _("name a term, or give n and unit"));
        return err_data(err, "field", json_string("term"));
    }
    ask->span.n = (int)call_int(c, "n", 0);
    return span_unit_parse(call_text(c, "unit"), &ask->span.unit) ||
           err_set(err, ERR_PARAMS, _("unit: \"%s\" is not known"), call_text(c, "unit"));
}

static bool take_rules(struct call *c, struct due_ask *ask, struct err *err)
{
    if (call_has(c, "kind") && !due_kind_parse(call_text(c, "kind"), &ask->kind)) {
        return err_set(err, ERR_PARAMS, _("kind: \"%s\" is not known"), call_text(c, "kind"));
    }
    if (call_has(c, "roll") && !due_roll_parse(call_text(c, "roll"), &ask->roll)) {
        return err_set(err, ERR_PARAMS, _("roll: \"%s\" is not known"), call_text(c, "roll"));
    }
    ask->litigation = ask->litigation || call_bool(c, "litigation");
    ask->clear_days = ask->clear_days || call_bool(c, "clear_days");
    return true;
}

static bool take_extension(
    struct call *c, const struct term *t, struct due_ask *ask, struct err *err)
{
    json_t *extension = call_param(c, "extension");
    if (extension == NULL || json_is_null(extension) || json_is_false(extension)) {
        return true;
    }
    if (json_is_string(extension)) {
        return span_parse(json_string_value(extension), &ask->extension, err);
    }
    if (!json_is_true(extension) || t == NULL) {
        return err_set(
            err, ERR_PARAMS, _("extension: give \"30 d\", or true together with a term"));
    }
    if (t->extension.n == 0) {
        return err_set(err, ERR_FORM, _("the term \"%s\" cannot be extended"), t->id);
    }
    ask->extension = t->extension;
    return true;
}

static bool take_excluded(
    struct call *c, struct exclusion list[DUE_EXCLUSIONS_MAX], struct due_ask *ask, struct err *err)
{
    json_t *row;
    size_t i;
    json_array_foreach(call_param(c, "excluded"), i, row)
    {
        const char *from = json_text(row, "from"), *to = json_text(row, "to");
        if (i >= DUE_EXCLUSIONS_MAX || from == NULL || to == NULL ||
            !date_parse(from, &list[i].from) || !date_parse(to, &list[i].to)) {
            return err_set(err, ERR_PARAMS,
                _("excluded: entry %zu must be {\"from\":date, \"to\":date}, at most %d of them"),
                i + 1, (int)DUE_EXCLUSIONS_MAX);
        }
        ask->excluded_count = i + 1;
    }
    ask->excluded = list;
    return true;
}

json_t *due_question(struct service *s, struct call *c, struct err *err)
{
    struct exclusion excluded[DUE_EXCLUSIONS_MAX];
    struct due_ask ask = {.kind = DUE_MAX, .roll = ROLL_NEXT};
    struct due due;
    const struct term *term = NULL;
    call_instant(c, "start", &ask.start_ms);
    bool ok = call_has(c, "term") ? from_term(s, c, &ask, &term, err) : from_numbers(c, &ask, err);
    if (!ok || !take_rules(c, &ask, err) || !take_extension(c, term, &ask, err) ||
        !take_excluded(c, excluded, &ask, err) ||
        !due_compute(engine_calendar(s->with.engine), &ask, &due, err)) {
        return NULL;
    }
    json_t *answer = due_json(engine_calendar(s->with.engine), &ask, &due);
    if (term != NULL) {
        json_object_set_new(answer, "term", term_json(term));
    }
    return answer;
}
