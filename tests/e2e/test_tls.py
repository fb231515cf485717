"""TLS on the TCP port: who is believed, what is refused, what a renewed certificate changes, and what harm may come."""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time

from harness import DAEMON, MEDIATOR, PASSWORD, PATIENCE, VILLAGE, Client, Daemon, key, run
from test_cli import FENGQIAO, Cli
from test_desk import Desk

if shutil.which("openssl") is None:
    print("skipped: no openssl to make certificates with")
    sys.exit(77)

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
AUTHORITY = """[ca]
default_ca=d
[d]
database=index
serial=serial
new_certs_dir=.
unique_subject=no
default_md=sha256
policy=p
[p]
commonName=supplied
"""


def opened(client):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "道路积水"})["case"]


class Certificates:
    """An authority in a folder, and what it signs."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)
        self.write("ca.cnf", AUTHORITY)
        self.write("index", "")
        self.openssl("req", "-x509", *NEW_KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=ca")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as f:
            f.write(text)

    def openssl(self, *words):
        done = subprocess.run(["openssl", *words], capture_output=True, text=True, cwd=self.folder, timeout=PATIENCE)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def make(self, name, names="DNS:localhost,IP:127.0.0.1", start="", end=""):
        """NAME.pem and NAME.key; start and end as 20200101000000Z."""
        self.write(name + ".ext", "subjectAltName=%s\n" % names)
        self.openssl("req", *NEW_KEY, "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name)
        dates = ["-startdate", start] * bool(start) + (["-enddate", end] if end else ["-days", "10"])
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", name + ".csr",
                     "-out", name + ".pem", "-extfile", name + ".ext", "-notext", "-rand_serial", *dates)

    def fingerprint(self, name):
        return self.openssl("x509", "-in", name + ".pem", "-noout", "-fingerprint", "-sha256").strip().split("=")[1].replace(":", "")

    def use(self, name, as_name="s"):
        """What the daemon's configuration names."""
        for end in (".key", ".pem"):
            shutil.copy(self.path(name + end), self.path(as_name + end))


class Sealed(Client):
    """One TLS connection, spoken raw."""

    def __init__(self, daemon, ca=None, token=None, change=None, size=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ca or daemon.certificates.path("ca.pem"))
        if change:
            change(context)
        plain = socket.socket()
        if size:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        plain.settimeout(PATIENCE)
        plain.connect(("127.0.0.1", daemon.tls))
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.file = self.socket.makefile("rb")
        self.token, self.last, self.pushed = token, 0, []

    def shown(self):
        """The certificate as it came."""
        return self.socket.getpeercert(True)


class TlsDaemon(Daemon):
    def __init__(self, tls="127.0.0.1:0", more="", **options):
        super().__init__(**options)
        self.certificates = Certificates(os.path.join(self.folder, "tls"))
        self.certificates.make("first")
        self.certificates.use("first")
        self.more = more
        self.write_tls(tls)

    def write_tls(self, tls):
        self.write_config('return {\n  listen = { tcp = "127.0.0.1:0", unix = "s.sock",\n    tls = "%s",\n'
                          '    certificate = "tls/s.pem",\n    key = "tls/s.key",\n  },\n  database = "fq.db", %s }\n'
                          % (tls, self.more))

    def start(self):
        super().start()
        self.tls = int(re.findall(r"listening tls=\S+ port=(\d+)", self.log())[-1])
        return self

    def door(self):
        admin = self.admin()
        health = admin.call("server.health")
        admin.close()
        return health["doors"]["tls"]

    def reload(self, says):
        begin = os.path.getsize(self.log_path)
        self.signal(signal.SIGHUP)
        self.wait_log(says, begin)


class TlsCli(Cli):
    def __init__(self, daemon, host="localhost", ca=None):
        super().__init__(daemon)
        self.server = "tls://%s:%d" % (host, daemon.tls)
        self.more = {"FENGQIAO_CA": ca} if ca else {}

    def environment(self):
        return {**super().environment(), **self.more}

    def login(self, *words):
        return self("login", MEDIATOR, "--password-file", "-", *words, given=PASSWORD)


