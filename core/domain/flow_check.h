/* domain/flow_check.h — what the files of flow_verify share. Not for other rooms. */
#ifndef FQ_DOMAIN_FLOW_CHECK_H
#define FQ_DOMAIN_FLOW_CHECK_H

#include "domain/flow.h"

struct flow_check {
    const struct flow *flow;
    const struct terms *terms; /* may be NULL */
    json_t *findings;
    char path[192];
};

enum flow_thing {
    THING_STATE,
    THING_ROLE,
    THING_FIELD,
    THING_CLOCK,
    THING_PROFILE,
    THING_GUARD,
    THING_HOOK,
    THING_TASK,
};

/* Adds a finding; its level follows from the id. Borrowed. */
json_t *flow_finding(struct flow_check *c, const char *id, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void flow_finding_near(json_t *finding, const char *near); /* near may be NULL */
const char *flow_path(struct flow_check *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3))); /* valid until the next call */
/* Does the flow have it? A finding with the nearest name when not; NULL counts as known. */
bool flow_known(struct flow_check *c, enum flow_thing thing, const char *name, const char *path);
/* The names in an outcome of a step. */
void flow_check_outcome(struct flow_check *c, const struct flow_outcome *o, const char *path);
void flow_check_outcome_target(struct flow_check *c, const struct flow_target *t, const char *path);

void flow_check_titles_of_actions(struct flow_check *c); /* flow_graph.c */
void flow_check_graph(struct flow_check *c);             /* flow_graph.c */
/* Is the term in the register? NULL, no finding, when it is not, or when there is none to look up.
 */
const struct term *flow_check_term(struct flow_check *c, const char *term, const char *path);
void flow_check_clocks(struct flow_check *c); /* flow_clocks.c */
void flow_check_tasks(struct flow_check *c);  /* flow_tasks.c */
void flow_check_links(struct flow_check *c);  /* flow_links.c */

#endif
