/* rpc/case_list.h — the three lists of cases: filtered, by words, and the desk. */
#ifndef FQ_RPC_CASE_LIST_H
#define FQ_RPC_CASE_LIST_H

struct call;

void case_list(struct call *c);
void case_search(struct call *c);
void inbox_list(struct call *c);

#endif
