"""Cases over the wire: the way of one case, keys, versions, refusals, lateness."""
from harness import CHIEF, CLERK, Daemon, MEDIATOR, Refused, VILLAGE, key, run


def opened(client, subject="道路积水", **more):
    more.setdefault("fields", {"subject": subject})
    return client.change("case.open", flow="people_mediation", place=VILLAGE, **more)


def a_case_is_opened_accepted_settled_and_its_history_verifies():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = opened(mediator, fields={"subject": "宅基地边界", "amount": "120.50"})
        assert case["case"] == "羊调20-0001", case
        assert case["version"] == 1 and case["state"] == "registered" and not case["closed"]
        accepted = mediator.change("case.act", case="20-1", action="受理", expect_version=1)
        assert accepted["state_title"] == "已受理", accepted
        assert accepted["due"]["legal"] == "2020-01-21", accepted["due"]
        page = mediator.call("case.get", case="羊调20-0001")
        assert page["version"] == 2, page
        why = mediator.call("case.why", case="1")
        assert "2020-01-21" in str(why), why
        can = mediator.call("case.can", case="1", action="达成协议")
        assert can["allowed"], can
        done = mediator.change("case.act", case="1", action="agree")
        assert done["closed"], done
        timeline = mediator.call("case.timeline", case="1")
        assert [row["version"] for row in timeline["items"]] == [1, 2, 3], timeline
        verified = mediator.call("case.verify", case="1")
        assert verified["ok"] and verified["events"] == 3, verified
        assert daemon.stop() == 0


def a_key_sent_a_hundred_times_makes_one_event():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        again = key()
        for _ in range(100):
            mediator.send("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "噪音"},
                          _meta={"key": again})
        answers = [mediator.answer()["result"] for _ in range(100)]
        replayed = [answer.pop("_meta", {}).get("replayed", False) for answer in answers]
        assert replayed.count(False) == 1, replayed
        assert all(answer == answers[0] for answer in answers)
        assert len(mediator.call("case.list")["items"]) == 1
        daemon.kill()
        daemon.start()
        mediator = daemon.connect(mediator.token)
        answer = mediator.call("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "噪音"},
                               _meta={"key": again})
        assert answer.pop("_meta") == {"replayed": True}
        assert answer == answers[0]
        mediator.refused("key_reused", "case.open", flow="people_mediation", place=VILLAGE,
                         fields={"subject": "别的事"}, _meta={"key": again})


def what_cannot_be_done_is_refused_with_its_reason():
    with Daemon() as daemon:
        mediator, clerk = daemon.people(MEDIATOR, CLERK)
        opened(mediator)
        error = mediator.refused("invalid_params", "case.open", flow="people_mediation", place=VILLAGE, fields={})
        assert error["data"].get("hint"), error  # no key
        mediator.refused("form_invalid", "case.open", flow="people_mediation", place=VILLAGE, fields={},
                         _meta={"key": key()})
        mediator.refused("not_found", "case.get", case="羊调20-0099")
        mediator.refused("state_conflict", "case.act", case="1", action="达成协议", _meta={"key": key()})
        mediator.refused("version_conflict", "case.act", case="1", action="受理", expect_version=7,
                         _meta={"key": key()})
        mediator.change("case.act", case="1", action="受理")
        error = mediator.refused("guard_refused", "case.act", case="1", action="达成协议", _meta={"key": key()})
        assert "金额未填" in error["message"], error
        error = mediator.refused("form_invalid", "case.act", case="1", action="撤回", _meta={"key": key()})
        try:
            mediator.change("case.act", case="1", action="达成协意")
            raise AssertionError("an unknown action was taken")
        except Refused as refusal:
            assert "达成协议" in str(refusal.error), refusal.error
        mediator.refused("invalid_params", "case.open", flow="people_mediation", place="没有这个村",
                         fields={"subject": "x"}, _meta={"key": key()})


