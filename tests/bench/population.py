"""Makes a population many times larger by copying its rows, as fast as the disk takes them.

Copies differ in id, number and seq only; their chains hold, since no event names its case. Searching
finds the originals alone (its index holds no texts to copy). The daemon must not be running.
"""
import json
import sqlite3


def columns(db, table):
    return [row[1] for row in db.execute("PRAGMA table_info(%s)" % table)]


def insert(db, table, names, rows):
    db.executemany("INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(names), ", ".join("?" * len(names))), rows)


def copies(rows, places, steps, clones):
    """Each row `clones` times, its numbers at `places` raised by `steps` each time."""
    for k in range(1, clones + 1):
        for row in rows:
            copy = list(row)
            for place, step in zip(places, steps):
                copy[place] += k * step
            yield copy


class Case:
    """A case row to be copied: all but the members that tell copies apart is fixed."""

    def __init__(self, names, row):
        self.row = list(row)
        self.at = {name: names.index(name) for name in ("id", "number", "serial", "snapshot")}
        snapshot = json.loads(row[self.at["snapshot"]])
        snapshot["id"], snapshot["number"] = "@id@", "@number@"
        if snapshot.get("root"):
            snapshot["root"] = "@root@"
        self.snapshot = json.dumps(snapshot, ensure_ascii=False, separators=(",", ":"))
        self.id = row[self.at["id"]]
        self.serial = row[self.at["serial"]]
        self.series = row[self.at["number"]].rsplit("-", 1)[0]

    def copy(self, k, id_step, serial_step):
        row = self.row[:]
        number = "%s-%04d" % (self.series, self.serial + k * serial_step)
        row[self.at["id"]] = self.id + k * id_step
        row[self.at["serial"]] = self.serial + k * serial_step
        row[self.at["number"]] = number
        row[self.at["snapshot"]] = (
            self.snapshot.replace('"@id@"', str(self.id + k * id_step)).replace("@number@", number)
            .replace('"@root@"', str(self.id + k * id_step)))
        return row


def grow(path, clones, events=True):
    """Returns how far apart the ids of copies are. Without `events` only what lists and acts need."""
    db = sqlite3.connect(path, isolation_level=None)
    for setting in ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000", "BEGIN"):
        db.execute(setting)
    names = columns(db, "casefile")
    cases = [Case(names, row) for row in db.execute("SELECT * FROM casefile ORDER BY id")]
    id_step = max(case.id for case in cases)
    serial_step = max(case.serial for case in cases)
    insert(db, "casefile", names,
           (case.copy(k, id_step, serial_step) for k in range(1, clones + 1) for case in cases))
    tables = [("case_fields", "case_id"), ("case_body", "case_id"), ("lineage", "case_id root")]
    if events:
        seq_step = db.execute("SELECT max(seq) FROM event").fetchone()[0]
        tables.append(("event", "seq case_id"))
    for table, raised in tables:
        names = columns(db, table)
        rows = db.execute("SELECT * FROM %s" % table).fetchall()
        places = [names.index(name) for name in raised.split()]
        steps = [seq_step if name == "seq" else id_step for name in raised.split()]
        insert(db, table, names, copies(rows, places, steps, clones))
    db.execute("UPDATE counter SET serial = serial + ?", (clones * serial_step,))
    db.execute("UPDATE report_state SET seq = (SELECT max(seq) FROM event)")
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return id_step
