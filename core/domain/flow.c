/* domain/flow.c — looking things up in a compiled workflow, checking values, releasing it. */
#include "domain/flow.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/docread.h"
#include "domain/flow_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool name_in(char *const *list, const char *name)
{
    for (; list != NULL && name != NULL && *list != NULL; list++) {
        if (strcmp(*list, name) == 0) {
            return true;
        }
    }
    return false;
}

/* --- lookup: the name wins over a title, so that a title can never hide a name ------------------
 */

#define DEFINE_LOOKUP(kind, list, count)                                                           \
    const struct flow_##kind *flow_##kind(const struct flow *f, const char *name)                  \
    {                                                                                              \
        for (size_t i = 0; name != NULL && i < f->count; i++) {                                    \
            if (text_equal(f->list[i].name, name)) {                                               \
                return &f->list[i];                                                                \
            }                                                                                      \
        }                                                                                          \
        for (size_t i = 0; name != NULL && i < f->count; i++) {                                    \
            if (text_equal(f->list[i].title, name)) {                                              \
                return &f->list[i];                                                                \
            }                                                                                      \
        }                                                                                          \
        return NULL;                                                                               \
    }

DEFINE_LOOKUP(field, fields, field_count)
DEFINE_LOOKUP(state, states, state_count)
DEFINE_LOOKUP(action, actions, action_count)
DEFINE_LOOKUP(clock, clocks, clock_count)
DEFINE_LOOKUP(role, roles, role_count)
DEFINE_LOOKUP(task, tasks, task_count)

const struct flow_state *flow_initial(const struct flow *f)
{
    for (size_t i = 0; i < f->state_count; i++) {
        if (f->states[i].initial) {
            return &f->states[i];
        }
    }
    return NULL;
}

const struct flow_state *flow_arrival(const struct flow *f)
{
    for (size_t i = 0; i < f->state_count; i++) {
        if (f->states[i].arrival) {
            return &f->states[i];
        }
    }
    return NULL;
}

const struct flow_state *flow_called_off(const struct flow *f)
{
    for (size_t i = 0; i < f->state_count; i++) {
        if (f->states[i].called_off) {
            return &f->states[i];
        }
    }
    return NULL;
}

const struct flow_profile *flow_profile_on(const struct flow *f, struct date d)
{
    for (size_t i = 0; i < f->profile_count; i++) {
        if (date_compare(f->profiles[i].from, d) <= 0 && date_compare(d, f->profiles[i].to) <= 0) {
            return &f->profiles[i];
        }
    }
    return NULL;
}

/* --- values --------------------------------------------------------------------------------------
 */

enum { REFERENCE_CHARS_MAX = 64 }; /* ids and names of bodies and places */

static json_t *value_text(const struct flow_field *f, const json_t *given, struct err *err)
{
    const char *text = json_string_value(given);
    int max = f->type == FIELD_TEXT ? f->max_chars : REFERENCE_CHARS_MAX;
    if (text == NULL) {
        err_set(err, ERR_FORM, _("%s must be a text"), f->title);
        return NULL;
    }
    size_t chars = utf8_length(text);
    if (chars > (size_t)max) {
        err_set(
            err, ERR_FORM, _("%s is too long: %zu characters, at most %d"), f->title, chars, max);
        return NULL;
    }
    return json_string(text);
}

static json_t *value_choice(const struct flow_field *f, const json_t *given, struct err *err)
{
    const char *text = json_string_value(given);
    size_t count = 0;
    for (; f->choices[count] != NULL; count++) {
        if (text_equal(f->choices[count], text)) {
            return json_string(text);
        }
    }
    err_set(err, ERR_FORM, _("%s does not offer “%s”"), f->title, text != NULL ? text : "");
    const char *near =
        text != NULL ? text_nearest(text, (const char *const *)f->choices, count) : NULL;
    char list[400] = "";
    for (size_t i = 0; i < count; i++) {
        if (strlen(list) + strlen(f->choices[i]) + 4 >= sizeof list) {
            break;
        }
        strcat(strcat(list, i > 0 ? "、" : ""), f->choices[i]);
    }
    if (near != NULL) {
        err_hint(err, _("did you mean %s?"), near);
    } else {
        err_hint(err, _("choose one of: %s"), list);
    }
    return NULL;
}

/* Digits and marks of an input method in full width count as plain ones. The folded text is never
 * longer. */
static void copy_folded(char *out, const char *text)
{
    char *folded = text_fold(text);
    strcpy(out, folded);
    mem_free(folded);
}

