/* client/import_map.c — see import_map.h. */
#include "client/import_map.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "client/datafile.h"
#include "client/fields.h"

#include <string.h>

struct member {
    const char *name;
    json_type type;
    bool required;
};

static const struct member map_members[] = {
    {"id", JSON_STRING, true},
    {"flow", JSON_STRING, true},
    {"row", JSON_STRING, true},
    {"received", JSON_STRING, true},
    {"source", JSON_STRING, false},
    {"fields", JSON_OBJECT, true},
    {"set", JSON_OBJECT, false},
    {"parties", JSON_ARRAY, false},
    {"place", JSON_OBJECT, false},
    {"open", JSON_OBJECT, false},
    {"steps", JSON_ARRAY, false},
    {"replay", JSON_TRUE, false},
    {"clock", JSON_OBJECT, false},
    {"finish", JSON_STRING, false},
    {"password_env", JSON_STRING, false},
    {0},
};

static const struct member step_members[] = {
    {"action", JSON_STRING, true},
    {"at", JSON_STRING, true},
    {"form", JSON_OBJECT, false},
    {"set", JSON_OBJECT, false},
    {"by", JSON_ARRAY, false},
    {"reason", JSON_STRING, false},
    {0},
};

static const struct member place_members[] = {
    {"column", JSON_STRING, false},
    {"tokens", JSON_STRING, false},
    {"columns", JSON_ARRAY, false},
    {"under", JSON_STRING, false},
    {"level", JSON_INTEGER, false},
    {0},
};

static const struct member open_members[] = {
    {"kind", JSON_STRING, false},
    {"role", JSON_STRING, false},
    {0},
};

static const struct member clock_members[] = {
    {"body", JSON_STRING, true},
    {"role", JSON_STRING, true},
    {0},
};

static bool same_type(const json_t *value, json_type wanted)
{
    return wanted == JSON_TRUE ? json_is_boolean(value) : json_typeof(value) == wanted;
}

static bool unknown_member(
    const struct member *members, const char *where, const char *key, struct err *err)
{
    const char *names[32];
    size_t n = 0;
    for (; members->name != NULL; members++) {
        names[n++] = members->name;
    }
    err_set(err, ERR_CONFIG, _("%s: there is no member “%s”"), where, key);
    const char *nearest = text_nearest(key, names, n);
    if (nearest != NULL) {
        err_hint(err, _("Did you mean: %s"), nearest);
    }
    return false;
}

static bool check(
    const json_t *object, const struct member *members, const char *where, struct err *err)
{
    if (!json_is_object(object)) {
        return err_set(err, ERR_CONFIG, _("%s must be a table with names"), where);
    }
    for (const struct member *m = members; m->name != NULL; m++) {
        const json_t *value = json_object_get(object, m->name);
        /* An empty Lua table may come as an array: it holds nothing either way. */
        bool empty = json_is_array(value) && json_array_size(value) == 0;
        if (value == NULL && m->required) {
            return err_set(err, ERR_CONFIG, _("%s: “%s” is missing"), where, m->name);
        }
        if (value != NULL && !empty && !same_type(value, m->type)) {
            return err_set(err, ERR_CONFIG, _("%s: “%s” is of the wrong kind"), where, m->name);
        }
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        const struct member *m = members;
        while (m->name != NULL && strcmp(m->name, key) != 0) {
            m++;
        }
        if (m->name == NULL) {
            return unknown_member(members, where, key, err);
        }
    }
    return true;
}

static bool read_place(struct import_map *m, const char *name, struct err *err)
{
    m->place = json_member(m->doc, "place");
    if (m->place == NULL) {
        return true;
    }
    if (!check(m->place, place_members, "place", err)) {
        return err_prefix(err, "%s: ", name);
    }
    const char *tokens = json_text(m->place, "tokens");
    if (tokens != NULL) {
        int problem = regcomp(&m->tokens, tokens, REG_EXTENDED);
        if (problem != 0) {
            char words[128];
            regerror(problem, &m->tokens, words, sizeof words);
            return err_set(err, ERR_CONFIG, _("%s: place.tokens: %s"), name, words);
        }
        m->has_tokens = true;
    }
    if (json_text(m->place, "column") == NULL &&
        (json_text(m->place, "under") == NULL || json_number(m->place, "level", -1) < 0)) {
        return err_set(err, ERR_CONFIG,
            _("%s: place needs a column, or under and level to spread the rows"), name);
    }
    return true;
}

static bool read_steps(struct import_map *m, const char *name, struct err *err)
{
    const json_t *steps = json_member(m->doc, "steps");
    if (json_array_size(steps) > IMPORT_STEPS_MAX) {
        return err_set(err, ERR_CONFIG, _("%s: more than %d steps"), name, IMPORT_STEPS_MAX);
    }
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        char where[64];
        snprintf(where, sizeof where, "steps[%zu]", i + 1);
        if (!check(step, step_members, where, err)) {
            return err_prefix(err, "%s: ", name);
        }
        m->steps[m->step_count++] = (struct import_step){json_text(step, "action"),
            json_text(step, "at"), json_member(step, "form"), json_member(step, "set"),
            json_member(step, "by"), json_text(step, "reason")};
        if (m->steps[m->step_count - 1].by != NULL && m->password_env == NULL) {
            return err_set(err, ERR_CONFIG, _("%s: %s.by needs password_env"), name, where);
        }
    }
    return true;
}

static bool read_accounts(struct import_map *m, const char *name, struct err *err)
{
    const json_t *open = json_member(m->doc, "open");
    const json_t *clock = json_member(m->doc, "clock");
    if ((open != NULL && !check(open, open_members, "open", err)) ||
        (clock != NULL && !check(clock, clock_members, "clock", err))) {
        return err_prefix(err, "%s: ", name);
    }
    m->body_kind = json_text(open, "kind");
    m->open_role = json_text(open, "role");
    m->clock_body = json_text(clock, "body");
    m->clock_role = json_text(clock, "role");
    const char *finish = json_text(m->doc, "finish");
    if (finish != NULL && !fields_duration(finish, &m->finish_ms, err)) {
        return err_prefix(err, "%s: finish: ", name);
    }
    if (m->open_role != NULL && (m->body_kind == NULL || m->password_env == NULL)) {
        return err_set(err, ERR_CONFIG, _("%s: open.role needs open.kind and password_env"), name);
    }
    return true;
}

bool import_map_read(struct import_map *m, json_t *doc, const char *name, struct err *err)
{
    memset(m, 0, sizeof *m);
    m->doc = doc;
    if (!check(doc, map_members, name, err)) {
        import_map_close(m);
        return false;
    }
    m->id = json_text(doc, "id");
    m->flow = json_text(doc, "flow");
    m->row = json_text(doc, "row");
    m->received = json_text(doc, "received");
    m->source = json_text(doc, "source");
    m->fields = json_member(doc, "fields");
    m->set = json_member(doc, "set");
    m->parties = json_member(doc, "parties");
    m->replay = json_flag(doc, "replay");
    m->password_env = json_text(doc, "password_env");
    if (!read_place(m, name, err) || !read_steps(m, name, err) || !read_accounts(m, name, err)) {
        import_map_close(m);
        return false;
    }
    return true;
}

bool import_map_load(struct import_map *m, const char *path, struct err *err)
{
    json_t *doc = datafile_read(path, err);
    return doc != NULL && import_map_read(m, doc, path, err);
}

void import_map_close(struct import_map *m)
{
    if (m->has_tokens) {
        regfree(&m->tokens);
    }
    json_decref(m->doc);
    memset(m, 0, sizeof *m);
}
