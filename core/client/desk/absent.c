/* client/desk/absent.c — the command of a build without ncurses: it says so. */
#ifndef FQ_DESK
#include "client/cmd.h"

#include "base/lang.h"

bool cmd_desk(struct client *c, const struct args *a, struct err *err)
{
    (void)c;
    (void)a;
    err_set(err, ERR_METHOD, "%s", _("This build has no desk: it was made without ncurses."));
    return err_hint(err, _("The same by commands: fengqiao inbox, fengqiao case show NUMBER"));
}
#endif
