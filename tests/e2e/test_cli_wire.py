"""What the client says on the wire, and what it makes of the answers, against a server that is played:
links, tasks and files, with lines that break in the middle of a file."""
import base64
import hashlib
import json
import os
import shutil
import socketserver
import tempfile
import threading

from harness import BUILD, run
from test_cli import Cli, cells

NUMBER = "羊调26-0001"
PAGE = {
    "number": NUMBER, "id": "c1", "flow": "people_mediation", "flow_title": "人民调解", "state": "mediating",
    "state_title": "调解中", "version": 7, "fields": [], "actions": [], "clocks": [], "parties": [],
    "links": [{"id": "l1", "kind": "to", "number": "海法26-0003", "flow_title": "司法确认", "body_name": "海南区人民法院",
               "status": "received", "sealed": True},
              {"id": "l2", "kind": "same", "number": "海信26-0009", "flow_title": "信访事项", "body_name": "海南区信访局",
               "status": "open"}],
    "tasks": [{"id": "t1", "kind": "joint", "title": "会办意见", "body_name": "羊路井镇司法所", "state": "asked",
               "may": ["answer"], "due": {"words": "还剩3个工作日", "colour": "plain", "legal": "2026-12-01"}},
              {"id": "t2", "kind": "adhoc", "title": "走访", "body_name": "羊路井村", "state": "answered", "opinion": "同意"}],
    "joint": {"rule_words": "须全部答复", "done": False, "missing": [{"body_name": "羊路井镇司法所"}]},
    "adhoc": [{"name": "visit", "title": "走访", "limit": "3个工作日", "allowed": True}],
    "documents": [{"id": "d1", "title": "调解协议书", "number": "乌（海南）人调字〔2026〕第0001号", "at": "2026-11-24T09:00:00+08:00"}],
    "recused": [{"user": "x", "user_name": "演示调解员01", "reason": "近亲属"}],
}
CHANGED = {"case": NUMBER, "version": 8, "changed": "已记录", "state": "mediating", "state_title": "调解中",
           "next": {"body_name": "羊路井村调委会", "role_title": "调解员"}, "due": None, "actions": [], "closed": False}


class Played:
    """A server with the methods of `answers`: a value, or a function of the parameters."""

    def __init__(self, **answers):
        self.calls, self.answers, self.folder = [], answers, tempfile.mkdtemp(prefix="fengqiao-e2e-")
        self.answers.setdefault("case_get", PAGE)
        played = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    request = json.loads(line)
                    params = request["params"]
                    params.pop("_meta", None)
                    played.calls.append((request["method"], params))
                    answer = played.answers.get(request["method"].replace(".", "_"))
                    answer = answer(params) if callable(answer) else answer
                    if answer is BREAK:
                        return
                    reply = {"jsonrpc": "2.0", "id": request["id"], "result": answer}
                    if answer is None:
                        reply = {"jsonrpc": "2.0", "id": request["id"], "error": {
                            "code": -32601, "message": "no", "data": {"kind": "method_not_found"}}}
                    self.wfile.write(json.dumps(reply).encode() + b"\n")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FENGQIAO_")}
        environment["FENGQIAO_LOCALE_DIR"] = os.path.join(BUILD, "locale")
        return environment

    def last(self, method):
        return [params for name, params in self.calls if name == method][-1]

    def __enter__(self):
        self.cli = Cli(self)
        state = os.path.join(self.cli.home, ".local/state/fengqiao")
        os.makedirs(state)
        with open(os.path.join(state, "logins.json"), "w", encoding="utf-8") as f:
            json.dump({self.cli.server: {"token": "t", "user": "yanglujing02", "cache_key": "0" * 64}}, f)
        return self

    def __exit__(self, *what):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder)


BREAK = object()


def the_page_shows_what_hangs_on_the_case():
    with Played() as played:
        page = played.cli("case", "show", NUMBER, code=0).stdout
        for words in ("移送至", "海法26-0003", "已签收（已封存）", "同一事项", "case where " + NUMBER, "会办意见", "还剩3个工作日",
                      "已答复：同意" if "已答复：同意" in page else "同意", "还缺：羊路井镇司法所", "case answer %s t1" % NUMBER,
                      "可交办", "走访（3个工作日）", "第0001号", "演示调解员01（近亲属）"):
            assert words in page, (words, page)
        assert all(cells(line) <= 80 for line in page.splitlines()), page


