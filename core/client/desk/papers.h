/* client/desk/papers.h — the official papers of the case that is on the screen: which there are,
 * and one of them into a file or to the printer. */
#ifndef FQ_CLIENT_DESK_PAPERS_H
#define FQ_CLIENT_DESK_PAPERS_H

#include "client/desk/desk.h"

/* Asks which paper and what to do with it. */
void papers_begin(struct desk *d, const char *number);
/* Tells when the printer took the paper, or did not; once in a while. */
void papers_work(struct desk *d);

#endif