def who_is_the_right_server_is_proved_or_said_in_words(daemon):
    made = daemon.certificates
    # By the authority's file, which the login remembers.
    cli = TlsCli(daemon)
    done = cli.login("--ca", made.path("ca.pem"))
    assert done.returncode == 0, done.stderr
    assert cli("whoami", code=0).stdout
    number = opened(cli_wire(daemon, cli))
    assert number in cli("case", "list", code=0).stdout
    # Unknown: nothing is believed for being seen; the fingerprint is told, and counts once it is written down.
    stranger = TlsCli(daemon)
    done = stranger.login()
    assert done.returncode == 64 and made.fingerprint("first") in done.stderr, done.stderr
    assert "不是本机信任的机构签发" in done.stderr and "--pin" in done.stderr
    assert stranger("whoami").returncode != 0
    wrong = stranger.login("--pin", "00" * 32)
    assert wrong.returncode == 64 and "不是同一张" in wrong.stderr, wrong.stderr
    assert stranger.login("--pin", "abc").returncode == 64
    assert stranger.login("--pin", made.fingerprint("first").replace(":", "").lower()).returncode == 0
    assert stranger("whoami", code=0).stdout
    named = TlsCli(daemon, host="127.0.0.1", ca=made.path("ca.pem"))
    assert named.login().returncode == 0
    # A plain client at this door, and a TLS client at the plain one.
    plain = TlsCli(daemon)
    plain.server = "localhost:%d" % daemon.tls
    done = plain.login()
    assert done.returncode == 64 and "加密" in done.stderr and "tls://" in done.stderr, done.stderr
    plain.server = "tls://localhost:%d" % daemon.port
    done = plain.login()
    assert done.returncode == 75 and "明文端口不写 tls://" in done.stderr, done.stderr
    assert plain("health", "--ca", "/nonexistent.pem").returncode == 64
    # Another name, and too old.
    made.make("other", "DNS:other.example")
    made.use("other")
    daemon.reload(" reloaded ")
    done = cli("whoami")
    assert done.returncode == 64 and "other.example" in done.stderr and "localhost" in done.stderr, done.stderr
    made.use("first")
    made.make("short", end=time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 2)))
    made.use("short")
    daemon.reload(" reloaded ")
    end = time.monotonic() + PATIENCE
    while "过期" not in (done := cli("whoami")).stderr:
        assert time.monotonic() < end, done.stderr
    assert done.returncode == 64
    made.use("first")
    daemon.reload(" reloaded ")


def cli_wire(daemon, cli):
    """The same person by the wire."""
    with open(os.path.join(cli.home, ".local/state/fengqiao/logins.json"), encoding="utf-8") as f:
        return Sealed(daemon, token=json.load(f)[cli.server]["token"])


def old_versions_are_refused_and_new_ones_serve(daemon):
    failed = daemon.door()["failed"]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        def only(context):
            context.minimum_version = context.maximum_version = version
        client = Sealed(daemon, change=only)
        assert client.call("echo", text="枫桥" * 4000)["text"] == "枫桥" * 4000
        for i in range(200):
            client.send("echo", text=str(i))
        assert [client.answer()["result"]["text"] for i in range(200)] == [str(i) for i in range(200)]

    def old(context):
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1

    def weak(context):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AES128-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    for change in (old, weak):
        try:
            Sealed(daemon, change=change)
            raise AssertionError("was let in")
        except (ssl.SSLError, ConnectionError):
            pass
    assert daemon.door()["failed"] == failed + 2


def a_renewed_certificate_is_for_those_who_come_and_a_broken_one_for_nobody(daemon):
    made = daemon.certificates
    before = Sealed(daemon)
    first = before.shown()
    made.make("second")
    made.use("second")
    daemon.reload(" reloaded ")
    after = Sealed(daemon)
    assert after.shown() != first and before.call("ping") and after.call("ping")
    made.make("old", start="20200101000000Z", end="20200201000000Z")
    for name, text in (("old", "已过期"), ("key", "不是一对"), ("none", "s.pem"), ("no", "读不出")):
        made.use("second")
        if name == "key":
            shutil.copy(made.path("first.key"), made.path("s.key"))
        elif name == "none":
            os.remove(made.path("s.pem"))
        elif name == "no":
            made.write("s.key", "nothing\n")
        else:
            made.use(name)
        daemon.reload("reload_failed")
        health = daemon.admin().call("server.health")
        assert health["status"] == "warning" and not health["reload"]["ok"], health
        assert text in health["reload"]["error"] and "fengqiao.conf.lua:" in health["reload"]["error"], health["reload"]
        assert Sealed(daemon).shown() == after.shown() and before.call("ping")
    made.use("second")
    os.chmod(made.path("s.key"), 0o644)
    daemon.reload("key_readable")
    assert daemon.door()["certificate"] == made.fingerprint("second")


def mistakes_are_told_before_the_daemon_starts():
    daemon = TlsDaemon()
    made = daemon.certificates

    def check(*words):
        done = subprocess.run([DAEMON, "--config", daemon.config, "--check", *words], capture_output=True, text=True,
                              env=daemon.environment(), cwd=daemon.folder, timeout=PATIENCE)
        assert "Sanitizer" not in done.stderr, done.stderr
        return done.returncode, done.stderr

    try:
        os.chmod(made.path("s.key"), 0o644)
        code, err = check("--listen.tls=0.0.0.0:7720", "--listen.tcp=0.0.0.0:7719", "--allow_plaintext=true")
        assert code == 0 and "key_readable" in err, err
        code, err = check("--listen.tcp=0.0.0.0:7719")
        assert code == 64 and "0.0.0.0" in err and "allow_plaintext" in err and "listen.tls" in err, err
        assert check("--listen.tls=7720")[0] == 64
        code, err = check("--listen.key=")
        assert code == 64 and "listen.key" in err, err
        made.make("old", start="20200101000000Z", end="20200201000000Z")
        made.make("new", start="20990101000000Z", end="20990201000000Z")
        for name, line, text in (("old", 4, "过期"), ("new", 4, "尚未生效")):
            made.use(name)
            code, err = check()
            assert code == 64 and "fengqiao.conf.lua:%d" % line in err and text in err, err
        made.use("first")
        shutil.copy(made.path("old.key"), made.path("s.key"))
        code, err = check()
        assert code == 64 and "fengqiao.conf.lua:5: listen.key" in err and "不是一对" in err, err
        made.openssl("pkey", "-in", "first.key", "-aes128", "-passout", "pass:x", "-out", "s.key")
        code, err = check()
        assert code == 64 and "口令" in err, err
        os.remove(made.path("s.pem"))
        code, err = check()
        assert code == 64 and "fengqiao.conf.lua:4: listen.certificate" in err and "s.pem" in err, err
    finally:
        shutil.rmtree(daemon.folder)


