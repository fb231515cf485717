/* server/config.c — see config.h. Values are kept as text beside their parsed number, because text
 * is what the file, the environment and the flags have in common and what is printed. */
#include "server/config.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "script/script.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct option_row option_rows[OPTION_COUNT] = {
#define X(id, name, type, otherwise, least, most, choices, reload, help)                           \
    [id] = {name, type, otherwise, least, most, choices, reload, help},
    CONFIG_OPTIONS(X)
#undef X
};

struct value {
    char *text; /* owned */
    int64_t number;
    char *origin; /* owned */
};

struct config {
    char *file;   /* owned; NULL: none */
    char *source; /* owned; its text, for line numbers */
    json_t *doc;  /* owned; may be NULL */
    struct value values[OPTION_COUNT];
};

/* --- one value ------------------------------------------------------------------------------- */

static bool word_in(const char *word, const char *list)
{
    size_t len = strlen(word);
    for (const char *p = list; len > 0 && (p = strstr(p, word)) != NULL; p += len) {
        if ((p == list || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool whole_number(const char *text, int64_t *out)
{
    char *end;
    *out = strtoll(text, &end, 10);
    return text[0] != '\0' && *end == '\0' && strlen(text) < 19;
}

static bool check_number(
    const struct option_row *row, const char *text, int64_t *out, struct err *err)
{
    bool good = row->type == OPTION_DURATION ? duration_parse(text, out)
                : row->type == OPTION_SIZE   ? size_parse(text, out)
                                             : whole_number(text, out);
    if (!good) {
        err_set(err, ERR_CONFIG, _("%s: \"%s\" cannot be read"), row->name, text);
        return err_hint(err, "%s",
            row->type == OPTION_DURATION ? _("write \"30s\", \"10min\", \"12h\" or \"30d\"")
            : row->type == OPTION_SIZE   ? _("write \"64KiB\" or \"1MiB\"")
                                         : _("write a whole number"));
    }
    if (*out < row->least || *out > row->most) {
        return err_set(err, ERR_CONFIG, _("%s: %s is out of range"), row->name, text) ||
               err_hint(err, _("from %lld to %lld"), (long long)row->least, (long long)row->most);
    }
    return true;
}

/* Checks text against the row; number_out where it has one. */
static bool check_value(
    const struct option_row *row, const char *text, int64_t *number_out, struct err *err)
{
    switch (row->type) {
    case OPTION_NUMBER:
    case OPTION_DURATION:
    case OPTION_SIZE:
        return check_number(row, text, number_out, err);
    case OPTION_BOOL:
        *number_out = strcmp(text, "true") == 0;
        if (*number_out == 0 && strcmp(text, "false") != 0) {
            return err_set(err, ERR_CONFIG, _("%s: must be true or false"), row->name);
        }
        return true;
    case OPTION_CHOICE:
        if (!word_in(text, row->choices)) {
            err_set(err, ERR_CONFIG, _("%s: \"%s\" is not a choice"), row->name, text);
            return err_hint(err, _("one of: %s"), row->choices);
        }
        return true;
    case OPTION_INSTANT:
        if (text[0] != '\0' && !instant_parse(text, number_out)) {
            err_set(err, ERR_CONFIG, _("%s: \"%s\" is not a moment"), row->name, text);
            return err_hint(err, "%s", _("write \"2019-01-01T08:00:00\""));
        }
        return true;
    case OPTION_TEXT:
    case OPTION_PATH:
    case OPTION_LIST:
        break;
    }
    return true;
}

/* A relative path is meant from the folder `base` ("" is the working folder). */
static char *settle_path(const char *text, const char *base)
{
    return text[0] == '\0' || text[0] == '/' || base[0] == '\0' ? mem_strdup(text)
                                                                : mem_printf("%s/%s", base, text);
}

static bool set_value(struct config *c, enum option o, const char *text, const char *base,
    const char *origin, struct err *err)
{
    int64_t number = 0;
    if (!check_value(&option_rows[o], text, &number, err)) {
        return err_prefix(err, "%s: ", origin);
    }
    struct value *v = &c->values[o];
    mem_free(v->text);
    mem_free(v->origin);
    v->text = option_rows[o].type == OPTION_PATH ? settle_path(text, base) : mem_strdup(text);
    v->origin = mem_strdup(origin);
    v->number = number;
    return true;
}

/* --- names ------------------------------------------------------------------------------------ */

static int option_find(const char *name)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(option_rows[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *config_nearest(const char *name)
{
    const char *names[OPTION_COUNT];
    for (int i = 0; i < OPTION_COUNT; i++) {
        names[i] = option_rows[i].name;
    }
    return text_nearest(name, names, OPTION_COUNT);
}

static bool unknown_option(const char *name, const char *origin, struct err *err)
{
    err_set(err, ERR_CONFIG, _("%s: there is no option \"%s\""), origin, name);
    const char *near = config_nearest(name);
    if (near != NULL) {
        err_hint(err, _("did you mean \"%s\"?"), near);
        return err_data(err, "did_you_mean", json_string(near));
    }
    return err_hint(err, "%s", _("all options: fengqiaod --help"));
}

static bool is_group(const char *prefix)
{
    size_t len = strlen(prefix);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strncmp(option_rows[i].name, prefix, len) == 0 && option_rows[i].name[len] == '.') {
            return true;
        }
    }
    return false;
}

/* --- the file --------------------------------------------------------------------------------- */

/* Where `key =` stands at or after `from`, outside of comments; NULL when it does not. */
static const char *find_key(const char *from, const char *key)
{
    size_t len = strlen(key);
    for (const char *p = from; *p != '\0'; p++) {
        if (p[0] == '-' && p[1] == '-') {
            p += strcspn(p, "\n");
            if (*p == '\0') {
                break;
            }
            continue;
        }
        bool starts = p == from || !(isalnum((unsigned char)p[-1]) || p[-1] == '_');
        if (starts && strncmp(p, key, len) == 0) {
            const char *q = p + len;
            q += strspn(q, "\"'] \t");
            if (*q == '=') {
                return p;
            }
        }
    }
    return NULL;
}

/* The line of a dotted name in the source text; 1 when it cannot be found. */
static int line_of(const char *source, const char *name)
{
    const char *at = source;
    char *parts = mem_strdup(name), *save = NULL;
    for (char *part = strtok_r(parts, ".", &save); part != NULL && at != NULL;
         part = strtok_r(NULL, ".", &save)) {
        at = find_key(at, part);
    }
    mem_free(parts);
    int line = 1;
    for (const char *p = source; at != NULL && p < at; p++) {
        line += *p == '\n';
    }
    return line;
}

static char *value_text(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return mem_strdup(json_string_value(value));
    case JSON_INTEGER:
        return mem_printf("%lld", (long long)json_integer_value(value));
    case JSON_TRUE:
        return mem_strdup("true");
    case JSON_FALSE:
        return mem_strdup("false");
    default:
        return NULL;
    }
}

/* The folder of the file, "" for the working folder; caller owns. */
static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash == NULL ? mem_strdup("") : mem_strndup(file, (size_t)(slash - file));
}

static bool take_member(struct config *c, const char *name, json_t *value, struct err *err)
{
    char *origin = mem_printf("%s:%d", c->file, line_of(c->source, name));
    char *base = folder_of(c->file);
    int o = option_find(name);
    bool ok;
    if (o < 0) {
        ok = unknown_option(name, origin, err);
    } else if (option_rows[o].type == OPTION_LIST) {
        ok = json_is_array(value) || (json_is_object(value) && json_object_size(value) == 0);
        if (ok) {
            mem_free(c->values[o].origin);
            c->values[o].origin = mem_strdup(origin);
        } else {
            err_set(err, ERR_CONFIG, _("%s: %s: must be a list of tables"), origin, name);
        }
    } else {
        char *text = value_text(value);
        ok = text != NULL ? set_value(c, (enum option)o, text, base, origin, err)
                          : err_set(err, ERR_CONFIG, _("%s: %s: must be one value, not a table"),
                                origin, name);
        mem_free(text);
    }
    mem_free(origin);
    mem_free(base);
    return ok;
}

static bool take_table(struct config *c, const char *prefix, json_t *table, struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(table, key, value)
    {
        char *name = prefix[0] == '\0' ? mem_strdup(key) : mem_printf("%s.%s", prefix, key);
        bool group = json_is_object(value) && is_group(name);
        /* An empty Lua table may arrive as an empty array. */
        bool empty = json_is_array(value) && json_array_size(value) == 0 && is_group(name);
        bool ok =
            empty || (group ? take_table(c, name, value, err) : take_member(c, name, value, err));
        mem_free(name);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "re");
    struct buf text = {0};
    char part[4096];
    size_t n;
    while (f != NULL && (n = fread(part, 1, sizeof(part), f)) > 0) {
        buf_add(&text, part, n);
    }
    if (f != NULL) {
        fclose(f);
    }
    return buf_take(&text);
}

static bool take_file(struct config *c, struct err *err)
{
    c->doc = datafile_load(c->file, err);
    if (c->doc == NULL) {
        return false;
    }
    if (!json_is_object(c->doc) && json_array_size(c->doc) > 0) {
        return err_set(err, ERR_CONFIG, _("%s: must return a table of named options"), c->file);
    }
    c->source = read_text(c->file);
    return !json_is_object(c->doc) || take_table(c, "", c->doc, err);
}

/* --- environment and flags -------------------------------------------------------------------- */

static bool take_environment(struct config *c, struct err *err)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char *name = mem_printf("FENGQIAO_%s", option_rows[i].name);
        for (char *p = name; *p != '\0'; p++) {
            *p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
        }
        const char *text = getenv(name);
        bool ok = true;
        if (text != NULL && option_rows[i].type != OPTION_LIST) {
            ok = set_value(c, (enum option)i, text, "", name, err);
        }
        mem_free(name);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool take_flags(struct config *c, const json_t *flags, struct err *err)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)flags, name, value)
    {
        char *origin = mem_printf("--%s", name);
        int o = option_find(name);
        bool ok = o < 0 || option_rows[o].type == OPTION_LIST
                      ? unknown_option(name, origin, err)
                      : set_value(c, (enum option)o, json_string_value(value), "", origin, err);
        mem_free(origin);
        if (!ok) {
            return false;
        }
    }
    return true;
}

