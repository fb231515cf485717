/* store/sqlite/record.c — records that are no events: users, tokens, documents, effects, audit. */
#include "store/sqlite/db.h"

#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MAX = 2 };

/* Which statements a record runs, in order; args bind by name. SQL_COUNT ends the list. */
static const enum sql_statement record_statements[RECORD_COUNT][STATEMENTS_MAX] = {
    [RECORD_USER] = {SQL_USER_PUT, SQL_COUNT},
    [RECORD_TOKEN] = {SQL_TOKEN_INSERT, SQL_COUNT},
    [RECORD_TOKEN_USED] = {SQL_TOKEN_USED, SQL_COUNT},
    [RECORD_TOKEN_REVOKED] = {SQL_TOKEN_REVOKE, SQL_COUNT},
    [RECORD_FLOW] = {SQL_FLOW_RETIRE, SQL_FLOW_PUT},
    [RECORD_CALENDAR] = {SQL_CALENDAR_PUT, SQL_COUNT},
    [RECORD_ORG] = {SQL_ORG_PUT, SQL_COUNT},
    [RECORD_TERMS] = {SQL_TERMS_PUT, SQL_COUNT},
    [RECORD_EFFECT_DONE] = {SQL_EFFECT_DONE, SQL_COUNT},
    [RECORD_EFFECT_RETRY] = {SQL_EFFECT_RETRY, SQL_COUNT},
    [RECORD_EFFECT_FAILED] = {SQL_EFFECT_FAILED, SQL_COUNT},
    [RECORD_EFFECT_AGAIN] = {SQL_EFFECT_AGAIN, SQL_COUNT},
    [RECORD_AUDIT] = {SQL_COUNT, SQL_COUNT}, /* chained: write_audit */
};

/* The whole record is the chained text, so that actor and time cannot be changed unseen either. */
static bool write_audit(struct db *db, const json_t *args, struct err *err)
{
    char *line = json_canonical(args);
    struct digest hash = digest_of2(db->audit_head.bytes, DIGEST_SIZE, line, strlen(line));
    sqlite3_stmt *st = db_statement(db, SQL_AUDIT_INSERT);
    bind_members(st, args);
    bind_text(st, sqlite3_bind_parameter_index(st, ":line"), line);
    bind_digest(st, sqlite3_bind_parameter_index(st, ":hash"), &hash);
    bool ok = db_run(db, st, err);
    free(line);
    if (ok) {
        db->audit_head = hash; /* taken back by db_write when the transaction fails */
    }
    return ok;
}

bool db_write_record(struct db *db, const struct store_unit *u, struct err *err)
{
    assert(u->record < RECORD_COUNT);
    if (u->record == RECORD_AUDIT) {
        return write_audit(db, u->args, err);
    }
    const enum sql_statement *list = record_statements[u->record];
    for (size_t i = 0; i < STATEMENTS_MAX && list[i] != SQL_COUNT; i++) {
        if (!db_put(db, list[i], u->args, err)) {
            return false;
        }
    }
    return true;
}
