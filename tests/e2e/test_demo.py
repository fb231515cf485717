"""sh workflows/demo/run: on a terminal of 80x24 cells, without one, and stopped in every way."""
import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unicodedata

from harness import BUILD, PATIENCE, SOURCE, run

DEMO = os.path.join(SOURCE, "workflows", "demo", "run")
COLUMNS, LINES = 80, 24
PAUSE = "回车继续，q 离开"
PROMPT = "枫桥 yanglujing01> "
LAST = "报表总览"
# Figures, all of a case, all its dates; and on a slow machine every one of the notes waits: longer than a screen.
LONG = (LAST, "一件案件的全貌", "为何是5月6日", "断电也不丢")
# Colours, and what readline sends: bracketed paste, keypad.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x1b\][^\x07]*\x07|\x07")


@contextlib.contextmanager
def own_folder():
    """A TMPDIR of our own: whatever the demo left behind would be seen, on disk and in /proc."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="fengqiao-e2e-"))
    try:
        yield folder
        assert os.listdir(folder) == [], "left behind: %s" % os.listdir(folder)
        assert not inhabitants(folder), "still running: %s" % inhabitants(folder)
    finally:
        for pid in inhabitants(folder):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder)


def inhabitants(folder):
    """Processes that work in the folder, or were told of it."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            cwd = os.readlink("/proc/%s/cwd" % pid)
            with open("/proc/%s/environ" % pid, "rb") as f:
                told = f.read()
        except OSError:
            continue
        if cwd.startswith(folder) or ("TMPDIR=%s\0" % folder).encode() in told:
            found.append(int(pid))
    return found


def environment(folder, build=BUILD):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FENGQIAO_") and k != "COLUMNS"}
    kept.update(TMPDIR=folder, TERM="xterm", LANG="C.UTF-8", FENGQIAO_BUILD=build,
                FENGQIAO_LOCALE_DIR=os.path.join(BUILD, "locale"), HOME=os.path.join(folder, "nobody"))
    return kept


def batch(folder, *options, build=BUILD):
    return subprocess.run(["sh", DEMO, "--no-install", "--batch", *options], env=environment(folder, build),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=540)


