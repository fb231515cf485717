/* client/import_row.c — see import_row.h. */
#include "client/import_row.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/view.h"

#include <string.h>

/* A column as text; NULL when absent, null or empty. Caller owns. */
static char *column(const json_t *data, const char *name)
{
    char *text = view_scalar(json_member(data, name));
    if (*text == '\0') {
        mem_free(text);
        return NULL;
    }
    return text;
}

static bool read_time(
    const json_t *data, const char *name, int64_t *ms_out, bool needed, struct err *err)
{
    char *text = column(data, name);
    bool ok = true;
    if (text == NULL) {
        *ms_out = INT64_MIN;
        ok = !needed || err_set(err, ERR_FORM, _("column “%s” is empty"), name);
    } else if (!instant_parse(text, ms_out)) {
        struct date day;
        ok = date_parse(text, &day)
                 ? (*ms_out = date_start_ms(day), true)
                 : err_set(err, ERR_FORM, _("column “%s”: “%s” is no time"), name, text);
    }
    mem_free(text);
    return ok;
}

static bool read_times(const struct import_map *m, struct import_row *r, struct err *err)
{
    if (!read_time(r->data, m->received, &r->received_ms, true, err)) {
        return false;
    }
    int64_t before_ms = r->received_ms;
    for (size_t i = 0; i < m->step_count; i++) {
        if (!read_time(r->data, m->steps[i].at, &r->at_ms[i], false, err)) {
            return false;
        }
        if (r->at_ms[i] != INT64_MIN && r->at_ms[i] < before_ms) {
            return err_set(err, ERR_FORM, _("column “%s” lies before the step that precedes it"),
                m->steps[i].at);
        }
        before_ms = r->at_ms[i] != INT64_MIN ? r->at_ms[i] : before_ms;
    }
    return true;
}

struct import_row *import_row_read(
    const struct import_map *m, size_t line, const char *text, size_t len, struct err *err)
{
    json_t *data = json_parse(text, len, err);
    if (data == NULL) {
        return NULL;
    }
    struct import_row *r = mem_alloc(sizeof *r);
    r->line = line;
    r->data = data;
    bool ok = json_is_object(data) || err_set(err, ERR_FORM, "%s", _("the row is no JSON object"));
    if (ok) {
        r->id = column(data, m->row);
        ok = r->id != NULL || err_set(err, ERR_FORM, _("column “%s” is empty"), m->row);
    }
    if (!ok || !read_times(m, r, err)) {
        import_row_free(r);
        return NULL;
    }
    return r;
}

void import_row_free(struct import_row *r)
{
    if (r != NULL) {
        json_decref(r->data);
        mem_free(r->id);
        mem_free(r->number);
        mem_free(r->body);
        json_decref(r->actors);
        mem_free(r);
    }
}

int64_t import_row_time(const struct import_row *r)
{
    return r->next == 0 ? r->received_ms : r->at_ms[r->next - 1];
}

bool import_row_more(const struct import_map *m, struct import_row *r)
{
    while (r->next > 0 && r->next <= m->step_count && r->at_ms[r->next - 1] == INT64_MIN) {
        r->next++;
    }
    return r->next <= m->step_count;
}

const char *import_row_key(
    const struct import_map *m, const struct import_row *r, char out[UUID_TEXT])
{
    char *name = mem_printf("fengqiao import\n%s\n%s\n%zu %s", m->id, r->id, r->next,
        r->next == 0 ? "open" : m->steps[r->next - 1].action);
    struct digest d = digest_of(name, strlen(name));
    mem_free(name);
    d.bytes[6] = (uint8_t)((d.bytes[6] & 0x0F) | 0x80); /* UUID version 8: made our own way */
    d.bytes[8] = (uint8_t)((d.bytes[8] & 0x3F) | 0x80);
    char *p = out;
    for (int i = 0; i < 16; i++) {
        p += snprintf(p, 4, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", d.bytes[i]);
    }
    return out;
}

const char *import_row_method(const struct import_row *r)
{
    return r->next == 0 ? "case.open" : "case.act";
}

static void put_columns(json_t *out, const json_t *data, const json_t *map)
{
    const char *field;
    json_t *name;
    json_object_foreach((json_t *)map, field, name)
    {
        char *text = json_is_string(name) ? column(data, json_string_value(name)) : NULL;
        json_put_text(out, field, text);
        mem_free(text);
    }
}

static void put_constants(json_t *out, const json_t *set)
{
    const char *field;
    json_t *value;
    json_object_foreach((json_t *)set, field, value)
    {
        json_object_set(out, field, value);
    }
}

static json_t *parties_of(const struct import_map *m, const struct import_row *r)
{
    json_t *parties = json_array();
    for (size_t i = 0; i < json_array_size(m->parties); i++) {
        const json_t *p = json_array_get(m->parties, i);
        char *name = json_text(p, "name") != NULL ? column(r->data, json_text(p, "name")) : NULL;
        if (name != NULL) {
            json_t *party = json_object();
            json_put_text(party, "role", json_text(p, "role"));
            json_put_text(party, "name", name);
            json_array_append_new(parties, party);
            mem_free(name);
        }
    }
    return parties;
}

static json_t *open_params(
    const struct import_map *m, const struct import_row *r, const char *place, const char *body)
{
    char at[INSTANT_TEXT];
    json_t *fields = json_object();
    put_columns(fields, r->data, m->fields);
    put_constants(fields, m->set);
    json_t *params = json_pack("{s:s, s:o, s:s}", "flow", m->flow, "fields", fields, "received_at",
        instant_format(r->received_ms, at));
    json_put_text(params, "place", place);
    json_put_text(params, "body", body);
    json_put_text(params, "source", m->source);
    if (m->parties != NULL) {
        json_object_set_new(params, "parties", parties_of(m, r));
    }
    return params;
}

json_t *import_row_params(
    const struct import_map *m, const struct import_row *r, const char *place, const char *body)
{
    if (r->next == 0) {
        return open_params(m, r, place, body);
    }
    const struct import_step *step = &m->steps[r->next - 1];
    char at[INSTANT_TEXT];
    json_t *form = json_object();
    put_columns(form, r->data, step->form);
    put_constants(form, step->set);
    json_t *params =
        json_pack("{s:s, s:s, s:o}", "case", r->number, "action", step->action, "form", form);
    json_put_text(params, "reason", step->reason);
    if (!m->replay) {
        json_put_text(params, "occurred_at", instant_format(import_row_time(r), at));
    }
    return params;
}

char *import_row_token(const struct import_map *m, const struct import_row *r)
{
    const json_t *columns = json_member(m->place, "columns");
    for (size_t i = 0; m->has_tokens && i < json_array_size(columns); i++) {
        const char *name = json_string_value(json_array_get(columns, i));
        char *text = name != NULL ? column(r->data, name) : NULL;
        regmatch_t match;
        if (text != NULL && regexec(&m->tokens, text, 1, &match, 0) == 0) {
            char *token = mem_strndup(text + match.rm_so, (size_t)(match.rm_eo - match.rm_so));
            mem_free(text);
            return token;
        }
        mem_free(text);
    }
    return mem_strdup(r->id);
}

size_t import_spread(const char *text, size_t count)
{
    struct digest d = digest_of(text, strlen(text));
    uint64_t n = 0;
    for (int i = 0; i < 8; i++) {
        n = n << 8 | d.bytes[i];
    }
    return count == 0 ? 0 : (size_t)(n % count);
}