struct config *config_load(const char *file, const json_t *flags, struct err *err)
{
    struct config *c = mem_alloc(sizeof(*c));
    c->file = mem_strdup(file);
    for (int i = 0; i < OPTION_COUNT; i++) {
        bool ok = set_value(c, (enum option)i, option_rows[i].otherwise, "", "default", NULL);
        assert(ok);
        (void)ok;
    }
    if ((file == NULL || take_file(c, err)) && take_environment(c, err) &&
        take_flags(c, flags, err)) {
        return c;
    }
    config_free(c);
    return NULL;
}

void config_free(struct config *c)
{
    if (c == NULL) {
        return;
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        mem_free(c->values[i].text);
        mem_free(c->values[i].origin);
    }
    json_decref(c->doc);
    mem_free(c->source);
    mem_free(c->file);
    mem_free(c);
}

/* --- asking ----------------------------------------------------------------------------------- */

const char *config_text(const struct config *c, enum option o)
{
    return c->values[o].text;
}

int64_t config_number(const struct config *c, enum option o)
{
    return c->values[o].number;
}

bool config_flag(const struct config *c, enum option o)
{
    return c->values[o].number != 0;
}

const json_t *config_list(const struct config *c, enum option o)
{
    assert(option_rows[o].type == OPTION_LIST);
    return json_object_get(c->doc, option_rows[o].name);
}

const char *config_origin(const struct config *c, enum option o)
{
    return c->values[o].origin;
}

const char *config_file(const struct config *c)
{
    return c->file;
}

json_t *config_unreloadable(const struct config *was, const struct config *is)
{
    json_t *names = json_array();
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        bool same = row->type == OPTION_LIST
                        ? json_equal((json_t *)config_list(was, (enum option)i),
                              (json_t *)config_list(is, (enum option)i)) ||
                              config_list(was, (enum option)i) == config_list(is, (enum option)i)
                        : strcmp(was->values[i].text, is->values[i].text) == 0;
        if (!same && !row->reloadable) {
            json_array_append_new(names, json_string(row->name));
        }
    }
    return names;
}

char *config_files(const struct config *c)
{
    const char *said = config_text(c, OPT_FILES), *database = config_text(c, OPT_DATABASE);
    const char *slash = strrchr(database, '/');
    return said[0] != '\0' ? mem_strdup(said)
           : slash == NULL ? mem_strdup("files")
                           : mem_printf("%.*s/files", (int)(slash - database), database);
}
