/* client/copies.c — see copies.h. A file's name is the digest of the key and the question, so that
 * the folder does not tell which cases were read; its age is the file's. */
#include "client/copies.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/number.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_CHARS = DIGEST_TEXT - 1 };

struct copies {
    char *folder; /* owned */
    struct seal_key key;
};

bool copies_allowed(const json_t *settings)
{
    const char *told = getenv("FENGQIAO_CACHE");
    if (told == NULL || *told == '\0') {
        told = json_text(settings, "cache");
    }
    return !text_equal(told, "off") && !text_equal(told, "0") &&
           !json_is_false(json_object_get(settings, "cache"));
}

char *copies_folder(const char *server, const char *user)
{
    char *who = mem_printf("%s\n%s", user != NULL ? user : "", server);
    struct digest d = digest_of(who, strlen(who));
    char hex[DIGEST_TEXT];
    digest_hex(&d, hex);
    char *name = mem_printf("cache/%.16s", hex);
    char *folder = home_path(HOME_DATA, name);
    mem_free(name);
    mem_free(who);
    return folder;
}

struct copies *copies_open(const char *folder, const struct seal_key *key)
{
    if (!home_make(folder, NULL)) {
        return NULL;
    }
    struct copies *s = mem_alloc(sizeof *s);
    s->folder = mem_strdup(folder);
    s->key = *key;
    return s;
}

void copies_free(struct copies *s)
{
    if (s != NULL) {
        mem_free(s->folder);
        memset(&s->key, 0, sizeof s->key);
        mem_free(s);
    }
}

/* The question in words: method and sorted parameters. Caller owns. */
static char *question(const char *method, const json_t *params, const char *number)
{
    json_t *bare = params != NULL ? json_copy((json_t *)params) : json_object();
    json_object_del(bare, "_meta");
    if (number != NULL) {
        json_put_text(bare, "case", number);
    }
    char *words = json_canonical(bare);
    char *text = mem_printf("%s %s", method, words);
    free(words);
    json_decref(bare);
    return text;
}

static void name_of(const struct copies *s, const char *asked, char out[DIGEST_TEXT])
{
    struct digest d = digest_of2(s->key.bytes, SEAL_KEY_SIZE, asked, strlen(asked));
    digest_hex(&d, out);
}

static int entries_only(const struct dirent *e)
{
    return strlen(e->d_name) == NAME_CHARS && e->d_name[0] != '.';
}

/* {"method","params","at_ms","answer"} of one file, or NULL; new reference. */
static json_t *read_entry(const struct copies *s, const char *name)
{
    char *path = mem_printf("%s/%s", s->folder, name);
    size_t len = 0;
    char *sealed = home_read(path, &len);
    mem_free(path);
    json_t *entry = NULL;
    if (sealed != NULL && len > SEAL_EXTRA) {
        char *plain = mem_alloc(len - SEAL_EXTRA + 1);
        if (seal_open(&s->key, name, (const uint8_t *)sealed, len, plain)) {
            entry = json_parse_own(plain);
        }
        mem_free(plain);
    }
    mem_free(sealed);
    return entry;
}

static bool write_entry(const struct copies *s, const char *name, const char *plain)
{
    size_t len = strlen(plain);
    uint8_t *sealed = mem_alloc(len + SEAL_EXTRA);
    seal_close(&s->key, name, plain, len, sealed);
    char *path = mem_printf("%s/%s", s->folder, name);
    bool ok = home_write(path, (const char *)sealed, len + SEAL_EXTRA, NULL);
    mem_free(path);
    mem_free(sealed);
    return ok;
}

struct kept {
    char *path; /* owned */
    int64_t at_ns;
    int64_t bytes;
};

static int newest_first(const void *a, const void *b)
{
    const struct kept *x = a;
    const struct kept *y = b;
    return x->at_ns < y->at_ns ? 1 : x->at_ns > y->at_ns ? -1 : strcmp(x->path, y->path);
}

/* Removes the oldest files above the limits, and temporary ones of crashed runs. */
static void tidy(const struct copies *s)
{
    struct dirent **names = NULL;
    int n = scandir(s->folder, &names, NULL, NULL);
    struct kept *all = mem_array(n > 0 ? (size_t)n : 1, sizeof *all);
    size_t count = 0;
    for (int i = 0; i < n; i++) {
        struct stat info;
        char *path = mem_printf("%s/%s", s->folder, names[i]->d_name);
        if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
            bool whole = entries_only(names[i]) != 0;
            all[count].at_ns =
                whole ? (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec : 0;
            all[count].bytes = (int64_t)info.st_size;
            all[count++].path = path;
        } else {
            mem_free(path);
        }
        free(names[i]);
    }
    free(names);
    qsort(all, count, sizeof *all, newest_first);
    int64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += all[i].bytes;
        if (i >= COPIES_ENTRIES_MAX || bytes > COPIES_BYTES_MAX || all[i].at_ns == 0) {
            unlink(all[i].path);
        }
        mem_free(all[i].path);
    }
    mem_free(all);
}

