"""Cases that write to each other, through the daemon: a kill between commit and delivery, return within and beyond
the limit, to and fro, the same matter proposed and linked, one lineage seen from both ends and by nobody else."""
from harness import Daemon, MEDIATOR, VILLAGE, key, run
from test_files import content, fetch, whole
from test_tracks import CONSENT, SIDES, act, mediation, sent_to, until

CLERK, OTHER, TOWN = "hainan.court02", "saihanwusu02", "bayintaohai.tw02"


def to_court(mediator):
    """A mediation that failed, given to the court; its number."""
    case = mediation(mediator)
    return case, act(mediator, case, "to_court", reason="当事人选择诉讼")


def a_hand_over_says_to_whom_it_went_and_both_pages_show_the_other():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk = daemon.people(MEDIATOR, CLERK)
        case, answer = to_court(mediator)
        assert "法院" in answer["changed"], answer
        number = sent_to(mediator, case)
        theirs = clerk.call("case.get", case=number)
        assert [l["number"] for l in theirs["links"]] == [case] and theirs["links"][0]["kind"] == "from", theirs["links"]
        assert theirs["source"] == "移送"
        words = "".join(w for e in mediator.call("case.timeline", case=case)["items"] for w in e["words"])
        assert "移送" in words and number in words, words


def what_was_attached_goes_along_and_is_read_by_the_receiver_alone():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk, other = daemon.people(MEDIATOR, CLERK, OTHER)
        case, data = mediation(mediator), content(3001)
        mediator.change("case.attach", case=case, hash=whole(mediator, data), name="流转合同.pdf", kind="证据")
        clerk.refused("not_found", "case.get", case=case)
        act(mediator, case, "to_court", reason="当事人选择诉讼")
        number = sent_to(mediator, case)
        file = clerk.call("case.get", case=number)["files"][0]
        assert (file["name"], file["kind"]) == ("流转合同.pdf", "证据"), file
        assert fetch(clerk, number, file["id"])[0] == data
        other.refused("not_found", "file.get", case=number, file=file["id"])


def what_the_village_handles_the_town_does_not_take_up_once_a_person_said_it_is_the_same():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, town = daemon.people(MEDIATOR, TOWN)
        below = mediation(mediator)
        above = town.change("case.open", flow="people_mediation", place=VILLAGE, body="bayintaohai.tw", parties=SIDES,
                            fields={"subject": "流转费", "text": "流转费未付。", "kind": "合同"})["case"]
        town.change("case.link", case=above, other=below, reason="同一笔流转费")
        until(mediator, below, lambda p: p["links"], "the link")
        refusal = town.refused("state_conflict", "case.act", case=above, action="accept", form=CONSENT, _meta={"key": key()})
        assert below in str(refusal) and "羊路井" in str(refusal), refusal
        link = town.call("case.get", case=above)["links"][0]["id"]
        town.change("case.unlink", case=above, link=link, reason="不是一回事")
        act(town, above, "accept", **CONSENT)


def a_letter_that_was_not_delivered_when_the_daemon_died_arrives_once():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk = daemon.people(MEDIATOR, CLERK)
        case = mediation(mediator)
        again = key()
        params = {"case": case, "action": "to_court", "reason": "诉讼", "form": {}, "_meta": {"key": again}}
        first = mediator.call("case.act", **params)
        daemon.kill()
        daemon.start()
        mediator, clerk = daemon.login(MEDIATOR), daemon.login(CLERK)
        second = mediator.call("case.act", **params)
        assert second["version"] == first["version"]
        number = sent_to(mediator, case)
        daemon.kill()
        daemon.start()
        mediator, clerk = daemon.login(MEDIATOR), daemon.login(CLERK)
        page = clerk.call("case.list", flow="judicial_mediation")
        assert [row["number"] for row in page["items"]] == [number], page
        assert len(mediator.call("case.get", case=case)["links"]) == 1
        assert clerk.call("case.verify", case=number)["ok"] and mediator.call("case.verify", case=case)["ok"]