def links_and_tasks_are_asked_for_as_the_wire_says():
    changes = ("case_link", "case_unlink", "case_task_ask", "case_task_answer", "case_task_return", "case_task_cancel",
               "case_urge", "case_assign", "case_attach", "case_detach")
    with Played(**{name: CHANGED for name in changes}) as played:
        cli = played.cli
        rows = (
            (("关联", NUMBER, "海信26-9", "--reason", "同一事项"), "case.link",
             {"case": NUMBER, "other": "海信26-0009", "reason": "同一事项"}),
            (("case", "unlink", NUMBER, "海信26-0009", "--reason", "不是"), "case.unlink",
             {"case": NUMBER, "link": "l2", "reason": "不是"}),
            (("商请", NUMBER, "visit", "请", "走访", "--limit", "3wd"), "case.task.ask",
             {"case": NUMBER, "task": "visit", "limit": "3wd", "text": "请 走访"}),
            (("回复", NUMBER, "会办意见", "无异议", "--opinion", "同意"), "case.task.answer",
             {"case": NUMBER, "id": "t1", "text": "无异议", "opinion": "同意"}),
            (("case", "return", NUMBER, "t1", "--reason", "不属职责"), "case.task.return",
             {"case": NUMBER, "id": "t1", "reason": "不属职责"}),
            (("case", "cancel", NUMBER, "走访", "--reason", "不再需要"), "case.task.cancel",
             {"case": NUMBER, "id": "t2", "reason": "不再需要"}),
            (("督办", NUMBER, "请尽快", "--level", "挂牌督办", "--reply-by", "2026-12-01"), "case.urge",
             {"case": NUMBER, "level": "listed", "text": "请尽快", "reply_by": "2026-12-01"}),
            (("指派", NUMBER, "yanglujing02", "--chosen-by", "parties", "--reason", "双方选定"), "case.assign",
             {"case": NUMBER, "user": "yanglujing02", "chosen_by": "parties", "reason": "双方选定"}),
        )
        for words, method, params in rows:
            done = cli(*words, code=0).stdout
            assert played.last(method) == params, (played.last(method), params)
            assert "✓ %s 已记录" % NUMBER in done and "下一步：羊路井村调委会 调解员" in done, done
        for words in (("case", "link", NUMBER, "2"), ("case", "return", NUMBER, "t1")):
            assert "--reason" in cli(*words, code=64).stderr
        assert "督办" in cli("督办", NUMBER, "快", "--level", "紧急", code=64).stderr


def one_matter_is_followed_through_its_cases():
    lineage = {"root": "c1", "where": ["海法26-0003"], "items": [
        {"id": "c1", "number": NUMBER, "flow_title": "人民调解", "state_title": "待确认", "host_name": "羊路井村调委会",
         "opened_at": "2026-11-02T09:00:00+08:00", "here": True, "readable": True},
        {"id": "c3", "number": "海法26-0003", "flow_title": "司法确认", "state_title": "审查中", "host_name": "海南区人民法院",
         "opened_at": "2026-11-20T09:00:00+08:00", "kind": "to", "readable": False}]}
    matches = {"items": [{"number": "海信26-0009", "title": "欠薪", "state_title": "办理中", "host_name": "海南区信访局",
                          "score": 82, "why": ["当事人相同", "村相同"]}]}
    with Played(case_lineage=lineage, case_matches=matches) as played:
        text = played.cli("流转", NUMBER, code=0).stdout
        for words in ("本案", "移送至", "审查中", "现在在", "海法26-0003  海南区人民法院", "2026-11-20"):
            assert words in text, (words, text)
        assert all(cells(line) <= 80 for line in text.splitlines()), text
        assert "海南区人民法院" in played.cli("在哪", NUMBER, code=0).stdout
        assert played.cli.json("case", "lineage", NUMBER)["items"][0]["opened_at"].endswith("+08:00")
        text = played.cli("case", "matches", NUMBER, code=0).stdout
        assert "当事人相同、村相同" in text and "case link %s 海信26-0009" % NUMBER in text, text
        lineage["where"] = []
        assert "已全部办结" in played.cli("case", "where", NUMBER, code=0).stdout


