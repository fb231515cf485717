/* hook.c — the webhook: JSON over HTTP, signed.
 *
 *   X-Fengqiao-Timestamp: 1764000000
 *   X-Fengqiao-Signature: sha256=<hex of HMAC-SHA256(secret, timestamp "." body)>
 *   X-Fengqiao-Delivery:  <effect id of the first item>-<count>
 *
 * The receiver computes the same, compares, and refuses old timestamps: so nobody else can write,
 * and what was overheard cannot be sent again later. Items carry their effect id for knowing
 * repeats. */
#include "notify.h"
#include "sender.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hook_sign(const char *secret, int64_t at_s, const char *body, char out[80])
{
    char *signed_text = NULL;
    int len = asprintf(&signed_text, "%lld.%s", (long long)at_s, body);
    if (len < 0) {
        abort();
    }
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_len = 0;
    bool good = HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)signed_text,
                    (size_t)len, mac, &mac_len) != NULL;
    free(signed_text);
    int at = snprintf(out, 80, "sha256=");
    for (unsigned i = 0; good && i < mac_len && at < 78; i++) {
        at += snprintf(out + at, 80 - (size_t)at, "%02x", mac[i]);
    }
    return good;
}

/* The receiver may be restarting, overloaded or behind a proxy that is: later. It understood and
 * said no, or sends us elsewhere: never. */
static enum outcome classify(const struct sent *sent)
{
    if (sent->result != CURLE_OK) {
        return sent->result == CURLE_URL_MALFORMAT || sent->result == CURLE_UNSUPPORTED_PROTOCOL
                   ? OUTCOME_NEVER
                   : OUTCOME_LATER;
    }
    if (sent->status >= 200 && sent->status < 300) {
        return OUTCOME_SENT;
    }
    bool later =
        sent->status == 408 || sent->status == 425 || sent->status == 429 || sent->status >= 500;
    return later ? OUTCOME_LATER : OUTCOME_NEVER;
}

static void on_sent(const struct sent *sent, void *ctx)
{
    enum { RETRY_AFTER_MAX_S = 24 * 3600 };
    char why[96];
    if (sent->result != CURLE_OK) {
        snprintf(why, sizeof(why), "%s", sent->words);
    } else {
        snprintf(why, sizeof(why), "HTTP %ld", sent->status);
    }
    curl_off_t after = sent->retry_after_s;
    after = after < 0 ? 0 : after > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : after;
    parcel_end(ctx, classify(sent), (int64_t)after * 1000, why);
}

void hook_send(struct parcel *p)
{
    struct notify *n = p->notify;
    char *body = parcel_json(n, p);
    int64_t at_s = n->host->now_ms(n->host) / 1000;
    char signature[80], line[160];
    hook_sign(n->secret, at_s, body, signature);
    struct curl_slist *headers =
        curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    snprintf(line, sizeof(line), "X-Fengqiao-Timestamp: %lld", (long long)at_s);
    headers = curl_slist_append(headers, line);
    snprintf(line, sizeof(line), "X-Fengqiao-Signature: %s", signature);
    headers = curl_slist_append(headers, line);
    snprintf(
        line, sizeof(line), "X-Fengqiao-Delivery: %lld-%zu", (long long)p->notes[0]->id, p->count);
    headers = curl_slist_append(headers, line);
    headers = curl_slist_append(headers, "Expect:");
    CURL *easy = sender_easy((long)n->host->option_number(n->host, "timeout"));
    curl_easy_setopt(easy, CURLOPT_URL, n->host->option_text(n->host, "webhook.url").data);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "fengqiao-notify/1");
    sender_start(n->sender, easy, headers, body, false, on_sent, p);
}
