"""Logins: tokens of every wrong kind, revocation that holds at once, floods that shut nobody out."""
import contextlib
import hashlib
import os
import sqlite3
import time

from harness import CHIEF, CLERK, Daemon, MEDIATOR, PASSWORD, Refused, key, run


def whoami(client, token):
    try:
        return client.call("auth.whoami", _meta={"token": token})["user"]
    except Refused as refusal:
        return refusal.kind


def only_a_whole_living_token_is_a_login():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        client, token = daemon.connect(), mediator.token
        assert whoami(client, token) == MEDIATOR
        other = token[:-1] + ("0" if token[-1] != "0" else "1")
        for bad in (token[:-1], token + "0", token[4:], token.upper(), "fqt_", other, "fqt_" + "0" * 64, " " + token):
            assert whoami(client, bad) == "unauthenticated", bad
        for bad in ("", 7, ["x"], "x" * 300, "a\nb"):
            assert whoami(client, bad) == "invalid_params", bad
        assert token not in daemon.log()


def a_token_ends_by_age_and_by_disuse():
    with Daemon(**{"tokens.idle": "1h"}) as daemon:
        daemon.people(MEDIATOR)
        tokens = {name: daemon.login(MEDIATOR).token for name in ("fresh", "aged", "unused")}
        assert daemon.stop() == 0
        now = int(time.time() * 1000)
        with contextlib.closing(sqlite3.connect(os.path.join(daemon.folder, "fq.db"))) as database:
            for name, column, value in (("aged", "expires_ms", now - 1000), ("unused", "used_ms", now - 3601 * 1000)):
                changed = database.execute("UPDATE token SET %s = ? WHERE hash = ?" % column,
                                           (value, hashlib.sha256(tokens[name].encode()).hexdigest()))
                assert changed.rowcount == 1
            database.commit()
        daemon.start()
        client = daemon.connect()
        assert {name: whoami(client, token) for name, token in tokens.items()} == {
            "fresh": MEDIATOR, "aged": "unauthenticated", "unused": "unauthenticated"}


def a_logout_holds_against_requests_on_their_way():
    """The token is looked up on disk while the logout is being written there: what was read before must not
    be believed after."""
    with Daemon() as daemon:
        daemon.people(MEDIATOR)
        for _ in range(12):
            leaving = daemon.login(MEDIATOR)
            others = [daemon.connect(leaving.token) for _ in range(4)]
            leaving.send("auth.logout")
            for other in others:
                for _ in range(30):
                    other.send("auth.whoami")
            assert leaving.answer()["result"]["logged_out"]
            for other in others:
                for _ in range(30):
                    other.answer()
                assert whoami(other, leaving.token) == "unauthenticated"
            leaving.refused("unauthenticated", "auth.whoami", _meta={"token": leaving.token})


def a_logout_ends_its_own_login_only():
    with Daemon() as daemon:
        (first,) = daemon.people(MEDIATOR)
        second = daemon.login(MEDIATOR)
        first.call("events.subscribe")
        second.call("events.subscribe")
        assert second.call("auth.logout")["logged_out"]
        assert [p["params"]["reason"] for p in second.pushed] == ["logged_out"], second.pushed
        assert first.call("auth.whoami")["user"] == MEDIATOR and first.pushed == []
        # A token may be ended on a connection that stands for somebody else, who stays.
        (chief,) = daemon.people(CHIEF)
        third = daemon.login(MEDIATOR)
        assert chief.call("auth.logout", _meta={"token": third.token})["logged_out"]
        assert chief.call("auth.whoami", _meta={"token": chief.token})["user"] == CHIEF
        chief.token = None
        assert chief.call("auth.whoami")["user"] == CHIEF
        third.refused("unauthenticated", "auth.whoami")


def a_new_password_and_a_suspension_end_all_logins():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        again = daemon.login(MEDIATOR)
        mediator.change("user.passwd", user=MEDIATOR, password="another-password-1")
        for client in (mediator, again):
            client.refused("unauthenticated", "auth.whoami")
        client = daemon.connect()
        client.refused("unauthenticated", "auth.login", user=MEDIATOR, password=PASSWORD)
        client = daemon.login(MEDIATOR, "another-password-1")
        client.refused("forbidden", "user.passwd", user=CHIEF, password="another-password-2", _meta={"key": key()})
        daemon.admin().change("user.disable", user=MEDIATOR, disabled=True)
        client.refused("unauthenticated", "auth.whoami")
        daemon.stop()
        daemon.start()
        assert whoami(daemon.connect(), client.token) == "unauthenticated"
        daemon.connect().refused("unauthenticated", "auth.login", user=MEDIATOR, password="another-password-1")


def guesses_that_wait_shut_nobody_out():
    with Daemon(**{"limits.password_checks": "8"}) as daemon:
        daemon.people(MEDIATOR)
        guesser = daemon.connect()
        for _ in range(5):
            guesser.refused("unauthenticated", "auth.login", user=CLERK, password="wrong-password")
        # From here on each try waits. One waits; the others are told to come back, and hold nothing.
        crowd = [daemon.connect() for _ in range(30)]
        for client in crowd:
            client.send("auth.login", user=CLERK, password="wrong-password")
        begin = time.monotonic()
        daemon.login(MEDIATOR)
        assert time.monotonic() - begin < 20
        kinds = [client.answer()["error"]["data"] for client in crowd]
        assert sum(k["kind"] == "unauthenticated" for k in kinds) == 1, kinds
        assert all(k["retry_after_ms"] >= 1000 for k in kinds if k["kind"] == "overloaded"), kinds


def one_address_takes_half_of_the_checks():
    with Daemon(**{"limits.password_checks": "8"}) as daemon:
        flood = daemon.connect()
        for i in range(60):
            flood.send("auth.login", user="nobody%d" % i, password="wrong-password")
        local = daemon.admin()  # another address: its share is free
        local.refused("unauthenticated", "auth.login", user="nobody", password="wrong-password")
        kinds = [flood.answer()["error"]["data"]["kind"] for _ in range(60)]
        assert kinds.count("overloaded") >= 30 and kinds.count("unauthenticated") >= 4, kinds


def a_stop_does_not_wait_for_guesses():
    with Daemon() as daemon:
        guesser = daemon.connect()
        for _ in range(7):
            guesser.refused("unauthenticated", "auth.login", user=CLERK, password="wrong-password")
        guesser.send("auth.login", user=CLERK, password="wrong-password")  # waits 4 s
        daemon.connect().call("ping")
        daemon.signal(15)
        assert guesser.answer()["error"]["data"]["kind"] == "shutting_down"
        assert daemon.process.wait(60) == 0


if __name__ == "__main__":
    run(only_a_whole_living_token_is_a_login,
        a_token_ends_by_age_and_by_disuse,
        a_logout_holds_against_requests_on_their_way,
        a_logout_ends_its_own_login_only,
        a_new_password_and_a_suspension_end_all_logins,
        guesses_that_wait_shut_nobody_out,
        one_address_takes_half_of_the_checks,
        a_stop_does_not_wait_for_guesses)
