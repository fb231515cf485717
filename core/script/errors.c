/* script/errors.c — the translation table. A row is a shape of Lua's message with at most two
 * holes; what it means for our readers stands beside it. Unknown messages are shown as they are. */
#include "script/errors.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "script/sandbox.h"
#include "script/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOLE_MAX = 96 };

struct holes {
    char text[2][HOLE_MAX];
};

struct row {
    const char *shape;   /* '*' is a hole; matches at the beginning, the rest does not matter */
    const char *message; /* may use %1$s and %2$s */
    const char *hint;    /* may be NULL */
    bool near;           /* hole 1 is a name: offer the nearest one the sandbox has */
};

static const struct row rows[] = {
    {"'}' expected (to close '{' at line *) near '*'",
        N_("a } is missing for the { of line %1$s, or a comma before “%2$s”"),
        N_("entries of a table are separated by commas"), false},
    {"'}' expected near '*'", N_("a } or a comma is missing before “%1$s”"), NULL, false},
    {"')' expected (to close '(' at line *) near '*'",
        N_("a ) is missing for the ( of line %1$s, before “%2$s”"), NULL, false},
    {"'end' expected (to close '*' at line *) near",
        N_("an end is missing for the %1$s of line %2$s"), NULL, false},
    {"'*' expected near '*'", N_("%1$s is missing before “%2$s”"), NULL, false},
    {"unexpected symbol near '*'", N_("“%1$s” cannot stand here"), NULL, false},
    {"unexpected symbol near <eof>", N_("the script ends too early"), NULL, false},
    {"unfinished string near", N_("a text is not closed: its second \" is missing"), NULL, false},
    {"unfinished long string", N_("a long text is not closed: its ]] is missing"), NULL, false},
    {"malformed number near '*'", N_("“%1$s” is not a number"), N_("texts stand between quotes"),
        false},
    {"attempt to call a nil value (global '*')", N_("there is no function or word “%1$s” here"),
        NULL, true},
    {"attempt to call a nil value (*'*')", N_("there is no function “%2$s” here (%1$s)"), NULL,
        false},
    {"attempt to index a nil value (global '*')", N_("there is no “%1$s” here"), NULL, true},
    {"attempt to index a nil value (field '*')", N_("“%1$s” is empty (nil), so it has no members"),
        N_("check the name, or ask first: if x.%1$s then …"), false},
    {"attempt to index a nil value", N_("this value is empty (nil), so it has no members"), NULL,
        false},
    {"attempt to compare *", N_("two values that cannot be compared: %1$s"),
        N_("a field that was not filled in is nil; write (x or 0)"), false},
    {"attempt to perform arithmetic on a * value (*)",
        N_("cannot calculate with a %1$s value (%2$s)"),
        N_("a field that was not filled in is nil; write (x or 0)"), false},
    {"attempt to concatenate a * value (*)", N_("cannot join a %1$s value to a text (%2$s)"),
        N_("write tostring(x), or (x or \"\")"), false},
    {"attempt to call a * value", N_("a %1$s value is not a function"), NULL, false},
    {"bad argument #* to '*'", N_("argument %1$s of %2$s is not what it needs"), NULL, false},
    {"global names cannot be set: *", N_("write local before “%1$s”: global names cannot be set"),
        NULL, false},
    {"this value cannot be changed (key '*')",
        N_("“%1$s” cannot be changed: what a script is given is read-only"),
        N_("a hook returns set { … } to change fields"), false},
};

/* Does text begin like shape? Fills the holes. */
static bool shape_matches(const char *shape, const char *text, struct holes *holes)
{
    memset(holes, 0, sizeof *holes);
    size_t hole = 0;
    while (*shape != '\0') {
        if (*shape != '*') {
            if (*shape++ != *text++) {
                return false;
            }
            continue;
        }
        shape++;
        /* The hole reaches to where the next piece of the shape is found. */
        size_t piece = strcspn(shape, "*");
        const char *stop = text + strlen(text);
        for (const char *p = text; piece > 0 && p < stop; p++) {
            if (strncmp(p, shape, piece) == 0) {
                stop = p;
            }
        }
        if (piece > 0 && *stop == '\0') {
            return false;
        }
        if (hole < 2) {
            snprintf(holes->text[hole++], HOLE_MAX, "%.*s", (int)(stop - text), text);
        }
        text = stop;
    }
    return true;
}

/* --- the line itself
 * ------------------------------------------------------------------------------ */

static const char *line_start(const char *source, size_t len, int line, size_t *line_len_out)
{
    const char *p = source, *end = source + len;
    for (int i = 1; i < line && p < end; i++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        p = next != NULL ? next + 1 : end;
    }
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    *line_len_out = (size_t)((stop != NULL ? stop : end) - p);
    return p;
}

