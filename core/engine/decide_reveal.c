/* engine/decide_reveal.c — somebody looks at what is masked. The event says who, what and why,
 * never the value: that is read from the case once the event is on the disk (reveal.c). */
#include "engine/decide.h"

#include "base/json.h"
#include "engine/reveal.h"

bool decide_reveal(struct decision *d, const struct command *c, struct err *err)
{
    const char *what = json_text(c->args, "what"), *reason = json_text(c->args, "reason");
    if (!decide_text(what, "what", err) || !decide_text(reason, "reason", err) ||
        !reveal_fits(d->engine, d->kase, d->actor, what, err)) {
        return false;
    }
    json_put_text(d->event, "what", what);
    json_put_text(d->event, "role", reveal_role(d->kase, what));
    json_put_text(d->event, "reason", reason);
    return true;
}
