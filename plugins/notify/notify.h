/* notify.h — what the parts of the plugin share.
 *
 * An effect becomes a *note*. Each channel folds notes for one recipient into a *parcel*, and sends
 * it when it is full, old enough or urgent. A note is answered when its last parcel came to an
 * end: done, to be tried again, or failed. What went out is written to the journal first, so an
 * effect that comes again (after a crash, or because another channel failed) is not sent twice. */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "fengqiao/host.h"

#include <jansson.h>
#include <stdbool.h>

#define N_(msgid) msgid /* marks a text for translation; word() shows it */

enum channel { CHANNEL_FILE, CHANNEL_MAIL, CHANNEL_HOOK, CHANNEL_COUNT };

enum outcome {
    OUTCOME_SENT,
    OUTCOME_LATER, /* trying again may help */
    OUTCOME_NEVER, /* trying again is no use */
};

struct notify;
struct disk;
struct sender;

struct note {
    struct note *next;
    int64_t id;       /* of the effect */
    json_t *data;     /* owned */
    bool urgent;      /* late, escalated or red: not folded */
    size_t open;      /* parcels it lies in, and one while it is being sorted */
    bool later;       /* one of them is to be tried again */
    int64_t delay_ms; /* … not before that; 0: the daemon's own delay */
    char why[256];    /* the first reason of each kind wins */
    bool never;
};

enum { PARCEL_NOTES_MAX = 200 }; /* digest.max cannot be more */

struct parcel {
    struct parcel *next;
    struct notify *notify; /* borrowed */
    enum channel channel;
    char *recipient; /* owned: user or role@body; "" for file and hook */
    char *address;   /* owned: where a mail goes; NULL otherwise */
    struct note *notes[PARCEL_NOTES_MAX];
    size_t count;
    int64_t timer; /* until it is old enough; 0: none */
    bool under_way;
};

struct notify {
    const struct fq_host *host;
    const char *lang; /* "zh" or "en" */
    bool on[CHANNEL_COUNT];
    int64_t digest_every_ms, digest_max;
    struct note *notes;
    size_t note_count;
    struct parcel *parcels;
    struct disk *disk;
    struct sender *sender; /* NULL without mail and hook */
    json_t *book;          /* owned {recipient: address} */
    char *secret;          /* owned; of the hook */
    char *password;        /* owned; of the mail server; may be NULL */
    bool closing;
};

/* words.c: what people and machines read. All answers are owned by the caller (free). */
const char *word(const struct notify *n, const char *msgid) __attribute__((format_arg(2)));
const char *event_word(const struct notify *n, const char *event);
char *note_line(const struct notify *n, const struct note *note);  /* one line of JSON, with \n */
char *parcel_json(const struct notify *n, const struct parcel *p); /* body of the hook */
char *parcel_subject(const struct notify *n, const struct parcel *p);
char *parcel_text(const struct notify *n, const struct parcel *p); /* body of the mail */
const char *note_text(const struct note *note, const char *key);   /* never NULL */
void instant_words(int64_t ms, char out[32]);                      /* 2026-11-24T09:30:00+08:00 */

/* parcel.c */
void notes_take(struct notify *n, int64_t id, json_t *data); /* takes data */
void parcels_flush(struct notify *n);
void parcel_end(struct parcel *p, enum outcome outcome, int64_t delay_ms, const char *why);
void parcels_drop(struct notify *n); /* closing: answers nothing */
void note_key(const struct note *note, const struct parcel *p, char *out, size_t size);

/* mail.c, hook.c: hand the parcel to the sender; parcel_end() comes exactly once, later. */
void mail_send(struct parcel *p);
void hook_send(struct parcel *p);
bool hook_sign(const char *secret, int64_t at_s, const char *body, char out[80]); /* "sha256=…" */

#endif
