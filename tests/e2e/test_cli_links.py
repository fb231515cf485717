"""What hangs on a case, in the client: undo, and what each change says."""
import re

from harness import Daemon, run
from test_cli import Cli, cells, opened


def what_was_just_done_is_taken_back_with_the_command_it_was_offered_with():
    with Daemon(flows=None) as daemon:
        daemon.people("hainan.xfj01", "hainan.xfj02")
        bureau, other = Cli(daemon, "hainan.xfj02"), Cli(daemon, "hainan.xfj01")
        number = opened(bureau, "--body", "hainan.xfj")
        done = bureau("case", "act", number, "转送", "forward_note=点错了", code=0).stdout
        assert "已登记 → 已转送" in done and "下一步：" in done and "期限：" in done, done
        offer = re.search(r"撤回（10 分钟内）：fengqiao (case undo \S+)", done).group(1)
        assert offer in bureau("case", "show", number, code=0).stdout
        assert "case undo" not in other("case", "show", number, code=0).stdout
        rehearsed = bureau(*offer.split(), "--dry-run", code=0).stdout
        assert "没有" in rehearsed and "已转送" in bureau("case", "show", number, code=0).stdout, rehearsed
        assert other(*offer.split()).returncode in (69, 75, 77)
        back = bureau("撤回", number, "--reason", "点错了", code=0).stdout
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


if __name__ == "__main__":
    run(
        what_was_just_done_is_taken_back_with_the_command_it_was_offered_with,
    )
