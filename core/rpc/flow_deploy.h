/* rpc/flow_deploy.h — putting a workflow into force: checked, tried by its own scenarios on a
 * worker, and held against the cases that are under way. */
#ifndef FQ_RPC_FLOW_DEPLOY_H
#define FQ_RPC_FLOW_DEPLOY_H

struct call;

/* The method flow.deploy; the key is new and the right was asked for. */
void flow_deploy_fresh(struct call *c);

#endif
