"""What registration left open is completed later: parties, registered fields; lists name the parties."""
import json

from harness import CHIEF, Daemon, MEDIATOR, VILLAGE, key, run

PHONE = "13055501902"


def opened(client):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "院墙滴水"},
                         parties=[{"role": "申请人", "name": "甲某"}])["case"]


def row_of(client, number):
    return next(r for r in client.call("case.list")["items"] if r["number"] == number)


def a_party_is_added_corrected_and_taken_out():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        number = opened(mediator)
        assert row_of(mediator, number)["parties"] == "甲某"
        again = key()
        added = dict(case=number, do="add", values={"role": "被申请人", "name": "乙某", "phone": PHONE}, _meta={"key": again})
        answer = mediator.change("case.party", **added)
        assert "乙某" in answer["changed"], answer
        assert mediator.change("case.party", **added)["_meta"]["replayed"] is True
        chief.change("case.party", case=number, do="add", values={"role": "被申请人", "name": "丙某"})
        assert row_of(mediator, number)["parties"] == "甲某／乙某等2人"
        assert [r["number"] for r in mediator.call("case.search", text="乙某")["items"]] == [number]
        answer = mediator.change("case.party", case=number, do="set", party=2, values={"phone": "13055501999", "name": "乙某某"})
        assert "乙某 → 乙某某" in answer["changed"] and "130****1902 → 130****1999" in answer["changed"], answer
        assert [r["number"] for r in mediator.call("case.search", text="乙某某")["items"]] == [number]
        mediator.refused("form_invalid", "case.party", case=number, do="remove", party=3, _meta={"key": key()})
        mediator.change("case.party", case=number, do="remove", party=3, reason="重复登记")
        items = mediator.call("case.timeline", case=number)["items"]
        assert [e["type"] for e in items[1:]] == ["party"] * 4 and items[-1]["reason"] == "重复登记"
        assert any("丙某" in line for line in items[-1]["words"]), items[-1]
        shown = json.dumps([items, mediator.call("case.get", case=number), mediator.call("case.list")], ensure_ascii=False)
        assert PHONE not in shown and "13055501999" not in shown and PHONE not in daemon.log()
        mediator.change("case.undo", case=number)
        assert len(mediator.call("case.get", case=number)["parties"]) == 3
        assert row_of(mediator, number)["parties"] == "甲某／乙某某等2人"
        assert mediator.call("case.verify", case=number)["ok"] is True
        daemon.kill()
        daemon.start()
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        assert row_of(mediator, number)["parties"] == "甲某／乙某某等2人"
        chief.change("case.party", case=number, do="set", party=2, values={"person": MEDIATOR})
        mediator.refused("forbidden", "case.act", case=number, action="受理", _meta={"key": key()})


def a_registered_field_is_corrected_and_the_history_says_from_what():
    with Daemon() as daemon:
        mediator, = daemon.people(MEDIATOR)
        number = opened(mediator)
        rehearsed = mediator.change("case.correct", case=number, fields={"subject": "院墙漏水"}, reason="登记有误", dry_run=True)
        assert "院墙滴水 → 院墙漏水" in rehearsed["changed"], rehearsed
        assert row_of(mediator, number)["title"] == "院墙滴水"
        mediator.change("case.correct", case=number, fields={"subject": "院墙漏水"}, reason="登记有误")
        assert row_of(mediator, number)["title"] == "院墙漏水"
        event = mediator.call("case.timeline", case=number)["items"][-1]
        assert event["type"] == "corrected" and any("院墙滴水 → 院墙漏水" in line for line in event["words"]), event
        mediator.refused("form_invalid", "case.correct", case=number, fields={"nothing": "x"}, reason="x", _meta={"key": key()})
        mediator.change("case.undo", case=number)
        assert row_of(mediator, number)["title"] == "院墙滴水"


if __name__ == "__main__":
    run(a_party_is_added_corrected_and_taken_out, a_registered_field_is_corrected_and_the_history_says_from_what)
