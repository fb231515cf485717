/* domain/access_private.h — the rights, the table and the target of a question; shared by the
 * access_*.c files. */
#ifndef FQ_DOMAIN_ACCESS_PRIVATE_H
#define FQ_DOMAIN_ACCESS_PRIVATE_H

#include "base/lang.h"
#include "domain/access.h"

/* id, name, what it lets one do (msgid), local administrator has it, in a case it counts from every
 * body the case touches (else from its host only) */
#define RIGHT_LIST(X)                                                                              \
    X(RIGHT_CASE_OPEN, "case.open", N_("register cases"), false, true)                             \
    X(RIGHT_CASE_READ, "case.read", N_("read cases"), false, true)                                 \
    X(RIGHT_CASE_NOTE, "case.note", N_("add notes to cases"), false, true)                         \
    X(RIGHT_CASE_ASSIGN, "case.assign", N_("assign cases"), false, false)                          \
    X(RIGHT_CASE_CLAIM, "case.claim", N_("claim cases"), false, false)                             \
    X(RIGHT_CASE_CLASSIFY, "case.classify", N_("classify cases"), false, false)                    \
    X(RIGHT_CASE_PAUSE, "case.pause", N_("pause clocks"), false, false)                            \
    X(RIGHT_CASE_TASK, "case.task", N_("ask other bodies and answer what is asked"), false, false) \
    X(RIGHT_CASE_URGE, "case.urge", N_("urge those who handle a case"), false, true)               \
    X(RIGHT_CASE_LISTED, "case.listed", N_("put a case under listed supervision"), false, true)    \
    X(RIGHT_FLOW_READ, "flow.read", N_("read workflows"), true, false)                             \
    X(RIGHT_FLOW_DEPLOY, "flow.deploy", N_("deploy workflows"), true, false)                       \
    X(RIGHT_CALENDAR_READ, "calendar.read", N_("read calendars"), true, false)                     \
    X(RIGHT_CALENDAR_LOAD, "calendar.load", N_("load calendars"), true, false)                     \
    X(RIGHT_ORG_READ, "org.read", N_("read the organisation"), true, false)                        \
    X(RIGHT_USER_MANAGE, "user.manage", N_("manage accounts"), true, false)                        \
    X(RIGHT_REPORT_READ, "report.read", N_("read reports"), true, false)                           \
    X(RIGHT_EFFECTS_READ, "effects.read", N_("read effects"), true, false)                         \
    X(RIGHT_EFFECTS_RETRY, "effects.retry", N_("retry effects"), true, false)                      \
    X(RIGHT_EVENTS_READ, "events.read", N_("read the stream of events"), true, true)               \
    X(RIGHT_CLOCK_SET, "clock.set", N_("move the virtual clock"), true, false)                     \
    X(RIGHT_ADMIN_HEALTH, "admin.health", N_("read the daemon's health"), true, false)             \
    X(RIGHT_IMPORT_RUN, "import.run", N_("import cases"), true, false)                             \
    X(RIGHT_CASE_DOCUMENT, "case.document", N_("make documents of cases"), false, true)            \
    X(RIGHT_CASE_REVEAL, "case.reveal", N_("look at masked data"), false, false)                   \
    X(RIGHT_CASE_RECUSE, "case.recuse", N_("decide on recusals"), false, false)                    \
    X(RIGHT_CASE_PARTY, "case.party", N_("complete parties and registered data"), false, false)

enum right {
#define X(id, name, title, local_admin, touching) id,
    RIGHT_LIST(X)
#undef X
        RIGHT_COUNT,
    RIGHT_UNKNOWN = RIGHT_COUNT
};

struct right_row {
    const char *name, *title;
    bool local_admin, touching;
};
extern const struct right_row right_rows[RIGHT_COUNT];

enum right right_parse(const char *name);

enum scope { SCOPE_NONE, SCOPE_BODY, SCOPE_SUBTREE };

enum scope access_scope(const struct access *a, const char *role, enum right right);
const char *access_role_title(
    const struct access *a, const char *role); /* the name when untitled */

enum {
    ACCESS_BODIES_MAX = 64
}; /* host, supervisor, origin and that many participants: more hands
    * than a case ever passes through; later ones do not count */

/* Where a right must hold. No bodies and no place: anywhere, unless lost. */
struct access_target {
    const struct body *bodies[ACCESS_BODIES_MAX]; /* borrowed */
    size_t body_count;
    const struct place *place; /* may be NULL */
    bool lost;                 /* a case none of whose bodies is known any more */
    bool sealed; /* only offices in these very bodies count, no plugin, and none in `never` */
    const struct body *never; /* may be NULL */
};

/* Does an office in `holder` with this scope reach the target? */
bool access_covers(const struct body *holder, enum scope scope, const struct access_target *target);

/* Both set the error and return false. */
bool access_refuse(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct access_target *target, struct date d, struct err *err);
bool access_refuse_unseen(struct err *err);

#endif
