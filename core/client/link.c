/* client/link.c — see link.h. */
#include "client/link.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "client/trust.h"
#include "io/tls.h"
#include "wire/frame.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct link {
    int fd;
    struct frames in;
    struct tls *tls;   /* owned; NULL: plain */
    struct buf sealed; /* on its way out under tls */
    bool heard;        /* something came */
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void link_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = on_interrupt}; /* no SA_RESTART: poll must return */
    sigaction(SIGINT, &action, NULL);
}

bool link_interrupted(void)
{
    bool was = interrupted != 0;
    interrupted = 0;
    return was;
}

/* Waits until fd is ready for `events`; false when time is over or Ctrl-C was pressed. */
static bool wait_ready(int fd, short events, int timeout_ms, struct err *err)
{
    int64_t end_us = monotonic_us() + (int64_t)timeout_ms * 1000;
    for (;;) {
        int left = timeout_ms;
        if (timeout_ms >= 0) {
            int64_t ms = (end_us - monotonic_us() + 999) / 1000;
            left = ms > 0 ? (int)ms : 0;
        }
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, left);
        if (n > 0) {
            return true;
        }
        if (n == 0) {
            return err_set(err, ERR_OFFLINE, _("The server did not answer within %d seconds."),
                timeout_ms / 1000);
        }
        if (errno != EINTR || interrupted) {
            return err_set(err, ERR_OFFLINE, _("Interrupted."));
        }
    }
}

static int connect_to(const struct sockaddr *addr, socklen_t len, int timeout_ms)
{
    int fd = socket(addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (connect(fd, addr, len) != 0) {
        int failed = errno;
        socklen_t size = sizeof failed;
        if (failed == EINPROGRESS && wait_ready(fd, POLLOUT, timeout_ms, NULL)) {
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size);
        } else if (failed == EINPROGRESS) {
            failed = ETIMEDOUT;
        }
        if (failed != 0) {
            close(fd);
            errno = failed;
            return -1;
        }
    }
    return fd;
}

static int open_unix(const char *path, int timeout_ms, struct err *err)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof addr.sun_path) {
        err_set(err, ERR_PARAMS, _("The socket path is too long: %s"), path);
        return -1;
    }
    strcpy(addr.sun_path, path);
    return connect_to((struct sockaddr *)&addr, sizeof addr, timeout_ms);
}

/* "host:port" or "[address]:port"; the host is the caller's. NULL and ERR_PARAMS: neither. */
static char *host_of(const char *address, const char **port_out, struct err *err)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0') {
        err_set(err, ERR_PARAMS, _("“%s” is no server address."), address);
        err_hint(err, _("Write host:port, for example 127.0.0.1:7719, or unix:/path."));
        return NULL;
    }
    bool bracketed = address[0] == '[' && colon[-1] == ']';
    *port_out = colon + 1;
    return bracketed ? mem_strndup(address + 1, (size_t)(colon - address - 2))
                     : mem_strndup(address, (size_t)(colon - address));
}

