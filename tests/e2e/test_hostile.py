"""Clients that mean harm or are broken: none of them may cost the others more than a moment, or the daemon its memory."""
import json
import os
import signal
import socket
import struct
import threading
import time

from harness import CHIEF, CLERK, Client, Daemon, MEDIATOR, PATIENCE, VILLAGE, key, run

MIB = 1 << 20
ROOM = 64 * MIB  # sanitizers pad what is allocated: a bound of several times the real need
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"  # freed memory is no burden


def memory(daemon):
    with open("/proc/%d/statm" % daemon.process.pid) as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def request(method, number=1, **params):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


def stuffed(client, data, most=64 * MIB):
    """Sends until the daemon takes no more for a while; how much it took."""
    client.socket.settimeout(2)
    sent = 0
    try:
        while sent < most:
            sent += client.socket.send(data)
    except (socket.timeout, ConnectionError):
        pass
    client.socket.settimeout(PATIENCE)
    return sent


def narrow(daemon, token=None):
    """A connection whose own buffer is as small as the system allows."""
    client = Client.__new__(Client)
    client.socket = socket.socket()
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.socket.settimeout(PATIENCE)
    client.socket.connect(("127.0.0.1", daemon.port))
    client.file = client.socket.makefile("rb")
    client.token, client.last, client.pushed = token, 0, []
    return client


def well(daemon):
    assert daemon.connect().call("echo", text="还在")["text"] == "还在"


def opened(client, subject="道路积水"):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": subject})


def who_asks_and_never_reads_fills_its_own_pipe():
    with Daemon() as daemon:
        before = memory(daemon)
        client = narrow(daemon)
        assert stuffed(client, request("rpc.discover") * 50) < 8 * MIB
        assert memory(daemon) - before < ROOM, memory(daemon) - before
        well(daemon)


def answers_that_wait_behind_a_slow_one_are_bounded():
    with Daemon() as daemon:
        client = daemon.connect()
        for _ in range(8):
            client.refused("unauthenticated", "auth.login", user=CLERK, password="wrong-password")
        before = memory(daemon)
        client.raw(request("auth.login", user=CLERK, password="wrong-password"))  # answered in 8 s; the rest waits for it
        stuffed(client, request("rpc.discover") * 50)
        assert memory(daemon) - before < ROOM, memory(daemon) - before
        well(daemon)


def a_line_without_end_is_cut_off():
    with Daemon() as daemon:
        before = memory(daemon)
        client = daemon.connect()
        stuffed(client, b"x" * MIB, 64 * MIB)
        assert memory(daemon) - before < ROOM
        try:
            assert client.answer()["error"]["data"]["reason"] == "line_too_long"
        except (EOFError, ConnectionError):
            pass  # it went on shouting after the end was said
        client = daemon.connect()
        client.raw(b"[" * 100000 + b"\n" + b'{"a":' * 100000 + b"\n" + request("ping", 5))
        assert [client.answer().get("error", {}).get("code") for _ in range(3)] == [-32700, -32700, None]
        well(daemon)


def idle_connections_cost_little():
    count = 1000
    with Daemon() as daemon:
        before = memory(daemon)
        crowd = [daemon.connect() for _ in range(count)]
        for client in crowd:
            client.call("ping")
        each = (memory(daemon) - before) / count
        assert each < 48 * 1024, each
        well(daemon)
        assert daemon.stop() == 0


def silent_strangers_make_room_when_the_house_is_full():
    with Daemon(**{"limits.connections": "20"}) as daemon:
        daemon.people(MEDIATOR)
        member = daemon.login(MEDIATOR)
        crowd = [daemon.connect() for _ in range(19)]
        end = time.monotonic() + PATIENCE
        while True:
            try:
                newcomer = daemon.connect()
                newcomer.call("ping")
                break
            except (EOFError, ConnectionError):
                assert time.monotonic() < end, "nobody could come in"
                time.sleep(0.2)
        assert member.call("auth.whoami")["user"] == MEDIATOR
        assert len(crowd) == 19


def floods_of_connections_that_come_and_go_leave_nothing():
    with Daemon() as daemon:
        admin = daemon.admin()
        linger = struct.pack("ii", 1, 0)
        for i in range(600):
            s = socket.create_connection(("127.0.0.1", daemon.port))
            if i % 3 == 1:
                s.send(request("rpc.discover"))
            if i % 3 == 2:  # reset in the middle of the answers
                s.send(request("rpc.discover") * 20)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            s.close()
        end = time.monotonic() + PATIENCE
        while admin.call("server.metrics")["sessions"]["open"] > 1:
            assert time.monotonic() < end, admin.call("server.metrics")
            time.sleep(0.05)
        assert admin.call("server.metrics")["calls"]["open"] == 1
        assert daemon.stop() == 0


def calls_outlive_their_connection():
    """Logins, changes, reports and clock moves whose asker is gone before the answer."""
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        opened(mediator)
        for i in range(30):
            client = daemon.connect(mediator.token)
            client.send("auth.login", user=MEDIATOR, password="wrong-password" if i > 25 else "fengqiao-demo-2020")
            client.send("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "走了%d" % i},
                        _meta={"key": key()})
            for method, params in (("report.overview", {}), ("case.search", {"text": "道路"}), ("case.get", {"case": "1"}),
                                   ("case.timeline", {"case": "1"}), ("case.verify", {"case": "1"}),
                                   ("events.list", {"since": 0}), ("events.subscribe", {"since": 0})):
                client.send(method, **params)
            if i % 2:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        admin = daemon.admin()
        admin.send("server.clock", to="2020-04-01T09:00:00")
        admin.close()
        admin = daemon.admin()
        admin.send("user.passwd", user=CHIEF, password="another-password", _meta={"key": key()})
        admin.close()
        assert mediator.call("case.get", case="1")["number"]
        assert daemon.stop() == 0


