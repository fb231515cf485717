"""The desk in a real terminal (tmux), driven by keys, its screens compared as text.

Nothing is waited for by sleeping: a screen is read until it shows what is expected, up to a limit.
"""
import json
import codecs
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

from harness import MEDIATOR, PASSWORD, PATIENCE, VILLAGE, Daemon, run
from test_cli import FENGQIAO, Cli, cells
from test_cli_print import printing, starts_with
from test_documents import PLUGIN, agree, documents, register

FIELDS = {"kind": "邻里", "subject": "树枝过界", "text": "树枝伸过院墙，多次协商未果。"}
PARTIES = [{"role": "申请人", "name": "演示村民01"}, {"role": "被申请人", "name": "演示村民02"}]


class Desk:
    """fengqiao desk in a tmux of its own."""

    def __init__(self, cli, columns=80, rows=24, **environment):
        self.folder = tempfile.mkdtemp(prefix="fq-tmux-")
        self.socket = os.path.join(self.folder, "s")
        settings = cli.environment()
        settings.pop("COLUMNS", None)
        settings.update(environment)
        # tmux gives its first program the environment of its server.
        given = ["%s=%s" % item for item in settings.items() if item[0] != "TERM"]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "env", *given,
                  FENGQIAO, "desk", environment=settings)

    def tmux(self, *words, environment=None, check=True):
        done = subprocess.run(["tmux", "-u", "-S", self.socket, *words], capture_output=True, text=True,
                              env=environment or os.environ, timeout=PATIENCE)
        assert not check or done.returncode == 0, (words, done.stderr)
        return done.stdout

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            sys.stderr.write("--- the screen\n" + self.tmux("capture-pane", "-p", check=False))
        self.tmux("kill-server", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def see(self, *wanted, without=()):
        """The screen, once it shows every text wanted and none of the others."""
        end = time.monotonic() + PATIENCE
        while True:
            screen = self.screen()
            if all(w in screen for w in wanted) and not any(w in screen for w in without):
                return screen
            missing = [w for w in wanted if w not in screen]
            assert time.monotonic() < end, "not on the screen: %s\n%s" % (missing, screen)
            time.sleep(0.05)

    def keys(self, *names):
        """Keys by tmux's names: F2, Enter, Escape, Up, BTab …"""
        for name in names:
            self.tmux("send-keys", name)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def choose(self, title):
        """Goes down to the line of the list that begins with the title, and presses Enter."""
        self.see("▸")
        for _ in range(40):
            line = next(line for line in self.screen().split("\n") if "▸" in line)
            if re.search(r"▸ *[0-9-]+ +" + re.escape(title), line):
                break
            self.keys("Down")
            end = time.monotonic() + 2  # the last line stays where it is
            while line in self.screen() and time.monotonic() < end:
                time.sleep(0.02)
        else:
            raise AssertionError("no line %s\n%s" % (title, self.screen()))
        self.keys("Enter")

    def press_number(self, title):
        """Types the number in front of the title; Enter too, where a longer number might be meant."""
        screen = self.see(title)
        number = re.search(r"(\d+) +" + re.escape(title), screen).group(1)
        self.type(number)
        end = time.monotonic() + PATIENCE
        while self.screen() == screen and time.monotonic() < end:
            time.sleep(0.02)
        if "再按一位数字" in self.screen():
            self.keys("Enter")

    def gone(self):
        """The program has ended (its tmux ends with it)."""
        end = time.monotonic() + PATIENCE
        while subprocess.run(["tmux", "-S", self.socket, "has-session"], capture_output=True).returncode == 0:
            assert time.monotonic() < end, self.screen()
            time.sleep(0.05)


def opened(client, subject="树枝过界", **more):
    fields = dict(FIELDS, subject=subject, **more)
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields=fields, parties=PARTIES)["case"]


def framed(screen, columns):
    """Every line of the screen is as wide as the window, by cells."""
    lines = screen.rstrip("\n").split("\n")
    assert lines[0][0] in "┌+" and lines[-1][0] in "└+", screen
    for line in lines:
        assert cells(line) == columns, (cells(line), line)
    return lines