static int open_tcp(const char *address, int timeout_ms, struct err *err)
{
    const char *port;
    char *host = host_of(address, &port, err);
    if (host == NULL) {
        return -1;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int problem = getaddrinfo(host, port, &hints, &found);
    mem_free(host);
    if (problem != 0) {
        err_set(err, ERR_OFFLINE, _("Server %s: %s"), address, gai_strerror(problem));
        return -1;
    }
    int fd = -1;
    for (struct addrinfo *a = found; a != NULL && fd < 0; a = a->ai_next) {
        fd = connect_to(a->ai_addr, a->ai_addrlen, timeout_ms);
    }
    freeaddrinfo(found);
    if (fd >= 0) {
        int on = 1; /* requests are small and each is waited for */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return fd;
}

static int open_address(const char *address, int timeout_ms, struct err *err)
{
    if (text_starts(address, "unix:")) {
        return open_unix(address + strlen("unix:"), timeout_ms, err);
    }
    bool schemed = text_starts(address, "tls://") || text_starts(address, "tcp://");
    return open_tcp(schemed ? address + strlen("tls://") : address, timeout_ms, err);
}

int link_fd(const struct link *l)
{
    return l->fd;
}

/* --- bytes, without waiting ------------------------------------------------------------------ */

bool link_push(struct link *l, struct buf *out)
{
    struct buf *wire = out;
    if (l->tls != NULL) {
        if (out->len > 0) {
            tls_write(l->tls, out->data, out->len, &l->sealed);
            buf_clear(out);
        }
        wire = &l->sealed;
    }
    while (wire->len > 0) {
        ssize_t n = send(l->fd, wire->data, wire->len, MSG_NOSIGNAL);
        if (n < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        buf_cut(wire, (size_t)n);
    }
    return true;
}

bool link_pushing(const struct link *l)
{
    return l->sealed.len > 0;
}

static enum link_pull gone(struct err *err, const char *why)
{
    err_set(err, ERR_OFFLINE, _("The connection broke: %s"), why);
    return LINK_GONE;
}

/* A TLS door answers plain text with an alert; no message begins so. */
static bool is_alert(const char *bytes, size_t len)
{
    return len >= 2 && bytes[0] == 0x15 && bytes[1] == 3;
}

static enum link_pull open_sealed(
    struct link *l, const char *bytes, size_t len, struct frames *in, struct err *err)
{
    struct buf plain = {0}, none = {0};
    enum tls_state now = tls_feed(l->tls, bytes, len, &plain, &l->sealed, err);
    if (plain.len > 0) {
        frames_feed(in, plain.data, plain.len);
    }
    buf_close(&plain);
    link_push(l, &none);
    return now == TLS_BROKEN ? LINK_GONE : LINK_CAME;
}

enum link_pull link_pull(struct link *l, struct frames *in, struct err *err)
{
    static _Thread_local char part[64 << 10];
    ssize_t n = recv(l->fd, part, sizeof part, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return LINK_NOTHING;
    }
    if (n < 0) {
        return gone(err, strerror(errno));
    }
    if (n == 0) {
        bool cut = l->tls != NULL && tls_state(l->tls) != TLS_ENDED;
        return gone(err, cut ? _("it was cut off") : _("the server closed it"));
    }
    bool first = !l->heard;
    l->heard = true;
    if (l->tls != NULL) {
        return open_sealed(l, part, (size_t)n, in, err);
    }
    if (first && is_alert(part, (size_t)n)) {
        err_set(err, ERR_CONFIG, "%s", _("This port speaks TLS."));
        err_hint(err, "%s", _("Write tls:// before the address: --server tls://HOST:PORT"));
        return LINK_GONE;
    }
    frames_feed(in, part, (size_t)n);
    return LINK_CAME;
}

/* --- opening and closing --------------------------------------------------------------------- */

/* Sends what is sealed and reads until the greeting is over. */
static bool greet(struct link *l, int timeout_ms, struct err *err)
{
    struct buf none = {0};
    struct err why = {0};
    open_sealed(l, NULL, 0, &l->in, &why);
    while (why.code == ERR_NONE && tls_state(l->tls) == TLS_GREETING) {
        short events = (short)(POLLIN | (link_pushing(l) ? POLLOUT : 0));
        if (!wait_ready(l->fd, events, timeout_ms, &why) || !link_push(l, &none)) {
            break;
        }
        link_pull(l, &l->in, &why);
    }
    if (tls_state(l->tls) == TLS_OPEN || tls_state(l->tls) == TLS_ENDED) {
        err_clear(&why);
        return true;
    }
    err_set(err, ERR_OFFLINE, _("No encrypted connection: %s"),
        why.message[0] != '\0' ? why.message : _("it was cut off"));
    err_clear(&why);
    return err_hint(err, "%s",
        _("Does this port speak TLS? The server's plain port is written without tls://."));
}

static bool secure(struct link *l, const char *address, const struct tls_trust *trust,
    int timeout_ms, struct err *err)
{
    const char *port;
    struct tls_peer peer;
    char *host = host_of(address, &port, err);
    assert(host != NULL && trust != NULL); /* it was connected to */
    l->tls = tls_connect(trust, host);
    bool ok = greet(l, timeout_ms, err);
    if (!ok) {
        tls_peer_read(l->tls, &peer);
        if (peer.problem != TLS_FINE) {
            trust_explain(&peer, host, err);
        }
    }
    mem_free(host);
    return ok;
}

struct link *link_open(
    const char *address, const struct tls_trust *trust, int timeout_ms, struct err *err)
{
    struct err why = {0};
    int fd = open_address(address, timeout_ms, &why);
    if (fd < 0) {
        int problem = errno;
        if (why.code == ERR_NONE) {
            err_set(&why, ERR_OFFLINE, _("No connection to %s: %s"), address, strerror(problem));
            err_hint(&why, _("Is the server running? Another one: --server or FENGQIAO_SERVER"));
        }
        if (err != NULL) {
            err_clear(err);
            *err = why;
        }
        return NULL;
    }
    struct link *l = mem_alloc(sizeof *l);
    l->fd = fd;
    frames_init(&l->in, LINK_BYTES_MAX, false);
    if (text_starts(address, "tls://") &&
        !secure(l, address + strlen("tls://"), trust, timeout_ms, err)) {
        link_close(l);
        return NULL;
    }
    return l;
}

void link_close(struct link *l)
{
    struct buf none = {0};
    if (l == NULL) {
        return;
    }
    if (l->tls != NULL) {
        tls_end(l->tls, &l->sealed);
        link_push(l, &none); /* as far as the socket takes it */
    }
    tls_free(l->tls);
    buf_close(&l->sealed);
    close(l->fd);
    frames_close(&l->in);
    mem_free(l);
}

/* --- messages, waited for -------------------------------------------------------------------- */

enum { SEND_TIMEOUT_MS = 30000 };

/* The line and its end leave together: sent one after the other, the end would wait for the
 * acknowledgement of the line (Nagle), 40 ms with every request. */
bool link_send(struct link *l, const char *line, size_t len, struct err *err)
{
    struct buf whole = {0};
    buf_add(&whole, line, len);
    buf_addc(&whole, '\n');
    bool ok = true;
    while (ok && (whole.len > 0 || link_pushing(l))) {
        if (!link_push(l, &whole)) {
            ok = err_set(err, ERR_OFFLINE, _("The connection broke: %s"), strerror(errno));
        } else if (whole.len > 0 || link_pushing(l)) {
            ok = wait_ready(l->fd, POLLOUT, SEND_TIMEOUT_MS, err);
        }
    }
    buf_close(&whole);
    return ok;
}

static bool read_more(struct link *l, int timeout_ms, struct err *err)
{
    return wait_ready(l->fd, POLLIN, timeout_ms, err) && link_pull(l, &l->in, err) != LINK_GONE;
}

json_t *link_receive(struct link *l, int timeout_ms, struct err *err)
{
    size_t len = 0;
    char *line = NULL;
    enum frame_kind kind;
    while ((kind = frames_next(&l->in, &line, &len)) == FRAME_MORE) {
        if (!read_more(l, timeout_ms, err)) {
            return NULL;
        }
    }
    json_error_t problem;
    /* An answer may be longer than a request; the link's own limit holds for it. */
    json_t *message =
        kind == FRAME_LINE ? json_loadb(line, len, JSON_REJECT_DUPLICATES, &problem) : NULL;
    if (!json_is_object(message)) {
        json_decref(message);
        err_set(err, ERR_PROTOCOL, _("The server's answer is no JSON-RPC message."));
        err_hint(err, _("Does another program listen at this address?"));
        return NULL;
    }
    return message;
}
