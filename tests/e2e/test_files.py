"""Attachments end to end: sent in pieces, broken off and gone on with, shared, refused, lost, swept."""
import base64
import glob
import hashlib
import json
import os
import time

from harness import CHIEF, Daemon, MEDIATOR, VILLAGE, key, run

PIECE = 196608


def content(size, seed=1):
    return bytes((i * 31 + i // 251 + seed) % 256 for i in range(size))


def digest(data):
    return hashlib.sha256(data).hexdigest()


def send(client, data, offset=0, piece=PIECE):
    sha = digest(data)
    while offset < len(data):
        offset = client.call("file.put", hash=sha, offset=offset,
                             data=base64.b64encode(data[offset:offset + piece]).decode())["have"]
    return sha


def whole(client, data):
    sha = send(client, data)
    assert client.call("file.seal", hash=sha) == {"size": len(data)}
    return sha


def fetch(client, number, file, limit=PIECE):
    data, at = b"", 0
    while at is not None:
        got = client.call("file.get", case=number, file=file, offset=at, limit=limit)
        data += base64.b64decode(got["data"])
        at = got["next"]
    assert len(data) == got["size"] and digest(data) == got["hash"]
    return data, got


def opened(client):
    return client.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "院墙滴水"})["case"]


def kept(daemon):
    """Contents and parts; not the marks of who sent them."""
    paths = (os.path.relpath(p, daemon.folder) for p in glob.glob(os.path.join(daemon.folder, "files", "*", "*")))
    return sorted(path for path in paths if not path.startswith("files/sent/"))


def a_file_is_sent_attached_fetched_and_taken_away():
    with Daemon() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        number, data = opened(mediator), content(500001)
        sha = digest(data)
        assert mediator.call("file.begin", hash=sha, size=len(data)) == {"have": 0, "complete": False, "piece": PIECE}
        mediator.refused("state_conflict", "case.attach", case=number, hash=sha, name="照片.jpg", _meta={"key": key()})
        whole(mediator, data)
        assert mediator.call("file.begin", hash=sha, size=len(data))["complete"] is True
        answer = mediator.change("case.attach", case=number, hash=sha, name="../../etc/现场照片.JPG", kind="证据")
        (item,) = mediator.call("case.get", case=number)["files"]
        assert answer["file"] == item["id"] and item["name"] == "现场照片.JPG", item
        assert item["media"] == "image/jpeg" and item["size"] == len(data) and item["by"] == MEDIATOR
        assert fetch(chief, number, item["id"], 100000)[0] == data
        error = mediator.refused("state_conflict", "case.attach", case=number, hash=sha, name="又一张.jpg", _meta={"key": key()})
        assert error["data"]["file"] == item["id"]
        mediator.refused("form_invalid", "case.attach", case=opened(mediator), hash=sha, name="../..", _meta={"key": key()})
        mediator.change("case.detach", case=number, file=item["id"], reason="传错了")
        assert mediator.call("case.get", case=number)["files"] == []
        mediator.refused("not_found", "file.get", case=number, file=item["id"])
        types = [e["type"] for e in mediator.call("case.timeline", case=number)["items"]]
        assert types[-2:] == ["attached", "detached"]
        assert kept(daemon) == ["files/%s/%s" % (sha[:2], sha)]  # the history names it


def a_daemon_killed_between_pieces_and_seal_loses_nothing_that_was_answered():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        number, data = opened(mediator), content(450000)
        sha = digest(data)
        mediator.call("file.begin", hash=sha, size=len(data))
        have = mediator.call("file.put", hash=sha, offset=0, data=base64.b64encode(data[:PIECE]).decode())["have"]
        assert have == PIECE
        daemon.kill()
        daemon.start()
        (mediator,) = daemon.people(MEDIATOR)
        have = mediator.call("file.begin", hash=sha, size=len(data))["have"]
        assert have == PIECE
        send(mediator, data, have)
        daemon.kill()
        daemon.start()
        (mediator,) = daemon.people(MEDIATOR)
        assert mediator.call("file.begin", hash=sha, size=len(data)) == {"have": len(data), "complete": False, "piece": PIECE}
        assert mediator.call("file.seal", hash=sha) == {"size": len(data)}
        daemon.kill()  # sealed was answered: it is there
        daemon.start()
        (mediator,) = daemon.people(MEDIATOR)
        item = mediator.change("case.attach", case=number, hash=sha, name="录音.mp3")["file"]
        assert fetch(mediator, number, item)[0] == data


