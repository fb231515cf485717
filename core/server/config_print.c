/* server/config_print.c — the option table as help, a configuration as a file, and the log set up
 * by it; see config.h. */
#include "server/config.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void indent(FILE *out, int depth)
{
    fprintf(out, "%*s", depth * 4, "");
}

static void print_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            fputc('\\', out);
        }
        if (*p == '\n') {
            fputs("\\n", out);
        } else {
            fputc(*p, out);
        }
    }
    fputc('"', out);
}

/* JSON as Lua; plugin options may be nested. */
static void print_lua(FILE *out, const json_t *value, int depth)
{
    const char *key;
    json_t *member;
    size_t i;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        fputs("{\n", out);
        json_object_foreach((json_t *)value, key, member)
        {
            indent(out, depth + 1);
            fputc('[', out);
            print_text(out, key);
            fputs("] = ", out);
            print_lua(out, member, depth + 1);
            fputs(",\n", out);
        }
        indent(out, depth);
        fputc('}', out);
        break;
    case JSON_ARRAY:
        fputs("{\n", out);
        json_array_foreach(value, i, member)
        {
            indent(out, depth + 1);
            print_lua(out, member, depth + 1);
            fputs(",\n", out);
        }
        indent(out, depth);
        fputc('}', out);
        break;
    case JSON_STRING:
        print_text(out, json_string_value(value));
        break;
    default: {
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        fputs(text, out);
        free(text);
    }
    }
}

static void print_value(FILE *out, const struct config *c, enum option o, int depth)
{
    const struct option_row *row = &option_rows[o];
    if (row->type == OPTION_LIST) {
        const json_t *list = config_list(c, o);
        if (list != NULL && json_array_size(list) > 0) {
            print_lua(out, list, depth);
        } else {
            fputs("{}", out);
        }
    } else if (row->type == OPTION_NUMBER || row->type == OPTION_BOOL) {
        fputs(config_text(c, o), out);
    } else {
        print_text(out, config_text(c, o));
    }
}

void config_print(const struct config *c, FILE *out)
{
    fprintf(out, "return {\n");
    char group[64] = "";
    for (int i = 0; i < OPTION_COUNT; i++) {
        const char *name = option_rows[i].name;
        const char *dot = strchr(name, '.');
        size_t len = dot != NULL ? (size_t)(dot - name) : 0;
        if (group[0] != '\0' && (len != strlen(group) || strncmp(group, name, len) != 0)) {
            fprintf(out, "    },\n");
            group[0] = '\0';
        }
        if (len > 0 && group[0] == '\0') {
            snprintf(group, sizeof(group), "%.*s", (int)len, name);
            fprintf(out, "    %s = {\n", group);
        }
        int depth = len > 0 ? 2 : 1;
        indent(out, depth);
        fprintf(out, "%s = ", dot != NULL ? dot + 1 : name);
        print_value(out, c, (enum option)i, depth);
        fprintf(out, ", -- %s\n", config_origin(c, (enum option)i));
    }
    fprintf(out, "%s}\n", group[0] != '\0' ? "    },\n" : "");
}

void config_help(FILE *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        fprintf(out, "  %-22s %s\n", row->name, _(row->help));
        if (row->otherwise[0] != '\0') {
            fprintf(out, "  %-22s ", "");
            fprintf(out, _("default %s"), row->otherwise);
            if (row->choices != NULL) {
                fputs("; ", out);
                fprintf(out, _("one of: %s"), row->choices);
            }
            fputc('\n', out);
        }
    }
}

void config_use_log(const struct config *c)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
        if (strcmp(config_text(c, OPT_LOG_LEVEL), levels[i]) == 0) {
            log_setup((enum log_level)i, strcmp(config_text(c, OPT_LOG_FORMAT), "json") == 0);
        }
    }
}
