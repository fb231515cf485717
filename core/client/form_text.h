/* client/form_text.h — a form as a text that people fill in with an editor, or carry as a file:
 *
 *     # 协议内容（必填）
 *     协议内容: 一、双方以现有围墙中心线为界。
 *       二、……（续行缩进两格）
 *     --reason: 理由
 *
 * "#" begins an explanation, a full-width colon does too, an empty value is none. */
#ifndef FQ_CLIENT_FORM_TEXT_H
#define FQ_CLIENT_FORM_TEXT_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* "# text", each line of it. */
void form_text_explain(struct buf *out, const char *text);
/* "name: value"; value may be NULL or of several lines. */
void form_text_add(struct buf *out, const char *name, const char *value);
/* The fields of a form ({"name","title","type","required","choices"}), each explained, with the
 * values given under its name or title. */
void form_text_fields(struct buf *out, const json_t *fields, const json_t *values);

/* The values by their names as written, without the empty ones; a JSON object is taken as it is.
 * NULL with the line that is wrong. New reference. */
json_t *form_text_read(const char *text, size_t len, struct err *err);

#endif
