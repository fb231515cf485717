"""What hangs on a case, in the client: undo, and what each change says."""
import os
import re

from harness import Daemon, MEDIATOR, VILLAGE, run
from test_cli import Cli, cells, opened

JOINT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "joint")
LABOUR, TOWN = "hainan.rsj02", "bayintaohai.sfs01"


def what_was_just_done_is_taken_back_with_the_command_it_was_offered_with():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau, other = Cli(daemon, "hainan.xfj02"), Cli(daemon, "hainan.xfj01")
        number = opened(bureau, "--body", "hainan.xfj")
        done = bureau("case", "act", number, "转送", "forward_note=点错了", code=0).stdout
        assert "已登记 → 已转送" in done and "下一步：" in done and "期限：" in done, done
        offer = re.search(r"撤销上一步（10 分钟内）：fengqiao (case undo \S+)", done).group(1)
        assert offer in bureau("case", "show", number, code=0).stdout
        assert "case undo" not in other("case", "show", number, code=0).stdout
        rehearsed = bureau(*offer.split(), "--dry-run", code=0).stdout
        assert "没有" in rehearsed and "已转送" in bureau("case", "show", number, code=0).stdout, rehearsed
        assert other(*offer.split()).returncode in (69, 75, 77)
        back = bureau("撤销", number, "--reason", "点错了", code=0).stdout
        assert number in back and all(cells(line) <= 80 for line in back.splitlines()), back
        page = bureau("case", "show", number, code=0).stdout
        assert "信访事项 · 已登记" in page, page
        timeline = bureau("case", "timeline", number, code=0).stdout
        assert "撤" in timeline and "点错了" in timeline, timeline
        late = bureau("case", "act", number, "转送", "forward_note=办理", code=0).stdout
        assert "case undo" in late
        daemon.clock("2020-01-06T10:30:00")
        gone = bureau("case", "undo", number)
        assert gone.returncode in (69, 75) and "下一步" in gone.stderr, gone.stderr
        assert "case undo" not in bureau("case", "show", number, code=0).stdout


def a_file_is_attached_listed_fetched_and_taken_out():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj02")
        bureau = Cli(daemon, "hainan.xfj02")
        number = opened(bureau, "--body", "hainan.xfj")
        content = os.urandom(500_000)
        path, back = os.path.join(daemon.folder, "现场照片.jpg"), os.path.join(daemon.folder, "取回.jpg")
        with open(path, "wb") as f:
            f.write(content)
        done = bureau("附件", number, path, "--kind", "照片", code=0).stdout
        assert "✓ " + number in done, done
        listed = bureau("case", "files", number, code=0).stdout
        assert "现场照片.jpg" in listed and "488.3 KiB" in listed and "照片" in listed, listed
        assert "现场照片.jpg" in bureau("case", "show", number, code=0).stdout
        bureau("case", "get", number, "现场照片.jpg", "--out", back, code=0)
        with open(back, "rb") as f:
            assert f.read() == content
        assert bureau("case", "detach", number, "现场照片.jpg", code=64).stderr.count("--reason")
        bureau("case", "detach", number, "现场照片.jpg", "--reason", "传错了", code=0)
        assert "还没有材料" in bureau("case", "files", number, code=0).stdout
        assert "传错了" in bureau("case", "timeline", number, code=0).stdout


def another_body_is_asked_and_answers():
    with Daemon(flows=JOINT) as daemon:
        daemon.people(MEDIATOR, LABOUR, TOWN)
        mediator, labour, town = (Cli(daemon, user) for user in (MEDIATOR, LABOUR, TOWN))
        mediator("登记", "--flow", "people_mediation", "--place", VILLAGE, "subject=欠薪", code=0)
        mediator("办理", "1", "ask_all", code=0)
        page = mediator("查看", "1", code=0).stdout
        for words in ("会办意见", "联合办理", "还缺：海南区人力资源和社会保障局、", "可交办", "走访"):
            assert words in page, (words, page)
        assert all(cells(line) <= 80 for line in page.splitlines()), page
        assert "羊调20-0001" in labour("待办", code=0).stdout
        asked = labour("查看", "1", code=0).stdout
        assert "case answer 羊调20-0001 t1" in asked, asked
        answered = labour("回复", "1", "t1", "应予支付", "--opinion", "同意", code=0).stdout
        assert "同意" in answered, answered
        assert town("case", "return", "1", "t2", "--reason", "不属本所职责", code=0).stdout
        added = mediator("商请", "1", "走访", "请核实现场", "--body", "巴音陶亥镇司法所", code=0).stdout
        assert "走访" in added, added
        gone = mediator("取消任务", "1", "t3", "--reason", "已当面说明", code=0).stdout
        assert "✓ 羊调20-0001" in gone, gone
        page = mediator("查看", "1", code=0).stdout
        for words in ("已答复：同意", "已退回", "已撤回"):
            assert words in page, (words, page)


if __name__ == "__main__":
    run(
        what_was_just_done_is_taken_back_with_the_command_it_was_offered_with,
        a_file_is_attached_listed_fetched_and_taken_out,
        another_body_is_asked_and_answers,
    )
