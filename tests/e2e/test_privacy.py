"""Personal data where it does not belong: marked names, numbers and words are planted in everything a
client may send, then looked for in everything the daemon says to those who need not know them.

Every marker is made by rule and holds the sign 植 or the digits 555019, so that one look finds them all.
"""
import glob
import hashlib
import json
import os
import re
import time

from harness import BUILD, CHIEF, CLERK, Client, Daemon, MEDIATOR, PATIENCE, Refused, VILLAGE, key, run

NAME, PHONE, ID_NUMBER = "植名甲一", "13055501901", "150303195550190012"
ADDRESS, SUBJECT, NOTE = "植址巷五号", "植事由院墙滴水", "植说明私下讲的话"
SECRET, REASON, SEARCHED = "植密举报人的话", "植理由", "植搜索词"
LOGIN, PASSWORD, DEVICE = "植登录", "植密码-555019-abc", "植设备"
MARK = re.compile("植|555019|\\\\u690d")

NOTIFY = ('{ path = "%s", required = true, options = { state = { dir = "FOLDER" }, file = { dir = "FOLDER" } } },'
          % os.path.join(BUILD, "plugins", "notify.so"))
WATCHMAN = "hainan.sgc03"  # overseer of the district: sees the case, is not of its team


def watched():
    daemon = Daemon()
    daemon.write_config('return { listen = { tcp = "127.0.0.1:0", unix = "s.sock" }, database = "fq.db", '
                        'log = { level = "debug" }, plugins = { %s } }\n' % NOTIFY.replace("FOLDER", daemon.folder))
    return daemon


def clean(what, where):
    text = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)
    found = MARK.search(text)
    assert found is None, "%s holds personal data: …%s…" % (where, text[max(0, found.start() - 80):found.end() + 80])


def refused(client, method, **params):
    try:
        client.change(method, **params)
    except Refused as refusal:
        return refusal.error
    raise AssertionError("%s was not refused" % method)


def opened(client, **more):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": SUBJECT},
                         parties=[{"role": "申请人", "name": NAME, "phone": PHONE, "id_number": ID_NUMBER,
                                   "address": ADDRESS},
                                  {"role": "被申请人", "name": NAME + "乙", "phone": int(PHONE), "mobile": PHONE}],
                         note=NOTE, **more)


def told(daemon):
    """What stands in the folder beside the database: logs, notices, file names."""
    for path in glob.glob(os.path.join(daemon.folder, "**"), recursive=True):
        name = os.path.relpath(path, daemon.folder)
        clean(name, "a file name")
        if os.path.isfile(path) and not name.startswith(("fq.db", "workflows")):
            with open(path, encoding="utf-8", errors="replace") as f:
                clean(f.read(), name)


def nothing_personal_leaves_the_case():
    with watched() as daemon:
        mediator, clerk, chief, watchman = daemon.people(MEDIATOR, CLERK, CHIEF, WATCHMAN)
        watchman.call("events.subscribe", since=0)
        answer = opened(mediator)
        number = answer["case"]
        clean(answer, "the answer to case.open")
        clean(mediator.change("case.act", case=number, action="受理", note=NOTE), "the answer to case.act")
        clean(mediator.change("case.act", case=number, action="核查", form={"finding": SECRET}), "the answer to case.act")
        clean(mediator.change("case.note", case=number, text=NOTE), "the answer to case.note")
        refused(mediator, "case.act", case=number, action="达成协议", note=NOTE, reason=REASON)
        assert refused(mediator, "case.act", case=number, action="出错")["data"]["kind"] == "script_error"
        for client in (mediator, watchman):
            clean(client.call("case.why", case=number), "case.why")
            for method, params in (("case.list", {}), ("case.search", {"text": SUBJECT[1:5]})):
                (found,) = client.call(method, **params)["items"]
                assert found.pop("title") == SUBJECT  # what the case is about, and whose it is, are for who may read it
                found.pop("parties")
                clean(found, method)
            client.call("case.search", text=SEARCHED + "\" OR *")
        stranger = daemon.connect()
        for user, password in ((LOGIN, PASSWORD), (MEDIATOR, PASSWORD)):
            clean(refused(stranger, "auth.login", user=user, password=password, device=DEVICE), "a refused login")
        refused(mediator, "case.open", flow="people_mediation", place=VILLAGE, fields={"subject": SUBJECT, NAME: 1})
        refused(mediator, "case.open", flow="people_mediation", place=VILLAGE, fields={}, parties=[{"name": NAME}])
        stranger.raw(b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"%s"}\n' % NAME.encode())
        clean(stranger.answer(), "the answer to half a line")
        daemon.clock("2020-03-10T10:00:00")  # warned, late, supervised, escalated
        admin = daemon.admin()
        end = time.monotonic() + PATIENCE
        while not glob.glob(os.path.join(daemon.folder, "notify-*.jsonl")):
            assert time.monotonic() < end
            admin.call("ping")
        for method in ("server.health", "server.metrics", "effects.list", "user.list"):
            clean(admin.call(method), method)
        for client in (mediator, chief, watchman):
            clean(client.call("events.list", since=0), "events.list")
        clean(chief.call("report.overview"), "report.overview")
        while watchman.pushed:
            clean(watchman.notification(), "a push")
        daemon.signal(12)  # SIGUSR2: the state into the log
        daemon.signal(1)
        daemon.wait_log("reloaded")
        assert daemon.stop() == 0
        told(daemon)


