"""Imports: rows become cases, in time order under the virtual clock; again changes nothing."""
import csv
import gzip
import json
import os

from harness import Daemon, PASSWORD, SOURCE, key, run
from test_cli import Cli

MAP = os.path.join(SOURCE, "workflows", "demo", "petitions.map.lua")
IMPORTER = "wuhai.importer01"

ROWS = [
    {"id": 1, "petitioner": "A1", "subject": "反映A7县道路积水", "text": "雨后道路积水严重。",
     "received_at": "2020-02-03T09:00:00", "reply": "已疏通排水。", "replied_at": "2020-02-10T10:00:00"},
    {"id": 2, "petitioner": "A2", "subject": "拖欠农民工工资", "text": "L10县工地拖欠工资。",
     "received_at": "2020-02-04T09:00:00", "reply": "已督促结清。", "replied_at": "2020-06-20T10:00:00"},
    {"id": 3, "petitioner": "A3", "subject": "咨询", "text": "政策咨询，无地名。",
     "received_at": "2020-02-05T09:00:00", "reply": None, "replied_at": None},
    {"id": 4, "petitioner": "A4", "subject": "时间颠倒", "text": "答复早于收到。",
     "received_at": "2020-02-05T09:00:00", "reply": "答", "replied_at": "2019-02-05T09:00:00"},
    {"id": 5, "petitioner": "A5", "subject": "标" * 300, "text": "标题过长。",
     "received_at": "2020-02-06T09:00:00", "reply": "答", "replied_at": "2020-02-07T09:00:00"},
]


def members(*roles):
    with open(os.path.join(SOURCE, "workflows", "wuhai", "members.csv"), encoding="utf-8") as f:
        return [row["user"] for row in csv.DictReader(f) if row["role"] in roles]


def write_rows(daemon, rows, name="rows.jsonl"):
    path = os.path.join(daemon.folder, name)
    lines = [json.dumps(row, ensure_ascii=False) if isinstance(row, dict) else row for row in rows]
    opener = gzip.open if name.endswith(".gz") else open
    with opener(path, "wt", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    return path


class Importing(Cli):
    def environment(self):
        environment = super().environment()
        environment["FENGQIAO_DEMO_PASSWORD"] = PASSWORD
        return environment


def accounts(daemon):
    """Those who may meet a petition: registrars of towns and bureaus, handlers, heads of what is no village."""
    users = [u for u in members("clerk") if ".town" in u or ".xfj" in u] + members("handler")
    users += [u for u in members("head") if "." in u] + ["wuhai.admin01", IMPORTER]
    for i in range(0, len(users), 100):
        give_passwords(daemon, users[i:i + 100])


def give_passwords(daemon, users):
    admin = daemon.admin()
    for user in users:
        admin.send("user.passwd", user=user, password=PASSWORD, _meta={"key": key()})
    for user in users:
        assert "result" in admin.answer()
    admin.close()


def a_replay_goes_by_time_reports_bad_rows_and_is_idempotent():
    with Daemon(flows=None, start="2020-01-06T09:00:00") as daemon:
        accounts(daemon)
        cli = Importing(daemon, IMPORTER)
        path = write_rows(daemon, ROWS + ["{broken", ""], "rows.jsonl.gz")
        done = cli("case", "import", path, "--map", MAP)
        assert done.returncode == 65, (done.stdout, done.stderr)
        for number in (4, 5, 6):
            assert "第 %d 行" % number in done.stderr, done.stderr
        assert "标题" in done.stderr, done.stderr
        assert "登记 3 件" in done.stdout and "3 行有误" in done.stdout, done.stdout
        cases = cli.json("case", "list")["items"]
        assert len(cases) == 3, cases
        states = {row["title"]: row["state"] for row in cases}
        assert states == {"反映A7县道路积水": "closed_no_review", "拖欠农民工工资": "closed_no_review",
                          "咨询": "handling"}, states
        late = [row for row in cases if row["title"] == "拖欠农民工工资"][0]
        timeline = json.dumps(cli.json("case", "timeline", late["number"]), ensure_ascii=False)
        assert "已超期" in timeline and "督办" in timeline, timeline
        assert "2020-06-20T10:00:00" in timeline
        last = cli.json("clock")["now"]
        before = [cli.json("case", "timeline", row["number"]) for row in cases]
        again = cli("case", "import", path, "--map", MAP)
        assert "登记 0 件，办理 0 步" in again.stdout, (again.stdout, again.stderr)
        assert "14 步以前已经办过" in again.stdout, again.stdout
        resumed = cli("case", "import", path, "--map", MAP, "--resume")
        assert "登记 0 件，办理 0 步" in resumed.stdout, resumed.stdout
        assert [cli.json("case", "timeline", row["number"]) for row in cases] == before
        assert cli.json("clock")["now"] == last
        report = cli("report", "overview", code=0).stdout
        assert "共 3 件" in report, report


PLAIN_MAP = """return {
  id = "plain", flow = "petition", row = "id", received = "received_at", source = "来信",
  fields = { subject = "subject", text = "text" }, place = { column = "place" },
}
"""


def a_plain_import_keeps_many_in_flight_and_survives_a_kill():
    with Daemon(flows=None, start="2020-03-02T09:00:00") as daemon:
        give_passwords(daemon, [IMPORTER])
        cli = Importing(daemon, IMPORTER)
        rows = [{"id": i, "subject": "第%d件" % i, "text": "内容", "received_at": "2020-03-01", "place": "150303104201"}
                for i in range(300)]
        rows[7]["place"] = "999"
        path = write_rows(daemon, rows)
        mapping = os.path.join(daemon.folder, "plain.map.lua")
        with open(mapping, "w", encoding="utf-8") as f:
            f.write(PLAIN_MAP)
        first = cli("import", path, "--map", mapping, "--first", "120")
        assert "登记 119 件" in first.stdout and "第 8 行" in first.stderr, (first.stdout, first.stderr)
        daemon.kill()
        dead = cli("import", path, "--map", mapping)
        assert dead.returncode == 75, dead.stderr
        daemon.options["listen.tcp"] = cli.server
        daemon.start()
        second = json.loads(cli("import", path, "--map", mapping, "--resume", "--json").stdout)
        assert second["opened"] == 180 and second["skipped"] == 119 and second["bad"] == 1, second
        third = json.loads(cli("import", path, "--map", mapping, "--json").stdout)
        assert third["opened"] == 0 and third["replayed"] == 299, third
        page = cli.json("case", "list", "--total", "--limit", "1")
        assert page["total"] == 299, page


def what_is_wrong_with_a_map_is_said_before_anything_is_sent():
    with Daemon(flows=None) as daemon:
        give_passwords(daemon, [IMPORTER])
        cli = Importing(daemon, IMPORTER)
        path = write_rows(daemon, ROWS)
        mapping = os.path.join(daemon.folder, "bad.map.lua")
        with open(mapping, "w", encoding="utf-8") as f:
            f.write(PLAIN_MAP.replace("place =", "palce ="))
        bad = cli("import", path, "--map", mapping)
        assert bad.returncode == 64 and "place" in bad.stderr, bad.stderr
        assert cli("import", path).returncode == 64
        assert cli("import", path + ".none", "--map", MAP).returncode == 66
        assert cli.json("case", "list")["items"] == []


if __name__ == "__main__":
    run(a_replay_goes_by_time_reports_bad_rows_and_is_idempotent,
        a_plain_import_keeps_many_in_flight_and_survives_a_kill,
        what_is_wrong_with_a_map_is_said_before_anything_is_sent)
