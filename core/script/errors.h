/* script/errors.h — what Lua says, in words a script writer understands, with the place. */
#ifndef FQ_SCRIPT_ERRORS_H
#define FQ_SCRIPT_ERRORS_H

#include "base/err.h"
#include "script/outline.h"

/* err holds the raw message and data.line (or data.path). Afterwards the message reads
 * "name:12: …", the hint says what would help, data holds file, line, column, lua (the raw words)
 * and the code stays. outline may be NULL. */
void errors_explain(struct err *err, const char *name, const char *source, size_t len,
    const struct outline *outline);

#endif
