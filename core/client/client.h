/* client/client.h — what one run of the client (or one shell) knows: options, server, login,
 * outbox. */
#ifndef FQ_CLIENT_CLIENT_H
#define FQ_CLIENT_CLIENT_H

#include "base/wallclock.h"
#include "client/args.h"
#include "client/copies.h"
#include "client/grid.h"
#include "client/link.h"
#include "client/outbox.h"

#include <stdio.h>

struct client {
    /* Options of the command at hand; the shell sets them anew for each line. */
    enum { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_PLAIN, OUTPUT_CSV } output;
    const char *json_fields; /* of --json=FIELDS; NULL: everything */
    bool json_refused;       /* one of them is no member of the result; said already */
    bool color;              /* on out */
    int width;               /* of the terminal; 0: no limit */
    bool no_input, dry_run;
    int64_t expect_version; /* 0: any */
    int timeout_ms;

    char *server;            /* owned */
    char *ca, *pin;          /* owned; for a tls:// server, see trust.h; NULL: not named */
    struct tls_trust *trust; /* owned; NULL until needed */
    json_t *config;          /* owned: client.json */
    json_t *login;           /* owned: {"token","user","name"}; NULL: not logged in */
    struct link *link;       /* NULL until needed, and after the connection broke */
    struct outbox *outbox;   /* NULL until needed */
    struct copies *copies;   /* what was seen, of c->login; NULL until needed, or not allowed */
    int64_t copy_at_ms;      /* what the command shows is a copy of that time; 0: it is not */
    bool pending_tried;      /* requests of earlier runs were sent or tried */
    struct wallclock clock;
    FILE *out;
    FILE *talk; /* what is said beside the data: stderr */
    bool in_shell;
    bool leave;          /* the shell's exit */
    int title_cells;     /* of the titles view_line() lines up; set by view_titles() */
    const char *command; /* path of the one that runs; NULL before it is known */
    int exit_code;       /* of a command that did not fail: 1 when nothing was found */
    char *last_case;     /* owned; "." stands for it */
};

void client_init(struct client *c);
void client_close(struct client *c);
/* Runs one command line (without the program's name); reports errors itself. The exit code. */
int client_run(struct client *c, const char *const words[], size_t count);
/* Says an error as people should hear it: what, a hint, and what to do next. */
void client_complain(struct client *c, const struct err *err);
bool client_interactive(const struct client *c); /* may it ask questions? */
/* Asks yes or no on the terminal; `otherwise` without one. */
bool client_confirm(struct client *c, const char *question, bool otherwise);
/* Asks for a line without echo; NULL when there is no terminal. Caller owns. */
char *client_ask_secret(const char *prompt);
void client_remember_case(struct client *c, const char *number);

#endif