def what_was_revealed_undone_or_attached_is_told_without_it():
    """A look, an undo and an attachment put the case's data on new ways; none of it goes along."""
    with watched() as daemon:
        mediator, chief, watchman = daemon.people(MEDIATOR, CHIEF, WATCHMAN)
        watchman.call("events.subscribe", since=0)
        number, again = opened(mediator)["case"], key()
        ask = {"case": number, "what": "all", "reason": REASON}
        values = mediator.change("case.reveal", _meta={"key": again}, **ask)["values"]
        assert {PHONE, ID_NUMBER, int(PHONE)} <= {v["value"] for v in values}
        refused(watchman, "case.reveal", **ask)
        refused(mediator, "case.reveal", case=number, what="party:9.%s" % NAME, reason=REASON)
        clean(mediator.change("case.act", case=number, action="受理", note=NOTE), "the answer to case.act")
        clean(mediator.change("case.undo", case=number, reason=REASON), "the answer to case.undo")
        empty = hashlib.sha256(b"").hexdigest()
        mediator.call("file.begin", hash=empty, size=0)
        mediator.call("file.seal", hash=empty)
        answer = mediator.change("case.attach", case=number, hash=empty, name=NAME + ".pdf")
        clean(answer, "the answer to case.attach")
        clean(mediator.change("case.detach", case=number, file=answer["file"], reason=REASON), "the answer to case.detach")
        for client in (mediator, chief, watchman):
            text = json.dumps(client.call("case.timeline", case=number), ensure_ascii=False)
            for hidden in (PHONE, ID_NUMBER, "snapshot"):
                assert hidden not in text, hidden
            clean(client.call("events.list", since=0), "events.list")
        while watchman.pushed:
            clean(watchman.notification(), "a push")
        assert daemon.stop() == 0
        told(daemon)


def numbers_are_masked_for_everybody_wherever_the_case_is_shown():
    with Daemon() as daemon:
        mediator, chief, watchman = daemon.people(MEDIATOR, CHIEF, WATCHMAN)
        again = key()
        number = opened(mediator, _meta={"key": again})["case"]
        clean(opened(mediator, _meta={"key": again}), "the stored answer")
        for client in (mediator, chief, watchman):
            page, history = client.call("case.get", case=number), client.call("case.timeline", case=number)
            assert NAME in json.dumps(page, ensure_ascii=False)
            for name, shown in (("case.get", page), ("case.timeline", history)):
                text = json.dumps(shown, ensure_ascii=False)
                assert PHONE not in text and ID_NUMBER not in text, (name, text)
            assert page["parties"][0]["phone"] == "130****1901", page["parties"]


def secrets_are_for_the_team_of_the_case():
    with Daemon() as daemon:
        mediator, chief, watchman = daemon.people(MEDIATOR, CHIEF, WATCHMAN)
        number = opened(mediator)["case"]
        mediator.change("case.act", case=number, action="受理")
        mediator.change("case.act", case=number, action="核查", form={"finding": SECRET})
        for client, may in ((mediator, True), (chief, True), (watchman, False)):
            for method in ("case.get", "case.timeline"):
                text = json.dumps(client.call(method, case=number), ensure_ascii=False)
                assert (SECRET in text) == may, (method, may, text)
            for method in ("case.why", "case.list", "case.search", "events.list"):
                params = {"case.why": {"case": number}, "case.search": {"text": SUBJECT[1:4]},
                          "events.list": {"since": 0}}.get(method, {})
                assert SECRET not in json.dumps(client.call(method, **params), ensure_ascii=False), method
        assert watchman.call("case.search", text=SECRET[1:5])["items"] == []


if __name__ == "__main__":
    run(nothing_personal_leaves_the_case,
        what_was_revealed_undone_or_attached_is_told_without_it,
        numbers_are_masked_for_everybody_wherever_the_case_is_shown,
        secrets_are_for_the_team_of_the_case)
