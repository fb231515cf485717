"""Accusations (检举控告) are sealed: what they say and who says it is for the person named for them alone. Marked words
are planted, then looked for in everything others of the same body, of the accused's body, leaders, auditors, lists,
search, history, events and plugins are told."""
import base64
import glob
import hashlib
import json
import os

from harness import BUILD, Daemon, MEDIATOR, Refused, key, run
from test_tracks import mediation

MARK, INFORMANT = "植举报收受礼金", "植举报人甲"
NAMED, BESIDE, HEAD = "hainan.xfj02", "hainan.xfj01", "hainan.xfj03"
ACCUSED, LEADER, AUDITOR, CITY = "hainan.jtj03", "hainan.gov03", "wuhai.auditor01", "wuhai.xfj02"
DISCIPLINE, DISCIPLINE_HEAD = "hainan.jjw01", "hainan.jjw02"
FIELDS = {"subject": MARK, "text": MARK + "，时间地点如下。", "purpose": "检举控告", "accused": "植局长",
          "accused_body": "hainan.jtj"}


def opened(client, **fields):
    return client.change("case.open", flow="petition", place="150303", fields=dict(FIELDS, **fields),
                         parties=[{"role": "检举人", "name": INFORMANT, "phone": "13800138000"}],
                         note="植备注")["case"]


def told(client, number):
    """Everything the daemon tells this person of the case and around it; None where it says there is no such case."""
    answers = []
    for method, params in (("case.get", {"case": number}), ("case.timeline", {"case": number}), ("case.why", {"case": number}),
                           ("case.list", {}), ("inbox.list", {}), ("case.search", {"text": MARK[1:5]}),
                           ("events.list", {"since": 0}), ("case.can", {"case": number, "action": "受理"})):
        try:
            answers.append((method, client.call(method, **params)))
        except Refused as refusal:
            answers.append((method, refusal.error))
    return answers


def clean(answers, who):
    for method, answer in answers:
        assert "植" not in json.dumps(answer, ensure_ascii=False), (who, method, answer)


def sees(client, number):
    try:
        page = client.call("case.get", case=number)
    except Refused:
        return "nothing"
    return "all" if INFORMANT in json.dumps(page, ensure_ascii=False) else "that it is there"


def only_the_person_named_sees_what_an_accusation_says():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        users = (NAMED, BESIDE, HEAD, ACCUSED, LEADER, AUDITOR, CITY, DISCIPLINE, DISCIPLINE_HEAD)
        people = dict(zip(users, daemon.people(*users)))
        for client in people.values():
            client.call("events.subscribe", since=0)
        number = opened(people[NAMED])
        page = people[NAMED].call("case.get", case=number)
        assert page["sealed"] and page["assignee"]["id"] == NAMED and MARK in json.dumps(page, ensure_ascii=False)
        expected = {NAMED: "all", BESIDE: "that it is there", HEAD: "that it is there"}
        for user, client in people.items():
            assert sees(client, number) == expected.get(user, "nothing"), user
            if user != NAMED:
                clean(told(client, number), user)
        (row,) = [r for r in people[BESIDE].call("case.list")["items"] if r["number"] == number]
        assert row["title"] == "（密封件）" and "category" not in row, row
        people[BESIDE].refused("forbidden", "case.act", case=number, action="sort_out",
                               form={"purpose": "建议意见"}, reason="甲", _meta={"key": key()})
        people[HEAD].refused("forbidden", "case.reveal", case=number, what="parties", reason="甲", _meta={"key": key()})
        people[NAMED].refused("guard_refused", "case.act", case=number, action="forward_to",
                              form={"to_body": "hainan.jtj"}, _meta={"key": key()})
        people[NAMED].change("case.act", case=number, action="密封移交纪检监察机关")
        expected = {DISCIPLINE: "that it is there", DISCIPLINE_HEAD: "that it is there"}
        expected.update({BESIDE: "that it is there", HEAD: "that it is there", NAMED: "that it is there"})
        for user, client in people.items():
            assert sees(client, number) == expected.get(user, "nothing"), user
            clean(told(client, number), user)
        people[DISCIPLINE].refused("forbidden", "case.claim", case=number, _meta={"key": key()})
        people[DISCIPLINE_HEAD].change("case.assign", case=number, user=DISCIPLINE)
        assert sees(people[DISCIPLINE], number) == "all"
        done = people[DISCIPLINE].change("case.act", case=number, action="签收")
        assert done["closed"], done
        for user, client in people.items():
            client.call("ping")
            clean([(p["method"], p) for p in client.pushed], user)