def what_is_late_is_found_opened_and_done_by_keys_alone():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        late = opened(mediator, "院墙滴水")
        daemon.clock("2026-07-09T09:00:00")
        opened(mediator)
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            screen = desk.see("我的待办", "● 在线", "! 已超期2个工作日", "院墙滴水", "下一步：羊路井村人民调解委员会")
            assert "已超期 1" in screen and "共 2 件" in screen, screen
            assert screen.index("院墙滴水") < screen.index("树枝过界"), "the late one stands first"
            framed(screen, 80)
            desk.type("1")
            screen = desk.see(late, "申请人 演示村民01", "当前环节：已登记（征求意愿）", "2026-07-08 00:00  ", "  受理  ")
            assert "需填：申请方同意调解、对方同意调解" in screen, screen
            framed(screen, 80)
            desk.press_number("受理  ")
            desk.see("受理 → 已受理", "申请方同意调解 *")
            desk.keys("F2")  # nothing filled in yet
            desk.see("必须填写")
            desk.type("1")
            desk.keys("Tab")
            desk.type("１")  # what an input method types
            desk.keys("F2")
            screen = desk.see("✓ " + late, "当前环节：已受理", "开始调解  ")
            framed(screen, 80)
            desk.press_number("开始调解  ")
            desk.see("没有需要填写的内容")
            desk.keys("Enter")
            desk.see("当前环节：调解中")
            assert mediator.call("case.get", case=late)["state"] == "mediating"
            desk.keys("Escape")
            desk.see("我的待办")
            desk.keys("F10")
            desk.gone()


def fixed_port(daemon):
    """The daemon comes back where it was."""
    daemon.write_config('return { listen = { tcp = "127.0.0.1:%d", unix = "s.sock" }, database = "fq.db" }\n'
                        % daemon.port)


def actions_of(client, case):
    """Titles of what people did, oldest first."""
    items = client.call("case.timeline", case=case)["items"]
    return [row["title"] for row in items if row["actor"] != "system"]


def a_line_that_drops_is_told_and_what_was_done_is_sent_once():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        case = opened(mediator)
        cli = Cli(daemon, "yanglujing02")
        fixed_port(daemon)
        with Desk(cli) as desk:
            desk.see("我的待办", "● 在线", "您可以办：")
            desk.type("1")
            desk.see("2026-07-02 09:00  登记")
            daemon.kill()
            screen = desk.see("○ 离线", "正在连接…（第")
            assert "2026-07-02 09:00  登记" in screen, "what was read stays"
            desk.choose("受理")
            desk.see("受理 → 已受理", "没有连上服务器")
            desk.type("1")
            desk.keys("Tab")
            desk.type("1")
            desk.keys("F2")
            screen = desk.see("○ 离线（待发 1）", "已存入“待发”")
            framed(screen, 80)
            assert len(cli.outbox("new")) == 1
            desk.keys("F4")
            desk.see("备注       *")
            desk.type("双方到场，愿意坐下来谈。")
            desk.keys("F2")
            desk.see("○ 离线（待发 2）")
            daemon.start()
            desk.see("● 在线", "当前环节：已受理", "双方到场，愿意坐下来谈。", without=("待发 1", "待发 2"))
            assert cli.outbox("new") == [] and len(cli.outbox("sent")) == 2, cli.outbox("conflict")
            assert actions_of(daemon.login("yanglujing02"), case) == ["登记", "受理", "备注"]


def without_a_server_what_was_seen_is_there_at_the_start_too():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        opened(mediator)
        cli = Cli(daemon, "yanglujing02")
        with Desk(cli) as desk:
            desk.see("● 在线", "您可以办：")
            desk.type("1")
            desk.see("2026-07-02 09:00  登记")
            desk.keys("Escape", "F10")
            desk.gone()
        daemon.kill()
        with Desk(cli) as desk:
            desk.see("○ 离线", "树枝过界", "的副本）")
            desk.type("1")
            desk.see("申请人 演示村民01", "登记", "的副本）")


