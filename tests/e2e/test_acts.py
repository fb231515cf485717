"""Acts on a case beside its workflow, over the wire: undo, recusal, who chose, a look at what is masked."""
import json

from harness import CHIEF, Daemon, MEDIATOR, VILLAGE, key, run

WATCHMAN = "hainan.sgc03"  # overseer of the district: sees the case, has no part in it
PHONE = "13055501901"


def opened(client):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "院墙滴水"},
                         parties=[{"role": "申请人", "name": "甲某", "phone": PHONE}])["case"]


def page(client, number):
    found = client.call("case.get", case=number)
    return {k: found.get(k) for k in ("state", "clocks", "host", "assignee", "fields", "marks", "category")}


def refused(client, kind, method, **params):
    return client.refused(kind, method, _meta={"key": key()}, **params)


def what_was_done_is_undone_and_stands_in_the_history():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        number = opened(mediator)
        assert "undo" not in mediator.call("case.get", case=number)  # a registration stays
        before = page(mediator, number)
        version = mediator.change("case.act", case=number, action="受理")["version"]
        undo = mediator.call("case.get", case=number)["undo"]
        assert undo["seconds_left"] == 600 and undo["until"].startswith("2020-01-06T09:10"), undo
        assert "undo" not in chief.call("case.get", case=number)
        refused(chief, "state_conflict", "case.undo", case=number)
        again = key()
        answer = mediator.change("case.undo", case=number, expect_version=version, reason="点错了", _meta={"key": again})
        assert answer["state"] == "registered" and "受理" in answer["changed"], answer
        assert mediator.change("case.undo", case=number, expect_version=version, reason="点错了",
                               _meta={"key": again})["_meta"]["replayed"] is True
        assert page(mediator, number) == before
        items = mediator.call("case.timeline", case=number)["items"]
        assert [e["type"] for e in items[-2:]] == ["advanced", "undone"] and items[-1]["reason"] == "点错了"
        assert mediator.call("case.verify", case=number)["ok"] is True
        refused(mediator, "state_conflict", "case.undo", case=number)
        mediator.change("case.act", case=number, action="受理")
        daemon.kill()
        daemon.start()
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        mediator.change("case.undo", case=number)  # the daemon died in between
        assert page(mediator, number) == before
        mediator.change("case.act", case=number, action="受理")
        daemon.clock("2020-01-06T09:10:01")
        refused(mediator, "state_conflict", "case.undo", case=number)


def after_somebody_else_acted_nothing_is_undone():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        number = opened(mediator)
        mediator.change("case.act", case=number, action="受理")
        chief.change("case.note", case=number, text="已知悉")
        refused(mediator, "state_conflict", "case.undo", case=number)
        chief.change("case.undo", case=number)
        refused(mediator, "state_conflict", "case.undo", case=number)


def a_number_is_shown_once_for_a_reason_and_that_is_kept():
    with Daemon() as daemon:
        mediator, watchman = daemon.people(MEDIATOR, WATCHMAN)
        watchman.call("events.subscribe", since=0)
        number, again = opened(mediator), key()
        ask = {"case": number, "what": "party:1.phone", "reason": "约定调解时间"}
        refused(watchman, "forbidden", "case.reveal", **ask)
        refused(mediator, "invalid_params", "case.reveal", case=number, what="party:1.phone", reason="")
        refused(mediator, "invalid_params", "case.reveal", case=number, what="party:7.phone", reason="x")
        answer = mediator.change("case.reveal", _meta={"key": again}, **ask)
        assert [v["value"] for v in answer["values"]] == [PHONE], answer
        replayed = mediator.change("case.reveal", _meta={"key": again}, **ask)
        assert replayed["values"] == answer["values"] and replayed["version"] == answer["version"]
        for client in (mediator, watchman):
            items = client.call("case.timeline", case=number)["items"]
            assert [e["type"] for e in items].count("revealed") == 1
            assert items[-1]["reason"] == "约定调解时间" and items[-1]["actor"] == MEDIATOR
            assert any("申请人" in line and "电话" in line for line in items[-1]["words"]), items[-1]
            for shown in (items, client.call("case.get", case=number), client.call("events.list", since=0)):
                assert PHONE not in json.dumps(shown, ensure_ascii=False)
        watchman.call("ping")
        assert PHONE not in json.dumps(watchman.pushed, ensure_ascii=False)
        assert PHONE not in daemon.log()


def who_is_recused_is_kept_out_and_others_are_named():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        number = opened(mediator)
        mediator.change("case.claim", case=number)
        refused(mediator, "forbidden", "case.recuse", case=number, user=CHIEF, reason="x")
        answer = chief.change("case.recuse", case=number, user=MEDIATOR, reason="与被申请人是近亲属")
        assert answer["changed"].endswith("回避"), answer
        for method, params in (("case.act", {"action": "受理"}), ("case.claim", {}),
                               ("case.classify", {"category": "邻里", "reason": "x"}),
                               ("case.reveal", {"what": "all", "reason": "x"})):
            error = refused(mediator, "forbidden", method, case=number, **params)
            assert "近亲属" in error["message"], (method, error)
        assert error["data"]["who"], error
        assert "近亲属" in refused(chief, "forbidden", "case.assign", case=number, user=MEDIATOR)["message"]
        found = mediator.call("case.get", case=number)
        assert found["assignee"] is None and found["recused"][0]["user"] == MEDIATOR
        assert not any(a["allowed"] for a in found["actions"]), found["actions"]
        mediator.change("case.note", case=number, text="材料在柜中")
        refused(mediator, "forbidden", "case.recuse", case=number, user=MEDIATOR, reason="x", lift=True)
        chief.change("case.recuse", case=number, user=MEDIATOR, reason="核实后并无亲属关系", lift=True)
        chief.change("case.assign", case=number, user=MEDIATOR, chosen_by="parties", reason="双方共同选定")
        last = chief.call("case.timeline", case=number)["items"][-1]
        assert "当事人选定" in last["words"] and last["reason"] == "双方共同选定"
        mediator.change("case.act", case=number, action="受理")


if __name__ == "__main__":
    run(what_was_done_is_undone_and_stands_in_the_history,
        after_somebody_else_acted_nothing_is_undone,
        a_number_is_shown_once_for_a_reason_and_that_is_kept,
        who_is_recused_is_kept_out_and_others_are_named)
