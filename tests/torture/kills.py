"""kill -9 at random moments while many write, and again while it recovers; then the file against the ledger."""
import datetime
import os
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from crowd import Crowd  # noqa: E402 (the folder is known only now)
from harness import Client, Daemon, MEDIATOR  # noqa: E402
from ledger import Ledger, check_file, letters_arrive  # noqa: E402

BEGIN = datetime.datetime(2020, 1, 6, 9, 0)
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def milliseconds(when):
    return int(when.replace(tzinfo=SHANGHAI).timestamp() * 1000)


class Killing:
    def __init__(self, seed, connections):
        self.random = random.Random("kills-%d" % seed)
        self.seed, self.connections = seed, connections
        self.now = BEGIN  # the latest moment any daemon was told
        self.kills = self.early = self.back = 0
        self.ledger = Ledger()

    def play(self, rounds, until):
        with Daemon(flows=os.path.join(HERE, "flows"), start=BEGIN.isoformat()) as daemon:
            self.daemon = daemon
            (mediator,) = daemon.people(MEDIATOR)
            crowd = Crowd(daemon, self.ledger, mediator.token, self.seed)
            mediator.close()
            crowd.daemon_is_at(daemon.port)
            crowd.begin(self.connections)
            try:
                while self.kills < rounds and time.monotonic() < until and crowd.failure is None:
                    self.round(crowd)
                crowd.end()
            except BaseException:
                crowd.over = True
                crowd.daemon_is_at(None)
                raise
            self.settle()
            assert daemon.stop() == 0
            return self.figures(check_file(self.path(), self.ledger, milliseconds(self.now)))

    def path(self):
        return os.path.join(self.daemon.folder, "fq.db")

    def round(self, crowd):
        time.sleep(self.random.uniform(0.02, 0.6))  # the moment of the blow is random: this is no waiting
        if self.random.random() < 0.5:
            self.step_clock()
            time.sleep(self.random.uniform(0, 0.1))
        crowd.daemon_is_at(None)
        self.daemon.kill()
        self.kills += 1
        while self.random.random() < 0.3:
            self.kill_while_it_starts()
        start = self.now
        if self.random.random() < 0.2:
            start -= datetime.timedelta(hours=self.random.randrange(1, 72))  # a wall clock that was set back
            self.back += 1
        self.daemon.options["clock_start"] = start.isoformat()
        self.daemon.start()
        crowd.daemon_is_at(self.daemon.port)

    def step_clock(self):
        """Asked for and not waited for: the blow falls while clocks fire."""
        self.now += datetime.timedelta(hours=self.random.randrange(1, 60))
        client = Client(self.daemon.unix)
        client.send("server.clock", to=self.now.isoformat())
        client.close()

    def kill_while_it_starts(self):
        with open(self.daemon.log_path, "ab") as log:
            process = subprocess.Popen(self.daemon.arguments(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=self.daemon.environment(), cwd=self.daemon.folder)
        time.sleep(self.random.uniform(0, 0.15))
        process.kill()
        process.wait()
        self.early += 1

    def settle(self):
        """Everything that is due fires, every letter arrives."""
        self.now += datetime.timedelta(days=1)
        self.daemon.clock(self.now.isoformat())
        letters_arrive(self.path())

    def figures(self, found):
        found.update(seed=self.seed, kills=self.kills, kills_while_starting=self.early, set_back=self.back,
                     connections=self.connections, sent=len(self.ledger.sent), acknowledged=len(self.ledger.answered),
                     refused=len(self.ledger.refused), replayed=self.ledger.replayed)
        return found


def play(rounds, seconds, seed, connections=16):
    print("kills: seed %d" % seed, flush=True)
    print("kills: %s" % Killing(seed, connections).play(rounds, time.monotonic() + seconds), flush=True)


if __name__ == "__main__":
    play(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
