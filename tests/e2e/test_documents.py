"""Official papers of a case, made by plugins/documents in a whole daemon: what is missing is named, numbers are
unique and kept, the PDF holds the text and its fonts, and nothing in a field can leave its place on the page."""
import base64
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time

from harness import BUILD, CHIEF, Daemon, MEDIATOR, PATIENCE, Refused, VILLAGE, key, run

PLUGIN = os.path.join(BUILD, "plugins", "documents.so")
PARTIES = [
    {"role": "申请人", "name": "演示申请人01", "sex": "男", "nation": "汉族", "age": 52, "phone": "13000000001",
     "address": "羊路井村一组", "id_number": "150303200001010011"},
    {"role": "被申请人", "name": "演示被申请人02", "phone": "13000000002", "address": "羊路井村二组"}]
RARE = "𠮷"  # U+20BB7, outside the basic plane
HOSTILE = "<script>alert(1)</script>&amp;\"'\x1b[31m\x07\u202e反\u200b字\ufeff" + RARE + "😀"


def documents(**more):
    """A daemon with the plugin. cairo 1.16 and fontconfig keep a little for themselves."""
    daemon = Daemon(flows=None, start="2026-03-02T09:00:00", **more)
    overlooked = os.path.join(daemon.folder, "overlooked")
    with open(overlooked, "w", encoding="utf-8") as f:
        f.write("leak:libcairo\nleak:libfontconfig\n")
    os.environ["LSAN_OPTIONS"] = "suppressions=%s:print_suppressions=0" % overlooked
    daemon.write_config(
        'return { listen = { tcp = "127.0.0.1:0", unix = "s.sock" }, database = "fq.db", plugins = { '
        '{ path = "%s", role = "documenter", required = true, options = { prepare = true } } } }\n' % PLUGIN)
    return daemon


def register(mediator, **fields):
    given = {"subject": "院墙滴水", "text": "院墙滴水，损坏南房。", "kind": "邻里", "started": "当事人申请"}
    given.update(fields)
    return mediator.change("case.open", flow="people_mediation", place=VILLAGE, parties=PARTIES, fields=given)["case"]


def agree(mediator, case, **form):
    given = {"form": "书面", "terms": "被申请人修好滴水檐。", "facts": "滴水檐损坏。", "manner": "到场修理",
             "perform_by": "2026-03-20"}
    given.update(form)
    mediator.change("case.act", case=case, action="accept",
                    form={"consent_applicant": True, "consent_respondent": True})
    mediator.change("case.act", case=case, action="begin")
    mediator.change("case.act", case=case, action="agree", form=given)


def pdf_of(daemon, answer):
    path = os.path.join(daemon.folder, "paper.pdf")
    with open(path, "wb") as f:
        f.write(base64.b64decode(answer["pdf"]))
    return path


def tool(*words):
    return subprocess.run(words, capture_output=True, check=True).stdout.decode()


def squeezed(text):
    return re.sub(r"\s", "", text)


