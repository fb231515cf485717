/* notify.c — the plugin's table, its options, and its life. */
#include "disk.h"
#include "notify.h"
#include "sender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SECRET_MIN = 16, /* a shorter secret can be guessed */
    SECRET_MAX = 4096,
    BOOK_LINE_MAX = 1024,
    BOOK_LINES_MAX = 20000, /* a city has fewer officers; a larger file is another file */
};

static const struct fq_option options[] = {
    {.name = "state.dir",
        .kind = FQ_OPTION_TEXT,
        .required = 1,
        .help = N_("folder for the journal of what was sent; must exist")},
    {.name = "lang",
        .kind = FQ_OPTION_TEXT,
        .otherwise = "zh",
        .help = N_("language of the messages: zh or en")},
    {.name = "file.dir",
        .kind = FQ_OPTION_TEXT,
        .help = N_("writes each notice as a line of JSON into a file per day in this folder")},
    {.name = "smtp.url",
        .kind = FQ_OPTION_TEXT,
        .help = N_("mail server, such as smtp://mail.example:587 or smtps://mail.example")},
    {.name = "smtp.from", .kind = FQ_OPTION_TEXT, .help = N_("sender address of the mails")},
    {.name = "smtp.user", .kind = FQ_OPTION_TEXT, .help = N_("login at the mail server")},
    {.name = "smtp.password_file",
        .kind = FQ_OPTION_TEXT,
        .help = N_("file with the password of smtp.user, readable by the daemon only")},
    {.name = "smtp.tls",
        .kind = FQ_OPTION_TEXT,
        .otherwise = "required",
        .help = N_("encryption to the mail server: required, try or none")},
    {.name = "smtp.recipients",
        .kind = FQ_OPTION_MAP,
        .help = N_("addresses by user, role@body or body; \"*\" for everybody else")},
    {.name = "smtp.book",
        .kind = FQ_OPTION_TEXT,
        .help = N_("file with more addresses, one \"user,address\" a line")},
    {.name = "webhook.url",
        .kind = FQ_OPTION_TEXT,
        .help = N_("posts notices as signed JSON to this http or https address")},
    {.name = "webhook.secret_file",
        .kind = FQ_OPTION_TEXT,
        .help = N_("file with the secret that signs them, readable by the daemon only")},
    {.name = "digest.every",
        .kind = FQ_OPTION_SPAN,
        .otherwise = "10m",
        .min = 0,
        .max = 12 * 3600 * 1000,
        .help = N_("notices for one recipient are folded for so long; 0s: not at all")},
    {.name = "digest.max",
        .kind = FQ_OPTION_NUMBER,
        .otherwise = "50",
        .min = 1,
        .max = PARCEL_NOTES_MAX,
        .help = N_("so many notices are sent at once at the latest")},
    {.name = "timeout",
        .kind = FQ_OPTION_SPAN,
        .otherwise = "60s",
        .min = 1000,
        .max = 600000,
        .help = N_("a server that takes longer is tried again later")},
    {0},
};

/* For the administrator who starts the daemon: in the language of the daemon, not of the mails. */
static const char *said(const struct notify *n, const char *msgid) __attribute__((format_arg(2)));
static const char *said(const struct notify *n, const char *msgid)
{
    return n->host->text(n->host, NULL, msgid);
}

static const char *option(const struct notify *n, const char *name)
{
    struct fq_text text = n->host->option_text(n->host, name);
    return text.len == 0 ? NULL : text.data;
}

/* The first line of a file only the daemon may read; owned by the caller. */
static char *read_secret(
    const struct notify *n, const char *path, size_t min, char *error, size_t size)
{
    struct stat st;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &st) != 0) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        if (file != NULL) {
            fclose(file);
        }
        return NULL;
    }
    char line[SECRET_MAX] = "";
    char *read = fgets(line, sizeof(line), file);
    fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    if (st.st_mode & (S_IROTH | S_IWOTH)) {
        snprintf(error, size, said(n, N_("%s: others may read this secret; chmod 600 it")), path);
        return NULL;
    }
    if (read == NULL || strlen(line) < min) {
        snprintf(error, size, said(n, N_("%s: needs at least %zu characters in its first line")),
            path, min);
        return NULL;
    }
    return strdup(line);
}

/* "user,address" lines; # begins a comment. */
static bool read_book(struct notify *n, const char *path, char *error, size_t size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    char line[BOOK_LINE_MAX];
    int number = 0;
    bool good = true;
    while (good && fgets(line, sizeof(line), file) != NULL) {
        number++;
        char *at = line;
        if (number == 1 && strncmp(at, "\xef\xbb\xbf", 3) == 0) {
            at += 3; /* spreadsheets write a byte order mark */
        }
        at[strcspn(at, "\r\n")] = '\0';
        char *comma = strchr(at, ',');
        if (at[0] == '#' || at[0] == '\0') {
            continue;
        }
        good =
            comma != NULL && comma > at && strchr(comma, '@') != NULL && number <= BOOK_LINES_MAX;
        if (good) {
            *comma = '\0';
            good = json_object_set_new(n->book, at, json_string(comma + 1)) == 0;
        }
    }
    fclose(file);
    if (!good) {
        snprintf(error, size, said(n, N_("%s, line %d: expected \"user,address\"")), path, number);
    }
    return good;
}