/* "2026-01-05", "2026/1/5", "2026年1月5日", in half or full width. */
static bool date_read(const char *text, struct date *out)
{
    char *folded = text_fold(text);
    int year, month, day, end = 0;
    bool marks = sscanf(folded, "%4d%*1[-/.]%2d%*1[-/.]%2d%n", &year, &month, &day, &end) == 3 ||
                 sscanf(folded, "%4d年%2d月%2d日%n", &year, &month, &day, &end) == 3;
    bool good = marks && end > 0 && folded[end] == '\0' && year >= 1900 && year <= 2199 &&
                strspn(folded, "0123456789") == 4 && date_make(year, month, day, out);
    mem_free(folded);
    return good;
}

/* Whole yuan and at most two decimals, as text "1234.50". */
static json_t *value_money(const struct flow_field *f, const json_t *given, struct err *err)
{
    char text[64] = "";
    if (json_is_integer(given)) {
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(given));
    } else if (json_is_real(given)) {
        snprintf(text, sizeof text, "%.2f", json_real_value(given));
    } else if (json_is_string(given) && json_string_length(given) < sizeof text) {
        copy_folded(text, json_string_value(given));
    }
    if (text_ends(text, "元")) {
        text[strlen(text) - strlen("元")] = '\0';
    }
    size_t whole = strspn(text, "0123456789");
    size_t decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    bool good = whole > 0 && whole <= 12 && decimals <= 2 &&
                text[whole + (text[whole] == '.' ? 1 + decimals : 0)] == '\0';
    if (!good) {
        err_set(err, ERR_FORM, _("%s must be an amount in yuan like 1234.50"), f->title);
        return NULL;
    }
    char *kept = mem_printf("%.*s.%.*s%s", (int)whole, text, (int)decimals,
        decimals > 0 ? text + whole + 1 : "",
        decimals == 0   ? "00"
        : decimals == 1 ? "0"
                        : "");
    json_t *value = json_string(kept);
    mem_free(kept);
    return value;
}

static json_t *value_integer(const struct flow_field *f, const json_t *given, struct err *err)
{
    /* 2^53: what every JSON reader keeps exactly. */
    const long long max = 9007199254740991;
    long long number = json_integer_value(given);
    bool good = json_is_integer(given);
    if (json_is_string(given) && json_string_length(given) <= 3 * 17) {
        char text[3 * 17 + 1];
        char *end;
        copy_folded(text, json_string_value(given));
        number = strtoll(text, &end, 10);
        good = *text != '\0' && strlen(text) <= 17 && *end == '\0' &&
               strspn(text, "-0123456789") == strlen(text);
    }
    if (!good || number > max || number < -max) {
        err_set(err, ERR_FORM, _("%s must be a whole number"), f->title);
        return NULL;
    }
    if (f->max_chars > 0 && (number < 0 || number > f->max_chars)) {
        err_set(err, ERR_FORM, _("%s must lie between 0 and %d"), f->title, f->max_chars);
        return NULL;
    }
    return json_integer(number);
}

static json_t *value_date(const struct flow_field *f, const json_t *given, struct err *err)
{
    struct date d;
    char kept[DATE_TEXT];
    const char *text = json_string_value(given);
    if (text == NULL || !date_read(text, &d)) {
        err_set(err, ERR_FORM, _("%s must be a date like 2026-01-05 that exists"), f->title);
        return NULL;
    }
    return json_string(date_format(d, kept));
}

static json_t *value_flag(const struct flow_field *f, const json_t *given, struct err *err)
{
    static const char *const yes[] = {"true", "yes", "1", "是"};
    static const char *const no[] = {"false", "no", "0", "否"};
    if (json_is_boolean(given)) {
        return json_boolean(json_is_true(given));
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (text_equal(yes[i], json_string_value(given))) {
            return json_true();
        }
        if (text_equal(no[i], json_string_value(given))) {
            return json_false();
        }
    }
    err_set(err, ERR_FORM, _("%s must be yes or no"), f->title);
    return NULL;
}

typedef json_t *(*value_fn)(const struct flow_field *f, const json_t *given, struct err *err);

json_t *flow_field_value(const struct flow_field *field, const json_t *given, struct err *err)
{
    static const value_fn readers[] = {
        [FIELD_TEXT] = value_text,
        [FIELD_CHOICE] = value_choice,
        [FIELD_MONEY] = value_money,
        [FIELD_INTEGER] = value_integer,
        [FIELD_DATE] = value_date,
        [FIELD_BOOL] = value_flag,
        [FIELD_BODY] = value_text,
        [FIELD_PLACE] = value_text,
    };
    return readers[field->type](field, given, err);
}

