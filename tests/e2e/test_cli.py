"""The client against a real daemon: what a mediator types, at 80 columns, in Chinese."""
import codecs
import json
import os
import pty
import re
import select
import shlex
import socket
import subprocess
import tempfile
import threading
import unicodedata

from harness import BUILD, Daemon, PASSWORD, SOURCE, VILLAGE, run

FENGQIAO = os.path.join(BUILD, "core", "client", "fengqiao")
FIELDS = ["subject=路灯不亮", "text=村口路灯坏了两个月"]


class Cli:
    """The client of one person, with a home of its own."""

    def __init__(self, daemon, user=None):
        self.daemon = daemon
        self.home = tempfile.mkdtemp(prefix="home-", dir=daemon.folder)
        self.server = "127.0.0.1:%d" % daemon.port
        if user:
            done = self("login", user, "--password-file", "-", given=PASSWORD)
            assert done.returncode == 0, done.stderr

    def environment(self):
        environment = self.daemon.environment()
        environment.update(HOME=self.home, COLUMNS="80", FENGQIAO_SERVER=self.server, TERM="xterm", LANG="C")
        for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            environment.pop(name, None)
        return environment

    def __call__(self, *words, given="", code=None):
        done = subprocess.run([FENGQIAO] + list(words), input=given, capture_output=True, text=True,
                              env=self.environment(), timeout=300, cwd=SOURCE)
        assert "Sanitizer" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words):
        return json.loads(self(*words, "--json", code=0).stdout)

    def outbox(self, folder):
        path = os.path.join(self.home, ".local/share/fengqiao/outbox", folder)
        return sorted(os.listdir(path)) if os.path.isdir(path) else []


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def opened(cli, *more):
    return cli.json("case", "open", "--flow", "petition", "--place", VILLAGE, *FIELDS, *more)["case"]


def a_petition_goes_its_way_in_the_client():
    with Daemon(flows=None) as daemon:
        daemon.people("yanglujing01", "hainan.xfj02")
        clerk = Cli(daemon, "yanglujing01")
        done = clerk("案件", "登记", "--flow", "信访事项", "--place", VILLAGE, "--body", "yanglujing.vc", *FIELDS)
        assert done.returncode == 0 or "yanglujing.vc" in done.stderr, done.stderr
        number = opened(clerk) if done.returncode else re.search(r"✓ (\S+)", done.stdout).group(1)
        if done.returncode == 0:
            for words in ("已登记", "下一步：", "期限：", "查看：fengqiao case show " + number):
                assert words in done.stdout, done.stdout
        page = clerk("case", "show", number, code=0).stdout
        for words in (number, "信访事项 · 已登记", "路灯不亮", "可办理的动作", "转送", "还剩"):
            assert words in page, page
        can = clerk("case", "can", number, "受理").stdout
        assert "不能" in can, can
        passed = clerk("case", "act", number, "上送信访局", "forward_note=请转送").stdout
        assert "海南区信访局" in passed, passed
        forwarded = Cli(daemon, "hainan.xfj02")("case", "act", number, "转送", "forward_note=请办理").stdout
        assert "已登记 → 已转送" in forwarded, forwarded
        assert "下一步：" in forwarded
        timeline = clerk("case", "timeline", number, code=0).stdout
        assert "转送" in timeline, timeline
        assert "办理记录完整" in clerk("case", "verify", number, code=0).stdout
        assert "15日" in clerk("case", "why", number, code=0).stdout
        note = clerk("备注", number, "已电话联系", "信访人").stdout
        assert "✓ " + number in note, note
        assert clerk.outbox("new") == [] and len(clerk.outbox("sent")) >= 2


def lateness_shows_in_words_colour_and_mark_within_eighty_columns():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        for i in range(3):
            opened(bureau, "--body", "hainan.xfj")
        rows = bureau("case", "list", code=0).stdout.splitlines()
        assert "编号" in rows[0] and "剩余" in rows[0], rows
        assert all(cells(row) <= 80 for row in rows), rows
        assert all("还剩" in row for row in rows[1:4]), rows
        daemon.clock("2020-03-20T09:00:00")
        late = bureau("inbox", code=0).stdout
        assert "! 已超期" in late, late
        assert "\x1b[" not in late, "a pipe gets no colours"
        rows = bureau.json("case", "list", "--late")["items"]
        assert len(rows) == 3 and all(row["due"]["colour"] == "red" for row in rows), rows
        plain = bureau("case", "list", "--plain", code=0).stdout.splitlines()
        assert len(plain) == 3 and all(row.count("\t") == 6 for row in plain), plain
        csv = bureau("case", "list", "--csv", code=0).stdout
        assert csv.startswith("\ufeff编号,"), csv
        assert bureau("case", "list", "--state", "办理中", "--exit-code").returncode == 1


