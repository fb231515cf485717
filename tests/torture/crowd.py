"""Clients that go on whatever happens to the daemon: what was not answered is asked again, under the same key."""
import json
import random
import threading

from harness import Client, VILLAGE

PASSING = {"overloaded", "read_only", "rate_limited", "internal"}  # says nothing about what was asked
DEPTH = 4  # requests of one connection on their way at most


class Crowd:
    """Where the daemon is at present, and the cases they all work on."""

    def __init__(self, daemon, ledger, token, seed):
        self.daemon, self.ledger, self.token, self.seed = daemon, ledger, token, seed
        self.changed = threading.Condition()
        self.port, self.over = None, False
        self.cases = []
        self.members = []
        self.failure = None

    def begin(self, count):
        self.members = [threading.Thread(target=Member(self, i).live) for i in range(count)]
        for thread in self.members:
            thread.start()

    def daemon_is_at(self, port):
        """None: nowhere."""
        with self.changed:
            self.port = port
            self.changed.notify_all()

    def end(self):
        with self.changed:
            self.over = True
            self.changed.notify_all()
        for thread in self.members:
            thread.join()
        if self.failure is not None:
            raise self.failure

    def wait_port(self):
        with self.changed:
            self.changed.wait_for(lambda: self.port is not None or self.over)
            return self.port


class Member:
    def __init__(self, crowd, number):
        self.crowd, self.ledger = crowd, crowd.ledger
        self.random = random.Random("%s-%d" % (crowd.seed, number))
        self.open = []  # (key, method, params): sent and not answered, or to be repeated

    def live(self):
        try:
            while not self.crowd.over or self.open:
                port = self.crowd.wait_port()
                if port is None:
                    return
                try:
                    client = Client(("127.0.0.1", port), self.crowd.token)
                    try:
                        self.work(client)
                    finally:
                        client.close()
                except (OSError, EOFError):
                    pass  # it died: the open ones are asked again
        except BaseException as e:  # pylint: disable=broad-except
            self.crowd.failure = self.crowd.failure or e

    def work(self, client):
        while not self.crowd.over or self.open:
            while len(self.open) < DEPTH and not self.crowd.over:
                self.open.append(self.something())
                if self.random.random() < 0.4:
                    break
            lines = {}
            for i, (key, method, params) in enumerate(self.open):
                lines[i] = {"jsonrpc": "2.0", "id": i, "method": method,
                            "params": dict(params, _meta={"key": key, "token": client.token})}
            client.raw("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines.values()).encode())
            asked = list(self.open)
            for _ in asked:
                line = client.file.readline()
                if not line.endswith(b"\n"):
                    raise EOFError
                self.heard(asked, json.loads(line))

    def heard(self, asked, answer):
        key, method, params = asked[answer["id"]]
        if "result" in answer:
            self.ledger.success(key, answer["result"])
            if method == "case.open" and len(self.crowd.cases) < 2000:
                self.crowd.cases.append(answer["result"]["case"])
        elif answer["error"]["data"]["kind"] in PASSING:
            return
        else:
            self.ledger.refusal(key, answer["error"]["data"]["kind"], answer["error"]["message"])
        self.open.remove((key, method, params))
        if "result" in answer and self.random.random() < 0.05:
            self.open.append((key, method, params))  # whoever repeats hears the same again

    def something(self):
        cases, dice = self.crowd.cases, self.random.random()
        # Often the newest: several change the same case at once.
        case = None if not cases else cases[-1 - min(int(self.random.expovariate(0.05)), len(cases) - 1)]
        if case is None or dice < 0.2:
            key, tag = self.ledger.begin("case.open")
            return key, "case.open", {"flow": "people_mediation", "place": VILLAGE, "body": "yanglujing.tw",
                                      "fields": {"subject": "积水 %s" % tag}}
        if dice < 0.5:
            key, tag = self.ledger.begin("case.note")
            return key, "case.note", {"case": case, "text": "已电话联系 %s" % tag}
        if dice < 0.6:
            key, tag = self.ledger.begin("case.task.ask")
            what = {"task": "visit", "body": "bayintaohai.sfs"} if dice < 0.55 else {"task": "count"}
            return key, "case.task.ask", dict(what, case=case, text="请核实 %s" % tag)
        key, tag = self.ledger.begin("case.act")
        action = "accept" if dice < 0.9 else "drop" if dice < 0.95 else "agree"
        return key, "case.act", dict({"reason": "撤回"} if action == "drop" else {}, case=case, action=action,
                                     note="当场 %s" % tag)
