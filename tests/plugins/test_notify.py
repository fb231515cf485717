"""The notify plugin against a mail server and a web server of Python's standard library on loopback.

`drive` (drive.c) holds the plugin, the dispatcher and a real store; this script plays the people at
the other end. Usage: test_notify.py DRIVE NOTIFY.so
"""
import base64
import email
import email.header
import glob
import hashlib
import hmac
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading

DRIVE, PLUGIN = sys.argv[1:3]
SECRET = "only-for-this-test-0123456789"


class Mail(socketserver.ThreadingTCPServer):
    """Takes mails; `answers` are replies to RCPT to give instead of 250, first come first served."""
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.mails, self.answers = [], []


class MailTalk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 test")
        to = []
        while True:
            line = self.rfile.readline().decode().strip()
            verb = line[:4].upper()
            if not line or verb == "QUIT":
                return
            if verb == "DATA":
                self.say("354 go on")
                lines = []
                while True:
                    part = self.rfile.readline()
                    if part in (b".\r\n", b""):
                        break
                    lines.append(part)
                self.server.mails.append((to, email.message_from_bytes(b"".join(lines))))
                to = []
                self.say("250 taken")
            elif verb == "RCPT" and self.server.answers:
                self.say(self.server.answers.pop(0))
            else:
                if verb == "RCPT":
                    to.append(line.split(":", 1)[1].strip("<> "))
                self.say("250 ok")


class Hook(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), HookTalk)
        self.posts, self.answers = [], []


