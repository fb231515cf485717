/* store/sqlite/proof.h — walks over the whole history, in steps that each see one state. */
#ifndef FQ_STORE_SQLITE_PROOF_H
#define FQ_STORE_SQLITE_PROOF_H

#include "store/heads.h"
#include "store/sqlite/db.h"
#include "store/walk.h"

/* The chain of one case (verify.c). */
struct chain {
    struct digest head;
    int64_t version, seq, events;
    bool there, row;     /* anything of it; the case row */
    const char *problem; /* msgid; NULL: none */
    bool missing;        /* the problem: what bad_version names is not there */
    int64_t bad_version, bad_seq /* 0: not known */, sound_seq /* the last good one */;
};
/* Inside a transaction. False: it could not be read. */
bool db_chain(struct db *db, int64_t case_id, struct chain *c, struct err *err);

/* A connection that looks at a file of this or any older schema. still: nobody writes it, and
 * nothing is made beside it. */
struct db *db_open_look(const char *path, bool still, struct err *err);
/* Are the pages of the file sound? Stops with the walk. */
bool db_sound(struct db *db, struct walk *walk, struct err *err);

enum { PROOF_CASES = 1 /* each case's own chain too, not only the heads */ };
/* See proof_verify() in store/proof.h. against and made may be NULL. */
json_t *db_proof(struct db *db, int flags, const struct heads *against, struct heads *made,
    struct walk *walk, struct err *err);

/* One state of the file into a new one, synced, while others write. */
bool db_copy(const char *from, const char *to, struct walk *walk, struct err *err);
int64_t db_bytes(struct db *db); /* of its pages; -1: cannot be read */
/* Up to 1000 hashes of contents behind `after`; new reference. */
json_t *db_contents(struct db *db, const char *after, struct err *err);

#endif