def two_people_at_once_end_in_both_sides_beside_each_other():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        mediator, chief = daemon.people("yanglujing02", "yanglujing03")
        case = opened(mediator)
        cli = Cli(daemon, "yanglujing02")
        with Desk(cli) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.see("▸")
            desk.choose("撤回")
            screen = desk.see("撤回 → 撤回", "原因")
            title = screen.split("\n")[0]
            desk.type("申请人说需要再谈三天")
            desk.see("申请人说需要再谈三天")
            chief.change("case.note", case=case, text="主任先打了电话。")
            desk.keys("F2")
            screen = desk.see("我办的", "服务器上的", "申请人说需要再谈三天", "服务器上已变化", "1  重做", "2  放弃",
                              "备注")
            framed(screen, 80)
            sides = [line.split("│") for line in screen.split("\n") if line.count("│") == 3]
            assert any("申请人说需要再谈三天" in side[1] for side in sides), screen
            assert any("备注" in side[2] for side in sides), screen
            assert len(cli.outbox("conflict")) == 1
            desk.type("1")
            again = desk.see("申请人说需要再谈三天", "原因", without=("服务器上的",))
            assert again.split("\n")[0] == title, again
            desk.keys("F2")
            desk.see("✓ " + case)
            assert cli.outbox("conflict") == [] and cli.outbox("new") == []


def every_size_is_filled_and_a_new_size_is_taken_up():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        case = opened(mediator)
        cli = Cli(daemon, "yanglujing02")
        for columns, rows in ((66, 20), (120, 40)):
            with Desk(cli, columns, rows) as desk:
                screen = desk.see("我的待办", "树枝过界", "您可以办：")
                assert len(framed(screen, columns)) == rows
                desk.type("1")
                screen = desk.see("申请人 演示村民01", "受理", "登记")
                assert len(framed(screen, columns)) == rows
                assert case in screen.split("\n")[0] and "已登记（征求意愿）" in screen, screen
        with Desk(cli) as desk:
            desk.see("我的待办", "您可以办：")
            for columns, rows in ((120, 40), (66, 20), (80, 24)):
                desk.tmux("resize-window", "-x", str(columns), "-y", str(rows))
                end = time.monotonic() + PATIENCE
                while True:
                    screen = desk.screen().rstrip("\n")
                    lines = screen.split("\n")
                    if len(lines) == rows and all(cells(line) == columns for line in lines) and "树枝过界" in screen:
                        break
                    assert time.monotonic() < end, screen
                    time.sleep(0.05)
            desk.tmux("resize-window", "-x", "50", "-y", "12")
            desk.see("窗口太小")
            desk.tmux("resize-window", "-x", "80", "-y", "24")
            framed(desk.see("我的待办", without=("窗口太小",)), 80)


def a_new_case_is_registered_in_chinese_and_a_draft_survives():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        cli = Cli(daemon, "yanglujing02")
        with Desk(cli) as desk:
            desk.see("没有待办事项")
            desk.see("● 在线")
            for _ in range(100):  # what the form needs is read in the background
                desk.keys("F3")
                if "登记哪一类案件？" in desk.screen():
                    break
                time.sleep(0.1)
            desk.see("登记哪一类案件？")
            desk.type("人民调解")
            desk.see("1  人民调解", without=("信访事项",))
            desk.keys("Enter")
            desk.see("新登记 · 人民调解", "申请人", "纠纷简况")
            desk.type("演示村民01")
            desk.keys("Tab")
            desk.type("演示村民02")
            desk.keys("Tab")
            desk.type("羊路井村")  # into a field that is chosen from a list: the list opens and narrows
            desk.see("筛选： 羊路井村", "1  羊路井村")
            desk.keys("Enter")
            desk.see("标题", "羊路井村")
            desk.type("树枝过界")
            desk.keys("Enter")
            desk.type("树枝伸过院墙，")
            desk.keys("Enter")
            desk.type("多次协商未果。")
            screen = desk.see("多次协商未果。")
            framed(screen, 80)
            desk.keys("Escape")
            desk.see("已存为草稿", "没有待办事项")
            desk.keys("F3")
            desk.see("登记哪一类案件？")
            desk.type("人民调解")
            desk.see("1  人民调解", without=("信访事项",))
            desk.keys("Enter")
            desk.see("已恢复上次填写", "演示村民02", "多次协商未果。")
            desk.keys("F2")
            desk.see("✓ 羊调26-0001")
            desk.see("树枝过界", "共 1 件")
            page = mediator.call("case.get", case="羊调26-0001")
            assert page["parties"] == PARTIES, page["parties"]
            values = {f["name"]: f["value"] for f in page["fields"]}
            assert values["text"] == "树枝伸过院墙，\n多次协商未果。", values