def mistakes_are_answered_with_what_would_help():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        wrong = bureau("case", "act", number, "转宋")
        assert wrong.returncode in (64, 66), (wrong.returncode, wrong.stderr)
        assert "转送" in wrong.stderr and "下一步" in wrong.stderr, wrong.stderr
        assert "这里可办" in wrong.stderr, wrong.stderr
        gone = bureau("case", "show", "乌无99-0001", code=66)
        assert "下一步" in gone.stderr
        missing = bureau("case", "open", "--flow", "petition", "--place", VILLAGE, "subject=x")
        assert missing.returncode == 64 and "诉求内容" in missing.stderr, missing.stderr
        flow = bureau("case", "open", "--flow", "petitoin", "--place", VILLAGE, *FIELDS)
        assert "petition" in flow.stderr and flow.returncode == 64, flow.stderr
        stale = bureau("case", "act", number, "转送", "--expect", "7")
        assert stale.returncode == 75, stale.stderr
        assert len(bureau.outbox("conflict")) == 1
        assert "冲突" in bureau("help", "离线", code=0).stdout
        stranger = Cli(daemon)
        assert stranger("inbox").returncode == 77
        bad = stranger("login", "hainan.xfj02", "--password-file", "-", given="wrong")
        assert bad.returncode == 77, bad.stderr
        as_json = bureau("case", "show", "乌无99-0001", "--json")
        assert json.loads(as_json.stderr)["error"]["kind"] == "not_found"
        english = bureau("case", "show", "乌无99-0001", "--lang", "en").stderr
        assert "What next" in english and not re.search("[\u4e00-\u9fff]", english.split("\n")[1]), english


def what_a_mediator_types_is_understood_or_answered():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        daemon.people("yanglujing02")
        mediator = Cli(daemon, "yanglujing02")
        words = ("登记", "--flow", "人民调解", "--place", VILLAGE, "--party", "申请人：演示村民01", "纠纷类型=邻里",
                 "标题=树枝过界", "纠纷简况=树枝伸过院墙，多次协商未果。")
        done = mediator(*words, "--received", "昨天下午3点半", code=0).stdout
        number = re.search(r"✓ (\S+)", done).group(1)
        assert "接着：fengqiao case act %s 征求对方意愿\n" % number in done, done
        done = mediator("办理", number, "征求对方意愿", code=0).stdout
        assert "接着：fengqiao case act %s 受理 申请方同意调解=… 对方同意调解=…\n" % number in done, done
        page = mediator("查看", number.replace("-", "—") + "号", code=0).stdout
        assert "2026-07-01 15:30" in page and "（是/否）" in page, page
        assert all(cells(line) <= 80 and line == line.rstrip() for line in page.splitlines()), page
        wrong = mediator(*words, "--received", "2月30日", code=64).stderr
        assert "不是存在的日期" in wrong and "下一步：请写" in wrong, wrong
        wrong = mediator("办理", number, "受理", "申请方同意调解=行", code=64).stderr
        assert "对方同意调解：必须填写" in wrong and "case can %s 受理" % number in wrong, wrong
        assert wrong.count("申请方同意调解只能") == 1, wrong
        mediator("办理", number, "受理", "申请方同意调解＝是", "对方同意调解＝是", code=0)
        again = mediator("办理", number, "受理", "申请方同意调解=是", "对方同意调解=是")
        assert again.returncode == 75 and "已受理" in again.stderr, again.stderr
        assert mediator.outbox("conflict") == [], "what was told at once needs no trace"
        done = mediator("办理", number, "开始调解", code=0).stdout
        assert "委托鉴定" not in done and "达成协议 协议形式=… 协议内容=…" in done, done
        can = mediator("case", "can", number, "结案归档", code=0).stdout
        assert "何时能办" in can and "case show " + number in can, can
        part = mediator("办理", number, "达成协定").stderr
        assert "您是不是想：达成协议" in part, part
        why = mediator("case", "why", number, code=0).stdout
        assert all(cells(line) <= 80 for line in why.splitlines()), why


