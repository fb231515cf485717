"""Plugins in a whole daemon: the skeleton as the tutorial says, notify telling what a late case does."""
import glob
import json
import os
import time

from harness import BUILD, Daemon, MEDIATOR, PATIENCE, VILLAGE, run


def plugin(name):
    return os.path.join(BUILD, "plugins", name + ".so")


def with_plugins(rows, **more):
    """A daemon whose configuration lists these plugins, given as Lua; FOLDER stands for its folder."""
    daemon = Daemon(**more)
    daemon.write_config(
        'return { listen = { tcp = "127.0.0.1:0", unix = "s.sock" }, database = "fq.db", plugins = { %s } }\n'
        % rows.replace("FOLDER", daemon.folder))
    return daemon


NOTIFY = '{ path = "%s", required = true, options = { state = { dir = "FOLDER" }, file = { dir = "FOLDER" } } },' \
    % plugin("notify")
SKELETON = '{ path = "%s", role = "auditor", options = { forbidden = "机密" } },' % plugin("skeleton")


def notices(daemon):
    found = []
    for path in sorted(glob.glob(os.path.join(daemon.folder, "notify-*.jsonl"))):
        with open(path, encoding="utf-8") as f:
            found += [json.loads(line) for line in f if line.endswith("\n")]
    return found


def wait_notices(daemon, wanted):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = notices(daemon)
        if wanted(found):
            return found
        daemon.admin().call("ping")  # a turn of the loop between two looks
    raise AssertionError("no such notices: %s" % notices(daemon))


def events(found):
    return {notice["event"] for notice in found}


def a_warning_and_lateness_become_notices_and_none_comes_twice():
    with with_plugins(NOTIFY) as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "道路积水"})
        mediator.change("case.act", case="1", action="受理")
        daemon.clock("2020-01-20T10:00:00")
        wait_notices(daemon, lambda found: "warning" in events(found))
        daemon.clock("2020-02-10T10:00:00")
        found = wait_notices(daemon, lambda found: events(found) & {"late", "escalated", "supervised"})
        assert all(notice["number"] == "羊调20-0001" for notice in found), found
        assert "道路积水" not in json.dumps(found, ensure_ascii=False)  # nothing of the petition itself
        daemon.kill()
        daemon.start()
        admin = daemon.admin()
        assert not admin.call("effects.list", status="failed")["items"]
        daemon.clock("2020-02-10T10:05:00")
        found = notices(daemon)
        ids = [notice["effect"] for notice in found]
        assert len(ids) == len(set(ids)), ids
        assert daemon.stop() == 0


def the_skeleton_refuses_notes_and_answers_its_method():
    with with_plugins(SKELETON) as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        mediator.change("case.open", flow="people_mediation", place=VILLAGE, fields={"subject": "噪音"})
        mediator.change("case.note", case="1", text="已电话联系")
        try:
            mediator.change("case.note", case="1", text="这是机密")
            raise AssertionError("the note was not refused")
        except Exception as refusal:
            assert getattr(refusal, "kind", None) == "guard_refused" and "机密" in str(refusal), refusal
        admin = daemon.admin()
        assert admin.call("skeleton.status") == {"vetoes": 1, "effects": 0}
        assert "skeleton.status" in json.dumps(admin.call("rpc.discover"))
        mediator.refused("forbidden", "skeleton.status")
        assert daemon.stop() == 0


def a_wrong_plugin_is_left_out_and_named_by_health():
    with with_plugins('{ path = "FOLDER/absent.so" },' + SKELETON) as daemon:
        health = daemon.admin().call("server.health")
        text = json.dumps(health, ensure_ascii=False)
        assert "absent.so" in text and '"failed"' in text and '"running"' in text, health
        assert daemon.stop() == 0


def a_required_plugin_that_is_missing_refuses_the_start():
    try:
        with with_plugins('{ path = "FOLDER/absent.so", required = true },'):
            raise ValueError("the daemon started")
    except AssertionError as problem:
        assert "the daemon ended" in str(problem) and "absent.so" in str(problem), problem


if __name__ == "__main__":
    run(
        a_warning_and_lateness_become_notices_and_none_comes_twice,
        the_skeleton_refuses_notes_and_answers_its_method,
        a_wrong_plugin_is_left_out_and_named_by_health,
        a_required_plugin_that_is_missing_refuses_the_start,
    )