def everything_is_reached_without_letters_and_function_keys():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        case = opened(mediator)
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            desk.see("您可以办：")
            desk.type("０")
            desk.see("菜单", "6  待发")
            desk.type("６")
            desk.see("待发是空的")
            desk.keys("Escape")
            desk.see("我的待办")
            desk.type("、")
            desk.see("查找：")
            desk.type("２６－１")
            desk.keys("Enter")
            desk.see("搜索：２６－１", case, "共 1 件")
            desk.type("１")
            desk.see("申请人 演示村民01")
            desk.type("0")
            desk.see("菜单", "更多")
            desk.choose("更多")
            desk.see("时限怎么算")
            desk.choose("时限怎么算")
            desk.see("起算", "紧急度：")
            desk.keys("Escape")
            desk.type("？")
            desk.see("帮助", "上半部分")
            desk.keys("Escape", "Escape", "Escape")
            desk.see("我的待办")
            desk.type("0")
            desk.choose("退出")
            desk.gone()


def what_others_do_shows_by_itself():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        mediator, chief = daemon.people("yanglujing02", "yanglujing03")
        first = opened(mediator)
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            desk.see("共 1 件", "您可以办：")
            opened(chief, "院墙滴水")
            desk.see("共 2 件", "院墙滴水")
            desk.choose("羊调26-0001")
            desk.see("申请人 演示村民01", "登记")
            chief.change("case.note", case=first, text="主任已到现场看过。")
            desk.see("主任已到现场看过。")


def the_last_step_is_taken_back_while_that_is_possible():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        case = opened(mediator)
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.choose("受理")
            desk.see("受理 → 已受理")
            desk.type("1")
            desk.keys("Tab")
            desk.type("1")
            desk.keys("F2")
            desk.see("当前环节：已受理", "F8撤销上一步")
            desk.keys("F8")
            desk.see("撤销您在 %s 上的最后一步" % case, "1  是", "2  否")
            desk.type("2")
            desk.see("当前环节：已受理")
            desk.keys("F8")
            desk.see("1  是")
            desk.type("1")
            desk.see("当前环节：已登记（征求意愿）", without=("F8撤销上一步",))
            assert mediator.call("case.get", case=case)["state"] == "registered"

JOINT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "joint")


def picked_up(desk, title):
    """F9, then the offer of that title."""
    desk.keys("F9")
    desk.see("筛选：", title)
    desk.type(title)
    desk.see("筛选： " + title)
    desk.choose(title)


def a_file_is_attached_while_one_works_on_and_goes_on_after_a_broken_line():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        case = opened(mediator)
        fixed_port(daemon)
        cli = Cli(daemon, "yanglujing02")
        photo = os.path.join(cli.home, "现场照片.jpg")
        with open(photo, "wb") as f:
            f.write(os.urandom(700 << 10))
        os.mkdir(os.path.join(cli.home, "录音"))
        with open(os.path.join(cli.home, "录音", "谈话.mp3"), "wb") as f:
            f.write(os.urandom(12 << 20))
        with Desk(cli) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.see("F3加附件", "F6文书", "登记")
            desk.keys("F3")
            framed(desk.see("添加哪份附件？", "1  输入路径", "2  现场照片.jpg", "700.0 KiB", "3  录音", "文件夹", "上一级"), 80)
            desk.type("2")
            desk.see("✓ " + case)
            (found,) = mediator.call("case.get", case=case)["files"]
            assert (found["name"], found["size"], found["media"]) == ("现场照片.jpg", 700 << 10, "image/jpeg"), found
            desk.keys("F3")
            desk.see("1  输入路径")
            desk.type("1")
            desk.see("文件路径：")
            desk.type("没有这个.pdf")
            desk.keys("Enter")
            desk.see("读不到")
            desk.keys(*["BSpace"] * len("没有这个.pdf"))
            desk.type("~/录音/谈话.mp3")
            desk.keys("Enter")
            desk.see("正在上传 谈话.mp3：", "（")
            daemon.kill()
            desk.see("○ 离线", "恢复联网后接着上传")
            desk.keys("Tab")  # one works on
            desk.see("[内容]")
            desk.keys("F3")
            desk.see("有一份附件正在上传")
            desk.keys("F10", "F10")
            desk.see("附件正在上传，现在退出吗？")
            desk.type("2")
            daemon.start()
            desk.see("● 在线", "共 1 件")
            desk.type("1")
            desk.keys("BTab")
            desk.see("[关联·任务·附件]", "谈话.mp3", "现场照片.jpg", without=("正在上传",))
            picked_up(desk, "撤下附件")
            desk.see("撤下哪份附件？")
            desk.choose("谈话.mp3")
            desk.see("撤下附件", "原因")
            desk.type("不是本案的录音")
            desk.keys("F2")
            desk.see("✓ " + case)
            files = daemon.login("yanglujing02").call("case.get", case=case)["files"]
            assert [f["name"] for f in files] == ["现场照片.jpg"], files