def what_becomes_an_accusation_later_is_hidden_from_then_on():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        named, beside, accused = daemon.people(NAMED, BESIDE, ACCUSED)
        number = opened(named, purpose="申诉求决")
        assert sees(beside, number) == "all" and beside.call("case.search", text=MARK[1:5])["items"]
        named.change("case.act", case=number, action="sort_out", form={"purpose": "检举控告"}, reason="植理由")
        assert sees(beside, number) == "that it is there" and sees(named, number) == "all"
        clean(told(beside, number), BESIDE)
        clean(told(accused, number), ACCUSED)
        named.change("case.act", case=number, action="sort_out", form={"purpose": "申诉求决"}, reason="误")
        assert sees(beside, number) == "all"


def what_is_sealed_later_leaves_the_lineage_of_the_case_it_was_linked_with():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        named, mediator = daemon.people(NAMED, MEDIATOR)
        number = opened(named, purpose="申诉求决")
        mine = mediation(mediator, begun=False)
        mediator.change("case.link", case=mine, other=number, reason="同一事项")
        seen = mediator.call("case.lineage", case=mine)
        assert number in [i["number"] for i in seen["items"]] and number in seen["where"], seen
        named.change("case.act", case=number, action="sort_out", form={"purpose": "检举控告"}, reason="植理由")
        seen = mediator.call("case.lineage", case=mine)
        assert [i["number"] for i in seen["items"]] == [mine] and seen["where"] == [mine], seen
        assert number not in json.dumps(mediator.call("case.matches", case=mine)), "a proposal"


def a_look_at_sealed_data_is_told_without_what_was_looked_at():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        named, beside = daemon.people(NAMED, BESIDE)
        beside.call("events.subscribe", since=0)
        number = opened(named)
        named.change("case.reveal", case=number, what="party:1.phone", reason="植联系")
        (event,) = [e for e in beside.call("events.list", since=0)["items"] if e["type"] == "revealed"]
        assert "null" not in event["summary"] and "植" not in event["summary"], event
        clean(told(beside, number), BESIDE)
        assert beside.call("ping") is not None


def the_accused_body_that_registered_it_loses_sight_of_it():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        clerk, head = daemon.people("hainan.jtj01", ACCUSED)
        number = opened(clerk, accused_body=None)
        clerk.change("case.act", case=number, action="密封移交纪检监察机关", form={"accused_body": "hainan.jtj"})
        for client in (clerk, head):
            assert sees(client, number) == "nothing"
            assert client.call("case.list")["items"] == [] and client.call("inbox.list")["items"] == []
            clean(told(client, number), "the accused's body")


def plugins():
    """notify writes its file, documents may prepare papers, a listener writes down whatever it is told."""
    daemon = Daemon(flows=None, start="2023-03-01T09:00:00")
    rows = [(os.path.join(BUILD, "plugins", "notify.so"), '', "state = { dir = \"FOLDER\" }, file = { dir = \"FOLDER\" }"),
            (os.path.join(BUILD, "plugins", "documents.so"), "documenter", "prepare = true"),
            (os.path.join(BUILD, "tests", "plugins", "listener.so"), "", "file = \"FOLDER/told\"")]
    lua = "".join('{ path = "%s", %s options = { %s } },' % (path, 'role = "%s",' % role if role else "", options)
                  for path, role, options in rows if os.path.exists(path))
    daemon.write_config('return { listen = { tcp = "127.0.0.1:0", unix = "s.sock" }, database = "fq.db", '
                        'plugins = { %s } }\n' % lua.replace("FOLDER", daemon.folder))
    return daemon


