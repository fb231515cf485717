-- 司法确认流程：确认人民调解协议等调解协议的效力（《民事诉讼法》特别程序；《人民调解法》第三十三条；
-- 《关于人民调解协议司法确认程序的若干规定》法释〔2011〕5号，下称司法确认规定；民诉法解释2022年修正）。
-- 系统不代替法院办案，只记录收到申请、补正、受理、裁定的日期和结果，看住法定期限。不收费（司法确认规定第十一条）。
--
-- 申请：双方自调解协议生效之日起30日内共同提出。受理：收到之日起3日内决定。裁定：受理之日起15日内，
-- 院长批准可延长10日（目标）；特别程序审结以30日为上限。两处规定不一，15日标黄，30日标红。
-- 《民事诉讼法》条号随修正而变，按收到申请之日选用：2017年修正第一百九十四条、第一百九十五条，
-- 2021年修正第二百零一条、第二百零二条，2023年修正第二百零五条、第二百零六条。

local articles = {
  CPL17 = { ask = "《民事诉讼法》（2017修正）第一百九十四条", rule = "《民事诉讼法》（2017修正）第一百九十五条" },
  CPL21 = { ask = "《民事诉讼法》（2021修正）第二百零一条", rule = "《民事诉讼法》（2021修正）第二百零二条" },
  CPL23 = { ask = "《民事诉讼法》（2023修正）第二百零五条", rule = "《民事诉讼法》（2023修正）第二百零六条" },
}

local function law(case, which)
  return articles[case.profile or "CPL23"][which]
end

local here = "调解组织所在地基层人民法院"