def a_paper_is_made_into_a_file_and_printed():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        cli = printing(daemon)
        with Desk(cli) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.see("F6文书", "登记")
            desk.keys("F6")
            screen = desk.see(case + " 文书", "人民调解申请书", "可以打印", "还缺：")
            framed(screen, 80)
            desk.type("人民调解协议书")
            desk.see("1  人民调解协议书", without=("申请书",))
            desk.keys("Enter")
            desk.see("1  存为文件", "还缺：", "3  草稿存为文件")
            desk.type("1")
            desk.see("! 还缺：")
            desk.keys("F6")
            desk.type("人民调解协议书")
            desk.see("1  人民调解协议书", without=("申请书",))
            desk.keys("Enter")
            desk.see("3  草稿存为文件")
            desk.type("3")
            desk.see("✓ 已写入：" + cli.home[:10], "文号：（草稿")
            desk.keys("Escape")
            agree(mediator, case)
            desk.see("当前环节：")
            desk.keys("F6")
            desk.type("人民调解协议书")
            desk.see("1  人民调解协议书", without=("申请书", "还缺："))
            desk.keys("Enter")
            desk.see("1  存为文件", without=("还缺：",))
            desk.type("1")
            desk.see("✓ 已写入：", "第0001号")
            desk.keys("Escape", "F6")
            desk.see("已编号：")
            desk.type("人民调解协议书")
            desk.see("1  人民调解协议书", without=("申请书",))
            desk.keys("Enter")
            desk.see("2  打印")
            desk.type("2")
            desk.see("✓ 打印机已收下")
        made = [name for name in os.listdir(cli.home) if name.endswith(".pdf")]
        assert len(made) == 2, made
        assert starts_with(os.path.join(cli.home, made[0]), b"%PDF-")
        assert starts_with(os.path.join(cli.home, "lp.paper"), b"%PDF-")


def without_the_plugin_the_desk_says_so():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        opened(mediator)
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.see("F6文书", "登记")
            desk.keys("F6")
            desk.see("没有安装文书插件")


