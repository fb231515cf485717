/* html.c — a paper as one HTML page for a browser and its printer: A4, nothing loaded, all text
 * escaped. */
#include "documents.h"

#include <string.h>

static const char style[] =
    "@page{size:A4;margin:30mm 26mm 28mm 28mm}"
    "*{box-sizing:border-box}"
    "body{font-family:'Noto Serif CJK SC','Source Han Serif SC','Songti SC',SimSun,serif;"
    "font-size:14pt;line-height:1.7;color:#000;max-width:156mm;margin:0 auto;padding:1em 0;"
    "overflow-wrap:anywhere}"
    "h1{font-size:22pt;text-align:center;margin:.2em 0 .5em;font-weight:bold;line-height:1.3}"
    "h2{font-size:14pt;margin:.8em 0 .2em;break-after:avoid}"
    "p{margin:0;text-align:justify;text-indent:2em;orphans:2;widows:2}"
    ".plain{text-indent:0}.right,.number{text-align:right;text-indent:0}"
    ".number{font-size:12pt;margin-bottom:.6em}"
    ".note{font-size:10.5pt;text-indent:0;line-height:1.5;margin-top:.4em}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:12pt;line-height:1.5;"
    "margin:.5em 0}"
    "td,th{border:1px solid #000;padding:4pt 5pt;vertical-align:middle;font-weight:normal;"
    "text-align:left}"
    "th{text-align:center}td{height:2.2em}thead{display:table-header-group}"
    ".signs{border:0;margin:1.2em 0;break-inside:avoid}.signs td{border:0;padding:6pt "
    "0;height:2.6em}"
    ".seal{margin:1.5em 0 0 40%;text-align:center;break-inside:avoid;line-height:2}"
    ".seal small{color:#666;font-size:10.5pt}"
    ".line{border-bottom:1px solid #000;height:2em}.page{break-after:page}"
    "@media print{body{max-width:none;padding:0}}";

static void put_table(FILE *out, const json_t *block, const char *kind)
{
    bool signs = strcmp(kind, "signs") == 0;
    bool head = json_is_true(json_object_get(block, "head"));
    const json_t *widths = json_object_get(block, "widths");
    size_t i, k;
    json_t *row, *cell;
    fprintf(out, "<table%s>", signs ? " class=\"signs\"" : "");
    if (json_array_size(widths) > 0) {
        fputs("<colgroup>", out);
        for (i = 0; i < json_array_size(widths); i++) {
            fprintf(out, "<col style=\"width:%lld%%\">",
                (long long)json_integer_value(json_array_get(widths, i)));
        }
        fputs("</colgroup>", out);
    }
    size_t columns = json_array_size(widths);
    json_array_foreach(json_object_get(block, "rows"), i, row)
    {
        columns = json_array_size(row) > columns ? json_array_size(row) : columns;
    }
    json_array_foreach(json_object_get(block, "rows"), i, row)
    {
        fputs(head && i == 0 ? "<thead><tr>" : "<tr>", out);
        size_t at = 0;
        json_array_foreach(row, k, cell)
        {
            const char *tag = json_is_true(json_object_get(cell, "label")) ? "th" : "td";
            size_t span = (size_t)json_integer_value(json_object_get(cell, "span"));
            span = k + 1 == json_array_size(row) && at < columns ? columns - at : span;
            at += span;
            fprintf(out, "<%s", tag);
            if (span > 1) {
                fprintf(out, " colspan=\"%zu\"", span);
            }
            fputc('>', out);
            put_escaped(out, member_text(cell, "text"));
            fprintf(out, "</%s>", tag);
        }
        fputs(head && i == 0 ? "</tr></thead>" : "</tr>", out);
    }
    fputs("</table>\n", out);
}

static void put_seal(FILE *out, const json_t *block)
{
    fputs("<div class=\"seal\">", out);
    put_escaped(out, member_text(block, "text"));
    fputs("<br><small>（印章）</small><br>", out);
    put_escaped(out, member_text(block, "date"));
    fputs("</div>\n", out);
}

static void put_text(FILE *out, const json_t *block, const char *kind)
{
    bool title = strcmp(kind, "title") == 0, heading = strcmp(kind, "heading") == 0;
    const char *tag = title ? "h1" : heading ? "h2" : "p";
    bool plain = title || heading || strcmp(kind, "paragraph") == 0;
    fprintf(out, "<%s%s%s%s>", tag, plain ? "" : " class=\"", plain ? "" : kind, plain ? "" : "\"");
    put_escaped(out, member_text(block, "text"));
    fprintf(out, "</%s>\n", tag);
}

static void put_block(FILE *out, const json_t *block)
{
    const char *kind = member_text(block, "kind");
    if (strcmp(kind, "table") == 0 || strcmp(kind, "signs") == 0) {
        put_table(out, block, kind);
    } else if (strcmp(kind, "seal") == 0) {
        put_seal(out, block);
    } else if (strcmp(kind, "page") == 0) {
        fputs("<div class=\"page\"></div>\n", out);
    } else if (strcmp(kind, "lines") == 0) {
        for (json_int_t n = json_integer_value(json_object_get(block, "count")); n > 0; n--) {
            fputs("<div class=\"line\"></div>", out);
        }
        fputc('\n', out);
    } else {
        put_text(out, block, kind);
    }
}

char *paper_html(const json_t *paper, const char *title)
{
    char *text = NULL;
    size_t size = 0, i;
    json_t *block;
    FILE *out = open_memstream(&text, &size);
    fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width\">"
          "<title>",
        out);
    put_escaped(out, title);
    fprintf(out, "</title><style>%s</style></head><body>\n", style);
    json_array_foreach((json_t *)(uintptr_t)paper, i, block)
    {
        put_block(out, block);
    }
    fputs("</body></html>\n", out);
    fclose(out);
    return text;
}
