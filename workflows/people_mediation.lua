-- 人民调解流程（《人民调解法》；《人民调解工作若干规定》司法部令第75号，下称75号令）。
-- 自愿贯穿始终：一方明确拒绝就不得调解，也不上提，只告知仲裁、行政、诉讼途径（第三条、第十七条、
-- 第二十六条）；调解不收费（第四条），不得阻止当事人走其他途径。
--
-- 分级化解：村7日、镇15日、区30日、市30日（本地默认，workflows/wuhai/terms.lua 的 L1–L4），
-- 到期未了结的上提一级，原调解组织作为参与人；上一级接收、问过双方意愿后才开始调解，期限自到达之日起算。
-- 当事人不愿调解（party_refused）的不上提。村、镇两级合计不超过一个月（75号令第三十三条）。

local working = "registered|accepted|handed_up|mediating"
local ended = "agreed|failed|declined|withdrawn"
local warnings = { left "3 workdays" { mark "yellow", notify "acting" }, "1 workday left" }

-- 一级的工作期限：到期标红并上提到上一级能办的组织。鉴定期间不计入。
local function level_clock(level, term, title, days)
  return clock { title = title, term = term, level = level, restart_on_host = true,
    from = working, to = ended, pause = { appraisal = "鉴定" },
    extend = { by = days, times = 1, consent = "parties" },
    warn = warnings,
    late = { mark "red", notify "acting" { reason = "本级期限届满" },
      escalate { to = "parent", unless = "party_refused", reason = "本级期限届满，上提一级" },
      go "handed_up" { unless = "party_refused" } } }
end

-- 最后一级没有上级可提：每月复核，告知法定途径。
local function last_level()
  local late = { mark "red", notify "acting" { reason = "期限届满，应当告知法定途径" } }
  for _, span in ipairs { "1 month", "2 months", "3 months", "4 months", "5 months", "6 months" } do
    table.insert(late, after(span) { notify "acting" { reason = "每月复核：应当告知法定途径" } })
  end
  return clock { title = "市督调", term = "L4.LIMIT", level = "city", restart_on_host = true,
    from = working, to = ended, pause = { appraisal = "鉴定" }, warn = warnings, late = late }
end

-- 接到之后几日内应当开始调解；只受理没有开始的不算。
local function start_clock(level, term, title, words)
  return clock { title = title, term = term, level = level, restart_on_host = true,
    from = "registered|handed_up", to = "mediating|declined|failed|withdrawn",
    warn = { "1 workday left" }, late = { notify "acting" { reason = words } } }
end

local legal_routes = {
  "仲裁（劳动、土地承包、商事）", "行政机关处理（复议、裁决、查处）", "人民法院诉讼", "公安机关" }