def outside(daemon):
    """What left the case: notices, what plugins were told, logs — everything beside database and contents."""
    texts = {}
    for path in glob.glob(os.path.join(daemon.folder, "**"), recursive=True):
        name = os.path.relpath(path, daemon.folder)
        if os.path.isfile(path) and not name.startswith(("fq.db", "workflows", "files")):
            with open(path, encoding="utf-8", errors="replace") as f:
                texts[name] = f.read()
    return texts


def appealed(client):
    """A petition nothing is planted in."""
    return client.change("case.open", flow="petition", place="150303", fields={
        "subject": "补贴", "text": "补贴未发放。", "purpose": "申诉求决"})["case"]


def attach(client, number, data, name):
    sha = hashlib.sha256(data).hexdigest()
    client.call("file.put", hash=sha, offset=0, data=base64.b64encode(data).decode())
    client.call("file.seal", hash=sha)
    return sha, client.change("case.attach", case=number, hash=sha, name=name)["file"]


def nothing_of_a_sealed_case_goes_out_by_plugins():
    with plugins() as daemon:
        named, beside, leader, admin = daemon.people(NAMED, BESIDE, LEADER, "wuhai.admin01")
        number = opened(named)
        named.change("case.note", case=number, text="植备注二")
        named.change("case.party", case=number, do="set", party=1, values={"address": "植地址"})
        named.change("case.correct", case=number, fields={"text": "植更正"}, reason="植理由")
        attach(named, number, b"evidence", "植证据.pdf")
        named.change("case.reveal", case=number, what="party:1.phone", reason="植联系")
        named.change("case.act", case=number, action="密封移交纪检监察机关", note="植移交")
        # One that is urged, asked and answered when it has become an accusation.
        later = appealed(named)
        leader.change("case.urge", case=later, level="urge", text="请说明进展", reply_by="2023-03-08")
        (task,) = named.call("case.get", case=later)["tasks"]
        named.change("case.act", case=later, action="sort_out", form={"purpose": "检举控告"}, reason="植理由二")
        named.change("case.task.answer", case=later, id=task["id"], text="植答复督办")
        daemon.clock("2023-03-20T09:00:00")  # late and escalated
        admin.call("ping")
        texts = outside(daemon)
        notices = [json.loads(line) for name, text in texts.items() if name.startswith("notify-") for line in text.splitlines()]
        of_it = [n for n in notices if n["number"] == number]
        assert {"assigned", "late"} <= {n["event"] for n in of_it}, notices
        assert texts["told"].count("command ") > 8, texts["told"]
        for name, text in texts.items():
            assert "植" not in text and "13800138000" not in text, (name, text)
        events = [json.loads(line[6:]) for line in texts["told"].splitlines() if line.startswith("event ")]
        mine = [e for e in events if e.get("number") == number]
        assert mine and all(e["data"].get("sealed") for e in mine), mine
        clean([("effects.list", admin.call("effects.list", limit=500))], "administrator")
        assert admin.call("effects.list", status="failed")["items"] == []


