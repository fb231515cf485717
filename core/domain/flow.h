/* domain/flow.h — a compiled workflow: what a script's tables say, as C structures.
 *
 * Made from a canonical document (JSON) that core/script produces; never changed afterwards.
 * The SHA-256 of the canonical document is the version; every event carries it. */
#ifndef FQ_DOMAIN_FLOW_H
#define FQ_DOMAIN_FLOW_H

#include "base/digest.h"
#include "domain/due.h"
#include "domain/term.h"

enum field_type {
    FIELD_TEXT,
    FIELD_CHOICE,
    FIELD_MONEY,
    FIELD_INTEGER,
    FIELD_DATE,
    FIELD_BOOL,
    FIELD_BODY,
    FIELD_PLACE,
};

struct flow_field {
    char *name, *title;
    enum field_type type;
    bool required;  /* at registration */
    bool open;      /* asked for at registration (default true) */
    int max_chars;  /* text: characters, default 2000; integer: the greatest value, 0: none */
    char **choices; /* NULL-terminated; choice only */
    char *secret;   /* role group that may read it; NULL: everyone who reads the case */
};

/* Where a role of the flow is looked for. */
enum flow_seat { AT_HOST, AT_PARENT, AT_SUPERVISOR, AT_ORIGIN, AT_REVIEW, AT_ANY };

struct flow_role {
    char *name, *title;
    enum flow_seat seat;
    char **members; /* membership roles that fill it; NULL-terminated */
};

/* Which body a case goes to. */
enum target_kind {
    TO_HOST,
    TO_PARENT,
    TO_ORIGIN,
    TO_REVIEW,
    TO_PREVIOUS,
    TO_KIND,   /* nearest body of kind at or above the place, level_min..level_max */
    TO_AGENCY, /* nearest body of agency likewise */
    TO_ROUTE,  /* by the flow's route table */
    TO_FIELD,  /* the body named in a form field */
    TO_COMMON, /* nearest common superior of the host and the body it disagrees with; of kind */
};

struct flow_target {
    enum target_kind kind;
    char *name; /* kind, agency or field; of TO_COMMON a kind or NULL */
    int level_min, level_max;
};

/* One thing that happens by itself. */
enum outcome_kind {
    DO_MARK,
    DO_UNMARK,
    DO_ESCALATE,  /* moves the case to target, old host stays participant */
    DO_SUPERVISE, /* target watches; the host keeps the case (督办) */
    DO_GO,        /* to a state */
    DO_NOTIFY, /* tell a role; name NULL: whoever must act now (assignee, else the state's role) */
    DO_EFFECT, /* named effect for a plugin */
};

struct flow_outcome {
    enum outcome_kind kind;
    char *name;                /* mark, state, role or effect; of an escalation NULL */
    struct flow_target target; /* escalate, supervise */
    char *unless;              /* field or mark that forbids it ("party_refused"); may be NULL */
    char *reason;              /* words kept in the history; may be NULL */
};

enum step_when { STEP_LEFT /* before the legal end */, STEP_LATE /* after it, or span after */ };

struct flow_step {
    enum step_when when;
    struct span span;              /* STEP_LATE with n 0: the moment it becomes late */
    char *name;                    /* "warn:7d" …; unique in its clock */
    struct flow_outcome *outcomes; /* owned */
    size_t outcome_count;
};

struct flow_pause {
    char *state, *reason; /* while the case is in this state the clock stands still */
};

struct flow_clock {
    char *name, *title;
    char *term; /* register id, or NULL with limit below */
    struct span limit;
    enum due_kind kind; /* of a limit */
    enum due_roll roll;
    char **from;          /* states whose entry starts it; NULL-terminated */
    char **to;            /* states whose entry ends it as met */
    char **drop;          /* states whose entry ends it unmet: the duty fell away */
    char *profile;        /* NULL: any */
    int level;            /* runs only while the case is at this level; -1: any */
    bool restart_on_host; /* starts anew when the host changes (level clocks) */
    char *start_field;    /* date field that is the start event instead of the act; may be NULL */
    char *guard;          /* starts only when this guard says true; may be NULL */
    bool right; /* a right of the parties: it lapses, is never late, and may outlive the case */
    struct flow_pause *pauses;
    size_t pause_count;
    struct span extension; /* n 0: not extendable */
    int extension_times;
    char *extension_by;      /* role */
    char *extension_consent; /* "parties" or NULL */
    struct flow_step *steps; /* owned, in order of time */
    size_t step_count;
};

/* Whose answers end joint handling. */
enum join_rule { JOIN_ALL, JOIN_LEAD, JOIN_QUORUM };

