/* client/help.h — help made of the command table, and the topics beside it. */
#ifndef FQ_CLIENT_HELP_H
#define FQ_CLIENT_HELP_H

#include "client/client.h"

/* Of one command, of a group ("case"), or — both NULL — the short page with three examples. */
void help_print(struct client *c, const struct command *command, const char *group);
/* All commands in one list. */
void help_all(struct client *c);
/* A topic by its English or Chinese name; false when there is none. */
bool help_topic(struct client *c, const char *name);
bool cmd_help(struct client *c, const struct args *a, struct err *err);
bool cmd_version(struct client *c, const struct args *a, struct err *err);
/* The table as Markdown, for the README and the manual page. */
bool cmd_docs(struct client *c, const struct args *a, struct err *err);

#endif
