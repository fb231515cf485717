/* client/cmd.h — what the rows of the command table run; one file cmd_*.c per noun. */
#ifndef FQ_CLIENT_CMD_H
#define FQ_CLIENT_CMD_H

#include "client/client.h"

#define CMD_LIST(X)                                                                                \
    X(login)                                                                                       \
    X(logout)                                                                                      \
    X(whoami)                                                                                      \
    X(health)                                                                                      \
    X(clock)                                                                                       \
    X(rpc)                                                                                         \
    X(subscribe)                                                                                   \
    X(inbox)                                                                                       \
    X(case_show)                                                                                   \
    X(case_list)                                                                                   \
    X(case_search)                                                                                 \
    X(case_can)                                                                                    \
    X(case_why)                                                                                    \
    X(case_timeline)                                                                               \
    X(case_verify)                                                                                 \
    X(case_open)                                                                                   \
    X(case_act)                                                                                    \
    X(case_note)                                                                                   \
    X(case_assign)                                                                                 \
    X(case_claim)                                                                                  \
    X(case_classify)                                                                               \
    X(case_pause)                                                                                  \
    X(case_undo)                                                                                   \
    X(case_lineage)                                                                                \
    X(case_where)                                                                                  \
    X(case_matches)                                                                                \
    X(case_link)                                                                                   \
    X(case_unlink)                                                                                 \
    X(case_ask)                                                                                    \
    X(case_answer)                                                                                 \
    X(case_return)                                                                                 \
    X(case_cancel)                                                                                 \
    X(case_urge)                                                                                   \
    X(case_attach)                                                                                 \
    X(case_files)                                                                                  \
    X(case_get)                                                                                    \
    X(case_detach)                                                                                 \
    X(case_reveal)                                                                                 \
    X(case_party)                                                                                  \
    X(case_correct)                                                                                \
    X(case_recuse)                                                                                 \
    X(case_import)                                                                                 \
    X(explain)                                                                                     \
    X(calendar_due)                                                                                \
    X(calendar_list)                                                                               \
    X(calendar_show)                                                                               \
    X(calendar_load)                                                                               \
    X(term_list)                                                                                   \
    X(term_load)                                                                                   \
    X(flow_list)                                                                                   \
    X(flow_show)                                                                                   \
    X(flow_deploy)                                                                                 \
    X(flow_check)                                                                                  \
    X(flow_test)                                                                                   \
    X(report_overview)                                                                             \
    X(org_places)                                                                                  \
    X(org_bodies)                                                                                  \
    X(org_members)                                                                                 \
    X(user_list)                                                                                   \
    X(user_passwd)                                                                                 \
    X(effects_list)                                                                                \
    X(effects_retry)                                                                               \
    X(outbox_list)                                                                                 \
    X(outbox_send)                                                                                 \
    X(outbox_show)                                                                                 \
    X(outbox_discard)                                                                              \
    X(outbox_resolve)                                                                              \
    X(outbox_export)                                                                               \
    X(outbox_import)                                                                               \
    X(server_backup)                                                                               \
    X(server_verify)                                                                               \
    X(server_heads)                                                                                \
    X(desk)                                                                                        \
    X(print)                                                                                       \
    X(shell)                                                                                       \
    X(complete)                                                                                    \
    X(completion)

#define X(name) bool cmd_##name(struct client *c, const struct args *a, struct err *err);
CMD_LIST(X)
#undef X

#endif
