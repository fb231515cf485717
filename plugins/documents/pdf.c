/* pdf.c — a paper as PDF: drawn twice, first to count the sheets. Fonts go into the file as subsets
 * of what is used. Runs on any thread: everything is its own, nothing is shared. */
#include "sheet.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

enum { PDF_BYTES_MAX = 64 << 20 }; /* a case with that much text is not printed but attacked */

static const struct {
    const char *kind;
    struct style style;
    double before, after;
} text_styles[] = {
    {"title", {.size = 22, .bold = true, .align = PANGO_ALIGN_CENTER, .spacing = 1.35}, 0, 8},
    {"number", {.size = 12, .align = PANGO_ALIGN_RIGHT, .spacing = 1.5}, 0, 8},
    {"heading", {.size = 14, .bold = true, .spacing = 1.7}, 6, 0},
    {"paragraph", {.size = 14, .justify = true, .indent = 28, .spacing = 1.7}, 0, 0},
    {"plain", {.size = 14, .justify = true, .spacing = 1.7}, 0, 0},
    {"right", {.size = 14, .align = PANGO_ALIGN_RIGHT, .spacing = 1.7}, 0, 0},
    {"note", {.size = 10.5, .justify = true, .spacing = 1.5}, 4, 0},
};

static void draw_text(struct sheet *s, const json_t *block, const char *kind)
{
    for (size_t i = 0; i < sizeof text_styles / sizeof text_styles[0]; i++) {
        if (strcmp(text_styles[i].kind, kind) == 0) {
            s->y += text_styles[i].before;
            if (strcmp(kind, "heading") == 0) {
                sheet_need(s, 72); /* not alone at the foot */
            }
            sheet_text(
                s, member_text(block, "text"), &text_styles[i].style, SHEET_LEFT, SHEET_TEXT);
            s->y += text_styles[i].after;
        }
    }
}

/* The body's name and the date one below the other, right of the middle; the seal goes over both.
 */
static void draw_seal(struct sheet *s, const json_t *block)
{
    static const struct style text = {.size = 14, .align = PANGO_ALIGN_CENTER, .spacing = 1.9};
    static const struct style place = {.size = 10.5, .align = PANGO_ALIGN_CENTER, .spacing = 1.9};
    double width = SHEET_TEXT * 0.56, x = SHEET_LEFT + SHEET_TEXT - width;
    sheet_need(s, 110);
    s->y += 14;
    sheet_text(s, member_text(block, "text"), &text, x, width);
    cairo_set_source_rgb(s->cr, 0.45, 0.45, 0.45);
    sheet_text(s, "（印章）", &place, x, width);
    cairo_set_source_rgb(s->cr, 0, 0, 0);
    sheet_text(s, member_text(block, "date"), &text, x, width);
}

static void draw_line(struct sheet *s)
{
    sheet_need(s, 28);
    s->y += 28;
    cairo_set_line_width(s->cr, 0.6);
    cairo_move_to(s->cr, SHEET_LEFT, s->y);
    cairo_line_to(s->cr, SHEET_LEFT + SHEET_TEXT, s->y);
    cairo_stroke(s->cr);
}

static void draw_block(struct sheet *s, const json_t *block)
{
    const char *kind = member_text(block, "kind");
    if (strcmp(kind, "table") == 0) {
        sheet_table(s, block);
    } else if (strcmp(kind, "signs") == 0) {
        sheet_signs(s, block);
    } else if (strcmp(kind, "seal") == 0) {
        draw_seal(s, block);
    } else if (strcmp(kind, "page") == 0) {
        sheet_next(s);
    } else if (strcmp(kind, "lines") == 0) {
        for (json_int_t n = json_integer_value(json_object_get(block, "count")); n > 0; n--) {
            draw_line(s);
        }
    } else {
        draw_text(s, block, kind);
    }
}

/* --- signatures and seal stand together, with some text above them
 * -------------------------------- */

static bool is_signature(const json_t *block)
{
    const char *kind = member_text(block, "kind");
    return strcmp(kind, "signs") == 0 || strcmp(kind, "seal") == 0;
}

/* How high they are from block i on; 0: no signature stands there. */
static double signatures_height(const struct sheet *s, const json_t *paper, size_t i)
{
    double height = 0;
    for (const json_t *b; (b = json_array_get(paper, i)) != NULL && is_signature(b); i++) {
        size_t rows = json_array_size(json_object_get(b, "rows"));
        bool seal = strcmp(member_text(b, "kind"), "seal") == 0;
        height += seal ? 110 : 10 + table_height(s, b, rows);
    }
    return height;
}

static double text_height(const struct sheet *s, const json_t *block)
{
    static const struct style style = {.size = 14, .indent = 28};
    PangoLayout *layout = sheet_layout(s, member_text(block, "text"), &style, SHEET_TEXT);
    int lines = pango_layout_get_line_count(layout);
    g_object_unref(layout);
    return lines * 14 * 1.7;
}