class Terminal:
    """The demo on a pseudo-terminal, and everything it wrote."""

    def __init__(self, folder, *options):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execvpe("sh", ["sh", DEMO, "--no-install", *options], environment(folder))

    def until(self, wanted):
        """What came up to `wanted`, which must come."""
        seen = 0
        end = time.monotonic() + PATIENCE
        while wanted not in self.text[seen:]:
            assert self.read(end), "%r did not come; the last was\n%s" % (wanted, self.text[-2000:])
        cut = self.text.index(wanted) + len(wanted)
        before, self.text = self.text[:cut], self.text[cut:]
        return before

    def read(self, end):
        ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False  # the other side is closed
        self.text += CONTROL.sub("", data.decode(errors="replace"))
        return bool(data)

    def type(self, text):
        os.write(self.fd, text.encode())

    def status(self):
        """The exit code, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while self.read(end):
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def check_screen(text):
    lines = text.replace("\r", "").split("\n")
    for line in lines:
        assert cells(line) <= COLUMNS, "%d cells: %s" % (cells(line), line)
    return lines


def walked_to_the_shell(terminal):
    """Enter at every pause; every screen fits. The number of steps."""
    steps = 0
    while True:
        screen = terminal.until(PAUSE)
        lines = check_screen(screen)
        title = [line for line in lines if line.startswith("── ")][-1]
        body = lines[lines.index(title):]
        assert any(long in title for long in LONG) or len(body) <= LINES, "%d lines:\n%s" % (len(body), "\n".join(body))
        steps += 1
        terminal.type("\n")
        if LAST in title:
            return steps


def excerpts():
    """Lines of the transcripts in the READMEs."""
    for name in ("README.md", "README.zh-CN.md"):
        with open(os.path.join(SOURCE, name), encoding="utf-8") as f:
            blocks = re.findall(r"^```console demo\n(.*?)^```$", f.read(), re.S | re.M)
        assert blocks, name
        for line in "".join(blocks).splitlines():
            yield name, line


def every_step_has_its_effect_and_what_was_kept_can_be_started_again():
    with own_folder() as folder:
        kept = os.path.join(folder, "trial")
        done = batch(folder, "--keep", kept)
        assert done.returncode == 0, done.stdout + done.stderr
        check_screen(done.stdout)
        assert done.stdout.count("已核对：") >= 33 and "走完了：每一步都见效" in done.stdout, done.stdout
        for words in ("已登记 → 已转送", "已超期2个工作日", "kill -9", "仍待发 0 件", "办理记录完整", "共 8 件", "裁定协议有效", "现在在仲裁委"):
            assert words in done.stdout, words
        printed = done.stdout.splitlines()
        for name, line in excerpts():
            assert line in printed, "%s: %s" % (name, line)
        told = environment(folder)
        program = os.path.join(BUILD, "core", "server", "fengqiaod")
        assert subprocess.run([program, "--check", "fengqiao.conf.lua"], cwd=kept, env=told).returncode == 0
        with open(os.path.join(folder, "log"), "wb") as log:
            daemon = subprocess.Popen([program, "--listen.tcp=127.0.0.1:0", "fengqiao.conf.lua"], cwd=kept, env=told,
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            port = wait_port(daemon, os.path.join(folder, "log"))
            told.update(FENGQIAO_SERVER="127.0.0.1:%s" % port, HOME=kept, COLUMNS=str(COLUMNS))
            client = os.path.join(BUILD, "core", "client", "fengqiao")
            for words, wanted in ((["login", "yanglujing01", "--password-file", "password"], "已登录"),
                                  (["inbox"], "3 件待办"), (["case", "show", "羊村26-0002"], "羊村26-0002"),
                                  (["case", "why", "羊村26-0002"], "自收件次日"), (["help"], "inbox")):
                done = subprocess.run([client, *words], cwd=kept, env=told, capture_output=True, text=True, timeout=PATIENCE)
                assert done.returncode == 0 and wanted in done.stdout, (words, done.stdout, done.stderr)
        finally:
            daemon.kill()
            daemon.wait()
        os.unlink(os.path.join(folder, "log"))
        shutil.rmtree(kept)


def wait_port(daemon, path):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and daemon.poll() is None:
        with open(path, encoding="utf-8") as f:
            found = re.search(r"tcp=\S+ port=(\d+)[^$]* ready ", f.read())
        if found:
            return found.group(1)
        time.sleep(0.02)
    raise AssertionError("the daemon did not start")


def the_walk_speaks_english():
    with own_folder() as folder:
        done = batch(folder, "--lang", "en")
        assert done.returncode == 0, done.stdout + done.stderr
        check_screen(done.stdout)
        assert "The walk is done: every step had its effect." in done.stdout


def on_a_terminal_the_walk_ends_in_the_shell():
    with own_folder() as folder:
        terminal = Terminal(folder)
        assert walked_to_the_shell(terminal) == 33
        hints = terminal.until(PROMPT)
        assert len(check_screen(hints)) <= LINES, hints
        terminal.type("inbox\n")
        desk = terminal.until("3 件待办")
        check_screen(desk)
        assert "水渠漏水" in desk and "已超期" in desk, desk
        terminal.until(PROMPT)
        terminal.type("case act 羊村26-0002 上送信访局\n")
        terminal.until("海南区信访局")
        terminal.until(PROMPT)
        terminal.type("case sho\x03")  # Ctrl-C drops a line, not the demo
        terminal.until(PROMPT)
        os.kill(terminal.pid, signal.SIGTERM)  # the shell ends with the demo
        assert terminal.status() == 143


def stopping_at_a_pause_leaves_nothing():
    ways = {"q": (lambda t: t.type("q\n"), 0), "Ctrl-C": (lambda t: t.type("\x03"), 130),
            "Ctrl-D": (lambda t: t.type("\x04"), 0),
            "TERM": (lambda t: os.kill(t.pid, signal.SIGTERM), 143),
            "HUP": (lambda t: os.kill(t.pid, signal.SIGHUP), 129)}
    for name, (stop, code) in ways.items():
        with own_folder() as folder:
            terminal = Terminal(folder)
            terminal.until(PAUSE)
            stop(terminal)
            assert terminal.status() == code, name


def a_step_without_effect_ends_the_walk():
    """A client that says yes and does nothing."""
    with tempfile.TemporaryDirectory() as build, own_folder() as folder:
        for name in ("core/server", "plugins"):
            os.makedirs(os.path.dirname(os.path.join(build, name)), exist_ok=True)
            os.symlink(os.path.join(BUILD, name), os.path.join(build, name))
        os.makedirs(os.path.join(build, "core", "client"))
        client = os.path.join(build, "core", "client", "fengqiao")
        with open(client, "w", encoding="utf-8") as f:
            f.write('#!/bin/sh\ncase "$*" in "case act "*转送*) exit 0 ;; esac\nexec %s/core/client/fengqiao "$@"\n' % BUILD)
        os.chmod(client, 0o755)
        done = batch(folder, build=build)
        assert done.returncode == 1, done.stdout
        assert "没有见效：现在在海南区农牧局" in done.stderr, done.stderr


def wrong_use_is_said():
    with own_folder() as folder:
        assert batch(folder, "--lang", "fr").returncode == 64
        assert batch(folder, "--bogus").returncode == 64
        assert "--keep" in batch(folder, "--help").stdout
    with tempfile.TemporaryDirectory() as kept, own_folder() as folder:
        with open(os.path.join(kept, "mine"), "w", encoding="utf-8") as f:
            f.write("mine\n")
        done = batch(folder, "--keep", kept)
        assert done.returncode != 0 and "不是空的" in done.stderr, done.stderr
        assert os.listdir(kept) == ["mine"]


if __name__ == "__main__":
    run(every_step_has_its_effect_and_what_was_kept_can_be_started_again, the_walk_speaks_english,
        on_a_terminal_the_walk_ends_in_the_shell, stopping_at_a_pause_leaves_nothing, a_step_without_effect_ends_the_walk, wrong_use_is_said)
