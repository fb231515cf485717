"""Accusations (检举控告) are sealed: what they say and who says it is for the person named for them alone. Marked words
are planted, then looked for in everything others of the same body, of the accused's body, leaders, auditors, lists,
search, history, events and plugins are told."""
import json

from harness import Daemon, MEDIATOR, Refused, key, run
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


if __name__ == "__main__":
    run(only_the_person_named_sees_what_an_accusation_says,
        what_becomes_an_accusation_later_is_hidden_from_then_on,
        what_is_sealed_later_leaves_the_lineage_of_the_case_it_was_linked_with,
        a_look_at_sealed_data_is_told_without_what_was_looked_at,
        the_accused_body_that_registered_it_loses_sight_of_it)
