"""The three tracks as one, on the shipped flows through the real daemon: what one case hands over another one
receives, gives back, reports; and bodies that are asked inside a case."""
import time

from harness import Daemon, MEDIATOR, PATIENCE, Refused, VILLAGE, run

COURT_CLERK, JUDGE, ROSTER = "hainan.court02", "hainan.court03", "hainan.court01"
LABOUR, LAND, FARMS = "hainan.laborarb01", "hainan.landarb01", "hainan.nmj02"
PAPERS = {"paper_agreement": True, "paper_body": True, "paper_identity": True, "paper_address": True}
CONSENT = {"consent_applicant": True, "consent_respondent": True}
HERE = "调解组织所在地基层人民法院"
SIDES = [{"role": "申请人", "name": "演示甲"}, {"role": "被申请人", "name": "演示乙"}]


def until(client, case, test, what):
    """Letters between cases are on their way for some turns of the daemon: asked again until it shows."""
    end = time.monotonic() + PATIENCE
    while True:
        page = client.call("case.get", case=case)
        if test(page):
            return page
        assert time.monotonic() < end, "%s: %s %s" % (what, page["state"], page.get("links"))


def in_state(client, case, state):
    return until(client, case, lambda page: page["state"] == state, state)


def is_closed(client, case):
    return bool(client.call("case.get", case=case).get("closed_at"))


def sent_to(client, case):
    """The number of the case the latest hand-over opened."""
    page = until(client, case, lambda page: page["links"] and page["links"][-1].get("number"), "a number")
    return page["links"][-1]["number"]


def act(client, case, action, reason=None, **form):
    params = {"reason": reason} if reason else {}
    return client.change("case.act", case=case, action=action, form=form, **params)


def mediation(mediator, kind="合同", begun=True, **fields):
    fields.update(subject="流转费", text="流转费未付。", kind=kind)
    case = mediator.change("case.open", flow="people_mediation", place=VILLAGE, body="yanglujing.tw", fields=fields,
                           parties=SIDES)["case"]
    act(mediator, case, "accept", **CONSENT)
    if begun:
        act(mediator, case, "begin")
    return case


def agreed(mediator, **fields):
    case = mediation(mediator, **fields)
    act(mediator, case, "agree", form="书面", terms="三十日内付清。", facts="欠流转费三千元。", manner="转账",
        perform_by="2026-04-20")
    return case


def confirmation(mediator, case):
    act(mediator, case, "confirm", both_apply=True, identity_matter=False, title_matter=False,
        court="hainan.court", competence=HERE)
    return sent_to(mediator, case)


def an_agreement_is_confirmed_and_followed_up_with_two_years_to_enforce_it():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk, judge = daemon.people(MEDIATOR, COURT_CLERK, JUDGE)
        case = agreed(mediator)
        there = confirmation(mediator, case)
        assert mediator.call("case.get", case=case)["state"] == "confirming"
        page = clerk.call("case.get", case=there)
        assert page["state"] == "incoming" and page["host"]["id"] == "hainan.court", page["host"]
        fields = {f["name"]: f["value"] for f in page["fields"]} if isinstance(page["fields"], list) else page["fields"]
        assert "三十日内付清。" in str(fields) and "2026-03-02" in str(fields), fields
        assert [p["name"] for p in page["parties"]] == ["演示甲", "演示乙"], page["parties"]
        daemon.clock("2026-03-04T09:00")
        act(clerk, there, "receive")
        received = clerk.call("case.get", case=there)
        assert received["due"]["legal"] == "2026-03-09", received["due"]  # three days: 7 March is a Saturday
        act(clerk, there, "accept", court_no="民特一号", **PAPERS)
        act(judge, there, "confirm", ruling_no="裁定一号")
        page = in_state(mediator, case, "confirmed")
        assert "已司法确认" in page["marks"], page["marks"]
        clocks = {c["name"]: c for c in page["clocks"]}
        assert clocks["execute"]["legal"] == "2028-04-20", clocks["execute"]
        assert clocks["visit"]["state"] == "running", clocks["visit"]
        daemon.clock("2026-04-21T09:00")
        act(mediator, case, "follow_up", performed="已履行", finding="已付清。")
        act(mediator, case, "close")
        act(mediator, case, "revisit", performed="已履行", finding="没有反复。")
        assert is_closed(mediator, case)


