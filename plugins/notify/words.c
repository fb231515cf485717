/* words.c — what people read in a mail and machines in a file or hook. Nothing about persons is
 * added: only what the effect carries. */
#include "notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *event, *text;
} event_words[] = {
    {"assigned", N_("Assigned")},
    {"warning", N_("Due soon")},
    {"late", N_("Overdue")},
    {"escalated", N_("Escalated")},
    {"supervised", N_("Supervised")},
    {"asked", N_("Asked")},
    {"answered", N_("Answered")},
    {"undone", N_("Undone")},
};

const char *word(const struct notify *n, const char *msgid)
{
    return n->host->text(n->host, n->lang, msgid);
}

const char *event_word(const struct notify *n, const char *event)
{
    for (size_t i = 0; i < sizeof(event_words) / sizeof(event_words[0]); i++) {
        if (strcmp(event_words[i].event, event) == 0) {
            return n->host->text(n->host, n->lang, event_words[i].text);
        }
    }
    return event;
}

void instant_words(int64_t ms, char out[32])
{
    time_t local = (time_t)(ms / 1000) + 8 * 3600;
    struct tm tm;
    gmtime_r(&local, &tm);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%S+08:00", &tm);
}

/* "2026-12-01", whether due is that text or an object around it. */
static const char *due_day(const struct note *note)
{
    const json_t *due = json_object_get(note->data, "due");
    const char *text = json_string_value(due);
    if (text == NULL) {
        text = json_string_value(json_object_get(due, "legal"));
    }
    return text == NULL ? "" : text;
}

static json_t *note_json(const struct notify *n, const struct note *note)
{
    json_t *item = json_object();
    json_object_set_new(item, "effect", json_sprintf("%lld", (long long)note->id));
    json_object_update_missing(item, note->data);
    json_object_set_new(item, "event_title", json_string(event_word(n, note_text(note, "event"))));
    return item;
}

char *note_line(const struct notify *n, const struct note *note)
{
    char at[32];
    instant_words(n->host->now_ms(n->host), at);
    json_t *item = note_json(n, note);
    json_object_set_new(item, "at", json_string(at));
    char *text = json_dumps(item, JSON_COMPACT);
    json_decref(item);
    char *line = NULL;
    if (asprintf(&line, "%s\n", text) < 0) {
        abort(); /* out of memory: the daemon recovers from its log */
    }
    free(text);
    return line;
}

char *parcel_json(const struct notify *n, const struct parcel *p)
{
    char at[32];
    instant_words(n->host->now_ms(n->host), at);
    json_t *items = json_array();
    for (size_t i = 0; i < p->count; i++) {
        json_array_append_new(items, note_json(n, p->notes[i]));
    }
    json_t *body = json_pack("{s:s, s:i, s:o}", "at", at, "count", (int)p->count, "items", items);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

char *parcel_subject(const struct notify *n, const struct parcel *p)
{
    char *text = NULL;
    const char *number = note_text(p->notes[0], "number");
    const char *event = event_word(n, note_text(p->notes[0], "event"));
    int len = p->count == 1 ? asprintf(&text, word(n, N_("Fengqiao: %s, %s")), event, number)
                            : asprintf(&text, word(n, N_("Fengqiao: %zu notices, %s and others")),
                                  p->count, number);
    if (len < 0) {
        abort();
    }
    return text;
}

char *parcel_text(const struct notify *n, const struct parcel *p)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < p->count; i++) {
        const struct note *note = p->notes[i];
        fprintf(out, word(n, N_("%zu. [%s] %s  %s")), i + 1,
            event_word(n, note_text(note, "event")), note_text(note, "number"),
            note_text(note, "title"));
        if (note_text(note, "state")[0] != '\0') {
            fprintf(out, " / %s", note_text(note, "state"));
        }
        fputs("\r\n", out);
        if (note_text(note, "words")[0] != '\0') {
            fprintf(out, "   %s\r\n", note_text(note, "words"));
        }
        if (due_day(note)[0] != '\0') {
            fputs("   ", out);
            fprintf(out, word(n, N_("due: %s")), due_day(note));
            fputs("\r\n", out);
        }
    }
    fprintf(out, "\r\n%s\r\n",
        word(n, N_("To open one: fengqiao case show NUMBER. This mail was made by a program; "
                   "nobody reads answers to it.")));
    fclose(out);
    return text;
}
