"""Who may do what: every method for every kind of caller, against a table written here and nowhere else.

The table says for each caller how a call ends: "ok", the kind of the refusal, or "params" — let in, and told
that the example's content does not fit this daemon. A method the table does not know fails the test.
"""
import json
import time

from harness import CHIEF, CLERK, Daemon, MEDIATOR, Refused, VILLAGE, key, run

# anonymous: no login · mediator: of the case's body · other: mediator of another village · overseer: of the
# district above · elsewhere: overseer of another district · admin, security, auditor: of the city · local: UNIX socket
PEOPLE = {"mediator": MEDIATOR, "other": "saihanwusu02", "overseer": "hainan.sgc03", "elsewhere": "wuda.sgc03",
          "admin": "wuhai.admin01", "security": "wuhai.security01", "auditor": "wuhai.auditor01"}
CALLERS = ("anonymous",) + tuple(PEOPLE) + ("local",)
U, F, N, OK = "unauthenticated", "forbidden", "not_found", "ok"


def row(anonymous, mediator, other, overseer, elsewhere, admin, security, auditor, local):
    return dict(zip(CALLERS, (anonymous, mediator, other, overseer, elsewhere, admin, security, auditor, local)))


OPEN = row(*[OK] * 9)
LOGGED_IN = row(U, *[OK] * 8)
READ = row(U, OK, N, OK, N, N, N, OK, N)   # a case of Yanglujing village
STEP = row(U, OK, N, F, N, N, N, F, N)     # a change of it that needs an office in its body
NOTE = row(U, OK, N, OK, N, N, N, F, N)
REFERENCE = row(U, OK, OK, OK, OK, OK, F, OK, OK)  # flows and calendars: the security officer needs none
ORG = row(U, *[OK] * 8)
SYSTEM = row(U, F, F, F, F, OK, F, F, OK)
ACCOUNTS = row(U, F, F, F, F, OK, OK, F, OK)
LOCAL = row(U, *[F] * 7, OK)  # on the machine itself
HEALTH = row(U, F, F, F, F, OK, OK, OK, OK)
REPORT = row(U, F, F, OK, OK, OK, F, OK, OK)
EFFECTS = row(U, F, F, F, F, OK, F, OK, OK)

FILES = row(U, OK, OK, OK, OK, F, F, F, F)  # a content belongs to no case yet: who may note somewhere may send it