/* What other bodies are asked while a case stays in a state: by itself on entering it (joint
 * handling, 会办), or when somebody adds it (a discretionary task). The limit runs like any clock;
 * a limit of n 0 is none. */
struct flow_hand_over;
struct flow_task {
    char *name, *title;      /* of joint handling: "joint" */
    struct flow_clock clock; /* limit and steps; starts and ends with the task itself */
    struct flow_target *to;  /* owned; a discretionary task without one is given its body */
    size_t to_count;
    struct flow_target lead; /* joint handling: the body in charge (牵头) */
    bool has_lead;
    bool leads; /* of a discretionary task: whoever is asked is in charge (牵头) */
    bool stays; /* it is asked until the case ends, whatever state the case goes to */
    enum join_rule done;
    int quorum;  /* answers that suffice; JOIN_QUORUM */
    char *guard; /* joint handling happens only then; may be NULL */
    char **by;   /* roles that may add a discretionary task; NULL: whoever has the right */
    struct flow_hand_over *opens; /* owned; a sub-case is opened: its flow, to and carry */
};

struct flow_state {
    char *name, *title;
    bool initial, final;
    bool arrival;            /* where a case begins that another one was handed over to */
    bool called_off;         /* an end: of a sub-case nobody asks for any more */
    bool handling;           /* this level has the matter: not taken up elsewhere meanwhile */
    struct flow_task *joint; /* owned; NULL: nobody is asked by itself */
    char **adhoc;            /* discretionary tasks that may be added here; may be NULL */
    char *work;              /* role that must act; NULL in final states */
    char *keep;              /* retention in words; may be NULL */
    char *outcome;           /* recorded when a final state is entered; told to the case that handed
                              * this one over when any is; may be NULL */
};

struct flow_form_field {
    char *name;
    bool required;
};

enum action_kind {
    ACTION_MOVE,   /* from states to a state */
    ACTION_EXTEND, /* extends `clock` once, by the law's own limit */
};

/* A field of the linked case and the field of this one that fills it. */
struct flow_carry {
    char *to, *from;
};

/* What happens here when the linked case closed with this outcome. */
struct flow_ending {
    char *outcome; /* NULL: any other */
    struct flow_outcome *outcomes;
    size_t outcome_count;
};

/* The matter goes to another body as a case of its own; this case stays and hears of it. */
struct flow_hand_over {
    char *flow; /* id */
    struct flow_target to;
    struct flow_carry *carry;
    size_t carry_count;
    int max_hops; /* hand-overs the matter may have behind it, this one included */
    bool sealed;  /* nobody but the receiver learns its number and how it ends */
    struct flow_outcome *received, *returned; /* when the receiver signed for it, gave it back */
    size_t received_count, returned_count;
    struct flow_ending *closed;
    size_t closed_count;
};

/* An action of the receiver by which it answers a hand-over. */
enum flow_receipt { RECEIPT_NONE, RECEIPT_ACCEPT, RECEIPT_RETURN };

struct flow_action {
    char *name, *title;
    enum action_kind kind;
    char **from; /* states; NULL-terminated */
    char *to;    /* state; NULL: stays */
    char **by;   /* roles; NULL-terminated */
    struct flow_form_field *form;
    size_t form_count;
    bool reason;    /* a reason must be given */
    char *guard;    /* name in the script; may be NULL */
    char *hook;     /* name in the script; may be NULL */
    char *document; /* effect "document" with this template; may be NULL */
    char *profile;  /* only under this profile; NULL: any */
    bool reprofile; /* the profile is chosen anew by today's date (a new stage) */
    bool has_route;
    struct flow_target route; /* host changes to it */
    char **needs;             /* "joint" or tasks that must be answered first; may be NULL */
    char *clock;              /* ACTION_EXTEND */
    char *ground_field; /* choice field that holds the legal ground of a refusal; may be NULL */
    struct flow_hand_over *hand_over; /* owned; NULL: none */
    enum flow_receipt receipt;
    char *within; /* only as long as this clock is not late; may be NULL */
    bool takes;   /* takes the matter up: refused while a body at or below handles the same one */
};

struct flow_profile {
    char *id, *title;
    struct date from, to;
};

struct flow_route {
    char *category; /* prefix match on the case's category ("城乡建设/"); NULL: any */
    char *place;    /* place code whose subtree it is for; NULL: any */
    struct flow_target target;
};

/* Immediate jump at registration or when fields change (DOMAIN §2.f.2). */
struct flow_jump {
    char *name;
    char *guard; /* script function: true when it applies, and the reason */
    struct flow_target target;
    char *mark;   /* may be NULL */
    char *unless; /* field or mark that forbids the move, not the rest; may be NULL */
    char **asks;  /* tasks asked by themselves when it applies, once each; may be NULL */
};

