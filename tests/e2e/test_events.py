"""Subscriptions: live, resumed, filtered by rights, and what is never told."""
import json
import threading

from harness import CHIEF, Daemon, MEDIATOR, VILLAGE, key, run


def opened(client, subject="道路积水"):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": subject})


def events(client, count):
    found = []
    while len(found) < count:
        message = client.notification()
        if message["method"] == "events.event":
            found.append(message["params"])
    return found


def history_and_live_join_without_gap_or_double():
    with Daemon() as daemon:
        mediator, watcher = daemon.people(MEDIATOR, CHIEF)
        total = 300
        for i in range(total // 2):
            mediator.send("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "第%d件" % i},
                          _meta={"key": key()})
        for i in range(20):
            mediator.answer()
        # Subscribing in the middle of the stream, from the very beginning.
        watcher.call("events.subscribe", since=0)

        def rest():
            for i in range(total // 2 - 20):
                mediator.answer()
            for i in range(total // 2):
                mediator.send("case.open", flow="people_mediation", place=VILLAGE,
                              fields={"subject": "后%d件" % i}, _meta={"key": key()})
            for i in range(total // 2):
                mediator.answer()

        worker = threading.Thread(target=rest)
        worker.start()
        numbers = [event["seq"] for event in events(watcher, total)]
        worker.join()
        assert numbers == list(range(1, total + 1)), numbers
        # A second one resumes where the first was cut off.
        again = daemon.connect(watcher.token)
        again.call("events.subscribe", since=total - 3)
        assert [event["seq"] for event in events(again, 3)] == [total - 2, total - 1, total]


def an_event_tells_no_more_than_the_protocol_says():
    with Daemon() as daemon:
        mediator, watcher = daemon.people(MEDIATOR, CHIEF)
        watcher.call("events.subscribe")
        mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "绝密事由甲乙"},
                        parties=[{"role": "申请人", "name": "演示当事人丙丁", "phone": "13800000000"}], note="私下说明戊己")
        (event,) = events(watcher, 1)
        assert set(event) == {"subscription", "seq", "at", "type", "case", "flow", "actor", "summary"}, event
        text = json.dumps(event, ensure_ascii=False) + daemon.log()
        for planted in ("绝密事由甲乙", "演示当事人丙丁", "13800000000", "私下说明戊己"):
            assert planted not in text, planted
        assert event["case"] == "羊调20-0001" and event["actor"] == MEDIATOR and event["summary"]


def strangers_are_told_nothing():
    with Daemon() as daemon:
        mediator, watcher, stranger = daemon.people(MEDIATOR, CHIEF, "hainan.nmj02")
        stranger.call("events.subscribe", since=0)
        opened(mediator)
        watcher.call("events.subscribe", since=0)
        events(watcher, 1)
        assert stranger.call("events.list", since=0)["items"] == []
        assert stranger.call("ping") and stranger.pushed == []


def filters_narrow_and_unknown_ones_are_refused():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        first, second = opened(mediator, "甲")["case"], opened(mediator, "乙")["case"]
        watcher = daemon.connect(mediator.token)
        watcher.call("events.subscribe", since=0, filter={"case": second, "mine": True})
        assert events(watcher, 1)[0]["case"] == second
        watcher.refused("invalid_params", "events.subscribe", filter={"cse": second})
        watcher.refused("not_found", "events.subscribe", filter={"flow": "没有的流程"})
        name = watcher.call("events.subscribe", filter={"body": "yanglujing.tw"})["subscription"]
        assert watcher.call("events.unsubscribe", subscription=name)["seq"] >= 2
        watcher.refused("not_found", "events.unsubscribe", subscription=name)


def a_number_ahead_of_the_history_is_a_gap():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        opened(mediator)
        mediator.call("events.subscribe", since=500)
        gap = mediator.notification()
        assert gap["method"] == "events.gap", gap
        assert gap["params"]["from"] == 2 and gap["params"]["to"] == 500, gap


def an_ended_login_or_daemon_closes_the_subscription():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        mediator.call("events.subscribe")
        chief.call("events.subscribe")
        admin = daemon.admin()
        admin.change("user.disable", user=MEDIATOR, disabled=True)
        closed = mediator.notification()
        assert closed["method"] == "events.closed" and closed["params"]["reason"] == "login_over", closed
        daemon.signal(15)
        closed = chief.notification()
        assert closed["method"] == "events.closed" and closed["params"]["reason"] == "shutting_down", closed
        assert daemon.process.wait(60) == 0


def too_many_subscriptions_on_one_connection_are_refused():
    with Daemon(**{"limits.subscriptions": "3"}) as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        for _ in range(3):
            mediator.call("events.subscribe")
        mediator.refused("overloaded", "events.subscribe")


if __name__ == "__main__":
    run(history_and_live_join_without_gap_or_double,
        an_event_tells_no_more_than_the_protocol_says,
        strangers_are_told_nothing,
        filters_narrow_and_unknown_ones_are_refused,
        a_number_ahead_of_the_history_is_a_gap,
        an_ended_login_or_daemon_closes_the_subscription,
        too_many_subscriptions_on_one_connection_are_refused)
