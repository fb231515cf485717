/* script/outline.c — see outline.h. */
#include "script/outline.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUTLINE_NESTING_MAX = 100, /* a real script nests 12 deep */
    OUTLINE_BREAKS_MAX = 1000, /* Lua resolves them in quadratic time */
    OUTLINE_PATH_MAX = 256,
    OUTLINE_WORD_MAX = 64,
};

struct entry {
    char *path;
    struct outline_place place;
};

struct outline {
    struct entry *entries;
    size_t count, cap;
};

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    char text[OUTLINE_WORD_MAX]; /* of names and strings, cut; one character of others */
    int line;
    const char *at, *line_start; /* for the column, when somebody wants it */
};

/* What is open around the current token. */
enum frame_kind { FRAME_TABLE, FRAME_BRACKET, FRAME_BLOCK };

struct frame {
    enum frame_kind kind;
    bool recorded;                /* of a table: its keys belong to the returned value */
    bool at_start;                /* the next token begins an entry */
    int index;                    /* unnamed entries so far */
    char path[OUTLINE_PATH_MAX];  /* of the table itself */
    char entry[OUTLINE_PATH_MAX]; /* of the entry being read */
};

struct reader {
    const char *p, *end, *line_start;
    int line;
    const char *counted; /* columns were counted up to here … */
    int column;          /* … where this is the column: a long line is counted once */
    struct outline *outline;
    struct frame frames[OUTLINE_NESTING_MAX];
    int depth;
    bool returned; /* `return` was seen outside all functions */
    int breaks;
    struct err *err;
};

/* --- tokens -------------------------------------------------------------------------------------
 */

static void newline(struct reader *r)
{
    r->line++;
    r->line_start = r->p + 1;
}

/* Tokens are asked in the order of the source. */
static int column_of(struct reader *r, const struct token *t)
{
    if (r->counted == NULL || r->counted < t->line_start || r->counted > t->at) {
        r->counted = t->line_start;
        r->column = 1;
    }
    for (; r->counted < t->at; r->counted++) {
        r->column += ((unsigned char)*r->counted & 0xC0) != 0x80;
    }
    return r->column;
}

/* At "[[" or "[==[": the number of equal signs; -1 when it is no long bracket. */
static int long_bracket(const struct reader *r)
{
    const char *p = r->p + 1;
    while (p < r->end && *p == '=') {
        p++;
    }
    return p < r->end && *p == '[' ? (int)(p - r->p - 1) : -1;
}

static void skip_long(struct reader *r, int level)
{
    for (r->p += level + 2; r->p < r->end; r->p++) {
        if (*r->p == '\n') {
            newline(r);
        } else if (*r->p == ']' && r->end - r->p > level + 1 && r->p[level + 1] == ']') {
            int equal = 0;
            while (equal < level && r->p[1 + equal] == '=') {
                equal++;
            }
            if (equal == level) {
                r->p += level + 2;
                return;
            }
        }
    }
}

static void skip_blank(struct reader *r)
{
    while (r->p < r->end) {
        if (*r->p == '\n') {
            newline(r);
            r->p++;
        } else if (isspace((unsigned char)*r->p)) {
            r->p++;
        } else if (*r->p == '-' && r->end - r->p > 1 && r->p[1] == '-') {
            r->p += 2;
            int level = r->p < r->end && *r->p == '[' ? long_bracket(r) : -1;
            if (level >= 0) {
                skip_long(r, level);
                continue;
            }
            while (r->p < r->end && *r->p != '\n') {
                r->p++;
            }
        } else {
            return;
        }
    }
}

static void take(struct token *t, const char *from, const char *to)
{
    size_t len = (size_t)(to - from);
    len = len < sizeof t->text - 1 ? len : sizeof t->text - 1;
    memcpy(t->text, from, len);
    t->text[len] = '\0';
}