/* While `field` is `is`, a case is sealed: shown to whoever it is assigned to, and to no one of the
 * body named in the field `never` (检举控告, DOMAIN §2.m). */
struct flow_seal {
    char *field;      /* NULL: cases of this flow are never sealed */
    char *is, *never; /* never may be NULL */
};

struct flow {
    char *id, *title, *track;
    int api;
    struct digest hash;
    char version[DIGEST_TEXT]; /* hash in hex */
    char *file;                /* where it came from; may be NULL */
    json_t *doc;               /* owned: the canonical document */
    int64_t undo_ms;           /* how long a person may take back what they did; 0: never */
    char *classify;            /* NULL, or "subject,text": fields whose words give the category */
    char **registers;          /* kinds of bodies whose people may register; NULL: any */
    struct flow_seal seal;
    struct flow_field *fields;
    size_t field_count;
    struct flow_role *roles;
    size_t role_count;
    struct flow_clock *clocks;
    size_t clock_count;
    struct flow_state *states;
    size_t state_count;
    struct flow_action *actions;
    size_t action_count;
    struct flow_task *tasks; /* discretionary ones */
    size_t task_count;
    struct flow_profile *profiles;
    size_t profile_count;
    struct flow_route *routes;
    size_t route_count;
    struct flow_jump *jumps;
    size_t jump_count;
    char **guards; /* names of the script's functions; NULL-terminated, never NULL */
    char **hooks;
};

/* Compiles a document (see flow_doc.md beside this file). NULL and ERR_FORM on a malformed one;
 * data.path tells the place in the document ("actions.accept.to"). Takes a reference of doc. */
struct flow *flow_compile(json_t *doc, struct err *err);
void flow_free(struct flow *f); /* accepts NULL */

/* Soundness. Returns diagnostics: [{id:"F001",level:"error|warning|info",path,message,hint,near}];
 * terms may be NULL (then term ids are not looked up). New reference; empty array when sound. */
json_t *flow_verify(const struct flow *f, const struct terms *terms);
/* What can only be judged beside the workflows it hands over to: does the target exist, can it
 * receive, has it the fields that are carried and the outcomes that are awaited? Same form. Not
 * complete: more workflows may come, so one that is missing is only a warning. */
json_t *flow_verify_links(
    const struct flow *f, const struct flow *const known[], size_t known_count, bool complete);
bool flow_diagnostics_fail(const json_t *diagnostics); /* any error in it? */

/* By name or title (a client may use either); NULL when absent. */
const struct flow_field *flow_field(const struct flow *f, const char *name);
const struct flow_state *flow_state(const struct flow *f, const char *name);
const struct flow_action *flow_action(const struct flow *f, const char *name);
const struct flow_clock *flow_clock(const struct flow *f, const char *name);
const struct flow_role *flow_role(const struct flow *f, const char *name);
const struct flow_task *flow_task(const struct flow *f, const char *name); /* discretionary */
const struct flow_state *flow_initial(const struct flow *f);
const struct flow_state *flow_called_off(const struct flow *f); /* NULL: there is no such end */
const struct flow_state *flow_arrival(const struct flow *f);    /* NULL: cannot be handed over to */
const struct flow_profile *flow_profile_on(const struct flow *f, struct date d); /* NULL: none */
/* "10 minutes", "2 hours" (up to a day), "never"; NULL: ten minutes. False when it is neither. */
bool flow_undo_parse(const char *text, int64_t *ms_out);
bool name_in(char *const *list, const char *name); /* list is NULL-terminated or NULL */

/* The name as documents and scripts write it. */
const char *field_type_name(
    enum field_type type); /* text choice money integer date flag body place */
const char *flow_seat_name(enum flow_seat seat);     /* host parent supervisor origin review any */
const char *target_kind_name(enum target_kind kind); /* host … agency routes field common */
const char *join_rule_name(enum join_rule rule);     /* all lead quorum */
const char *outcome_kind_name(
    enum outcome_kind kind); /* mark unmark escalate supervise go notify effect */
bool outcome_kind_parse(const char *name, enum outcome_kind *kind_out);
/* {"kind":"agency","name":"rsj","min":3,"max":3}: for hooks that name a target. The caller frees
 * with flow_target_close(). ERR_FORM when it is none. */
bool flow_target_parse(const json_t *doc, struct flow_target *target_out, struct err *err);
void flow_target_close(struct flow_target *t);

/* Money is kept as text with two decimals ("1234.50"), so that every reader shows it alike; texts
 * are accepted for every type, as a command line gives them ("12", "是", "2026-01-05").
 * The value as it is stored, or NULL and ERR_FORM with a problem in words. New reference. */
json_t *flow_field_value(const struct flow_field *field, const json_t *given, struct err *err);

#endif
