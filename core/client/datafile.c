/* client/datafile.c — see datafile.h. The only file of the client that includes core/script, for
 * the sandboxed reader of data files; the checks of workflow scripts come by core/author. */
#include "client/datafile.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "script/script.h"

json_t *datafile_read(const char *path, struct err *err)
{
    size_t len = 0;
    char *text = home_read(path, &len);
    if (text == NULL) {
        err_set(err, ERR_FILE, _("%s cannot be read."), path);
        return NULL;
    }
    json_t *value = text_ends(path, ".json") ? json_parse(text, len, err)
                                             : datafile_parse(text, len, path, err);
    mem_free(text);
    return value;
}
