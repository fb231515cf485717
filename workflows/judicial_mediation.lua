-- 司法调解衔接流程：立案前委派、立案后委托和诉讼中调解（《民事诉讼法》，条号按2023修正；《关于人民法院特邀调解的规定》
-- 法释〔2016〕14号，下称特邀规定；《人民法院在线调解规则》，下称在线规则；民诉法解释2022年修正）。
-- 系统不代替法院办案，只保存衔接记录：案号、日期、结果。调解过程和内容保密（特邀规定第二条第五项、
-- 民诉法解释第一百四十六条）；调解中作出的让步不得在诉讼中作为对其不利的证据（特邀规定第二十二条）。
--
-- 委派（立案前）30日、委托（立案后）普通程序15日、简易程序7日，都自调解员、调解组织签收材料之日起算
--（在线的自平台确认之日），双方同意可以延长。立案前的鉴定不计入；委托后延长的期间不计入审限，由承办人按实际
-- 日期“扣除”，系统不猜。在线各步按工作日：选择2日、指定3日、确认3日、征询3日。

local outside = "outside"                     -- 委派、委托给调解组织，另有关联案件
local inside = "mediating|appraisal"          -- 本院特邀调解员调解
local grounds_disclosed = { "没有", "是当事人或者其代理人的近亲属", "与纠纷有利害关系",
  "有其他可能影响公正调解的关系" }

-- 司法确认的条号按当日有效的引用（与期限总表一致）。
local function confirm_law(today)
  return today < "2022-01-01" and "《民事诉讼法》（2017修正）第一百九十四条" or
    today < "2024-01-01" and "《民事诉讼法》（2021修正）第二百零一条" or
    "《民事诉讼法》（2023修正）第二百零五条"
end

local function online_clock(title, term, state, to, late)
  return clock { title = title, term = term, when = "online", from = state, to = to,
    drop = "returning|trial|withdrawn|received", warn = { "1 workday left" }, late = late }
end

-- 委派、委托的调解期限：在本院由签收之日起算，交给调解组织的由对方签收之日起算。
local function period(title, term, which, days)
  return clock { title = title, term = term, when = which, start_field = "signed_on",
    from = "mediating|outside", to = "agreed|returning|trial|back|withdrawn|stopped",
    pause = term == "ST.WP" and { appraisal = "鉴定" } or nil,
    extend = { by = days, times = 1, consent = "parties" },
    warn = { left "3 workdays" { mark "yellow", notify "acting" }, "1 workday left" },
    late = { mark "red", notify "acting" { reason = "期满未达成协议又不延长的，应当终止调解" },
      notify "judge" { reason = "调解期限届满" } } }
end

local function trial_clock(title, term, which)
  return clock { title = title, term = term, when = which,
    from = "filed|trial|signing|mediating|outside|choosing|asking|agreed|dispatched|sent",
    to = "effective|recorded|judged|withdrawn", pause = { appraisal = "鉴定" },
    warn = { "15 days left", left "3 workdays" { mark "yellow", notify "judge" } },
    late = { mark "red", notify "judge" { reason = "审限届满" },
      notify "president" { reason = "审限届满" } } }
end