def other_bodies_are_asked_and_answer_by_keys():
    with Daemon(flows=JOINT) as daemon:
        mediator, labour, town = daemon.people(MEDIATOR, "hainan.rsj02", "bayintaohai.sfs01")
        mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "欠薪"})
        mediator.change("case.act", case="1", action="ask_all")
        with Desk(Cli(daemon, "hainan.rsj02")) as desk:
            desk.see("会办意见", "欠薪")
            desk.type("1")
            desk.see("1  回复：会办意见")
            desk.type("1")
            desk.see("意见 ", "同意", "回复")
            desk.type("1")
            desk.keys("Tab")
            desk.type("应予支付。")
            desk.keys("F2")
            desk.see("✓ 羊调20-0001", without=("1  回复：会办意见",))
        with Desk(Cli(daemon, "bayintaohai.sfs01")) as desk:
            desk.see("会办意见", "欠薪")
            desk.type("1")
            desk.see("退回：会办意见")
            desk.press_number("退回：会办意见")
            desk.see("原因 ")
            desk.type("不属本所职责")
            desk.keys("F2")
            desk.see("✓ 羊调20-0001", without=("退回：会办意见",))
        answered = {t["body"]: t for t in mediator.call("case.get", case="1")["tasks"]}
        assert answered["hainan.rsj"]["opinion"] == "同意" and answered["hainan.rsj"]["answer"] == "应予支付。", answered
        assert answered["bayintaohai.sfs"]["state"] == "returned", answered
        with Desk(Cli(daemon, MEDIATOR)) as desk:
            desk.see("欠薪")
            desk.type("1")
            desk.see("当前环节：")
            picked_up(desk, "增加任务")
            desk.see("增加哪项任务？", "走访")
            desk.type("1")
            desk.see("要求 ")
            screen = desk.screen()
            if "交由单位" in screen:
                desk.type("巴音陶亥镇司法所")
                desk.see("筛选：", "1  巴音陶亥镇司法所")
                desk.keys("Enter")
            desk.type("请核实现场")
            desk.see("请核实现场")
            desk.keys("F2")
            desk.see("✓ 羊调20-0001", "取消：走访")
            desk.press_number("取消：走访")
            desk.see("原因 ")
            desk.type("已当面说明")
            desk.keys("F2")
            desk.see("✓ 羊调20-0001", without=("取消：走访",))
            visit = mediator.call("case.get", case="1")["tasks"][-1]
            assert (visit["state"], visit["text"], visit["reason"]) == ("cancelled", "请核实现场", "已当面说明"), visit


def a_case_is_urged_and_the_handler_answers():
    with Daemon(flows=JOINT) as daemon:
        mediator, bureau = daemon.people(MEDIATOR, "hainan.xfj02")
        mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "欠薪"})
        with Desk(Cli(daemon, "hainan.xfj02")) as desk:
            desk.see("● 在线", "没有待办")
            desk.type("/20-1")
            desk.keys("Enter")
            desk.see("搜索：20-1", "羊调20-0001")
            desk.type("1")
            desk.see("当前环节：")
            picked_up(desk, "催办督办")
            screen = desk.see("方式  ", "要求  ", "督办  请按数字")
            number = re.search(r"(\d) 督办", screen).group(1)
            desk.type(number)
            desk.keys("Tab")
            desk.type("请说明进展")
            desk.keys("F2")
            desk.see("✓ 羊调20-0001")
        with Desk(Cli(daemon, MEDIATOR)) as desk:
            desk.see("督办", "欠薪")
            desk.type("1")
            desk.see("回复：督办", "请说明进展")
            desk.press_number("回复：督办")
            desk.see("回复  ")
            desk.type("本周办结")
            desk.keys("F2")
            desk.see("✓ 羊调20-0001", without=("回复：督办",))
        page = mediator.call("case.get", case="1")
        assert page["tasks"][-1]["answer"] == "本周办结" and page["host"]["id"] == "yanglujing.tw", page["tasks"]


def hidden_numbers_are_shown_for_a_reason():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        parties = [dict(PARTIES[0], phone="13000000001"), PARTIES[1]]
        case = mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields=FIELDS, parties=parties)["case"]
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.see("登记", "当前环节：")
            picked_up(desk, "显示号码")
            desk.see("将永久记入办理记录", "按回车从名单中选")
            desk.keys("Enter")
            desk.see("1  申请人 演示村民01")
            desk.type("1")
            desk.see("将永久记入办理记录")
            desk.keys("F2")
            desk.see("! 原因：必须填写")
            desk.type("约定调解时间")
            desk.keys("F2")
            desk.see("13000000001")
            desk.keys("Escape")
            desk.see("当前环节：", "约定调解时间", without=("13000000001",))
        kept = "".join(open(os.path.join(folder, name), "rb").read().decode(errors="replace")
                       for folder, _, names in os.walk(os.path.join(daemon.folder)) if "home-" in folder for name in names)
        assert "13000000001" not in kept, "the number stayed on this computer"


