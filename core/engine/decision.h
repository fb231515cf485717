/* engine/decision.h — one command being decided: a working copy of the case and the changes
 * recorded so far. Every change is applied to the copy as it is recorded, by the same apply.c that
 * replays history, so a later rule sees what an earlier one did. Refused: the copy is thrown away,
 * nothing happened. */
#ifndef FQ_ENGINE_DECISION_H
#define FQ_ENGINE_DECISION_H

#include "base/buf.h"
#include "engine/engine_private.h"

struct decision {
    struct engine *engine;
    const struct flow_entry *entry;
    const struct actor *actor;
    struct casefile *kase; /* owned working copy */
    int64_t now_ms;        /* when it is recorded */
    int64_t at_ms;         /* when it happened; not after now_ms */
    const char *type;      /* of the event; a constant */
    json_t *event;         /* owned: members beside changes and effects */
    json_t *changes;       /* owned array */
    json_t *effects;       /* owned array */
    json_t *withdraw;      /* owned: ids of effects not to be delivered any more; may be NULL */
    const json_t *replay;  /* borrowed: what an undo is decided with (undo.h); else NULL */
    uint64_t stamp;        /* of the working copy as it stands: another after each change */
    bool fields_changed;
    bool letters;              /* it sends some */
    enum flow_receipt receipt; /* the act answers a hand-over */
    bool tasks_changed;        /* the bodies that are asked something are written anew */
    struct buf search;         /* words to be findable under this event */
    int moves;                 /* states entered; a script that chases its tail is stopped */
    int clocks_fired;
    int64_t behind_ms; /* of the clock that fired latest */
};

void decision_begin(
    struct decision *d, struct engine *e, const struct casefile *kase, const struct actor *actor);
void decision_end(struct decision *d); /* releases what was not taken */

/* Records a change and applies it; takes the reference. */
void decision_change(struct decision *d, json_t *change);
json_t *change_new(const char *op); /* {"op":op} */
/* Asks for an effect; takes data. */
void decision_effect(struct decision *d, const char *kind, json_t *data);
/* Tells whoever holds `role` in the flow: event is one of assigned warning late escalated … */
void decision_notify(struct decision *d, const char *role, const char *event, const char *words);
struct date decision_today(const struct decision *d);    /* of the act: what law, which days */
struct date decision_desk_day(const struct decision *d); /* of the record: who holds which office */

/* Enters a state: ends, starts, pauses and resumes clocks; closes in a final state. */
bool decision_enter(struct decision *d, const char *state, struct err *err);
/* Gives the case to another body; level and level clocks follow. */
void decision_move_host(struct decision *d, const struct body *to, const char *why);
void decision_set_fields(struct decision *d, json_t *values); /* takes; {} is fine */
/* Likewise, and the change keeps what they were; takes both. */
void decision_correct_fields(struct decision *d, json_t *values, json_t *was);
/* Puts an item {"id",…} into one of the lists of the case (links tasks files documents recused), or
 * over the one with its id; takes it. Drops the one with that id. */
void decision_put(struct decision *d, const char *list, json_t *item);
void decision_drop(struct decision *d, const char *list, const char *id);

#endif
