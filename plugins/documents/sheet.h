/* sheet.h — sheets of paper being drawn: where the next thing stands, and text that goes on from
 * one sheet to the next. Private to pdf.c, pdf_table.c and sheet.c. */
#ifndef DOCUMENTS_SHEET_H
#define DOCUMENTS_SHEET_H

#include "documents.h"

#include <pango/pangocairo.h>

/* A4 in points, with the margins of official papers (GB/T 9704: 37/35/28/26 mm, a little less above
 * and below, for forms are long). */
#define SHEET_WIDTH 595.28
#define SHEET_HEIGHT 841.89
#define SHEET_LEFT 79.4
#define SHEET_RIGHT 73.7
#define SHEET_TOP 85.0
#define SHEET_BOTTOM 79.4
#define SHEET_TEXT (SHEET_WIDTH - SHEET_LEFT - SHEET_RIGHT)
#define SHEET_BODY (SHEET_HEIGHT - SHEET_TOP - SHEET_BOTTOM)

struct sheet {
    cairo_t *cr;
    PangoContext *context; /* borrowed */
    const char *fonts;
    const char *running; /* title and number, small above later sheets */
    double y;            /* below the last thing */
    double reserve;      /* what must fit below the last row of the next table */
    int page, pages;     /* this one; how many there will be, 0 while counting */
};

struct style {
    double size; /* points */
    bool bold;
    PangoAlignment align;
    bool justify;
    double indent;  /* first line */
    double spacing; /* lines stand this many times their natural height apart */
};

void sheet_begin(struct sheet *s);
void sheet_next(struct sheet *s); /* ends this one, begins another */
void sheet_end(struct sheet *s);
double sheet_room(const struct sheet *s);
/* Another sheet unless so much fits on this one. */
void sheet_need(struct sheet *s, double height);

/* Caller frees: g_object_unref. */
PangoLayout *sheet_layout(
    const struct sheet *s, const char *text, const struct style *style, double width);
/* All of it, going on on further sheets; keep: so many lines stay together at its begin and end. */
void sheet_text(
    struct sheet *s, const char *text, const struct style *style, double x, double width);

/* pdf_table.c */
/* Of the first so many rows. */
double table_height(const struct sheet *s, const json_t *block, size_t rows);
/* What must stand together at its beginning: a head and the row below it, or one row. */
double table_start_height(const struct sheet *s, const json_t *block);
void sheet_table(struct sheet *s, const json_t *block);
void sheet_signs(struct sheet *s, const json_t *block);

#endif
