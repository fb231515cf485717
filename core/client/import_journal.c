/* client/import_journal.c — see import_journal.h. One JSON array per line: [row, next, case, body].
 */
#include "client/import_journal.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/home.h"

#include <stdlib.h>
#include <string.h>

char *import_journal_path(const char *server, const char *map_id)
{
    char hex[DIGEST_TEXT];
    char *name = mem_printf("%s\n%s", server, map_id);
    struct digest d = digest_of(name, strlen(name));
    mem_free(name);
    char *file = mem_printf("import/%.16s.jsonl", digest_hex(&d, hex));
    char *path = home_path(HOME_STATE, file);
    mem_free(file);
    return path;
}

json_t *import_journal_load(const char *path)
{
    json_t *done = json_object();
    char *text = home_read(path, NULL);
    char *rest = text;
    for (char *line; rest != NULL && (line = strsep(&rest, "\n")) != NULL;) {
        json_t *entry = json_parse(line, strlen(line), NULL); /* the last line may be cut */
        const char *row = json_string_value(json_array_get(entry, 0));
        if (row != NULL) {
            json_object_set_new(done, row,
                json_pack("{s:O?, s:O?, s:O?}", "next", json_array_get(entry, 1), "case",
                    json_array_get(entry, 2), "body", json_array_get(entry, 3)));
        }
        json_decref(entry);
    }
    mem_free(text);
    return done;
}

FILE *import_journal_open(const char *path)
{
    char *folder = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
    bool made = home_make(folder, NULL);
    mem_free(folder);
    return made ? fopen(path, "ae") : NULL;
}

void import_journal_done(FILE *journal, const struct import_row *row)
{
    if (journal != NULL) {
        json_t *entry =
            json_pack("[s, I, s?, s?]", row->id, (json_int_t)row->next + 1, row->number, row->body);
        char *line = json_compact(entry);
        fprintf(journal, "%s\n", line);
        free(line);
        json_decref(entry);
    }
}

void import_journal_close(FILE *journal)
{
    if (journal != NULL) {
        fclose(journal);
    }
}

size_t import_journal_apply(const json_t *done, const struct import_map *m, struct import_row *row)
{
    const json_t *entry = json_member(done, row->id);
    int64_t next = json_number(entry, "next", 0);
    if (next <= 0 || json_text(entry, "case") == NULL) {
        return 0;
    }
    row->number = mem_strdup(json_text(entry, "case"));
    row->body = mem_strdup(json_text(entry, "body"));
    row->next = (size_t)next;
    row->state = import_row_more(m, row) ? ROW_READY : ROW_DONE;
    return (size_t)next;
}
