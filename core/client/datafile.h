/* client/datafile.h — data files a user names on the command line: Lua data ("return {…}") or JSON.
 */
#ifndef FQ_CLIENT_DATAFILE_H
#define FQ_CLIENT_DATAFILE_H

#include "base/err.h"

/* New reference; NULL with ERR_FILE, ERR_CONFIG or ERR_PARSE naming file and line. */
json_t *datafile_read(const char *path, struct err *err);

#endif
