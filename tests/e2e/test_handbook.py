"""The commands of the Chinese handbooks are run as they stand: by the people they are for, on a daemon of the demo's
organisation. What needs another situation than the page gives is tried with --dry-run or only looked up."""
import os
import re

from harness import Daemon, PASSWORD, SOURCE, run
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
        for line in commands("administrator.zh.md"):
            # Administrators see no cases: the history is checked by the auditor.
            play(auditor if "case verify" in line else admin, line, "羊调26-0001")


def the_mediators_page_is_one_page():
    with open(os.path.join(FOLDER, "mediator.zh.md"), encoding="utf-8") as f:
        lines = f.read().split("\n")
    # A4 in 10 point: about 74 lines of 44 characters.
    assert len(lines) <= 74 and max(map(len, lines)) <= 100, (len(lines), max(map(len, lines)))


if __name__ == "__main__":
    run(the_mediators_page_is_one_page,
        a_mediator_can_do_what_the_page_says,
        an_administrator_can_do_what_the_book_says)
