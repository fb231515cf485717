"""The parts of the bench: each measures one thing and returns what it found."""
import os
import socket
import sqlite3
import time

from town import Town, output, program

CONNECTIONS = [1, 16, 64, 256]
WORKS = ["life", "note"]
LOOKS = ["inbox", "show", "search"]
LOOKS_RATE = 1000    # of each, a second
ROW_UNITS = {True: 1000, False: 8000}  # one commit each; in groups
SYNC_ROUNDS = 500
IDLE = 10000         # connections


def rows_alone(folder, batch):
    """Units per second of the writer's own statements in one process."""
    path = os.path.join(folder, "rows.db")
    rate = float(output(program("store_rows"), path, batch, ROW_UNITS[batch == 1]))
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.unlink(path + end)
    return rate


def speed(options):
    """Durable acts a second, beside the same rows written by one process in batches of that size."""
    with Town(options.cases) as town:
        rows = []
        for work in WORKS:
            for depth in (1, 16):
                rows += town.load(work, options.seconds, CONNECTIONS, depth=depth)
        for row in rows:
            row["rows_alone"] = rows_alone(town.daemon.folder, max(1, round(row["batch"])))
            row["of_rows"] = row["per_second"] / row["rows_alone"]
        alone_us = 1e6 / rows_alone(town.daemon.folder, 1)
        found = {(r["work"], r["depth"], r["connections"]): r for r in rows}
        return {"cases": town.cases, "rows": rows, "commit_us": alone_us, "targets": {
            "64 connections, of the rows alone (0.6)": {w: found[w, 1, 64]["of_rows"] for w in WORKS},
            "1 connection, latency over a bare commit (1.25)": {w: found[w, 1, 1]["p50_us"] / alone_us for w in WORKS},
            "64 connections over 1": {w: found[w, 1, 64]["per_second"] / found[w, 1, 1]["per_second"] for w in WORKS}}}


def looks(town, seconds):
    return {look: town.load(look, seconds, [16], rate=LOOKS_RATE)[0] for look in LOOKS}


def reads(options):
    """Looks while others write at half of what they could."""
    with Town(options.cases) as town:
        rate = int(town.load("life", options.seconds, [64])[0]["per_second"] / 2)
        idle = looks(town, options.seconds)
        lasting = len(LOOKS) * (options.seconds + 1) + 1
        writer = town.load_beside("life", lasting, [64], rate=rate)
        time.sleep(0.5)  # its warm-up
        beside = looks(town, options.seconds)
        written = writer.communicate()[0]
        if writer.returncode != 0:
            raise SystemExit("the writer was refused")
        return {"writes_per_second": rate, "written": written.strip(), "idle": idle, "beside": beside, "targets": {
            "p99 beside writes over idle (3)": {
                look: beside[look]["p99_us"] / max(1, idle[look]["p99_us"]) for look in LOOKS}}}


def herd(options):
    """Every clock of a large population is due in the same midnight; people go on working."""
    with Town(options.cases, clock="virtual", start="2026-03-02T09:00:00") as town:
        d = town.daemon
        quiet = town.load("note", options.seconds, [16], rate=500)[0]
        admin = d.admin()
        before = fired(admin)
        begin = time.monotonic()
        mover = d.admin()
        mover.send("server.clock", to="2026-03-12T00:10:00")
        people = town.load("note", options.seconds, [16], rate=500)[0]
        mover.answer()
        took = time.monotonic() - begin
        count = fired(admin) - before
        return {"fired": count, "seconds": took, "per_second": count / took, "quiet": quiet, "beside": people, "targets": {
            "p99 of notes beside the herd over quiet": {"note": people["p99_us"] / max(1, quiet["p99_us"])}}}


def fired(admin):
    return admin.call("server.metrics")["engine"]["clocks_fired"]


def start(options):
    """From kill -9 to the first answer, with few cases and with many; memory with many."""
    with Town(1000, base=1000) as town:
        few_ms = town.restart_ms()
    with Town(options.many, events=False) as town:
        many_ms = town.restart_ms()
        memory = {"started": town.memory_mib()}
        town.load("life", options.seconds, [64])
        memory["worked"] = town.memory_mib()
        lines = idle_connections(town.daemon.port)
        memory["idle"] = (town.memory_mib() - memory["worked"]) * 1024 / max(1, len(lines))
        for s in lines:
            s.close()
        size = os.path.getsize(town.database())
        return {"few_ms": few_ms, "many": town.cases, "many_ms": many_ms, "memory": memory, "idle_lines": len(lines),
                "database_mib": size / 2 ** 20, "targets": {
                    "first answer after kill -9, ms (1000)": {"1000": few_ms, str(town.cases): many_ms},
                    "resident MiB (150)": {"started": memory["started"], "worked": memory["worked"]},
                    "KiB of an idle connection (40)": {str(len(lines)): memory["idle"]}}}


def idle_connections(port):
    lines = []
    try:
        while len(lines) < IDLE:
            s = socket.create_connection(("127.0.0.1", port))
            s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"server.hello","params":{"protocol":1}}\n')
            s.recv(4096)
            lines.append(s)
    except OSError:
        pass  # the machine's own limit; the number is shown
    return lines


def growth(options):
    """What an act costs with few events in the file, and with many."""
    rows = []
    for events in options.events:
        with Town(max(3000, events // 4)) as town:
            row = town.load("life", options.seconds, [64])[0]
            row["events"] = sqlite3.connect(town.database()).execute("SELECT max(seq) FROM event").fetchone()[0]
            row["rows_alone"] = rows_alone(town.daemon.folder, max(1, round(row["batch"])))
            rows.append(row)
    return {"rows": rows, "targets": {"processor time of an act, over the smallest file (1.3)": {
        str(r["events"]): r["cpu_us"] / rows[0]["cpu_us"] for r in rows[1:]}}}


def disk(options):
    """Bytes of a case and of an event, by what SQLite says of its pages."""
    with Town(options.cases) as town:
        town.daemon.stop()
        db = sqlite3.connect(town.database())
        pages = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        indexes = dict(db.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"))
        cases, events = (db.execute("SELECT count(*) FROM %s" % t).fetchone()[0] for t in ("casefile", "event"))
        of_event = sum(size for name, size in pages.items() if indexes.get(name, name) == "event")
        of_case = sum(size for name, size in pages.items() if indexes.get(name, name) in (
            "casefile", "case_fields", "case_body", "lineage"))
        base_events = events / (town.clones + 1)  # nobody worked: the copies are not listed yet
        once = sum(size for name, size in pages.items() if indexes.get(name, name) in ("idempotency", "effect")
                   or name.startswith("search"))
        return {"cases": cases, "events": events, "per_case": of_case / cases, "per_event": of_event / events,
                "keys_effects_search_per_event": once / base_events, "targets": {}}


PARTS = {"speed": speed, "reads": reads, "herd": herd, "start": start, "growth": growth, "disk": disk}
