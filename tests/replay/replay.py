#!/usr/bin/env python3
"""The main job on real petitions: a daemon under a virtual clock, the client's import, the report — and
the same figures computed a second time by recompute.py from the file and the calendar alone.

FENGQIAO_DATA names the folder with petitions.jsonl.gz and subjects.jsonl.gz; without it the test is
skipped (exit 77). --made N replays N petitions made by a rule instead; --show prints the whole report."""

import csv
import datetime
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness
import recompute

CLIENT = os.path.join(harness.BUILD, "core", "client", "fengqiao")
MAP = os.path.join(harness.SOURCE, "workflows", "demo", "petitions.map.lua")
ACTING = ("clerk", "handler", "bureau", "admin", "importer")


def made_rows(count):
    """Petitions by a rule: subjects in turn, one a day and a half, answers from at once to very late."""
    subjects = ["道路路面破损希望修复", "拖欠工资请求解决", "小区噪音扰民", "学校入学问题咨询", "农村低保申请"]
    start = datetime.datetime(2018, 11, 1, 8, 30)
    rows = []
    for i in range(count):
        received = start + i * datetime.timedelta(hours=37)
        replied = received + datetime.timedelta(days=(i * i * 7) % 131, minutes=5)
        rows.append({"id": i + 1, "petitioner": "演示信访人%03d" % i, "subject": subjects[i % 5],
                     "text": "演示内容：" + subjects[i % 5] + "（第%d件，A%d县）。" % (i, i % 7),
                     "received_at": received.isoformat(), "reply": "已经答复。",
                     "replied_at": replied.isoformat()})
    return rows


def taxonomy_file(folder, data):
    path = os.path.join(folder, "subjects.jsonl")
    with gzip.open(os.path.join(data, "subjects.jsonl.gz"), "rt", encoding="utf-8") as source:
        with open(path, "w", encoding="utf-8") as target:
            target.write(source.read())
    return path


def acting_people():
    """Who registers and answers: not the villages, they only pass petitions up."""
    with open(os.path.join(harness.SOURCE, "workflows", "wuhai", "members.csv"), encoding="utf-8-sig") as f:
        members = [row for row in csv.DictReader(f)
                   if not row["body"].endswith((".vc", ".tw", ".sfs", ".court"))]
    handled = {row["body"] for row in members if row["role"] == "handler"}
    return sorted({row["user"] for row in members if row["role"] in ACTING
                   or (row["role"] == "head" and row["body"] not in handled)})


def log_in(daemon, user):
    path = os.path.join(daemon.folder, "password")
    with open(path, "w", encoding="utf-8") as f:
        f.write(harness.PASSWORD + "\n")
    done = client(daemon, "login", user, "--password-file", path)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)


def give_passwords(daemon, users):
    admin = daemon.admin()
    for at in range(0, len(users), 16):  # the daemon takes a bounded number of password jobs at a time
        for user in users[at:at + 16]:
            admin.send("user.passwd", user=user, password=harness.PASSWORD, _meta={"key": harness.key()})
        for user in users[at:at + 16]:
            answer = admin.answer()
            assert "result" in answer, (user, answer)
    admin.close()


def client(daemon, *arguments):
    environment = daemon.environment()
    environment.update({
        "FENGQIAO_SERVER": "127.0.0.1:%d" % daemon.port,
        "FENGQIAO_DEMO_PASSWORD": harness.PASSWORD,
        "HOME": daemon.folder, "XDG_STATE_HOME": daemon.folder, "XDG_DATA_HOME": daemon.folder,
        "XDG_CONFIG_HOME": daemon.folder, "LANG": "C.UTF-8",
    })
    done = subprocess.run([CLIENT, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    sys.stderr.write(done.stderr[-3000:])
    return done


def summed(groups, key, clock, member):
    group = groups[key] if key else groups
    return next((c[member] for c in group["clocks"] if c["clock"] == clock), 0)


def compare(report, expected):
    """Every time figure of both; a list of the differences."""
    years = {g["key"]: g for g in report["by_year"]}
    wrong = []
    for key, want in expected.items():
        group = dict(report["cases"], clocks=report["clocks"]) if key == "all" else years[key]
        handle = next(c for c in group["clocks"] if c["clock"] == "handle")
        have = {
            "cases": group["total"] if key == "all" else group["cases"],
            "met": handle["met"], "met_late": handle["met_late"],
            "on_time_share": handle["on_time_share"], "median_days": group["median_days"],
        }
        if have != want:
            wrong.append("%s: the report says %s, recomputed %s" % (key, have, want))
    return wrong


def check_sums(report):
    """Whatever it is split by, the parts make up the whole."""
    for name in ("by_year", "by_category", "by_body"):
        total = sum(g["cases"] for g in report[name])
        assert total == report["cases"]["total"], (name, total)


def replay(rows, data=None, show=False):
    first = min(row["received_at"] for row in rows)
    start = (datetime.datetime.fromisoformat(first) - datetime.timedelta(days=1)).isoformat()
    with tempfile.TemporaryDirectory(prefix="fengqiao-replay-") as folder:
        petitions = os.path.join(folder, "petitions.jsonl.gz")
        with gzip.open(petitions, "wt", encoding="utf-8") as f:
            for row in rows:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")
        options = {"taxonomy": taxonomy_file(folder, data)} if data else {}
        with harness.Daemon(flows=None, start=start, **options) as daemon:
            give_passwords(daemon, acting_people())
            log_in(daemon, "wuhai.importer01")
            begin = time.monotonic()
            done = client(daemon, "--json", "case", "import", petitions, "--map", MAP)
            took = time.monotonic() - begin
            assert done.returncode == 0, (done.returncode, done.stdout[-2000:])
            print("import: %.1f s, %s" % (took, done.stdout.strip()[-400:]))
            again = client(daemon, "--json", "case", "import", petitions, "--map", MAP)
            assert again.returncode == 0, again.stdout[-2000:]
            leader = daemon.login("wuhai.xfj02")
            report = leader.call("report.overview")
            calendar = recompute.Calendar(os.path.join(harness.SOURCE, "workflows", "calendar"))
            wrong = compare(report, recompute.figures(rows, calendar))
            print(json.dumps(report if show else {"cases": report["cases"], "clocks": report["clocks"]},
                             ensure_ascii=False, indent=1))
            assert not wrong, "\n".join(wrong)
            assert report["cases"]["total"] == len(rows), "a second import added cases"
            assert report["cases"]["open"] == 0, report["cases"]
            check_sums(report)
            verify_some(leader)
    print("the report and the recomputation agree on %d cases" % len(rows))


def verify_some(leader):
    page = leader.call("case.list", limit=20)
    for row in page["items"]:
        result = leader.call("case.verify", case=row["id"])
        assert result["ok"] is True, result


def main():
    show = "--show" in sys.argv
    if "--made" in sys.argv:
        replay(made_rows(int(sys.argv[sys.argv.index("--made") + 1])), show=show)
        return 0
    data = os.environ.get("FENGQIAO_DATA")
    if not data or not os.path.exists(os.path.join(data, "petitions.jsonl.gz")):
        print("skipped: FENGQIAO_DATA does not name a folder with petitions.jsonl.gz")
        return 77
    replay(recompute.read_rows(os.path.join(data, "petitions.jsonl.gz")), data, show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