/* --- release
 * -------------------------------------------------------------------------------------- */

void flow_target_close(struct flow_target *t)
{
    mem_free(t->name);
    t->name = NULL;
}

void flow_outcomes_free(struct flow_outcome *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(outcomes[i].name);
        mem_free(outcomes[i].unless);
        mem_free(outcomes[i].reason);
        flow_target_close(&outcomes[i].target);
    }
    mem_free(outcomes);
}

static void step_close(struct flow_step *s)
{
    flow_outcomes_free(s->outcomes, s->outcome_count);
    mem_free(s->name);
}

void flow_clock_close(struct flow_clock *k)
{
    for (size_t i = 0; i < k->step_count; i++) {
        step_close(&k->steps[i]);
    }
    for (size_t i = 0; i < k->pause_count; i++) {
        mem_free(k->pauses[i].state);
        mem_free(k->pauses[i].reason);
    }
    char *texts[] = {k->name, k->title, k->term, k->profile, k->start_field, k->guard,
        k->extension_by, k->extension_consent};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        mem_free(texts[i]);
    }
    texts_free(k->from);
    texts_free(k->to);
    texts_free(k->drop);
    mem_free(k->pauses);
    mem_free(k->steps);
}

static void action_close(struct flow_action *a)
{
    for (size_t i = 0; i < a->form_count; i++) {
        mem_free(a->form[i].name);
    }
    char *texts[] = {a->name, a->title, a->to, a->guard, a->hook, a->document, a->profile, a->clock,
        a->ground_field, a->within};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        mem_free(texts[i]);
    }
    texts_free(a->from);
    texts_free(a->by);
    texts_free(a->needs);
    mem_free(a->form);
    flow_target_close(&a->route);
    flow_hand_over_free(a->hand_over);
}

static void fields_free(struct flow *f)
{
    for (size_t i = 0; i < f->field_count; i++) {
        mem_free(f->fields[i].name);
        mem_free(f->fields[i].title);
        mem_free(f->fields[i].secret);
        texts_free(f->fields[i].choices);
    }
    mem_free(f->fields);
}

static void roles_free(struct flow *f)
{
    for (size_t i = 0; i < f->role_count; i++) {
        mem_free(f->roles[i].name);
        mem_free(f->roles[i].title);
        texts_free(f->roles[i].members);
    }
    mem_free(f->roles);
}

static void states_free(struct flow *f)
{
    for (size_t i = 0; i < f->state_count; i++) {
        struct flow_state *s = &f->states[i];
        mem_free(s->name);
        mem_free(s->title);
        mem_free(s->work);
        mem_free(s->keep);
        mem_free(s->outcome);
        flow_task_free(s->joint);
        texts_free(s->adhoc);
    }
    mem_free(f->states);
}

static void rules_free(struct flow *f)
{
    for (size_t i = 0; i < f->profile_count; i++) {
        mem_free(f->profiles[i].id);
        mem_free(f->profiles[i].title);
    }
    for (size_t i = 0; i < f->route_count; i++) {
        mem_free(f->routes[i].category);
        mem_free(f->routes[i].place);
        flow_target_close(&f->routes[i].target);
    }
    for (size_t i = 0; i < f->jump_count; i++) {
        mem_free(f->jumps[i].name);
        mem_free(f->jumps[i].guard);
        mem_free(f->jumps[i].mark);
        mem_free(f->jumps[i].unless);
        texts_free(f->jumps[i].asks);
        flow_target_close(&f->jumps[i].target);
    }
    mem_free(f->profiles);
    mem_free(f->routes);
    mem_free(f->jumps);
}

void flow_free(struct flow *f)
{
    if (f == NULL) {
        return;
    }
    fields_free(f);
    roles_free(f);
    states_free(f);
    rules_free(f);
    flow_tasks_free(f);
    for (size_t i = 0; i < f->clock_count; i++) {
        flow_clock_close(&f->clocks[i]);
    }
    for (size_t i = 0; i < f->action_count; i++) {
        action_close(&f->actions[i]);
    }
    char *texts[] = {
        f->id, f->title, f->track, f->file, f->classify, f->seal.field, f->seal.is, f->seal.never};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        mem_free(texts[i]);
    }
    mem_free(f->clocks);
    mem_free(f->actions);
    texts_free(f->registers);
    texts_free(f->guards);
    texts_free(f->hooks);
    json_decref(f->doc);
    mem_free(f);
}