/* A sheet with nothing but signatures could be put behind another text. */
static void keep_signatures(struct sheet *s, const json_t *paper, size_t i)
{
    const json_t *block = json_array_get(paper, i);
    bool first = i == 0 || !is_signature(json_array_get(paper, i - 1));
    double height = 0;
    const json_t *next = json_array_get(paper, i + 1);
    if (is_signature(block)) {
        height = first ? signatures_height(s, paper, i) : 0;
    } else if (strcmp(member_text(block, "kind"), "heading") == 0 &&
               strcmp(member_text(next, "kind"), "table") == 0) {
        height = 40 + table_start_height(s, next); /* a heading goes with its table */
    } else if (json_object_get(block, "text") != NULL) {
        height = signatures_height(s, paper, i + 1);
        height += height > 0 ? text_height(s, block) : 0;
    }
    if (height < SHEET_BODY * 0.7) {
        sheet_need(s, height);
    }
}

static cairo_status_t take_bytes(void *ctx, const unsigned char *data, unsigned int len)
{
    struct pdf *out = ctx;
    if (out->len + len > PDF_BYTES_MAX) {
        out->failed = true;
        return CAIRO_STATUS_WRITE_ERROR;
    }
    if (out->len + len > out->cap) {
        out->cap = 2 * (out->len + len);
        out->data = realloc(out->data, out->cap);
        if (out->data == NULL) {
            abort(); /* as everywhere: the daemon recovers from its log */
        }
    }
    memcpy(out->data + out->len, data, len);
    out->len += len;
    return CAIRO_STATUS_SUCCESS;
}

static PangoContext *context_new(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

/* out NULL: only counting, no file is made. */
static cairo_surface_t *surface_new(struct pdf *out, const char *title)
{
    if (out == NULL) {
        return cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    }
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, out, SHEET_WIDTH, SHEET_HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    return surface;
}

/* Returns the number of sheets. */
static int draw_all(const json_t *paper, const char *running, const char *title, const char *fonts,
    int pages, struct pdf *out)
{
    PangoFontMap *map = pango_cairo_font_map_new();
    PangoContext *context = context_new(map);
    cairo_surface_t *surface = surface_new(out, title);
    struct sheet s = {.cr = cairo_create(surface),
        .context = context,
        .fonts = fonts,
        .running = running,
        .pages = pages};
    pango_cairo_update_context(s.cr, context);
    sheet_begin(&s);
    size_t i;
    json_t *block;
    json_array_foreach((json_t *)(uintptr_t)paper, i, block)
    {
        keep_signatures(&s, paper, i);
        s.reserve = signatures_height(&s, paper, i + 1);
        draw_block(&s, block);
    }
    sheet_end(&s);
    cairo_destroy(s.cr);
    cairo_surface_finish(surface);
    if (out != NULL && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        out->failed = true;
    }
    cairo_surface_destroy(surface);
    g_object_unref(context);
    g_object_unref(map);
    return s.page;
}

void paper_pdf(const json_t *paper, const char *title, const char *fonts, struct pdf *out)
{
    const json_t *number = json_array_get(paper, 1);
    bool numbered = strcmp(member_text(number, "kind"), "number") == 0;
    char *running = NULL;
    if (asprintf(&running, "%s　%s", title, numbered ? member_text(number, "text") : "") < 0) {
        abort();
    }
    *out = (struct pdf){0};
    out->pages = draw_all(paper, running, title, fonts, 0, NULL);
    draw_all(paper, running, title, fonts, out->pages, out);
    free(running);
}

/* --- fonts ---------------------------------------------------------------------------------------
 */

static gboolean has_zhong(PangoFontset *set, PangoFont *font, gpointer found)
{
    (void)set;
    PangoCoverage *coverage = pango_font_get_coverage(font, pango_language_from_string("zh-cn"));
    *(bool *)found = pango_coverage_get(coverage, 0x4E2D /* 中 */) == PANGO_COVERAGE_EXACT;
    pango_coverage_unref(coverage);
    return *(bool *)found;
}

bool fonts_have_chinese(const char *fonts)
{
    PangoFontMap *map = pango_cairo_font_map_new();
    PangoContext *context = context_new(map);
    PangoFontDescription *wanted = pango_font_description_new();
    pango_font_description_set_family(wanted, fonts);
    pango_font_description_set_absolute_size(wanted, 14 * PANGO_SCALE);
    PangoFontset *set =
        pango_font_map_load_fontset(map, context, wanted, pango_language_from_string("zh-cn"));
    bool found = false;
    pango_fontset_foreach(set, has_zhong, &found);
    g_object_unref(set);
    pango_font_description_free(wanted);
    g_object_unref(context);
    g_object_unref(map);
    return found;
}
