/* author/check.c — load, verify, and say what is wrong where. */
#include "author/author.h"

#include "author/siblings.h"
#include "author/source.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"
#include "script/script.h"

#include <stdio.h>
#include <string.h>

struct checking {
    const char *source;
    size_t len;
    const struct siblings *siblings; /* NULL: not known */
    json_t *report;                  /* owned by the caller */
};

/* Adds what people want to see: the line itself. */
static void put_place(struct checking *c, json_t *row, int line, int column)
{
    size_t line_len;
    const char *text = line > 0 ? source_line(c->source, c->len, line, &line_len) : NULL;
    json_object_set_new(row, "line", json_integer(line));
    json_object_set_new(row, "column", json_integer(column));
    if (text != NULL && line_len < 400) {
        json_t *excerpt = json_stringn(text, line_len);
        if (excerpt != NULL) {
            json_object_set_new(row, "excerpt", excerpt);
        }
    }
}

static void add_row(struct checking *c, json_t *row)
{
    json_array_append_new(json_object_get(c->report, "diagnostics"), row);
}

/* L001 the source is not Lua as it stands, L002 its tables are not what they should be, L003 it
 * needs more than it may. */
static void add_load_error(struct checking *c, const struct err *problem)
{
    const char *id = problem->code == ERR_LIMIT                ? "L003"
                     : json_text(problem->data, "lua") != NULL ? "L001"
                                                               : "L002";
    const char *words = json_text(problem->data, "words");
    json_t *row = json_pack("{s:s, s:s, s:s}", "id", id, "level", "error", "message",
        words != NULL ? words : problem->message);
    if (problem->hint[0] != '\0') {
        json_put_text(row, "hint", problem->hint);
    }
    json_put_text(row, "lua", json_text(problem->data, "lua"));
    put_place(c, row, (int)json_number(problem->data, "line", 0),
        (int)json_number(problem->data, "column", 0));
    add_row(c, row);
}

/* The first name the message quotes, for pointing at it. */
static void quoted(const char *message, char *out, size_t size)
{
    const char *open = strstr(message, "“"), *close = open != NULL ? strstr(open, "”") : NULL;
    out[0] = '\0';
    if (close != NULL && (size_t)(close - open) < size) {
        snprintf(out, size, "%.*s", (int)(close - open - 3), open + 3);
    }
}

static void add_findings(struct checking *c, const struct flow *flow, const struct script *script,
    const struct terms *terms)
{
    json_t *findings = flow_verify(flow, terms), *finding;
    if (c->siblings != NULL) {
        json_t *beside = siblings_verify(c->siblings, flow);
        json_array_extend(findings, beside);
        json_decref(beside);
    }
    size_t i;
    json_array_foreach(findings, i, finding)
    {
        int column = 0;
        int line = script_place(script, json_text(finding, "path"), &column);
        char word[96];
        quoted(json_text(finding, "message"), word, sizeof word);
        if (line > 0) {
            source_find(c->source, c->len, word, &line, &column);
        }
        put_place(c, finding, line, column);
        add_row(c, json_incref(finding));
    }
    json_decref(findings);
}

static void count_levels(json_t *report)
{
    size_t i, errors = 0, warnings = 0;
    json_t *row;
    json_array_foreach(json_object_get(report, "diagnostics"), i, row)
    {
        errors += text_equal(json_text(row, "level"), "error");
        warnings += text_equal(json_text(row, "level"), "warning");
    }
    json_object_set_new(report, "errors", json_integer((json_int_t)errors));
    json_object_set_new(report, "warnings", json_integer((json_int_t)warnings));
    json_object_set_new(report, "result", json_string(errors == 0 ? "OK" : "FAIL"));
}

static json_t *check_beside(const char *source, size_t len, const char *name,
    const struct terms *terms, const struct siblings *siblings)
{
    struct checking c = {
        source, len, siblings, json_pack("{s:s, s:[]}", "file", name, "diagnostics")};
    struct flow *flow = NULL;
    struct err problem = {0};
    struct script *script = script_load(source, len, name, NULL, &flow, &problem);
    if (script == NULL) {
        add_load_error(&c, &problem);
    } else {
        json_put_text(c.report, "flow", flow->id);
        json_put_text(c.report, "version", flow->version);
        add_findings(&c, flow, script, terms);
    }
    err_clear(&problem);
    flow_free(flow);
    script_free(script);
    count_levels(c.report);
    return c.report;
}

json_t *author_check_source(
    const char *source, size_t len, const char *name, const struct terms *terms)
{
    return check_beside(source, len, name, terms, NULL);
}

json_t *author_check(const char *path, const struct terms *terms, struct err *err)
{
    struct buf text = {0};
    json_t *report = NULL;
    if (source_read(path, &text, err)) {
        struct siblings *siblings = siblings_load(path);
        report = check_beside(buf_text(&text), text.len, path, terms, siblings);
        siblings_free(siblings);
    }
    buf_close(&text);
    return report;
}

/* --- as text
 * ----------------------------------------------------------------------------------------- */

static const char *level_word(const char *level)
{
    return text_equal(level, "error")     ? _("error")
           : text_equal(level, "warning") ? _("warning")
                                          : _("remark");
}

static void show_row(struct buf *out, const char *file, const json_t *row)
{
    int line = (int)json_number(row, "line", 0), column = (int)json_number(row, "column", 0);
    const char *excerpt = json_text(row, "excerpt"), *hint = json_text(row, "hint");
    buf_addf(out, "%s:%d:%d  %s %s %s\n", file, line, column, level_word(json_text(row, "level")),
        json_text(row, "id"), json_text(row, "message"));
    if (excerpt != NULL) {
        char word[96];
        quoted(json_text(row, "message"), word, sizeof word);
        int width = word[0] != '\0' && strstr(excerpt, word) != NULL ? (int)utf8_length(word) : 1;
        source_show(out, excerpt, line, column, width);
    }
    if (hint != NULL) {
        buf_addf(out, "      │ %s\n", hint);
    }
    if (json_text(row, "lua") != NULL) {
        buf_addf(out, _("      │ (in Lua's words: %s)\n"), json_text(row, "lua"));
    }
}

char *author_check_text(const json_t *report)
{
    struct buf out = {0};
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(report, "diagnostics"), i, row)
    {
        show_row(&out, json_text(report, "file"), row);
    }
    bool good = text_equal(json_text(report, "result"), "OK");
    buf_addf(&out, _("Result: %s (%d errors, %d warnings)\n"), good ? _("passed") : _("not passed"),
        (int)json_number(report, "errors", 0), (int)json_number(report, "warnings", 0));
    return buf_take(&out);
}