static void read_string(struct reader *r, struct token *t)
{
    char quote = *r->p++;
    const char *from = r->p;
    while (r->p < r->end && *r->p != quote && *r->p != '\n') {
        r->p += *r->p == '\\' && r->end - r->p > 1 && r->p[1] != '\n' ? 2 : 1;
    }
    t->kind = TOKEN_STRING;
    take(t, from, r->p);
    r->p += r->p < r->end && *r->p == quote;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static struct token next_token(struct reader *r)
{
    skip_blank(r);
    struct token t = {.line = r->line, .at = r->p, .line_start = r->line_start};
    if (r->p >= r->end) {
        return t;
    }
    const char *from = r->p;
    if (*r->p == '"' || *r->p == '\'') {
        read_string(r, &t);
    } else if (*r->p == '[' && long_bracket(r) >= 0) {
        skip_long(r, long_bracket(r));
        t.kind = TOKEN_STRING;
    } else if (is_word(*r->p)) {
        while (r->p < r->end && is_word(*r->p)) {
            r->p++;
        }
        t.kind = isdigit((unsigned char)*from) ? TOKEN_OTHER : TOKEN_NAME;
        take(&t, from, r->p);
    } else {
        /* Two-character signs matter where they begin like a shorter one. */
        size_t two =
            r->end - r->p > 1 && (memcmp(r->p, "==", 2) == 0 || memcmp(r->p, "::", 2) == 0) ? 2 : 1;
        r->p += two;
        t.kind = TOKEN_OTHER;
        take(&t, from, r->p);
    }
    return t;
}

/* The token after the current one, without moving. */
static struct token peek_token(struct reader *r)
{
    const char *p = r->p, *line_start = r->line_start;
    int line = r->line;
    struct token t = next_token(r);
    r->p = p;
    r->line_start = line_start;
    r->line = line;
    return t;
}

/* --- entries -------------------------------------------------------------------------------------
 */

static void record(struct reader *r, const char *path, const struct token *t)
{
    struct outline *o = r->outline;
    if (o->count == o->cap) {
        o->cap = o->cap > 0 ? o->cap * 2 : 64;
        o->entries = mem_resize(o->entries, o->cap * sizeof *o->entries);
    }
    o->entries[o->count] =
        (struct entry){mem_strdup(path), {t->line, column_of(r, t), (int)o->count}};
    o->count++;
}

static struct frame *top(struct reader *r)
{
    return r->depth > 0 ? &r->frames[r->depth - 1] : NULL;
}

static bool push(struct reader *r, enum frame_kind kind, const struct token *t)
{
    if (r->depth == OUTLINE_NESTING_MAX) {
        err_set(r->err, ERR_SCRIPT, _("nested deeper than %d levels"), OUTLINE_NESTING_MAX);
        return err_data(r->err, "line", json_integer(t->line));
    }
    const struct frame *around = top(r);
    struct frame *f = &r->frames[r->depth++];
    memset(f, 0, offsetof(struct frame, path));
    f->path[0] = f->entry[0] = '\0';
    f->kind = kind;
    f->at_start = kind == FRAME_TABLE;
    f->recorded = kind != FRAME_BLOCK && (around != NULL ? around->recorded : r->returned);
    if (around != NULL && f->recorded) {
        memcpy(f->path, around->entry, sizeof f->path);
        memcpy(f->entry, around->entry, sizeof f->entry);
    }
    return true;
}

static void pop(struct reader *r, enum frame_kind kind)
{
    if (r->depth > 0 && top(r)->kind == kind) {
        r->depth--;
    }
}

/* The token begins an entry of the table on top: names its path and records it. */
static void begin_entry(struct reader *r, const struct token *t)
{
    struct frame *f = top(r);
    f->at_start = false;
    char key[OUTLINE_WORD_MAX] = "";
    if (t->kind == TOKEN_NAME && strcmp(peek_token(r).text, "=") == 0) {
        strcpy(key, t->text);
    } else if (strcmp(t->text, "[") == 0 && t->kind == TOKEN_OTHER) {
        struct token inner = peek_token(r);
        if (inner.kind == TOKEN_STRING) {
            strcpy(key, inner.text);
        }
    }
    /* Apart first: path and entry are of one struct, and a compiler may think that they overlap. */
    char entry[sizeof f->entry];
    size_t room = sizeof entry;
    int len = key[0] != '\0'
                  ? snprintf(entry, room, "%s%s%s", f->path, f->path[0] != '\0' ? "." : "", key)
                  : snprintf(entry, room, "%s[%d]", f->path, ++f->index);
    strcpy(f->entry, entry);
    if (f->recorded && len > 0 && (size_t)len < room) {
        record(r, f->entry, t);
    }
}

static bool is_one_of(const char *text, const char *const list[])
{
    for (; *list != NULL; list++) {
        if (strcmp(*list, text) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_name(struct reader *r, const struct token *t)
{
    static const char *const openers[] = {"function", "if", "do", "repeat", NULL};
    static const char *const closers[] = {"end", "until", NULL};
    if (strcmp(t->text, "goto") == 0) {
        err_set(r->err, ERR_SCRIPT, _("goto is not offered here"));
        return err_data(r->err, "line", json_integer(t->line));
    }
    if (strcmp(t->text, "break") == 0 && ++r->breaks > OUTLINE_BREAKS_MAX) {
        err_set(r->err, ERR_SCRIPT, _("more than %d times break"), OUTLINE_BREAKS_MAX);
        return err_data(r->err, "line", json_integer(t->line));
    }
    if (strcmp(t->text, "return") == 0 && r->depth == 0) {
        r->returned = true;
    }
    if (is_one_of(t->text, openers)) {
        return push(r, FRAME_BLOCK, t);
    }
    if (is_one_of(t->text, closers)) {
        pop(r, FRAME_BLOCK);
    }
    return true;
}

static bool read_sign(struct reader *r, const struct token *t)
{
    switch (t->text[0]) {
    case '{':
        return push(r, FRAME_TABLE, t);
    case '}':
        pop(r, FRAME_TABLE);
        break;
    case '(':
    case '[':
        return push(r, FRAME_BRACKET, t);
    case ')':
    case ']':
        pop(r, FRAME_BRACKET);
        break;
    case ',':
    case ';':
        if (top(r) != NULL && top(r)->kind == FRAME_TABLE) {
            top(r)->at_start = true;
        }
        break;
    case ':':
        if (t->text[1] == ':') {
            err_set(r->err, ERR_SCRIPT, _("labels are not offered here"));
            return err_data(r->err, "line", json_integer(t->line));
        }
        break;
    default:
        break;
    }
    return true;
}

static bool read_all(struct reader *r)
{
    for (struct token t = next_token(r); t.kind != TOKEN_END; t = next_token(r)) {
        struct frame *f = top(r);
        bool closes = t.kind == TOKEN_OTHER && t.text[0] == '}';
        if (f != NULL && f->kind == FRAME_TABLE && f->at_start && !closes) {
            begin_entry(r, &t);
        }
        if (t.kind == TOKEN_NAME && !read_name(r, &t)) {
            return false;
        }
        if (t.kind == TOKEN_OTHER && !read_sign(r, &t)) {
            return false;
        }
    }
    return true;
}

/* --- the outline ---------------------------------------------------------------------------------
 */

/* By path; of several with one path the first in the source counts. */
static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    return order != 0 ? order : x->place.order - y->place.order;
}

struct outline *outline_read(const char *source, size_t len, struct err *err)
{
    struct outline *o = mem_alloc(sizeof *o);
    struct reader *r = mem_alloc(sizeof *r);
    r->p = r->line_start = source;
    r->end = source + len;
    r->line = 1;
    r->outline = o;
    r->err = err;
    bool good = read_all(r);
    mem_free(r);
    if (!good) {
        outline_free(o);
        return NULL;
    }
    if (o->count > 0) {
        qsort(o->entries, o->count, sizeof *o->entries, compare_entries);
    }
    return o;
}

void outline_free(struct outline *o)
{
    for (size_t i = 0; o != NULL && i < o->count; i++) {
        mem_free(o->entries[i].path);
    }
    if (o != NULL) {
        mem_free(o->entries);
    }
    mem_free(o);
}

static const struct entry *find_exact(const struct outline *o, const char *path, size_t len)
{
    size_t low = 0, high = o->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const char *other = o->entries[middle].path;
        int order = strncmp(other, path, len);
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < o->count && strncmp(o->entries[low].path, path, len) == 0 &&
                 o->entries[low].path[len] == '\0';
    return found ? &o->entries[low] : NULL;
}

bool outline_find(const struct outline *o, const char *path, struct outline_place *place_out)
{
    *place_out = (struct outline_place){0, 0, 0};
    size_t whole = strlen(path);
    for (size_t len = whole; len > 0;) {
        const struct entry *e = find_exact(o, path, len);
        if (e != NULL) {
            *place_out = e->place;
            return len == whole;
        }
        do {
            len--;
        } while (len > 0 && path[len] != '.' && path[len] != '[');
    }
    return false;
}
