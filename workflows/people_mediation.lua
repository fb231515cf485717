-- 人民调解流程（《人民调解法》；《人民调解工作若干规定》司法部令第75号，下称75号令）。
-- 自愿贯穿始终：一方明确拒绝就不得调解，也不上提，只告知仲裁、行政、诉讼途径（第三条、第十七条、
-- 第二十六条）；调解不收费（第四条），不得阻止当事人走其他途径。
--
-- 分级化解：村7日、镇15日、区30日、市30日（本地默认，workflows/wuhai/terms.lua 的 L1–L4），
-- 到期未了结的上提一级，原调解组织作为参与人；当事人不愿调解（party_refused）的不上提。

local warnings = { left "3 workdays" { mark "yellow", notify "acting" }, "1 workday left" }

-- 一级的工作期限：到期标红并上提到上一级能办的组织。
local function level_clock(level, term, title, days)
  return clock { title = title, term = term, level = level, restart_on_host = true,
    from = "registered|accepted|mediating",
    to = "agreed|followed_up|failed|declined|withdrawn|closed",
    extend = { by = days, times = 1, consent = "parties" },
    warn = warnings,
    late = { mark "red", notify "acting" { reason = "本级期限届满" },
      escalate { to = "parent", unless = "party_refused", reason = "本级期限届满，上提一级" } } }
end