def ended(raw):
    """Whether the daemon ends this plain connection, and what it said before."""
    said = b""
    try:
        while True:
            part = raw.recv(65536)
            if not part:
                return said
            said += part
    except ConnectionError:
        return said


def those_who_mean_harm_cost_nobody_else(daemon):
    mediator = daemon.login(MEDIATOR)
    well = Sealed(daemon, token=mediator.token)
    address = ("127.0.0.1", daemon.tls)
    for greeting in (b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n', b"GET / HTTP/1.1\r\n\r\n", b"\0" * 4096,
                     b"\x16\x03\x01\xff\xff" + b"x" * 70000, b"\x16\x03\x01\0\5\1\0\0\1\0"):
        raw = socket.create_connection(address, PATIENCE)
        raw.sendall(greeting)
        raw.shutdown(socket.SHUT_WR)
        said = ended(raw)
        assert said == b"" or said[:2] == b"\x15\x03", said
    daemon.wait_log("not_tls")
    # More silent strangers than there is room for: the oldest goes, who greets gets in.
    silent = [socket.create_connection(address, PATIENCE) for _ in range(300)]
    assert Sealed(daemon).call("ping") and well.call("ping")
    door = daemon.door()
    assert door["greeting"] <= 256 and door["crowded"] >= 44, door
    assert ended(silent[0]) == b""
    for raw in silent:
        raw.close()
    # A line that was cut is no line; one after which the end was said is.
    for said, cases in ((False, 0), (True, 1)):
        peer, begin = Sealed(daemon), len(daemon.log())
        peer.raw(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "case.open", "params": {
            "flow": "people_mediation", "place": VILLAGE, "fields": {"subject": "道路积水"},
            "_meta": {"token": mediator.token, "key": key()}}}).encode())
        if said:
            try:
                peer.socket.unwrap()
            except (ssl.SSLError, OSError):
                pass  # the answer came before their end
        peer.close()
        end = time.monotonic() + PATIENCE
        while not (said or re.search("session_closed .*broke=1", daemon.log()[begin:])) or (
                said and not mediator.call("case.list")["items"]):
            assert time.monotonic() < end
        assert len(mediator.call("case.list")["items"]) == cases
    assert well.call("ping")


def who_reads_slowly_pushes_back_and_gets_every_byte(daemon):
    slow = Sealed(daemon, size=4096)
    text = "字" * 9000
    slow.socket.settimeout(0.5)
    sent = 0
    try:
        while sent < 2000:
            slow.send("echo", text=text)
            sent += 1
    except (socket.timeout, TimeoutError, ssl.SSLError):
        pass
    assert sent < 2000, "nothing pushed back"
    assert Sealed(daemon).call("ping")
    slow.socket.settimeout(PATIENCE)
    for i in range(sent):
        answer = slow.answer()
        assert answer["id"] == i + 1 and answer["result"]["text"] == text


def the_desk_comes_back_by_itself(daemon):
    if shutil.which("tmux") is None:
        return
    cli = TlsCli(daemon, ca=daemon.certificates.path("ca.pem"))
    assert cli.login().returncode == 0
    daemon.write_tls("127.0.0.1:%d" % daemon.tls)
    with Desk(cli) as desk:
        desk.see("我的待办", "● 在线")
        daemon.kill()
        desk.see("○ 离线")
        daemon.start()
        desk.see("● 在线")
        desk.keys("F10")
        desk.gone()


def one_daemon_is_met_by_all_of_them():
    with TlsDaemon(more='log = { level = "debug" },', start="2026-07-02T09:00:00") as daemon:
        daemon.people(MEDIATOR)
        for case in (old_versions_are_refused_and_new_ones_serve, those_who_mean_harm_cost_nobody_else,
                     who_is_the_right_server_is_proved_or_said_in_words,
                     a_renewed_certificate_is_for_those_who_come_and_a_broken_one_for_nobody,
                     who_reads_slowly_pushes_back_and_gets_every_byte, the_desk_comes_back_by_itself):
            begin = time.monotonic()
            case(daemon)
            print("\n  %s %.1f s" % (case.__name__.replace("_", " "), time.monotonic() - begin), end="", flush=True)


if __name__ == "__main__":
    run(mistakes_are_told_before_the_daemon_starts, one_daemon_is_met_by_all_of_them)