def an_officer_works_through_many_cases():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        numbers = [opened(bureau, "--body", "hainan.xfj") for _ in range(3)]
        inbox = bureau("inbox", code=0).stdout
        assert "各行相同：流程 信访事项；责任 海南区信访局" in inbox or all(
            cells(line) <= 80 for line in inbox.splitlines()), inbox
        assert "村口" not in inbox and inbox.count("路灯不亮") == 3, inbox
        rows = bureau("case", "list", "--json=编号", code=0).stdout
        assert sorted(row["number"] for row in json.loads(rows)) == sorted(numbers), rows
        assert len(bureau.json("case", "list", "--since", "昨天", "--limit", "１０")["items"]) == 3
        assert bureau("case", "list", "--since", "明天", code=0).stdout.startswith("没有找到案件")
        near = bureau("case", "list", "--state", "没有的", code=66).stderr
        assert "fengqiao flow show" in near, near
        both = bureau("case", "note", "、".join(numbers[:2]), "已电话联系", code=0).stdout
        assert both.count("✓ ") == 2, both
        some = bureau("case", "act", "%s,乌无99-0001，%s" % tuple(numbers[:2]), "转送")
        assert some.returncode == 66 and some.stdout.count("✓ ") == 2, (some.stdout, some.stderr)
        assert "乌无99-0001" in some.stderr, some.stderr
        timeline = bureau("case", "timeline", numbers[0], code=0).stdout
        assert "     已电话联系\n" in timeline, timeline
        daemon.clock("2026-08-20T09:00:00")
        report = bureau("report", "overview", code=0).stdout
        assert all(line == line.rstrip() and cells(line) <= 80 for line in report.splitlines()), report


SMALL_FLOW = '''return workflow "wuye" {
  title = "物业纠纷", track = "people",
  roles = { mediator = at "host" { "mediator", "chief", title = "调解员" } },
  fields = { brief = text { title = "简况", required = true } },
  states = { open = { title = "办理中", initial = true, work = "mediator" }, done = { title = "办结", final = true } },
  actions = { finish = on "open -> done" { title = "办结案件", by = "mediator" } },
  clocks = { work = clock { title = "办理", limit = "10 workdays", from = "open", to = "done" } },
}
'''


def an_administrator_puts_a_flow_and_a_calendar_into_force():
    with Daemon(flows=None, start="2026-12-20T09:00:00") as daemon:
        daemon.people("wuhai.admin01", "yanglujing01", "yanglujing02")
        admin, clerk, mediator = (Cli(daemon, user) for user in ("wuhai.admin01", "yanglujing01", "yanglujing02"))
        script = os.path.join(daemon.folder, "wuye.lua")
        with open(script, "w", encoding="utf-8") as f:
            f.write(SMALL_FLOW)
        broken = SMALL_FLOW.replace("clocks =", 'tests = { scenario "没有这一步" { expect { state = "done" } } },\n  clocks =')
        wrong = os.path.join(daemon.folder, "wrong.lua")
        with open(wrong, "w", encoding="utf-8") as f:
            f.write(broken)
        refused = admin("flow", "deploy", wrong)
        assert refused.returncode != 0 and "没有这一步" in refused.stderr, refused
        deployed = admin("flow", "deploy", script, "--note", "新增物业纠纷", code=0).stdout
        assert "已登记的案件仍按登记时的版本办" in deployed, deployed
        nobody = mediator("登记", "--flow", "物业纠纷", "--place", VILLAGE, "简况=楼道灯不亮").stderr
        assert "bodies.csv 的 hosts 列" in nobody, nobody
        shown = admin("flow", "show", "people_mediation", code=0).stdout
        assert "涉及金额（元）" in shown and "（当事人申请/主动介入/移送委派）" in shown, shown
        assert all(cells(line) <= 80 for line in shown.splitlines()), shown
        number = opened(clerk)
        calendar = os.path.join(daemon.folder, "2027.lua")
        with open(calendar, "w", encoding="utf-8") as f:
            f.write('return { year = 2027, version = 1, paper = "试验", work = { "2027-01-09" },\n'
                    '  rest = { { from = "2027-01-01", to = "2027-01-05", name = "元旦" } } }\n')
        asked = admin("calendar", "load", calendar, code=0).stdout
        assert "须由另一位系统管理员确认" in asked and number not in asked, asked
        name = re.search(r"calendar load ([0-9a-f]{12})", asked).group(1)
        daemon.people("wuhai.admin02")
        second = Cli(daemon, "wuhai.admin02")
        assert "待第二位管理员确认" in second("calendar", "list", code=0).stdout
        loaded = second("calendar", "load", name, code=0).stdout
        assert number in loaded and "2027-01-06" in loaded, loaded
        again = admin("calendar", "load", calendar, code=75).stderr
        assert "version 加 1" in again and "case show" not in again, again


