"""Runs the parts of the bench and shows what they found. Called by run, which builds first.

Everything is in temporary folders that are removed at the end.
"""
import argparse
import json
import os
import sys

from parts import PARTS, SYNC_ROUNDS
from town import output, program

TITLES = {
    "speed": "办理速度 (durable acts)", "reads": "边写边读 (reads beside writes)",
    "herd": "同时到期 (the midnight herd)", "start": "启动与内存 (start and memory)",
    "growth": "库的增长 (growth)", "disk": "占用磁盘 (disk)"}
ROW = "  %-7s %5d x %-3d %8.0f %9.2f %8.2f %8.1f %7.1f %7.0f"
HEAD = "  %-7s %11s %8s %9s %8s %8s %7s %7s" % ("", "连接 x 深度", "/s", "p50 ms", "p99 ms", "max ms", "批", "CPU us")


def line(row):
    text = ROW % (row["work"], row["connections"], row["depth"], row["per_second"], row["p50_us"] / 1000,
                  row["p99_us"] / 1000, row["max_us"] / 1000, row["batch"], row["cpu_us"])
    if "rows_alone" in row:
        text += "   行 (rows) %6.0f/s  比 (ratio) %.2f" % (row["rows_alone"], row["per_second"] / row["rows_alone"])
    return text


def rows_of(found):
    rows = list(found.get("rows", []))
    for name in ("quiet", "idle", "beside"):
        value = found.get(name)
        rows += value.values() if isinstance(value, dict) and "work" not in value else [value] if value else []
    return rows


def show(name, found):
    print("\n%s" % TITLES[name])
    rows = rows_of(found)
    if rows:
        print(HEAD)
    for row in rows:
        print(line(row))
    for key, value in found.items():
        if isinstance(value, (int, float)):
            print("  %s %.1f" % (key, value))
    for what, values in found["targets"].items():
        print("  → %s: %s" % (what, "  ".join("%s %.2f" % item for item in values.items())))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--part", choices=sorted(PARTS), action="append")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=100000)
    parser.add_argument("--many", type=int, default=1000000)
    parser.add_argument("--events", type=lambda text: [int(n) for n in text.split(",")], default=[10000, 1000000])
    parser.add_argument("--no-install", action="store_true")  # run's
    options = parser.parse_args()
    result = {"cores": os.cpu_count(), "seconds": options.seconds,
              "sync": json.loads(output(program("sync_cost"), os.path.join(os.environ.get("TMPDIR", "/tmp"),
                                                                           "fengqiao-sync-%d" % os.getpid()), SYNC_ROUNDS))}
    if not options.json:
        print("fdatasync  增长 (growing) %(growing_us)d us  重写 (again) %(again_us)d us" % result["sync"])
    for name in options.part or PARTS:
        result[name] = PARTS[name](options)
        if not options.json:
            show(name, result[name])
            sys.stdout.flush()
    if options.json:
        print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
