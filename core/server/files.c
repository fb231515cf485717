/* server/files.c — see files.h. */
#include "server/files.h"

#include "base/log.h"

#include <sys/resource.h>

/* The database with its readers, the library's own, plugins, and the door that says no. */
enum { FILES_OF_OUR_OWN = 256 };

size_t files_allow(size_t connections)
{
    struct rlimit limit;
    rlim_t wanted = connections + FILES_OF_OUR_OWN;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
        return connections;
    }
    struct rlimit raised = {limit.rlim_max < wanted ? limit.rlim_max : wanted, limit.rlim_max};
    rlim_t files = setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
    if (files >= wanted) {
        return connections;
    }
    rlim_t own = files / 2 < FILES_OF_OUR_OWN ? files / 2 : FILES_OF_OUR_OWN;
    log_event(LOG_WARNING, "server", "few_files", "files=%llu connections=%llu wanted=%zu",
        (unsigned long long)files, (unsigned long long)(files - own), connections);
    return (size_t)(files - own);
}

void files_no_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
