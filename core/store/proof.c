/* store/proof.c — see proof.h; the walks are in sqlite/proof.c. */
#include "store/proof.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/heads.h"
#include "store/sqlite/proof.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* No daemon has it, and no log waits beside it: then it can be read without a trace. */
static bool is_still(const char *path)
{
    struct stat st;
    char *log = mem_printf("%s-wal", path);
    bool alone = stat(log, &st) != 0 || st.st_size == 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    alone = alone && fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) == 0;
    if (fd >= 0) {
        close(fd);
    }
    mem_free(log);
    return alone;
}

json_t *proof_verify(
    const char *path, int flags, const char *heads, struct walk *walk, struct err *err)
{
    bool beside = (flags & PROOF_BESIDE_WRITER) != 0;
    struct heads *against = heads != NULL ? mem_alloc(sizeof *against) : NULL;
    json_t *out = NULL;
    struct db *db = NULL;
    if (against == NULL || heads_parse(heads, against, err)) {
        db = db_open_look(path, !beside && is_still(path), err);
    }
    if (db != NULL && (beside || db_sound(db, walk, err))) {
        out = db_proof(db, PROOF_CASES, against, NULL, walk, err);
    }
    db_close(db);
    mem_free(against);
    return out;
}

char *proof_heads(const char *path, int flags, int64_t now_ms, struct walk *walk, struct err *err)
{
    bool beside = (flags & PROOF_BESIDE_WRITER) != 0;
    struct heads *made = mem_alloc(sizeof *made);
    made->made_ms = now_ms;
    struct db *db = db_open_look(path, !beside && is_still(path), err);
    json_t *found = db == NULL ? NULL : db_proof(db, 0, NULL, made, walk, err);
    char *text = NULL;
    if (found != NULL && json_flag(found, "ok")) {
        text = heads_format(made);
    } else if (found != NULL) {
        char *words = proof_words(json_array_get(json_member(found, "bad"), 0));
        err_set(err, ERR_INTERNAL, _("the history is bad already: %s"), words);
        mem_free(words);
    }
    json_decref(found);
    db_close(db);
    mem_free(made);
    return text;
}

char *proof_words(const json_t *entry)
{
    struct buf b = {0};
    long long seq = json_number(entry, "seq", 0), until = json_number(entry, "until", 0);
    const char *number = json_text(entry, "number");
    if (json_object_get(entry, "case") != NULL) {
        char *id = mem_printf("id %lld", (long long)json_number(entry, "case", 0));
        buf_addf(&b, _("case %s, version %lld "), number != NULL ? number : id,
            (long long)json_number(entry, "version", 0));
        mem_free(id);
    }
    if (until > 0) {
        buf_addf(&b, _("events %lld to %lld "), seq, until);
    } else if (seq > 0) {
        buf_addf(&b, _("event %lld "), seq);
    } else if (json_object_get(entry, "id") != NULL) {
        buf_addf(&b, _("audit entry %lld "), (long long)json_number(entry, "id", 0));
    }
    buf_addf(&b, "— %s", json_text(entry, "problem"));
    return buf_take(&b);
}
