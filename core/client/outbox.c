/* client/outbox.c — see outbox.h. */
#include "client/outbox.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct outbox {
    char *folder; /* owned */
};

static const char *const names[OUTBOX_FOLDERS] = {
    [OUTBOX_NEW] = "new",
    [OUTBOX_SENT] = "sent",
    [OUTBOX_CONFLICT] = "conflict",
    [OUTBOX_DRAFT] = "draft",
};

const char *outbox_folder_name(enum outbox_folder folder)
{
    return names[folder];
}

const char *outbox_path(const struct outbox *o)
{
    return o->folder;
}

bool outbox_is_key(const char *text)
{
    static const char pattern[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text == NULL || strlen(text) != strlen(pattern)) {
        return false;
    }
    for (size_t i = 0; pattern[i] != '\0'; i++) {
        bool hex = strchr("0123456789abcdef", text[i]) != NULL;
        if (pattern[i] == '-' ? text[i] != '-' : !hex) {
            return false;
        }
    }
    return true;
}

static char *file_path(const struct outbox *o, enum outbox_folder folder, const char *key)
{
    return mem_printf("%s/%s/%s", o->folder, names[folder], key);
}

struct outbox *outbox_open(const char *folder, struct err *err)
{
    struct outbox *o = mem_alloc(sizeof *o);
    o->folder = mem_strdup(folder);
    for (int i = 0; i < OUTBOX_FOLDERS; i++) {
        char *path = file_path(o, (enum outbox_folder)i, "");
        path[strlen(path) - 1] = '\0';
        bool ok = home_make(path, err);
        mem_free(path);
        if (!ok) {
            outbox_free(o);
            return NULL;
        }
    }
    return o;
}

void outbox_free(struct outbox *o)
{
    if (o != NULL) {
        mem_free(o->folder);
        mem_free(o);
    }
}

bool outbox_keep(
    struct outbox *o, enum outbox_folder folder, const char *key, const char *text, struct err *err)
{
    char *path = file_path(o, folder, key);
    bool ok = home_write(path, text, strlen(text), err);
    mem_free(path);
    return ok;
}

bool outbox_put(struct outbox *o, const char *key, const char *line, struct err *err)
{
    return outbox_keep(o, OUTBOX_NEW, key, line, err);
}

bool outbox_has(const struct outbox *o, enum outbox_folder folder, const char *key)
{
    char *path = file_path(o, folder, key);
    bool there = access(path, F_OK) == 0;
    mem_free(path);
    return there;
}

/* The request's line without line break, or NULL; caller owns. */
static char *read_request(
    const struct outbox *o, enum outbox_folder folder, const char *key, char **answer_out)
{
    char *path = file_path(o, folder, key);
    char *text = home_read(path, NULL);
    mem_free(path);
    if (text == NULL) {
        return NULL;
    }
    char *end = strchr(text, '\n');
    if (end != NULL) {
        *end = '\0';
        if (answer_out != NULL && end[1] != '\0') {
            *answer_out = mem_strdup(end + 1);
        }
    }
    return text;
}

bool outbox_discard(struct outbox *o, const char *key, enum outbox_folder from, struct err *err)
{
    char *path = file_path(o, from, key);
    /* Another process may have settled it already: gone is gone. */
    bool ok = home_remove(path, err);
    mem_free(path);
    return ok;
}

bool outbox_move(struct outbox *o, const char *key, enum outbox_folder from, enum outbox_folder to,
    const json_t *answer, struct err *err)
{
    char *line = read_request(o, from, key, NULL);
    if (line == NULL) {
        return err_set(err, ERR_NOT_FOUND, _("The outbox has no request %s."), key);
    }
    struct buf text = {0};
    buf_adds(&text, line);
    if (answer != NULL) {
        json_t *kept = json_copy((json_t *)answer);
        json_object_del(kept, "values"); /* what was revealed is read once and lies in no file */
        char *words = json_compact(kept);
        buf_addf(&text, "\n%s", words);
        free(words);
        json_decref(kept);
    }
    bool ok = outbox_keep(o, to, key, buf_text(&text), err) && outbox_discard(o, key, from, err);
    buf_close(&text);
    mem_free(line);
    return ok;
}

static int keys_only(const struct dirent *entry)
{
    return outbox_is_key(entry->d_name);
}

static json_t *entry_of(const struct outbox *o, enum outbox_folder folder, const char *key)
{
    char *answer = NULL;
    char *line = read_request(o, folder, key, &answer);
    json_t *request = line != NULL ? json_parse(line, strlen(line), NULL) : NULL;
    json_t *entry = json_object();
    json_put_text(entry, "key", key);
    if (json_is_object(request)) {
        json_put_text(entry, "line", line);
        json_object_set(entry, "request", request);
        json_t *parsed = answer != NULL ? json_parse_own(answer) : NULL;
        if (parsed != NULL) {
            json_object_set_new(entry, "answer", parsed);
        }
    } else {
        json_object_set_new(entry, "damaged", json_true());
    }
    json_decref(request);
    mem_free(answer);
    mem_free(line);
    return entry;
}

static int scan(const struct outbox *o, enum outbox_folder folder, struct dirent ***entries_out)
{
    char *path = file_path(o, folder, "");
    int n = scandir(path, entries_out, keys_only, alphasort);
    mem_free(path);
    return n;
}

json_t *outbox_list(const struct outbox *o, enum outbox_folder folder)
{
    struct dirent **entries = NULL;
    int n = scan(o, folder, &entries);
    json_t *list = json_array();
    for (int i = 0; i < n; i++) {
        json_array_append_new(list, entry_of(o, folder, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return list;
}

size_t outbox_count(const struct outbox *o, enum outbox_folder folder)
{
    struct dirent **entries = NULL;
    int n = scan(o, folder, &entries);
    for (int i = 0; i < n; i++) {
        free(entries[i]);
    }
    free(entries);
    return n > 0 ? (size_t)n : 0;
}

static void tidy_folder(const struct outbox *o, enum outbox_folder folder, int64_t before_ms)
{
    char *path = file_path(o, folder, "");
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        bool temporary = strstr(e->d_name, ".tmp") != NULL;
        char *file = file_path(o, folder, e->d_name);
        struct stat info;
        if ((temporary || (folder == OUTBOX_SENT && keys_only(e))) && stat(file, &info) == 0 &&
            (int64_t)info.st_mtim.tv_sec * MS_PER_SECOND < before_ms) {
            unlink(file);
        }
        mem_free(file);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    mem_free(path);
}

void outbox_tidy(struct outbox *o, int64_t now_ms)
{
    for (int i = 0; i < OUTBOX_FOLDERS; i++) {
        tidy_folder(o, (enum outbox_folder)i, now_ms - OUTBOX_KEEP_DAYS * MS_PER_DAY);
    }
}
