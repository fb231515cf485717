/* client/link.c — see link.h. */
#include "client/link.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "wire/frame.h"

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

static int open_tcp(const char *address, int timeout_ms, struct err *err)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0') {
        err_set(err, ERR_PARAMS, _("“%s” is no server address."), address);
        err_hint(err, _("Write host:port, for example 127.0.0.1:7719, or unix:/path."));
        return -1;
    }
    bool bracketed = address[0] == '[' && colon[-1] == ']';
    char *host = bracketed ? mem_strndup(address + 1, (size_t)(colon - address - 2))
                           : mem_strndup(address, (size_t)(colon - address));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int problem = getaddrinfo(host, colon + 1, &hints, &found);
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

struct link *link_open(const char *address, int timeout_ms, struct err *err)
{
    struct err why = {0};
    int fd;
    if (text_starts(address, "unix:")) {
        fd = open_unix(address + strlen("unix:"), timeout_ms, &why);
    } else if (text_starts(address, "tls://")) {
        fd = -1;
        err_set(&why, ERR_PARAMS, _("This build speaks plain TCP and UNIX sockets only."));
    } else {
        const char *plain = text_starts(address, "tcp://") ? address + strlen("tcp://") : address;
        fd = open_tcp(plain, timeout_ms, &why);
    }
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
    return l;
}

void link_close(struct link *l)
{
    if (l != NULL) {
        close(l->fd);
        frames_close(&l->in);
        mem_free(l);
    }
}

int link_fd(const struct link *l)
{
    return l->fd;
}

enum { SEND_TIMEOUT_MS = 30000 };

static bool send_whole(struct link *l, const char *data, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t n = send(l->fd, data, len, MSG_NOSIGNAL);
        if (n >= 0) {
            data += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN) {
            if (!wait_ready(l->fd, POLLOUT, SEND_TIMEOUT_MS, err)) {
                return false;
            }
        } else if (errno != EINTR) {
            return err_set(err, ERR_OFFLINE, _("The connection broke: %s"), strerror(errno));
        }
    }
    return true;
}

/* The line and its end leave together: sent one after the other, the end would wait for the
 * acknowledgement of the line (Nagle), 40 ms with every request. */
bool link_send(struct link *l, const char *line, size_t len, struct err *err)
{
    struct buf whole = {0};
    buf_add(&whole, line, len);
    buf_addc(&whole, '\n');
    bool ok = send_whole(l, whole.data, whole.len, err);
    buf_close(&whole);
    return ok;
}

static bool read_more(struct link *l, int timeout_ms, struct err *err)
{
    static _Thread_local char part[64 << 10];
    if (!wait_ready(l->fd, POLLIN, timeout_ms, err)) {
        return false;
    }
    ssize_t n = recv(l->fd, part, sizeof part, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return true;
    }
    if (n <= 0) {
        return err_set(err, ERR_OFFLINE, _("The connection broke: %s"),
            n == 0 ? _("the server closed it") : strerror(errno));
    }
    frames_feed(&l->in, part, (size_t)n);
    return true;
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
