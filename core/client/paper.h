/* client/paper.h — an official paper of the plugin `documents`: how it stands, its name as a file,
 * the way to the printer. What `print` and the desk share. */
#ifndef FQ_CLIENT_PAPER_H
#define FQ_CLIENT_PAPER_H

#include "base/err.h"

#include <sys/types.h>

/* "已编号：乌（羊调）人调字〔2026〕第0001号", "可以打印", "还缺：…"; item is of documents.list.
 * Caller owns. */
char *paper_standing(const json_t *item);
/* A name that is not taken yet, "TITLE-NUMBER.pdf" or "TITLE-NUMBER-2.pdf", in the folder (NULL:
 * the current one). Caller owns. */
char *paper_file_name(
    const char *folder, const json_t *made, const char *number, const char *ending);
/* Starts lp with the paper; "-" is the usual printer. Waits for nothing: the caller reaps the
 * process. The paper leaves no copy on this computer's disk. quiet: lp may not write to the
 * terminal. -1 with err. */
pid_t paper_print(const char *printer, const void *data, size_t len, bool quiet, struct err *err);
/* What the status of that process means. */
bool paper_printed(int status, struct err *err);

#endif