return workflow "people_mediation" {
  title = "人民调解",
  track = "people",
  classify = { "subject", "text" },

  roles = {
    mediator = at "host" { "mediator", "chief", title = "调解员" },
    chief    = at "host" { "chief", "head", title = "调委会主任" },
    overseer = at "parent" { "overseer", "chief", title = "上级指导人" },
    importer = at "any" { "importer", title = "历史数据导入员" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "纠纷简况", required = true, max = 10000 },
    kind    = choice { "婚姻家庭", "邻里", "房屋宅基地", "合同", "生产经营", "损害赔偿", "山林土地",
      "征地拆迁", "环境污染", "劳动争议", "道路交通事故", "医疗", "物业", "消费", "旅游",
      "知识产权", "互联网", "其他", title = "纠纷类型" },
    started = choice { "当事人申请", "主动介入", "移送委派", title = "来源方式" },
    amount  = money { title = "涉及金额" },
    people_count = integer { title = "涉及人数" },
    village_count = integer { title = "涉及村（社区）数" },
    violence = flag { title = "有暴力、自伤、持械、堵路等危险" },
    cross_town = flag { title = "跨镇（街道）" },
    cross_district = flag { title = "跨区" },
    respondent_committee = flag { title = "对方是村（居）委会或其成员" },
    respondent_town = flag { title = "对方是镇（街道）" },
    needs_agency = flag { title = "须区级部门参与（征收、检测、欠薪责令）" },

    consent_applicant  = flag { title = "申请方同意调解", open = false },
    consent_respondent = flag { title = "对方同意调解", open = false },
    party_refused = flag { title = "一方明确拒绝调解", open = false },
    told    = choice { legal_routes[1], legal_routes[2], legal_routes[3], legal_routes[4],
      title = "已告知的法定途径", open = false },
    tried   = text { title = "已做的工作（次数、日期）", open = false },
    wish    = text { title = "双方目前意愿", open = false },
    form    = choice { "书面", "口头", title = "协议形式", open = false },
    terms   = text { title = "协议内容", open = false, max = 10000 },
    perform_by = date { title = "履行期限", open = false },
    performed = choice { "已履行", "部分履行", "未履行", title = "履行情况", open = false },
    facts   = text { title = "主要事实、争议事项和各方责任", open = false, max = 10000 },
    instant = flag { title = "当场履行完毕", open = false },
    manner  = text { title = "履行方式、地点", open = false },
    oral_wish = flag { title = "双方认为无须制作书面协议", open = false },
    both_agree = flag { title = "双方同意延长", open = false },
    sponsor = text { title = "批准延长的包案领导", open = false, max = 50 },
    extend_days = integer { title = "延长日数", open = false },
    finding = text { title = "回访记录", open = false },
    police_note = text { title = "报告公安机关的时间、内容", open = false },
  },

  states = {
    registered = { title = "已登记（征求意愿）", initial = true, work = "mediator" },
    accepted   = { title = "已受理", work = "mediator" },
    handed_up  = { title = "已上提（待接收）", work = "mediator" },
    mediating  = { title = "调解中", work = "mediator" },
    appraisal  = { title = "鉴定中", work = "mediator" },
    agreed     = { title = "达成协议（履行中）", work = "mediator" },
    followed_up = { title = "已回访", work = "mediator" },
    settled    = { title = "已结案（待复访）", work = "mediator" },

    declined  = { title = "不予调解", final = true, outcome = "不予调解" },
    failed    = { title = "调解不成", final = true, outcome = "调解不成" },
    withdrawn = { title = "撤回", final = true, outcome = "撤回" },
    breached  = { title = "不履行，已告知起诉", final = true, outcome = "协议未履行" },
    closed    = { title = "办结", final = true, outcome = "调解成功", keep = "10年" },
  },

  actions = {
    -- 双方自愿才受理（《人民调解法》第十七条；75号令第二十三、二十四条）。
    accept = on "registered -> accepted" { title = "受理", by = "mediator|importer",
      form = { "consent_applicant", "consent_respondent" }, when = "both_consent",
      document = "acceptance_form" },
    decline = on "registered -> declined" { title = "不予调解", by = "mediator", reason = true,
      form = { "party_refused?", "told" }, document = "decline_notice" },
    -- 先告知权利义务再开始（75号令第三十条）。
    begin = on "accepted -> mediating" { title = "开始调解", by = "mediator|importer",
      document = "rights_notice" },
    appraise = on "mediating -> appraisal" { title = "委托鉴定", by = "mediator", reason = true },
    resume = on "appraisal -> mediating" { title = "鉴定完成", by = "mediator" },
    -- 书面协议各方签名盖章、口头协议达成时生效（第二十八至三十条）；还要履行的须写明方式和期限。
    agree = on "mediating -> agreed" { title = "达成协议", by = "mediator|importer",
      form = { "form", "terms", "facts?", "instant?", "manner?", "perform_by?", "oral_wish?" },
      when = "agreement_complete", document = "mediation_agreement" },
    -- 调解不成应当终止并告知途径（第二十六条）；一方拒绝即终止，不上提。
    fail = on "accepted|handed_up|mediating|appraisal -> failed" { title = "调解不成",
      by = "mediator|importer", reason = true, form = { "party_refused?", "told" },
      document = "termination_notice" },
    -- 一般一个月（75号令第三十三条）；双方同意可以延长。
    extend = on "accepted|handed_up|mediating" { title = "延长调解期限", by = "mediator",
      extends = "mediate", form = { "both_agree", "extend_days?" }, when = "both_agree",
      reason = true },
    -- 本级期限：村延3日、镇延7日由双方同意；区延15日还须包案领导批准（本地默认）。
    extend_village = on "registered|accepted|handed_up|mediating" { title = "延长首调期限（3日）",
      by = "mediator", extends = "level1", form = { "both_agree", "extend_days?" },
      when = "both_agree", reason = true },
    extend_town = on "registered|accepted|handed_up|mediating" { title = "延长会调期限（7日）",
      by = "mediator", extends = "level2", form = { "both_agree", "extend_days?" },
      when = "both_agree", reason = true },
    extend_district = on "registered|accepted|handed_up|mediating" {
      title = "延长联调期限（15日）", by = "chief", extends = "level3",
      form = { "both_agree", "sponsor", "extend_days?" }, when = "both_agree", reason = true },
    -- 移交上一级（75号令第二十一条第二款）：写清做过什么、双方意愿；拒绝调解的不上提。
    escalate_up = on "registered|accepted|mediating -> handed_up" { title = "上提一级",
      by = "mediator|chief", route = "parent", form = { "tried", "wish" }, reason = true,
      when = "not_refused", document = "transfer_form" },
    -- 接收：再问双方意愿（第三条、第十七条）；到期自动上提的，补写上一级做过的工作。
    receive = on "handed_up -> mediating" { title = "接收并开始调解", by = "mediator|importer",
      form = { "consent_applicant", "consent_respondent", "tried?", "wish?" },
      when = "handover_complete", document = "rights_notice" },
    -- 可能激化为治安、刑事案件的，当即报告公安机关（第二十五条），不必等调解。
    report_police = on "registered|accepted|handed_up|mediating|appraisal" {
      title = "报告公安机关", by = "mediator|chief", form = { "police_note" } },
    -- 适时回访，督促履行（第三十一条；75号令第三十六条）。
    follow_up = on "agreed|followed_up -> followed_up" { title = "回访", by = "mediator|importer",
      form = { "performed", "finding" }, document = "visit_record", run = "after_visit" },
    -- 反悔、不履行：协议有合同效力，可以就协议起诉（第三十一条、第三十二条）。
    breach = on "agreed|followed_up -> breached" { title = "不履行，告知起诉", by = "mediator",
      reason = true, form = { "told" }, document = "termination_notice" },
    close = on "agreed|followed_up -> settled" { title = "结案归档", by = "mediator|importer",
      when = "visited" },
    revisit = on "settled -> closed" { title = "结案复访", by = "mediator|importer",
      form = { "performed", "finding" }, document = "visit_record" },
    withdraw = on "registered|accepted|handed_up|mediating|appraisal -> withdrawn" {
      title = "撤回", by = "mediator|importer", reason = true },
  },

  clocks = {
    mediate = clock { title = "调解", term = "RT.MED", from = "accepted|mediating",
      to = "agreed|failed|withdrawn",
      pause = { appraisal = "鉴定" },
      extend = { by = "30 days", times = 1, consent = "parties" },
      warn = { "7 days left", left "3 workdays" { mark "yellow", notify "acting" } },
      late = { mark "red", notify "acting" { reason = "一般应在一个月内调结；双方同意可延长" } } },
    -- 履行期满（当场履行的自达成协议）后7日内回访，结案归档后30日复访，15日内归档：本地默认。
    visit = clock { title = "回访", limit = "7 days", from = "agreed",
      to = "followed_up|settled", drop = "breached",
      start_field = "perform_by", warn = { "1 workday left" },
      late = { notify "acting" { reason = "应当回访" } } },
    archive = clock { title = "归档", limit = "15 days", from = "followed_up",
      to = "settled|breached", late = { notify "acting" { reason = "应当结案归档" } } },
    revisit = clock { title = "结案复访", limit = "30 days", from = "settled", to = "closed",
      warn = { "7 days left" }, late = { notify "acting" { reason = "应当复访" } } },
    -- 鉴定期间不消耗调解期限（pause），但鉴定本身也有限期（本地默认）。
    appraise = clock { title = "鉴定", limit = "30 workdays", from = "appraisal",
      to = "mediating|failed|withdrawn", late = { notify "acting" { reason = "鉴定逾期" } } },

    level0 = clock { title = "网格先期处置", term = "L0.LIMIT", level = "grid",
      restart_on_host = true, from = working, to = ended,
      late = { mark "yellow", notify "acting",
        escalate { to = "parent", unless = "party_refused", reason = "网格未了结，报村" },
        go "handed_up" { unless = "party_refused" } } },
    level1 = level_clock("village", "L1.LIMIT", "村（社区）首调", "3 days"),
    level2 = level_clock("town", "L2.LIMIT", "镇（街道）会调", "7 days"),
    level3 = level_clock("district", "L3.LIMIT", "区联调", "15 days"),
    level4 = last_level(),

    start0 = start_clock("grid", "L0.START", "先期处置开始", "1个工作日内应当到场"),
    start1 = start_clock("village", "L1.START", "首调开始", "3个工作日内应当开始首调"),
    start2 = start_clock("town", "L2.START", "会调开始", "3个工作日内应当开始会调"),
    start3 = start_clock("district", "L3.START", "联调开始", "3个工作日内应当开始联调"),
    start4 = start_clock("city", "L4.START", "督调开始", "5个工作日内应当开始督调"),
  },

  -- 不等期限、直接到上级的情形。从上到下都看一遍；只向上，不向下。镇一级由镇调委会主办（调解协议
  -- 须调委会盖章），司法所、派出所、法庭参加；区、市由社会治理中心主办，有关部门参加。
  jumps = {
    ["涉及5人以上，镇会调"] = jump { when = "five_people", to = kind "tw" { level = "town" } },
    ["对方是村（居）委会，回避，镇会调"] = jump { when = "against_committee",
      to = kind "tw" { level = "town" } },
    ["10人以上或涉及两个村，区联调"] = jump { when = "ten_people",
      to = kind "sgc" { level = "district" } },
    ["跨镇（街道），区联调"] = jump { when = "across_towns", to = kind "sgc" { level = "district" } },
    ["对方是镇（街道），区联调"] = jump { when = "against_town",
      to = kind "sgc" { level = "district" } },
    ["须区级部门参与，区联调"] = jump { when = "agency_needed",
      to = kind "sgc" { level = "district" } },
    ["30人以上或有现实危险，区联调并报警"] = jump { when = "danger",
      to = kind "sgc" { level = "district" }, mark = "red" },
    ["跨区，市督调"] = jump { when = "across_districts", to = kind "sgc" { level = "city" } },
  },

  guards = {
    both_consent = function(case, input)
      return input.consent_applicant ~= false and input.consent_respondent ~= false,
        "双方当事人均须自愿；一方明确拒绝的，不得调解", "《人民调解法》第三条、第十七条"
    end,
    handover_complete = function(case, input)
      if input.consent_applicant == false or input.consent_respondent == false then
        return false, "双方当事人均须自愿；一方明确拒绝的，请终止并告知法定途径",
          "《人民调解法》第三条、第十七条"
      end
      local tried, wish = input.tried or case.fields.tried, input.wish or case.fields.wish
      return input.consent_applicant == nil or (tried ~= nil and wish ~= nil),
        "请写明上一级已做的工作（次数、日期）和双方目前意愿", "75号令第二十一条第二款"
    end,
    not_refused = function(case)
      return not case.fields.party_refused, "一方已明确拒绝调解：应告知法定途径，不上提",
        "《人民调解法》第十七条、第二十六条"
    end,
    both_agree = function(case, input)
      return input.both_agree ~= false, "延长调解期限须双方当事人同意", "75号令第三十三条"
    end,
    agreement_complete = function(case, input)
      if input.form == nil then
        return true -- 还没有填表：表单自己会要求
      end
      if input.form == "书面" and input.facts == nil then
        return false, "书面协议须写明主要事实、争议事项和各方责任",
          "《人民调解法》第二十九条、75号令第三十五条"
      end
      if input.form == "口头" and input.oral_wish ~= true then
        return false, "双方认为无须制作书面协议的才可以口头，并记录协议内容",
          "《人民调解法》第二十八条、第三十条，75号令第三十四条"
      end
      return input.instant == true or (input.manner ~= nil and input.perform_by ~= nil),
        "还要履行的，须写明履行方式、地点和期限", "《人民调解法》第二十九条、75号令第三十五条"
    end,
    visited = function(case)
      return case.state == "followed_up", "结案前应当回访，了解履行情况",
        "《人民调解法》第三十一条、75号令第三十六条"
    end,

    five_people = function(case) return (case.fields.people_count or 0) >= 5 end,
    ten_people = function(case)
      return (case.fields.people_count or 0) >= 10 or (case.fields.village_count or 0) >= 2
    end,
    danger = function(case)
      return (case.fields.people_count or 0) >= 30 or case.fields.violence == true
    end,
    against_committee = function(case) return case.fields.respondent_committee == true end,
    against_town = function(case) return case.fields.respondent_town == true end,
    agency_needed = function(case) return case.fields.needs_agency == true end,
    across_towns = function(case) return case.fields.cross_town == true end,
    across_districts = function(case) return case.fields.cross_district == true end,
  },

  hooks = {
    -- 没有履行的，提醒上级指导人督促。
    after_visit = function(case, input)
      if input.performed ~= "已履行" then
        return { notify "overseer" { reason = "协议尚未履行，请督促" } }
      end
    end,
  },

  tests = {
    scenario "村里一周调成，回访后结案，三十日后复访" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "院墙滴水", text = "邻居院墙滴水。", kind = "邻里" } },
      expect { state = "registered", host = "yanglujing.tw", level = 1 },
      denied "accept" { consent_applicant = true, consent_respondent = false, because = "自愿" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      wait "3 days",
      denied "agree" { form = "书面", terms = "三日内修好滴水檐。", because = "主要事实" },
      denied "agree" { form = "书面", terms = "三日内修好滴水檐。", facts = "滴水檐损坏。",
        because = "履行方式" },
      denied "agree" { form = "口头", terms = "三日内修好滴水檐。", because = "第三十条" },
      act "agree" { form = "书面", terms = "三日内修好滴水檐。", facts = "滴水檐年久损坏，乙方修理。",
        manner = "乙方到场修理", perform_by = "2026-03-08" },
      expect { state = "agreed", clock = "visit", due = "2026-03-16" },
      denied "close" { because = "回访" },
      act "follow_up" { performed = "已履行", finding = "已修好。" },
      act "close" {},
      expect { state = "settled", clock = "revisit", due = "2026-04-07" }, -- 4月4日至6日清明
      wait "2026-04-07 09:00",
      act "revisit" { performed = "已履行", finding = "没有再滴水。" },
      expect { state = "closed", closed = true, outcome = "调解成功" },
    },

    scenario "到期逐级上提：村、镇、区、市；每一级接收后才开始，期限重新起算" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界争议。" } },
      expect { clock = "level1", due = "2026-03-09" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      expect { clock = "start1", due = "2026-03-05" }, -- 受理不等于开始
      act "begin" {},
      expect { clock = "mediate", due = "2026-04-02" },
      wait "2026-03-04 09:00", expect { mark = "yellow", host = "yanglujing.tw" },
      wait "2026-03-09 23:59", expect { host = "yanglujing.tw", late = false },
      wait "2026-03-10 00:00",
      expect { level = 2, host = "bayintaohai.tw", participant = "yanglujing.tw",
        state = "handed_up", clock = "level2", due = "2026-03-25" },
      expect { clock = "start2", due = "2026-03-13" },
      denied "receive" { consent_applicant = true, consent_respondent = true,
        because = "已做的工作" },
      denied "receive" { consent_applicant = true, consent_respondent = false, tried = "面谈两次",
        wish = "一方不愿", because = "自愿" },
      act "receive" { consent_applicant = true, consent_respondent = true,
        tried = "3月3日、6日面谈两次", wish = "双方愿意继续" },
      expect { state = "mediating", clock = "level2", due = "2026-03-25" },
      wait "2026-03-26 00:00",
      expect { level = 3, host = "hainan.sgc", state = "handed_up", clock = "level3",
        due = "2026-04-27" }, -- 4月25日为周六
      wait "2026-04-28 00:00",
      expect { level = 4, host = "wuhai.sgc", clock = "start4", due = "2026-05-08" },
      wait "70 days", expect { level = 4, mark = "red", host = "wuhai.sgc" },
      act "fail" { reason = "意见相差过大", told = "人民法院诉讼" },
      expect { state = "failed", closed = true },
    },

    scenario "一方拒绝，不上提，告知法定途径" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "借款", text = "借款不还。" } },
      denied "decline" { party_refused = true, reason = "对方拒绝" }, -- 必须告知途径
      act "decline" { party_refused = true, told = "人民法院诉讼", reason = "对方拒绝" },
      expect { state = "declined", closed = true, level = 1 },
    },

    scenario "上提之后一方拒绝：由上一级终止并告知" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "借款", text = "借款不还。" } },
      act "escalate_up" { tried = "3月2日面谈一次", wish = "愿意继续", reason = "专业性强" },
      expect { state = "handed_up", level = 2 },
      act "fail" { reason = "对方拒绝", party_refused = true, told = "人民法院诉讼" },
      expect { state = "failed", closed = true, level = 2 },
    },

    scenario "人数多直接到镇、到区" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "多户流转费未付。", people_count = 6 } },
      expect { level = 2, host = "bayintaohai.tw", clock = "level2", due = "2026-03-17" },
      open { at = "2026-03-02 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "多户流转费未付。", people_count = 12 } },
      expect { level = 3, host = "hainan.sgc" },
      open { at = "2026-03-02 11:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "堵路", text = "堵路。", violence = true } },
      expect { level = 3, mark = "red" },
      act "report_police" { police_note = "3月2日11时10分电话报告派出所" },
      open { at = "2026-03-02 12:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "跨区地界。", cross_district = true } },
      expect { level = 4, host = "wuhai.sgc" },
      open { at = "2026-03-02 13:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "村务", text = "对村委会不满。", respondent_committee = true } },
      expect { level = 2, host = "bayintaohai.tw", clock = "start2", due = "2026-03-05" },
      open { at = "2026-03-02 14:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "征地", text = "对镇政府不满。", respondent_town = true } },
      expect { level = 3, host = "hainan.sgc" },
    },

    scenario "双方同意延长：调解期限30日，首调3日，会调7日，联调15日须包案领导批准" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "相邻", text = "相邻损害。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      denied "extend" { both_agree = false, reason = "再谈", because = "双方" },
      act "extend" { both_agree = true, extend_days = 10, reason = "双方愿意再谈" },
      expect { clock = "mediate", due = "2026-04-13" }, -- 4月2日加10日为周日
      denied "extend_village" { both_agree = false, reason = "再谈", because = "双方" },
      denied "extend_village" { both_agree = true, extend_days = 4, reason = "再谈" },
      act "extend_village" { both_agree = true, reason = "双方愿意再谈" },
      expect { clock = "level1", due = "2026-03-12" },
      denied "extend_town" { both_agree = true, reason = "不在镇里" },
      act "escalate_up" { tried = "3月2日面谈一次", wish = "愿意继续", reason = "专业性强" },
      expect { level = 2, state = "handed_up", clock = "level2", due = "2026-03-17" },
      act "receive" { consent_applicant = true, consent_respondent = true },
      act "extend_town" { both_agree = true, reason = "双方愿意再谈" },
      expect { clock = "level2", due = "2026-03-24" },
      act "escalate_up" { tried = "3月2日面谈一次", wish = "愿意继续", reason = "须部门参加" },
      act "receive" { consent_applicant = true, consent_respondent = true },
      denied "extend_district" { both_agree = true, reason = "再谈" },
      act "extend_district" { both_agree = true, sponsor = "分管副区长", reason = "等待检测" },
      expect { clock = "level3", due = "2026-04-16" },
    },

    scenario "鉴定不计入调解期限和本级期限" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "相邻", text = "相邻损害。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      wait "2026-03-03 09:00",
      act "appraise" { reason = "需要鉴定损失" },
      wait "2026-03-12 09:00",
      expect { level = 1, state = "appraisal", late = false },
      act "resume" {},
      expect { state = "mediating", clock = "level1", due = "2026-03-19" }, -- 3月3日至12日共10日
      expect { clock = "mediate", due = "2026-04-13" },
      act "withdraw" { reason = "自行和解" },
      expect { state = "withdrawn" },
    },

    scenario "三日内没有开始首调的提醒；受理登记在1月31日，一个月到月末" {
      open { at = "2024-01-31 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "相邻", text = "相邻损害。" } },
      expect { clock = "start1", due = "2024-02-04" }, -- 1日、2日和上班的星期日4日
      act "accept" { consent_applicant = true, consent_respondent = true },
      expect { clock = "mediate", due = "2024-02-29" },
      wait "2024-02-04 23:59", expect { late = false },
      wait "2024-02-05 00:00",
      expect { late = true, host = "yanglujing.tw" },
      act "begin" {},
      expect { late = false },
    },

    scenario "口头协议当场履行；不履行的告知起诉" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "口角", text = "邻里口角。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "口头", oral_wish = true, terms = "当场赔礼道歉。", instant = true },
      expect { clock = "visit", due = "2026-03-09" },
      open { at = "2026-03-02 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "赔偿", text = "羊只伤人。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "书面", terms = "赔偿八百元。", facts = "羊只顶伤，甲方负责。",
        manner = "现金", perform_by = "2026-03-20" },
      wait "2026-03-27 09:00",
      act "follow_up" { performed = "未履行", finding = "甲方反悔。" },
      act "breach" { reason = "甲方反悔", told = "人民法院诉讼" },
      expect { state = "breached", closed = true, outcome = "协议未履行" },
    },
  },
}