def who_must_not_handle_it_is_kept_out_and_let_in_again():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        mediator, chief = daemon.people("yanglujing02", "yanglujing03")
        case = opened(mediator)
        mediator.change("case.claim", case=case)
        with Desk(Cli(daemon, "yanglujing03")) as desk:
            desk.see("● 在线")
            desk.type("/26-1")
            desk.keys("Enter")
            desk.see("搜索：26-1", "树枝过界")
            desk.type("1")
            desk.see("当前环节：")
            picked_up(desk, "回避")
            desk.see("何人  ", "按回车从名单中选")
            desk.keys("Enter")
            desk.see("筛选：", "1  ")
            name = mediator.call("auth.whoami")["name"]
            desk.choose(name)
            desk.type("与被申请人是近亲属")
            desk.see("与被申请人是近亲属")
            desk.keys("F2")
            desk.see("✓ " + case)
            assert mediator.call("case.get", case=case)["recused"][0]["user"] == "yanglujing02"
            picked_up(desk, "解除回避")
            desk.see("解除何人的回避？", name, "近亲属")
            desk.type("1")
            desk.see("解除回避", "原因")
            desk.type("核实后并无亲属关系")
            desk.keys("F2")
            desk.see("✓ " + case)
            assert mediator.call("case.get", case=case)["recused"] == []


def the_same_matter_is_chosen_from_proposals_and_unlinked():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        first, second = opened(mediator), opened(mediator)
        with Desk(Cli(daemon, "yanglujing02")) as desk:
            desk.see("共 2 件")
            desk.choose(second)
            desk.see("当前环节：", second)
            picked_up(desk, "关联")
            screen = desk.see("与哪一案件为同一事项？", "1  输入编号", "2  " + first)
            framed(screen, 80)
            desk.type("2")
            desk.see("关联：与另一案件为同一事项", first, "原因")
            desk.type("同一棵树")
            desk.keys("F2")
            desk.see("✓ " + second)
            assert [l["number"] for l in mediator.call("case.get", case=second)["links"]] == [first]
            picked_up(desk, "关联")
            desk.see("2  " + first, "已关联")
            desk.type("2")
            desk.see(first + " 已经关联")
            picked_up(desk, "解除关联")
            desk.see("解除哪一项关联？", first)
            desk.type("1")
            desk.see("解除关联", "原因")
            desk.type("不是一回事")
            desk.keys("F2")
            desk.see("✓ " + second)
            assert mediator.call("case.get", case=second)["links"] == []


def the_menu_and_the_help_list_everything():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        opened(mediator)
        with Desk(Cli(daemon, "yanglujing02"), 120, 40) as desk:
            desk.see("您可以办：")
            desk.type("1")
            desk.see("当前环节：", "登记")
            desk.type("0")
            desk.see("菜单", "F3", "加附件", "F6", "文书", "F9", "增加任务", "关联", "解除关联", "撤下附件", "回避", "解除回避",
                     "催办督办", "显示号码", "时限怎么算", "此事在何处", "校验办理记录")
            desk.keys("Escape", "F1")
            desk.see("帮助", "F3  加附件", "F6  文书", "F9  更多")



