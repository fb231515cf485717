/* rpc/params.h — one parameter: its check, its settled form, its schema. */
#ifndef FQ_RPC_PARAMS_H
#define FQ_RPC_PARAMS_H

#include "rpc/method.h"

/* Is the value right for p? ERR_PARAMS with the problem in words, without the name. */
bool param_check(const struct param *p, const json_t *value, struct err *err);
const struct param *param_find(const struct param *list, const char *name); /* NULL: unknown */
/* Brings checked params into one form, so that equal requests hash alike: null where it is no
 * value is taken out, numbers of cases and ids become strings. */
void params_settle(const struct method *row, json_t *params);
json_t *param_schema(const struct param *p); /* JSON Schema; new reference */

#endif
