/* client/desk/summary.h — one case in a few lines, and words several screens share. */
#ifndef FQ_CLIENT_DESK_SUMMARY_H
#define FQ_CLIENT_DESK_SUMMARY_H

#include "client/desk/desk.h"

/* The case of a list's row: what is known from its page when that was read, else from the row. */
void summary_draw(struct desk *d, struct board *b, int row, int rows, const json_t *list_row);
/* "（昨天 09:30 的副本）": how old a copy is; caller owns. */
char *summary_age(int64_t copy_ms);
/* "申请人 某某 · 被申请人 某某"; caller owns. */
char *summary_parties(const json_t *page);
/* "下一步：单位 角色 人员" without the title; "" when nobody is named. Caller owns. */
char *summary_next(const json_t *page);
enum look summary_due_look(const json_t *due);

#endif
