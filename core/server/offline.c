/* server/offline.c — see offline.h. */
#include "server/offline.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/wallclock.h"
#include "store/backup.h"
#include "store/backup_disk.h"
#include "store/proof.h"

enum { HEADS_BYTES_MAX = 1 << 20 };

static void print_verdict(const char *file, const json_t *found)
{
    printf(_("%s: %lld events of %lld cases, up to event %lld; %lld audit entries\n"), file,
        (long long)json_number(found, "events", 0), (long long)json_number(found, "cases", 0),
        (long long)json_number(found, "last_seq", 0), (long long)json_number(found, "audit", 0));
    if (json_object_get(found, "kept_seq") != NULL) {
        printf(_("compared with the heads kept at event %lld\n"),
            (long long)json_number(found, "kept_seq", 0));
    }
    size_t i;
    const json_t *entry;
    json_array_foreach(json_member(found, "bad"), i, entry)
    {
        char *words = proof_words(entry);
        printf("%s %s\n", i == 0 ? _("FIRST BAD:") : _("also bad:"), words);
        mem_free(words);
    }
    if (json_flag(found, "ok")) {
        puts(_("everything is as it was written"));
    } else {
        printf(_("%lld places are bad\n"), (long long)json_number(found, "bad_count", 0));
    }
}

int offline_verify(const struct config *c, const char *file, const char *heads, struct err *err)
{
    file = file != NULL ? file : config_text(c, OPT_DATABASE);
    char *kept = heads != NULL ? place_read(heads, HEADS_BYTES_MAX, err) : NULL;
    json_t *found = NULL;
    int code = 1;
    if (heads == NULL || kept != NULL) {
        found = proof_verify(file, 0, kept, NULL, err);
    }
    if (found != NULL) {
        print_verdict(file, found);
        code = json_flag(found, "ok") ? 0 : 1;
    }
    mem_free(kept);
    json_decref(found);
    return code;
}

bool offline_restore(const struct config *c, const char *folder, bool aside, struct err *err)
{
    char *files = config_files(c);
    struct restore r = {.folder = folder,
        .database = config_text(c, OPT_DATABASE),
        .files = files,
        .aside = aside,
        .now_ms = wallclock_now_ms(&(struct wallclock){0})};
    json_t *manifest = backup_restore(&r, NULL, err);
    if (manifest != NULL) {
        if (json_text(manifest, "aside") != NULL) {
            printf(_("what was there is kept as %s\n"), json_text(manifest, "aside"));
        }
        printf(_("%s: restored as of %s, up to event %lld; %lld cases, %zu attachments\n"),
            r.database, json_text(manifest, "made"),
            (long long)json_number(manifest, "last_seq", 0),
            (long long)json_number(manifest, "cases", 0),
            json_array_size(json_member(manifest, "files")) - 1);
        if (json_array_size(json_member(manifest, "missing")) > 0) {
            printf(_("%zu attachments were missing already when the backup was made\n"),
                json_array_size(json_member(manifest, "missing")));
        }
        puts(_("what was told to others after the backup is told again, under the same ids"));
    }
    json_decref(manifest);
    mem_free(files);
    return manifest != NULL;
}