CASE = {"case": "羊调20-0001"}
EMPTY = {"hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}  # of no bytes
CALENDAR = {"year": 2031, "version": 1, "paper": "测试", "rest": [], "work": []}
SOURCE = "return workflow"  # who may deploy is told what is wrong with it
TABLE = {
    "ping": (OPEN, {}), "echo": (OPEN, {"text": "甲"}), "rpc.discover": (OPEN, {}), "server.hello": (OPEN, {}),
    "server.health": (OPEN, {}), "server.metrics": (HEALTH, {}),
    "auth.login": (row(*[U] * 9), {"user": "nobody", "password": "wrong-password"}),
    "auth.whoami": (LOGGED_IN, {}), "inbox.list": (LOGGED_IN, {}),
    "case.open": (row(U, OK, F, F, F, F, F, F, F),
                  {"flow": "people_mediation", "place": VILLAGE, "body": "yanglujing.tw", "fields": {"subject": "甲"}}),
    "case.act": (STEP, dict(CASE, action="受理", dry_run=True)),
    "case.note": (NOTE, dict(CASE, text="甲")),
    "case.assign": (row(U, F, N, F, N, N, N, F, N), dict(CASE, user=MEDIATOR)),  # the chief's
    "case.claim": (STEP, CASE),
    "case.classify": (STEP, dict(CASE, category="城乡建设", reason="甲")),
    "case.pause": (STEP, {**CASE, "clock": "mediate", "from": "2020-01-07", "reason": "鉴定"}),
    "case.undo": (READ, CASE),
    "case.recuse": (row(U, F, N, F, N, N, N, F, N), dict(CASE, user=CHIEF, reason="甲")),  # the chief's
    "case.reveal": (STEP, dict(CASE, what="all", reason="甲")),
    "case.party": (STEP, dict(CASE, do="add", values={"role": "证人", "name": "丙某"})),
    "case.correct": (STEP, dict(CASE, fields={"subject": "道路积水（更正）"}, reason="甲")),
    "file.begin": (FILES, dict(EMPTY, size=0)), "file.put": (FILES, dict(EMPTY, offset=0, data="")),
    "file.seal": (FILES, EMPTY),
    "case.attach": (NOTE, dict(CASE, name="甲.txt", **EMPTY)), "case.detach": (NOTE, dict(CASE, file="f0", reason="甲")),
    "file.get": (READ, dict(CASE, file="f0")),
    # t1: supervision the case begins with; t2: the reminder of the first row, taken back in the second
    "case.urge": (row(U, F, N, OK, N, N, N, F, N), dict(CASE, level="remind", text="甲")),  # from above
    "case.task.cancel": (row(U, F, N, OK, N, N, N, F, N), dict(CASE, id="t2", reason="甲")),  # whoever asked
    "case.task.return": (STEP, dict(CASE, id="t1", reason="甲")), "case.task.answer": (STEP, dict(CASE, id="t1", text="甲")),
    "case.task.ask": (STEP, dict(CASE, task="走访", body="bayintaohai.sfs", text="甲")),
    "case.document": (STEP, dict(CASE, template="notice", title="甲", series="乌（{sign}）人调字")),
    "case.paper": (STEP, dict(CASE, document="d1")),  # of whoever made it
    "case.get": (READ, CASE), "case.timeline": (READ, CASE), "case.can": (READ, dict(CASE, action="受理")),
    "case.why": (READ, CASE), "case.verify": (READ, CASE),
    "case.lineage": (READ, CASE), "case.matches": (READ, CASE),
    "case.link": (row(U, "invalid_params", N, F, N, N, N, F, N), dict(CASE, other=CASE["case"], reason="甲")),  # with itself
    "case.unlink": (row(U, "invalid_params", N, F, N, N, N, F, N), dict(CASE, link="l9", reason="甲")),
    "case.list": (LOGGED_IN, {}), "case.search": (LOGGED_IN, {"text": "甲"}),
    "flow.list": (REFERENCE, {}), "flow.get": (REFERENCE, {"flow": "people_mediation"}),
    "flow.deploy": (SYSTEM, {"source": SOURCE, "file": "x.lua"}),
    "calendar.due": (REFERENCE, {"start": "2020-01-10", "n": 15, "unit": "d"}), "calendar.list": (REFERENCE, {}),
    "calendar.show": (REFERENCE, {"year": 2020}), "term.list": (REFERENCE, {}),
    "calendar.load": (SYSTEM, {"doc": CALENDAR}),
    "terms.load": (SYSTEM, {"confirm": "0" * 12}),
    "org.places": (ORG, {}), "org.bodies": (ORG, {}), "org.members": (ORG, {"body": "yanglujing.tw"}),
    "user.list": (ACCOUNTS, {}), "user.passwd": (ACCOUNTS, {"user": CLERK, "password": "another-password"}),
    "user.disable": (ACCOUNTS, {"user": CLERK, "disabled": False}),
    "report.overview": (REPORT, {}),
    "effects.list": (EFFECTS, {}), "effects.retry": (SYSTEM, {"id": "999"}),
    "events.list": (LOGGED_IN, {"since": 0}), "events.subscribe": (LOGGED_IN, {}),
    "events.unsubscribe": (row(U, *[N] * 8), {"subscription": "s999"}),
    "server.clock": (SYSTEM, {"to": "2020-01-06T09:00:00"}),
    "server.backup": (LOCAL, {"folder": "no/whole/path"}), "server.verify": (LOCAL, {}), "server.heads": (LOCAL, {}),
    "server.job": (LOCAL, {"job": 999}),
    "auth.logout": (LOGGED_IN, {}),
}
# Let in, and then told what is wrong with what was asked.
LET_IN = {"case.undo": {"state_conflict"}, "case.attach": {"state_conflict"}, "case.detach": {"invalid_params"},
          "file.get": {"not_found"}, "flow.deploy": {"script_error"}, "effects.retry": {"not_found"}, "calendar.load": {"state_conflict"}, "terms.load": {"not_found"},
          "server.backup": {"invalid_params"}, "server.heads": {"overloaded"}, "server.job": {"not_found"},
          "case.task.return": {"state_conflict"},  # supervision is answered, never given back
          "case.classify": {"form_invalid", "invalid_params"}, "case.claim": {"state_conflict"},
          "case.pause": {"state_conflict", "form_invalid", "invalid_params", "guard_refused", "not_found"}}
SAME_NUMBER = ("case.get", "case.timeline", "case.can", "case.why", "case.verify", "case.note", "case.claim", "case.act",
               "case.assign", "case.classify", "case.pause")


def opened(client, subject="道路积水"):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": subject})


def ending(client, method, params):
    try:
        client.change(method, **params)
        return OK
    except Refused as refusal:
        return refusal.kind


def callers(daemon):
    people = dict(zip(PEOPLE, daemon.people(*PEOPLE.values())))
    people.update(anonymous=daemon.connect(), local=daemon.admin())
    return people


def every_method_answers_every_caller_as_the_table_says():
    with Daemon() as daemon:
        people = callers(daemon)
        opened(people["mediator"])
        people["overseer"].change("case.urge", level="urge", text="甲", **CASE)
        methods = {m["name"] for m in daemon.connect().call("rpc.discover")["methods"]}
        assert methods == set(TABLE), methods ^ set(TABLE)
        wrong = []
        for method, (expected, params) in TABLE.items():
            # Who is refused asks first: what the others change hides no refusal.
            for caller, want in sorted(expected.items(), key=lambda pair: pair[1] == OK):
                got = ending(people[caller], method, params)
                if got != want and not (want == OK and got in LET_IN.get(method, ())):
                    wrong.append("%s by %s: %s, not %s" % (method, caller, got, want))
        assert not wrong, "\n".join(wrong)


def what_one_may_not_know_is_answered_like_what_is_not_there():
    with Daemon() as daemon:
        mediator, other = daemon.people(MEDIATOR, PEOPLE["other"])
        number, case_id = opened(mediator)["case"], opened(mediator)["id"]
        for method in SAME_NUMBER:
            params = dict(TABLE[method][1])
            answers = []
            for case in (number, case_id, "20-0001", "0001", "1", "羊调20-0009", "9", "c9", "别调20-0001", "20-0009"):
                try:
                    other.change(method, **dict(params, case=case))
                    raise AssertionError("%s of %s was answered" % (method, case))
                except Refused as refusal:
                    error = refusal.error
                    error["data"].pop("trace")
                    answers.append(json.dumps(error, sort_keys=True, ensure_ascii=False))
            assert len(set(answers)) == 1, (method, set(answers))


def nor_does_the_time_tell():
    with Daemon() as daemon:
        mediator, other = daemon.people(MEDIATOR, PEOPLE["other"])
        for i in range(8):
            opened(mediator)
        took = {"there": [], "absent": []}
        for i in range(60):
            for name, case in (("there", str(1 + i % 8)), ("absent", str(1000 + i))):
                begin = time.monotonic()
                other.refused("not_found", "case.get", case=case)
                took[name].append(time.monotonic() - begin)
        there, absent = (sorted(took[name])[30] for name in ("there", "absent"))
        assert max(there, absent) < 10 * min(there, absent), (there, absent)  # one class: no file, no password, no wait


def lists_show_no_row_of_others():
    with Daemon() as daemon:
        people = callers(daemon)
        number = opened(people["mediator"], "独有的事由")["case"]
        shows = row(False, True, False, True, False, False, False, True, False)
        for caller, sees in list(shows.items())[1:]:
            client = people[caller]
            for method, params in (("case.list", {}), ("case.list", {"place": "150300", "total": True}),
                                   ("case.list", {"host": "yanglujing.tw"}), ("case.search", {"text": "独有"}),
                                   ("case.search", {"text": number}), ("case.search", {"text": "0001"}),
                                   ("events.list", {"since": 0})):
                page = client.call(method, **params)
                # That something happened is the system's to watch; what the case says is not.
                watches = caller == "local" and method == "events.list"
                assert bool(page["items"]) == (sees or watches), (caller, method, params, page)
                assert sees or page.get("total", 0) == 0, (caller, method, page)
            inbox = client.call("inbox.list")["items"]
            assert bool(inbox) == (caller == "mediator"), (caller, inbox)


def reports_count_only_what_one_may_see():
    with Daemon() as daemon:
        mediator, chief, leader, elsewhere, city = daemon.people(MEDIATOR, CHIEF, "hainan.gov03", "wuda.gov03", "wuhai.gov03")
        opened(mediator)
        for client, count in ((chief, 1), (leader, 1), (city, 1), (elsewhere, 0)):
            report = client.call("report.overview")
            assert report["cases"]["total"] == count, (client, report)
            assert bool(report["by_body"]) == bool(count), report


def a_subscription_tells_what_the_rights_of_the_day_allow():
    with Daemon() as daemon:
        people = callers(daemon)
        for caller in PEOPLE:
            people[caller].call("events.subscribe", since=0)
            people[caller].call("events.subscribe", filter={"case": "羊调20-0001"}, since=0)
        opened(people["mediator"])
        shows = row(False, True, False, True, False, False, False, True, False)
        for caller in PEOPLE:
            client = people[caller]
            opened(people["mediator"], "后来的")
            client.call("ping")
            told = [p for p in client.pushed if p["method"] == "events.event"]
            assert bool(told) == shows[caller], (caller, told)


def a_connection_is_nobody_elses():
    """A name in the request gives nothing; a token stands for its owner alone, on whatever connection it comes."""
    with Daemon() as daemon:
        mediator, other = daemon.people(MEDIATOR, PEOPLE["other"])
        number = opened(mediator)["case"]
        other.refused("invalid_params", "case.get", case=number, user=MEDIATOR)
        assert other.call("auth.whoami", _meta={"token": mediator.token})["user"] == MEDIATOR
        assert mediator.call("auth.whoami", _meta={"token": other.token})["user"] == PEOPLE["other"]
        mediator.refused("not_found", "case.get", case=number, _meta={"token": other.token})
        plain = daemon.connect()
        plain.call("auth.whoami", _meta={"token": mediator.token})
        plain.refused("unauthenticated", "auth.whoami")  # one request's token does not bind the connection
        admin = daemon.admin()
        assert admin.call("auth.whoami")["local_admin"]
        assert not admin.call("auth.whoami", _meta={"token": other.token})["local_admin"]
        admin.refused("forbidden", "user.list", _meta={"token": other.token})
        admin.refused("unauthenticated", "user.list", _meta={"token": "fqt_" + "0" * 64})


if __name__ == "__main__":
    run(every_method_answers_every_caller_as_the_table_says,
        what_one_may_not_know_is_answered_like_what_is_not_there,
        nor_does_the_time_tell,
        lists_show_no_row_of_others,
        reports_count_only_what_one_may_see,
        a_subscription_tells_what_the_rights_of_the_day_allow,
        a_connection_is_nobody_elses)
