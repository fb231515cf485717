"""Starts a daemon, lets load work on it, writes the same rows without it, and puts both side by side.

Called by run, which builds first. Everything is in a temporary folder that is removed at the end.
"""
import argparse
import json
import os
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from harness import BUILD, Daemon  # noqa: E402 (the folder is known only now)

CONNECTIONS = [1, 16, 64, 256]
WORK = {"life": "案件全程 (a case's life)", "note": "记事 (notes)"}
LEAST_RATIO = 8  # what group commit must give 64 connections over one
ROW_UNITS = {True: 1000, False: 8000}  # one commit each; in groups
SYNC_ROUNDS = 500
START_PATIENCE = 30  # seconds


def program(name):
    return os.path.join(BUILD, "tests", "bench", name)


def output(*command):
    return subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE, text=True,
                          env=dict(os.environ, FENGQIAO_LOCALE_DIR=os.path.join(BUILD, "locale"))).stdout


def rows_alone(folder, batch):
    """Units per second of the writer's own statements in one process."""
    path = os.path.join(folder, "rows.db")
    rate = float(output(program("store_rows"), path, batch, ROW_UNITS[batch == 1]))
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.unlink(path + end)
    return rate


def memory_mib(pid):
    """Resident now and at most, as the kernel tells it."""
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        lines = dict(line.split(":", 1) for line in f if ":" in line)
    return {name: int(lines[field].split()[0]) / 1024 for name, field in (("now", "VmRSS"), ("most", "VmHWM"))}


def first_answer(path):
    """Waits until somebody answers on the socket."""
    end = time.monotonic() + START_PATIENCE
    while time.monotonic() < end:
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"inbox.list"}\n')
            if s.makefile("rb").readline():
                return
        except OSError:
            time.sleep(0.001)
        finally:
            s.close()
    raise SystemExit("the daemon did not come back")


def restart_ms(daemon):
    """kill -9 and up again: until the first answer that needs the store."""
    daemon.kill()
    begin = time.monotonic()
    with open(daemon.log_path, "ab") as log:
        daemon.process = subprocess.Popen(daemon.arguments(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          env=daemon.environment(), cwd=daemon.folder)
    first_answer(daemon.unix)
    return (time.monotonic() - begin) * 1000


def measure(options):
    with Daemon(flows=None, clock="real", start="") as daemon:
        result = {"cores": os.cpu_count(), "cases": options.cases, "seconds": options.seconds,
                  "sync": json.loads(output(program("sync_cost"), os.path.join(daemon.folder, "sync"), SYNC_ROUNDS))}
        load = output(program("load"), daemon.port, daemon.unix, daemon.process.pid, options.seconds, options.cases, *CONNECTIONS)
        result["load"] = [json.loads(line) for line in load.splitlines()]
        result["memory_mib"] = memory_mib(daemon.process.pid)
        result["database_mib"] = os.path.getsize(os.path.join(daemon.folder, "fq.db")) / 2 ** 20
        result["restart_ms"] = restart_ms(daemon)
        result["rows_one_by_one"] = rows_alone(daemon.folder, 1)
        for row in result["load"]:
            row["rows_alone"] = rows_alone(daemon.folder, max(1, round(row["batch"])))
        if daemon.stop() != 0:
            raise SystemExit("the daemon did not stop well")
    return with_ratios(result)


def with_ratios(result):
    result["ratios"] = {}
    for work in WORK:
        rows = {row["connections"]: row for row in result["load"] if row["work"] == work}
        result["ratios"][work] = {
            "64_over_1": rows[64]["per_second"] / rows[1]["per_second"],
            "64_over_rows": rows[64]["per_second"] / rows[64]["rows_alone"]}
    return result


def show(result):
    print("fdatasync  增长 (growing) %(growing_us)d us  重写 (again) %(again_us)d us" % result["sync"])
    print("一进程逐条提交 (rows in one process, one per commit): %.0f /s" % result["rows_one_by_one"])
    for work, title in WORK.items():
        print("\n%s" % title)
        print("  连接 conn.   /s      p50 ms   p99 ms   max ms   批 batch   CPU us   同样的行 rows /s   比 ratio")
        for row in result["load"]:
            if row["work"] == work:
                print("  %8d %8.0f %9.2f %8.2f %8.1f %10.1f %8.0f %15.0f %11.2f" % (
                    row["connections"], row["per_second"], row["p50_us"] / 1000, row["p99_us"] / 1000,
                    row["max_us"] / 1000, row["batch"], row["cpu_us"], row["rows_alone"], row["per_second"] / row["rows_alone"]))
        ratios = result["ratios"][work]
        print("  64/1 = %.1f    64/行 (rows) = %.2f" % (ratios["64_over_1"], ratios["64_over_rows"]))
    print("\n内存 (memory) %.0f MiB, 最多 (most) %.0f MiB    库 (database) %.0f MiB" % (
        result["memory_mib"]["now"], result["memory_mib"]["most"], result["database_mib"]))
    print("kill -9 后 %d 件在办，到第一个答复 (open cases, to the first answer): %.0f ms" % (
        result["cases"], result["restart_ms"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--no-install", action="store_true")  # run's
    options = parser.parse_args()
    result = measure(options)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)
    if options.check:
        for work, ratios in result["ratios"].items():
            if ratios["64_over_1"] < LEAST_RATIO:
                raise SystemExit("%s: 64 connections do only %.1f times what one does" % (work, ratios["64_over_1"]))


main()