def a_line_that_drops_is_gone_on_with_from_another_place():
    with Daemon() as daemon:
        (one,) = daemon.people(MEDIATOR)
        two = daemon.login(MEDIATOR)
        data = content(300000)
        sha = digest(data)
        one.send("file.put", hash=sha, offset=0, data=base64.b64encode(data[:100000]).decode())
        one.answer()
        one.close()
        error = two.refused("state_conflict", "file.put", hash=sha, offset=200000, data="AAAA")
        assert error["data"]["have"] == 100000
        send(two, data, two.call("file.begin", hash=sha, size=len(data))["have"], piece=33333)
        assert two.call("file.seal", hash=sha)["size"] == len(data)


def two_who_send_the_same_share_one_content():
    with Daemon() as daemon:
        one, two = daemon.people(MEDIATOR, CHIEF)
        data = content(400000)
        sha, halves = digest(data), [opened(one), opened(two)]
        at = 0
        while at < len(data):
            piece = base64.b64encode(data[at:at + 50000]).decode()
            sent = [c.send("file.put", hash=sha, offset=at, data=piece) for c in (one, two)]
            answers = [one.answer(), two.answer()]
            assert sent and [a["result"]["have"] for a in answers] == [min(at + 50000, len(data))] * 2
            at += 50000
        assert [c.call("file.seal", hash=sha)["size"] for c in (one, two)] == [len(data)] * 2
        for client, number in zip((one, two), halves):
            file = client.change("case.attach", case=number, hash=sha, name="同一份.pdf")["file"]
            assert fetch(client, number, file)[0] == data
        assert len(kept(daemon)) == 1


def who_knows_only_the_hash_has_no_content():
    with Daemon() as daemon:
        mediator, chief, other = daemon.people(MEDIATOR, CHIEF, "gongyuan02")
        data = content(1000)
        sha = whole(mediator, data)
        # A colleague has heard the hash; the content is in no case yet.
        theirs = opened(chief)
        attach = dict(case=theirs, hash=sha, name="听说的.pdf")
        unknown = chief.refused("state_conflict", "case.attach", case=theirs, hash=digest(b"x"), name="x.pdf", _meta={"key": key()})
        refusal = chief.refused("state_conflict", "case.attach", _meta={"key": key()}, **attach)
        assert refusal["message"] == unknown["message"], "whether it exists is not told"
        assert chief.call("file.begin", hash=sha, size=len(data) + 1) == {"have": 0, "complete": False, "piece": PIECE}
        chief.refused("state_conflict", "file.seal", hash=sha)
        chief.call("file.put", hash=sha, offset=0, data=base64.b64encode(bytes(1000)).decode())
        chief.refused("state_conflict", "file.seal", hash=sha)
        chief.refused("state_conflict", "case.attach", _meta={"key": key()}, **attach)
        assert chief.call("case.get", case=theirs)["files"] == []
        # In a case the colleague may read: no need to send it again.
        number = opened(mediator)
        first = mediator.change("case.attach", case=number, hash=sha, name="材料.pdf")["file"]
        assert chief.call("file.begin", hash=sha, size=len(data))["complete"] is True
        again = key()
        file = chief.change("case.attach", _meta={"key": again}, **attach)["file"]
        assert chief.change("case.attach", _meta={"key": again}, **attach)["_meta"]["replayed"] is True
        assert fetch(chief, theirs, file)[0] == data
        # Nobody of another body reads those cases.
        elsewhere = other.change("case.open", flow="people_mediation", body="gongyuan.tw", fields={"subject": "外区"})["case"]
        other.refused("state_conflict", "case.attach", case=elsewhere, hash=sha, name="x.pdf", _meta={"key": key()})
        # Taken away again: what no case shows is nobody's but its sender's.
        mediator.change("case.detach", case=number, file=first, reason="误传")
        chief.change("case.detach", case=theirs, file=file, reason="误传")
        chief.refused("state_conflict", "case.attach", case=number, hash=sha, name="x.pdf", _meta={"key": key()})
        assert whole(chief, data) == sha  # who has it after all
        chief.change("case.attach", case=number, hash=sha, name="材料.pdf")
        assert len([p for p in kept(daemon) if sha in p]) == 1