class DroppingProxy:
    """Passes requests on, but never an answer: the line drops while the work is done."""

    def __init__(self, port):
        self.target = port
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            with socket.create_connection(("127.0.0.1", self.target)) as onward:
                request = client.makefile("rb").readline()
                onward.sendall(request)
                onward.makefile("rb").readline()  # the answer is known to exist
            client.close()

    def close(self):
        self.server.close()


def a_change_without_answer_is_kept_and_happens_once():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        state = os.path.join(bureau.home, ".local/state/fengqiao/logins.json")
        proxy = DroppingProxy(daemon.port)
        with open(state, encoding="utf-8") as f:
            logins = json.load(f)
        direct, bureau.server = bureau.server, "127.0.0.1:%d" % proxy.port
        logins[bureau.server] = logins[direct]
        with open(state, "w", encoding="utf-8") as f:
            json.dump(logins, f)
        lost = bureau("case", "note", number, "线断了", code=75)
        assert "不会丢失" in lost.stderr and "fengqiao outbox send" in lost.stderr, lost.stderr
        (kept,) = bureau.outbox("new")
        path = os.path.join(bureau.home, ".local/share/fengqiao/outbox/new", kept)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        request = json.loads(text)
        assert request["params"]["_meta"]["key"] == kept and "\n" not in text
        assert logins[direct]["token"] not in text, "a token lies in the outbox"
        assert "尚无答复" in bureau("outbox", "list", code=0).stdout
        proxy.close()
        # The same server is reached again: its name stands in the request.
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(bureau.server, direct))
        bureau.server = direct
        again = bureau("case", "show", number, code=0)
        assert "补发" in again.stderr, again.stderr
        assert bureau.outbox("new") == [] and kept in bureau.outbox("sent")
        notes = [row for row in bureau.json("case", "timeline", number)["items"] if "线断了" in json.dumps(row, ensure_ascii=False)]
        assert len(notes) == 1, notes
        assert "0 件" in bureau("outbox", "send", code=0).stdout


def no_server_at_all_keeps_the_change_too():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        daemon.kill()
        bureau("case", "note", number, "断电", code=75)
        bureau("case", "note", number, "又一条", code=75)
        assert len(bureau.outbox("new")) == 2
        daemon.options["listen.tcp"] = bureau.server
        daemon.start()
        sent = bureau("outbox", "send")
        if sent.returncode == 0:
            assert "已发送 2 件" in sent.stdout, sent.stdout
            words = json.dumps(bureau.json("case", "timeline", number), ensure_ascii=False)
            assert words.index("断电") < words.index("又一条"), "order is kept"


def every_example_of_the_help_runs():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02", "wuhai.admin01", "yanglujing01", "wuhai.xfj02")
        bureau = Cli(daemon, "wuhai.xfj02")
        number = opened(bureau, "--body", "wuhai.xfj")
        admin = Cli(daemon, "wuhai.admin01")
        listing = bureau("help", "all", code=0).stdout
        assert "案件 办理" in listing
        docs = [line.split("`")[1].split(" ") for line in bureau("__docs", code=0).stdout.splitlines() if "`" in line]
        seen = 0
        for words in docs:
            path = [w for w in words if re.fullmatch("[a-z_]+", w)]
            text = bureau("help", *path, code=0).stdout
            if "示例" not in text:
                continue
            for line in text.split("示例\n")[1].splitlines():
                example = shlex.split(line.strip())[1:]
                if "login" in example or "logout" in example or "clock" in example:
                    continue
                for i, word in enumerate(example):
                    if word in ("1", "26-0001") and not example[i - 1].startswith("--"):
                        example[i] = number
                done = bureau(*example)
                if done.returncode == 77:
                    done = admin(*example)
                refused = done.returncode in (64, 66, 69, 75) and ("--dry-run" in example or "can" in example)
                assert done.returncode == 0 or refused, (example, done.returncode, done.stdout, done.stderr)
                seen += 1
        assert seen > 25, seen


