"""The READMEs tell the truth where a machine can tell: links and paths exist, the commands are
commands of the client, the two commands are run by tests, and the twins show the same.

```sh runnable  is run by a test, named in RUN_BY. The excerpt in ```console demo is compared word for
word by tests/e2e/test_demo.py, which runs the demo.
"""
import os
import re
import sys

ROOT = os.environ.get("FENGQIAO_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TWINS = [("README.md", "README.zh-CN.md")]
OTHERS = ["tests/README.md", "workflows/handbook/mediator.zh.md", "workflows/handbook/administrator.zh.md",
          "workflows/demo/README.md"]
LINES_MAX = 300
# What is runnable, and the files that run it.
RUN_BY = {
    "sh workflows/demo/run": ("tests/e2e/test_demo.py", '"workflows", "demo", "run"'),
    "sh tests/run": (".ci/run", "sh tests/run"),
}
SHELL = {"sh", "cd", "export", "ctest", "cmake"}

problems = []


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def wrong(path, what):
    problems.append("%s: %s" % (path, what))


def blocks(text, mark):
    return re.findall(r"^```%s\n(.*?)^```$" % re.escape(mark), text, re.S | re.M)


def commands_of_client():
    return set(re.findall(r'^    \{"([a-z_ ]+)", "', read("core/client/table.c"), re.M))


def check_links(path, text):
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not re.match(r"[a-z]+:", target) and not os.path.exists(os.path.join(ROOT, os.path.dirname(path), target)):
            wrong(path, "link to %s, which is not there" % target)
    # `core/…`, `workflows/…`: paths from the top. Names with a placeholder are not paths.
    for target in re.findall(r"`((?:core|include|plugins|workflows|tests)/[\w./-]*)`", text):
        if not os.path.exists(os.path.join(ROOT, target)):
            wrong(path, "names %s, which is not there" % target)


def check_command(path, line, known):
    words = line.split()
    if words[0] == "sh" and not os.path.exists(os.path.join(ROOT, words[1])):
        wrong(path, "runs %s, which is not there" % words[1])
    elif words[0] == "fengqiao":
        plain = [w for w in words[1:] if not w.startswith("-")]
        if not (" ".join(plain[:2]) in known or plain[0] in known):
            wrong(path, "the client has no command for: %s" % line)
    elif words[0] not in SHELL | {"fengqiao", "fengqiaod"}:
        wrong(path, "nobody checks a line that begins with %s" % words[0])


def check(path, known):
    text = read(path)
    if text.count("\n") > LINES_MAX:
        wrong(path, "longer than %d lines" % LINES_MAX)
    check_links(path, text)
    for block in blocks(text, "sh") + blocks(text, "sh runnable"):
        for line in filter(None, block.split("\n")):
            check_command(path, line, known)
    for block in blocks(text, "sh runnable"):
        for line in filter(None, block.split("\n")):
            if line not in RUN_BY:
                wrong(path, "no test is known to run: %s" % line)
                continue
            by, trace = RUN_BY[line]
            if trace not in read(by):
                wrong(path, "%s does not run: %s" % (by, line))


def check_twins(one, other):
    a, b = read(one), read(other)
    for mark in ("sh", "sh runnable", "console demo"):
        if blocks(a, mark) != blocks(b, mark):
            wrong(other, "its ```%s blocks are not those of %s" % (mark, one))
    if len(re.findall(r"^## ", a, re.M)) != len(re.findall(r"^## ", b, re.M)):
        wrong(other, "has other sections than %s" % one)
    if not blocks(a, "console demo") or [c.strip() for c in blocks(a, "sh runnable")] != list(RUN_BY):
        wrong(one, "does not show the two commands, then an excerpt")


def main():
    known = commands_of_client()
    if "case open" not in known:
        wrong("core/client/table.c", "the commands are not found")
    for one, other in TWINS:
        check_twins(one, other)
    for path in [p for pair in TWINS for p in pair] + OTHERS:
        check(path, known)
    print("\n".join(problems) if problems else "the READMEs hold")
    return 1 if problems else 0


sys.exit(main())
