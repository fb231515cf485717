/* sender.c — the multi interface of libcurl between fq_host's watch and timers. */
#include "sender.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS_MAX = 4, /* a mail server of a district is a small one; the rest queues in curl */
    CONNECT_MS = 10000,
};

struct transfer {
    struct transfer *next;
    struct sender *sender;
    CURL *easy;
    struct curl_slist *list;
    char *body; /* owned */
    size_t length, read;
    sent_cb done;
    void *ctx;
};

struct sender {
    const struct fq_host *host;
    CURLM *multi;
    int64_t timer;
    struct transfer *transfers;
};

static void check_ended(struct sender *s);

/* --- what libcurl wants of the loop --------------------------------------------------------------
 */

static void on_socket(int fd, int events, void *ctx)
{
    struct sender *s = ctx;
    int action = (events & FQ_READABLE ? CURL_CSELECT_IN : 0) |
                 (events & FQ_WRITABLE ? CURL_CSELECT_OUT : 0);
    int running;
    curl_multi_socket_action(s->multi, fd, action, &running);
    check_ended(s);
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
    (void)easy;
    (void)socket_ctx;
    struct sender *s = ctx;
    int events = what == CURL_POLL_IN      ? FQ_READABLE
                 : what == CURL_POLL_OUT   ? FQ_WRITABLE
                 : what == CURL_POLL_INOUT ? FQ_READABLE | FQ_WRITABLE
                                           : 0;
    return s->host->watch(s->host, fd, events, on_socket, s) == FQ_OK ? 0 : -1;
}

static void on_timer(void *ctx)
{
    struct sender *s = ctx;
    int running;
    s->timer = 0;
    curl_multi_socket_action(s->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    check_ended(s);
}

static int want_timer(CURLM *multi, long timeout_ms, void *ctx)
{
    (void)multi;
    struct sender *s = ctx;
    s->host->timer_stop(s->host, s->timer);
    s->timer = timeout_ms < 0 ? 0 : s->host->timer_start(s->host, timeout_ms, on_timer, s);
    return 0;
}

/* --- transfers ---------------------------------------------------------------------------------
 */

static void transfer_free(struct transfer *t)
{
    struct transfer **at = &t->sender->transfers;
    while (*at != t) {
        at = &(*at)->next;
    }
    *at = t->next;
    curl_multi_remove_handle(t->sender->multi, t->easy);
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->list);
    free(t->body);
    t->sender->host->free(t->sender->host, t);
}

static void check_ended(struct sender *s)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(s->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        struct transfer *t = NULL;
        struct sent sent = {.result = message->data.result};
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &sent.status);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RETRY_AFTER, &sent.retry_after_s);
        sent.words = curl_easy_strerror(sent.result);
        sent_cb done = t->done;
        void *ctx = t->ctx;
        transfer_free(t);
        done(&sent, ctx);
    }
}

static size_t give_body(char *out, size_t size, size_t count, void *ctx)
{
    struct transfer *t = ctx;
    size_t room = size * count, left = t->length - t->read;
    size_t len = left < room ? left : room;
    memcpy(out, t->body + t->read, len);
    t->read += len;
    return len;
}

/* Mail servers may greet twice: libcurl asks to begin again. */
static int seek_body(void *ctx, curl_off_t offset, int origin)
{
    struct transfer *t = ctx;
    if (origin != SEEK_SET || offset < 0 || (size_t)offset > t->length) {
        return CURL_SEEKFUNC_CANTSEEK;
    }
    t->read = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t ignore_answer(char *data, size_t size, size_t count, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * count;
}

CURL *sender_easy(long timeout_ms)
{
    CURL *easy = curl_easy_init();
    if (easy == NULL) {
        abort(); /* out of memory */
    }
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* what is configured is what is spoken to */
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* a signed notice goes nowhere else */
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_answer);
    return easy;
}

void sender_start(struct sender *s, CURL *easy, struct curl_slist *list, char *body, bool upload,
    sent_cb done, void *ctx)
{
    struct transfer *t = s->host->alloc(s->host, sizeof(*t));
    *t = (struct transfer){.next = s->transfers,
        .sender = s,
        .easy = easy,
        .list = list,
        .body = body,
        .length = strlen(body),
        .done = done,
        .ctx = ctx};
    s->transfers = t;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
    if (upload) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, t);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_body);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, t);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->length);
    } else {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, t->body);
    }
    curl_multi_add_handle(s->multi, easy); /* asks for a timer; nothing happens before it */
}

/* --- life ------------------------------------------------------------------------------------ */

struct sender *sender_open(const struct fq_host *host)
{
    struct sender *s = host->alloc(host, sizeof(*s));
    s->host = host;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    s->multi = curl_multi_init();
    if (s->multi == NULL) {
        abort();
    }
    curl_multi_setopt(s->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
    curl_multi_setopt(s->multi, CURLMOPT_SOCKETDATA, s);
    curl_multi_setopt(s->multi, CURLMOPT_TIMERFUNCTION, want_timer);
    curl_multi_setopt(s->multi, CURLMOPT_TIMERDATA, s);
    curl_multi_setopt(s->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    return s;
}

void sender_free(struct sender *s)
{
    if (s == NULL) {
        return;
    }
    while (s->transfers != NULL) {
        transfer_free(s->transfers);
    }
    curl_multi_cleanup(s->multi);
    curl_global_cleanup();
    s->host->free(s->host, s);
}