void copies_put(struct copies *s, const char *method, const json_t *params, const json_t *answer,
    int64_t now_ms)
{
    /* The number the server gave is the one to keep it under, however it was typed. */
    const char *typed = json_text(params, "case");
    const char *told = typed == NULL                         ? NULL
                       : json_text(answer, "number") != NULL ? json_text(answer, "number")
                                                             : json_text(answer, "case");
    char *number = told != NULL ? mem_strdup(told) : typed != NULL ? copies_number(s, typed) : NULL;
    char *asked = question(method, params, number);
    char name[DIGEST_TEXT];
    name_of(s, asked, name);
    json_t *bare = params != NULL ? json_copy((json_t *)params) : json_object();
    json_object_del(bare, "_meta");
    json_put_text(bare, "case", number);
    json_t *entry = json_pack("{s:s, s:o, s:I, s:O}", "method", method, "params", bare, "at_ms",
        (json_int_t)now_ms, "answer", answer);
    char *plain = json_compact(entry);
    json_decref(entry);
    if (strlen(plain) <= COPIES_ENTRY_BYTES && write_entry(s, name, plain)) {
        tidy(s);
    }
    free(plain);
    mem_free(asked);
    mem_free(number);
}

static json_t *answer_of(const struct copies *s, const char *asked, int64_t now_ms, int64_t *at_out)
{
    char name[DIGEST_TEXT];
    name_of(s, asked, name);
    json_t *entry = read_entry(s, name);
    int64_t at_ms = json_number(entry, "at_ms", 0);
    bool fresh = entry != NULL && now_ms - at_ms <= COPIES_DAYS * MS_PER_DAY;
    json_t *answer = fresh ? json_incref(json_member(entry, "answer")) : NULL;
    if (at_out != NULL) {
        *at_out = at_ms;
    }
    json_decref(entry);
    return answer;
}

json_t *copies_get(const struct copies *s, const char *method, const json_t *params, int64_t now_ms,
    int64_t *at_ms_out)
{
    char *asked = question(method, params, NULL);
    json_t *answer = answer_of(s, asked, now_ms, at_ms_out);
    mem_free(asked);
    const char *typed = json_text(params, "case");
    if (answer == NULL && typed != NULL) {
        char *number = copies_number(s, typed);
        asked = number != NULL ? question(method, params, number) : NULL;
        answer = asked != NULL ? answer_of(s, asked, now_ms, at_ms_out) : NULL;
        mem_free(asked);
        mem_free(number);
    }
    return answer;
}

json_t *copies_all(const struct copies *s, const char *method)
{
    struct dirent **names = NULL;
    int n = scandir(s->folder, &names, entries_only, NULL);
    json_t *all = json_array();
    for (int i = 0; i < n; i++) {
        json_t *entry = read_entry(s, names[i]->d_name);
        if (text_equal(json_text(entry, "method"), method)) {
            int64_t at_ms = json_number(entry, "at_ms", 0);
            size_t at = 0;
            while (at < json_array_size(all) &&
                   json_number(json_array_get(all, at), "at_ms", 0) >= at_ms) {
                at++;
            }
            json_array_insert(all, at, entry);
        }
        json_decref(entry);
        free(names[i]);
    }
    free(names);
    return all;
}

/* Is it the whole number (2), its tail or the id (1), or another case (0)? */
static int fits(const json_t *page, const char *typed)
{
    const char *number = json_text(page, "number");
    if (number == NULL) {
        return 0;
    }
    if (strcmp(number, typed) == 0) {
        return 2;
    }
    bool digits = typed[strspn(typed, "0123456789")] == '\0';
    const char *dash = strrchr(number, '-');
    bool serial = digits && dash != NULL && atoll(dash + 1) == atoll(typed);
    return serial || (!digits && text_ends(number, typed)) ||
           text_equal(json_text(page, "id"), typed);
}

char *copies_number(const struct copies *s, const char *typed)
{
    char *wanted = number_canonical(typed);
    json_t *all = copies_all(s, "case.get");
    const char *found = NULL;
    int best = *wanted != '\0' ? 0 : 3;
    bool unique = true;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *page = json_member(json_array_get(all, i), "answer");
        int fit = fits(page, wanted);
        if (fit > best || (fit > 0 && fit == best)) {
            unique = fit > best || text_equal(found, json_text(page, "number"));
            found = json_text(page, "number");
            best = fit;
        }
    }
    char *number = unique ? mem_strdup(found) : NULL;
    json_decref(all);
    mem_free(wanted);
    return number;
}

void copies_remove(const char *folder)
{
    struct dirent **names = NULL;
    int n = scandir(folder, &names, NULL, NULL);
    for (int i = 0; i < n; i++) {
        char *path = mem_printf("%s/%s", folder, names[i]->d_name);
        unlink(path);
        mem_free(path);
        free(names[i]);
    }
    free(names);
    rmdir(folder);
}