return workflow "judicial_confirmation" {
  title = "司法确认",
  track = "judicial",
  classify = { "subject", "text" },

  profiles = {
    CPL17 = profile { title = "民事诉讼法（2017修正）", from = "2013-01-01", to = "2021-12-31" },
    CPL21 = profile { title = "民事诉讼法（2021修正）", from = "2022-01-01", to = "2023-12-31" },
    CPL23 = profile { title = "民事诉讼法（2023修正）", from = "2024-01-01" },
  },

  roles = {
    clerk     = at "host" { "clerk", "handler", "head", title = "立案人员" },
    judge     = at "host" { "handler", "head", title = "承办法官" },
    president = at "host" { "head", title = "院长" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "纠纷简况", required = true, max = 10000 },
    agreement_no = text { title = "调解协议编号", max = 100 },
    mediation_body = text { title = "主持调解的组织和调解员", max = 200 },
    agreed_on = date { title = "调解协议生效之日" },
    terms   = text { title = "协议内容", max = 10000 },
    manner  = text { title = "履行方式、地点" },
    perform_by = date { title = "履行期限" },
    both_apply = flag { title = "双方共同申请" },
    oral_apply = flag { title = "口头申请（由法院记入笔录，民诉法解释第三百五十三条）" },
    competence = choice { "邀请开展调解的人民法院", "当事人住所地基层人民法院", "标的物所在地基层人民法院",
      here, "中级人民法院（纠纷由其管辖）", title = "本院管辖的依据" },
    identity_matter = flag { title = "涉及婚姻、亲子、收养等身份关系的效力或者解除" },
    title_matter = flag { title = "涉及不动产等物权、知识产权的确权" },

    paper_agreement = flag { title = "有调解协议", open = false },
    paper_body = flag { title = "有调解组织主持调解的证明", open = false },
    paper_identity = flag { title = "有双方身份证明", open = false },
    paper_address = flag { title = "有双方住所、送达地址和联系电话", open = false },
    paper_title = flag { title = "有与协议相关的财产权利证明（没有财产的不填）", open = false },
    missing = text { title = "须补正的材料", open = false },
    refuse_ground = choice {
      "不属于人民法院受理范围（民诉法解释2022第三百五十五条）",
      "不属于收到申请的人民法院管辖（民诉法解释2022第三百五十五条）",
      "申请确认婚姻、亲子、收养等身份关系无效、有效或者解除（民诉法解释2022第三百五十五条）",
      "涉及适用其他特别程序、公示催告程序、破产程序审理（民诉法解释2022第三百五十五条）",
      "协议内容涉及物权、知识产权确权（民诉法解释2022第三百五十五条）",
      "超过调解协议生效之日起三十日（人民调解法第三十三条）",
      "不是双方当事人共同申请（人民调解法第三十三条）",
      title = "不予受理的理由", open = false },
    reject_ground = choice {
      "违反法律强制性规定（民诉法解释2022第三百五十八条）",
      "损害国家利益、社会公共利益、他人合法权益（民诉法解释2022第三百五十八条）",
      "违背公序良俗（民诉法解释2022第三百五十八条）",
      "违反自愿原则（民诉法解释2022第三百五十八条）",
      "内容不明确（民诉法解释2022第三百五十八条）",
      "其他不能进行司法确认的情形（民诉法解释2022第三百五十八条）",
      title = "驳回申请的理由", open = false },
    court_no = text { title = "法院案号", open = false, max = 100 },
    ruling_no = text { title = "裁定书文号", open = false, max = 100 },
    extend_days = integer { title = "延长日数（不超过10）", open = false },
    told = text { title = "已告知的法定途径", open = false },
  },

  states = {
    incoming   = { title = "已移送（待签收）", arrival = true, work = "clerk" },
    filed      = { title = "已收到申请", initial = true, work = "clerk" },
    correction = { title = "补正中", work = "clerk" },
    accepted   = { title = "已受理（审查中）", handling = true, work = "judge" },
    returned   = { title = "退回", final = true, outcome = "退回" },
    refused    = { title = "不予受理", final = true, outcome = "不予受理" },
    confirmed  = { title = "裁定协议有效", final = true, outcome = "确认有效", keep = "30年" },
    rejected   = { title = "裁定驳回申请", final = true, outcome = "驳回申请" },
    withdrawn  = { title = "撤回申请", final = true, called_off = true, outcome = "撤回申请" },
  },

  actions = {
    -- 调解组织代为移交的，自法院签收之日起算；材料明显不全、不属于本院的可以退回，期限内由双方另行申请。
    receive = on "incoming -> filed" { title = "签收", by = "clerk", receipt = "accept" },
    give_back = on "incoming -> returned" { title = "退回", by = "clerk", reason = true,
      receipt = "return", within = "returnable", when = "in_time" },

    -- 材料：调解协议、主持调解的证明、财产权利证明、身份和送达地址（民诉法解释第三百五十四条）。
    accept = on "filed -> accepted" { title = "受理", by = "clerk",
      form = { "court_no", "competence?", "both_apply?", "paper_agreement", "paper_body",
        "paper_identity", "paper_address", "paper_title?" },
      when = "acceptable", document = "sfqr_acceptance_notice" },
    correct = on "filed -> correction" { title = "要求补正", by = "clerk", form = { "missing" },
      document = "sfqr_correction_notice" },
    -- 补正后重新起算3日（补正不是扣除时间，是新的起点）。
    corrected = on "correction -> filed" { title = "已补正", by = "clerk" },
    refuse = on "filed|correction -> refused" { title = "不予受理", by = "clerk",
      form = { "refuse_ground", "told?" }, ground = "refuse_ground",
      document = "sfqr_refusal_ruling" },

    extend = on "accepted" { title = "延长审查期限", by = "president", extends = "rule",
      form = { "extend_days?" }, reason = true },
    confirm = on "accepted -> confirmed" { title = "裁定协议有效", by = "judge",
      form = { "ruling_no", "perform_by?" }, when = "clear_enough",
      document = "sfqr_confirmation_ruling" },
    -- 驳回后可以变更原协议、达成新协议，也可以起诉；当事人有仲裁协议的可以仲裁。
    reject = on "accepted -> rejected" { title = "裁定驳回申请", by = "judge",
      form = { "reject_ground", "ruling_no", "told?" }, ground = "reject_ground",
      document = "sfqr_rejection_ruling" },
    withdraw = on "filed|correction|accepted -> withdrawn" { title = "撤回申请", by = "clerk",
      reason = true },
  },

  clocks = {
    receipt = clock { title = "签收", term = "LK.RECEIPT", from = "incoming", to = "filed|returned",
      late = { mark "yellow", notify "acting" { reason = "移送的申请应当签收" },
        notify "president" { reason = "移送的申请3个工作日没有签收" } } },
    -- 过了退回的期限就应当签收，再依法决定（本地默认）。
    returnable = clock { title = "可以退回", term = "LK.RETURN", right = true, from = "incoming",
      to = "returned|filed" },
    -- 申请期是双方的权利：按它的届满日判断是否逾期申请，不算法院超期。
    ask = clock { title = "申请期（自协议生效）", term = "RT.SFQR.ASK", right = true, when = "dated",
      start_field = "agreed_on", from = "incoming|filed", to = "accepted|refused" },
    receive = clock { title = "决定是否受理", term = "ST.SFQR.ACC", from = "filed",
      to = "accepted|refused", drop = "correction", warn = { "1 day left" },
      late = { mark "red", notify "acting" { reason = "应当在3日内决定是否受理" } } },
    correct = clock { title = "补正", term = "ST.SFQR.CORR", from = "correction", to = "filed|refused",
      warn = { "1 workday left" }, late = { notify "acting" { reason = "补正期满，可以不予受理" } } },
    rule = clock { title = "作出裁定", term = "ST.SFQR.DO", from = "accepted",
      to = "confirmed|rejected", extend = { by = "10 days", times = 1, approve = "president" },
      warn = { "5 days left", "1 workday left" },
      late = { mark "yellow", notify "acting" { reason = "15日已满；特别程序以30日为上限" } } },
    cap = clock { title = "审结上限", term = "ST.SFQR.CAP", from = "accepted",
      to = "confirmed|rejected", warn = { "5 days left" },
      late = { mark "red", notify "acting" { reason = "已过特别程序的30日" },
        notify "president" { reason = "已过特别程序的30日" } } },

    -- 裁定以后的权利：对方不履行的，自履行期限最后一日起2年内申请执行；案外人1年内请求撤销。
    execute = clock { title = "申请执行", term = "ST.EXEC", right = true, when = "to_perform",
      start_field = "perform_by", from = "confirmed" },
    attack = clock { title = "案外人请求撤销", term = "ST.SFQR.ATTACK", right = true,
      from = "confirmed" },
  },

  guards = {
    -- 只是收件单位的权利，期满即止：过了期限应当签收，再依法移送或者决定。
    in_time = function(case)
      local k = case.clocks.returnable
      return k == nil or k.state == "running",
        "可以退回的期限" .. (k and k.legal or "") .. "已过：请签收，再决定是否受理", "参照信访工作条例第二十三条（本地默认，三调衔接）"
    end,
    dated = function(case) return case.fields.agreed_on ~= nil, "没有写明协议生效之日" end,
    to_perform = function(case) return case.fields.perform_by ~= nil, "没有待履行的期限" end,

    acceptable = function(case, input)
      local f = case.fields
      if f.identity_matter then
        return false, "身份关系的效力、解除不能司法确认", "《民诉法解释》（2022）第三百五十五条"
      end
      if f.title_matter then
        return false, "物权、知识产权的确权不能司法确认：请告知登记、诉讼等途径",
          "《民诉法解释》（2022）第三百五十五条"
      end
      local both = input.both_apply
      if both == nil then both = f.both_apply end
      if both ~= true then
        return false, "须由双方当事人共同申请", "《人民调解法》第三十三条、" .. law(case, "ask")
      end
      if f.agreed_on == nil then
        return false, "请先补正：调解协议生效之日没有写明", law(case, "ask")
      end
      local window = case.clocks.ask
      if window ~= nil and string.sub(case.received, 1, 10) > window.legal then
        return false, "收到申请时已超过协议生效之日起30日（" .. window.legal .. "届满）",
          "《人民调解法》第三十三条、" .. law(case, "ask")
      end
      local court = input.competence or f.competence
      if court == nil then
        return input.court_no == nil, "请选择本院管辖的依据", law(case, "ask")
      end
      if case.profile == "CPL17" and court ~= here then
        return false, "2022年以前只能向调解组织所在地基层人民法院申请", law(case, "ask")
      end
      for _, paper in ipairs { "paper_agreement", "paper_body", "paper_identity", "paper_address" } do
        if input[paper] == false then
          return false, "材料不全：请先要求补正", "《民诉法解释》（2022）第三百五十四条"
        end
      end
      return true
    end,

    -- 有待履行的内容，须写清期限，否则内容不明确、无法执行。
    clear_enough = function(case, input)
      return case.fields.terms ~= nil, "没有协议内容，不能确认：内容不明确的应当驳回",
        "《民诉法解释》（2022）第三百五十八条"
    end,
  },

  tests = {
    scenario "双方共同申请，受理，15日内裁定有效；两年执行期在结案后仍看得到" {
      open { at = "2020-06-09 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "赔偿款", text = "羊只伤人赔偿。", agreed_on = "2020-06-01",
          terms = "6月30日前付八百元。", perform_by = "2020-06-30", both_apply = true } },
      expect { profile = "CPL17", clock = "receive", due = "2020-06-12" },
      wait "2020-06-10 09:00",
      denied "accept" { court_no = "甲", competence = "当事人住所地基层人民法院",
        paper_agreement = true, paper_body = true, paper_identity = true, paper_address = true,
        because = "第一百九十四条" },
      denied "accept" { court_no = "甲", competence = here, paper_agreement = true,
        paper_body = false, paper_identity = true, paper_address = true, because = "第三百五十四条" },
      act "accept" { court_no = "（2020）内0303民特1号", competence = here, paper_agreement = true,
        paper_body = true, paper_identity = true, paper_address = true },
      expect { clock = "rule", due = "2020-06-28" }, -- 6月25日端午，28日星期日上班
      expect { clock = "cap", due = "2020-07-10" },
      act "confirm" { ruling_no = "（2020）内0303民特1号裁定" },
      expect { state = "confirmed", closed = true, outcome = "确认有效", clock = "execute",
        due = "2022-06-30" },
      expect { clock = "attack", due = "2021-06-10" },
      wait "2022-07-01 09:00", expect { late = false, closed = true },
    },

    scenario "劳动节前收到，3日内决定是否受理，顺延到5月6日；逾期标红" {
      open { at = "2020-04-30 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款分期偿还。", agreed_on = "2020-04-20",
          terms = "分三期偿还。", both_apply = true } },
      expect { clock = "receive", due = "2020-05-06" },
      wait "2020-05-07 00:00", expect { late = true, mark = "red" },
      act "refuse" { refuse_ground = "不属于收到申请的人民法院管辖（民诉法解释2022第三百五十五条）",
        told = "向调解组织所在地人民法院申请" },
      expect { state = "refused", closed = true },
    },

    scenario "超过30日、单方申请、身份关系、确权：不能受理" {
      open { at = "2026-02-25 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款。", agreed_on = "2026-01-16", terms = "三月付清。",
          both_apply = true } },
      denied "accept" { court_no = "甲", competence = here, paper_agreement = true,
        paper_body = true, paper_identity = true, paper_address = true,
        because = "2026-02-24" }, -- 1月16日生效，30日届满在春节，顺延到2月24日
      open { at = "2026-03-02 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款。", agreed_on = "2026-02-25", terms = "三月付清。" } },
      denied "accept" { court_no = "甲", competence = here, paper_agreement = true,
        paper_body = true, paper_identity = true, paper_address = true, because = "共同" },
      open { at = "2026-03-02 10:00", body = "hainan.court", place = "150303",
        fields = { subject = "收养", text = "解除收养。", agreed_on = "2026-02-25",
          terms = "解除收养关系。", both_apply = true, identity_matter = true } },
      denied "accept" { court_no = "甲", competence = here, paper_agreement = true,
        paper_body = true, paper_identity = true, paper_address = true, because = "身份关系" },
      open { at = "2026-03-02 11:00", body = "hainan.court", place = "150303",
        fields = { subject = "宅基地", text = "宅基地归属。", agreed_on = "2026-02-25",
          terms = "宅基地归甲方。", both_apply = true, title_matter = true } },
      denied "accept" { court_no = "甲", competence = here, paper_agreement = true,
        paper_body = true, paper_identity = true, paper_address = true, because = "第三百五十五条" },
      act "refuse" { refuse_ground = "协议内容涉及物权、知识产权确权（民诉法解释2022第三百五十五条）" },
      expect { state = "refused", outcome = "不予受理" },
    },

    scenario "补正后重新起算3日；院长延长10日；内容不明确的驳回" {
      open { at = "2026-03-02 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "流转费", text = "土地流转费。", agreed_on = "2026-02-25",
          terms = "尽快支付。" } },
      expect { profile = "CPL23", clock = "receive", due = "2026-03-05" },
      act "correct" { missing = "对方的身份证明和送达地址" },
      expect { clock = "correct", due = "2026-03-12" },
      wait "2026-03-09 09:00",
      act "corrected" {},
      expect { clock = "receive", due = "2026-03-12" },
      act "accept" { court_no = "（2026）内0303民特2号", competence = here, both_apply = true,
        paper_agreement = true, paper_body = true, paper_identity = true, paper_address = true },
      expect { clock = "rule", due = "2026-03-24" },
      expect { clock = "cap", due = "2026-04-08" },
      act "extend" { reason = "需要核实履行期限" },
      expect { clock = "rule", due = "2026-04-03" },
      denied "extend" { reason = "再延" },
      wait "2026-04-04 09:00", expect { late = true, mark = "yellow" },
      wait "2026-04-09 00:00", expect { mark = "red" },
      act "reject" { reject_ground = "内容不明确（民诉法解释2022第三百五十八条）",
        ruling_no = "（2026）内0303民特2号裁定", told = "可以重新调解或者起诉" },
      expect { state = "rejected", closed = true, outcome = "驳回申请" },
    },

    scenario "裁定前撤回" {
      open { at = "2022-03-01 09:00", body = "wuhai.court", place = "150300",
        fields = { subject = "股权转让款", text = "转让款。", agreed_on = "2022-02-20",
          terms = "分期支付。", both_apply = true } },
      expect { profile = "CPL21" },
      act "withdraw" { reason = "双方已经履行完毕" },
      expect { state = "withdrawn", closed = true },
    },

    scenario "调解组织代为移交的：签收后才是收到申请；材料不全的可以退回" {
      open { flow = "people_mediation", at = "2026-03-02 09:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "流转费", text = "流转费未付。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "书面", terms = "分期付清。", facts = "欠流转费三千元。", manner = "转账",
        perform_by = "2026-04-20" },
      act "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院" },
      follow "to",
      expect { state = "incoming", clock = "receipt", due = "2026-03-05" },
      expect { clock = "ask", due = "2026-04-01" },
      wait "2026-03-04 09:00",
      act "receive" {},
      expect { state = "filed", clock = "receive", due = "2026-03-09" },
      open { flow = "people_mediation", at = "2026-03-05 09:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "流转费", text = "流转费未付。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "书面", terms = "分期付清。", facts = "欠流转费三千元。", manner = "转账",
        perform_by = "2026-04-20" },
      act "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院" },
      follow "to",
      act "give_back" { reason = "没有协议原件" },
      expect { state = "returned", closed = true },
      follow "from",
      expect { state = "agreed" },
    },
  },
}
