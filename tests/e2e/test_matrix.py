"""Who may do what: every cell of workflows/wuhai/matrix.csv, tried by a person of that column on a real case.

A row is an act in a situation, a column a kind of office; the cell says 是 or 否 (words may follow a colon), 上送
(may register, and the village passes it up), 代办 (not oneself: the person in brackets does). [user] tries instead of
the column's own person. `本单位/x`: the case lies with the person's own body where it can come so far, else with x.
"""
import csv
import os
import re

from harness import Daemon, Refused, SOURCE, VILLAGE, key, run

FOLDER = os.path.join(SOURCE, "workflows", "wuhai")
NO = ("forbidden", "not_found", "guard_refused")  # a form filled in badly would prove nothing
FORMS = {"forward_to": {"to_body": "hainan.jtj"}, "designate": {"to_body": "hainan.jtj"}, "designate_here": {"to_body": "hainan.jtj"},
         "seal_over": {"accused_body": "hainan.jtj"}, "object": {"objection": "甲"},
         "assign": {"report_by": "2023-03-20"},
         "conclude": {"opinion": "甲", "result": "支持"}, "decide_fucha": {"fucha_result": "维持", "fucha_opinion": "甲"},
         "decide_fuhe": {"fuhe_result": "维持", "fuhe_opinion": "甲"},
         "accept": {"consent_applicant": True, "consent_respondent": True},
         "agree": {"form": "书面", "terms": "甲", "facts": "甲", "instant": True},
         "agree_with_seal": {"form": "书面", "terms": "甲", "facts": "甲", "instant": True, "seal_body": "bayintaohai.tw"},
         "state_terms": {"statement_no": "甲", "terms": "甲"}, "begin_administrative": {"chair": "甲"},
         "settle_in_court": {"consent_applicant": True, "consent_respondent": True, "terms": "甲", "agreed_on": "2023-03-01"},
         "agree_administrative": {"form": "书面", "terms": "甲", "facts": "甲", "instant": True, "agreed_on": "2023-03-01"},
         "to_people": {"to_body": "yanglujing.tw", "both_agree": True},
         "to_petition": {"citizen_decides": True, "petition_about": "政策、规定", "purpose": "申诉求决", "petition_text": "甲"},
         "file": {"case_no": "甲", "procedure": "简易程序"}}
FIELDS = {"petition": {"subject": "路灯不亮", "text": "路灯不亮。"},
          "people_mediation": {"subject": "院墙滴水", "text": "院墙滴水。"},
          "judicial_mediation": {"subject": "物业费", "text": "物业费。"},
          "administrative_mediation": {"subject": "地界", "text": "承包地地界。", "kind": "农村土地承包"}}
PARTY = {"role": "申请人", "name": "演示申请人01", "phone": "13800138000"}


