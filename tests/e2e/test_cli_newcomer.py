"""What a newcomer types: a word of a title, a reason among the fields, an answer without the task's id."""
import re

from harness import Daemon, run
from test_cli import Cli, cells


def mediation(daemon):
    daemon.people("yanglujing02")
    cli = Cli(daemon, "yanglujing02")
    made = cli("case", "open", "--flow", "people_mediation", "--place", "羊路井村", "subject=院墙滴水", "text=邻居院墙滴水。", code=0)
    return cli, re.search(r"✓ (\S+)", made.stdout).group(1)


def actions(text):
    """The titles offered, in order."""
    return [re.split("[；：]| →", line)[0] for line in re.findall(r"^ *\d+  (\S.*)$", text, re.M)]


def what_leads_on_stands_first_and_ends_last():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        cli, number = mediation(daemon)
        offered = actions(cli("case", "can", number, code=0).stdout)
        assert offered[:2] == ["征求对方意愿", "受理"], offered
        assert offered[-4:] == ["退回（不予调解函）", "不予调解", "撤回", "移交信访"], offered
        cli("case", "act", number, "受理", "申请方同意调解=是", "对方同意调解=是", code=0)
        cli("case", "act", number, "开始调解", code=0)
        shown = cli("case", "show", number, code=0).stdout
        offered = actions(shown)
        assert offered[0] == "达成协议" and "调解记录" in offered[1:4], offered
        assert offered.index("延长调解期限") > offered.index("调解记录"), offered
        assert offered.index("移交人民法院") > offered.index("调解不成"), offered
        # Ids are for programs and English; a clock that does not run has nothing to extend.
        assert "(session)" not in shown and "延长委派调解期限" not in shown, shown
        assert all(cells(line) <= 80 for line in shown.splitlines())
        assert '"session"' in cli("case", "show", number, "--json", code=0).stdout


def what_a_step_asks_for_stands_line_by_line():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        cli, number = mediation(daemon)
        asked = cli("case", "can", number, "不予调解", code=0).stdout
        assert "  * 理由=…" in asked and "  * 已告知的法定途径=…" in asked and "；需填" not in asked, asked


def the_beginning_of_one_title_and_a_reason_among_the_fields_are_taken():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        cli, number = mediation(daemon)
        assert "没有“延长”这个动作" in cli("case", "act", number, "延长", code=64).stderr  # begins several
        assert "理由" in cli("case", "act", number, "退回", code=64).stderr
        cli("case", "act", number, "退回", "理由=不属本村", code=0)
        assert "不属本村" in cli("case", "timeline", number, code=0).stdout
        cli, number = cli, re.search(r"✓ (\S+)", cli("case", "open", "--flow", "people_mediation", "--place", "羊路井村",
                                                     "subject=排水", "text=排水沟堵塞。", code=0).stdout).group(1)
        cli("case", "act", number, "退回", "reason=不属本村", code=0)


def the_only_task_of_mine_needs_no_id():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        cli, number = mediation(daemon)
        daemon.people("bayintaohai.sfs01")
        helper = Cli(daemon, "bayintaohai.sfs01")
        cli("case", "act", number, "受理", "申请方同意调解=是", "对方同意调解=是", code=0)
        cli("case", "act", number, "开始调解", code=0)
        assert "走访" in cli("case", "ask", number, code=0).stdout
        assert "--body" in cli("case", "ask", number, "走访", "请协助走访").stderr
        cli("case", "ask", number, "走访", "请协助走访", "--body", "bayintaohai.sfs", code=0)
        assert "t9" in helper("case", "answer", number, "t9", "已走访").stderr  # a task that is not there
        helper("case", "answer", number, "已走访，", "情况属实", code=0)
        assert "已走访， 情况属实" in cli("case", "timeline", number, code=0).stdout


        cli("case", "ask", number, "走访", "请再走访", "--body", "bayintaohai.sfs", code=0)
        assert "请写上意见" in helper("case", "answer", number, code=64).stderr
        offered = helper("case", "can", number, code=0).stdout
        assert "回复：fengqiao case answer" in offered, offered
        # What is for others to do is one line, not one for each.
        assert len(re.findall("您不能办理", offered)) <= 2 and "由其他人办理：" in offered, offered
        helper("case", "return", number, "--reason", "人手不足", code=0)
        assert "任务" in helper("case", "return", number, "--reason", "人手不足", code=64).stderr


def a_word_of_a_title_names_the_step_and_choices_are_told():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        daemon.people("hainan.court02", "hainan.court03")
        clerk, judge = Cli(daemon, "hainan.court02"), Cli(daemon, "hainan.court03")
        number = re.search(r"✓ (\S+)", clerk("case", "open", "--flow", "司法调解", "subject=借款", "text=借款三万元到期未还。",
                                             code=0).stdout).group(1)
        assert actions(clerk("case", "can", number, code=0).stdout)[0] == "立案"
        assert "您是不是想：要求补正" in clerk("case", "act", number, "补正", code=64).stderr
        clerk("case", "act", number, "要求补正", "须补正的材料=住所", code=0)
        clerk("case", "act", number, "已补正", code=0)
        clerk("case", "act", number, "要求补正", "须补正的材料=身份证明", code=0)
        clerk("case", "act", number, "已补正", code=0)
        clerk("case", "act", number, "立案", "法院案号=演示民初1号", "审理程序=简易程序", code=0)
        asked = judge("case", "can", number, "记入笔录", code=0).stdout
        assert re.search(r"^ +- 调解和好的离婚案件$", asked, re.M), asked
        # A clock that ran several times stands there once, and what has ended is only named.
        shown = clerk("case", "show", number, code=0).stdout
        assert len(re.findall(r"^补正（2次）", shown, re.M)) == 1, shown
        why = clerk("case", "why", number, code=0).stdout
        assert re.search(r"^已结束 .*补正（2次）", why, re.M) and "--all" in why, why
        assert not re.search("^补正", why, re.M), why
        assert re.search("^补正（2次）", clerk("case", "why", number, "--all", code=0).stdout, re.M)


if __name__ == "__main__":
    run(what_leads_on_stands_first_and_ends_last,
        what_a_step_asks_for_stands_line_by_line,
        the_beginning_of_one_title_and_a_reason_among_the_fields_are_taken,
        the_only_task_of_mine_needs_no_id,
        a_word_of_a_title_names_the_step_and_choices_are_told)