def one_lineage_is_seen_from_both_ends_and_by_nobody_else():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk, other = daemon.people(MEDIATOR, CLERK, OTHER)
        case, _ = to_court(mediator)
        number = sent_to(mediator, case)
        for client, mine, theirs in ((mediator, case, number), (clerk, number, case)):
            lineage = client.call("case.lineage", case=mine)
            rows = {row["number"]: row for row in lineage["items"]}
            assert set(rows) == {case, number}, lineage
            assert rows[mine]["here"] and rows[mine]["readable"]
            assert "title" not in rows[theirs] or rows[theirs]["readable"], rows
            assert rows[theirs]["host_name"] and number in lineage["where"], lineage
        other.refused("not_found", "case.lineage", case=case)
        other.refused("not_found", "case.lineage", case=number)


def what_came_back_is_not_sent_to_and_fro():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk = daemon.people(MEDIATOR, CLERK)
        case, _ = to_court(mediator)
        number = sent_to(mediator, case)
        back = [a for a in clerk.call("case.get", case=number)["actions"] if "退" in a["title"] and a["now"]][0]
        act(clerk, number, back["name"], reason="不属本院管辖")
        page = until(mediator, case, lambda p: p["links"][-1]["status"] == "returned", "the return")
        assert page["links"][-1]["reason"] == "不属本院管辖" and page["state"] == "unsettled", page["state"]
        refusal = mediator.refused("state_conflict", "case.act", case=case, action="to_court", reason="再送", form={}, _meta={"key": key()})
        assert "退回" in str(refusal) and "上级" in str(refusal.get("data")), refusal
        assert len(mediator.call("case.get", case=case)["links"]) == 1


def the_same_matter_is_proposed_with_reasons_and_linked_by_a_person():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, other = daemon.people(MEDIATOR, OTHER)
        below = mediation(mediator, begun=False)
        twin = mediation(mediator, begun=False)
        items = mediator.call("case.matches", case=twin)["items"]
        assert items and items[0]["number"] == below and items[0]["score"] >= 40 and not items[0]["linked"], items
        assert any("演示甲" in why for why in items[0]["why"]), items
        other.refused("not_found", "case.matches", case=twin)
        mediator.change("case.link", case=twin, other=below, reason="同一笔流转费")
        page = until(mediator, below, lambda p: p["links"], "the link")
        assert page["links"][0]["kind"] == "same" and page["links"][0]["number"] == twin
        assert mediator.call("case.matches", case=twin)["items"][0]["linked"]
        mediator.refused("state_conflict", "case.link", case=below, other=twin, reason="再来一次", _meta={"key": key()})
        link = mediator.call("case.get", case=twin)["links"][0]["id"]
        mediator.change("case.unlink", case=twin, link=link, reason="不是一回事")
        until(mediator, below, lambda p: not p["links"], "no link")
        words = [w for e in mediator.call("case.timeline", case=below)["items"] for w in e["words"] + [e["title"]]]
        assert any("同一事项" in w for w in words), words


def of_a_case_one_may_not_read_a_proposal_says_number_workflow_state_and_body():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, other = daemon.people(MEDIATOR, OTHER)
        hidden = mediation(mediator, begun=False)
        mine = other.change("case.open", flow="people_mediation", fields={"subject": "流转费", "text": "甲乙流转费。", "kind": "合同"},
                            parties=[{"role": "申请人", "name": "演示甲"}, {"role": "被申请人", "name": "演示乙"}])["case"]
        rows = [r for r in other.call("case.matches", case=mine)["items"] if r["number"] == hidden]
        assert rows and set(rows[0]) <= {"id", "number", "flow", "flow_title", "state", "state_title", "host", "host_name",
                                         "opened_at", "closed_at", "score", "why", "linked"}, rows


if __name__ == "__main__":
    run(
        a_hand_over_says_to_whom_it_went_and_both_pages_show_the_other,
        what_was_attached_goes_along_and_is_read_by_the_receiver_alone,
        what_the_village_handles_the_town_does_not_take_up_once_a_person_said_it_is_the_same,
        a_letter_that_was_not_delivered_when_the_daemon_died_arrives_once,
        one_lineage_is_seen_from_both_ends_and_by_nobody_else,
        what_came_back_is_not_sent_to_and_fro,
        the_same_matter_is_proposed_with_reasons_and_linked_by_a_person,
        of_a_case_one_may_not_read_a_proposal_says_number_workflow_state_and_body,
    )
