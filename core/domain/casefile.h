/* domain/casefile.h — one case as its events leave it. Derived: events are the truth, this can
 * always be rebuilt from them (engine/apply.c is the only writer). */
#ifndef FQ_DOMAIN_CASEFILE_H
#define FQ_DOMAIN_CASEFILE_H

#include "base/digest.h"
#include "domain/due.h"

struct buf;

enum clock_state {
    CLOCK_RUNNING,
    CLOCK_PAUSED,
    CLOCK_LATE, /* still running, past its legal end */
    CLOCK_MET,  /* ended by the act it waited for */
    CLOCK_CANCELLED,
};

/* Days of one running or ended clock. */
struct case_clock {
    char *name; /* in the flow */
    char *title;
    enum clock_state state;
    char *term; /* register id; NULL for a limit of the script's own */
    char *law;  /* may be NULL */
    int term_version;
    int64_t start_ms;
    struct span span;
    enum due_kind kind;
    enum due_roll roll;
    bool litigation, clear_days;
    bool right; /* of the parties: it lapses and presses nobody */
    struct span extension;
    int extended; /* times */
    struct exclusion excluded[DUE_EXCLUSIONS_MAX];
    size_t excluded_count;
    struct date paused_from; /* while CLOCK_PAUSED */
    struct due due;
    char *explain;    /* Chinese sentence kept with the date it explains */
    json_t *calendar; /* owned {"2020":2} */
    int step_next;    /* index of the flow clock's next step (warning, lateness) */
    int64_t wake_ms;  /* when that step is due; INT64_MAX: none */
    bool was_late;    /* ran past its legal end, whatever came after */
    int64_t ended_ms; /* 0 while it runs */
};

struct casefile {
    int64_t id;
    char *number;       /* 羊调26-0001 */
    char *flow;         /* flow id */
    char *flow_version; /* hash */
    char *profile;      /* may be NULL */
    char *state;
    char *host;       /* body id that must act */
    char *assignee;   /* user id; may be NULL */
    char *supervisor; /* body that watches (督办); may be NULL */
    char *origin;     /* body where it was registered */
    char *place;      /* place code where the matter arose */
    char *category;   /* from classification or the form; may be NULL */
    char *source;     /* 来访 来信 网上 12345 …; may be NULL */
    char *outcome;    /* set at the end; may be NULL */
    int level;    /* 0 grid … 4 city: level of the host or, once escalated, of the supervisor */
    int64_t root; /* the first case of its lineage; 0: it came from no other case */
    bool sealed;  /* what it says is for its assignee alone (engine/seal.h) */
    char *sealed_from;             /* body that must not learn of it (the accused's); may be NULL */
    int64_t version;               /* number of its last event */
    struct digest head;            /* hash of its last event */
    int64_t received_ms;           /* when the matter reached the body (occurred_at) */
    int64_t opened_ms;             /* when it was recorded */
    int64_t changed_ms, closed_ms; /* closed_ms 0 while open */
    int64_t acted_ms; /* when the act happened by which a person last moved it; 0: none */
    char *last_actor; /* user whose event is its last one; may be NULL */
    char *lasting;    /* why that event cannot be undone ("letter" …); may be NULL */
    /* Values below are shared between copies of a case: replaced, never changed in place. */
    json_t *fields;       /* owned object */
    json_t *parties;      /* owned array of objects {role,name,…} */
    json_t *participants; /* owned array of body ids: former hosts and helpers */
    json_t *marks;        /* owned array of names: "yellow" "red" … */
    /* Owned arrays of objects, each with an "id" that is unique in its list; written whole by the
     * ops "put" and "drop" (engine/apply.h). */
    json_t *links;     /* other cases: where it came from, what it became, the same matter */
    json_t *tasks;     /* requests to other bodies inside a state, and from above (督办) */
    json_t *files;     /* attachments, by content hash */
    json_t *documents; /* official documents made, with their numbers */
    json_t *recused;   /* people who must not handle it (回避); id is the user */
    struct case_clock *clocks; /* owned */
    size_t clock_count;
};

struct casefile *casefile_new(void);
void casefile_free(struct casefile *c);                   /* accepts NULL */
struct casefile *casefile_copy(const struct casefile *c); /* shares JSON values with it */

/* Whole record without `fields` (kept apart: long texts do not belong into a hot row). */
json_t *casefile_snapshot(const struct casefile *c);
/* The same as text, added to out: what is stored with every act, so no value is built for it. */
void casefile_write(const struct casefile *c, struct buf *out);
/* Takes nothing; fields is borrowed. NULL and ERR_INTERNAL when the snapshot is damaged. */
struct casefile *casefile_restore(const json_t *snapshot, const json_t *fields, struct err *err);

struct case_clock *casefile_clock(
    const struct casefile *c, const char *name); /* latest of that name */
struct case_clock *casefile_add_clock(struct casefile *c);
bool clock_is_open(const struct case_clock *k);     /* running, paused or late */
int64_t casefile_wake_ms(const struct casefile *c); /* earliest wake; INT64_MAX: none */
/* The open clock whose legal end comes first (max kinds before targets, running ones before those
 * that stand still); NULL: none. */
const struct case_clock *casefile_pressing_clock(const struct casefile *c);
const char *clock_state_name(enum clock_state s); /* running paused late met cancelled */
json_t *clock_json(const struct case_clock *k);   /* for people and scripts; new reference */

#endif
