"""The line is down: what was seen stays readable, and says of when it is; what is done waits."""
import json
import os
import re

from harness import Daemon, VILLAGE, run
from test_cli import Cli, cells, opened


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


def back(daemon, cli):
    """The daemon again, where the client knows it."""
    daemon.write_config('return { listen = { tcp = "%s", unix = "s.sock" }, database = "fq.db" }\n' % cli.server)
    daemon.start()


def editor(daemon, text):
    """An editor that puts `text` into any file."""
    path = os.path.join(daemon.folder, "editor")
    with open(path, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\ncp \"$1\" \"$1.seen\"\ncat > \"$1\" <<'END'\n%s\nEND\n" % text)
    os.chmod(path, 0o755)
    return path


def what_lost_a_race_is_shown_beside_what_there_is_and_decided():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau, other = Cli(daemon, "hainan.xfj02"), Cli(daemon, "hainan.xfj01")
        number, second = opened(bureau, "--body", "hainan.xfj"), opened(bureau, "--body", "hainan.xfj")
        bureau("case", "show", number, code=0)
        daemon.kill()
        kept = bureau("case", "act", number, "转送", "forward_note=离线时写的", code=75)
        assert "不会丢失" in kept.stderr, kept.stderr
        bureau("case", "note", number, "转送后的备注", code=75)
        bureau("case", "note", second, "另一件的备注", code=75)
        back(daemon, bureau)
        other("case", "act", number, "转送", "forward_note=同事先办了", code=0)
        sent = bureau("outbox", "send")
        assert sent.returncode == 0 and "已发送 2 件" in sent.stdout, (sent.stdout, sent.stderr)
        assert "排在同一案件未被接受的办理之后" in sent.stderr, sent.stderr
        assert len(bureau.outbox("conflict")) == 1 and len(bureau.outbox("new")) == 1
        assert "另一件的备注" in bureau("case", "timeline", second, code=0).stdout
        # One more about the same case does not overtake; about another case it goes.
        behind = bureau("case", "note", number, "再一条", code=75)
        assert "排在其后" in behind.stderr, behind.stderr
        bureau("case", "note", second, "再一条", code=0)
        listed = bureau("outbox", "list", code=0).stdout
        assert "前一件未被接受，排队等待" in listed and "outbox resolve 3 redo|edit|discard" in listed, listed
        shown = bureau("outbox", "show", "3", code=0).stdout
        for words in ("您做的（", "服务器上现在", "已登记 · v", "已转送 · v", "离线时写的", "同事先办了", "服务器答复：",
                      "这里可办", "outbox resolve 3 edit"):
            assert words in shown, (words, shown)
        assert all(cells(line) <= 80 for line in shown.splitlines()), shown
        again = bureau("outbox", "resolve", "3", "redo", code=75)
        assert "再次未被接受" in again.stderr and len(bureau.outbox("conflict")) == 1, again.stderr
        assert bureau("outbox", "resolve", "3", "忘掉", code=64).returncode == 64
        gone = bureau("outbox", "resolve", "3", "discard", code=0).stdout
        assert "仍可在" in gone and bureau.outbox("conflict") == [], gone
        bureau("outbox", "send", code=0)
        assert bureau.outbox("new") == []
        words = bureau("case", "timeline", number, code=0).stdout
        assert words.index("转送后的备注") < words.index("再一条"), words


def a_refused_one_is_changed_and_sent_under_a_key_of_its_own():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        stale = bureau("case", "act", number, "转送", "forward_note=旧的", "--expect", "9", code=75)
        (old,) = bureau.outbox("conflict")
        environment = bureau.environment
        bureau.environment = lambda: dict(environment(), EDITOR=editor(daemon, "forward_note: 改过的\n--note: 另记"))
        done = bureau("outbox", "resolve", "1", "edit", code=0)
        assert "已发送 1 件" in done.stdout, (stale.stderr, done.stdout)
        assert bureau.outbox("conflict") == [] and all(k.endswith(".seen") for k in bureau.outbox("draft"))
        sent = bureau.outbox("sent")
        assert old in sent and len(sent) == 3, sent
        assert "改过的" in bureau("case", "timeline", number, code=0).stdout


