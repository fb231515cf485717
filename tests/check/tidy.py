#!/usr/bin/env python3
"""What must not be in the tree: machine paths, unfinished notes, real data, sources that outgrew their
noun, rooms without README, formatting that differs from .clang-format (when clang-format is there)."""

import os
import re
import shutil
import subprocess
import sys

ROOT = os.environ.get("FENGQIAO_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINES_MAX = 600
FORBIDDEN = [
    (r"/(root|home|work|farm)/[A-Za-z.]", "a path of one machine"),
    (r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", "an unfinished note"),
    (r"registry\.npm" r"js|deb\.deb" r"ian\.org", "the host of a package registry"),
]
TEXT = (".c", ".h", ".py", ".sh", ".lua", ".md", ".txt", ".cmake", ".csv", ".po", ".sql", ".js")


def tracked():
    """What git knows; every file of the folder where there is no git, or another user's."""
    if shutil.which("git"):
        out = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
        if out.returncode == 0 and out.stdout:
            return out.stdout.split("\n")[:-1]
    found = (os.path.relpath(os.path.join(d, n), ROOT) for d, _, names in os.walk(ROOT) for n in names)
    return [f for f in found if not f.startswith(("build", ".git" + os.sep)) and "__pycache__" not in f]


def main():
    wrong = []
    files = [f for f in tracked() if os.path.isfile(os.path.join(ROOT, f))]
    for path in files:
        base = os.path.basename(path)
        if not path.endswith(TEXT) and base not in ("run", "CMakeLists.txt"):
            continue
        text = open(os.path.join(ROOT, path), encoding="utf-8").read()
        for pattern, what in FORBIDDEN:
            for m in re.finditer(pattern, text):
                wrong.append(f"{path}:{text.count(chr(10), 0, m.start()) + 1}: {what}")
        if path.endswith((".c", ".h")) and path.startswith(("core/", "plugins/", "include/")):
            lines = text.count("\n")
            if lines > LINES_MAX:
                wrong.append(f"{path}: {lines} lines hold more than one noun")
    for room in sorted({f.split("/")[1] for f in files if f.startswith("core/") and f.count("/") > 1}):
        if f"core/{room}/README.md" not in files:
            wrong.append(f"core/{room}: no README.md")
    formatter = shutil.which("clang-format")
    sources = [f for f in files if f.endswith((".c", ".h")) and not f.startswith("tests/")]
    if formatter:
        out = subprocess.run([formatter, "--dry-run", *sources], cwd=ROOT, capture_output=True, text=True)
        for line in sorted(set(re.findall(r"^(\S+?):\d+:\d+: warning", out.stderr, re.M))):
            wrong.append(f"{line}: differs from .clang-format")
    print("\n".join(wrong))
    print(f"{len(files)} files, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