class HookTalk(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = hmac.new(SECRET.encode(), self.headers["X-Fengqiao-Timestamp"].encode() + b"." + body,
                          hashlib.sha256).hexdigest()
        assert self.headers["X-Fengqiao-Signature"] == "sha256=" + wanted
        status, headers = self.server.answers.pop(0) if self.server.answers else (204, {})
        if status < 300:
            self.server.posts.append(json.loads(body))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class World:
    """Servers, a folder, and a driven plugin that can be killed and started again."""

    def __init__(self, mail=False, hook=False, file=False, **options):
        self.folder = tempfile.mkdtemp(prefix="fengqiao-notify-")
        self.servers = []
        self.options = {"state": {"dir": self.folder}, "digest": {"every": "0s"}}
        if mail:
            self.mail = self.serve(Mail())
            self.options["smtp"] = {"url": "smtp://127.0.0.1:%d" % self.mail.server_address[1],
                                    "from": "fengqiao@office.test", "tls": "none",
                                    "recipients": {"demo01": "demo01@office.test", "demo02": "demo02@office.test",
                                                   "yanglujing.tw": "desk@office.test"}}
        if hook:
            self.hook = self.serve(Hook())
            secret = os.path.join(self.folder, "secret")
            with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
                f.write(SECRET + "\n")
            self.options["webhook"] = {"url": "http://127.0.0.1:%d/in" % self.hook.server_address[1],
                                       "secret_file": secret}
        if file:
            self.options["file"] = {"dir": self.folder}
        for name, value in options.items():
            self.options.setdefault(name, {}).update(value) if isinstance(value, dict) else \
                self.options.__setitem__(name, value)
        self.process = None

    def serve(self, server):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.servers.append(server)
        return server

    def __enter__(self):
        self.start()
        return self

    def start(self):
        config = os.path.join(self.folder, "options.json")
        with open(config, "w", encoding="utf-8") as f:
            json.dump(self.options, f)
        self.process = subprocess.Popen([DRIVE, PLUGIN, os.path.join(self.folder, "fq.db"), config],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def add(self, event="assigned", users=("demo01",), **more):
        data = {"to": {"role": "mediator", "body": "yanglujing.tw", "users": list(users)}, "event": event,
                "case": "1", "number": "羊调26-0001", "title": "人民调解：已受理", "words": "还剩3个工作日",
                "due": "2026-12-01"}
        data.update(more)
        return self.say("add " + json.dumps(data, ensure_ascii=False))

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(60) == 0
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def lines(self):
        found = []
        for path in glob.glob(os.path.join(self.folder, "notify-*.jsonl")):
            with open(path, encoding="utf-8") as f:
                found += [json.loads(line) for line in f]
        return found

    def __exit__(self, kind, value, trace):
        if kind is None and self.process.poll() is None:
            self.stop()
        elif self.process.poll() is None:
            self.kill()
        for server in self.servers:
            server.shutdown()
            server.server_close()
        shutil.rmtree(self.folder)


def text_of(mail):
    return base64.b64decode(mail.get_payload()).decode()


def subject_of(mail):
    return str(email.header.make_header(email.header.decode_header(mail["Subject"])))


def a_notice_is_written_mailed_and_posted_in_chinese():
    with World(mail=True, hook=True, file=True) as w:
        w.add("late", words="已超期2个工作日")
        status = w.say("settle")
        assert status["done"] == 1 and not status["pending"], status
        (line,) = w.lines()
        assert line["number"] == "羊调26-0001" and line["effect"] == "1" and line["event_title"] == "超期", line
        assert glob.glob(os.path.join(w.folder, "notify-2026-01-01.jsonl")), os.listdir(w.folder)
        ((to, mail),) = w.mail.mails
        assert to == ["demo01@office.test"] and mail["To"] == "<demo01@office.test>", to
        assert subject_of(mail) == "枫桥：超期 羊调26-0001", subject_of(mail)
        assert "已超期2个工作日" in text_of(mail) and "2026-12-01" in text_of(mail), text_of(mail)
        (post,) = w.hook.posts
        assert post["count"] == 1 and post["items"][0]["effect"] == "1", post


def notices_for_one_person_are_folded_and_red_ones_go_at_once():
    with World(mail=True, digest={"every": "1h", "max": 3}) as w:
        w.add(users=["demo01"])
        w.add(users=["demo01", "demo02"])
        status = w.say("look")
        assert status["held"] == 2 and not w.mail.mails, status
        w.add(users=["demo01"])  # the third fills the parcel of demo01
        w.say("look")
        w.say("turn 500")
        ((to, mail),) = w.mail.mails
        assert to == ["demo01@office.test"] and "3 条通知" in subject_of(mail), subject_of(mail)
        assert text_of(mail).count("羊调26-0001") == 3
        w.add("late", users=["demo02"])
        status = w.say("settle")
        assert status["done"] == 4 and len(w.mail.mails) == 2, status
        assert text_of(w.mail.mails[1][1]).count("羊调26-0001") == 2


def an_office_without_a_named_user_gets_the_mail_itself():
    with World(mail=True) as w:
        w.add(users=[])
        w.say("settle")
        assert w.mail.mails[0][0] == ["desk@office.test"], w.mail.mails


def a_busy_server_is_tried_again_and_an_unknown_mailbox_ends_in_the_list():
    with World(mail=True, file=True) as w:
        w.mail.answers = ["451 later"]
        w.add()
        status = w.say("settle")
        assert status["retried"] == 1 and len(status["pending"]) == 1, status
        assert "SMTP 451" in status["pending"][0]["error"], status
        w.say("later 4999")
        assert w.say("settle")["done"] == 0
        w.say("later 1")
        assert w.say("settle")["done"] == 1
        assert len(w.mail.mails) == 1 and len(w.lines()) == 1  # the file was not written twice
        w.mail.answers = ["550 no such mailbox"]
        w.add()
        status = w.say("settle")
        assert status["failed"] == 1 and "SMTP 550" in status["list"][0]["error"], status
        w.add(users=["demo99"])
        status = w.say("settle")
        assert status["failed"] == 2, status


def somebody_without_an_address_is_named_in_the_list():
    with World(mail=True, smtp={"recipients": {"demo01": "demo01@office.test"}}) as w:
        w.add(users=["demo01", "demo99"])
        status = w.say("settle")
        assert status["failed"] == 1 and "demo99" in status["list"][0]["error"], status
        assert len(w.mail.mails) == 1  # demo01 was told all the same


def http_answers_decide_between_later_and_never():
    with World(hook=True) as w:
        for code, later in ((500, True), (503, True), (429, True), (408, True), (400, False), (404, False),
                            (302, False)):
            w.hook.answers = [(code, {"Location": "http://127.0.0.1:1/"} if code == 302 else {})]
            before = w.say("look")
            w.add()
            status = w.say("settle")
            counter = "retried" if later else "failed"
            assert status[counter] == before[counter] + 1, (code, before, status)
            w.hook.answers = []
            w.say("later 3600000")
            status = w.say("settle")
            assert not status["pending"], status
        assert len(w.hook.posts) == 4, len(w.hook.posts)


def what_a_server_asks_to_wait_is_waited():
    with World(hook=True) as w:
        w.hook.answers = [(429, {"Retry-After": "120"})]
        w.add()
        w.say("settle")
        w.say("later 119999")
        assert w.say("settle")["done"] == 0
        w.say("later 1")
        assert w.say("settle")["done"] == 1


def a_server_that_is_not_there_is_tried_again():
    with World(mail=True, hook=True) as w:
        for server in w.servers:
            server.shutdown()
            server.server_close()
        w.servers = []
        w.add()
        status = w.say("settle")
        assert status["retried"] == 1 and status["failed"] == 0, status


def killed_between_sending_and_answering_nothing_goes_out_twice():
    with World(mail=True, hook=True, file=True) as w:
        w.mail.answers = ["451 later"]  # so the effect stays pending although file and hook are done
        w.add()
        w.say("settle")
        assert len(w.hook.posts) == 1 and len(w.lines()) == 1
        w.kill()
        w.start()
        w.say("later 5000")
        status = w.say("settle")
        assert status["done"] == 1, status
        assert len(w.hook.posts) == 1 and len(w.lines()) == 1 and len(w.mail.mails) == 1


def folded_notices_are_not_lost_when_the_daemon_is_killed():
    with World(mail=True, digest={"every": "1h"}) as w:
        w.add()
        assert w.say("look")["held"] == 1
        w.kill()
        w.options["digest"] = {"every": "0s"}
        w.start()
        assert w.say("settle")["done"] == 1
        assert len(w.mail.mails) == 1


def a_damaged_journal_costs_a_repeat_at_most():
    with World(file=True) as w:
        w.add()
        w.say("settle")
        w.stop()
        with open(os.path.join(w.folder, "notify.sent"), "ab") as f:
            f.write(b"12 fi")  # power went while this was written
        w.start()
        w.add()
        assert w.say("settle")["done"] == 1
        with open(os.path.join(w.folder, "notify.sent"), "rb") as f:
            assert f.read() == b"1 file\n2 file\n"


def killed_between_the_file_and_its_journal_the_line_stands_once():
    with World(file=True) as w:
        w.add()
        w.add()
        w.say("settle")
        w.kill()  # wherever it was: the journal and the answers are taken away below
        os.remove(os.path.join(w.folder, "notify.sent"))
        (path,) = glob.glob(os.path.join(w.folder, "notify-*.jsonl"))
        with open(path, "ab") as f:
            f.write(b'{"effect":"3","to"')  # and the power went in the middle of a line
        os.remove(os.path.join(w.folder, "fq.db"))  # the same effects again, unanswered
        w.start()
        w.add()
        w.add()
        w.add()
        assert w.say("settle")["done"] == 3
        assert [line["effect"] for line in w.lines()] == ["1", "2", "3"], w.lines()


def a_folder_that_cannot_be_written_is_tried_again():
    with World(file=True) as w:
        os.mkdir(os.path.join(w.folder, "notify-2026-01-01.jsonl"))
        w.add()
        status = w.say("settle")
        assert status["retried"] == 1 and "EISDIR" in status["pending"][0]["error"], status
        os.rmdir(os.path.join(w.folder, "notify-2026-01-01.jsonl"))
        w.say("later 5000")
        assert w.say("settle")["done"] == 1


def hundreds_of_notices_flow_through_a_long_digest():
    with World(file=True, mail=True, digest={"every": "1h", "max": 200}) as w:
        for i in range(450):
            w.process.stdin.write("add " + json.dumps(
                {"to": {"users": ["demo01"]}, "event": "assigned", "number": "羊调26-%04d" % i}) + "\n")
        w.process.stdin.flush()
        for _ in range(450):
            w.process.stdout.readline()
        w.say("settle")
        assert len(w.lines()) >= 400, len(w.lines())
        assert len({line["effect"] for line in w.lines()}) == len(w.lines())


def effects_that_are_no_notices_fail_with_a_reason():
    with World(file=True) as w:
        w.say("add {}")
        w.say('add {"event":5}')
        status = w.say("settle")
        assert status["failed"] == 2 and status["list"][0]["error"], status


def wrong_options_refuse_to_open_with_a_sentence():
    def refused(said, **options):
        w = World()
        w.options.update(options)
        w.start()
        out = json.loads(w.process.stdout.readline())
        assert said in out["refused"], out
        w.process.stdin.close()
        assert w.process.wait(30) == 1
        w.process.stdout.close()
        shutil.rmtree(w.folder)

    there = tempfile.mkdtemp(prefix="fengqiao-notify-")
    short = os.path.join(there, "short")
    with open(os.open(short, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
        f.write("short\n")
    shared = os.path.join(there, "shared")
    with open(shared, "w", encoding="utf-8") as f:
        f.write(SECRET + "\n")
    os.chmod(shared, 0o644)
    book = os.path.join(there, "book")
    with open(book, "w", encoding="utf-8") as f:
        f.write("# users\ndemo01,demo01@office.test\nnonsense\n")
    mail = {"url": "smtp://127.0.0.1:1", "from": "a@b.test"}
    refused("no channel")
    refused("file.dri", **{"file.dri": there})
    refused("/no/such", file={"dir": "/no/such"})
    refused("lang", file={"dir": there}, lang="fr")
    refused("smtp://", smtp={"url": "http://x", "from": "a@b"})
    refused("smtp.from", smtp={"url": "smtp://x"})
    refused("smtp.tls", smtp=dict(mail, tls="maybe"))
    refused("line 3", smtp=dict(mail, book=book))
    refused("secret_file", webhook={"url": "http://127.0.0.1:1/"})
    refused("16 characters", webhook={"url": "http://127.0.0.1:1/", "secret_file": short})
    refused("chmod 600", webhook={"url": "http://127.0.0.1:1/", "secret_file": shared})
    shutil.rmtree(there)


TESTS = [value for value in list(globals().values()) if getattr(value, "__module__", None) == "__main__"
         and callable(value) and not isinstance(value, type) and value not in (text_of, subject_of)]
failures = 0
for test in TESTS:
    if len(sys.argv) > 3 and sys.argv[3] not in test.__name__:
        continue
    try:
        test()
        print("ok", test.__name__)
    except Exception as problem:  # every test runs, whatever happened to the one before
        failures += 1
        print("FAILED %s: %s: %s" % (test.__name__, type(problem).__name__, problem))
sys.exit(1 if failures else 0)