def forms_are_filled_in_by_an_editor_or_a_file_and_drafts_wait():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        daemon.people("yanglujing02")
        mediator = Cli(daemon, "yanglujing02")
        environment = mediator.environment
        form = "标题: 树枝过界\n纠纷类型：邻里\n纠纷简况: 树枝伸过院墙。\n  多次协商未果。"
        mediator.environment = lambda: dict(environment(), EDITOR=editor(daemon, form))
        done = mediator("登记", "--flow", "人民调解", "--place", VILLAGE, "--party", "申请人：演示村民01", "--edit", code=0)
        number = re.search(r"✓ (\S+)", done.stdout).group(1)
        page = mediator("case", "show", number, code=0).stdout
        assert "树枝伸过院墙。" in page and "多次协商未果。" in page, page
        mediator.environment = lambda: dict(environment(), EDITOR=editor(daemon, "申请方同意调解: 行"))
        wrong = mediator("办理", number, "受理", "--edit", code=64)
        assert "您填的内容还在，可用 -f " in wrong.stderr, wrong.stderr
        kept = re.search(r"-f (\S+) ", wrong.stderr).group(1)
        with open(kept, encoding="utf-8") as f:
            assert "申请方同意调解: 行" in f.read()
        with open(kept + ".seen", encoding="utf-8") as f:
            offered = f.read()
        assert "# 申请方同意调解（必须填写；是/否）" in offered and "\n--note:\n" in offered, offered
        with open(kept, "w", encoding="utf-8") as f:
            f.write("# 改好了\n申请方同意调解：是\n对方同意调解：是\n--note：双方到场\n")
        draft = mediator("办理", number, "受理", "-f", kept, "--draft", code=0).stdout
        assert "已存为草稿" in draft and len([k for k in mediator.outbox("draft") if k.count("-") == 4]) == 1
        assert "草稿，未发送" in mediator("outbox", "list", code=0).stdout
        assert "已登记" in mediator("case", "show", number, code=0).stdout
        mediator("outbox", "send", "1", code=0)
        assert "双方到场" in mediator("case", "timeline", number, code=0).stdout
        mediator.environment = lambda: dict(environment(), EDITOR="true")
        nothing = mediator("办理", number, "开始调解", "--edit", code=64)
        assert "没有改动" in nothing.stderr, nothing.stderr
        mediator.environment = lambda: dict(environment(), EDITOR="false")
        assert "没有正常结束" in mediator("办理", number, "开始调解", "--edit").stderr


def a_stick_carries_what_waits_and_nothing_happens_twice():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        village, office = Cli(daemon, "hainan.xfj02"), Cli(daemon, "hainan.xfj02")
        number = opened(village, "--body", "hainan.xfj")
        daemon.kill()
        village("case", "note", number, "村里写的", code=75)
        stick = os.path.join(daemon.folder, "stick.jsonl")
        assert "已拷出 1 件" in village("outbox", "export", stick, code=0).stderr
        back(daemon, village)
        assert "已读入 1 件，另有 0 件" in office("outbox", "import", stick, code=0).stdout
        assert "已读入 0 件，另有 1 件" in office("outbox", "import", stick, code=0).stdout
        assert "已发送 1 件" in office("outbox", "send", code=0).stdout
        assert "另有 1 件" in office("outbox", "import", stick, code=0).stdout, "it was sent already"
        village("outbox", "send", code=0)
        rows = village.json("case", "timeline", number)["items"]
        assert sum("村里写的" in json.dumps(row, ensure_ascii=False) for row in rows) == 1, rows
        with open(stick, encoding="utf-8") as f:
            line = json.loads(f.read())
        assert "token" not in line["line"]
        for bad in ("{}", "x", json.dumps(dict(line, line=line["line"].replace("case.note", "user.passwd"))),
                    json.dumps(dict(line, key="../../x"))):
            with open(stick, "w", encoding="utf-8") as f:
                f.write(bad + "\n")
            refused = office("outbox", "import", stick)
            assert refused.returncode == 65 and "第 1 行" in refused.stderr, (bad, refused.stderr)
        assert office.outbox("new") == []


if __name__ == "__main__":
    run(
        what_was_seen_is_read_without_a_line,
        the_copies_go_with_the_login_and_shared_machines_keep_none,
        what_lost_a_race_is_shown_beside_what_there_is_and_decided,
        a_refused_one_is_changed_and_sent_under_a_key_of_its_own,
        forms_are_filled_in_by_an_editor_or_a_file_and_drafts_wait,
        a_stick_carries_what_waits_and_nothing_happens_twice,
    )
