/* sender.h — libcurl on the daemon's loop: its sockets are watched, its timeout is a timer, nothing
 * blocks and no thread of ours waits. */
#ifndef NOTIFY_SENDER_H
#define NOTIFY_SENDER_H

#include "fengqiao/host.h"

#include <curl/curl.h>
#include <stdbool.h>

struct sender; /* opaque */

/* How one transfer went: result is CURLE_OK or not, status the HTTP or SMTP code (0: none came),
 * retry_after_s what an HTTP server asked for. */
struct sent {
    CURLcode result;
    long status;
    curl_off_t retry_after_s;
    const char *words; /* of libcurl; no address in it */
};
typedef void (*sent_cb)(const struct sent *sent, void *ctx);

struct sender *sender_open(const struct fq_host *host);
void sender_free(struct sender *s); /* ends transfers without callbacks; accepts NULL */
/* A handle with the settings all transfers share. */
CURL *sender_easy(long timeout_ms);
/* Takes easy, list (CURLOPT_HTTPHEADER or MAIL_RCPT of it; may be NULL) and body; exactly one
 * callback, later. upload: the body is read by libcurl (mail), not copied by it. */
void sender_start(struct sender *s, CURL *easy, struct curl_slist *list, char *body, bool upload,
    sent_cb done, void *ctx);

#endif
