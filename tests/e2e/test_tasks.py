"""Other bodies are asked inside a case: several people at once, each on their own connection."""
import os
import threading

from harness import CLERK, Daemon, MEDIATOR, VILLAGE, key, run

FLOWS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "joint")
LABOUR, TOWN, BUREAU, CONFERENCE = "hainan.rsj02", "bayintaohai.sfs01", "hainan.xfj02", "hainan.lxh01"


def opened(mediator, action, **fields):
    fields.setdefault("subject", "欠薪")
    mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields=fields)
    return mediator.change("case.act", case="1", action=action)


def tasks(client):
    return {task["body"]: task for task in client.call("case.get", case="1")["tasks"]}


def inbox(client):
    return client.call("inbox.list")["items"]


def all_answer_before_the_case_goes_on():
    with Daemon(flows=FLOWS) as daemon:
        mediator, labour, town = daemon.people(MEDIATOR, LABOUR, TOWN)
        opened(mediator, "ask_all")
        row = inbox(labour)[0]
        assert row["task"]["title"] == "会办意见" and row["task"]["due"]["legal"] == "2020-01-13", row
        page = mediator.call("case.get", case="1")
        assert [m["body"] for m in page["joint"]["missing"]] == ["hainan.rsj", "bayintaohai.sfs"], page["joint"]
        assert page["joint"]["rule"] == "all" and not page["joint"]["done"]
        error = mediator.refused("guard_refused", "case.act", case="1", action="达成协议", _meta={"key": key()})
        assert "司法所" in error["message"] and len(error["data"]["missing"]) == 2, error
        answer = labour.change("case.task.answer", case="1", id="t1", text="应予支付", opinion="同意")
        assert "同意" in answer["changed"], answer
        assert inbox(labour) == [], "an answered task still lies on the desk"
        assert labour.call("case.get", case="1")["number"] == "羊调20-0001", "whoever was asked keeps reading"
        assert len(inbox(town)) == 1
        town.change("case.task.answer", case="1", id="t2", text="情况属实")
        assert mediator.change("case.act", case="1", action="达成协议")["closed"]
        words = str(mediator.call("case.timeline", case="1")["items"])
        assert "海南区人力资源和社会保障局答复“会办意见”：同意" in words, words


def the_lead_suffices_one_returns_one_is_late():
    with Daemon(flows=FLOWS) as daemon:
        mediator, labour, town = daemon.people(MEDIATOR, LABOUR, TOWN)
        opened(mediator, "ask_lead")
        town.change("case.task.return", case="1", id="t2", reason="不属本所职责")
        assert tasks(mediator)["bayintaohai.sfs"]["state"] == "returned"
        daemon.clock("2020-01-14T09:00:00")
        late = tasks(mediator)["hainan.rsj"]
        assert late["late"] and late["due"]["colour"] == "red", late
        assert "late" not in tasks(mediator)["bayintaohai.sfs"]
        labour.change("case.task.answer", case="1", id="t1", text="应予支付")
        assert mediator.change("case.act", case="1", action="达成协议")["closed"]


def a_quorum_leaves_the_last_one_unasked():
    with Daemon(flows=FLOWS) as daemon:
        mediator, labour, town = daemon.people(MEDIATOR, LABOUR, TOWN)
        opened(mediator, "ask_two", helper="hainan.sfj")
        labour.change("case.task.answer", case="1", id="t1", text="应予支付")
        mediator.refused("guard_refused", "case.act", case="1", action="agree", _meta={"key": key()})
        town.change("case.task.answer", case="1", id="t2", text="情况属实")
        mediator.change("case.act", case="1", action="agree")
        left = tasks(mediator)["hainan.sfj"]
        assert left["state"] == "cancelled" and left["reason"] == "案件已进入下一环节：达成协议", left


def a_task_is_added_taken_back_and_refused_to_outsiders():
    with Daemon(flows=FLOWS) as daemon:
        mediator, labour, town, other = daemon.people(MEDIATOR, LABOUR, TOWN, CLERK)
        opened(mediator, "ask_all")
        page = mediator.call("case.get", case="1")
        assert page["adhoc"][0]["name"] == "visit" and page["adhoc"][0]["allowed"], page["adhoc"]
        mediator.change("case.task.ask", case="1", task="走访", body="巴音陶亥镇司法所", text="请核实现场")
        error = labour.refused("forbidden", "case.task.answer", case="1", id="t3", text="代答",
                               _meta={"key": key()})
        assert "司法所" in error["message"] and error["data"]["who"], error
        labour.refused("forbidden", "case.act", case="1", action="agree", _meta={"key": key()})
        other.refused("not_found" if not other.call("case.list")["items"] else "forbidden", "case.task.answer",
                      case="1", id="t3", text="代答", _meta={"key": key()})
        mediator.change("case.task.cancel", case="1", id="t3", reason="已当面说明")
        error = town.refused("state_conflict", "case.task.answer", case="1", id="t3", text="迟了",
                             _meta={"key": key()})
        assert "已撤回" in error["message"], error


