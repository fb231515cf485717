/* parcel.c — from effects to notes, from notes to parcels, from their ends to answers. */
#include "disk.h"
#include "notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* The daemon hands out 256 effects at most before it waits for answers; sending everything a
     * little earlier keeps notices flowing when many recipients have few each. */
    HELD_MAX = 200,
    KEY_BYTES = 512,
    RECIPIENT_MAX = 256,
};

static void parcel_send(struct parcel *p);

/* --- notes -------------------------------------------------------------------------------------
 */

const char *note_text(const struct note *note, const char *key)
{
    const char *text = json_string_value(json_object_get(note->data, key));
    return text == NULL ? "" : text;
}

static bool is_urgent(const struct note *note)
{
    const char *event = note_text(note, "event");
    const json_t *due = json_object_get(note->data, "due");
    const char *colour = json_string_value(json_object_get(due, "colour"));
    return strcmp(event, "late") == 0 || strcmp(event, "escalated") == 0 ||
           strcmp(note_text(note, "mark"), "red") == 0 ||
           (colour != NULL && strcmp(colour, "red") == 0);
}

void note_key(const struct note *note, const struct parcel *p, char *out, size_t size)
{
    static const char *const names[] = {"file", "mail", "hook"};
    snprintf(out, size, "%lld %s%s%s", (long long)note->id, names[p->channel],
        p->recipient[0] == '\0' ? "" : " ", p->recipient);
}

static void note_free(struct notify *n, struct note *note)
{
    struct note **at = &n->notes;
    while (*at != note) {
        at = &(*at)->next;
    }
    *at = note->next;
    n->note_count--;
    json_decref(note->data);
    n->host->free(n->host, note);
}

static void note_why(struct note *note, const char *why)
{
    if (note->why[0] == '\0') {
        snprintf(note->why, sizeof(note->why), "%s", why);
    }
}

/* One part of it came to an end; the last one answers the effect. A part that may still go out
 * decides: the parts that did are in the journal, the hopeless ones show up at the end. */
static void note_settle(struct notify *n, struct note *note)
{
    if (--note->open > 0) {
        return;
    }
    if (!n->closing) {
        if (note->later) {
            n->host->effect_retry(n->host, note->id, note->delay_ms, note->why);
        } else if (note->never) {
            n->host->effect_failed(n->host, note->id, note->why);
        } else {
            n->host->effect_done(n->host, note->id);
        }
    }
    note_free(n, note);
}

/* --- parcels --------------------------------------------------------------------------------- */

static void parcel_free(struct parcel *p)
{
    struct notify *n = p->notify;
    struct parcel **at = &n->parcels;
    while (*at != p) {
        at = &(*at)->next;
    }
    *at = p->next;
    n->host->timer_stop(n->host, p->timer);
    free(p->recipient);
    free(p->address);
    n->host->free(n->host, p);
}

static struct parcel *parcel_for(
    struct notify *n, enum channel channel, const char *recipient, const char *address)
{
    struct parcel *p = n->parcels;
    while (p != NULL &&
           (p->under_way || p->channel != channel || strcmp(p->recipient, recipient) != 0)) {
        p = p->next;
    }
    if (p == NULL) {
        p = n->host->alloc(n->host, sizeof(*p));
        p->notify = n;
        p->channel = channel;
        p->recipient = strdup(recipient);
        p->address = address == NULL ? NULL : strdup(address);
        p->next = n->parcels;
        n->parcels = p;
    }
    return p;
}

static void on_old_enough(void *ctx)
{
    struct parcel *p = ctx;
    p->timer = 0;
    parcel_send(p);
}

static void add_to_parcel(struct notify *n, struct note *note, enum channel channel,
    const char *recipient, const char *address)
{
    struct parcel *p = parcel_for(n, channel, recipient, address);
    char key[KEY_BYTES];
    note_key(note, p, key, sizeof(key));
    if (disk_knows(n->disk, key)) { /* sent already, before a crash or an earlier attempt */
        if (p->count == 0) {
            parcel_free(p);
        }
        return;
    }
    p->notes[p->count++] = note;
    note->open++;
    if (p->count >= PARCEL_NOTES_MAX || (int64_t)p->count >= n->digest_max) {
        parcel_send(p);
        return;
    }
    /* A file needs no folding, and what is red does not wait: they go with the end of the turn, so
     * that what came together still goes together. */
    bool now = note->urgent || channel == CHANNEL_FILE;
    if (now || p->timer == 0) {
        n->host->timer_stop(n->host, p->timer);
        p->timer = n->host->timer_start(n->host, now ? 0 : n->digest_every_ms, on_old_enough, p);
    }
}

/* --- channels ----------------------------------------------------------------------------------
 */

static void on_file_written(const char *problem, void *ctx)
{
    struct parcel *p = ctx;
    parcel_end(p, problem == NULL ? OUTCOME_SENT : OUTCOME_LATER, 0, problem);
}

static void on_journal_written(const char *problem, void *ctx)
{
    (void)problem; /* logged; the notes went out all the same */
    struct parcel *p = ctx;
    for (size_t i = 0; i < p->count; i++) {
        note_settle(p->notify, p->notes[i]);
    }
    parcel_free(p);
}

