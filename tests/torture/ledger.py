"""What clients wrote down outside of the daemon, and what its file must then hold. The file is read by other code than
the daemon's: rows by Python's sqlite3, chains recomputed by hashlib."""
import hashlib
import json
import re
import sqlite3
import threading
import time
from collections import Counter

from harness import PATIENCE

TAG = re.compile(r"tag-\d+")


class Ledger:
    """Every request ever sent, by its key, and its first answer. A tag stands in the words of each request."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = {}      # key -> method
        self.tag = {}       # key -> tag
        self.answered = {}  # key -> the success, without _meta
        self.refused = {}   # key -> kind
        self.replayed = 0

    def begin(self, method):
        with self.lock:
            number = len(self.sent) + 1
            key, tag = "key-%d" % number, "tag-%d" % number
            self.sent[key] = method
            self.tag[key] = tag
            return key, tag

    def success(self, key, result):
        """Notes the answer; one that was given before must be the same, word for word."""
        result = dict(result)
        meta = result.pop("_meta", {})
        with self.lock:
            self.replayed += bool(meta.get("replayed"))
            first = self.answered.setdefault(key, result)
            assert first == result, "%s was answered twice, differently: %s %s" % (key, first, result)

    def refusal(self, key, kind, words):
        with self.lock:
            assert key not in self.answered, "%s was acknowledged and then refused: %s %s" % (key, kind, words)
            self.refused[key] = kind


def check_chains(db):
    """Versions and seq without gaps, each hash over the one before, each case row at the end of its chain."""
    heads, versions, last = {}, {}, 0
    for seq, case, version, data, kept in db.execute("SELECT seq, case_id, version, data, hash FROM event ORDER BY seq"):
        assert seq == last + 1, "seq %d follows %d" % (seq, last)
        assert version == versions.get(case, 0) + 1, "case %d: version %d follows %d" % (case, version, versions.get(case, 0))
        heads[case] = hashlib.sha256(heads.get(case, bytes(32)) + data.encode()).digest()
        assert heads[case] == kept, "case %d version %d: the chain is broken" % (case, version)
        last, versions[case] = seq, version
    for case, version, head in db.execute("SELECT id, version, head FROM casefile"):
        assert (version, head) == (versions.get(case), heads.get(case)), "case %d: row and history differ" % case
    assert len(versions) == db.execute("SELECT count(*) FROM casefile").fetchone()[0]
    return last


def check_clocks(db):
    """Each step of each due date once, and not before its time. Returns how many there were."""
    taken, fired = set(), 0
    for seq, case, at_ms, data in db.execute("SELECT seq, case_id, at_ms, data FROM event ORDER BY seq"):
        for change in json.loads(data).get("changes", ()):
            op, clock = change.get("op"), change.get("clock")
            if op == "clock.start" or (clock and "legal" in change and not change.get("late")):
                taken = {t for t in taken if t[:2] != (case, clock)}
            elif op == "clock.step" and "step" in change:
                step = (case, clock, change["step"])
                assert step not in taken, "seq %d: %s fired again" % (seq, step)
                assert change["scheduled_ms"] <= at_ms, "seq %d: %s fired before its time" % (seq, step)
                taken.add(step)
                fired += 1
    return fired


def check_effects(db):
    """No effect twice; each letter that opens a case has opened one. Returns how many effects and such letters."""
    rows = db.execute("SELECT seq, kind, data, status FROM effect").fetchall()
    assert [row for row, n in Counter(row[:3] for row in rows).items() if n > 1] == [], "an effect stands twice"
    letters = [(json.loads(data), status) for _, kind, data, status in rows if kind == "letter"]
    assert {status for _, status in letters} <= {"done"}, "a letter was not delivered"
    asked = Counter((d["from"], d["peer"]) for d, _ in letters if d["letter"] == "open")
    came = Counter()
    for (data,) in db.execute("SELECT data FROM event WHERE type = 'arrived'"):
        for change in json.loads(data)["changes"]:
            item = change.get("item", {})
            if item.get("kind") == "whole":
                came[(int(item["case"][1:]), item["peer"])] += 1
    assert asked == came, "letters and the cases they opened differ: %s %s" % (asked - came, came - asked)
    return len(rows), len(asked)


def tags_of(kind, flow, text):
    """The requests an event came from: one. A sub-case repeats the words of the case that asked for it."""
    data = json.loads(text)
    if kind in ("advanced", "noted"):
        text = "%s %s" % (data.get("note"), data.get("reason"))
    elif kind != "task.asked" and (kind != "opened" or flow != "people_mediation"):
        return set()
    return set(TAG.findall(text))


def check_tags(db, ledger):
    """Acknowledged: once. Unanswered: at most once. Refused: never. And the key beside its event, or neither."""
    seen = Counter()
    for row in db.execute("SELECT event.type, flow, data FROM event JOIN casefile ON casefile.id = case_id"):
        seen.update(tags_of(*row))
    kept = dict(db.execute("SELECT key, count(*) FROM idempotency GROUP BY key"))
    for key, method in ledger.sent.items():
        times = seen[ledger.tag[key]]
        assert times <= 1, "%s %s stands %d times in the history" % (key, method, times)
        assert times == kept.get(key, 0), "%s %s: the key and its event are not there together" % (key, method)
        if key in ledger.answered:
            assert times == 1, "%s %s was acknowledged and is lost" % (key, method)
        if key in ledger.refused:
            assert times == 0, "%s %s was refused and stands in the history" % (key, method)


def letters_arrive(path):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    end = time.monotonic() + PATIENCE
    while db.execute("SELECT count(*) FROM effect WHERE kind = 'letter' AND status = 'pending'").fetchone()[0]:
        assert time.monotonic() < end, "letters are still on their way"
        time.sleep(0.02)
    db.close()


def check_file(path, ledger, now_ms):
    """All of it; the daemon has ended. Returns figures to print."""
    db = sqlite3.connect(path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        events = check_chains(db)
        check_tags(db, ledger)
        effects, letters = check_effects(db)
        fired = check_clocks(db)
        assert db.execute("SELECT count(*) FROM casefile WHERE wake_ms <= ?", (now_ms,)).fetchone()[0] == 0, "a due clock rests"
        latest = db.execute("SELECT max(at_ms) FROM event").fetchone()[0]
        assert latest is None or latest <= now_ms, "an event of the future"
        return {"events": events, "clock_steps": fired, "effects": effects, "letters": letters}
    finally:
        db.close()