def the_shell_runs_commands_and_says_how_the_last_went():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        done = bureau("shell", given="案件 查看 %s\ncase note . '一 条'\nwhoami\nexit\ninbox\n" % number, code=0)
        assert "路灯不亮" in done.stdout and "✓ " + number in done.stdout, done.stdout
        assert "hainan.xfj02" in done.stdout
        assert "接着" in done.stdout and "fengqiao case" not in done.stdout, done.stdout
        assert bureau("shell", given="case shwo 1\n").returncode == 64
        assert bureau("shell", given="case note 'x\n").returncode == 64


def completion_knows_commands_cases_actions_and_fields():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")

        def words(*line):
            return [row.split("\t")[0] for row in bureau("__complete", "--", *line, code=0).stdout.splitlines()]

        assert "act" in words("case", "a")
        assert words("案件", "办") == ["办理"]
        assert words("case", "show", number[-4:]) == [number]
        assert "转送" in words("case", "act", number, "")
        assert "forward" in words("case", "act", number, "f")
        assert "forward_note=" in words("case", "act", number, "forward", "")
        assert "--expect" in words("case", "act", number, "--e")
        assert "petition" in words("case", "list", "--flow", "p")
        assert "bash" in words("completion", "")
        script = bureau("completion", "bash", code=0).stdout
        assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0


class Terminal:
    """The client on a terminal of 80 columns."""

    def __init__(self, cli, *words):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(SOURCE)
            os.execve(FENGQIAO, [FENGQIAO] + list(words), cli.environment())
        self.seen = ""

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait(self, words):
        """Reads until the words came; what came before them is kept in `seen`."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while words not in self.seen:
            ready, _, _ = select.select([self.fd], [], [], 60)
            assert ready, "%r did not come: %r" % (words, self.seen)
            self.seen += decoder.decode(os.read(self.fd, 4096))
        before, self.seen = self.seen.split(words, 1)
        return before

    def close(self):
        try:
            while os.read(self.fd, 4096):
                pass
        except OSError:
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def on_a_terminal_tab_completes_and_lateness_is_coloured():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        daemon.clock("2020-03-20T09:00:00")
        shell = Terminal(bureau, "shell")
        shell.wait("hainan.xfj02")
        shell.type("案件 办\t")
        shell.wait("办理 ")
        shell.type("%s 转\t" % number[-4:])
        shell.type("\x15")  # the line is given up
        shell.type("待办\r")
        shell.wait("\x1b[1;31m! 已超期")
        shell.wait("件待办")
        shell.type("exit\r")
        assert shell.close() == 0
        with open(os.path.join(bureau.home, ".local/state/fengqiao/history"), encoding="utf-8") as f:
            assert "待办" in f.read()


def events_are_followed_and_resumed():
    with Daemon(flows=None) as daemon:
        daemon.people("wuhai.xfj02")
        bureau = Cli(daemon, "wuhai.xfj02")
        number = opened(bureau, "--body", "wuhai.xfj")
        bureau("case", "note", number, "第一条", code=0)
        lines = bureau("subscribe", "--since", "0", "--count", "2", "--json", code=0).stdout.splitlines()
        assert [json.loads(line)["seq"] for line in lines] == [1, 2], lines


def a_login_is_private_and_can_be_forgotten():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        state = os.path.join(bureau.home, ".local/state/fengqiao/logins.json")
        assert os.stat(state).st_mode & 0o777 == 0o600
        assert "海南区信访局" in bureau("whoami", code=0).stdout
        bureau("logout", code=0)
        assert bureau("whoami").returncode == 77


if __name__ == "__main__":
    run(a_petition_goes_its_way_in_the_client,
        lateness_shows_in_words_colour_and_mark_within_eighty_columns,
        mistakes_are_answered_with_what_would_help,
        what_a_mediator_types_is_understood_or_answered,
        an_officer_works_through_many_cases,
        an_administrator_puts_a_flow_and_a_calendar_into_force,
        a_change_without_answer_is_kept_and_happens_once,
        no_server_at_all_keeps_the_change_too,
        every_example_of_the_help_runs,
        the_shell_runs_commands_and_says_how_the_last_went,
        completion_knows_commands_cases_actions_and_fields,
        on_a_terminal_tab_completes_and_lateness_is_coloured,
        events_are_followed_and_resumed,
        a_login_is_private_and_can_be_forgotten)
