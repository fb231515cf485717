#!/usr/bin/env python3
"""The time figures of the replay, from the petitions file and the calendar alone.

Shares no code with the daemon: the calendars are read from workflows/calendar as text, the rules are
those of the regulations (60 days from acceptance, the first day not counted, a last day that is a rest
day moves on; a year without published calendar has its weekends only).

    python3 tests/replay/recompute.py petitions.jsonl.gz        prints the figures as JSON
"""

import collections
import datetime
import glob
import gzip
import json
import os
import re
import statistics
import sys

HANDLE_DAYS = 60   # 信访条例第三十三条、信访工作条例第三十四条
REVIEW_DAYS = 30   # 信访条例第三十四条、信访工作条例第三十五条
DAY = datetime.timedelta(days=1)


class Calendar:
    """Rest days and make-up working days of the years that have a document."""

    def __init__(self, folder):
        self.rest, self.work, self.years = set(), set(), set()
        newest = {}
        for path in glob.glob(os.path.join(folder, "*.lua")):
            text = open(path, encoding="utf-8").read()
            year = int(re.search(r"\byear\s*=\s*(\d+)", text).group(1))
            version = int(re.search(r"\bversion\s*=\s*(\d+)", text).group(1))
            if version > newest.get(year, (0, ""))[0]:
                newest[year] = (version, text)
        for year, (_, text) in newest.items():
            self.years.add(year)
            text = re.sub(r"--[^\n]*", "", text)
            for first, last in re.findall(r'from\s*=\s*"([\d-]+)"\s*,\s*to\s*=\s*"([\d-]+)"', text):
                day = datetime.date.fromisoformat(first)
                while day <= datetime.date.fromisoformat(last):
                    self.rest.add(day)
                    day += DAY
            for day in re.findall(r'"([\d-]+)"', re.search(r"\bwork\s*=\s*\{(.*?)\}", text, re.S).group(1)):
                self.work.add(datetime.date.fromisoformat(day))

    def works(self, day):
        if day in self.work:
            return True
        return day not in self.rest and day.weekday() < 5

    def next_workday(self, day):
        while not self.works(day):
            day += DAY
        return day


def legal_end(calendar, day, days):
    return calendar.next_workday(day + days * DAY)


def figures(rows, calendar):
    """Everything the report says about time, for cases accepted when received, answered when replied."""
    groups = collections.defaultdict(lambda: {"cases": 0, "met": 0, "met_late": 0, "days": []})
    for row in rows:
        received = datetime.datetime.fromisoformat(row["received_at"])
        replied = datetime.datetime.fromisoformat(row["replied_at"])
        late = replied.date() > legal_end(calendar, received.date(), HANDLE_DAYS)
        for key in ("all", str(received.year)):
            group = groups[key]
            group["cases"] += 1
            group["met_late" if late else "met"] += 1
            group["days"].append((replied.date() - received.date()).days)
    result = {}
    for key, group in sorted(groups.items()):
        result[key] = {
            "cases": group["cases"], "met": group["met"], "met_late": group["met_late"],
            "on_time_share": round(group["met"] / group["cases"], 4),
            "median_days": statistics.median(group["days"]),
        }
    return result


def read_rows(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def main():
    root = os.environ.get("FENGQIAO_SOURCE") or os.path.dirname(
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    calendar = Calendar(os.path.join(root, "workflows", "calendar"))
    print(json.dumps(figures(read_rows(sys.argv[1]), calendar), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
