/* documents.h — what the parts of the plugin share.
 *
 * A *template* (a text file, see README.md) and the *values* of a case give a *paper*: a JSON array
 * of blocks, which html.c and pdf.c draw. Nothing of a template is executed, and every value passes
 * clean_text() before it becomes part of a paper.
 *
 *     {"kind":"title"|"number"|"heading"|"paragraph"|"plain"|"right"|"note", "text"}
 *     {"kind":"table"|"signs", "widths":[percent…], "head":bool,
 * "rows":[[{"text","label":bool}…]…]}
 *     {"kind":"seal", "text", "date"}   {"kind":"lines", "count"}   {"kind":"page"}              */
#ifndef DOCUMENTS_DOCUMENTS_H
#define DOCUMENTS_DOCUMENTS_H

#include "fengqiao/host.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define N_(msgid) msgid /* marks a text for translation; host->text() shows it */

/* What somebody fills in by hand. */
#define BLANK "＿＿＿＿＿＿＿＿"

struct templates;

struct documents {
    const struct fq_host *host;
    struct templates *templates; /* owned */
    char *fonts;                 /* owned: families in order of preference */
    bool prepares;               /* a step that asks for a paper gets its number at once */
};

/* --- template.c ----------------------------------------------------------------------------- */

/* One condition: name, "!name", "name = text", "name != text"; NULL holds. */
struct must {
    char *name, *title, *where, *only_if; /* owned; where and only_if may be NULL */
};

struct template
{
    char *id;                            /* file name without its end */
    char *title, *series, *flows, *when; /* owned; flows, when NULL: any, always */
    char *instead;                       /* template for the cases `when` excludes; may be NULL */
    char *need;                          /* "must" "if" "local": how far a volume needs it */
    char *number;                        /* field with a number of its own (court); may be NULL */
    long order;                          /* in the volume */
    bool whole;                          /* shows the parties' numbers unmasked */
    struct must *musts;
    size_t must_count;
    char **lines; /* body */
    size_t line_count;
};

/* All templates of the folder, by order. NULL: error names file and line. */
struct templates *templates_load(const char *folder, char *error, size_t size);
void templates_free(struct templates *t); /* accepts NULL */
size_t templates_count(const struct templates *t);
const struct template *templates_at(const struct templates *t, size_t i);
/* The only one of the flow whose title has these words in it, as people shorten it
 * (调解协议书 for 人民调解协议书); NULL: none, or several. */
const struct template *templates_like(
    const struct templates *t, const char *words, const char *flow);
const struct template *templates_find(const struct templates *t, const char *id_or_title);
bool template_is_for(const struct template *t, const char *flow);

/* --- values.c: the case as templates see it -------------------------------------------------- */

/* From case.get and the rows of case.timeline; both borrowed. New reference. */
json_t *values_of(const json_t *page, const json_t *history);
/* Replaces the parties (after case.paper). */
void values_put_parties(json_t *values, const json_t *parties);
/* 2026-12-01… -> 2026年12月1日; anything else as it is. Caller frees. */
char *chinese_date(const char *text);
void chinese_day_of(int64_t ms, char out[40]);

/* --- fill.c ----------------------------------------------------------------------------------- */

/* Text of a value; NULL when absent or empty. `item` is what "@each" stands at; may be NULL.
 * Caller frees. */
char *value_text(const json_t *values, const json_t *item, const char *name);
bool condition_holds(const json_t *values, const json_t *item, const char *condition);
/* [{name, title, where?}] of what must be there and is not; new reference. */
json_t *template_missing(const struct template *t, const json_t *values);
/* The paper; what is absent becomes a blank to be filled by hand. New reference. */
json_t *template_fill(const struct template *t, const json_t *values);

/* --- html.c, pdf.c ---------------------------------------------------------------------------- */

/* A whole page of its own, nothing loaded from elsewhere. Caller frees. */
char *paper_html(const json_t *paper, const char *title);

struct pdf {
    unsigned char *data; /* owned: free() */
    size_t len, cap;
    int pages;
    bool failed;
};
/* Any thread. fonts as in fontconfig: families separated by commas. */
void paper_pdf(const json_t *paper, const char *title, const char *fonts, struct pdf *out);
/* Is there a font for Chinese among them? */
bool fonts_have_chinese(const char *fonts);

/* --- text.c ----------------------------------------------------------------------------------- */

/* Without control characters, direction marks and noncharacters; lines end in \n. Caller frees. */
char *clean_text(const char *text);
void put_escaped(FILE *out, const char *text); /* for HTML text and attributes */
char *base64_of(const unsigned char *data, size_t len);
void sha256_hex(const char *text, char out[65]);
void random_key(char out[48]);
const char *member_text(const json_t *object, const char *key); /* "" when absent */

/* --- make.c, effect.c ------------------------------------------------------------------------- */

int documents_list(void *self, const struct fq_call *call);
int documents_make(void *self, const struct fq_call *call);
int documents_effect(void *self, const struct fq_effect *effect);
/* The wire's error object for what is missing; caller frees. */
char *missing_error(
    const struct documents *d, const char *lang, const struct template *t, const json_t *missing);
/* Params of case.document: what the paper says without number and date is its content. */
json_t *document_params(
    const struct template *t, const json_t *values, const char *number, const char *key);
struct fq_text text_of(const char *text);
const char *said(const struct documents *d, const char *msgid) __attribute__((format_arg(2)));

#endif
