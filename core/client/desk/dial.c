/* client/desk/dial.c — see dial.h. The two sides share one struct; whoever leaves last frees it. */
#include "client/desk/dial.h"

#include "base/memory.h"
#include "client/link.h"
#include "io/tls.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_MS = 10000 };

struct dial {
    char *server;            /* owned */
    struct tls_trust *trust; /* shared; may be NULL */
    struct link *link;
    struct err err; /* why there is none */
    int ready[2];
    atomic_int users;
};

static void leave(struct dial *d)
{
    if (atomic_fetch_sub(&d->users, 1) == 1) {
        link_close(d->link);
        close(d->ready[0]);
        close(d->ready[1]);
        err_clear(&d->err);
        tls_trust_free(d->trust);
        mem_free(d->server);
        mem_free(d);
    }
}

static void *run(void *arg)
{
    struct dial *d = arg;
    d->link = link_open(d->server, d->trust, CONNECT_MS, &d->err);
    ssize_t told = write(d->ready[1], "", 1);
    (void)told; /* nobody reads any more: abandoned */
    leave(d);
    return NULL;
}

struct dial *dial_start(const char *server, struct tls_trust *trust)
{
    struct dial *d = mem_alloc(sizeof *d);
    d->server = mem_strdup(server);
    d->trust = tls_trust_share(trust);
    atomic_store(&d->users, 2);
    pthread_t thread;
    sigset_t all;
    sigset_t before;
    sigfillset(&all); /* signals are for the thread that draws */
    if (pipe2(d->ready, O_CLOEXEC) != 0) {
        d->ready[0] = d->ready[1] = -1;
    }
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = d->ready[0] >= 0 && pthread_create(&thread, NULL, run, d) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started) {
        pthread_detach(thread);
    } else {
        run(d); /* no thread: this once it is waited for */
    }
    return d;
}

int dial_fd(const struct dial *d)
{
    return d->ready[0];
}

struct link *dial_take(struct dial *d, struct err *err)
{
    struct link *link = d->link;
    d->link = NULL;
    *err = d->err;
    memset(&d->err, 0, sizeof d->err);
    leave(d);
    return link;
}

void dial_abandon(struct dial *d)
{
    if (d != NULL) {
        leave(d);
    }
}