-- 最后一级没有上级可提：每月复核，并建议走法定途径。
local function last_level()
  return clock { title = "市督调", term = "L4.LIMIT", level = "city", restart_on_host = true,
    from = "registered|accepted|mediating",
    to = "agreed|followed_up|failed|declined|withdrawn|closed",
    warn = warnings,
    late = { mark "red", notify "acting" { reason = "期限届满，应告知法定途径" },
      after "1 month" { notify "acting" { reason = "每月复核：应告知法定途径" } } } }
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
    both_agree = flag { title = "双方同意延长", open = false },
    extend_days = integer { title = "延长日数", open = false },
    finding = text { title = "回访记录", open = false },
  },

  states = {
    registered = { title = "已登记（征求意愿）", initial = true, work = "mediator" },
    accepted   = { title = "已受理", work = "mediator" },
    mediating  = { title = "调解中", work = "mediator" },
    appraisal  = { title = "鉴定中", work = "mediator" },
    agreed     = { title = "达成协议（履行中）", work = "mediator" },
    followed_up = { title = "已回访", work = "mediator" },

    declined  = { title = "不予调解", final = true, outcome = "不予调解" },
    failed    = { title = "调解不成", final = true, outcome = "调解不成" },
    withdrawn = { title = "撤回", final = true, outcome = "撤回" },
    closed    = { title = "结案归档", final = true, outcome = "调解成功", keep = "10年" },
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
    -- 书面协议各方签名盖章、口头协议达成时生效（第二十八至三十条）；还要履行的须写明期限。
    agree = on "mediating -> agreed" { title = "达成协议", by = "mediator|importer",
      form = { "form", "terms", "perform_by?" }, when = "agreement_complete",
      document = "mediation_agreement" },
    -- 调解不成应当终止并告知途径（第二十六条）。
    fail = on "accepted|mediating|appraisal -> failed" { title = "调解不成",
      by = "mediator|importer", reason = true, form = { "party_refused?", "told" },
      document = "termination_notice" },
    -- 一般一个月（75号令第三十三条）；双方同意可以延长。
    extend = on "accepted|mediating" { title = "延长调解期限", by = "mediator", extends = "mediate",
      form = { "both_agree", "extend_days?" }, when = "both_agree", reason = true },
    -- 移交上一级（75号令第二十一条第二款）：写清做过什么、双方意愿；拒绝调解的不上提。
    escalate_up = on "registered|accepted|mediating" { title = "上提一级", by = "mediator|chief",
      route = "parent", form = { "tried", "wish" }, reason = true, when = "not_refused",
      document = "transfer_form" },
    -- 适时回访，督促履行（第三十一条；75号令第三十六条）。
    follow_up = on "agreed|followed_up -> followed_up" { title = "回访", by = "mediator|importer",
      form = { "performed", "finding" }, document = "visit_record", run = "after_visit" },
    close = on "agreed|followed_up -> closed" { title = "结案归档", by = "mediator|importer",
      when = "visited" },
    withdraw = on "registered|accepted|mediating|appraisal -> withdrawn" { title = "撤回",
      by = "mediator|importer", reason = true },
  },

  clocks = {
    mediate = clock { title = "调解", term = "RT.MED", from = "accepted|mediating",
      to = "agreed|failed|withdrawn",
      pause = { appraisal = "鉴定" },
      extend = { by = "30 days", times = 1, consent = "parties" },
      warn = { "7 days left", left "3 workdays" { mark "yellow", notify "acting" } },
      late = { mark "red", notify "acting" { reason = "一般应在一个月内调结；双方同意可延长" } } },
    visit = clock { title = "回访", limit = "7 days", from = "agreed", to = "followed_up|closed",
      start_field = "perform_by", warn = { "1 workday left" },
      late = { notify "acting" { reason = "应当回访" } } },
    archive = clock { title = "归档", limit = "15 days", from = "followed_up", to = "closed",
      late = { notify "acting" { reason = "应当结案归档" } } },
    -- 鉴定期间不消耗调解期限（pause），但鉴定本身也有限期（本地默认）。
    appraise = clock { title = "鉴定", limit = "30 workdays", from = "appraisal",
      to = "mediating|failed|withdrawn", late = { notify "acting" { reason = "鉴定逾期" } } },

    level0 = clock { title = "网格先期处置", term = "L0.LIMIT", level = "grid",
      restart_on_host = true, from = "registered|accepted|mediating",
      to = "agreed|failed|declined|withdrawn|closed",
      late = { mark "yellow", notify "acting",
        escalate { to = "parent", unless = "party_refused", reason = "网格未了结，报村" } } },
    level1 = level_clock("village", "L1.LIMIT", "村（社区）首调", "3 days"),
    level2 = level_clock("town", "L2.LIMIT", "镇（街道）会调", "7 days"),
    level3 = level_clock("district", "L3.LIMIT", "区联调", "15 days"),
    level4 = last_level(),

    start1 = clock { title = "首调开始", term = "L1.START", level = "village",
      restart_on_host = true, from = "registered", to = "accepted|declined|withdrawn",
      late = { notify "acting" { reason = "3个工作日内应开始" } } },
    start2 = clock { title = "会调开始", term = "L2.START", level = "town",
      restart_on_host = true, from = "registered", to = "accepted|declined|withdrawn",
      late = { notify "acting" { reason = "3个工作日内应开始" } } },
    start3 = clock { title = "联调开始", term = "L3.START", level = "district",
      restart_on_host = true, from = "registered", to = "accepted|declined|withdrawn",
      late = { notify "acting" { reason = "3个工作日内应开始" } } },
    start4 = clock { title = "督调开始", term = "L4.START", level = "city",
      restart_on_host = true, from = "registered", to = "accepted|declined|withdrawn",
      late = { notify "acting" { reason = "5个工作日内应开始" } } },
  },

  -- 不等期限、直接到上级的情形。从上到下都看一遍；只向上，不向下。
  jumps = {
    ["涉及5人以上，镇会调"] = jump { when = "five_people", to = kind "sfs" { level = "town" } },
    ["对方是村（居）委会，回避，镇会调"] = jump { when = "against_committee",
      to = kind "sfs" { level = "town" } },
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
        "双方当事人均须自愿；一方明确拒绝的，不得调解", "《人民调解法》第十七条"
    end,
    not_refused = function(case)
      return not case.fields.party_refused, "一方已明确拒绝调解：应告知法定途径，不上提",
        "《人民调解法》第十七条、第二十六条"
    end,
    both_agree = function(case, input)
      return input.both_agree ~= false, "延长调解期限须双方当事人同意", "75号令第三十三条"
    end,
    agreement_complete = function(case, input)
      return input.form ~= "书面" or input.terms == nil or string.len(input.terms) >= 4,
        "书面协议须写明内容", "《人民调解法》第二十九条"
    end,
    visited = function(case)
      return case.fields.performed == "已履行" or case.state == "followed_up",
        "结案前应当回访，了解履行情况", "《人民调解法》第三十一条"
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
    scenario "村里一周调成，回访后结案" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "院墙滴水", text = "邻居院墙滴水。", kind = "邻里" } },
      expect { state = "registered", host = "yanglujing.tw", level = 1 },
      denied "accept" { consent_applicant = true, consent_respondent = false, because = "自愿" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      wait "3 days",
      act "agree" { form = "书面", terms = "三日内修好滴水檐。", perform_by = "2026-03-08" },
      expect { state = "agreed", clock = "visit", due = "2026-03-16" },
      denied "close" { because = "回访" },
      act "follow_up" { performed = "已履行", finding = "已修好。" },
      act "close" {},
      expect { state = "closed", closed = true },
    },

    scenario "到期逐级上提：村、镇、区、市" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界争议。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      wait "5 days", expect { mark = "yellow", host = "yanglujing.tw" },
      wait "3 days", expect { level = 2, participant = "yanglujing.tw" },
      wait "17 days", expect { level = 3, host = "hainan.sgc" },
      wait "32 days", expect { level = 4, host = "wuhai.sgc" },
      wait "70 days", expect { level = 4, mark = "red" },
      act "fail" { reason = "意见相差过大", told = "人民法院诉讼" },
      expect { state = "failed", closed = true },
    },

    scenario "一方拒绝，不上提，告知法定途径" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "借款", text = "借款不还。" } },
      act "decline" { party_refused = true, told = "人民法院诉讼", reason = "对方拒绝" },
      expect { state = "declined", closed = true, level = 1 },
    },

    scenario "人数多直接到镇、到区" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "多户流转费未付。", people_count = 6 } },
      expect { level = 2 },
      open { at = "2026-03-02 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "多户流转费未付。", people_count = 12 } },
      expect { level = 3, host = "hainan.sgc" },
      open { at = "2026-03-02 11:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "堵路", text = "堵路。", violence = true } },
      expect { level = 3, mark = "red" },
      open { at = "2026-03-02 12:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "跨区地界。", cross_district = true } },
      expect { level = 4, host = "wuhai.sgc" },
      open { at = "2026-03-02 13:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "村务", text = "对村委会不满。", respondent_committee = true } },
      expect { level = 2 },
    },

    scenario "双方同意延长；主动上提；鉴定不计入" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "相邻", text = "相邻损害。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      denied "extend" { both_agree = false, reason = "再谈", because = "双方" },
      act "extend" { both_agree = true, extend_days = 10, reason = "双方愿意再谈" },
      act "escalate_up" { tried = "3月2日面谈一次", wish = "愿意继续", reason = "专业性强" },
      expect { level = 2, state = "accepted" },
      act "begin" {},
      act "appraise" { reason = "需要鉴定损失" },
      wait "10 days",
      act "resume" {},
      expect { state = "mediating" },
      act "withdraw" { reason = "自行和解" },
      expect { state = "withdrawn" },
    },
  },
}
