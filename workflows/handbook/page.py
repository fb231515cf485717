#!/usr/bin/env python3
"""Makes the page a browser prints out of a handbook: python3 page.py mediator.zh.md > mediator.zh.html

It knows what the handbooks use of Markdown: headings, paragraphs, lists, commands, tables, bold, code and links.
One source, so the two cannot tell different things; tests/e2e/test_handbook.py compares them and counts the pages."""
import html
import re
import sys

STYLE = """
@page { size: A4; margin: 12mm 13mm }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", sans-serif;
       color: #000; max-width: 184mm; margin: 0 auto }
h1 { font-size: 16pt; margin: 0 0 2mm; border-bottom: 1.2pt solid #000 }
h2 { font-size: 12pt; margin: 2.5mm 0 1mm }
.columns { columns: 2; column-gap: 7mm }
p, ul, ol { margin: 0 0 1.1mm }
ul, ol { padding-left: 1.5em }
pre { margin: 0 0 2.2mm; padding: .8mm 1.6mm; background: #f0f0f0; border-left: 2pt solid #666;
      font: 9.5pt/1.45 "Noto Sans Mono CJK SC", "Noto Sans CJK SC", monospace; white-space: pre-wrap;
      overflow-wrap: anywhere; break-inside: avoid }
code { font-family: "Noto Sans Mono CJK SC", monospace; font-size: 9.5pt }
table { border-collapse: collapse; width: 100% } td, th { border: .5pt solid #666; padding: .6mm 1.2mm; text-align: left }
@media print { pre { print-color-adjust: exact } }
"""


def inline(text):
    text = html.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text)


def join(lines):
    """Lines of one paragraph: Chinese needs no space where a line was broken."""
    text = lines[0]
    for line in lines[1:]:
        line = line.strip()
        text += ("" if ord(text[-1]) > 0x2E80 or ord(line[0]) > 0x2E80 else " ") + line
    return text


def table(lines):
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for i, row in enumerate(rows):
        if i != 1:
            tag = "th" if i == 0 else "td"
            yield "<tr>" + "".join("<%s>%s</%s>" % (tag, inline(cell), tag) for cell in row) + "</tr>"


def block(lines):
    mark = re.match(r"(#+) (.*)", lines[0])
    if mark:
        level = len(mark.group(1))
        return "<h%d>%s</h%d>" % (level, inline(mark.group(2)), level) + ("\n" + block(lines[1:]) if lines[1:] else "")
    if lines[0].startswith("|"):
        return "<table>\n%s\n</table>" % "\n".join(table(lines))
    for pattern, tag in ((r"- ", "ul"), (r"\d+\. ", "ol")):
        first = next((i for i, line in enumerate(lines) if re.match(pattern, line)), None)
        if first is None:
            continue
        items, before = [], lines[:first]
        for line in lines[first:]:
            if re.match(pattern, line):
                items.append([re.sub("^" + pattern, "", line)])
            else:
                items[-1].append(line)
        made = "<%s>\n%s\n</%s>" % (tag, "\n".join("<li>%s</li>" % inline(join(i)) for i in items), tag)
        return (block(before) + "\n" if before else "") + made
    return "<p>%s</p>" % inline(join(lines))


def body(text):
    parts = re.split(r"^```sh\n(.*?)^```$", text, flags=re.S | re.M)
    for i, part in enumerate(parts):
        if i % 2 == 1:
            yield "<pre>%s</pre>" % html.escape(part.rstrip("\n"), quote=False)
            continue
        for piece in re.split(r"\n\s*\n", part):
            if piece.strip():
                yield block(piece.strip().split("\n"))


def page(text):
    made = list(body(text))
    title = re.match(r"# (.*)", text).group(1)
    return ("<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>%s</style>\n%s\n"
            "<div class=\"columns\">\n%s\n</div>\n</html>\n" % (title, STYLE, made[0], "\n".join(made[1:])))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as f:
        sys.stdout.write(page(f.read()))
