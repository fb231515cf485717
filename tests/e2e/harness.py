"""What the end-to-end tests share: a daemon of their own, and the wire spoken raw.

Every test starts a daemon in a temporary folder on a free port, with its own virtual clock, and
stops it by its pid. Nothing is waited for by sleeping: the daemon says in its log when it is ready,
and answers come when what they tell is on disk.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

SOURCE = os.environ.get("FENGQIAO_SOURCE") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("FENGQIAO_BUILD") or os.path.join(SOURCE, "build")
DAEMON = os.path.join(BUILD, "core", "server", "fengqiaod")
HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 90  # seconds for one answer: sanitizers on a loaded machine are slow

VILLAGE = "150303104201"
CLERK, MEDIATOR, CHIEF = "yanglujing01", "yanglujing02", "yanglujing03"
PASSWORD = "fengqiao-demo-2020"


class Refused(Exception):
    """An error answer."""

    def __init__(self, error):
        super().__init__("%s %s" % (error.get("code"), error.get("message")))
        self.error = error
        self.code = error["code"]
        self.kind = error.get("data", {}).get("kind")


def key():
    return str(uuid.uuid4())


class Client:
    """One connection. Requests may be pipelined; notifications are kept in `pushed`."""

    def __init__(self, address, token=None):
        if isinstance(address, str):
            self.socket = socket.socket(socket.AF_UNIX)
        else:
            self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        self.file = self.socket.makefile("rb")
        self.token = token
        self.last = 0
        self.pushed = []

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, method, **params):
        self.last += 1
        meta = params.pop("_meta", {})
        if self.token and "token" not in meta:
            meta["token"] = self.token
        if meta:
            params["_meta"] = meta
        request = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}
        self.raw(json.dumps(request, ensure_ascii=False).encode() + b"\n")
        return self.last

    def raw(self, data):
        self.socket.sendall(data)

    def line(self):
        line = self.file.readline()
        if not line:
            raise EOFError("the daemon closed the connection")
        assert line.endswith(b"\n") and line.count(b"\n") == 1
        return json.loads(line)

    def answer(self):
        """The next answer; notifications before it are kept."""
        while True:
            message = self.line()
            if "method" not in message:
                return message
            self.pushed.append(message)

    def notification(self):
        return self.pushed.pop(0) if self.pushed else self.line()

    def call(self, method, **params):
        wanted = self.send(method, **params)
        message = self.answer()
        assert message["id"] == wanted, message
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def change(self, method, **params):
        """A mutating call with a key of its own."""
        meta = params.pop("_meta", {})
        meta.setdefault("key", key())
        return self.call(method, _meta=meta, **params)

    def refused(self, kind, method, **params):
        try:
            result = self.call(method, **params)
        except Refused as refusal:
            assert refusal.kind == kind, "expected %s, got %s: %s" % (kind, refusal.kind, refusal)
            return refusal.error
        raise AssertionError("%s was not refused: %s" % (method, result))


class Daemon:
    """A daemon in a temporary folder. `flows`: None: those shipped; else a folder of scripts."""

    def __init__(self, flows=os.path.join(HERE, "flows"), start="2020-01-06T09:00:00", **options):
        self.folder = tempfile.mkdtemp(prefix="fengqiao-e2e-")
        self.workflows = os.path.join(self.folder, "workflows")
        self.unix = os.path.join(self.folder, "s.sock")
        self.log_path = os.path.join(self.folder, "log")
        self.process = None
        self.port = 0
        self.options = {"clock": "virtual", "clock_start": start}
        self.options.update(options)
        self.limits = None
        shipped = os.path.join(SOURCE, "workflows")
        if flows is None:
            shutil.copytree(shipped, self.workflows, ignore=shutil.ignore_patterns("demo"))
        else:
            shutil.copytree(flows, self.workflows)
            shutil.copytree(os.path.join(shipped, "wuhai"), os.path.join(self.workflows, "wuhai"))
            shutil.copytree(os.path.join(shipped, "calendar"), os.path.join(self.workflows, "calendar"))
        self.config = os.path.join(self.folder, "fengqiao.conf.lua")
        self.write_config()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def __exit__(self, kind, value, trace):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if kind is not None:
            sys.stderr.write("--- the daemon's log\n" + self.log())
        elif "Sanitizer" in self.log():
            raise AssertionError(self.log())
        shutil.rmtree(self.folder)

    def write_config(self, text=None):
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text or 'return { listen = { tcp = "127.0.0.1:0", unix = "s.sock" }, database = "fq.db" }\n')

    def environment(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FENGQIAO_")}
        environment["FENGQIAO_LOCALE_DIR"] = os.path.join(BUILD, "locale")
        return environment

    def arguments(self):
        return [DAEMON, "--config", self.config] + ["--%s=%s" % item for item in self.options.items()]

    def start(self):
        begin = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.arguments(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment(), cwd=self.folder, preexec_fn=self.limits)
        self.wait_log(r" ready ", begin)
        self.port = int(re.findall(r"listening tcp=\S+ port=(\d+)", self.log())[-1])
        return self

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait_log(self, pattern, begin=0):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with open(self.log_path, "rb") as f:
                f.seek(begin)
                if re.search(pattern, f.read().decode(errors="replace")):
                    return
            if self.process.poll() is not None:
                raise AssertionError("the daemon ended: %s\n%s" % (self.process.returncode, self.log()))
            time.sleep(0.02)
        raise AssertionError("%s did not come\n%s" % (pattern, self.log()))

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def admin(self):
        return Client(self.unix)

    def connect(self, token=None):
        return Client(("127.0.0.1", self.port), token)

    def people(self, *users):
        """Gives them the demo password; a logged-in connection for each."""
        admin = self.admin()
        for user in users:
            admin.send("user.passwd", user=user, password=PASSWORD, _meta={"key": key()})
        for user in users:
            assert "result" in admin.answer()
        admin.close()
        return [self.login(user) for user in users]

    def login(self, user, password=PASSWORD):
        client = self.connect()
        client.token = client.call("auth.login", user=user, password=password)["token"]
        return client

    def clock(self, to):
        admin = self.admin()
        now = admin.call("server.clock", to=to)["now"]
        admin.close()
        return now


def run(*tests):
    """Runs each test function; the name of the one that fails is told."""
    wanted = sys.argv[1:]
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        begin = time.monotonic()
        sys.stdout.write("%-66s" % test.__name__.replace("_", " "))
        sys.stdout.flush()
        test()
        sys.stdout.write("ok %.1f s\n" % (time.monotonic() - begin))
