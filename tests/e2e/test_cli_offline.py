"""The line is down: what was seen stays readable, and says of when it is; what is done waits."""
import json
import os

from harness import Daemon, run
from test_cli import Cli, opened


def cache_files(cli):
    root = os.path.join(cli.home, ".local/share/fengqiao/cache")
    return [os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names]


def what_was_seen_is_read_without_a_line():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        inbox = bureau("inbox", code=0).stdout
        page = bureau("case", "show", number, "--timeline", code=0).stdout
        assert "离线" not in inbox + page
        bureau("case", "list", code=0)
        bureau("case", "why", number, code=0)
        daemon.kill()
        for words, live in ((("inbox",), inbox), (("case", "show", number, "--timeline"), page)):
            done = bureau(*words, code=0)
            first, rest = done.stdout.split("\n", 1)
            assert first.startswith("! 离线：这是 ") and first.endswith(" 的副本"), done.stdout
            assert rest == live, (rest, live)
        assert number in bureau("case", "list", code=0).stdout
        assert bureau("case", "why", number, code=0).stdout.count("离线") == 1
        short = bureau("case", "show", number.split("-")[1], code=0).stdout
        assert number in short and "村口路灯坏了两个月" in short, short
        done = bureau("case", "show", number, "--json", code=0)
        assert json.loads(done.stdout)["_meta"]["copy_at"] and "离线" in done.stderr, done.stderr
        plain = bureau("inbox", "--plain", code=0)
        assert "离线" not in plain.stdout and "离线" in plain.stderr, plain
        never = bureau("case", "show", "乌无99-0001")
        assert never.returncode == 75 and "没有副本" in never.stderr, never.stderr
        assert bureau("case", "list", "--late", code=75).stdout == ""


def the_copies_go_with_the_login_and_shared_machines_keep_none():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        bureau("case", "show", number, code=0)
        files = cache_files(bureau)
        assert files and all(os.stat(f).st_mode & 0o777 == 0o600 for f in files), files
        for name in files:
            with open(name, "rb") as f:
                data = f.read()
            assert "路灯".encode() not in data and number.encode() not in data
        environment = bureau.environment
        bureau.environment = lambda: dict(environment(), FENGQIAO_CACHE="off")
        bureau("case", "show", number, code=0)
        assert cache_files(bureau) == [], "forbidden copies are removed"
        bureau.environment = environment
        bureau("case", "show", number, code=0)
        assert cache_files(bureau)
        # Another login on this computer, another key: the copies of the first are gone.
        done = bureau("login", "hainan.xfj01", "--password-file", "-", given="fengqiao-demo-2020")
        assert done.returncode == 0 and "cache_key" not in done.stdout, done.stdout
        assert cache_files(bureau) == []
        bureau("inbox", code=0)
        assert cache_files(bureau)
        bureau("logout", code=0)
        assert cache_files(bureau) == []
        # A login that the server ended takes its copies along.
        clerk = Cli(daemon, "hainan.xfj02")
        clerk("inbox", code=0)
        admin = daemon.admin()
        admin.change("user.disable", user="hainan.xfj02", disabled=True)
        admin.close()
        assert clerk("inbox").returncode == 77
        assert cache_files(clerk) == []


if __name__ == "__main__":
    run(
        what_was_seen_is_read_without_a_line,
        the_copies_go_with_the_login_and_shared_machines_keep_none,
    )