def table(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


MATRIX = table("matrix.csv")
WHO, ROWS = MATRIX[0], MATRIX[1:]
COLUMNS = list(WHO)[8:]
BODIES = {row["id"]: row for row in table("bodies.csv")}
MEMBERS = table("members.csv")
BODY_OF = {row["user"]: row["body"] for row in MEMBERS}


def member(body, *roles):
    return next((m["user"] for role in roles for m in MEMBERS if m["body"] == body and m["role"] == role), None)


def person(row, column):
    inside = re.search(r"\[(.+)\]", row[column])
    return inside.group(1) if inside else WHO[column]


class Stage:
    """A daemon, everybody who plays logged in on demand, cases made once for each (flow, state, body)."""

    def __init__(self, daemon):
        self.daemon, self.clients, self.cases = daemon, {}, {}

    def as_user(self, user):
        if user not in self.clients:
            (self.clients[user],) = self.daemon.people(user)
        return self.clients[user]

    def act(self, case, user, action, form=None, reason=None):
        params = {"case": case, "action": action}
        params.update({"form": form} if form else {}, **({"reason": reason} if reason else {}))
        return self.as_user(user).change("case.act", **params)

    def opened(self, flow, body):
        user = member(body, "clerk", "mediator", "handler")
        return self.as_user(user).change("case.open", flow=flow, body=body, place=BODIES[body]["place"],
                                         fields=FIELDS[flow], parties=[PARTY])["case"]

    def forwarded(self, body):
        case = self.opened("petition", "hainan.xfj")
        self.act(case, "hainan.xfj02", "forward_to", {"to_body": body})
        return case

    def handled(self, body):
        case = self.opened("petition", body)
        self.act(case, member(body, "handler"), "accept")
        return case

    def reviewed(self, state):
        case = self.handled("hainan.nmj")
        self.act(case, "hainan.nmj02", "conclude", FORMS["conclude"])
        self.act(case, "hainan.nmj01", "request_fucha", reason="不服")
        if state == "fuhe":
            self.act(case, "wuhai.nmj02", "decide_fucha", FORMS["decide_fucha"])
            self.act(case, "wuhai.nmj01", "request_fuhe", reason="不服")
        return case

    def people(self, state, body):
        """A people's mediation case; asked: with a request to the justice office; incoming: handed over to the body."""
        if state == "incoming":
            case = self.administrative("accepted", "hainan.nmj")
            self.act(case, "hainan.nmj02", "to_people", FORMS["to_people"])
            return self.arrived(self.as_user("yanglujing02"))
        case, user = self.opened("people_mediation", body), member(body, "mediator")
        steps = {"registered": (), "accepted": ("accept",)}.get(state, ("accept", "begin"))
        for step in steps:
            self.act(case, user, step, FORMS["accept"] if step == "accept" else None)
        if state == "asked":
            self.as_user(user).change("case.task.ask", case=case, task="visit", body="bayintaohai.sfs", text="请走访")
        return case

    @staticmethod
    def arrived(client):
        """The number of the case that was handed over: the letter is on its way, an answer of the daemon brings it nearer."""
        for _ in range(2000):
            for row in client.call("case.list")["items"]:
                if row["state"] == "incoming":
                    return row["number"]
        raise AssertionError("nothing arrived")

    def administrative(self, state, body):
        if state == "disputed":
            case = self.opened("administrative_mediation", "hainan.zjj")
            self.act(case, member("hainan.zjj", "handler"), "transfer_to", {"to_body": "hainan.nmj"}, reason="甲")
            self.act(case, "hainan.nmj02", "dispute", reason="不属于本局")
            return case
        case, user = self.opened("administrative_mediation", body), member(body, "handler")
        self.act(case, user, "accept", FORMS["accept"])
        if state == "mediating":
            self.act(case, user, "begin", FORMS["begin_administrative"])
        return case

    def judicial(self, state, body):
        case = self.opened("judicial_mediation", body)
        self.act(case, "hainan.court03", "file", FORMS["file"])
        if state == "court_agreed":
            self.act(case, "hainan.court03", "settle_in_court", FORMS["settle_in_court"])
        return case

    def make(self, flow, state, body):
        tracks = {"people_mediation": self.people, "administrative_mediation": self.administrative,
                  "judicial_mediation": self.judicial}
        if flow in tracks:
            return tracks[flow](state, body)
        if state == "incoming":  # a citizen who wants the petition bureau to hear of it
            case = self.people("registered", "yanglujing.tw")
            self.act(case, "yanglujing02", "to_petition", FORMS["to_petition"], reason="本人要求信访")
            return self.arrived(self.as_user(member(body, "bureau")))
        if state == "objection":
            case = self.forwarded("hainan.nmj")
            self.act(case, "hainan.nmj02", "object", FORMS["object"])
            return case
        if state == "disputed":
            case = self.forwarded("hainan.nmj")
            self.act(case, "hainan.nmj02", "dispute", reason="不属于本局")
            return case
        if state == "sealed":
            user = member(body, "bureau", "handler")
            fields = dict(FIELDS[flow], purpose="检举控告", accused_body="hainan.jtj")
            return self.as_user(user).change("case.open", flow=flow, body=body, place=BODIES[body]["place"], fields=fields,
                                             parties=[{"role": "检举人", "name": "演示检举人01"}])["case"]
        return {"registered": lambda: self.opened(flow, body), "forwarded": lambda: self.forwarded(body),
                "handling": lambda: self.handled(body), "fucha": lambda: self.reviewed(state),
                "fuhe": lambda: self.reviewed(state)}[state]()

    def comes_so_far(self, flow, state, body):
        """Can a case be in this state at this body at all?"""
        hosts = flow in BODIES[body]["hosts"].split()
        kinds = ("agency", "xfj") if state == "sealed" else ("town", "agency", "gov")
        competent = BODIES[body]["kind"] in kinds
        return hosts and (flow != "petition" or state == "registered" or competent)

    def case(self, row, user):
        where, flow, state = row["案件在"], row["流程"], row["环节"]
        if where.startswith("本单位/"):
            own = BODY_OF[user]
            where = own if self.comes_so_far(flow, state, own) else where[len("本单位/"):]
        wanted = (flow, state, where)
        if wanted not in self.cases:
            self.cases[wanted] = self.make(*wanted)
        return self.cases[wanted]


def tried(client, method, **params):
    """None: done. Else the kind of the refusal and its words."""
    try:
        client.call(method, _meta={"key": key()}, **params)
        return None
    except Refused as refusal:
        return refusal


def register(stage, row, column):
    user, cell = person(row, column), row[column]
    client, params = stage.as_user(user), {"flow": row["流程"], "place": VILLAGE, "fields": FIELDS[row["流程"]]}
    refusal = tried(stage.as_user(WHO[column]), "case.open", **params) if cell.startswith("代办") else None
    if cell.startswith("代办") and refusal is None:
        return "是"
    try:
        answer = client.change("case.open", **params)
    except Refused as refused:
        return "否 %s %s" % (refused.kind, refused)
    page = client.call("case.get", case=answer["case"])  # whoever registered it may follow it
    village = page["host"]["id"] == "yanglujing.vc"
    if refusal is not None:
        return "代办"
    return "上送" if village and row["流程"] == "petition" else "是"


def act(stage, row, column):
    user = person(row, column)
    form = FORMS.get(row["动作"]) if row["流程"] != "petition" or row["动作"] != "accept" else None
    form = {"to_body": "hainan.nmj"} if row["编号"] == "forward_down" else form
    form = FORMS.get(row["动作"] + "_administrative", form) if row["流程"] == "administrative_mediation" else form
    params = {"case": stage.case(row, user), "action": row["动作"].replace("_with_seal", ""), "dry_run": True, "reason": "甲"}
    params.update({"form": form} if form else {})
    refusal = tried(stage.as_user(user), "case.act", **params)
    return "是" if refusal is None else "否 %s %s" % (refusal.kind, refusal)


def assign(stage, row, column):
    user = person(row, column)
    case, client = stage.case(row, user), stage.as_user(user)
    refusal = tried(client, "case.assign", case=case, user=user)
    if refusal is None:
        client.change("case.assign", case=case, user=None)
        return "是"
    return "否 %s %s" % (refusal.kind, refusal)


def informant(stage, row, column):
    user = person(row, column)
    try:
        page = stage.as_user(user).call("case.get", case=stage.case(row, user))
    except Refused as refusal:
        return "否 %s %s" % (refusal.kind, refusal)
    return "是" if any(p["name"] == "演示检举人01" for p in page["parties"]) else "否 forbidden"


def urge(stage, row, column):
    """Each tries on a case of its own: what one was urged to do, the next would find done."""
    user = person(row, column)
    case = stage.make(row["流程"], row["环节"], row["案件在"])
    refusal = tried(stage.as_user(user), "case.urge", case=case, level=row["动作"], text="请说明办理进展")
    return "是" if refusal is None else "否 %s %s" % (refusal.kind, refusal)


def done_or_not(refusal):
    return "是" if refusal is None else "否 %s %s" % (refusal.kind, refusal)


def ask(stage, row, column):
    user = person(row, column)
    return done_or_not(tried(stage.as_user(user), "case.task.ask", case=stage.case(row, user), task=row["动作"],
                             body="hainan.sfj", text="请协助"))


def answer(stage, row, column):
    """On a case of its own: what is answered cannot be answered again."""
    case = stage.make(row["流程"], row["环节"], row["案件在"])
    return done_or_not(tried(stage.as_user(person(row, column)), "case.task.answer", case=case, id="t1", text="已走访"))


def recuse(stage, row, column):
    """Named in the row: who is to be kept from the case; 本人: oneself."""
    user = person(row, column)
    whom = user if row["动作"] == "本人" else row["动作"]
    case = stage.make(row["流程"], row["环节"], row["案件在"])
    return done_or_not(tried(stage.as_user(user), "case.recuse", case=case, user=whom, reason="是近亲属"))


def reveal(stage, row, column):
    user = person(row, column)
    return done_or_not(tried(stage.as_user(user), "case.reveal", case=stage.case(row, user), what="all", reason="联系当事人"))


def undo(stage, row, column):
    case = stage.make(row["流程"], row["环节"], row["案件在"])
    refusal = tried(stage.as_user(person(row, column)), "case.undo", case=case, reason="点错了")
    if refusal is not None and refusal.kind == "state_conflict":
        return "否 forbidden 不是本人"  # who may read the case is told that it is not theirs to take back
    return done_or_not(refusal)


def load(stage, row, column):
    """Asked for only: what one administrator wants is not in force yet."""
    client = stage.as_user(person(row, column))
    doc = {"year": 2031, "version": 1, "paper": "测试用安排", "rest": [], "work": []}
    if row["方法"] == "terms.load":
        items = client.call("term.list")["items"]
        doc = [{k: v for k, v in item.items() if k != "words"} for item in items]
        doc[0]["version"] += 1
    try:
        assert client.change(row["方法"], doc=doc)["waiting"]
        return "是"
    except Refused as refused:
        return "否 %s %s" % (refused.kind, refused)


TRIES = {"terms.load": load, "calendar.load": load,
         "case.task.ask": ask, "case.task.answer": answer, "case.recuse": recuse, "case.reveal": reveal, "case.undo": undo,
         "case.urge": urge, "informant": informant, "case.open": register, "case.act": act, "case.assign": assign}


def every_cell_of_the_matrix_is_as_it_says():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        stage, wrong = Stage(daemon), []
        for row in ROWS:
            for column in COLUMNS:
                cell = row[column]
                want = re.match("是|否|上送|代办", cell)
                assert want, "%s %s: %r" % (row["事项"], column, cell)
                got = TRIES[row["方法"]](stage, row, column)
                refused_well = not got.startswith("否 ") or got.split()[1] in NO
                if not got.startswith(want.group()) or not refused_well:
                    wrong.append("%s（%s）· %s · expected %s, got %s" % (row["事项"], row["编号"], column, cell, got))
        assert not wrong, "\n" + "\n".join(wrong)


def the_matrix_covers_every_column_and_names_people_of_the_organisation():
    ids = [row["编号"] for row in MATRIX]
    assert len(ids) == len(set(ids)) and len(COLUMNS) == 10
    for row in MATRIX:
        for column in COLUMNS:
            assert person(row, column) in BODY_OF, (row["编号"], column)


def a_party_is_no_user():
    """Parties have no accounts: a name in a case opens no door, and an account needs a person of the organisation."""
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        admin = daemon.admin()
        (clerk,) = daemon.people("hainan.xfj01")
        clerk.change("case.open", flow="petition", place="150303", fields=FIELDS["petition"],
                     parties=[{"role": "信访人", "name": "演示信访人01"}])
        for name in ("演示信访人01", "party01"):
            admin.refused("not_found", "user.passwd", user=name, password="another-password", _meta={"key": key()})
            daemon.connect().refused("unauthenticated", "auth.login", user=name, password="another-password")


def a_person_who_is_a_party_does_not_handle_the_case():
    with Daemon(flows=None, start="2023-03-01T09:00:00") as daemon:
        clerk, handler, head = daemon.people("hainan.nmj01", "hainan.nmj02", "hainan.nmj03")
        case = clerk.change("case.open", flow="petition", body="hainan.nmj", place="150303", fields=FIELDS["petition"],
                            parties=[{"role": "信访人", "name": "演示承办人", "person": "hainan.nmj02"}])["case"]
        refusal = handler.refused("forbidden", "case.act", case=case, action="accept", _meta={"key": key()})
        assert "当事人" in refusal["message"], refusal
        handler.refused("forbidden", "case.claim", case=case, _meta={"key": key()})
        try:
            head.change("case.assign", case=case, user="hainan.nmj02")
            raise AssertionError("a party was named as handler")
        except Refused as refused:
            assert refused.kind in ("forbidden", "invalid_params", "state_conflict"), refused.kind
        head.change("case.act", case=case, action="accept")


if __name__ == "__main__":
    run(the_matrix_covers_every_column_and_names_people_of_the_organisation,
        every_cell_of_the_matrix_is_as_it_says,
        a_party_is_no_user,
        a_person_who_is_a_party_does_not_handle_the_case)
