/* sheet.c — see sheet.h. */
#include "sheet.h"

#include <math.h>

static void small_text(struct sheet *s, const char *text, double y, PangoAlignment align)
{
    struct style style = {.size = 9, .align = align, .spacing = 1};
    PangoLayout *layout = sheet_layout(s, text, &style, SHEET_TEXT);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    cairo_move_to(s->cr, SHEET_LEFT, y);
    pango_cairo_show_layout(s->cr, layout);
    g_object_unref(layout);
}

void sheet_begin(struct sheet *s)
{
    s->page++;
    s->y = SHEET_TOP;
    if (s->page > 1) {
        small_text(s, s->running, SHEET_TOP - 34, PANGO_ALIGN_RIGHT);
    }
}

void sheet_end(struct sheet *s)
{
    char text[64];
    snprintf(text, sizeof text, "第 %d 页　共 %d 页", s->page, s->pages);
    small_text(s, text, SHEET_HEIGHT - SHEET_BOTTOM + 32, PANGO_ALIGN_CENTER);
    cairo_show_page(s->cr);
}

void sheet_next(struct sheet *s)
{
    sheet_end(s);
    sheet_begin(s);
}

double sheet_room(const struct sheet *s)
{
    return SHEET_HEIGHT - SHEET_BOTTOM - s->y;
}

void sheet_need(struct sheet *s, double height)
{
    if (height > sheet_room(s) && s->y > SHEET_TOP) {
        sheet_next(s);
    }
}

PangoLayout *sheet_layout(
    const struct sheet *s, const char *text, const struct style *style, double width)
{
    PangoLayout *layout = pango_layout_new(s->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, s->fonts);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, style->align);
    pango_layout_set_justify(layout, style->justify);
    pango_layout_set_indent(layout, (int)(style->indent * PANGO_SCALE));
    pango_layout_set_auto_dir(layout, FALSE); /* a paper in Chinese reads from the left */
    pango_layout_set_text(layout, text, -1);
    return layout;
}

/* Fonts for Han are tall (1.4 of their size); lines are set by the size, not by the font. */
static double line_height(const struct style *style)
{
    return style->size * style->spacing;
}

void sheet_text(
    struct sheet *s, const char *text, const struct style *style, double x, double width)
{
    PangoLayout *layout = sheet_layout(s, text, style, width);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    int left = pango_layout_get_line_count(layout), total = left;
    double height = line_height(style);
    do {
        PangoRectangle box;
        /* Two lines of a paragraph at least stay together on either side of the break. */
        bool lonely = (left == total && total > 1) || left == 2;
        sheet_need(s, lonely && total > 1 ? 2 * height : height);
        pango_layout_iter_get_line_extents(iter, NULL, &box);
        PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
        double ascent = (pango_layout_iter_get_baseline(iter) - box.y) / (double)PANGO_SCALE;
        double natural = box.height / (double)PANGO_SCALE;
        cairo_move_to(
            s->cr, x + box.x / (double)PANGO_SCALE, s->y + (height - natural) / 2 + ascent);
        pango_cairo_show_layout_line(s->cr, line);
        s->y += height;
        left--;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(layout);
}
