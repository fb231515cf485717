/* server/stop.c — the orderly end: nothing new is accepted, what was received is answered, what was
 * decided is written, and only then the loop stops. */
#include "server/server_private.h"

#include "base/log.h"
#include "io/loop.h"
#include "io/timer.h"
#include "server/notify.h"

/* Everything is answered and written; only peers may still be reading. */
static bool all_done(const struct server *s)
{
    return dispatch_open_calls(s->dispatch) == 0 && engine_idle(s->engine) &&
           store_backlog(s->store) == 0;
}

static void end(struct server *s)
{
    s->stopped = true;
    loop_stop(s->loop);
}

static void impatient(void *ctx)
{
    struct server *s = ctx;
    if (all_done(s)) { /* who does not read its last answers cannot make the end an unclean one */
        log_event(
            LOG_WARNING, "server", "stop_left", "connections=%zu", sessions_count(s->sessions));
        end(s);
        return;
    }
    log_event(LOG_ERROR, "server", "stop_cut", "connections=%zu calls=%zu",
        sessions_count(s->sessions), dispatch_open_calls(s->dispatch));
    stop_now(s);
}

void stop_begin(struct server *s)
{
    notify_send("STOPPING=1");
    log_event(LOG_INFO, "server", "stopping", "connections=%zu calls=%zu",
        sessions_count(s->sessions), dispatch_open_calls(s->dispatch));
    s->stopping = true;
    sessions_stop_listening(s->sessions);
    dispatch_shut(s->dispatch);
    service_stop(s->service);
    sessions_drain(s->sessions);
    s->patience = timer_open(s->loop, impatient, s);
    timer_once(s->patience, config_number(s->config, OPT_STOP));
}

void stop_now(struct server *s)
{
    s->exit_code = 1;
    end(s);
}

void stop_turn(struct server *s)
{
    if (s->stopping && !s->stopped && sessions_count(s->sessions) == 0 && all_done(s)) {
        end(s);
    }
}
