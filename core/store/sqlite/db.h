/* store/sqlite/db.h — inside of a connection: prepared statements, steps, transactions. */
#ifndef FQ_STORE_DB_H
#define FQ_STORE_DB_H

#include "store/sqlite/backend.h"
#include "store/sqlite/sql.h"

#include <sqlite3.h>

struct db {
    sqlite3 *handle;
    sqlite3_stmt *statements[SQL_COUNT];
    char *path;
    bool writer;
    bool looks;       /* any schema up to ours will do, and only the proof's statements are made */
    int lock_fd;      /* holds flock() on the file while the writer is open; -1 */
    bool distrusted;  /* an I/O error was seen: open anew and check before the next write */
    int wal_frames;   /* in the log after the last commit */
    int wal_copied;   /* … of these already in the database file */
    int64_t last_seq; /* of the last committed event */
    struct digest audit_head;
};

/* Opens path and prepares everything, without looking at what is in it. */
bool db_connect(struct db *db, struct err *err);
void db_disconnect(struct db *db);
bool db_script(struct db *db, enum sql_script script, struct err *err);
void db_rollback(struct db *db); /* does nothing when no transaction is open */
bool db_exec(struct db *db, const struct sql_text *text, struct err *err);
bool db_migrate(struct db *db, struct err *err);  /* fresh or older: to SCHEMA_VERSION */
bool db_identify(struct db *db, struct err *err); /* ours, and no newer than this program? */
bool db_quick_check(struct db *db, struct err *err);
bool db_read_heads(struct db *db, struct err *err); /* last_seq, audit_head */
/* Makes a distrusted writer trustworthy again, or refuses. */
bool db_reopen(struct db *db, struct err *err);

/* Sets err from the connection's last error, says false. Marks the connection distrusted when
 * what is in memory may differ from the disk. */
bool db_failed(struct db *db, struct err *err);

/* The statement, reset and without bindings. */
sqlite3_stmt *db_statement(struct db *db, enum sql_statement which);
/* Runs to the end (rows are dropped) and resets. */
bool db_run(struct db *db, sqlite3_stmt *st, struct err *err);
enum row { ROW_NONE, ROW_THERE, ROW_FAILED };
enum row db_step(struct db *db, sqlite3_stmt *st, struct err *err);

/* Bindings that keep no copy: the value must live until the statement is run. */
void bind_text(sqlite3_stmt *st, int at, const char *text); /* NULL binds NULL */
void bind_number(sqlite3_stmt *st, int at, int64_t number);
void bind_digest(sqlite3_stmt *st, int at, const struct digest *d);

/* rows.c: parameters from JSON members, rows as JSON objects (see the head of queries.sql). */
void bind_members(sqlite3_stmt *st, const json_t *args);
json_t *row_object(sqlite3_stmt *st);
/* All rows of the statement as an array; NULL with err. */
json_t *db_rows(struct db *db, enum sql_statement which, const json_t *args, struct err *err);
/* The first row, or JSON null. */
json_t *db_row(struct db *db, enum sql_statement which, const json_t *args, struct err *err);
/* Binds the members and runs. */
bool db_put(struct db *db, enum sql_statement which, const json_t *args, struct err *err);

/* record.c */
bool db_write_record(struct db *db, const struct store_unit *u, struct err *err);

/* number.c: "羊调26-0001" -> "羊调/26", 1. Without a serial: the whole, 0. */
struct case_number {
    char *series; /* owned */
    int64_t serial;
};
struct case_number case_number_parse(const char *number);
/* The end of a number, "26-1", "0001": false when it cannot be one. */
bool case_number_tail(const char *text, struct case_number *tail_out);

/* withdraw.c: effects that were not delivered and will not be. *all_out: none of them was. */
bool db_withdrawable(struct db *db, const json_t *ids, bool *all_out, struct err *err);
bool db_withdraw(struct db *db, const json_t *ids, int64_t at_ms, struct err *err);

/* The parts of db_ask that need more than one statement. */
json_t *ask_case(struct db *db, const json_t *args, struct err *err);
json_t *ask_cases(struct db *db, const json_t *args, struct err *err);
json_t *ask_inbox(struct db *db, const json_t *args, struct err *err);
json_t *ask_search(struct db *db, const json_t *args, struct err *err);
json_t *ask_replay(struct db *db, const json_t *args, struct err *err);
json_t *ask_verify(struct db *db, const json_t *args, struct err *err);
json_t *ask_lineage(struct db *db, const json_t *args, struct err *err); /* matches.c */
json_t *ask_matches(struct db *db, const json_t *args, struct err *err); /* matches.c */
json_t *ask_report(struct db *db, const json_t *args, struct err *err);

#endif
