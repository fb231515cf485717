"""A daemon with a population, for the parts of the bench."""
import json
import os
import resource
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from harness import BUILD, Daemon  # noqa: E402 (the folder is known only now)
from population import grow  # noqa: E402

START_PATIENCE = 60  # seconds


def program(name):
    return os.path.join(BUILD, "tests", "bench", name)


def command(*words):
    return [str(w) for w in words], dict(os.environ, FENGQIAO_LOCALE_DIR=os.path.join(BUILD, "locale"))


def output(*words):
    arguments, environment = command(*words)
    return subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


class Town:
    """`base` mediations made by acts, then copied until there are `cases`."""

    def __init__(self, cases, base=3000, events=True, clock="real", start=""):
        raise_limit()
        self.cases, self.base, self.events = cases, min(base, cases), events
        self.daemon = Daemon(flows=None, clock=clock, start=start)
        self.clones = max(0, cases // self.base - 1)  # not yet in the list of cases
        self.id_step = 0

    def __enter__(self):
        self.daemon.__enter__()
        self.items = os.path.join(self.daemon.folder, "items")
        output(program("load"), "prepare", self.daemon.port, self.daemon.unix, self.base, self.items)
        if self.clones > 0:
            if self.daemon.stop() != 0:
                raise SystemExit("the daemon did not stop well")
            self.id_step = grow(self.database(), self.clones, self.events)
            self.daemon.start()
        return self

    def __exit__(self, *reason):
        self.daemon.__exit__(*reason)

    def database(self):
        return os.path.join(self.daemon.folder, "fq.db")

    def load_command(self, work, seconds, connections, depth=1, rate=0):
        d, clones = self.daemon, self.clones
        self.clones = 0  # the first run writes the copies into the list of cases
        return (program("load"), "run", d.port, d.unix, d.process.pid, self.items, clones, self.id_step,
                seconds, work, rate, depth, *connections)

    def load(self, *words, **options):
        """One row for each number of connections."""
        return [json.loads(line) for line in output(*self.load_command(*words, **options)).splitlines()]

    def load_beside(self, *words, **options):
        """The same in the background: a process whose output is read later."""
        arguments, environment = command(*self.load_command(*words, **options))
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)

    def memory_mib(self):
        with open("/proc/%d/status" % self.daemon.process.pid, encoding="ascii") as f:
            lines = dict(line.split(":", 1) for line in f if ":" in line)
        return int(lines["VmRSS"].split()[0]) / 1024

    def restart_ms(self):
        """kill -9 and up again: until the first answer that needs the store."""
        d = self.daemon
        d.kill()
        begin = time.monotonic()
        with open(d.log_path, "ab") as log:
            d.process = subprocess.Popen(d.arguments(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                         env=d.environment(), cwd=d.folder)
        first_answer(d.unix)
        took = (time.monotonic() - begin) * 1000
        d.port = int(d.log().rsplit("listening tcp=", 1)[1].split("port=", 1)[1].split()[0])
        return took


def first_answer(path):
    end = time.monotonic() + START_PATIENCE
    while time.monotonic() < end:
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"inbox.list"}\n')
            if s.makefile("rb").readline():
                return
        except OSError:
            time.sleep(0.001)
        finally:
            s.close()
    raise SystemExit("the daemon did not come back")


def raise_limit():
    """As many connections as the machine lets one have; the daemon inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