def two_answer_at_the_same_instant_and_a_key_is_repeated():
    with Daemon(flows=FLOWS) as daemon:
        mediator, first, second = daemon.people(MEDIATOR, LABOUR, "hainan.rsj03")
        opened(mediator, "ask_all")
        keys, results = [key(), key()], [None, None]

        def answer(i, client):
            client.send("case.task.answer", case="1", id="t1", text="应予支付", _meta={"key": keys[i]})
            results[i] = client.answer()

        threads = [threading.Thread(target=answer, args=pair) for pair in enumerate((first, second))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [i for i in range(2) if "result" in results[i]]
        assert len(won) == 1, results
        lost = results[1 - won[0]]["error"]
        assert lost["data"]["kind"] == "state_conflict" and "已由" in lost["message"], lost
        again = (first, second)[won[0]].call("case.task.answer", case="1", id="t1", text="应予支付",
                                             _meta={"key": keys[won[0]]})
        assert again.pop("_meta") == {"replayed": True}
        assert again == results[won[0]]["result"]


def a_killed_daemon_forgets_no_answer_and_no_limit():
    with Daemon(flows=FLOWS) as daemon:
        mediator, labour, town = daemon.people(MEDIATOR, LABOUR, TOWN)
        opened(mediator, "ask_all")
        labour.change("case.task.answer", case="1", id="t1", text="应予支付")
        daemon.kill()
        daemon.start()
        mediator, town = daemon.connect(mediator.token), daemon.connect(town.token)
        assert tasks(mediator)["hainan.rsj"]["answer"] == "应予支付"
        assert len(inbox(town)) == 1
        daemon.clock("2020-01-14T09:00:00")
        assert tasks(mediator)["bayintaohai.sfs"]["late"]
        assert mediator.call("case.verify", case="1")["ok"]


def supervision_climbs_and_the_handler_keeps_the_case():
    with Daemon(flows=FLOWS) as daemon:
        mediator, town, bureau, conference = daemon.people(MEDIATOR, TOWN, BUREAU, CONFERENCE)
        opened(mediator, "ask_all")
        town.refused("forbidden", "case.urge", case="1", level="urge", text="快办", _meta={"key": key()})
        bureau.refused("forbidden", "case.urge", case="1", level="listed", text="挂牌", _meta={"key": key()})
        urged = bureau.change("case.urge", case="1", level="urge", text="请说明进展")
        assert "督办" in urged["changed"], urged
        page = mediator.call("case.get", case="1")
        assert page["host"]["id"] == "yanglujing.tw" and page["supervisor"]["id"] == "hainan.xfj", page
        asked = page["tasks"][-1]
        assert asked["level"] == "urge" and "answer" in asked["may"] and "return" not in asked["may"], asked
        assert inbox(mediator)[0]["task"]["title"] == "督办"
        daemon.clock("2020-03-01T09:00:00")
        supervision = conference.call("case.get", case="1")["supervision"]
        assert supervision["next"] == "listed", supervision
        conference.change("case.urge", case="1", level="listed", text="限期整改", reply_by="2020-03-20")
        page = mediator.call("case.get", case="1")
        assert "listed" in page["marks"] and page["supervision"]["listed"], page["marks"]
        mediator.change("case.task.answer", case="1", id=page["tasks"][-1]["id"], text="本周办结")
        assert mediator.call("case.get", case="1")["host"]["id"] == "yanglujing.tw"


def a_sub_case_answers_by_its_end():
    with Daemon(flows=FLOWS) as daemon:
        mediator, labour = daemon.people(MEDIATOR, LABOUR)
        opened(mediator, "ask_all")
        mediator.change("case.task.ask", case="1", task="count", text="请另案核算")
        daemon.kill()
        daemon.start()
        mediator, labour = daemon.connect(mediator.token), daemon.connect(labour.token)
        number = "羊调20-0001"
        mine = [row for row in inbox(labour) if row["flow"] == "administrative_mediation"]
        while not mine:  # the letter is delivered after the start
            mine = [row for row in inbox(labour) if row["flow"] == "administrative_mediation"]
        task = mediator.call("case.get", case=number)["tasks"][-1]
        assert task["kind"] == "sub" and task["may"] == ["cancel"], task
        error = labour.refused("forbidden", "case.task.answer", case=number, id=task["id"], text="核算完毕",
                               _meta={"key": key()})
        assert "关联案件" in error["message"], error
        labour.change("case.act", case=mine[0]["number"], action="finish")
        while task["state"] == "asked":
            task = mediator.call("case.get", case=number)["tasks"][-1]
        assert task["state"] == "answered" and task["answer"] == "核算完毕", task
        assert mediator.change("case.act", case=number, action="settle")["closed"]


if __name__ == "__main__":
    run(all_answer_before_the_case_goes_on, the_lead_suffices_one_returns_one_is_late,
        a_quorum_leaves_the_last_one_unasked, a_task_is_added_taken_back_and_refused_to_outsiders,
        two_answer_at_the_same_instant_and_a_key_is_repeated, a_killed_daemon_forgets_no_answer_and_no_limit,
        supervision_climbs_and_the_handler_keeps_the_case, a_sub_case_answers_by_its_end)