class Files:
    """The files of a played server; every `breaks`-th part breaks the line."""

    def __init__(self, breaks=0):
        self.parts, self.count, self.breaks, self.sealed = {}, 0, breaks, []

    def begin(self, params):
        have = len(self.parts.setdefault(params["hash"], b""))
        return {"have": have, "complete": params["hash"] in self.sealed}

    def put(self, params):
        self.count += 1
        part = base64.b64decode(params["data"], validate=True)
        assert len(part) <= 192 << 10
        kept = self.parts[params["hash"]]
        if params["offset"] != len(kept):
            return BREAK  # a part again whose answer was lost
        self.parts[params["hash"]] = kept + part
        if self.breaks and self.count % self.breaks == 0:
            return BREAK
        return {"have": len(kept) + len(part)}

    def seal(self, params):
        assert hashlib.sha256(self.parts[params["hash"]]).hexdigest() == params["hash"]
        self.sealed.append(params["hash"])
        return {"size": len(self.parts[params["hash"]])}


def a_file_goes_in_parts_over_a_line_that_breaks_and_never_twice():
    files = Files(breaks=2)
    content = os.urandom(700_000)
    with Played(file_begin=files.begin, file_put=files.put, file_seal=files.seal, case_attach=CHANGED) as played:
        path = os.path.join(played.folder, "照片.JPG")
        with open(path, "wb") as f:
            f.write(content)
        done = played.cli("附件", NUMBER, path, "--kind", "照片")
        assert done.returncode == 0, done.stderr
        digest = hashlib.sha256(content).hexdigest()
        assert files.parts == {digest: content} and files.sealed == [digest]
        assert played.last("case.attach") == {"case": NUMBER, "hash": digest, "name": "照片.JPG", "media": "image/jpeg",
                                              "kind": "照片"}
        assert "\r" not in done.stderr, "no bar where nobody looks"
        parts = files.count
        played.cli("case", "attach", NUMBER, path, "--name", "现场.jpg", code=0)
        assert files.count == parts and played.last("case.attach")["name"] == "现场.jpg"
        with open(path, "wb"):
            pass
        assert "是空的" in played.cli("case", "attach", NUMBER, path).stderr


def a_file_comes_whole_or_not_at_all():
    content = os.urandom(500_000)
    item = {"id": "f1", "name": "../../x/协议.pdf", "size": len(content), "hash": hashlib.sha256(content).hexdigest()}
    fail = [2]

    def get(params):
        fail[0] -= 1
        if fail[0] == 0:
            return BREAK
        part = content[params["offset"]:params["offset"] + params["limit"]]
        return {"data": base64.b64encode(part).decode(), "size": len(content), "next": params["offset"] + len(part)}

    with Played(case_get=dict(PAGE, files=[item]), file_get=get) as played:
        out = os.path.join(played.folder, "协议.pdf")
        assert "488.3 KiB" in played.cli("case", "files", NUMBER, code=0).stdout
        done = played.cli("case", "get", NUMBER, "f1", "--out", out, code=0)
        with open(out, "rb") as f:
            assert f.read() == content
        assert "✓ " in done.stdout and os.listdir(played.folder).count("协议.pdf.part") == 0
        assert "已经存在" in played.cli("case", "get", NUMBER, "f1", "--out", out).stderr
        other = os.path.join(played.folder, "另存.pdf")
        with open(other + ".part", "wb") as f:
            f.write(content[:300_000])
        played.calls.clear()
        played.cli("取材料", NUMBER, "f1", "--out", other, code=0)
        assert played.calls[-1][1]["offset"] >= 300_000, "what is there is not fetched again"
        wrong = os.path.join(played.folder, "坏.pdf")
        with open(wrong + ".part", "wb") as f:
            f.write(b"x" * 300_000)
        done = played.cli("case", "get", NUMBER, "f1", "--out", wrong)
        assert done.returncode == 65 and not os.path.exists(wrong) and not os.path.exists(wrong + ".part"), done
        assert played.cli("case", "get", NUMBER, "f7", code=66).stderr.count("case files")


if __name__ == "__main__":
    run(
        the_page_shows_what_hangs_on_the_case,
        links_and_tasks_are_asked_for_as_the_wire_says,
        one_matter_is_followed_through_its_cases,
        a_file_goes_in_parts_over_a_line_that_breaks_and_never_twice,
        a_file_comes_whole_or_not_at_all,
    )
