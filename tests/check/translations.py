#!/usr/bin/env python3
"""Every text marked with _() or N_() has a Chinese translation in the zh_CN.po of its own room, and no
room keeps a translation nobody uses. exit 77: xgettext is not installed."""

import os
import re
import shutil
import subprocess
import sys

ROOT = os.environ.get("FENGQIAO_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def entries(text):
    """msgid -> (msgstr, flags)"""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        parts = {}
        key = None
        for line in block.splitlines():
            if line.startswith("#"):
                parts["flags"] = parts.get("flags", "") + line
                continue
            head = re.match(r'(msgid|msgstr)\s+"(.*)"$', line)
            if head:
                key = head.group(1)
                parts[key] = head.group(2)
            elif key and re.match(r'"(.*)"$', line):
                parts[key] += line[1:-1]
        if parts.get("msgid"):
            found[parts["msgid"]] = (parts.get("msgstr", ""), parts.get("flags", ""))
    return found


def used_in(folder):
    files = [os.path.join(d, n) for d, _, names in os.walk(folder) for n in names
             if n.endswith((".c", ".h"))]
    if not files:
        return {}
    out = subprocess.run(["xgettext", "--from-code=UTF-8", "-k", "-k_", "-kN_", "-L", "C", "-o", "-",
                          *files], capture_output=True, text=True, check=True).stdout
    return entries(out)


def main():
    if shutil.which("xgettext") is None:
        print("skipped: xgettext (package gettext) is not installed")
        return 77
    wrong = 0
    rooms = [os.path.join(ROOT, top, name) for top in ("core", "plugins")
             for name in sorted(os.listdir(os.path.join(ROOT, top)))
             if os.path.isdir(os.path.join(ROOT, top, name))]
    for room in rooms:
        po = os.path.join(room, "zh_CN.po")
        have = entries(open(po, encoding="utf-8").read()) if os.path.exists(po) else {}
        used = used_in(room)
        name = os.path.relpath(room, ROOT)
        for msgid in used:
            if not have.get(msgid, ("", ""))[0]:
                print(f"{name}: no Chinese for: {msgid}")
                wrong += 1
        for msgid in have:
            if msgid not in used:
                print(f"{name}: translation nobody uses: {msgid}")
                wrong += 1
    print(f"{len(rooms)} rooms, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