def every_way_to_a_sealed_case_tells_a_colleague_only_that_it_is_there():
    with plugins() as daemon:
        named, beside, mediator, head = daemon.people(NAMED, BESIDE, MEDIATOR, HEAD)
        beside.call("events.subscribe", since=0)
        mediator.call("events.subscribe", since=0)
        alike = mediator.change("case.open", flow="people_mediation", place="150303104201", fields={"subject": "院墙滴水", "text": "院墙滴水。"},
                                parties=[{"role": "申请人", "name": INFORMANT}])["case"]
        other = appealed(named)
        number = opened(named, purpose="申诉求决")
        named.change("case.link", case=number, other=other, reason="同一事项")
        sha, file = attach(named, number, b"evidence", "植证据.pdf")
        assert beside.call("file.get", case=number, file=file)["size"] == 8
        named.change("case.act", case=number, action="sort_out", form={"purpose": "检举控告"}, reason="植理由")
        # The page and what hangs on it.
        beside.refused("not_found", "file.get", case=number, file=file)
        assert named.call("file.get", case=number, file=file)["name"] == "植证据.pdf"
        assert beside.call("case.matches", case=number)["items"] == []
        lineage = beside.call("case.lineage", case=number)
        assert [i["number"] for i in lineage["items"]] == [number] and other not in json.dumps(lineage), lineage
        assert number not in json.dumps(beside.call("case.lineage", case=other)), "from the other side"
        for method in ("case.why", "case.timeline", "case.get", "case.verify"):
            clean([(method, beside.call(method, case=number))], BESIDE)
        for action in ("受理", "sort_out", "密封移交纪检监察机关"):
            clean([("case.can", beside.call("case.can", case=number, action=action))], BESIDE)
        # Nobody attaches what is in it, or learns by the hash that it is there.
        mine = appealed(beside)
        assert beside.call("file.begin", hash=sha, size=8)["complete"] is False
        beside.refused("state_conflict", "case.attach", case=mine, hash=sha, name="x.pdf", _meta={"key": key()})
        for method, params in (("case.attach", {"hash": sha, "name": "x.pdf"}), ("case.detach", {"file": file, "reason": "误"}),
                               ("case.party", {"do": "add", "values": {"name": "甲"}}), ("case.undo", {}),
                               ("case.link", {"other": other, "reason": "同一事项"}), ("case.document", {
                                   "template": "volume", "title": "卷", "series": "甲"})):
            try:
                beside.change(method, case=number, **params)
                raise AssertionError("%s was not refused" % method)
            except Refused as refusal:
                clean([(method, refusal.error)], BESIDE)
        # Searched for, listed, counted, and by somebody who registers the same matter.
        for word in (MARK, "植", INFORMANT, "收受礼金"):
            assert beside.call("case.search", text=word)["items"] == [], word
        assert alike not in json.dumps(beside.call("case.matches", case=mine))
        (row,) = [r for r in beside.call("case.list")["items"] if r["number"] == number]
        assert "parties" not in row and row["title"] == "（密封件）", row
        clean([("report.overview", head.call("report.overview"))], HEAD)
        assert number not in json.dumps(mediator.call("case.matches", case=alike)), "who stands in it"
        # Papers.
        if "documents.list" in json.dumps(beside.call("rpc.discover")):
            for method, params in (("documents.list", {}), ("documents.make", {"template": "volume", "format": "html"}),
                                   ("documents.make", {"template": "volume", "draft": True})):
                try:
                    clean([(method, beside.call(method, case=number, **params))], BESIDE)
                except Refused as refusal:
                    clean([(method, refusal.error)], BESIDE)
        # Pushes from then on.
        since = len(beside.pushed)
        named.change("case.note", case=number, text="植备注三")
        named.change("case.correct", case=number, fields={"subject": "植事由"}, reason="植理由三")
        for client in (beside, mediator):
            client.call("ping")
            clean([(p["method"], p) for p in client.pushed[since if client is beside else 0:]], client)
        assert number not in json.dumps(mediator.pushed)


if __name__ == "__main__":
    run(nothing_of_a_sealed_case_goes_out_by_plugins,
        every_way_to_a_sealed_case_tells_a_colleague_only_that_it_is_there,
        only_the_person_named_sees_what_an_accusation_says,
        what_becomes_an_accusation_later_is_hidden_from_then_on,
        what_is_sealed_later_leaves_the_lineage_of_the_case_it_was_linked_with,
        a_look_at_sealed_data_is_told_without_what_was_looked_at,
        the_accused_body_that_registered_it_loses_sight_of_it)
