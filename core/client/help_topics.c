/* client/help_topics.c — help on topics that no single command owns. */
#include "client/help.h"

#include "base/lang.h"
#include "base/text.h"
#include "client/view.h"

#include <string.h>

static const struct topic {
    const char *name, *alias;
    const char *lines[12]; /* N_, ended by NULL */
} topics[] = {
    {"start", "入门",
        {N_("1. Log in: fengqiao login USER"), N_("2. What waits for you: fengqiao inbox"),
            N_("3. Look at a case: fengqiao case show NUMBER. 412, 26-412 and the full number all "
               "do."),
            N_("4. Do the next step: fengqiao case act NUMBER ACTION FIELD=VALUE"),
            N_("Several at once: fengqiao case act 26-1,26-2 ACTION; so do note, assign and "
               "claim."),
            N_("A long text stands in a file: FIELD=@FILE. Titles and ids of actions and fields "
               "both do."),
            N_("fengqiao shell keeps the connection, completes with Tab and remembers what you "
               "typed."),
            NULL}},
    {"deadlines", "时限",
        {N_("Red with ! is late, yellow with ! ends today or tomorrow; paused clocks say so."),
            N_("The date is the legal end. The handler is shown the last working day before it."),
            N_("fengqiao case why NUMBER says from which day it counts, by which law and which "
               "calendar."),
            N_("fengqiao calendar due START LENGTH answers for any period: 15d, 3wd, 1mon, 24h."),
            NULL}},
    {"offline", "离线",
        {N_("A change is written to the outbox before it is sent, and stays there until it was "
            "answered."),
            N_("Sending it again is safe: it carries a key, and the server does nothing twice."),
            N_("The next command sends what waits; fengqiao outbox send does it at once."),
            N_("Without a line the inbox, lists and cases seen before are shown from a copy, with "
               "its "
               "time."),
            N_("Changes of one case go in their order; behind a refused one the later ones wait "
               "for "
               "you."),
            N_("Decide about it: fengqiao outbox show 1, then outbox resolve 1 redo, edit or "
               "discard."),
            N_("Without any line: fengqiao outbox export FILE, and import it where there is one."),
            NULL}},
    {"exit-codes", "退出码",
        {N_("0 done · 1 nothing found (with --exit-code) · 64 wrong usage · 65 wrong data"),
            N_("66 not found · 69 refused by a rule · 70 fault of the server or a script"),
            N_("75 try again (offline, conflict, busy) · 76 protocol · 77 not permitted · 130 "
               "interrupted"),
            NULL}},
    {"formats", "格式",
        {N_("Tables are for people and may change. --json is for programs and does not."),
            N_("--json=number,due picks members. --plain is tab-separated with nothing cut."),
            N_("--csv opens in spreadsheets: UTF-8 with a byte order mark."),
            N_("Errors go to stderr; with --json they are JSON too: "
               "{\"error\":{kind,message,hint,exit}}."),
            NULL}},
    {"environment", "环境变量",
        {N_("FENGQIAO_SERVER the server, FENGQIAO_LANG zh or en, FENGQIAO_TOKEN a token instead of "
            "a login"),
            N_("FENGQIAO_PASSWORD the password for login (prefer --password-file)"),
            N_("FENGQIAO_CACHE=off keeps no copies to read offline (for shared computers)"),
            N_("NO_COLOR no colours, COLUMNS the width of tables"),
            N_("Settings file: $XDG_CONFIG_HOME/fengqiao/client.json with server, lang, flow, "
               "cache"),
            NULL}},
    {"keys", "快捷键",
        {N_("In the shell: Tab completes, ↑ ↓ walk through history, Ctrl-R searches it, Ctrl-D "
            "leaves."),
            N_("Ctrl-C ends what is running, not the shell. A dot stands for the case shown last."),
            NULL}},
};

bool help_topic(struct client *c, const char *name)
{
    bool list = strcmp(name, "topics") == 0 || strcmp(name, "主题") == 0;
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        const struct topic *t = &topics[i];
        if (list) {
            fprintf(c->out, "  %s  %s\n", t->name, t->alias);
        } else if (strcmp(t->name, name) == 0 || strcmp(t->alias, name) == 0) {
            view_head(c, lang_current() == LANG_ZH ? t->alias : t->name);
            for (size_t k = 0; t->lines[k] != NULL; k++) {
                view_text(c, _(t->lines[k]), 2);
            }
            return true;
        }
    }
    return list;
}
