"""The daemon is killed at the N-th of each system call that changes something, and such calls fail: strace injects it.

`when` counts each call in each thread; N goes up until nothing fires any more, so every one was met. A seed and a bound of
time choose which come first."""
import base64
import datetime
import hashlib
import os
import random
import shutil
import time

from harness import Daemon, MEDIATOR, PASSWORD, PATIENCE, VILLAGE
from kills import BEGIN, HERE, milliseconds
from ledger import Ledger, check_file, letters_arrive

KILLED_AT = ("pwrite64", "fdatasync", "fsync", "openat", "write", "rename", "unlink", "mkdir", "ftruncate", "flock")
ERRORS = (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"), ("openat", "EIO"), ("openat", "ENOSPC"))
LASTS = 3  # an error comes so many times in a row
POINTS_MOST = 2000


class Traced(Daemon):
    """A daemon whose next start is under strace."""
    inject = None

    def arguments(self):
        plain = super().arguments()
        if self.inject is None:
            return plain
        call, what = self.inject
        return ["strace", "-f", "-D", "-qq", "-o", self.trace(), "-e", "trace=" + call,
                "-e", "inject=%s:%s" % (call, what)] + plain  # -D: the process started is the daemon itself

    def environment(self):
        return dict(super().environment(), ASAN_OPTIONS="detect_leaks=0")  # which cannot look while strace does

    def trace(self):
        return os.path.join(self.folder, "trace")

    def fired(self):
        with open(self.trace(), encoding="utf-8", errors="replace") as f:
            text = f.read()
        return "(INJECTED)" in text or "killed by SIGKILL" in text


class Day:
    """One day's work of one person, gone through whatever happens."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.ledger = Ledger()
        self.client = self.sealed = None
        self.deaths = self.passing = 0
        self.end = time.monotonic() + PATIENCE

    def up(self):
        while self.client is None:
            assert time.monotonic() < self.end, "it does not come up again"
            try:
                if self.daemon.process is None or self.daemon.process.poll() is not None:
                    self.daemon.start()
                self.client = self.daemon.connect()
                self.client.token = self.insist("auth.login", user=MEDIATOR, password=PASSWORD)["token"]
            except (OSError, EOFError, AssertionError):
                self.down()

    def down(self):
        self.client = None
        self.daemon.process.kill()  # where it did not die of itself: it ended, or its connection did
        self.daemon.process.wait()
        self.daemon.inject = None
        self.deaths += 1

    def insist(self, method, **params):
        """One call on one connection, again as long as the daemon says that it cannot just now."""
        while True:
            self.client.send(method, **params)
            message = self.client.answer()
            if "result" in message:
                return message["result"]
            kind = message["error"]["data"]["kind"]
            assert kind in ("read_only", "internal", "unavailable", "overloaded"), message
            assert time.monotonic() < self.end, "it does not recover: %s" % message
            self.passing += 1
            time.sleep(0.05)

    def do(self, method, words, keyed=True, **params):
        meta = {}
        if keyed:
            key, tag = self.ledger.begin(method)
            meta = {"_meta": {"key": key}}
            params = {name: value % tag if value == words else value for name, value in params.items()}
            if "fields" in params:
                params["fields"] = {"subject": words % tag}
        while True:
            self.up()
            try:
                result = self.insist(method, **params, **meta)
                break
            except (OSError, EOFError):
                self.down()
        if keyed:
            self.ledger.success(key, result)
        return result

    def work(self):
        number = self.do("case.open", "积水 %s", flow="people_mediation", place=VILLAGE, body="yanglujing.tw",
                              fields={})["case"]
        self.do("case.act", "受理 %s", case=number, action="accept", note="受理 %s")
        self.do("case.task.ask", "核算 %s", case=number, task="count", text="核算 %s")
        self.attach(b"content of one attachment")
        self.do("case.note", "记事 %s", case=number, text="记事 %s")

    def attach(self, data):
        sha = hashlib.sha256(data).hexdigest()
        self.do("file.put", None, keyed=False, hash=sha, offset=0, data=base64.b64encode(data).decode())
        assert self.do("file.seal", None, keyed=False, hash=sha) == {"size": len(data)}
        self.sealed = os.path.join(self.daemon.folder, "files", sha[:2], sha)


def prepared():
    """A folder in which a daemon worked before; taken over by each run."""
    with Traced(flows=os.path.join(HERE, "flows"), start=BEGIN.isoformat()) as daemon:
        daemon.people(MEDIATOR)
        assert daemon.stop() == 0
        with open(os.path.join(daemon.folder, "fq.db"), "rb") as f:
            return f.read()


def one(database, call, what):
    """The day with one injection: did it fire, and how often was the daemon dead or unable meanwhile?"""
    daemon = Traced(flows=os.path.join(HERE, "flows"), start=BEGIN.isoformat())
    failed = (AssertionError, "", None)  # then the daemon's log is shown
    try:
        with open(os.path.join(daemon.folder, "fq.db"), "wb") as f:
            f.write(database)
        daemon.inject = (call, what)
        day = Day(daemon)
        day.work()
        now = BEGIN + datetime.timedelta(days=30)
        daemon.stop()  # it may die here
        daemon.inject = None
        daemon.start()  # whatever it met, it comes up; what is due fires, what was on its way arrives
        daemon.clock(now.isoformat())
        letters_arrive(os.path.join(daemon.folder, "fq.db"))
        assert daemon.stop() == 0
        check_file(os.path.join(daemon.folder, "fq.db"), day.ledger, milliseconds(now))
        assert os.path.getsize(day.sealed) > 0
        failed = (None, None, None)
        return daemon.fired(), day.deaths, day.passing
    finally:
        daemon.__exit__(*failed)


def each(database, call, what, lasts, chosen, until):
    """N = 1, 2, 3 … or the chosen ones. Returns points met, deaths, times it could not, and whether all were met."""
    met = deaths = passing = 0
    for n in chosen if chosen is not None else range(1, POINTS_MOST):
        if time.monotonic() > until:
            return met, deaths, passing, False
        try:
            fired, died, unable = one(database, call, "%s:when=%d..%d" % (what, n, n + lasts - 1))
        except BaseException:
            print("calls: broken by inject=%s:%s N=%d" % (call, what, n), flush=True)
            raise
        met, deaths, passing = met + fired, deaths + died, passing + unable
        if not fired and chosen is None:
            return met, deaths, passing, True
    return met, deaths, passing, False


def play(seconds, seed, short):
    if shutil.which("strace") is None:
        print("calls: skipped, no strace")
        return
    dice, begin = random.Random("calls-%d" % seed), time.monotonic()
    database = prepared()
    kinds = [(call, "signal=KILL", 1) for call in KILLED_AT]
    kinds += [(call, "error=" + error, LASTS) for call, error in ERRORS]
    if short:
        dice.shuffle(kinds)
    for i, (call, what, lasts) in enumerate(kinds):
        now, chosen = time.monotonic(), [dice.randrange(1, 20)] if short else None
        if now - begin > seconds:
            break
        # What one kind leaves of its time, the others share.
        met, deaths, unable, whole = each(database, call, what, lasts, chosen, now + (begin + seconds - now) / (len(kinds) - i))
        print("calls: %-10s %-14s %4d points met%s, %d deaths, %d times unable" %
              (call, what, met, " (all)" if whole else "", deaths, unable), flush=True)
