"""The main job on the shipped petition flow: registered in a village, forwarded, accepted, late, supervised,
answered, closed by the clock; its figures and its history."""
from harness import CLERK, Daemon, VILLAGE, run

HANDLER, DISTRICT = "hainan.nmj02", "hainan.xfj02"


def a_petition_goes_its_whole_way():
    with Daemon(flows=None, start="2020-06-19T09:00:00") as daemon:
        clerk, handler, district = daemon.people(CLERK, HANDLER, DISTRICT)
        opened = clerk.change("case.open", flow="petition", place=VILLAGE, source="来访",
                              fields={"subject": "承包地边界争议", "text": "与邻户承包地边界不清，请求确认。"})
        number = opened["case"]
        assert opened["due"]["legal"] == "2020-07-06", opened["due"]  # day 15 is a Saturday
        page = clerk.call("case.get", case=number)
        assert page["category"].startswith("农村农牧业"), page["category"]
        clerk.change("case.act", case=number, action="上送信访局")
        forwarded = district.change("case.act", case=number, action="转送", form={"forward_note": "请依法办理"})
        assert forwarded["next"]["body"] == "hainan.nmj", forwarded["next"]
        assert handler.call("inbox.list")["items"][0]["number"] == number
        daemon.clock("2020-06-29T10:00")
        version = handler.call("case.get", case=number)["version"]
        accepted = handler.change("case.act", case=number, action="受理", expect_version=version)
        assert accepted["due"]["legal"] == "2020-08-28", accepted["due"]
        daemon.clock("2020-08-27T10:00")
        assert "yellow" in handler.call("case.get", case=number)["marks"]
        daemon.clock("2020-08-29T10:00")
        page = handler.call("case.get", case=number)
        assert "red" in page["marks"] and page["host"]["id"] == "hainan.nmj", page["marks"]
        assert page["supervisor"]["id"] == "hainan.xfj", page["supervisor"]
        assert district.call("case.get", case=number)["number"] == number
        concluded = handler.change("case.act", case=number, action="conclude",
                                   form={"opinion": "已现场勘界，双方签字确认。", "result": "支持"})
        assert concluded["state"] == "wait_fucha" and not concluded["closed"], concluded
        daemon.clock("2020-10-20T10:00")
        page = handler.call("case.get", case=number)
        assert page["state"] == "closed_no_review", page["state"]
        assert "red" not in page["marks"], page["marks"]
        verified = handler.call("case.verify", case=number)
        assert verified["ok"], verified
        report = daemon.admin().call("report.overview")
        assert report["cases"]["total"] == 1 and report["cases"]["closed"] == 1, report["cases"]
        assert report["through_seq"] == report["last_seq"], report
        clocks = {clock["clock"]: clock for clock in report["clocks"]}
        assert clocks["handle"]["met_late"] == 1 and clocks["handle"]["on_time_share"] == 0.0, clocks["handle"]
        assert clocks["forward"]["met"] == 1 and clocks["forward"]["on_time_share"] == 1.0, clocks["forward"]
        events = daemon.admin().call("events.list", since=0, limit=500)["items"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert daemon.stop() == 0


if __name__ == "__main__":
    run(a_petition_goes_its_whole_way)
