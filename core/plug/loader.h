/* plug/loader.h — from a file to a checked `const struct fq_plugin`; knows nothing of hooks.
 *
 * Either everything about the library is in order, or it is closed again and the error says which
 * file, what was found and what was expected. Loading runs the library's constructors: a plugin is
 * trusted code, only its mistakes are contained. */
#ifndef FQ_PLUG_LOADER_H
#define FQ_PLUG_LOADER_H

#include "base/err.h"

#include "fengqiao/host.h"

#include <stdbool.h>

enum module_need {
    MODULE_TIMER = 1,
    MODULE_NET = 2,
    MODULE_WORK = 4,
    MODULE_RPC = 8,
    MODULE_VETO = 16,
    MODULE_EVENT = 32,
    MODULE_EFFECT = 64,
    MODULE_METHOD = 128,
};

struct module {
    void *handle;         /* owned, of dlopen */
    char *path;           /* owned */
    struct fq_plugin api; /* as far as the plugin knows it; what it does not know is zero */
    unsigned needs;       /* enum module_need */
};

bool module_load(struct module *m, const char *path, struct err *err);
void module_close(struct module *m); /* zeroed is fine */

/* Rows of the plugin's tables, whatever row size it was compiled with; NULL: no more. */
const struct fq_option *module_option(const struct module *m, size_t i);
const struct fq_method *module_method(const struct module *m, size_t i);
const struct fq_param *module_param(const struct fq_method *row, size_t i);

const char *module_need_name(unsigned one); /* "timer" */

#endif