def what_is_not_what_it_says_is_refused():
    with Daemon() as daemon:
        daemon.write_config('return { listen = { tcp = "127.0.0.1:0", unix = "s.sock" }, database = "fq.db", '
                            'limits = { file_bytes = "300KiB" } }\n')
        daemon.stop()
        daemon.start()
        (mediator,) = daemon.people(MEDIATOR)
        limit = 300 * 1024
        data = content(limit)
        sha = digest(data)
        wrong = send(mediator, content(1000, 2))
        mediator.call("file.put", hash=sha, offset=0, data=base64.b64encode(content(1000, 2)).decode())
        assert mediator.refused("state_conflict", "file.seal", hash=sha)["data"]["have"] == 0
        assert mediator.call("file.begin", hash=sha, size=limit)["have"] == 0
        assert whole(mediator, data) == sha  # exactly at the limit
        over = content(limit + 1)
        assert mediator.refused("invalid_params", "file.begin", hash=digest(over), size=limit + 1)["data"]["size_max"] == limit
        for params in ({"hash": digest(over), "offset": limit, "data": "AA=="}, {"hash": wrong, "offset": 0, "data": "A"},
                       {"hash": wrong, "offset": 0, "data": "****"}, {"hash": "../" + "0" * 61, "offset": 0, "data": ""},
                       {"hash": wrong, "offset": -1, "data": ""}, {"hash": wrong.upper(), "offset": 0, "data": ""},
                       {"hash": wrong, "offset": 0, "data": "A" * 262148}):
            mediator.refused("invalid_params", "file.put", **params)
        empty = digest(b"")
        assert mediator.call("file.begin", hash=empty, size=0)["have"] == 0
        assert mediator.call("file.seal", hash=empty) == {"size": 0}
        number = opened(mediator)
        file = mediator.change("case.attach", case=number, hash=empty, name="空.txt", media="text/x-evil")["file"]
        got = fetch(mediator, number, file)
        assert got[0] == b"" and got[1]["media"] == "text/plain"


def a_content_that_is_gone_from_the_disk_is_told_clearly():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        number = opened(mediator)
        sha = whole(mediator, content(1000))
        file = mediator.change("case.attach", case=number, hash=sha, name="材料.pdf")["file"]
        os.unlink(os.path.join(daemon.folder, "files", sha[:2], sha))
        error = mediator.refused("internal", "file.get", case=number, file=file)
        assert daemon.folder not in json.dumps(error, ensure_ascii=False) and "备份" in error["data"]["hint"], error
        assert mediator.call("case.get", case=number)["files"]
        whole(mediator, content(1000))  # who still has it sends it again
        assert fetch(mediator, number, file)[0] == content(1000)


def an_outsider_neither_attaches_nor_fetches():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        number = opened(mediator)
        sha = whole(mediator, content(1000))
        file = mediator.change("case.attach", case=number, hash=sha, name="材料.pdf")["file"]
        stranger = daemon.connect()
        for method, params in (("file.begin", {"hash": sha, "size": 1}), ("file.put", {"hash": sha, "offset": 0, "data": ""}),
                               ("file.seal", {"hash": sha}), ("file.get", {"case": number, "file": file})):
            stranger.refused("unauthenticated", method, **params)
        (other,) = daemon.people("wuda.rsj02")
        other.refused("not_found", "file.get", case=number, file=file)
        other.refused("not_found", "case.attach", case=number, hash=sha, name="x.pdf", _meta={"key": key()})
        other.refused("not_found", "case.detach", case=number, file=file, reason="x", _meta={"key": key()})
        admin = daemon.admin()
        admin.refused("forbidden", "file.begin", hash=sha, size=1000)


def contents_nobody_attached_are_swept_after_days():
    with Daemon() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        number = opened(mediator)
        orphan, used, young = (whole(mediator, content(1000, n)) for n in (3, 4, 5))
        mediator.change("case.attach", case=number, hash=used, name="材料.pdf")
        send(mediator, content(1000, 6))
        daemon.stop()
        past = time.time() - 8 * 86400
        for path in kept(daemon):
            if young not in path:
                os.utime(os.path.join(daemon.folder, path), (past, past))
        daemon.start()
        daemon.wait_log("swept")
        assert kept(daemon) == sorted("files/%s/%s" % (sha[:2], sha) for sha in (used, young))
        assert orphan not in str(kept(daemon))


if __name__ == "__main__":
    run(a_file_is_sent_attached_fetched_and_taken_away,
        a_daemon_killed_between_pieces_and_seal_loses_nothing_that_was_answered,
        a_line_that_drops_is_gone_on_with_from_another_place,
        two_who_send_the_same_share_one_content,
        who_knows_only_the_hash_has_no_content,
        what_is_not_what_it_says_is_refused,
        a_content_that_is_gone_from_the_disk_is_told_clearly,
        an_outsider_neither_attaches_nor_fetches,
        contents_nobody_attached_are_swept_after_days)
