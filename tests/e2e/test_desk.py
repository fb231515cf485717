"""The desk in a real terminal (tmux), driven by keys, its screens compared as text.

Nothing is waited for by sleeping: a screen is read until it shows what is expected, up to a limit.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

from harness import PASSWORD, PATIENCE, VILLAGE, Daemon, run
from test_cli import FENGQIAO, Cli, cells

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
            screen = desk.see(late, "申请人 演示村民01", "当前环节：已登记（征求意愿）", "2026-07-08 00:00  ", "1  受理")
            assert " -  延长联调期限" in screen and "需填：申请方同意调解、对方同意调解" in screen, screen
            framed(screen, 80)
            desk.type("1")
            desk.see("受理 → 已受理", "申请方同意调解 *")
            desk.keys("F2")  # nothing filled in yet
            desk.see("必须填写")
            desk.type("1")
            desk.keys("Tab")
            desk.type("１")  # what an input method types
            desk.keys("F2")
            screen = desk.see("✓ " + late, "当前环节：已受理", "1  开始调解")
            framed(screen, 80)
            desk.type("1")
            desk.see("没有需要填写的内容")
            desk.keys("Enter")
            desk.see("当前环节：调解中")
            assert mediator.call("case.get", case=late)["state"] == "mediating"
            desk.keys("Escape")
            desk.see("我的待办")
            desk.keys("F10")
            desk.gone()


if __name__ == "__main__":
    if shutil.which("tmux") is None:
        print("skipped: tmux is not installed, there is no terminal to try the desk in")
        sys.exit(77)
    run(what_is_late_is_found_opened_and_done_by_keys_alone)