class WideTerminal:
    """A terminal that draws ambiguous characters two cells wide, as some in offices do, and says so when it
    is asked where the cursor is. It understands what ncurses writes to TERM=vt100."""

    def __init__(self, cli, columns=80, rows=24):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.waiting = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        settings = cli.environment()
        settings.pop("COLUMNS", None)
        settings["TERM"] = "vt100"
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(FENGQIAO, [FENGQIAO, "desk"], settings)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def put(self, c):
        if unicodedata.combining(c):
            return
        width = 2 if unicodedata.east_asian_width(c) in "WFA" else 1
        if self.column + width > self.columns:
            self.row, self.column = min(self.row + 1, self.rows - 1), 0
        self.cells[self.row][self.column] = c
        for i in range(1, width):
            self.cells[self.row][self.column + i] = ""
        self.column += width

    def control(self, numbers, final):
        n = [int(x) if x else 0 for x in numbers.lstrip("?").split(";")]
        if final == "H":
            self.row, self.column = max(n[0], 1) - 1, (max(n[1], 1) if len(n) > 1 else 1) - 1
        elif final in "ABCD":
            step = max(n[0], 1)
            self.row += {"A": -step, "B": step}.get(final, 0)
            self.column += {"C": step, "D": -step}.get(final, 0)
        elif final == "K":
            clear = range(self.column, self.columns) if n[0] == 0 else range(0, self.column + 1)
            for i in clear:
                self.cells[self.row][i] = " "
        elif final == "J":
            for i in range(self.column, self.columns):
                self.cells[self.row][i] = " "
            for row in range(self.row + 1, self.rows):
                self.cells[row] = [" "] * self.columns
        elif final == "n":
            os.write(self.fd, b"\x1b[%d;%dR" % (self.row + 1, self.column + 1))

    def take(self, text):
        self.waiting += text
        while self.waiting:
            found = re.match("\x1b\\[([0-9;?]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>78DM]|[^\x1b]", self.waiting, re.S)
            if not found:
                return
            self.waiting = self.waiting[found.end():]
            if found.group(2):
                self.control(found.group(1), found.group(2))
            elif found.group() == "\r":
                self.column = 0
            elif found.group() == "\n":
                self.row = min(self.row + 1, self.rows - 1)
            elif found.group() == "\b":
                self.column -= 1
            elif found.group() >= " ":
                self.put(found.group())

    def screen(self):
        return "\n".join("".join(row) for row in self.cells)

    def see(self, *wanted):
        end = time.monotonic() + PATIENCE
        while not all(w in self.screen() for w in wanted):
            assert time.monotonic() < end, self.screen()
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.take(self.decoder.decode(os.read(self.fd, 65536)))
                except OSError:
                    raise AssertionError(self.screen())
        return self.screen()

    def type(self, text):
        os.write(self.fd, text.encode())


def where_ambiguous_characters_are_wide_the_frame_is_ascii_and_straight():
    with Daemon(flows=None, start="2026-07-02T09:00:00") as daemon:
        (mediator,) = daemon.people("yanglujing02")
        opened(mediator, "院墙滴水——“多年”纠纷")
        with WideTerminal(Cli(daemon, "yanglujing02")) as terminal:
            straight(terminal.see("* 在线", "院墙滴水", "您可以办："))
            terminal.type("1")
            straight(terminal.see("申请人 演示村民01", "受理", "登记"))
            terminal.type("\x1b")
            terminal.see("您可以办：")
            terminal.type("\x1b")


def straight(screen):
    lines = screen.split("\n")
    assert lines[0].startswith("+- ") and lines[-1].startswith("+--"), screen
    for line in lines:
        assert line[0] in "+|" and line[-1] in "+|" and cells(line) == 80, screen


if __name__ == "__main__":
    if shutil.which("tmux") is None:
        print("skipped: tmux is not installed, there is no terminal to try the desk in")
        sys.exit(77)
    if "ncurses" in subprocess.run([FENGQIAO, "desk"], stdin=subprocess.DEVNULL, capture_output=True, text=True).stderr:
        print("skipped: built without the desk, ncurses was not found")
        sys.exit(77)
    papers = [a_paper_is_made_into_a_file_and_printed] if os.path.exists(PLUGIN) else []
    run(*papers,
        a_file_is_attached_while_one_works_on_and_goes_on_after_a_broken_line,
        without_the_plugin_the_desk_says_so,
        other_bodies_are_asked_and_answer_by_keys,
        a_case_is_urged_and_the_handler_answers,
        hidden_numbers_are_shown_for_a_reason,
        who_must_not_handle_it_is_kept_out_and_let_in_again,
        the_same_matter_is_chosen_from_proposals_and_unlinked,
        the_menu_and_the_help_list_everything,
        what_is_late_is_found_opened_and_done_by_keys_alone,
        a_line_that_drops_is_told_and_what_was_done_is_sent_once,
        without_a_server_what_was_seen_is_there_at_the_start_too,
        two_people_at_once_end_in_both_sides_beside_each_other,
        every_size_is_filled_and_a_new_size_is_taken_up,
        a_new_case_is_registered_in_chinese_and_a_draft_survives,
        everything_is_reached_without_letters_and_function_keys,
        what_others_do_shows_by_itself,
        the_last_step_is_taken_back_while_that_is_possible,
        where_ambiguous_characters_are_wide_the_frame_is_ascii_and_straight)
