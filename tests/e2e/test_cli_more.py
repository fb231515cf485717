"""Explanations, masked numbers, recusal, members for programs, and the keys of an input method."""
import json

from harness import Daemon, run
from test_cli import Cli, Terminal, cells, opened


def why_tells_dates_priority_and_the_way_to_whoever_has_it():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        bureau("case", "assign", number, "hainan.xfj02", code=0)
        bureau("case", "act", number, "转送", "forward_note=请办理", code=0)
        why = bureau("case", "why", number, code=0).stdout
        for words in ("自收件次日", "信访条例", "紧急度", " ＝ ", "流程“信访事项”的“已转送”环节由", "承办",
                      "01-06 ", "指派：", "转送：", "海南区住房和城乡建设局"):
            assert words in why, (words, why)
        assert why.index("指派：") < why.index("转送："), why
        assert all(cells(line) <= 80 for line in why.splitlines()), why
        daemon.kill()
        offline = bureau("case", "why", number, code=0).stdout
        assert offline.startswith("! 离线") and "转送：" in offline, offline


def a_masked_number_is_shown_for_a_reason_and_lies_in_no_file():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        assert bureau("case", "reveal", number, "all", code=64).stderr.count("理由"), "a reason is asked for"
        done = bureau("rpc", "case.open", "flow=petition", "place=150303104201", "body=hainan.xfj",
                      'fields:={"subject":"路灯不亮","text":"坏了"}',
                      'parties:=[{"role":"申请人","name":"演示村民01","phone":"13900000000"}]', code=0)
        number = json.loads(done.stdout)["case"]
        assert "13900000000" not in bureau("case", "show", number, code=0).stdout
        shown = bureau("显示号码", number, "party:1.phone", "--reason", "电话约定时间", code=0)
        assert "13900000000" in shown.stdout and "已记入办理记录" in shown.stderr, shown
        timeline = bureau("case", "timeline", number, code=0).stdout
        assert "电话约定时间" in timeline and "13900000000" not in timeline, timeline
        for folder in ("new", "sent", "conflict"):
            assert not [k for k in bureau.outbox(folder) if "13900000000" in open(
                bureau.home + "/.local/share/fengqiao/outbox/%s/%s" % (folder, k), encoding="utf-8").read()]


def who_is_recused_is_named_with_the_reason():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        bureau("回避", number, "hainan.xfj02", "--reason", "近亲属", code=0)
        page = bureau("case", "show", number, code=0).stdout
        assert "回避" in page and "（近亲属）" in page and "演示" in page.split("回避")[1].split("（近亲属）")[0], page
        assert bureau("case", "recuse", number, "hainan.xfj01", code=64).stderr.count("理由")


def a_party_is_completed_at_the_desk_and_nothing_of_its_number_is_said():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        count = len(json.loads(bureau("case", "show", number, "--json", code=0).stdout)["parties"])
        last = str(count + 1)
        done = bureau("case", "party", number, "add", "身份=证人", "name=演示证人01", "phone=13900000000", code=0)
        assert "演示证人01" in done.stdout and "13900000000" not in done.stdout, done
        done = bureau("当事人", number, "补正", last, "住址＝羊路井村", code=0)
        assert "住址" in done.stdout and "羊路井村" in done.stdout, done
        assert bureau("case", "party", number, "remove", last, code=64).stderr.count("理由")
        assert bureau("case", "party", number, "swap", "1", code=64).stderr.count("remove")
        assert bureau("case", "party", number, "set", "x", "age=1", code=64).stderr.count("第几方")
        bureau("case", "party", number, "remove", last, "--reason", "误录", code=0)
        assert len(json.loads(bureau("case", "show", number, "--json", code=0).stdout)["parties"]) == count
        done = bureau("case", "correct", number, "subject=路灯不亮（更正）", "--reason", "登记有误", code=0)
        assert "更正" in done.stdout, done
        bureau("case", "list", "--listed", "--exit-code", code=1)


def a_field_is_explained_and_the_nearest_one_named():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        text = bureau("explain", "诉求内容", code=0).stdout
        assert "诉求内容 (text)" in text and "信访事项" in text and "必须填写" in text, text
        near = bureau("说明", "诉求内客", "--flow", "petition", code=66).stderr
        assert "诉求内容" in near, near
        assert json.loads(bureau("explain", "subject", "--flow", "petition", "--json", code=0).stdout)["name"] == "subject"


def a_member_nobody_has_is_refused_with_the_nearest():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        assert bureau("case", "list", "--json=nmber", code=0).stdout.strip() == "[]", "nothing to pick from"
        number = opened(bureau, "--body", "hainan.xfj")
        wrong = bureau("case", "list", "--json=nmber,due", code=64)
        assert wrong.stdout == "" and json.loads(wrong.stderr)["error"]["hint"].endswith("number"), wrong
        assert json.loads(bureau("case", "list", "--json=编号,closed_at", code=0).stdout) == [
            {"number": number, "closed_at": None}]
        assert bureau("case", "show", number, "--json=stat", code=64).stdout == ""
        assert json.loads(bureau("case", "show", number, "--json=state,due.legal", code=0).stdout)["state"] == "registered"


def tab_completes_behind_the_space_of_an_input_method():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        shell = Terminal(bureau, "shell")
        shell.wait("hainan.xfj02")
        shell.type("案件　办\t")
        shell.wait("办理 ")
        shell.type("%s　转送指\t" % number[-4:])
        shell.wait("转送指定单位 ")
        shell.type("\x15exit\r")
        assert shell.close() == 0


if __name__ == "__main__":
    run(
        why_tells_dates_priority_and_the_way_to_whoever_has_it,
        a_masked_number_is_shown_for_a_reason_and_lies_in_no_file,
        who_is_recused_is_named_with_the_reason,
        a_party_is_completed_at_the_desk_and_nothing_of_its_number_is_said,
        a_field_is_explained_and_the_nearest_one_named,
        a_member_nobody_has_is_refused_with_the_nearest,
        tab_completes_behind_the_space_of_an_input_method,
    )