static char *parcel_keys(const struct parcel *p)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < p->count; i++) {
        char key[KEY_BYTES];
        note_key(p->notes[i], p, key, sizeof(key));
        fprintf(out, "%s\n", key);
    }
    fclose(out);
    return text;
}

static void file_send(struct parcel *p)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < p->count; i++) {
        char *line = note_line(p->notify, p->notes[i]);
        fputs(line, out);
        free(line);
    }
    fclose(out);
    disk_write(p->notify->disk, text, parcel_keys(p), on_file_written, p);
}

static void parcel_send(struct parcel *p)
{
    static void (*const send[])(struct parcel *) = {
        [CHANNEL_FILE] = file_send, [CHANNEL_MAIL] = mail_send, [CHANNEL_HOOK] = hook_send};
    p->notify->host->timer_stop(p->notify->host, p->timer);
    p->timer = 0;
    p->under_way = true;
    send[p->channel](p);
}

void parcel_end(struct parcel *p, enum outcome outcome, int64_t delay_ms, const char *why)
{
    static const char *const names[] = {"file", "mail", "webhook"};
    struct notify *n = p->notify;
    if (outcome == OUTCOME_SENT && p->channel != CHANNEL_FILE) {
        disk_write(n->disk, NULL, parcel_keys(p), on_journal_written, p);
        return;
    }
    for (size_t i = 0; i < p->count; i++) {
        struct note *note = p->notes[i];
        if (outcome != OUTCOME_SENT) {
            char text[200];
            snprintf(text, sizeof(text), "%s%s%s: %s", names[p->channel],
                p->recipient[0] == '\0' ? "" : " ", p->recipient, why == NULL ? "?" : why);
            note_why(note, text);
            note->later = note->later || outcome == OUTCOME_LATER;
            note->never = note->never || outcome == OUTCOME_NEVER;
            note->delay_ms = delay_ms > note->delay_ms ? delay_ms : note->delay_ms;
        }
        note_settle(n, note);
    }
    parcel_free(p);
}

/* --- sorting --------------------------------------------------------------------------------- */

/* Names and addresses stand in mail headers and journal lines: nothing that could end those. */
static bool is_plain(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len < RECIPIENT_MAX && strpbrk(name, "\r\n<>") == NULL;
}

/* The address of a user or role@body: by its own name, its body, or "*"; NULL: none. */
static const char *address_of(const struct notify *n, const char *recipient)
{
    const char *at = strchr(recipient, '@');
    const char *names[] = {recipient, at == NULL ? "" : at + 1, "*"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *address = json_string_value(json_object_get(n->book, names[i]));
        if (address != NULL && strchr(address, '@') != NULL && is_plain(address)) {
            return address;
        }
    }
    return NULL;
}

static void sort_mail_to(struct notify *n, struct note *note, const char *recipient)
{
    const char *address = address_of(n, recipient);
    if (address != NULL) {
        add_to_parcel(n, note, CHANNEL_MAIL, recipient, address);
        return;
    }
    char why[200];
    snprintf(why, sizeof(why), word(n, N_("no mail address for %s")), recipient);
    note_why(note, why);
    note->never = true;
}

/* To each user named; to the office itself when nobody is. */
static void sort_mail(struct notify *n, struct note *note)
{
    const json_t *to = json_object_get(note->data, "to");
    size_t i, told = 0;
    json_t *user;
    json_array_foreach(json_object_get(to, "users"), i, user)
    {
        if (json_is_string(user) && is_plain(json_string_value(user))) {
            sort_mail_to(n, note, json_string_value(user));
            told++;
        }
    }
    if (told > 0) {
        return;
    }
    const char *role = json_string_value(json_object_get(to, "role"));
    const char *body = json_string_value(json_object_get(to, "body"));
    char office[RECIPIENT_MAX];
    snprintf(office, sizeof(office), "%s@%s", role == NULL ? "" : role, body == NULL ? "" : body);
    sort_mail_to(n, note, is_plain(office) ? office : "@");
}

void notes_take(struct notify *n, int64_t id, json_t *data)
{
    struct note *note = n->host->alloc(n->host, sizeof(*note));
    note->id = id;
    note->data = data;
    note->urgent = is_urgent(note);
    note->next = n->notes;
    n->notes = note;
    n->note_count++;
    note->open = 1; /* while it is being sorted */
    if (n->on[CHANNEL_FILE]) {
        add_to_parcel(n, note, CHANNEL_FILE, "", NULL);
    }
    if (n->on[CHANNEL_HOOK]) {
        add_to_parcel(n, note, CHANNEL_HOOK, "", NULL);
    }
    if (n->on[CHANNEL_MAIL]) {
        sort_mail(n, note);
    }
    note_settle(n, note);
    if (n->note_count >= HELD_MAX) {
        parcels_flush(n);
    }
}

void parcels_flush(struct notify *n)
{
    bool found = true;
    while (found) { /* sending changes the list */
        found = false;
        for (struct parcel *p = n->parcels; p != NULL && !found; p = p->next) {
            found = !p->under_way;
            if (found) {
                parcel_send(p);
            }
        }
    }
}

void parcels_drop(struct notify *n)
{
    while (n->parcels != NULL) {
        parcel_free(n->parcels);
    }
    while (n->notes != NULL) {
        note_free(n, n->notes);
    }
}
