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
