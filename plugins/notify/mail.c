/* mail.c — one parcel as one mail over SMTP. */
#include "notify.h"
#include "sender.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BASE64_IN = 57, /* bytes that make a line of 76 characters (RFC 2045) */
    WORD_IN = 42,   /* bytes of an encoded word: below the 75 characters of RFC 2047 */
};

static void put_base64(FILE *out, const char *data, size_t len)
{
    unsigned char text[4 * (BASE64_IN / 3 + 1) + 1];
    EVP_EncodeBlock(text, (const unsigned char *)data, (int)len);
    fputs((const char *)text, out);
}

/* Not inside a UTF-8 character. */
static size_t whole_chars(const char *text, size_t len, size_t most)
{
    size_t cut = len < most ? len : most;
    while (cut > 0 && cut < len && ((unsigned char)text[cut] & 0xc0) == 0x80) {
        cut--;
    }
    return cut == 0 ? (len < most ? len : most) : cut;
}

static void put_subject(FILE *out, const char *subject)
{
    fputs("Subject:", out);
    size_t len = strlen(subject);
    while (len > 0) {
        size_t part = whole_chars(subject, len, WORD_IN);
        fputs(" =?UTF-8?B?", out);
        put_base64(out, subject, part);
        fputs("?=\r\n", out);
        subject += part;
        len -= part;
    }
}

static void put_body(FILE *out, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        size_t part = len < BASE64_IN ? len : BASE64_IN;
        put_base64(out, text, part);
        fputs("\r\n", out);
        text += part;
        len -= part;
    }
}

static void put_date(FILE *out, int64_t now_ms)
{
    /* Not strftime: the names of days and months are English whatever the locale. */
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t local = (time_t)(now_ms / 1000) + 8 * 3600;
    struct tm tm;
    gmtime_r(&local, &tm);
    fprintf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0800\r\n", days + 3 * tm.tm_wday,
        tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static char *whole_mail(const struct notify *n, const struct parcel *p, const char *from)
{
    char *mail = NULL, *subject = parcel_subject(n, p), *text = parcel_text(n, p);
    size_t size = 0;
    FILE *out = open_memstream(&mail, &size);
    put_date(out, n->host->now_ms(n->host));
    fprintf(out, "From: <%s>\r\nTo: <%s>\r\n", from, p->address);
    /* The same parcel sent twice has the same id; mail systems may show it once. */
    fprintf(out, "Message-ID: <%lld-%zu.%s>\r\n", (long long)p->notes[0]->id, p->count, from);
    put_subject(out, subject);
    fputs("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
          "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n",
        out);
    put_body(out, text);
    fclose(out);
    free(subject);
    free(text);
    return mail;
}

/* 5xx is the server's last word on this mail; but a refused login (53x) is a fault of the
 * configuration that somebody will repair, and everything else that went wrong may pass. */
static enum outcome classify(const struct sent *sent)
{
    if (sent->result == CURLE_OK) {
        return OUTCOME_SENT;
    }
    bool login = sent->result == CURLE_LOGIN_DENIED || (sent->status >= 530 && sent->status <= 539);
    return sent->status >= 500 && sent->status <= 599 && !login ? OUTCOME_NEVER : OUTCOME_LATER;
}

static void on_sent(const struct sent *sent, void *ctx)
{
    char why[128];
    if (sent->status >= 400) {
        snprintf(why, sizeof(why), "SMTP %ld", sent->status);
    } else {
        snprintf(why, sizeof(why), "%s", sent->words);
    }
    parcel_end(ctx, classify(sent), 0, why);
}

static long tls_level(const char *mode)
{
    return strcmp(mode, "none") == 0  ? CURLUSESSL_NONE
           : strcmp(mode, "try") == 0 ? CURLUSESSL_TRY
                                      : CURLUSESSL_ALL;
}

void mail_send(struct parcel *p)
{
    struct notify *n = p->notify;
    const struct fq_host *host = n->host;
    const char *from = host->option_text(host, "smtp.from").data;
    struct fq_text user = host->option_text(host, "smtp.user");
    char address[320];
    CURL *easy = sender_easy((long)host->option_number(host, "timeout"));
    curl_easy_setopt(easy, CURLOPT_URL, host->option_text(host, "smtp.url").data);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_USE_SSL, tls_level(host->option_text(host, "smtp.tls").data));
    snprintf(address, sizeof(address), "<%s>", from);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, address);
    snprintf(address, sizeof(address), "<%s>", p->address);
    struct curl_slist *to = curl_slist_append(NULL, address);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
    if (user.len > 0 && n->password != NULL) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, user.data);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, n->password);
    }
    sender_start(n->sender, easy, to, whole_mail(n, p, from), true, on_sent, p);
}