return workflow "judicial_mediation" {
  title = "司法调解",
  track = "judicial",
  classify = { "subject", "text" },

  roles = {
    clerk     = at "host" { "clerk", "handler", "head", title = "立案人员" },
    judge     = at "host" { "handler", "head", title = "承办法官" },
    mediator  = at "host" { "mediator", title = "特邀调解员" },
    president = at "host" { "head", title = "院长" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "诉讼请求和事实理由", required = true, max = 10000 },
    kind    = choice { "婚姻家庭", "邻里", "房屋宅基地", "合同", "生产经营", "损害赔偿", "山林土地",
      "征地拆迁", "环境污染", "劳动争议", "道路交通事故", "医疗", "物业", "消费", "旅游",
      "知识产权", "互联网", "其他", title = "纠纷类型" },
    amount  = money { title = "标的额" },
    known_on = date { title = "知道或者应当知道权利受损害之日" },
    undisputed = text { title = "无争议事实（经双方同意书面记载，可带入诉讼）", max = 10000 },
    online  = flag { title = "在线调解" },
    excluded = choice { "特别程序", "督促程序", "公示催告程序", "确认婚姻等身份关系",
      "其他依性质不能调解的案件", title = "不得调解的情形（民诉法解释第一百四十三条）" },

    case_no = text { title = "法院案号", open = false, max = 100 },
    procedure = choice { "普通程序", "简易程序", "小额诉讼程序", title = "审理程序", open = false },
    missing = text { title = "须补正的材料", open = false },
    consent_applicant  = flag { title = "原告（申请人）同意调解", open = false },
    consent_respondent = flag { title = "被告（被申请人）同意调解", open = false },
    entrusted = choice { "委派调解（30日）", "委托调解（普通程序15日）", "委托调解（简易程序7日）",
      title = "委派、委托", open = false },
    chosen_by = choice { "双方选定", "法院指定", title = "调解员的产生", open = false },
    mediator_name = text { title = "调解员", open = false, max = 100 },
    to_body = body { title = "受委派、委托的调解组织", open = false },
    letter_no = text { title = "委派（委托）调解函号", open = false, max = 100 },
    disclosed = choice { grounds_disclosed[1], grounds_disclosed[2], grounds_disclosed[3],
      grounds_disclosed[4], title = "调解员披露的关系", open = false },
    no_objection = flag { title = "当事人知情后无异议", open = false },
    signed_on = date { title = "签收材料之日（在线为确认之日）", open = false },
    both_agree = flag { title = "双方同意", open = false },
    extend_days = integer { title = "延长日数", open = false },
    finding = text { title = "调解记录", open = false, max = 10000 },
    appraisal_matter = text { title = "鉴定事项", open = false },
    terms   = text { title = "协议内容", open = false, max = 10000 },
    agreed_on = date { title = "协议生效之日", open = false },
    manner  = text { title = "履行方式、地点", open = false },
    perform_by = date { title = "履行期限", open = false },
    both_apply = flag { title = "双方共同申请司法确认", open = false },
    agreement_no = text { title = "调解协议编号", open = false, max = 100 },
    mediation_body = text { title = "主持调解的组织和调解员", open = false, max = 400 },
    fail_ground = choice { "当事人申请撤回", "期限内无法联系当事人", "分歧过大，难以达成协议",
      "期满未达成协议，又不同意延长", "一方拒绝在协议上签字", "其他", title = "终止调解的情形",
      open = false },
    no_statement = choice { "调解和好的离婚案件", "调解维持收养关系的案件", "能够即时履行的案件",
      "其他不需要制作调解书的案件", title = "不制作调解书的情形", open = false },
    statement_no = text { title = "民事调解书文号", open = false, max = 100 },
    signed_applicant_on = date { title = "原告签收调解书之日", open = false },
    signed_respondent_on = date { title = "被告签收调解书之日", open = false },
    judgment_no = text { title = "裁判文书号", open = false, max = 100 },
    report_to = text { title = "虚假调解报告的时间、对象", open = false, max = 500 },
    told    = text { title = "已告知的法定途径", open = false },
    reason  = text { title = "说明", open = false },
  },

  states = {
    incoming    = { title = "已移送（待签收）", arrival = true, work = "clerk" },
    received    = { title = "已收到起诉材料", initial = true, work = "clerk" },
    correction  = { title = "补正中", work = "clerk" },
    asking      = { title = "征询调解意愿", work = "clerk" },
    choosing    = { title = "双方选择调解员", work = "clerk" },
    designating = { title = "法院指定调解员", work = "clerk" },
    dispatched  = { title = "已委派、委托（待调解员签收）", handling = true, work = "mediator" },
    sent        = { title = "已委派、委托调解组织（待签收）", work = "clerk" },
    outside     = { title = "调解组织调解中", work = "clerk" },
    mediating   = { title = "特邀调解员调解中", handling = true, work = "mediator" },
    appraisal   = { title = "鉴定中", handling = true, work = "mediator" },
    stopped     = { title = "中止（涉嫌虚假调解）", handling = true, work = "judge" },
    returning   = { title = "调解不成（待退回材料）", work = "mediator" },
    back        = { title = "材料已退回（应当立案）", work = "clerk" },
    filed       = { title = "已立案", handling = true, work = "judge" },
    agreed      = { title = "达成协议", handling = true, work = "judge" },
    confirming  = { title = "已申请司法确认", work = "judge" },
    signing     = { title = "调解书待双方签收", handling = true, work = "judge" },
    trial       = { title = "转入审理", handling = true, work = "judge" },

    refused   = { title = "裁定不予受理", final = true, outcome = "不予受理" },
    returned  = { title = "退回", final = true, outcome = "退回" },
    settled   = { title = "委派调解成功", final = true, outcome = "达成协议" },
    confirmed = { title = "协议经司法确认", final = true, outcome = "确认有效" },
    effective = { title = "调解书生效", final = true, outcome = "调解书生效", keep = "30年" },
    recorded  = { title = "笔录生效（不制作调解书）", final = true, outcome = "调解笔录生效" },
    judged    = { title = "已裁判", final = true, outcome = "已裁判" },
    withdrawn = { title = "撤回（撤诉）", final = true, called_off = true, outcome = "撤回" },
  },

  actions = {
    receive = on "incoming -> received" { title = "签收", by = "clerk", receipt = "accept" },
    give_back = on "incoming -> returned" { title = "退回", by = "clerk", reason = true,
      receipt = "return", within = "returnable", when = "in_time" },

    -- 立案 ---------------------------------------------------------------------------------
    corrected = on "correction -> received" { title = "已补正", by = "clerk" },
    file = on "received|back -> filed" { title = "立案", by = "clerk",
      form = { "case_no", "procedure" }, document = "filing_notice", takes = true },
    correct = on "received -> correction" { title = "要求补正", by = "clerk", form = { "missing" } },
    refuse_file = on "received|back -> refused" { title = "裁定不予受理", by = "clerk", reason = true,
      form = { "told" }, document = "filing_refusal_ruling" },

    -- 征询意愿：立案前先行调解（民事诉讼法第一百二十五条），立案后委托（特邀规定第十一条）。
    ask = on "received|filed -> asking" { title = "征询调解意愿", by = "clerk", when = "mediable" },
    consent = on "asking -> choosing" { title = "双方同意调解", by = "clerk",
      form = { "consent_applicant", "consent_respondent", "entrusted" }, when = "both_consent" },
    decline = on "asking -> received" { title = "一方不同意，继续立案", by = "clerk",
      when = "before_filing", reason = true },
    decline_trial = on "asking -> trial" { title = "一方不同意，转入审理", by = "clerk",
      when = "after_filing", reason = true },

    -- 调解员由双方选定，选不出的由法院指定；不接受指定的，视为不同意调解（特邀规定第十二条）。
    choose = on "choosing -> dispatched" { title = "双方选定调解员", by = "clerk",
      form = { "mediator_name", "letter_no?" }, run = "chosen", document = "entrust_letter" },
    leave_to_court = on "choosing -> designating" { title = "双方未选定", by = "clerk" },
    designate = on "designating -> dispatched" { title = "指定调解员", by = "clerk",
      form = { "mediator_name", "letter_no?" }, run = "designated", document = "entrust_letter" },
    refuse_mediator = on "dispatched -> returning" { title = "不接受指定（视为不同意调解）",
      by = "clerk|mediator", reason = true, when = "before_filing" },
    refuse_mediator_trial = on "dispatched -> trial" { title = "不接受指定，转入审理",
      by = "clerk|mediator", reason = true, when = "after_filing" },
    -- 调解员先披露，再签收；期限自签收之日起算（特邀规定第十五条、第二十七条，在线规则第十三条、第二十四条）。
    sign = on "dispatched -> mediating" { title = "签收材料", by = "mediator",
      form = { "disclosed", "no_objection?", "signed_on" }, when = "impartial",
      document = "rights_notice", takes = true },
    replace = on "dispatched|mediating -> choosing" { title = "更换调解员（回避）", by = "clerk|judge",
      reason = true },

    -- 委派、委托给调委会：关联案件，对方签收后起算；退回的重新选择。
    send = on "choosing|designating -> sent" { title = "委派、委托调解组织", by = "clerk",
      form = { "to_body", "letter_no?" }, document = "entrust_letter",
      hand_over = hand_over "people_mediation" { to = field "to_body", max_hops = 3,
        carry = { subject = "subject", text = "text", kind = "kind", amount = "amount",
          entrusted = "entrusted", undisputed = "undisputed" },
        received = { go "outside" }, returned = { go "choosing" },
        closed = { ["达成协议"] = { go "agreed" }, ["调解成功"] = { go "agreed" },
          ["撤回"] = { go "returning" }, otherwise = { go "returning" } } } },

    -- 调解 ---------------------------------------------------------------------------------
    session = on "mediating" { title = "调解记录", by = "mediator", form = { "finding" },
      document = "session_record" },
    record_facts = on "mediating" { title = "记载无争议事实", by = "mediator",
      form = { "undisputed", "both_agree" }, when = "both_agree_facts",
      document = "undisputed_facts" },
    extend = on "mediating|outside" { title = "延长委派调解期限", by = "mediator|clerk",
      extends = "wp", form = { "both_agree", "extend_days?" }, when = "both_agree", reason = true },
    extend_ordinary = on "mediating|outside" { title = "延长委托调解期限（普通程序）",
      by = "mediator|clerk", extends = "wt_ordinary", form = { "both_agree", "extend_days?" },
      when = "both_agree", reason = true },
    extend_summary = on "mediating|outside" { title = "延长委托调解期限（简易程序）",
      by = "mediator|clerk", extends = "wt_summary", form = { "both_agree", "extend_days?" },
      when = "both_agree", reason = true },
    -- 鉴定：只有立案前的不计入调解期限（在线规则第二十六条）。
    appraise = on "mediating -> appraisal" { title = "委托鉴定", by = "mediator",
      form = { "appraisal_matter" }, when = "before_filing" },
    resume = on "appraisal -> mediating" { title = "鉴定完成", by = "mediator" },
    agree = on "mediating -> agreed" { title = "达成协议", by = "mediator",
      form = { "terms", "agreed_on", "manner?", "perform_by?" }, when = "not_future",
      document = "mediation_agreement" },
    fail = on "mediating|appraisal -> returning" { title = "调解不成", by = "mediator",
      form = { "fail_ground", "undisputed?" }, when = "before_filing",
      document = "mediation_feedback" },
    fail_trial = on "mediating|appraisal|returning -> trial" { title = "调解不成，转入审理",
      by = "mediator|judge", form = { "fail_ground?", "undisputed?" }, when = "after_filing",
      document = "mediation_feedback" },
    -- 调解不成：材料退回法院，当事人坚持起诉的，法院应当登记立案（特邀规定第二十一条）。
    papers = on "returning -> back" { title = "退回材料", by = "mediator|clerk",
      when = "before_filing" },
    -- 虚假调解：中止并报告（特邀规定第十八条）。
    stop = on "mediating -> stopped" { title = "中止调解（涉嫌虚假）", by = "mediator|judge",
      reason = true },
    report = on "stopped" { title = "报告虚假调解", by = "judge", form = { "report_to" } },
    after_stop = on "stopped -> back" { title = "终止调解，退回立案", by = "judge", reason = true,
      when = "before_filing_reported" },
    after_stop_trial = on "stopped -> trial" { title = "终止调解，转入审理查明", by = "judge",
      reason = true, when = "after_filing_reported" },

    -- 结果 ---------------------------------------------------------------------------------
    -- 立案前：协议可以共同申请司法确认，由邀请调解的法院管辖；也可以直接履行。
    confirm = on "agreed -> confirming" { title = "共同申请司法确认", by = "clerk|judge",
      form = { "both_apply", "terms?", "agreed_on?", "manner?", "perform_by?", "agreement_no?",
        "mediation_body?" },
      when = "may_confirm", run = "name_mediators", document = "sfqr_application",
      hand_over = hand_over "judicial_confirmation" { to = "host",
        carry = { subject = "subject", text = "text", terms = "terms", manner = "manner",
          perform_by = "perform_by", agreed_on = "agreed_on", both_apply = "both_apply",
          agreement_no = "agreement_no", mediation_body = "mediation_body" },
        returned = { go "agreed" },
        closed = { ["确认有效"] = { go "confirmed" }, otherwise = { go "agreed" } } } },
    settle = on "agreed -> settled" { title = "报送调解协议，结束委派", by = "judge|clerk",
      form = { "terms?", "agreed_on?", "perform_by?" }, when = "before_filing" },
    -- 立案后：审查协议，制作民事调解书（特邀规定第二十条、民事诉讼法第一百条）。
    state_terms = on "agreed -> signing" { title = "制作民事调解书", by = "judge",
      form = { "statement_no", "terms" }, when = "after_filing", document = "mediation_statement" },
    serve_statement = on "signing" { title = "记录签收", by = "judge|clerk",
      form = { "signed_applicant_on?", "signed_respondent_on?" }, when = "not_future" },
    -- 双方签收才生效，以最后签收之日为准；不得留置送达（民诉法解释第一百三十三条、第一百四十九条）。
    take_effect = on "signing -> effective" { title = "调解书生效", by = "judge",
      when = "both_signed" },
    refuse_sign = on "signing -> trial" { title = "一方拒收，转入审理", by = "judge", reason = true },
    no_paper = on "agreed|filed|trial -> recorded" { title = "记入笔录，不制作调解书", by = "judge",
      form = { "no_statement", "terms" }, when = "after_filing" },
    -- 诉讼中由法官主持的调解。
    settle_in_court = on "filed|trial -> agreed" { title = "庭上达成协议", by = "judge",
      form = { "consent_applicant", "consent_respondent", "terms", "agreed_on" },
      when = "both_consent" },
    go_to_trial = on "filed|agreed -> trial" { title = "转入审理程序", by = "judge",
      when = "after_filing" },
    judge = on "trial|filed -> judged" { title = "作出裁判", by = "judge", form = { "judgment_no" } },
    withdraw = on "received|correction|asking|choosing|designating|dispatched|mediating|returning|back|filed|agreed|trial -> withdrawn" {
      title = "撤回（撤诉）", by = "clerk|judge", reason = true },
  },

  clocks = {
    receipt = clock { title = "签收", term = "LK.RECEIPT", from = "incoming",
      to = "received|returned",
      late = { mark "yellow", notify "acting" { reason = "移送的案件应当签收" },
        notify "president" { reason = "移送的案件3个工作日没有签收" } } },
    -- 过了退回的期限就应当签收，再依法决定（本地默认）。
    returnable = clock { title = "可以退回", term = "LK.RETURN", right = true, from = "incoming",
      to = "returned|received" },
    -- 七日立案：补正的自补正次日重新起算；双方同意委派的不再计；调解不成退回的，自退回起算。
    file = clock { title = "立案", term = "ST.FILE", from = "received|back",
      to = "filed|refused|withdrawn", drop = "choosing|correction", warn = { "2 days left" },
      late = { mark "red", notify "acting" { reason = "符合起诉条件的应当在7日内立案" } } },
    correct = clock { title = "补正", term = "ST.SFQR.CORR", from = "correction",
      to = "received|withdrawn", late = { notify "acting" { reason = "补正期满" } } },

    ask = online_clock("征询对方意愿（在线）", "ST.ON.ASK", "asking", "choosing",
      { notify "acting" { reason = "应当在3个工作日内征询" } }),
    ask_paper = clock { title = "征询意愿", term = "RT.ASK", when = "offline", from = "asking",
      to = "choosing|received|trial|withdrawn", late = { notify "acting" { reason = "应当征询" } } },
    pick = online_clock("双方选择调解员（在线）", "ST.ON.PICK", "choosing", "dispatched|sent",
      { go "designating" }),
    pick_paper = clock { title = "双方选择调解员", term = "RT.ASK", when = "offline",
      from = "choosing", to = "dispatched|sent|designating|withdrawn", late = { go "designating" } },
    designate = online_clock("指定调解员（在线）", "ST.ON.DESIG", "designating", "dispatched|sent",
      { mark "red", notify "acting" { reason = "应当在3个工作日内指定" } }),
    confirm = online_clock("调解员确认（在线）", "ST.ON.CONF", "dispatched", "mediating|choosing",
      { mark "red", notify "acting" { reason = "应当在3个工作日内确认" },
        notify "clerk" { reason = "调解员没有确认" } }),
    sign = clock { title = "调解员签收", term = "LK.RECEIPT", when = "offline",
      from = "dispatched|sent", to = "mediating|outside|choosing|returning|trial|withdrawn",
      late = { mark "yellow", notify "acting", notify "clerk" { reason = "材料没有签收" } } },

    wp = period("委派调解", "ST.WP", "weipai", "30 days"),
    wt_ordinary = period("委托调解（普通程序）", "ST.WT.ORD", "weituo_ordinary", "15 days"),
    wt_summary = period("委托调解（简易程序）", "ST.WT.SUM", "weituo_summary", "7 days"),
    appraise = clock { title = "鉴定", term = "RT.APPRAISE", from = "appraisal",
      to = "mediating|returning|trial", late = { notify "acting" { reason = "鉴定逾期" } } },
    stop = clock { title = "报告虚假调解", term = "ST.FALSE", from = "stopped", to = "back|trial",
      late = { mark "red", notify "judge" { reason = "应当报告并处理" },
        notify "president" { reason = "涉嫌虚假调解" } } },
    papers = clock { title = "退回材料", term = "ST.BACK", from = "returning",
      to = "back|trial|withdrawn", late = { mark "yellow", notify "acting" } },
    -- 立案前达成协议的，双方30日内可以共同申请司法确认。
    ask_confirm = clock { title = "申请司法确认", term = "RT.SFQR.ASK", right = true,
      when = "before_filing", start_field = "agreed_on", from = "agreed|settled", to = "confirming" },
    close = clock { title = "处理协议", term = "RT.FILE", from = "agreed",
      to = "settled|confirming|signing|recorded|trial|withdrawn|confirmed",
      late = { mark "yellow", notify "acting" { reason = "应当确认、出具调解书或者结案" } } },
    -- 法院审查的期限，到期只提醒，不算超期。
    confirming = clock { title = "司法确认审结上限", term = "ST.SFQR.CAP", right = true,
      from = "confirming", to = "confirmed|agreed",
      late = { notify "acting" { reason = "司法确认没有结果，请了解" } } },
    serve = clock { title = "调解书签收", term = "ST.SIGN", from = "signing",
      to = "effective|trial", late = { mark "yellow", notify "acting" { reason = "不签收的应当及时裁判" } } },

    trial_ordinary = trial_clock("审限（普通程序）", "ST.TRIAL.ORD", "ordinary"),
    trial_summary = trial_clock("审限（简易程序）", "ST.TRIAL.SUM", "summary"),
    trial_small = trial_clock("审限（小额诉讼）", "ST.TRIAL.SMALL", "small"),

    -- 当事人的权利，结案后继续显示。
    execute = clock { title = "申请执行", term = "ST.EXEC", right = true, when = "to_perform",
      start_field = "perform_by", from = "effective|confirmed" },
    limitation = clock { title = "诉讼时效", term = "MS.BAR", right = true, when = "dated",
      start_field = "known_on", from = "received|returned|withdrawn|settled" },
  },

  guards = {
    -- 只是收件单位的权利，期满即止：过了期限应当签收，再依法移送或者决定。
    in_time = function(case)
      local k = case.clocks.returnable
      return k == nil or k.state == "running",
        "可以退回的期限" .. (k and k.legal or "") .. "已过：请签收，再立案或者裁定不予受理", "参照信访工作条例第二十三条（本地默认，三调衔接）"
    end,
    online = function(case) return case.fields.online == true, "不是在线调解" end,
    offline = function(case) return case.fields.online ~= true, "在线调解另有期限" end,
    dated = function(case) return case.fields.known_on ~= nil, "没有写明知道之日" end,
    to_perform = function(case) return case.fields.perform_by ~= nil, "没有待履行的期限" end,
    ordinary = function(case) return case.fields.procedure == "普通程序", "不是普通程序" end,
    summary = function(case) return case.fields.procedure == "简易程序", "不是简易程序" end,
    small = function(case) return case.fields.procedure == "小额诉讼程序", "不是小额诉讼" end,
    weipai = function(case) return case.fields.case_no == nil, "已经立案" end,
    weituo_ordinary = function(case)
      return case.fields.case_no ~= nil and case.fields.procedure == "普通程序", "不是普通程序的委托"
    end,
    weituo_summary = function(case)
      return case.fields.case_no ~= nil and case.fields.procedure ~= "普通程序", "不是简易程序的委托"
    end,

    before_filing = function(case)
      return case.fields.case_no == nil, "只用于立案前的委派调解：已经立案的请转入审理或者制作调解书",
        "《特邀调解规定》第十九条至第二十一条"
    end,
    after_filing = function(case)
      return case.fields.case_no ~= nil, "只用于已经立案的案件：没有立案的请先登记立案或者退回材料",
        "《特邀调解规定》第二十条、第二十一条"
    end,
    before_filing_reported = function(case)
      if case.fields.report_to == nil then
        return false, "请先报告：写明时间、对象", "《特邀调解规定》第十八条"
      end
      return case.fields.case_no == nil, "已经立案的请转入审理", "《特邀调解规定》第二十一条"
    end,
    after_filing_reported = function(case)
      if case.fields.report_to == nil then
        return false, "请先报告：写明时间、对象", "《特邀调解规定》第十八条"
      end
      return case.fields.case_no ~= nil, "没有立案的请退回立案", "《特邀调解规定》第二十一条"
    end,

    mediable = function(case)
      return case.fields.excluded == nil, "这类案件不得调解：" .. (case.fields.excluded or ""),
        "《民诉法解释》（2022）第一百四十三条"
    end,

    both_consent = function(case, input)
      if case.fields.excluded ~= nil then
        return false, "这类案件不得调解：" .. case.fields.excluded,
          "《民诉法解释》（2022）第一百四十三条"
      end
      if input.consent_applicant == false or input.consent_respondent == false then
        return false, "双方当事人均须自愿；一方不同意的，继续立案或者审理",
          "《民事诉讼法》第一百二十五条、《特邀调解规定》第十一条"
      end
      local weipai = input.entrusted == "委派调解（30日）"
      if input.entrusted ~= nil and weipai ~= (case.fields.case_no == nil) then
        return false, "立案前用委派，立案后用委托", "《特邀调解规定》第十一条"
      end
      return true
    end,

    -- 有应当回避的关系，披露后当事人没有异议的才可以继续。
    impartial = function(case, input, today)
      if input.signed_on ~= nil and input.signed_on > today then
        return false, "签收日期不能晚于今天", "《特邀调解规定》第二十七条"
      end
      if input.disclosed == nil or input.disclosed == grounds_disclosed[1] then
        return true
      end
      return input.no_objection == true, "调解员应当回避：请更换调解员，或者记录当事人知情后无异议",
        "《特邀调解规定》第十五条、《在线调解规则》第十三条"
    end,

    both_agree = function(case, input)
      return input.both_agree ~= false, "延长调解期限须双方同意", "《特邀调解规定》第二十七条"
    end,
    both_agree_facts = function(case, input)
      return input.both_agree ~= false, "无争议事实须经双方同意才可以记载并带入诉讼",
        "《在线调解规则》第二十二条"
    end,

    not_future = function(case, input, today)
      for _, name in ipairs { "agreed_on", "signed_applicant_on", "signed_respondent_on" } do
        if input[name] ~= nil and input[name] > today then
          return false, "日期不能晚于今天", "《民事诉讼法》第一百条"
        end
      end
      return true
    end,

    both_signed = function(case)
      return case.fields.signed_applicant_on ~= nil and case.fields.signed_respondent_on ~= nil,
        "调解书须双方本人签收才生效，以最后一方签收之日为准，不适用留置送达",
        "《民事诉讼法》第一百条、《民诉法解释》（2022）第一百三十三条、第一百四十九条"
    end,

    may_confirm = function(case, input, today)
      if case.fields.case_no ~= nil then
        return false, "已经立案的，由法院制作调解书，不申请司法确认", "《特邀调解规定》第二十条"
      end
      return input.both_apply ~= false, "司法确认须由双方共同申请", confirm_law(today)
    end,
  },

  hooks = {
    -- 由本院特邀调解员主持、表中没有写明的，写本院和调解员。
    name_mediators = function(case, input)
      if input.mediation_body == nil and case.fields.mediator_name ~= nil then
        return { set { mediation_body = case.host_name .. " 特邀调解员" .. case.fields.mediator_name } }
      end
    end,
    chosen = function() return { set { chosen_by = "双方选定" } } end,
    designated = function() return { set { chosen_by = "法院指定" } } end,
  },

  tests = {
    scenario "委派30日自签收起算，届满在元旦，顺延到1月4日；不成退回，7日内立案" {
      open { at = "2021-12-01 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款五万元。", kind = "合同", known_on = "2021-11-01" } },
      expect { state = "received", clock = "file", due = "2021-12-08" },
      expect { clock = "limitation", due = "2024-11-01" },
      act "ask" {},
      denied "consent" { consent_applicant = true, consent_respondent = false,
        entrusted = "委派调解（30日）", because = "自愿" },
      denied "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委托调解（简易程序7日）", because = "立案前用委派" },
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委派调解（30日）" },
      act "choose" { mediator_name = "特邀调解员甲", letter_no = "（2021）内0303委派1号" },
      expect { state = "dispatched", fields = { chosen_by = "双方选定" } },
      wait "2021-12-03 09:00",
      denied "sign" { disclosed = "与纠纷有利害关系", signed_on = "2021-12-03", because = "回避" },
      act "sign" { disclosed = "没有", signed_on = "2021-12-03" },
      expect { clock = "wp", due = "2022-01-04" },
      act "session" { finding = "双方对本金无争议。" },
      denied "record_facts" { undisputed = "本金五万元。", both_agree = false, because = "第二十二条" },
      act "record_facts" { undisputed = "本金五万元。", both_agree = true },
      denied "extend_ordinary" { both_agree = true, reason = "没有立案" },
      denied "fail_trial" { because = "没有立案" },
      denied "extend" { both_agree = false, reason = "再谈", because = "双方" },
      act "extend" { both_agree = true, extend_days = 10, reason = "再谈一次" },
      expect { clock = "wp", due = "2022-01-12" },
      wait "2022-01-13 00:00", expect { late = true, mark = "red" },
      act "fail" { fail_ground = "期满未达成协议，又不同意延长" },
      expect { state = "returning", clock = "papers", due = "2022-01-18" },
      act "papers" {},
      expect { state = "back", clock = "file", due = "2022-01-20" },
      act "file" { case_no = "（2022）内0303民初1号", procedure = "简易程序" },
      expect { clock = "trial_summary", due = "2022-04-13" },
      act "judge" { judgment_no = "（2022）内0303民初1号判决" },
      expect { state = "judged", closed = true },
    },

    scenario "在线：征询3、选择2、指定3、确认3个工作日；鉴定30日不计入，届满顺延到5月5日" {
      open { at = "2022-02-21 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "损害赔偿", text = "车辆剐蹭。", online = true } },
      act "ask" {},
      expect { clock = "ask", due = "2022-02-24" },
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委派调解（30日）" },
      expect { clock = "pick", due = "2022-02-23" },
      wait "2022-02-24 00:00",
      expect { state = "designating", late = false, clock = "designate", due = "2022-03-01" },
      act "designate" { mediator_name = "特邀调解员甲" },
      expect { clock = "confirm", due = "2022-03-01", fields = { chosen_by = "法院指定" } },
      wait "2022-03-01 09:00",
      act "sign" { disclosed = "有其他可能影响公正调解的关系", no_objection = true,
        signed_on = "2022-03-01" },
      expect { clock = "wp", due = "2022-03-31" },
      wait "2022-03-10 09:00",
      act "appraise" { appraisal_matter = "车辆损失" },
      wait "2022-04-08 17:00",
      act "resume" {},
      expect { clock = "wp", due = "2022-05-05" },
      act "agree" { terms = "赔偿三千元。", agreed_on = "2022-04-08", perform_by = "2022-05-31" },
      expect { state = "agreed", clock = "ask_confirm", due = "2022-05-09" },
      denied "state_terms" { statement_no = "甲", terms = "乙", because = "已经立案" },
      act "settle" {},
      expect { state = "settled", outcome = "达成协议", clock = "ask_confirm", due = "2022-05-09" },
    },

    scenario "委托7日跨春节，到调休上班的1月28日；调解书双方签收才生效" {
      open { at = "2023-01-09 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "物业费", text = "物业费纠纷。", kind = "物业" } },
      denied "no_paper" { no_statement = "能够即时履行的案件", terms = "当场付清。" },
      act "file" { case_no = "（2023）内0303民初1号", procedure = "简易程序" },
      expect { clock = "trial_summary", due = "2023-04-10" }, -- 4月9日周日
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委托调解（简易程序7日）" },
      act "leave_to_court" {},
      act "designate" { mediator_name = "特邀调解员甲" },
      wait "2023-01-18 09:00",
      act "sign" { disclosed = "没有", signed_on = "2023-01-18" },
      expect { clock = "wt_summary", due = "2023-01-28" },
      denied "appraise" { appraisal_matter = "质量", because = "立案前" },
      act "extend_summary" { both_agree = true, reason = "再谈" },
      expect { clock = "wt_summary", due = "2023-02-01" },
      act "agree" { terms = "补交物业费。", agreed_on = "2023-01-18", perform_by = "2023-02-28" },
      denied "settle" { because = "立案前" },
      denied "confirm" { both_apply = true, because = "调解书" },
      act "state_terms" { statement_no = "（2023）内0303民初1号调解书", terms = "补交物业费。" },
      expect { clock = "serve", due = "2023-01-28" },
      act "serve_statement" { signed_applicant_on = "2023-01-18" },
      denied "take_effect" { because = "第一百四十九条" },
      wait "2023-01-20 09:00",
      denied "serve_statement" { signed_respondent_on = "2023-01-21", because = "晚于今天" },
      act "serve_statement" { signed_respondent_on = "2023-01-20" },
      act "take_effect" {},
      expect { state = "effective", closed = true, outcome = "调解书生效", clock = "execute",
        due = "2025-02-28" },
    },

    scenario "一方拒收调解书转入审理；庭上和解、即时履行记入笔录" {
      open { at = "2024-03-01 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "买卖", text = "货款纠纷。", kind = "合同" } },
      act "file" { case_no = "（2024）内0303民初2号", procedure = "普通程序" },
      expect { clock = "trial_ordinary", due = "2024-09-02" }, -- 9月1日周日
      act "settle_in_court" { consent_applicant = true, consent_respondent = true,
        terms = "分期支付。", agreed_on = "2024-03-01" },
      act "state_terms" { statement_no = "（2024）内0303民初2号调解书", terms = "分期支付。" },
      act "refuse_sign" { reason = "被告反悔" },
      expect { state = "trial" },
      act "no_paper" { no_statement = "能够即时履行的案件", terms = "当庭付清。" },
      expect { state = "recorded", closed = true },
      open { at = "2024-03-04 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "支付令", text = "申请支付令。", excluded = "督促程序" } },
      denied "ask" { because = "第一百四十三条" },
      act "correct" { missing = "身份证明" },
      expect { clock = "correct", due = "2024-03-14" },
      act "corrected" {},
      expect { clock = "file", due = "2024-03-11" },
      act "refuse_file" { told = "申请支付令走督促程序", reason = "不属于民事诉讼受理范围" },
      expect { state = "refused" },
    },

    scenario "不接受指定视为不同意；立案后转入审理；涉嫌虚假调解中止并报告" {
      open { at = "2024-03-01 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款。" } },
      act "ask" {}, act "decline" { reason = "被告不愿意" },
      expect { state = "received", clock = "file", due = "2024-03-08" }, -- 征询不停立案期限
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委派调解（30日）" },
      act "leave_to_court" {}, act "designate" { mediator_name = "特邀调解员甲" },
      act "refuse_mediator" { reason = "不接受指定" },
      expect { state = "returning" },
      act "papers" {},
      act "file" { case_no = "（2024）内0303民初3号", procedure = "普通程序" },
      act "ask" {}, act "decline_trial" { reason = "一方不同意" },
      expect { state = "trial" },
      act "withdraw" { reason = "撤诉" },

      open { at = "2024-03-04 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款。" } },
      act "file" { case_no = "（2024）内0303民初4号", procedure = "普通程序" },
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委托调解（普通程序15日）" },
      act "leave_to_court" {}, act "designate" { mediator_name = "特邀调解员甲" },
      act "replace" { reason = "调解员是一方近亲属" },
      act "choose" { mediator_name = "特邀调解员乙" },
      act "sign" { disclosed = "没有", signed_on = "2024-03-04" },
      expect { clock = "wt_ordinary", due = "2024-03-19" },
      act "extend_ordinary" { both_agree = true, extend_days = 5, reason = "再谈" },
      expect { clock = "wt_ordinary", due = "2024-03-25" }, -- 3月24日周日
      act "stop" { reason = "双方串通虚构债务" },
      expect { clock = "stop", due = "2024-03-05" },
      denied "after_stop_trial" { reason = "审理", because = "第十八条" },
      act "report" { report_to = "3月4日报告分管院长" },
      denied "after_stop" { reason = "退回", because = "已经立案" },
      act "after_stop_trial" { reason = "审理查明" },
      expect { state = "trial" },

      open { at = "2024-03-05 09:00", body = "hainan.court", place = "150303",
        fields = { subject = "借款", text = "借款。" } },
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委派调解（30日）" },
      act "choose" { mediator_name = "特邀调解员甲" },
      act "sign" { disclosed = "没有", signed_on = "2024-03-05" },
      act "stop" { reason = "双方串通" }, act "report" { report_to = "3月5日报告" },
      act "after_stop" { reason = "退回" },
      expect { state = "back", clock = "file", due = "2024-03-12" },
      act "file" { case_no = "（2024）内0303民初5号", procedure = "小额诉讼程序" },
      expect { clock = "trial_small", due = "2024-05-06" }, -- 5月5日假期
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委托调解（简易程序7日）" },
      act "choose" { mediator_name = "特邀调解员甲" },
      act "refuse_mediator_trial" { reason = "不接受" },
      expect { state = "trial" },
      act "settle_in_court" { consent_applicant = true, consent_respondent = true,
        terms = "分期。", agreed_on = "2024-03-05" },
      act "go_to_trial" {},
      act "judge" { judgment_no = "（2024）内0303民初5号判决" },
    },

    scenario "委派调委会：自对方签收起算；达成协议即告知法院，司法确认由本院管辖" {
      open { at = "2021-12-01 09:00", body = "hainan.court", place = "150303104201",
        fields = { subject = "借款", text = "借款五万元。", kind = "合同" } },
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委派调解（30日）" },
      act "send" { to_body = "yanglujing.tw", letter_no = "委派一号" },
      expect { state = "sent" },
      follow "to",
      wait "2021-12-03 09:00",
      act "sign_for" {},
      expect { clock = "wp", due = "2022-01-04" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      follow "from",
      expect { state = "outside", clock = "wp", due = "2022-01-04" },
      follow "to",
      act "agree" { form = "书面", terms = "分期。", facts = "欠五万元。", manner = "转账",
        perform_by = "2022-03-01" },
      expect { state = "agreed", closed = false }, -- 那边继续回访
      follow "from",
      expect { state = "agreed" },
      act "confirm" { both_apply = true, terms = "分期。", agreed_on = "2021-12-03" },
      follow "to" { flow = "judicial_confirmation" },
      act "receive" {},
      act "accept" { court_no = "民特一号", competence = "调解组织所在地基层人民法院",
        paper_agreement = true, paper_body = true, paper_identity = true, paper_address = true },
      act "confirm" { ruling_no = "裁定一号" },
      follow "from",
      expect { state = "confirmed", closed = true, outcome = "确认有效" },
    },

    scenario "委托调委会不成，转入审理" {
      open { at = "2024-03-01 09:00", body = "hainan.court", place = "150303104201",
        fields = { subject = "借款", text = "借款。" } },
      act "file" { case_no = "民初一号", procedure = "普通程序" },
      act "ask" {},
      act "consent" { consent_applicant = true, consent_respondent = true,
        entrusted = "委托调解（普通程序15日）" },
      act "send" { to_body = "yanglujing.tw" },
      follow "to",
      act "sign_for" {},
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "fail" { reason = "差距过大", told = "人民法院诉讼" },
      follow "from",
      expect { state = "returning" },
      act "fail_trial" { fail_ground = "分歧过大，难以达成协议" },
      expect { state = "trial" },
    },

    scenario "调解不成移送来的：签收后7日内立案；材料不对的退回" {
      open { flow = "people_mediation", at = "2026-03-02 09:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "借款", text = "借款五万元。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_court" { reason = "申请人起诉" },
      follow "to",
      expect { state = "incoming", clock = "receipt", due = "2026-03-05" },
      act "receive" {},
      expect { state = "received", clock = "file", due = "2026-03-09" },
      open { flow = "people_mediation", at = "2026-03-02 10:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "借款", text = "借款三万元。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_court" { reason = "申请人起诉" },
      follow "to",
      expect { clock = "returnable", due = "2026-03-09" },
      act "give_back" { reason = "没有起诉状" },
      expect { state = "returned", closed = true },
      open { flow = "people_mediation", at = "2026-03-02 11:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "借款", text = "借款一万元。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_court" { reason = "申请人起诉" },
      follow "to",
      wait "2026-03-10 00:00",
      denied "give_back" { reason = "太晚", because = "2026-03-09" }, -- 5个工作日已过：签收后补正、立案或者裁定不予受理
    },
  },
}
