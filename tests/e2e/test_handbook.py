"""The commands of the Chinese handbooks are run as they stand: by the people they are for, on a daemon of the demo's
organisation. What needs another situation than the page gives is tried with --dry-run or only looked up."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from harness import Daemon, PATIENCE, SOURCE, run
from test_cli import Cli

FOLDER = os.path.join(SOURCE, "workflows", "handbook")
# Not run here: a screen, a password typed, papers that need their plugin; each has tests of its own.
ELSEWHERE = ("login", "desk", "print", "flow deploy", "flow test", "calendar load", "term load", "case attach", "user passwd", "sh ", "fengqiaod",
             "--server")
# Another body must have been asked first.
DRY = ("case ask", "case answer", "case undo")


def commands(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        text = f.read()
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M):
        yield from filter(None, block.split("\n"))


def play(cli, line, number):
    words = [number if word == "26-0001" else word for word in line.split()]
    command = " ".join(words[1:])
    if not line.startswith("fengqiao ") or command.startswith(ELSEWHERE):
        return
    dry = ["--dry-run"] if command.startswith(DRY) else []
    cwd = os.getcwd()
    os.chdir(SOURCE)
    try:
        done = cli(*(words[1:] + dry))
    finally:
        os.chdir(cwd)
    assert done.returncode == 0 or dry, (line, done.returncode, done.stdout, done.stderr)
    assert "没有这个命令" not in done.stderr and "没有这个选项" not in done.stderr, (line, done.stderr)


def a_mediator_can_do_what_the_page_says():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        daemon.people("yanglujing02")
        cli = Cli(daemon, "yanglujing02")
        lines = list(commands("mediator.zh.md"))
        opening = next(line for line in lines if line.startswith("fengqiao case open"))
        made = cli(*opening.split()[1:])
        assert made.returncode == 0, made.stderr
        number = re.search(r"✓ (\S+)", made.stdout).group(1)
        for line in lines:
            if line != opening:
                play(cli, line, number)


def an_administrator_can_do_what_the_book_says():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        daemon.people("wuhai.admin01", "yanglujing02", "wuhai.auditor01")
        mediator = Cli(daemon, "yanglujing02")
        mediator("case", "open", "--flow", "people_mediation", "--place", "羊路井村", "subject=院墙滴水", "text=邻居院墙滴水。", code=0)
        admin, auditor = Cli(daemon, "wuhai.admin01"), Cli(daemon, "wuhai.auditor01")
        local, heads = Cli(daemon), os.path.join(daemon.folder, "heads-2026-01-05")
        local.server = "unix:" + daemon.unix
        with open(heads, "w", encoding="utf-8") as f:
            f.write(local("server", "heads", code=0).stdout)
        for line in commands("administrator.zh.md"):
            if line.startswith("fengqiao server "):  # on the machine itself; its paths are in the daemon's folder
                line = line.replace("/var/backups", daemon.folder).replace("heads-2026-01-05", heads)
                play(local, line, "")
                continue
            # Administrators see no cases: the history is checked by the auditor.
            play(auditor if "case verify" in line else admin, line, "羊调26-0001")


def the_mediators_page_is_one_page():
    made = subprocess.run([sys.executable, "page.py", "mediator.zh.md"], cwd=FOLDER, capture_output=True, check=True).stdout
    page = os.path.join(FOLDER, "mediator.zh.html")
    with open(page, "rb") as f:
        assert f.read() == made, "python3 page.py mediator.zh.md > mediator.zh.html"
    sizes = [float(size) for size in re.findall(r"([\d.]+)pt(?:/|;| \})", made.decode().split("</style>")[0])]
    assert min(size for size in sizes if size > 2) >= 9, sizes
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser is None or shutil.which("pdfinfo") is None:
        print("    pages not counted: no browser or no pdfinfo")
        return
    with tempfile.TemporaryDirectory() as folder:
        paper = os.path.join(folder, "page.pdf")
        subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + folder, "--no-pdf-header-footer",
                        "--print-to-pdf=" + paper, "file://" + page], capture_output=True, check=True, timeout=PATIENCE)
        told = subprocess.run(["pdfinfo", paper], capture_output=True, check=True).stdout.decode()
    assert re.search(r"^Pages: +1$", told, re.M) and "(A4)" in told, told


if __name__ == "__main__":
    run(the_mediators_page_is_one_page,
        a_mediator_can_do_what_the_page_says,
        an_administrator_can_do_what_the_book_says)