/* First character beyond ASCII outside strings and comments: its column, 0 when there is none. */
static int foreign_column(const char *p, size_t len, int32_t *character_out, char word[HOLE_MAX])
{
    char quote = '\0';
    int column = 0;
    for (const char *end = p + len; p < end;) {
        const char *at = p;
        int32_t c = utf8_next(&p, end);
        column++;
        if (quote != '\0') {
            if (c == '\\' && p < end) {
                utf8_next(&p, end);
                column++;
            } else if (c == quote) {
                quote = '\0';
            }
        } else if (c == '"' || c == '\'') {
            quote = (char)c;
        } else if (c == '-' && p < end && *p == '-') {
            return 0;
        } else if (c >= 0x80) {
            const char *stop = p;
            while (stop < end && ((unsigned char)*stop & 0x80) != 0) {
                stop++;
            }
            snprintf(word, HOLE_MAX, "%.*s", (int)(stop - at), at);
            *character_out = c;
            return column;
        }
    }
    return 0;
}

static bool is_full_width_sign(int32_t c)
{
    /* General punctuation (“ ” ‘ ’ — …), CJK signs (、 。 【 】), full-width ASCII forms. */
    return (c >= 0x2010 && c <= 0x2027) || (c >= 0x3000 && c <= 0x303F) ||
           (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
           (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65);
}

/* The two errors every author here meets first. */
static int explain_foreign(
    const char *raw, const char *line, size_t line_len, char *message, char *hint, size_t room)
{
    int32_t c = 0;
    char word[HOLE_MAX] = "";
    if (strstr(raw, "near ") == NULL) {
        return 0;
    }
    int column = foreign_column(line, line_len, &c, word);
    if (column == 0) {
        return 0;
    }
    if (is_full_width_sign(c)) {
        char sign[4];
        size_t bytes = utf8_put(c, sign);
        snprintf(message, room, _("“%.*s” is a full-width sign; Lua knows half-width signs only"),
            (int)bytes, sign);
        snprintf(hint, room, "%s", _("switch the input method to half-width: , \" ( ) { } = :"));
    } else {
        snprintf(message, room, "%s", _("a Chinese name cannot stand here directly"));
        snprintf(hint, room,
            _("Lua's names are made of English letters; write an English id and title = \"%s\", or "
              "the key as [\"%s\"] = …"),
            word, word);
    }
    return column;
}

static void explain_row(const char *raw, char *message, char *hint, size_t room)
{
    struct holes h;
    snprintf(message, room, "%s", raw);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!shape_matches(rows[i].shape, raw, &h)) {
            continue;
        }
        snprintf(message, room, _(rows[i].message), h.text[0], h.text[1]);
        if (rows[i].hint != NULL) {
            snprintf(hint, room, _(rows[i].hint), h.text[0], h.text[1]);
        }
        const char *near = rows[i].near ? words_nearest(h.text[0]) : NULL;
        if (near != NULL) {
            snprintf(hint, room, _("did you mean %s?"), near);
        }
        return;
    }
}

/* Column of the name Lua quotes last, so that a reader can point at it; 0 when unknown. */
static int quoted_column(const char *raw, const char *line, size_t line_len)
{
    const char *close = strrchr(raw, '\'');
    const char *open = close;
    while (open != NULL && open > raw && open[-1] != '\'') {
        open--;
    }
    if (open == NULL || open == raw || close == open) {
        return 0;
    }
    const char *at = memmem(line, line_len, open, (size_t)(close - open));
    int column = at != NULL ? 1 : 0;
    for (const char *p = line; at != NULL && p < at; p++) {
        column += ((unsigned char)*p & 0xC0) != 0x80;
    }
    return column;
}

void errors_explain(struct err *err, const char *name, const char *source, size_t len,
    const struct outline *outline)
{
    char raw[sizeof err->message], message[sizeof err->message], hint[sizeof err->hint] = "";
    snprintf(raw, sizeof raw, "%s", err->message);
    int line = (int)json_number(err->data, "line", 0), column = 0;
    const char *path = json_text(err->data, "path");
    struct outline_place place;
    if (line == 0 && path != NULL && outline != NULL) {
        outline_find(outline, path, &place);
        line = place.line;
        column = place.column;
    }
    const char *words = raw;
    if (strncmp(raw, SANDBOX_CHUNK ":", sizeof SANDBOX_CHUNK) == 0) {
        const char *colon = strchr(raw + sizeof SANDBOX_CHUNK, ':');
        words = colon != NULL && colon[1] == ' ' ? colon + 2 : raw;
    }
    snprintf(message, sizeof message, "%s", words);
    if (words != raw) {
        size_t line_len;
        const char *text = line_start(source, len, line, &line_len);
        column = explain_foreign(words, text, line_len, message, hint, sizeof hint);
        if (column == 0) {
            explain_row(words, message, hint, sizeof hint);
            column = quoted_column(words, text, line_len);
        }
    }
    char *kept_hint = hint[0] != '\0' ? NULL : mem_strdup(err->hint);
    json_t *data = err->data != NULL ? json_incref(err->data) : json_object();
    if (line > 0) {
        err_set(err, err->code, "%s:%d: %.*s", name, line, 800, message);
    } else {
        err_set(err, err->code, "%s: %.*s", name, 800, message);
    }
    err_hint(err, "%s", kept_hint != NULL ? kept_hint : hint);
    mem_free(kept_hint);
    json_object_set_new(data, "file", json_string(name));
    json_object_set_new(data, "line", json_integer(line));
    json_object_set_new(data, "column", json_integer(column));
    json_object_set_new(data, "words", json_string(message));
    if (words != raw) {
        json_object_set_new(data, "lua", json_string(words));
    }
    json_decref(err->data);
    err->data = data;
}
