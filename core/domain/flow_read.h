/* domain/flow_read.h — what the files that compile a flow share. Not for other rooms. */
#ifndef FQ_DOMAIN_FLOW_READ_H
#define FQ_DOMAIN_FLOW_READ_H

#include "domain/docread.h"
#include "domain/flow.h"

typedef void (*flow_read_fn)(struct docread *r, const json_t *doc, void *out);

/* Reads a list of objects into an owned array. With a name the path says "clocks.handle", else
 * "warn[2]". */
void *flow_read_list(struct docread *r, const json_t *owner, const char *member, size_t size,
    size_t *count_out, flow_read_fn read);
void flow_read_target(struct docread *r, const json_t *doc, void *out); /* struct flow_target */
/* The member is a target; absent leaves *t at TO_HOST. */
bool flow_read_member_target(
    struct docread *r, const json_t *doc, const char *member, struct flow_target *t);
void flow_read_step(struct docread *r, const json_t *doc, void *out); /* struct flow_step */
struct flow_outcome *flow_read_outcomes(
    struct docread *r, const json_t *owner, const char *member, size_t *count_out);
void flow_outcomes_free(struct flow_outcome *outcomes, size_t count);
void flow_clock_close(struct flow_clock *k);

/* flow_tasks.c */
void flow_read_task(struct docread *r, const json_t *doc, void *out); /* struct flow_task */
void flow_read_state_tasks(struct docread *r, const json_t *doc, struct flow_state *s);
void flow_task_free(struct flow_task *t); /* of a state; accepts NULL */
void flow_tasks_free(struct flow *f);

/* flow_links.c: the member "hand_over" of an action; NULL when absent. */
struct flow_hand_over *flow_read_hand_over(struct docread *r, const json_t *action);
void flow_hand_over_free(struct flow_hand_over *h); /* accepts NULL */

#endif