def a_half_closed_connection_gets_all_its_answers():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        client = daemon.connect(mediator.token)
        for i in range(100):
            client.send("case.open" if i % 2 else "case.list", **({"flow": "people_mediation", "place": VILLAGE,
                        "fields": {"subject": "半关"}, "_meta": {"key": key()}} if i % 2 else {}))
        client.socket.shutdown(socket.SHUT_WR)
        assert ["result" in client.answer() for _ in range(100)] == [True] * 100
        assert client.file.readline() == b""


def a_slow_consumer_is_told_and_let_go():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        before = memory(daemon)
        slow = narrow(daemon, mediator.token)
        names = {slow.call("events.subscribe")["subscription"] for _ in range(32)}
        admin = daemon.admin()
        for i in range(4000):
            mediator.send("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "第%d件" % i},
                          _meta={"key": key()})
            if i >= 50:
                mediator.answer()
            if i % 100 == 99 and admin.call("server.metrics")["subscriptions"]["open"] == 0:
                break
        assert admin.call("server.metrics")["subscriptions"]["open"] == 0, "it was never let go"
        assert memory(daemon) - before < ROOM
        closed = {}
        while len(closed) < len(names):
            message = slow.notification()
            if message["method"] == "events.closed":
                closed[message["params"]["subscription"]] = message["params"]
        assert set(closed) == names and {c["reason"] for c in closed.values()} == {"slow_consumer"}, closed
        # It goes on where it was cut off.
        seq = min(c["seq"] for c in closed.values())
        slow.call("events.subscribe", since=seq)
        assert slow.notification()["params"]["seq"] == seq + 1


def a_thousand_subscriptions_are_all_told():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        crowd = [daemon.connect(mediator.token) for _ in range(32)]
        for client in crowd:
            for _ in range(32):
                client.send("events.subscribe")
            for _ in range(32):
                client.answer()
        number = opened(mediator)["case"]
        for client in crowd:
            assert [client.notification()["params"]["case"] for _ in range(32)] == [number] * 32
        admin = daemon.admin()
        assert admin.call("server.metrics")["subscriptions"]["open"] == 1024
        for client in crowd:  # a mere close looks like a half one: it would be noticed at the second tick only
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        end = time.monotonic() + PATIENCE
        while admin.call("server.metrics")["subscriptions"]["open"] > 0:
            assert time.monotonic() < end
        assert daemon.stop() == 0


def numbers_far_in_the_past_and_the_future_are_no_trap():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        opened(mediator)
        for since in (-1, 2**53 + 1, 2**63 - 1, 1.5, "1"):
            for method in ("events.subscribe", "events.list"):
                mediator.refused("invalid_params", method, since=since)
        assert mediator.call("events.list", since=2**53)["items"] == []
        mediator.call("events.subscribe", since=2**53)
        assert mediator.notification()["method"] == "events.gap"
        opened(mediator)
        assert mediator.notification()["params"]["seq"] == 2


def batches_are_bounded_and_notifications_are_silent():
    with Daemon(**{"limits.password_checks": "8"}) as daemon:
        client = daemon.connect()

        def login(i):
            return {"jsonrpc": "2.0", "id": i, "method": "auth.login", "params": {"user": "u%d" % i, "password": "wrong-word"}}

        client.raw(json.dumps([login(i) for i in range(101)]).encode() + b"\n")
        assert client.answer()["error"]["data"]["reason"] == "batch_too_large"
        client.raw(json.dumps([login(i) for i in range(100)]).encode() + b"\n")
        answers = client.line()
        assert sorted(a["id"] for a in answers) == list(range(100))
        assert {a["error"]["data"]["kind"] for a in answers} <= {"unauthenticated", "overloaded"}
        silent = [{k: v for k, v in login(i).items() if k != "id"} for i in range(50)]
        silent += [{"jsonrpc": "2.0", "method": "case.open", "params": {"_meta": {"key": "k"}}}] * 50
        client.raw(json.dumps(silent).encode() + b"\n" + request("ping", 7))
        assert client.answer()["id"] == 7


def a_reload_in_the_middle_of_work_loses_no_answer():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        stop = threading.Event()

        def poke():
            while not stop.wait(0.1):
                daemon.signal(signal.SIGHUP)

        poker = threading.Thread(target=poke)
        poker.start()
        try:
            for i in range(200):
                mediator.send("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "第%d件" % i},
                              _meta={"key": key()})
            numbers = [mediator.answer()["result"]["case"] for _ in range(200)]
        finally:
            stop.set()
            poker.join()
        assert len(set(numbers)) == 200
        assert daemon.stop() == 0


def who_does_not_read_does_not_spoil_the_end():
    with Daemon(**{"limits.stop": "2s"}) as daemon:
        client = narrow(daemon)
        stuffed(client, request("rpc.discover") * 50)
        assert daemon.stop() == 0


if __name__ == "__main__":
    run(who_asks_and_never_reads_fills_its_own_pipe,
        answers_that_wait_behind_a_slow_one_are_bounded,
        a_line_without_end_is_cut_off,
        idle_connections_cost_little,
        silent_strangers_make_room_when_the_house_is_full,
        floods_of_connections_that_come_and_go_leave_nothing,
        calls_outlive_their_connection,
        a_half_closed_connection_gets_all_its_answers,
        a_slow_consumer_is_told_and_let_go,
        a_thousand_subscriptions_are_all_told,
        numbers_far_in_the_past_and_the_future_are_no_trap,
        batches_are_bounded_and_notifications_are_silent,
        a_reload_in_the_middle_of_work_loses_no_answer,
        who_does_not_read_does_not_spoil_the_end)