def a_rejected_agreement_is_mediated_again():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk, judge = daemon.people(MEDIATOR, COURT_CLERK, JUDGE)
        case = agreed(mediator)
        there = confirmation(mediator, case)
        act(clerk, there, "receive")
        act(clerk, there, "accept", court_no="民特一号", **PAPERS)
        act(judge, there, "reject", reject_ground="内容不明确（民诉法解释2022第三百五十八条）", ruling_no="裁定一号")
        page = in_state(mediator, case, "agreed")
        assert "确认被驳回" in page["marks"], page["marks"]
        try:
            act(mediator, case, "renegotiate", consent_applicant=True, consent_respondent=False)
            raise AssertionError("one side alone")
        except Refused as refusal:
            assert refusal.kind == "guard_refused" and "第三十三条" in str(refusal.error), refusal.error
        act(mediator, case, "renegotiate", **CONSENT)
        assert mediator.call("case.get", case=case)["state"] == "mediating"


def a_labour_dispute_that_fails_goes_to_arbitration_and_its_clock_starts_at_receipt():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, clerk = daemon.people(MEDIATOR, LABOUR)
        case = mediation(mediator, "劳动争议", known_on="2026-01-15")
        act(mediator, case, "to_labour", reason="申请人要求仲裁", evidence="工资条三张")
        there = sent_to(mediator, case)
        page = clerk.call("case.get", case=there)
        assert page["host"]["id"] == "hainan.laborarb" and page["state"] == "incoming", page["host"]
        daemon.clock("2026-03-04T09:00")
        act(clerk, there, "receive")
        clocks = {c["name"]: c for c in clerk.call("case.get", case=there)["clocks"]}
        assert clocks["accept_labour"]["legal"] == "2026-03-11", clocks["accept_labour"]
        page = in_state(mediator, case, "passed_on")
        assert page.get("closed_at") and "劳动仲裁" in str(page["fields"]), page["fields"]


def what_an_arbitration_commission_gives_back_goes_to_the_court():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, land, clerk = daemon.people(MEDIATOR, LAND, COURT_CLERK)
        case = mediation(mediator, "山林土地")
        act(mediator, case, "to_land", reason="申请仲裁")
        act(land, sent_to(mediator, case), "give_back", reason="当事人选择起诉")
        in_state(mediator, case, "unsettled")
        act(mediator, case, "to_court", reason="申请人起诉")
        there = until(mediator, case, lambda p: p["links"][-1].get("number") and len(p["links"]) > 1, "court")
        act(clerk, there["links"][-1]["number"], "receive")
        assert in_state(mediator, case, "passed_on")["closed_at"]
        page = clerk.call("case.get", case=there["links"][-1]["number"])
        assert page["due"]["legal"] == "2026-03-09", page["due"]  # seven days to file


def an_agency_gives_a_dispute_back_and_mediation_goes_on():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, farms = daemon.people(MEDIATOR, "hainan.nmj01")
        case = mediation(mediator, "山林土地")
        act(mediator, case, "to_administrative", reason="需要测量", to_body="hainan.nmj", both_agree=True)
        act(farms, sent_to(mediator, case), "give_back", reason="不属于本局")
        page = in_state(mediator, case, "mediating")
        assert page["links"][-1]["status"] == "returned", page["links"]


def the_court_appoints_a_committee_and_hears_of_the_agreement_at_once():
    with Daemon(flows=None, start="2021-12-01T09:00:00") as daemon:
        mediator, clerk, judge = daemon.people(MEDIATOR, COURT_CLERK, JUDGE)
        case = clerk.change("case.open", flow="judicial_mediation", place=VILLAGE, body="hainan.court",
                            fields={"subject": "借款", "text": "借款五万元。", "kind": "合同"}, parties=SIDES)["case"]
        act(clerk, case, "ask")
        act(clerk, case, "consent", entrusted="委派调解（30日）", **CONSENT)
        act(clerk, case, "send", to_body="yanglujing.tw", letter_no="委派一号")
        there = sent_to(clerk, case)
        assert clerk.call("case.get", case=case)["state"] == "sent"
        daemon.clock("2021-12-03T09:00")
        act(mediator, there, "sign_for")
        clocks = {c["name"]: c for c in mediator.call("case.get", case=there)["clocks"]}
        assert clocks["wp"]["legal"] == "2022-01-04", clocks["wp"]  # thirty days from the signature, over New Year
        page = in_state(clerk, case, "outside")
        clocks = {c["name"]: c for c in page["clocks"]}
        assert clocks["wp"]["legal"] == "2022-01-04", clocks["wp"]
        act(mediator, there, "accept", **CONSENT)
        act(mediator, there, "begin")
        act(mediator, there, "agree", form="书面", terms="分期。", facts="欠五万元。", manner="转账", perform_by="2022-03-01")
        page = in_state(clerk, case, "agreed")
        assert page["links"][-1]["outcome"] == "达成协议", page["links"]
        assert not is_closed(mediator, there)  # it is followed up there
        act(judge, case, "settle", terms="分期。", agreed_on="2021-12-03")
        assert is_closed(clerk, case)


