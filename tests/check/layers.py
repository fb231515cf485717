#!/usr/bin/env python3
"""Compares every #include of core/ and plugins/ with the table of layers, and keeps each outside
library in its one room. Prints what is wrong; exit 1 when anything is."""

import os
import re
import sys

ROOT = os.environ.get("FENGQIAO_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))



def layers():
    """room -> rooms it may include besides itself: the table of core/README.md."""
    text = open(os.path.join(ROOT, "core", "README.md"), encoding="utf-8").read()
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", text, re.M)
    rooms = [room for room, _ in rows]
    table = {}
    for room, allowed in rows:
        if allowed.startswith("all but"):
            table[room] = [r for r in rooms if r not in re.split(r"[ ,]+", allowed[len("all but"):])]
        else:
            table[room] = [r for r in re.split(r"[ ,]+", allowed) if r in rooms]
    return table


LAYERS = layers()

# outside library -> (pattern of its headers, pattern of its names, folders it may stand in)
LIBRARIES = {
    "libuv": (r"uv\.h", r"\buv_[a-z]\w*\(", ["core/io"]),
    "Lua": (r"(lua|lauxlib|lualib)\.h", r"\blua[L]?_[a-z]\w*\(", ["core/script"]),
    "SQLite": (r"sqlite3\.h", r"\bsqlite3_[a-z]\w*\(", ["core/store/sqlite"]),
    "OpenSSL TLS": (r"openssl/ssl\.h", r"\bSSL_[A-Za-z]\w*\(", ["core/io"]),
    "OpenSSL digests": (r"openssl/(?!ssl\.h).*\.h", None, ["core/base", "core/io", "plugins"]),
    "readline": (r"readline/.*\.h", r"\brl_[a-z]\w*\(", ["core/client"]),
    "ncurses": (r"n?curses\.h", r"\b(newterm|initscr|endwin|get_wch|mvaddn?str|doupdate|curs_set)\(",
                ["core/client/desk"]),
    "zlib": (r"zlib\.h", None, ["core/client"]),
    "curl": (r"curl/.*\.h", r"\bcurl_[a-z]\w*\(", ["plugins/notify"]),
    "libcrypt": (r"crypt\.h", r"\bcrypt_(ra|rn|r|gensalt\w*)\(", ["core/rpc"]),
}


def sources():
    for top in ("core", "plugins", "include"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    path = os.path.join(folder, name)
                    yield os.path.relpath(path, ROOT), open(path, encoding="utf-8").read()


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def room_of(path):
    parts = path.split(os.sep)
    return parts[1] if parts[0] == "core" and len(parts) > 2 else None


def check_includes(path, text):
    room = room_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        quoted = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        angled = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if quoted and room:
            target = quoted.group(1).split("/")[0]
            if "/" not in quoted.group(1):
                yield number, f'include "{quoted.group(1)}" must name its room'
            elif target not in LAYERS and target != "fengqiao":
                yield number, f'include "{quoted.group(1)}": no such room'
            elif target != room and target not in LAYERS[room] and target != "fengqiao":
                yield number, f"{room} may not include {target}"
        if quoted and path.startswith("plugins/") and quoted.group(1).split("/")[0] in LAYERS:
            yield number, "a plugin may include include/fengqiao only"
        for library, (header, _, folders) in LIBRARIES.items():
            if angled and re.fullmatch(header, angled.group(1)):
                if not any(path.startswith(f + "/") for f in folders):
                    yield number, f"{library} belongs to {', '.join(folders)}"


def check_names(path, text):
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        for library, (_, names, folders) in LIBRARIES.items():
            if names and re.search(names, line):
                if not any(path.startswith(f + "/") for f in folders):
                    yield number, f"a name of {library} outside {', '.join(folders)}"


def main():
    wrong, files = 0, 0
    for path, text in sources():
        files += 1
        for number, problem in list(check_includes(path, text)) + list(check_names(path, text)):
            print(f"{path}:{number}: {problem}")
            wrong += 1
    print(f"{files} files, {wrong} wrong")
    return 1 if wrong or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
