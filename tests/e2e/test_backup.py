"""Backup under load, restore, verification and kept heads, through client and daemon."""
import json
import os
import shutil
import sqlite3
import subprocess
import threading

from harness import DAEMON, Daemon, MEDIATOR, VILLAGE, key, run
from test_cli import Cli


def daemon_does(daemon, *words, code=0):
    done = subprocess.run([DAEMON, "--config", daemon.config] + list(words), capture_output=True, text=True,
                          env=daemon.environment(), cwd=daemon.folder, timeout=120)
    assert "Sanitizer" not in done.stderr, done.stderr
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def rows(path, sql):
    with sqlite3.connect("file:%s?immutable=1" % path, uri=True) as db:
        return db.execute(sql).fetchall()


class Load(threading.Thread):
    """One person who opens cases until told to stop; what was answered is remembered."""

    def __init__(self, client):
        super().__init__()
        self.client, self.over, self.answered, self.begun = client, threading.Event(), [], threading.Event()

    def run(self):
        while not self.over.is_set():
            given = key()
            answer = self.client.call("case.open", flow="people_mediation", place=VILLAGE,
                                      fields={"subject": "院墙滴水"}, _meta={"key": given})
            self.answered.append((answer["case"], given))
            if len(self.answered) >= 30:
                self.begun.set()


def administrator(daemon):
    cli = Cli(daemon)
    cli.server = "unix:" + daemon.unix
    return cli


def a_backup_under_load_is_restored_and_goes_on():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        mediator.refused("forbidden", "server.backup", folder="/tmp/x")
        admin, into = administrator(daemon), os.path.join(daemon.folder, "backups")
        load = Load(mediator)
        load.start()
        try:
            assert load.begun.wait(60)
            before = list(load.answered)
            made = admin.json("server", "backup", into)
        finally:
            load.over.set()
            load.join()
        manifest = json.load(open(os.path.join(made["path"], "manifest.json"), encoding="utf-8"))
        assert manifest["history"] == made["history"] and manifest["files"][0]["path"] == "fengqiao.db"
        assert manifest["events"] == manifest["last_seq"] >= len(before)
        assert daemon.admin().call("server.health")["backup"]["last_seq"] == made["last_seq"]
        copied = {number for (number,) in rows(os.path.join(made["path"], "fengqiao.db"), "SELECT number FROM casefile")}
        assert {number for number, _ in before} <= copied
        heads = admin("server", "heads", code=0).stdout
        kept = os.path.join(daemon.folder, "heads.txt")
        with open(kept, "w", encoding="utf-8") as f:
            f.write(heads)
        assert "与写入时一致" in admin("server", "verify", "--heads", kept, code=0).stdout
        assert "服务器正在使用" in daemon_does(daemon, "--restore", made["path"], code=75)
        assert daemon.stop() == 0
        assert "没有改动" in daemon_does(daemon, "--restore", made["path"], code=66)
        said = daemon_does(daemon, "--restore", made["path"], "--aside")
        assert "至第 %d 条记录" % made["last_seq"] in said, said
        assert len([name for name in os.listdir(daemon.folder) if name.startswith("fq.db.before-")]) >= 1
        # the heads are of later than the backup: what came in between is missing, by name
        said = daemon_does(daemon, "--verify", "--heads", kept, code=1)
        assert "最先出错： 第 %d" % (made["last_seq"] + 1) in said, said
        daemon.start()
        again = daemon.login(MEDIATOR)
        number, given = before[0]
        answer = again.call("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "院墙滴水"},
                            _meta={"key": given})
        assert answer["case"] == number and answer["_meta"]["replayed"], answer
        assert again.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "路灯"})["case"]
        assert daemon.stop() == 0


def tampering_with_the_file_is_named():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        numbers = [mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "院墙"})["case"]
                   for _ in range(3)]
        admin = administrator(daemon)
        admin("server", "verify", code=0)
        assert daemon.stop() == 0
        path = os.path.join(daemon.folder, "fq.db")
        daemon_does(daemon, "--verify")
        for sql, wanted in (
                ("UPDATE event SET data = replace(data, '院墙', '房屋') WHERE seq = 2", "案件 %s 第 1 版 第 2 条" % numbers[1]),
                ("UPDATE event SET actor = 'nobody' WHERE seq = 3", "案件 %s 第 1 版 第 3 条" % numbers[2]),
                ("DELETE FROM event WHERE seq = 2", "案件 %s 第 1 版 第 2 条" % numbers[1]),
                ("UPDATE audit SET actor = 'nobody' WHERE id = 1", "第 1 条审计记录")):
            other = os.path.join(daemon.folder, "other.db")
            shutil.copy(path, other)
            db = sqlite3.connect(other)
            db.execute(sql)
            db.commit()
            db.close()  # copies its log into the file
            said = daemon_does(daemon, "--verify", other, code=1)
            assert "最先出错： " + wanted in said, said


if __name__ == "__main__":
    run(a_backup_under_load_is_restored_and_goes_on, tampering_with_the_file_is_named)