def what_fails_outside_comes_back_to_the_court():
    with Daemon(flows=None, start="2024-03-01T09:00:00") as daemon:
        mediator, clerk, judge = daemon.people(MEDIATOR, COURT_CLERK, JUDGE)
        case = clerk.change("case.open", flow="judicial_mediation", place=VILLAGE, body="hainan.court",
                            fields={"subject": "借款", "text": "借款。"})["case"]
        act(clerk, case, "file", case_no="民初一号", procedure="普通程序")
        act(clerk, case, "ask")
        act(clerk, case, "consent", entrusted="委托调解（普通程序15日）", **CONSENT)
        act(clerk, case, "send", to_body="yanglujing.tw")
        there = sent_to(clerk, case)
        act(mediator, there, "sign_for")
        in_state(clerk, case, "outside")
        act(mediator, there, "accept", **CONSENT)
        act(mediator, there, "fail", reason="差距过大", told="人民法院诉讼")
        in_state(clerk, case, "returning")
        act(judge, case, "fail_trial", fail_ground="分歧过大，难以达成协议")
        assert clerk.call("case.get", case=case)["state"] == "trial"


def a_petition_is_mediated_while_its_sixty_days_run():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        mediator, handler, town = daemon.people(MEDIATOR, FARMS, "bayintaohai.town02")
        case = handler.change("case.open", flow="petition", place=VILLAGE, body="hainan.nmj",
                              fields={"subject": "流转费", "text": "合作社拖欠流转费。", "purpose": "申诉求决"})["case"]
        act(handler, case, "accept")
        act(handler, case, "to_mediation", to_body="yanglujing.tw", both_agree=True, summary="流转费纠纷。",
            mediate_by="2026-04-01")
        act(mediator, sent_to(handler, case), "give_back", reason="当事人不在本村")
        in_state(handler, case, "handling")
        act(handler, case, "to_agency_mediation", to_body="bayintaohai.town", both_agree=True, summary="流转费纠纷。",
            mediate_by="2026-04-01")
        page = until(handler, case, lambda p: len(p["links"]) > 1 and p["links"][-1].get("number"), "town")
        there = page["links"][-1]["number"]
        act(town, there, "receive")
        clocks = {c["name"]: c for c in town.call("case.get", case=there)["clocks"]}
        assert clocks["sub_limit"]["legal"] == "2026-04-01", clocks["sub_limit"]
        act(town, there, "accept", **CONSENT)
        act(town, there, "begin", chair="演示")
        act(town, there, "agree", form="口头", facts="欠费。", terms="当场付清。", agreed_on="2026-03-02", instant=True)
        page = in_state(handler, case, "handling")
        assert "调解达成协议" in page["marks"], page["marks"]
        clocks = {c["name"]: c for c in page["clocks"]}
        assert clocks["handle"]["legal"] == "2026-05-06", clocks["handle"]  # not stopped for a day


if __name__ == "__main__":
    run(an_agreement_is_confirmed_and_followed_up_with_two_years_to_enforce_it,
        a_rejected_agreement_is_mediated_again,
        a_labour_dispute_that_fails_goes_to_arbitration_and_its_clock_starts_at_receipt,
        what_an_arbitration_commission_gives_back_goes_to_the_court,
        an_agency_gives_a_dispute_back_and_mediation_goes_on,
        the_court_appoints_a_committee_and_hears_of_the_agreement_at_once,
        what_fails_outside_comes_back_to_the_court,
        a_petition_is_mediated_while_its_sixty_days_run)