def wait_history(client, case, wanted):
    """The effect is handled after its commit: looked at until it stands in the history."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        items = client.call("case.timeline", case=case, limit=500)["items"]
        if any(wanted(item) for item in items):
            return items
    raise AssertionError(items)


def what_is_missing_is_named_all_at_once_and_a_draft_can_be_printed():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        error = mediator.refused("form_invalid", "documents.make", case=case, template="人民调解协议书")
        names = [field["name"] for field in error["data"]["fields"]]
        assert names == ["facts", "terms", "manner", "perform_by"], names
        assert all("达成协议" in field["where"] for field in error["data"]["fields"]), error
        assert "主要事实" in error["message"] and "履行期限" in error["message"], error
        draft = mediator.call("documents.make", case=case, template="mediation_agreement", format="both", draft=True)
        assert "number" not in draft and "＿＿＿＿" in draft["html"], draft["html"]
        assert "150303200001010011" not in draft["html"], "a draft shows no more than the screen"
        items = {i["template"]: i for i in mediator.call("documents.list", case=case)["items"]}
        assert items["mediation_application"]["ready"] and not items["mediation_agreement"]["ready"], items
        assert "oral_agreement" not in items and "termination_notice" not in items, sorted(items)
        assert "sfqr_confirmation_ruling" not in items, "papers of the court are not the committee's"
        mediator.refused("not_found", "documents.make", case=case, template="nosuch")
        mediator.refused("invalid_params", "documents.make", case=case, template="volume", format="doc")
        mediator.refused("not_found", "documents.make", case="羊调26-0999", template="volume")


def a_paper_has_its_number_its_text_and_its_fonts():
    with documents() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        case = register(mediator)
        agree(mediator, case)
        first = mediator.call("documents.make", case=case, template="mediation_agreement", format="both")
        assert first["number"] == "乌（羊调）人调字〔2026〕第0001号", first["number"]
        page = first["html"]
        for text in ("<h1>人民调解协议书</h1>", first["number"], "150303200001010011", "被申请人修好滴水檐。",
                     "履行期限：2026年3月20日前", "羊路井村人民调解委员会", "三十日内"):
            assert text in page, text
        path = pdf_of(daemon, first)
        text = squeezed(tool("pdftotext", path, "-"))
        for sentence in ("被申请人修好滴水檐。", "150303200001010011", "人民调解协议书",
                         "本协议自各方当事人签名、盖章或者按指印", "第1页共"):
            assert sentence in text, (sentence, text)
        fonts = tool("pdffonts", path).splitlines()[2:]
        assert fonts and all(re.search(r" yes +yes +yes +\d+ +\d+$", line) for line in fonts), fonts
        pages = int(re.search(r"Pages: +(\d+)", tool("pdfinfo", path)).group(1))
        assert pages == first["pages"] <= 3, pages
        assert "595.28 x 841.89" in tool("pdfinfo", path), tool("pdfinfo", path)
        # Again the same number; a note changes nothing in it; another case has the next one.
        mediator.change("case.note", case=case, text="已电话告知")
        assert chief.call("documents.make", case=case, template="mediation_agreement")["number"] == first["number"]
        history = mediator.call("case.timeline", case=case, limit=500)["items"]
        assert any("第2次印制" in word for item in history for word in item["words"]), history
        assert "150303200001010011" not in json.dumps(history), "the history never tells the number"
        other = register(mediator)
        agree(mediator, other)
        assert mediator.call("documents.make", case=other, template="mediation_agreement")["number"] == \
            "乌（羊调）人调字〔2026〕第0002号"


def what_registration_left_open_is_completed_and_the_agreement_made():
    with documents() as daemon:
        mediator, chief = daemon.people(MEDIATOR, CHIEF)
        case = mediator.change("case.open", flow="people_mediation", place=VILLAGE, parties=[{"role": "申请人", "name": "演示申请人01"}],
                               fields={"subject": "院墙滴水", "text": "院墙滴水，损坏南房。"})["case"]
        mediator.change("case.correct", case=case, reason="登记时未填", fields={"kind": "邻里", "started": "当事人申请"})
        agree(mediator, case)
        paper = dict(case=case, template="mediation_agreement", format="both")
        error = mediator.refused("form_invalid", "documents.make", **paper)
        assert [field["name"] for field in error["data"]["fields"]] == ["respondent"], error
        assert "被申请人" in error["message"] and error["data"]["fields"][0]["where"], error
        # A party without a name is no party; who may not act in the case completes nothing.
        for values in ({"role": "被申请人"}, {"role": "被申请人", "name": ""}):
            mediator.refused("form_invalid", "case.party", case=case, do="add", values=values, _meta={"key": key()})
        assert mediator.refused("form_invalid", "documents.make", **paper)["data"]["fields"] == error["data"]["fields"]
        mediator.change("case.party", case=case, do="add", values=PARTIES[1])
        mediator.change("case.party", case=case, do="set", party=1, values=PARTIES[0])
        made = mediator.call("documents.make", **paper)
        assert made["number"] == "乌（羊调）人调字〔2026〕第0001号", "the refusals used up no number"
        text = squeezed(tool("pdftotext", pdf_of(daemon, made), "-"))
        for sentence in ("演示申请人01", "演示被申请人02", "150303200001010011", "13000000002", made["number"]):
            assert sentence in made["html"] and sentence in text, (sentence, made["html"])
        # Corrected afterwards: another text is another paper, with a number of its own.
        assert chief.call("documents.make", **paper)["number"] == made["number"]
        chief.change("case.party", case=case, do="set", party=2, values={"address": "羊路井村三组"})
        again = chief.call("documents.make", **paper)
        assert "羊路井村三组" in again["html"] and again["number"].endswith("第0002号"), (again["number"], again["html"])


def every_paper_of_a_closed_mediation_is_drawn():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        agree(mediator, case)
        mediator.change("case.act", case=case, action="follow_up", form={"performed": "已履行", "finding": "已修好。"})
        items = mediator.call("documents.list", case=case)["items"]
        assert len(items) >= 12, items
        for item in items:
            answer = mediator.call("documents.make", case=case, template=item["template"], format="both",
                                   draft=not item["ready"])
            assert "{" not in re.sub(r"<style>.*?</style>", "", answer["html"]), answer["html"]
            assert item["title"] in squeezed(tool("pdftotext", pdf_of(daemon, answer), "-")), item
        volume = mediator.call("documents.make", case=case, template="volume")
        assert "乌（羊调）人调字〔2026〕第0001号" in volume["html"], volume["html"]
        assert volume["number"] == mediator.call("documents.make", case=case, template="volume")["number"]


def a_former_body_seals_its_own_papers():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        before = mediator.call("documents.make", case=case, template="acceptance_form")
        mediator.change("case.act", case=case, action="escalate_up", reason="专业性强",
                        form={"tried": "面谈一次", "wish": "愿意继续"})
        after = mediator.call("documents.make", case=case, template="acceptance_form")
        assert after["number"] == before["number"], (before["number"], after["number"])
        assert '<div class="seal">羊路井村人民调解委员会<br>' in after["html"], after["html"]
        moved = mediator.call("documents.make", case=case, template="transfer_form")
        assert moved["number"].startswith("乌（羊调）") and "巴音陶亥镇人民调解委员会" in moved["html"], moved
        assert '<div class="seal">羊路井村人民调解委员会<br>' in moved["html"], moved["html"]


def the_papers_of_the_court_are_drawn():
    with documents() as daemon:
        (clerk,) = daemon.people("hainan.court03")

        def opened():
            return clerk.change("case.open", flow="judicial_confirmation", body="hainan.court", parties=PARTIES, fields={
                "subject": "院墙滴水", "text": "院墙滴水。", "agreement_no": "乌（羊调）人调字〔2026〕第0001号",
                "mediation_body": "羊路井村人民调解委员会", "agreed_on": "2026-03-01", "terms": "修好滴水檐。",
                "manner": "到场修理", "perform_by": "2026-03-20", "both_apply": True,
                "competence": "调解组织所在地基层人民法院"})["case"]

        def paper(case, template, *sentences):
            answer = clerk.call("documents.make", case=case, template=template, format="both")
            text = squeezed(tool("pdftotext", pdf_of(daemon, answer), "-"))
            for sentence in sentences:
                assert sentence in answer["html"] and squeezed(sentence) in text, (template, sentence, answer["html"])
            return answer

        case = opened()
        paper(case, "sfqr_application", "请求依法确认", "修好滴水檐。", "13000000001", "2026年3月1日")
        clerk.change("case.act", case=case, action="correct", form={"missing": "财产权利证明"})
        paper(case, "sfqr_correction_notice", "财产权利证明")
        clerk.change("case.act", case=case, action="corrected")
        papers = {"court_no": "（2026）演示司确1号", "paper_agreement": True, "paper_body": True,
                  "paper_identity": True, "paper_address": True}
        clerk.change("case.act", case=case, action="accept", form=papers)
        accepted = paper(case, "sfqr_acceptance_notice", "（2026）演示司确1号", "十五日")
        assert '<p class="number">（2026）演示司确1号</p>' in accepted["html"], "the court's own number goes first"
        clerk.change("case.act", case=case, action="confirm", form={"ruling_no": "（2026）演示司确1号之一"})
        paper(case, "sfqr_confirmation_ruling", "达成的调解协议有效", "修好滴水檐。", "强制执行")
        clerk.refused("not_found", "documents.make", case=case, template="mediation_agreement")
        other = opened()
        ground = "协议内容涉及物权、知识产权确权（民诉法解释2022第三百五十五条）"
        clerk.change("case.act", case=other, action="refuse", form={"refuse_ground": ground})
        paper(other, "sfqr_refusal_ruling", "本院不予受理", ground)


def the_court_is_told_who_mediated_and_a_breach_is_not_an_end_of_mediation():
    with documents() as daemon:
        mediator, clerk = daemon.people(MEDIATOR, "hainan.court02")
        case = register(mediator)
        agree(mediator, case)
        number = mediator.call("documents.make", case=case, template="mediation_agreement")["number"]
        mediator.change("case.act", case=case, action="confirm", form={
            "both_apply": True, "identity_matter": False, "title_matter": False, "court": "hainan.court",
            "competence": "调解组织所在地基层人民法院", "agreement_no": number})
        wait_history(mediator, case, lambda item: any("海法" in word for word in item["words"]))
        there = mediator.call("case.get", case=case)["links"][-1]["number"]
        page = clerk.call("documents.make", case=there, template="sfqr_application", draft=True)["html"]
        assert "主持调解的组织和调解员：羊路井村人民调解委员会" in page and number in page, page
        assert "海南区人民法院" in page[page.index("此致"):] and "调解组织：海南区" not in page, page
        # What was agreed and not performed is told on a paper of its own, with the way that is open.
        other = register(mediator)
        agree(mediator, other)
        mediator.change("case.act", case=other, action="breach", reason="对方反悔", form={"told": "人民法院诉讼"})
        items = {i["template"] for i in mediator.call("documents.list", case=other)["items"]}
        assert "breach_notice" in items and "termination_notice" not in items, sorted(items)
        page = mediator.call("documents.make", case=other, template="breach_notice")["html"]
        assert "就调解协议起诉：3年" in page and "终止调解" not in page, page
        # Handed over: the paper says to whom.
        third = register(mediator, kind="劳动争议")
        mediator.change("case.act", case=third, action="accept",
                        form={"consent_applicant": True, "consent_respondent": True})
        mediator.change("case.act", case=third, action="to_labour", reason="申请人要求仲裁")
        page = mediator.call("documents.make", case=third, template="transfer_form")["html"]
        assert "海南区劳动人事争议仲裁委员会" in page, page


def nothing_in_a_field_leaves_its_place():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        long = "甲方所述的第几千字，" * 999 + "末尾一句到此为止。"
        parties = [dict(PARTIES[0], name="演示" + RARE), dict(PARTIES[1], address=HOSTILE)]
        case = mediator.change("case.open", flow="people_mediation", place=VILLAGE, parties=parties,
                               fields={"subject": HOSTILE, "text": long, "kind": "邻里",
                                       "started": "当事人申请"})["case"]
        for template in ("mediation_application", "acceptance_form", "session_record"):
            answer = mediator.call("documents.make", case=case, template=template, format="both",
                                   draft=template == "session_record")
            page = answer["html"]
            body = page[page.index("</head>"):]
            assert "<script" not in page and "alert(1)" in page, page[:2000]
            assert not re.search("[\x00-\x09\x0b-\x1f\u200b\u202e\ufeff]", body), "control characters"
            assert html.unescape(body).count("甲方所述的第几千字，") >= 999
            text = squeezed(tool("pdftotext", pdf_of(daemon, answer), "-"))
            # Page breaks put headers and footers between the sentences.
            assert "末尾一句到此为止。" in text and RARE in text, text[-600:]
            assert text.count("甲方所述") > 960, text.count("甲方所述")
            assert answer["pages"] >= 10, answer["pages"]


def a_step_prepares_its_paper_or_says_what_is_missing():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        mediator.change("case.act", case=case, action="accept",
                        form={"consent_applicant": True, "consent_respondent": True})
        wait_history(mediator, case, lambda item: any("人民调解受理登记表" in word for word in item["words"]))
        made = mediator.call("documents.make", case=case, template="acceptance_form")
        assert made["document"]["copies"] == 1 and made["number"].endswith("第0001号"), made["document"]
        # Nobody said who the parties are: the form cannot be made, a note tells.
        bare = mediator.change("case.open", flow="people_mediation", place=VILLAGE,
                               fields={"subject": "口角", "text": "口角。"})["case"]
        mediator.change("case.act", case=bare, action="accept",
                        form={"consent_applicant": True, "consent_respondent": True})
        (missing,) = [item for item in wait_history(mediator, bare, lambda item: "缺：申请人" in (item.get("note") or ""))
                      if item["actor"] == "plugin:documents"]
        assert missing["actor_name"] == "系统（文书）", missing
        assert daemon.admin().call("effects.list", status="failed")["items"] == []


def numbers_stay_unique_over_a_kill():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        cases = [register(mediator) for _ in range(3)]
        first = mediator.call("documents.make", case=cases[0], template="mediation_application")["number"]
        mediator.send("documents.make", case=cases[1], template="mediation_application")
        daemon.kill()
        daemon.start()
        (mediator,) = daemon.people(MEDIATOR)
        numbers = [mediator.call("documents.make", case=case, template="mediation_application")["number"]
                   for case in cases]
        assert numbers[0] == first and len(set(numbers)) == 3, numbers
        assert sorted(numbers)[-1].endswith("第0003号"), numbers


def who_may_not_read_the_case_gets_no_paper():
    with documents() as daemon:
        mediator, stranger = daemon.people(MEDIATOR, "wuhai.admin01")
        case = register(mediator)
        for method, more in (("documents.list", {}), ("documents.make", {"template": "volume"})):
            try:
                stranger.call(method, case=case, **more)
            except Refused as refusal:
                assert refusal.kind in ("forbidden", "not_found"), refusal
            else:
                raise AssertionError("%s was not refused" % method)


if __name__ == "__main__":
    if not os.path.exists(PLUGIN) or shutil.which("pdftotext") is None:
        print("skipped: built without plugins/documents, or poppler-utils is not installed")
        sys.exit(77)
    run(
        what_is_missing_is_named_all_at_once_and_a_draft_can_be_printed,
        a_paper_has_its_number_its_text_and_its_fonts,
        what_registration_left_open_is_completed_and_the_agreement_made,
        every_paper_of_a_closed_mediation_is_drawn,
        a_former_body_seals_its_own_papers,
        the_papers_of_the_court_are_drawn,
        the_court_is_told_who_mediated_and_a_breach_is_not_an_end_of_mediation,
        nothing_in_a_field_leaves_its_place,
        a_step_prepares_its_paper_or_says_what_is_missing,
        numbers_stay_unique_over_a_kill,
        who_may_not_read_the_case_gets_no_paper,
    )