def people_see_and_do_only_what_is_theirs():
    with Daemon() as daemon:
        mediator, stranger = daemon.people(MEDIATOR, "hainan.nmj02")
        opened(mediator)
        stranger.refused("not_found", "case.get", case="羊调20-0001")
        stranger.refused("not_found", "case.act", case="羊调20-0001", action="受理", _meta={"key": key()})
        assert stranger.call("case.list")["items"] == []
        assert stranger.call("case.search", text="积水")["items"] == []
        assert stranger.call("inbox.list")["items"] == []
        stranger.refused("forbidden", "user.list")
        stranger.refused("forbidden", "user.passwd", user=MEDIATOR, password="abcdefgh12", _meta={"key": key()})
        stranger.refused("forbidden", "server.clock", to="2020-02-01")
        nobody = daemon.connect()
        nobody.refused("unauthenticated", "case.list")
        nobody.refused("unauthenticated", "case.list", _meta={"token": "fqt_" + "0" * 64})
        assert mediator.call("case.search", text="积水")["items"][0]["number"] == "羊调20-0001"
        assert mediator.call("inbox.list")["items"][0]["number"] == "羊调20-0001"


def a_late_case_turns_yellow_red_and_climbs():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        opened(mediator)
        mediator.change("case.act", case="1", action="受理")
        daemon.clock("2020-01-19T12:00")
        assert "yellow" in mediator.call("case.get", case="1")["marks"]
        daemon.clock("2020-01-21T23:59")
        assert "red" not in mediator.call("case.get", case="1")["marks"]
        daemon.clock("2020-01-22T00:01")
        page = mediator.call("case.get", case="1")
        assert "red" in page["marks"], page["marks"]
        assert mediator.call("case.list", late=True)["items"][0]["number"] == "羊调20-0001"
        daemon.clock("2020-01-30T00:00")
        page = mediator.call("case.get", case="1")
        assert page["host"]["id"] != "yanglujing.tw", page["host"]
        times = [row["at"] for row in mediator.call("case.timeline", case="1")["items"]]
        assert any(at.startswith("2020-01-22T00:00:00") for at in times), times


def notes_assignments_and_claims_are_kept():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        opened(mediator)
        noted = mediator.change("case.note", case="1", text="已电话联系")
        assert noted["version"] == 2
        chief.change("case.assign", case="1", user=MEDIATOR)
        assert mediator.call("case.list", assignee=MEDIATOR)["items"][0]["assignee"] == MEDIATOR
        chief.change("case.assign", case="1", user=None)
        mediator.change("case.claim", case="1")
        mediator.refused("invalid_params", "case.note", case="1", text="字" * 2001, _meta={"key": key()})
        tried = mediator.call("case.act", case="1", action="受理", dry_run=True, _meta={"key": key()})
        assert tried["state"] == "accepted", tried
        assert mediator.call("case.get", case="1")["state"] == "registered"


def lists_turn_their_pages():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        for i in range(7):
            mediator.send("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "第%d件" % i},
                          _meta={"key": key()})
        for i in range(7):
            assert "result" in mediator.answer()
        seen, after = [], None
        while True:
            params = {"limit": 3, "sort": "opened"}
            if after:
                params["after"] = after
            page = mediator.call("case.list", **params)
            seen += [row["number"] for row in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert len(seen) == 7 and len(set(seen)) == 7, seen
        assert mediator.call("case.list", total=True, limit=1)["total"] == 7
        mediator.refused("invalid_params", "case.list", limit=501)


if __name__ == "__main__":
    run(a_case_is_opened_accepted_settled_and_its_history_verifies,
        a_key_sent_a_hundred_times_makes_one_event,
        what_cannot_be_done_is_refused_with_its_reason,
        people_see_and_do_only_what_is_theirs,
        a_late_case_turns_yellow_red_and_climbs,
        notes_assignments_and_claims_are_kept,
        lists_turn_their_pages)
