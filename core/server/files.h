/* server/files.h — what the system allows this process: descriptors enough, and no core dump. */
#ifndef FQ_SERVER_FILES_H
#define FQ_SERVER_FILES_H

#include <stddef.h>

/* Raises the soft limit of open files as far as `connections` need. Returns how many connections
 * there may be: fewer when the hard limit is lower, which the log says. */
size_t files_allow(size_t connections);
/* A core dump would hold what people said and their passwords (TRUST: people). */
void files_no_core(void);

#endif