static bool open_mail(struct notify *n, char *error, size_t size)
{
    static const char *const modes[] = {"required", "try", "none"};
    const char *url = option(n, "smtp.url"), *from = option(n, "smtp.from");
    const char *tls = option(n, "smtp.tls"), *book = option(n, "smtp.book");
    const char *password = option(n, "smtp.password_file");
    bool known = false;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        known = known || (tls != NULL && strcmp(tls, modes[i]) == 0);
    }
    if (strncmp(url, "smtp://", 7) != 0 && strncmp(url, "smtps://", 8) != 0) {
        snprintf(error, size, "%s", said(n, N_("smtp.url must begin with smtp:// or smtps://")));
        return false;
    }
    if (!known) {
        snprintf(error, size, "%s", said(n, N_("smtp.tls must be required, try or none")));
        return false;
    }
    if (from == NULL || strchr(from, '@') == NULL || strpbrk(from, "\r\n<>") != NULL) {
        snprintf(error, size, "%s", said(n, N_("smtp.from must be a mail address")));
        return false;
    }
    if (book != NULL && !read_book(n, book, error, size)) {
        return false;
    }
    const char *recipients = option(n, "smtp.recipients");
    json_t *more = recipients == NULL ? NULL : json_loads(recipients, 0, NULL);
    json_object_update(n->book, more);
    json_decref(more);
    n->password = password == NULL ? NULL : read_secret(n, password, 1, error, size);
    return password == NULL || n->password != NULL;
}

static bool open_hook(struct notify *n, char *error, size_t size)
{
    const char *url = option(n, "webhook.url"), *secret = option(n, "webhook.secret_file");
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        snprintf(error, size, "%s", said(n, N_("webhook.url must begin with http:// or https://")));
        return false;
    }
    if (secret == NULL) {
        snprintf(error, size, "%s", said(n, N_("webhook.url needs webhook.secret_file")));
        return false;
    }
    n->secret = read_secret(n, secret, SECRET_MIN, error, size);
    return n->secret != NULL;
}

static bool open_channels(struct notify *n, char *error, size_t size)
{
    n->on[CHANNEL_FILE] = option(n, "file.dir") != NULL;
    n->on[CHANNEL_MAIL] = option(n, "smtp.url") != NULL;
    n->on[CHANNEL_HOOK] = option(n, "webhook.url") != NULL;
    const char *lang = option(n, "lang");
    bool english = lang != NULL && strcmp(lang, "en") == 0;
    if (!english && (lang == NULL || strcmp(lang, "zh") != 0)) {
        snprintf(error, size, "%s", said(n, N_("lang must be zh or en")));
        return false;
    }
    n->lang = english ? "en" : "zh";
    if (!n->on[CHANNEL_FILE] && !n->on[CHANNEL_MAIL] && !n->on[CHANNEL_HOOK]) {
        snprintf(
            error, size, "%s", said(n, N_("no channel: set file.dir, smtp.url or webhook.url")));
        return false;
    }
    if ((n->on[CHANNEL_MAIL] && !open_mail(n, error, size)) ||
        (n->on[CHANNEL_HOOK] && !open_hook(n, error, size))) {
        return false;
    }
    n->disk = disk_open(n->host, option(n, "state.dir"), option(n, "file.dir"), error, size);
    if (n->disk != NULL && (n->on[CHANNEL_MAIL] || n->on[CHANNEL_HOOK])) {
        n->sender = sender_open(n->host);
    }
    return n->disk != NULL;
}

static void notify_close(void *self)
{
    struct notify *n = self;
    n->closing = true;
    sender_free(n->sender);
    parcels_drop(n);
    disk_free(n->disk);
    json_decref(n->book);
    free(n->secret);
    free(n->password);
    n->host->free(n->host, n);
}

static int notify_open(const struct fq_host *host, void **self_out, char *error, size_t size)
{
    struct notify *n = host->alloc(host, sizeof(*n));
    n->host = host;
    n->book = json_object();
    n->digest_every_ms = host->option_number(host, "digest.every");
    n->digest_max = host->option_number(host, "digest.max");
    if (!open_channels(n, error, size)) {
        notify_close(n);
        return FQ_ERROR;
    }
    *self_out = n;
    return FQ_OK;
}

static int notify_handle_effect(void *self, const struct fq_effect *effect)
{
    struct notify *n = self;
    json_t *data = json_loadb(effect->data.data, effect->data.len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(data) || !json_is_string(json_object_get(data, "event"))) {
        json_decref(data);
        n->host->effect_failed(n->host, effect->id, word(n, N_("not a notice: no event in it")));
        return FQ_OK;
    }
    if (!json_is_string(json_object_get(data, "number")) && effect->number.len > 0) {
        json_object_set_new(data, "number", json_stringn(effect->number.data, effect->number.len));
    }
    notes_take(n, effect->id, data);
    return FQ_OK;
}

static int notify_flush(void *self, const struct fq_call *call)
{
    struct notify *n = self;
    char text[64];
    int len = snprintf(text, sizeof(text), "{\"flushed\":%zu}", n->note_count);
    parcels_flush(n);
    return n->host->call_reply(n->host, call->id, (struct fq_text){text, (size_t)len});
}

static const struct fq_method methods[] = {
    {.name = "notify.flush",
        .right = "effects.retry",
        .handle = notify_flush,
        .summary = N_("Sends folded notices now instead of at the end of their interval."),
        .example_result = "{\"flushed\":3}"},
    {0},
};

const struct fq_plugin fq_plugin = {
    .abi = FQ_ABI,
    .size = sizeof(struct fq_plugin),
    .name = "notify",
    .version = "1.0",
    .needs = (const char *const[]){"timer", "net", "work", "effect", "method", NULL},
    .options = options,
    .option_size = sizeof(options[0]),
    .methods = methods,
    .method_size = sizeof(methods[0]),
    .effects = (const char *const[]){"notify", NULL},
    .open = notify_open,
    .close = notify_close,
    .handle_effect = notify_handle_effect,
};
