-- 人民调解流程（《人民调解法》；《人民调解工作若干规定》司法部令第75号，下称75号令）。
-- 自愿贯穿始终：申请、征求意愿、受理、每次调解、延长、上提、移交都须双方同意；一方明确拒绝就终止，不上提，
-- 只告知本类纠纷的仲裁、行政、诉讼途径和期限（第三条、第十七条、第二十六条）。调解不收费（第四条），不得阻止
-- 当事人走其他途径（第三条第三项）。向调委会申请调解，诉讼时效自申请之日起中断（诉讼时效规定第十二条）。
--
-- 分级化解：村7日、镇15日、区30日、市30日（本地默认，workflows/wuhai/terms.lua 的 L1–L4），
-- 到期未了结的上提一级，原调解组织作为参与人；上一级接收、问过双方意愿后才开始调解，期限自到达之日起算。
-- 当事人不愿调解（party_refused）的不上提，有现实危险的也只报告公安和市里。村、镇两级合计不超过一个月（75号令第三十三条）。
--
-- 三调衔接：达成协议的可以共同申请司法确认；不成的经申请人同意移交仲裁、法院，经双方同意移交行政调解；
-- 法院委派委托、信访、公安、行政机关移送的，签收后起算，不适合的写明理由退回。

local working = "registered|consent|accepted|assigned|handed_up|mediating"
local ended = "agreed|failed|declined|withdrawn|handing|unsettled|returned"
local performing = "agreed|confirmed|visited_1|visited_2"
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
    from = "registered|consent|handed_up", to = "mediating|" .. ended,
    warn = { "1 workday left" }, late = { notify "acting" { reason = words } } }
end

-- 法院委派、委托的期限，自签收之日起算（特邀调解规定第二十七条）。
local function court_clock(title, term, which, days)
  return clock { title = title, term = term, when = which, from = "registered", to = ended,
    pause = term == "ST.WP" and { appraisal = "鉴定" } or nil,
    extend = { by = days, times = 1, consent = "parties" }, warn = warnings,
    late = { mark "red", notify "acting" { reason = "委派（委托）期限届满：终止调解，材料退回法院" } } }
end

-- 《民事诉讼法》条号随修正而变：司法确认、申请执行按当日有效的引用（与期限总表一致，待核的照注）。
local function confirm_law(today)
  return today < "2022-01-01" and "《民事诉讼法》（2017修正）第一百九十四条" or
    today < "2024-01-01" and "《民事诉讼法》（2021修正）第二百零一条" or
    "《民事诉讼法》（2023修正）第二百零五条"
end

local function enforcement_law(today)
  return today < "2022-01-01" and "民事诉讼法（2017修正）第二百三十九条，条号待核" or
    today < "2024-01-01" and "民事诉讼法（2021修正）第二百四十六条，条号待核" or
    "民事诉讼法（2023修正）第二百五十条"
end

-- 《行政复议法》2023年修订自2024-01-01起施行。
local function review_law(today)
  return today < "2024-01-01" and "《行政复议法》（2017修正）第九条" or "《行政复议法》（2023修订）第二十条"
end

local legal_routes = {
  "仲裁（劳动、土地承包、商事）", "行政机关处理（复议、裁决、查处）", "人民法院诉讼", "公安机关" }

local kinds = { "婚姻家庭", "邻里", "房屋宅基地", "合同", "生产经营", "损害赔偿", "山林土地",
  "征地拆迁", "环境污染", "劳动争议", "道路交通事故", "医疗", "物业", "消费", "旅游",
  "知识产权", "互联网", "其他", title = "纠纷类型" }

-- 调解不成或者一方拒绝时，本类纠纷还有哪些法定途径、多长期限。没有列出的按“其他”。
local routes_of = {
  ["劳动争议"] = "劳动仲裁：自知道之日起1年，欠薪在劳动关系存续期间不受此限（劳动争议调解仲裁法第二十七条）；"
    .. "申请调解15日未达成协议的可以申请仲裁（第十四条）；欠薪等调解协议不履行的可以申请支付令（第十六条）；"
    .. "劳动保障监察投诉：2年内（劳动保障监察条例第二十条）",
  ["山林土地"] = "土地承包仲裁：自知道之日起2年（土地仲裁法第十八条），或者直接起诉（第四条）；权属争议由政府处理，"
    .. "不服的30日内起诉（土地管理法第十四条）",
  ["征地拆迁"] = "行政复议：60日（行政复议法第二十条）；行政诉讼：6个月（行政诉讼法第四十六条）；"
    .. "征地补偿不得申请土地仲裁（土地仲裁法第二条）",
  -- 2023年12月31日以前的条号。
  ["征地拆迁（原复议法）"] = "行政复议：60日（行政复议法2017修正第九条）；行政诉讼：6个月（行政诉讼法第四十六条）；"
    .. "征地补偿不得申请土地仲裁（土地仲裁法第二条）",
  ["环境污染"] = "起诉：3年（环境保护法第六十六条）；向生态环境部门举报，举报人信息保密（第五十七条）",
  -- 生态环境法典自2026-08-15起施行，替代环境保护法和各污染防治法：按告知当日选用。
  ["环境污染（法典）"] = "申请有关部门调解处理或者起诉（生态环境法典第一千零七十七条），诉讼时效3年（条号待核）；"
    .. "向生态环境部门举报",
  ["婚姻家庭"] = "婚姻、亲子、收养关系的效力只能由人民法院处理；有家庭暴力的先报警，可以申请人身安全保护令",
  ["其他"] = "起诉：3年，自申请调解之日起重新计算（民法典第一百八十八条、诉讼时效规定第十二条）" }

local function routes_for(case, today)
  local kind = case.fields.kind or "其他"
  if kind == "环境污染" and today >= "2026-08-15" then
    kind = "环境污染（法典）"
  elseif kind == "征地拆迁" and today < "2024-01-01" then
    kind = "征地拆迁（原复议法）"
  end
  return routes_of[kind] or routes_of["其他"]
end

-- 一方不同意的字段就是拒绝：任何一步都不得继续。
local function refused(case, input)
  if case.fields.party_refused or input.party_refused then
    return true
  end
  return input.consent_applicant == false or input.consent_respondent == false
end

-- 书面协议由调委会盖章：主持的不是调委会的，另写明由哪个调委会盖章。
local function sealed_by_committee(case, input)
  local article = "《人民调解法》第二十九条"
  local other = input.seal_body and case.bodies and case.bodies[input.seal_body]
  if other ~= nil and other.kind ~= "tw" then
    return false, "盖章的须是人民调解委员会", article
  end
  return input.form ~= "书面" or case.host_kind == "tw" or input.seal_body ~= nil,
    "本单位不是人民调解委员会：书面协议须加盖调委会印章，请写明盖章的调委会", article
end

-- 直接上提；一方拒绝调解的不上提。
local function up(rule, body)
  return jump { when = rule, to = body, unless = "party_refused" }
end

-- 牵头的区级部门还没有答复。
local function lead_awaited(case)
  for _, asked in ipairs(case.tasks) do
    if asked.name == "agency_lead" and asked.state == "asked" then
      return true
    end
  end
  return false
end

-- 还没有提起、已经届满的司法确认申请期。
local function confirm_over(case)
  local window = case.clocks.ask_confirm
  return window ~= nil and window.state ~= "running" and window.state ~= "met"
end

return workflow "people_mediation" {
  title = "人民调解",
  track = "people",
  classify = { "subject", "text" },
  -- 谁先接到谁登记；公安、信访、法院、行政机关也可以直接登记到调委会，或者从自己的案件移送。
  registers = { "vc", "tw", "sfs", "town", "agency", "xfj", "gov", "sgc", "court" },

  roles = {
    mediator = at "host" { "mediator", "chief", title = "调解员" },
    chief    = at "host" { "chief", "head", title = "调委会主任" },
    overseer = at "parent" { "overseer", "chief", title = "上级指导人" },
    importer = at "any" { "importer", title = "历史数据导入员" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "纠纷简况", required = true, max = 10000 },
    kind    = choice(kinds),
    started = choice { "当事人申请", "主动介入", "移送委派", title = "来源方式" },
    amount  = money { title = "涉及金额" },
    known_on = date { title = "知道或者应当知道权利受损害之日（欠薪为劳动关系终止之日）" },
    employed = flag { title = "劳动关系仍存续" },
    elsewhere = choice { "法院", "仲裁机构", "公安机关", "其他行政机关", "信访",
      title = "已由其他机关受理或者解决（75号令第二十二条）" },
    against_decision = flag { title = "不服征收、补偿等行政决定本身" },
    family_violence = flag { title = "有家庭暴力" },
    entrusted = choice { "委派调解（30日）", "委托调解（普通程序15日）", "委托调解（简易程序7日）",
      title = "法院委派、委托" },
    mediate_by = date { title = "委托方要求办结之日（信访办理期限之内）" },
    undisputed = text { title = "无争议事实（经双方同意书面记载，可移交）", max = 10000 },
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
    agreed_on = date { title = "协议生效之日", open = false },
    perform_by = date { title = "履行期限", open = false },
    performed = choice { "已履行", "部分履行", "未履行", title = "履行情况", open = false },
    facts   = text { title = "主要事实、争议事项和各方责任", open = false, max = 10000 },
    instant = flag { title = "当场履行完毕", open = false },
    manner  = text { title = "履行方式", open = false },
    place_of_performance = text { title = "履行地点", open = false, max = 200 },
    item1   = text { title = "第一期履行的内容", open = false, max = 500 },
    item1_by = date { title = "第一期履行期限", open = false },
    item2   = text { title = "第二期履行的内容", open = false, max = 500 },
    item2_by = date { title = "第二期履行期限", open = false },
    oral_wish = flag { title = "双方认为无须制作书面协议", open = false },
    both_agree = flag { title = "双方同意", open = false },
    sponsor = text { title = "批准延长的包案领导", open = false, max = 50 },
    extend_days = integer { title = "延长日数", open = false },
    finding = text { title = "回访记录", open = false },
    decline_ground = choice { "一方明确拒绝（人民调解法第十七条）",
      "不属于民间纠纷（75号令第二十条）",
      "法律规定由专门机关处理或者禁止调解（75号令第二十二条）",
      "法院、公安机关或者其他机关已经受理或者解决（75号令第二十二条）",
      "不在本调委会的区域、单位（75号令第二十一条）",
      title = "不予调解的理由", open = false },
    statutory_routes = text { title = "本类纠纷的法定途径和期限", open = false, max = 2000 },
    chosen_by = choice { "当事人选择", "调委会指定", title = "调解员的产生", open = false },
    mediators = text { title = "调解员（一名或者几名）", open = false, max = 200 },
    seal_body = body { title = "盖章的人民调解委员会", open = false },
    recuse_ground = choice { "当事人要求更换", "是一方近亲属", "与纠纷有利害关系", "其他可能影响公正的关系",
      title = "更换的理由", open = false },
    chair   = text { title = "主持人", open = false, max = 100 },
    recorder = text { title = "记录人", open = false, max = 100 },
    present = text { title = "在场人员", open = false, max = 500 },
    held_at = text { title = "时间、地点", open = false, max = 200 },
    claims  = text { title = "各方主张", open = false, max = 5000 },
    plan    = text { title = "调解方案", open = false, max = 5000 },
    session_result = choice { "成", "不成", "再次", title = "本次调解结果", open = false },
    sessions = integer { title = "调解次数", open = false },
    investigation = text { title = "调查记录（时间、地点、被调查人、内容）", open = false, max = 10000 },
    helpers = text { title = "邀请的人员（亲友、邻里、专业人员、社会组织）", open = false, max = 500 },
    protection_note = text { title = "已采取的保护措施（报警、妇联、保护令）", open = false },
    evidence = text { title = "证据清单", open = false, max = 5000 },
    to_body = body { title = "接收的组织、机关", open = false },
    court   = body { title = "司法确认的人民法院", open = false },
    competence = choice { "邀请开展调解的人民法院", "当事人住所地基层人民法院", "标的物所在地基层人民法院",
      "调解组织所在地基层人民法院", "中级人民法院（纠纷由其管辖）", title = "管辖的依据", open = false },
    agreement_no = text { title = "调解协议编号", open = false, max = 100 },
    mediation_body = text { title = "主持调解的组织和调解员", open = false, max = 400 },
    both_apply = flag { title = "双方共同申请", open = false },
    identity_matter = flag { title = "涉及婚姻、亲子、收养等身份关系的效力或者解除", open = false },
    title_matter = flag { title = "涉及不动产等物权、知识产权的确权", open = false },
    petition_about = choice { "机关、单位及其工作人员的职务行为", "政策、规定",
      title = "反映的是什么（检举、控告由本人直接提出，不经调解组织）", open = false },
    purpose = choice { "申诉求决", "建议意见", title = "信访目的", open = false },
    petition_text = text { title = "反映材料（只写所反映的事项）", open = false, max = 10000 },
    citizen_decides = flag { title = "本人决定信访", open = false },
    police_note = text { title = "报告公安机关的时间、内容", open = false },
  },

  states = {
    incoming   = { title = "已移送（待签收）", arrival = true, work = "mediator" },
    registered = { title = "已登记（征求意愿）", initial = true, work = "mediator" },
    consent    = { title = "正在征求对方意愿", work = "mediator" },
    accepted   = { title = "已受理", handling = true, work = "mediator" },
    assigned   = { title = "已确定调解员", handling = true, work = "mediator" },
    handed_up  = { title = "已上提（待接收）", work = "mediator" },
    mediating  = { title = "调解中", handling = true, work = "mediator",
      adhoc = { "visit", "evidence", "legal_opinion", "agency_lead", "town_part" } },
    joint      = { title = "联合调解中", handling = true, work = "mediator",
      joint = joint { lead = "host", title = "联合调解意见", limit = "5 workdays", done = "all",
        to = { kind "sfs" { level = "town" }, field "to_body" },
        late = { notify "chief" { reason = "参加单位没有答复" } } } },
    appraisal  = { title = "鉴定中", handling = true, work = "mediator" },
    -- 达成协议即告知移送的法院、信访、行政机关，本案继续回访（特邀规定第十九条、第二十条）。
    agreed     = { title = "达成协议（履行中）", handling = true, work = "mediator",
      outcome = "达成协议" },
    confirming = { title = "已申请司法确认", handling = true, work = "mediator" },
    confirmed  = { title = "已司法确认（履行中）", handling = true, work = "mediator" },
    visited_1  = { title = "已回访第一期（履行中）", handling = true, work = "mediator" },
    visited_2  = { title = "已回访第二期（履行中）", handling = true, work = "mediator" },
    followed_up = { title = "已回访", work = "mediator" },
    settled    = { title = "已结案（待复访）", work = "mediator" },
    handing    = { title = "调解不成，已移交（待签收）", work = "mediator" },
    unsettled  = { title = "移交被退回（待告知途径）", work = "mediator" },

    declined  = { title = "不予调解", final = true, outcome = "不予调解" },
    failed    = { title = "调解不成", final = true, outcome = "调解不成" },
    passed_on = { title = "已移交其他途径", final = true, outcome = "转其他途径" },
    returned  = { title = "退回", final = true, outcome = "退回" },
    withdrawn = { title = "撤回", final = true, called_off = true, outcome = "撤回" },
    breached  = { title = "不履行，已告知起诉", final = true, outcome = "协议未履行" },
    closed    = { title = "办结", final = true, outcome = "调解成功", keep = "10年" },
  },

  tasks = {
    visit = task { title = "走访", limit = "3 workdays" },
    evidence = task { title = "协助取证", limit = "3 workdays" },
    -- 直接上提的同时自动交办（jumps 的 asks），办结前一直有效。
    police = task { title = "报告公安机关（当即）", stays = true,
      to = agency "gaj" { level = "district" } },
    inform_city = task { title = "报市社会治理中心知悉", term = "L4.INFORM", stays = true,
      to = kind "sgc" { level = "city" },
      late = { notify "acting" { reason = "市里两小时内没有知悉：请立即电话报告" },
        notify "chief" { reason = "市里两小时内没有知悉：请立即电话报告" } } },
    -- 须区级部门参与的：区社会治理中心主办，按类别确定的区级部门牵头，镇调委会参加。
    agency_lead = task { title = "牵头联调意见", limit = "5 workdays", lead = true, stays = true,
      to = "routes", late = { notify "acting" { reason = "牵头部门没有答复" } } },
    town_part = task { title = "参加联调", limit = "5 workdays", stays = true,
      to = kind "tw" { level = "town" }, late = { notify "acting" { reason = "镇里没有答复" } } },
    legal_opinion = task { title = "法律意见", limit = "3 workdays",
      to = agency "sfj" { level = "district" } },
  },

  actions = {
    -- 双方自愿才受理（《人民调解法》第十七条；75号令第二十三、二十四条）。
    sign_for = on "incoming -> registered" { title = "签收", by = "mediator", receipt = "accept" },
    give_back = on "incoming|registered|consent -> returned" { title = "退回（不予调解函）",
      by = "mediator", reason = true, receipt = "return", within = "returnable",
      when = "in_time", document = "refusal_letter" },
    ask = on "registered -> consent" { title = "征求对方意愿", by = "mediator",
      document = "consent_request" },
    accept = on "registered|consent -> accepted" { title = "受理", by = "mediator|importer",
      form = { "consent_applicant", "consent_respondent" }, when = "acceptable",
      document = "acceptance_form", takes = true },
    decline = on "registered|consent -> declined" { title = "不予调解", by = "mediator", reason = true,
      form = { "decline_ground?", "party_refused?", "told" }, ground = "decline_ground",
      run = "tell_routes", document = "decline_notice" },
    protect = on "registered|consent|accepted|assigned|mediating" { title = "记录保护措施",
      by = "mediator", form = { "protection_note" } },
    -- 调解员由当事人选择或者调委会指定（第十九条、第二十三条第一项）；当事人要求更换的应当更换。
    assign = on "accepted|assigned -> assigned" { title = "确定调解员", by = "mediator|chief",
      form = { "chosen_by", "mediators" } },
    replace = on "assigned|mediating" { title = "更换调解员（回避）", by = "chief",
      form = { "recuse_ground", "chosen_by", "mediators" } },
    -- 先告知权利义务再开始（75号令第三十条）。
    begin = on "accepted|assigned -> mediating" { title = "开始调解", by = "mediator|importer",
      document = "rights_notice" },
    -- 一次一份记录；双方仍愿意才可以继续（第二十三条、第二十六条、第二十七条）。
    session = on "mediating|joint" { title = "调解记录", by = "mediator",
      form = { "consent_applicant", "consent_respondent", "chair", "recorder", "present?",
        "held_at?", "claims", "plan?", "session_result" },
      when = "still_willing", run = "count_session", document = "session_record" },
    investigate = on "mediating|joint" { title = "调查记录", by = "mediator",
      form = { "investigation", "evidence?" }, document = "investigation_record" },
    -- 邀请亲友、邻里、专业人员、社会组织参加，须双方同意（第二十条）。
    invite = on "mediating|joint" { title = "邀请参加调解", by = "mediator",
      form = { "helpers", "both_agree" }, when = "both_agree_helpers" },
    record_facts = on "mediating|joint" { title = "记载无争议事实", by = "mediator",
      form = { "undisputed", "both_agree" }, when = "both_agree_facts",
      document = "undisputed_facts" },
    joined = on "joint -> mediating" { title = "联合调解意见已齐", by = "mediator",
      needs = { "joint" } },
    appraise = on "mediating -> appraisal" { title = "委托鉴定", by = "mediator", reason = true },
    resume = on "appraisal -> mediating" { title = "鉴定完成", by = "mediator" },
    -- 书面协议各方签名盖章、口头协议达成时生效（第二十八至三十条）；还要履行的须写明方式和期限。
    -- 书面协议须加盖调委会印章（第二十九条）：司法所、社会治理中心主持的，写明由哪个调委会盖章。
    agree = on "mediating|joint -> agreed" { title = "达成协议", by = "mediator|importer",
      form = { "form", "terms", "facts?", "instant?", "manner?", "place_of_performance?",
        "perform_by?", "item1?", "item1_by?", "item2?", "item2_by?", "oral_wish?",
        "agreement_no?", "seal_body?" },
      when = "agreement_complete", run = "note_agreement", document = "mediation_agreement" },
    -- 跨村、跨单位或者疑难的，请有关单位共同调解（75号令第二十一条第二款）。
    join_in = on "mediating -> joint" { title = "联合调解", by = "mediator|chief",
      form = { "to_body", "both_agree" }, when = "both_agree_joint" },
    -- 调解不成应当终止并告知途径（第二十六条）；一方拒绝即终止，不上提。
    fail = on "consent|accepted|assigned|handed_up|mediating|joint|appraisal|unsettled -> failed" {
      title = "调解不成", by = "mediator|importer", reason = true,
      form = { "party_refused?", "told" }, run = "tell_routes", document = "termination_notice" },
    -- 一般一个月（75号令第三十三条）；双方同意可以延长。
    extend = on "accepted|assigned|handed_up|mediating|joint" { title = "延长调解期限", by = "mediator",
      extends = "mediate", form = { "both_agree", "extend_days?" }, when = "both_agree",
      reason = true },
    -- 本级期限：村延3日、镇延7日由双方同意；区延15日还须包案领导批准（本地默认）。
    extend_village = on "registered|consent|accepted|assigned|handed_up|mediating|joint" { title = "延长首调期限（3日）",
      by = "mediator", extends = "level1", form = { "both_agree", "extend_days?" },
      when = "both_agree", reason = true },
    extend_town = on "registered|consent|accepted|assigned|handed_up|mediating|joint" { title = "延长会调期限（7日）",
      by = "mediator", extends = "level2", form = { "both_agree", "extend_days?" },
      when = "both_agree", reason = true },
    extend_district = on "registered|consent|accepted|assigned|handed_up|mediating|joint" {
      title = "延长联调期限（15日）", by = "chief", extends = "level3",
      form = { "both_agree", "sponsor", "extend_days?" }, when = "both_agree", reason = true },
    extend_entrusted = on "accepted|assigned|handed_up|mediating|joint" {
      title = "延长委派调解期限", by = "mediator", extends = "wp",
      form = { "both_agree", "extend_days?" }, when = "both_agree", reason = true },
    extend_entrusted_ordinary = on "accepted|assigned|handed_up|mediating|joint" {
      title = "延长委托调解期限（普通程序）", by = "mediator", extends = "wt_ordinary",
      form = { "both_agree", "extend_days?" }, when = "both_agree", reason = true },
    extend_entrusted_summary = on "accepted|assigned|handed_up|mediating|joint" {
      title = "延长委托调解期限（简易程序）", by = "mediator", extends = "wt_summary",
      form = { "both_agree", "extend_days?" }, when = "both_agree", reason = true },
    -- 移交上一级（75号令第二十一条第二款）：写清做过什么、双方意愿；拒绝调解的不上提。
    escalate_up = on "registered|consent|accepted|assigned|mediating|joint -> handed_up" {
      title = "上提一级", by = "mediator|chief", route = "parent", form = { "tried", "wish" },
      reason = true,
      when = "not_refused", document = "transfer_form" },
    -- 接收：再问双方意愿（第三条、第十七条）；到期自动上提的，补写上一级做过的工作。
    receive = on "handed_up -> mediating" { title = "接收并开始调解", by = "mediator|importer",
      form = { "consent_applicant", "consent_respondent", "tried?", "wish?" },
      when = "handover_complete", document = "rights_notice" },
    -- 可能激化为治安、刑事案件的，当即报告公安机关（第二十五条），不必等调解。
    report_police = on "registered|consent|accepted|assigned|handed_up|mediating|joint|appraisal" {
      title = "报告公安机关", by = "mediator|chief", form = { "police_note" } },
    -- 移交行业性、专业性调委会或者其他调委会：经双方同意，期限重新起算（第三十四条、75号令第二十一条）。
    transfer = on "accepted|assigned|mediating -> handed_up" { title = "移交其他调委会",
      by = "mediator|chief", route = field "to_body", form = { "to_body", "tried", "wish" },
      reason = true, when = "not_refused", document = "transfer_form" },

    -- 三调衔接 -----------------------------------------------------------------------------
    -- 仲裁、诉讼只要申请人一方愿意（劳动仲裁法第五条、土地仲裁法第四条）；行政调解须双方同意。
    to_labour = on "consent|accepted|assigned|handed_up|mediating|joint|unsettled -> handing" {
      title = "移交劳动仲裁", by = "mediator", reason = true, form = { "evidence?" },
      when = "is_labour", run = "tell_routes", document = "transfer_form",
      hand_over = hand_over "arbitration" { to = kind "labor_arb" { min = "district" },
        carry = { subject = "subject", text = "text", kind = "kind", known_on = "known_on",
          employed = "employed", undisputed = "undisputed", evidence = "evidence",
          people_count = "people_count" },
        received = { go "passed_on" }, returned = { go "unsettled" },
        closed = { otherwise = { go "passed_on" } } } },
    to_land = on "consent|accepted|assigned|handed_up|mediating|joint|unsettled -> handing" {
      title = "移交土地承包仲裁", by = "mediator", reason = true, form = { "evidence?" },
      when = "is_land", run = "tell_routes", document = "transfer_form",
      hand_over = hand_over "arbitration" { to = kind "land_arb" { min = "district" },
        carry = { subject = "subject", text = "text", kind = "kind", known_on = "known_on",
          undisputed = "undisputed", evidence = "evidence", people_count = "people_count" },
        received = { go "passed_on" }, returned = { go "unsettled" },
        closed = { otherwise = { go "passed_on" } } } },
    to_court = on "consent|accepted|assigned|handed_up|mediating|joint|unsettled -> handing" {
      title = "移交人民法院", by = "mediator", reason = true, form = { "evidence?" },
      when = "not_from_court", run = "tell_routes", document = "transfer_form",
      hand_over = hand_over "judicial_mediation" { to = kind "court" { level = "district" },
        carry = { subject = "subject", text = "text", kind = "kind", amount = "amount",
          known_on = "known_on", undisputed = "undisputed" },
        received = { go "passed_on" }, returned = { go "unsettled" },
        closed = { otherwise = { go "passed_on" } } } },
    to_administrative = on "consent|accepted|assigned|handed_up|mediating|joint|unsettled -> handing" {
      title = "移交行政调解", by = "mediator|chief", reason = true,
      form = { "to_body", "both_agree", "evidence?" }, when = "both_agree_administrative",
      document = "transfer_form",
      hand_over = hand_over "administrative_mediation" { to = field "to_body",
        carry = { subject = "subject", text = "text", amount = "amount", known_on = "known_on",
          employed = "employed", people_count = "people_count", undisputed = "undisputed" },
        received = { go "passed_on" }, returned = { go "mediating" },
        closed = { otherwise = { go "passed_on" } } } },

    -- 反映机关、单位的职务行为或者政策的，不是调解的事：本人决定信访的，移交信访局，15日自签收起算。
    to_petition = on "registered|consent|accepted|assigned|handed_up|mediating|joint|unsettled -> handing" {
      title = "移交信访", by = "mediator", reason = true,
      form = { "citizen_decides", "petition_about", "purpose", "petition_text" },
      when = "citizen_decides", document = "transfer_form",
      hand_over = hand_over "petition" { to = kind "xfj" { min = "district" },
        carry = { subject = "subject", text = "petition_text", purpose = "purpose",
          people_count = "people_count" },
        received = { go "passed_on" }, returned = { go "unsettled" },
        closed = { otherwise = { go "passed_on" } } } },

    -- 司法确认：双方自协议生效之日起30日内共同申请（第三十三条）；身份关系、确权不能确认（民诉法解释第三百五十五条）。
    confirm = on "agreed|visited_1|visited_2|followed_up -> confirming" { title = "共同申请司法确认",
      by = "mediator", form = { "both_apply", "identity_matter", "title_matter", "court",
        "competence", "agreement_no?" },
      when = "may_confirm", run = "name_mediators", document = "sfqr_application",
      hand_over = hand_over "judicial_confirmation" { to = field "court",
        carry = { subject = "subject", text = "text", terms = "terms", manner = "manner",
          perform_by = "perform_by", agreed_on = "agreed_on", both_apply = "both_apply",
          identity_matter = "identity_matter", title_matter = "title_matter",
          competence = "competence", agreement_no = "agreement_no",
          mediation_body = "mediation_body" },
        returned = { go "agreed" },
        closed = { ["确认有效"] = { mark "已司法确认", go "confirmed" },
          ["驳回申请"] = { mark "确认被驳回", go "agreed" }, otherwise = { go "agreed" } } } },
    -- 驳回后可以变更原协议或者达成新协议，也可以起诉（第三十三条）。
    renegotiate = on "agreed -> mediating" { title = "重新调解（确认被驳回）", by = "mediator",
      form = { "consent_applicant", "consent_respondent" }, when = "rejected_before" },

    -- 履行与回访 ---------------------------------------------------------------------------
    visit_1 = on "agreed|confirmed -> visited_1" { title = "回访第一期", by = "mediator",
      form = { "performed", "finding" }, when = "has_item1", document = "visit_record",
      run = "after_visit" },
    visit_2 = on "agreed|confirmed|visited_1 -> visited_2" { title = "回访第二期", by = "mediator",
      form = { "performed", "finding" }, when = "has_item2", document = "visit_record",
      run = "after_visit" },
    -- 适时回访，督促履行（第三十一条；75号令第三十六条）。
    follow_up = on(performing .. "|followed_up -> followed_up") { title = "回访", by = "mediator|importer",
      form = { "performed", "finding" }, document = "visit_record", run = "after_visit" },
    -- 反悔、不履行：协议有合同效力，可以就协议起诉（第三十一条、第三十二条）。
    breach = on(performing .. "|followed_up|settled -> breached") { title = "不履行，告知起诉",
      by = "mediator", reason = true, form = { "told" }, run = "tell_enforcement",
      document = "breach_notice" },
    close = on(performing .. "|followed_up -> settled") { title = "结案归档", by = "mediator|importer",
      when = "visited" },
    revisit = on "settled -> closed" { title = "结案复访", by = "mediator|importer",
      form = { "performed", "finding" }, document = "visit_record" },
    withdraw = on "registered|consent|accepted|assigned|handed_up|mediating|joint|appraisal|unsettled -> withdrawn" {
      title = "撤回", by = "mediator|importer", reason = true },
  },

  clocks = {
    -- 移送来的：3个工作日内签收，5个工作日内不适合的可以退回。
    receipt = clock { title = "签收", term = "LK.RECEIPT", from = "incoming",
      to = "registered|returned",
      late = { mark "yellow", notify "acting" { reason = "移送的案件应当签收" },
        notify "overseer" { reason = "移送的案件3个工作日没有签收" } } },
    returnable = clock { title = "可以退回", term = "LK.RETURN", right = true, from = "incoming",
      to = "returned|accepted|declined|withdrawn" },
    -- 收到申请后3个工作日内征求对方意愿；征求之后3个工作日内受理登记或者不予调解（本地默认）。
    ask = clock { title = "征求对方意愿", term = "RT.ASK", from = "registered",
      to = "consent|accepted|declined|handed_up|" .. ended, warn = { "1 workday left" },
      late = { notify "acting" { reason = "应当征求双方意愿" } } },
    register = clock { title = "受理登记", term = "RT.ACC", from = "consent",
      to = "accepted|declined|handed_up|" .. ended, warn = { "1 workday left" },
      late = { notify "acting" { reason = "应当决定是否受理" } } },
    assign = clock { title = "确定调解员", term = "RT.ASSIGN", from = "accepted",
      to = "assigned|mediating|handed_up|" .. ended,
      late = { notify "acting" { reason = "应当确定调解员" }, notify "chief" { reason = "应当确定调解员" } } },
    mediate = clock { title = "调解", term = "RT.MED", from = "accepted|assigned|mediating|joint",
      to = "agreed|failed|declined|withdrawn|passed_on|returned", -- 移交被退回的，不重新起算
      pause = { appraisal = "鉴定" },
      extend = { by = "30 days", times = 1, consent = "parties" },
      warn = { "7 days left", left "3 workdays" { mark "yellow", notify "acting" } },
      late = { mark "red", notify "acting" { reason = "一般应在一个月内调结；双方同意可延长" } } },
    labour = clock { title = "劳动争议调解（15日）", term = "LD.MED", when = "is_labour",
      from = "registered", to = ended, warn = { "3 days left" },
      late = { mark "yellow", notify "acting" { reason = "15日未达成协议：告知可以申请劳动仲裁" } } },
    wp = court_clock("委派调解", "ST.WP", "weipai", "30 days"),
    wt_ordinary = court_clock("委托调解（普通程序）", "ST.WT.ORD", "weituo_ordinary", "15 days"),
    wt_summary = court_clock("委托调解（简易程序）", "ST.WT.SUM", "weituo_summary", "7 days"),
    sub_limit = clock { title = "委托方要求办结", limit = "0 days", start_field = "mediate_by",
      when = "has_sub_limit", from = "registered|accepted", to = ended,
      warn = { left "3 workdays" { notify "acting" } },
      late = { mark "yellow", notify "acting" { reason = "信访办理期限将满：退回调解结果" } } },

    -- 每期履行到期的提醒（当事人的义务，不算调委会超期）；到期后7日内回访，结案后30日复访，15日内归档。
    due_1 = clock { title = "第一期履行", limit = "0 days", start_field = "item1_by", right = true,
      when = "has_item1", from = "agreed", to = "visited_1|visited_2|followed_up|breached",
      warn = { "3 days left" }, late = { notify "acting" { reason = "第一期履行到期，请核实" } } },
    due_2 = clock { title = "第二期履行", limit = "0 days", start_field = "item2_by", right = true,
      when = "has_item2", from = "agreed", to = "visited_2|followed_up|breached",
      warn = { "3 days left" }, late = { notify "acting" { reason = "第二期履行到期，请核实" } } },
    due_last = clock { title = "全部履行", limit = "0 days", start_field = "perform_by", right = true,
      when = "to_perform", from = "agreed", to = "followed_up|settled|breached",
      warn = { "3 days left" }, late = { notify "acting" { reason = "履行期限届满，请核实" } } },
    visit_1 = clock { title = "回访（第一期）", term = "RT.VISIT", start_field = "item1_by",
      when = "has_item1", from = "agreed", to = "visited_1", drop = "visited_2|followed_up|breached|mediating",
      late = { mark "yellow", notify "acting" { reason = "第一期应当回访" } } },
    visit_2 = clock { title = "回访（第二期）", term = "RT.VISIT", start_field = "item2_by",
      when = "has_item2", from = "agreed", to = "visited_2", drop = "followed_up|breached|mediating",
      late = { mark "yellow", notify "acting" { reason = "第二期应当回访" } } },
    visit = clock { title = "回访", term = "RT.VISIT", from = performing,
      to = "followed_up|settled", drop = "breached|mediating",
      start_field = "perform_by", warn = { "1 workday left" },
      late = { notify "acting" { reason = "应当回访" } } },
    archive = clock { title = "归档", term = "RT.FILE", from = "followed_up",
      to = "settled|breached", late = { notify "acting" { reason = "应当结案归档" } } },
    revisit = clock { title = "结案复访", term = "RT.REVISIT", from = "settled",
      to = "closed|breached",
      warn = { "7 days left" }, late = { notify "acting" { reason = "应当复访" } } },
    -- 自协议生效之日起算：法院退回、驳回以后不重新起算（第三十三条）。
    ask_confirm = clock { title = "申请司法确认", term = "RT.SFQR.ASK", right = true,
      start_field = "agreed_on", from = "agreed", to = "confirming", drop = "mediating" },
    -- 法院的期限，不算调解组织超期；到期只提醒。
    confirming = clock { title = "司法确认审结上限", term = "ST.SFQR.CAP", right = true,
      from = "confirming", to = "confirmed|agreed",
      late = { notify "acting" { reason = "司法确认没有结果，请向法院了解" } } },
    -- 鉴定期间不消耗调解期限（pause），但鉴定本身也有限期（本地默认）。
    appraise = clock { title = "鉴定", term = "RT.APPRAISE", from = "appraisal",
      to = "mediating|failed|withdrawn", late = { notify "acting" { reason = "鉴定逾期" } } },
    handing = clock { title = "移交签收", term = "LK.RECEIPT", from = "handing",
      to = "passed_on|unsettled|mediating",
      late = { mark "yellow", notify "acting" { reason = "移交的案件3个工作日没有签收，请催告" } } },
    unsettled = clock { title = "告知途径", term = "RT.ASK", from = "unsettled",
      to = "failed|handing|withdrawn", late = { mark "yellow", notify "acting" } },

    -- 当事人的权利，结案后继续显示：确认后2年申请执行；仲裁、复议、诉讼的时效。
    execute = clock { title = "申请执行", term = "ST.EXEC", right = true, when = "enforceable",
      start_field = "perform_by", from = "confirmed|breached|closed" },
    bar_labour = clock { title = "劳动仲裁时效", term = "LD.BAR", right = true,
      when = "labour_dated", start_field = "known_on", from = "registered|" .. ended },
    bar_land = clock { title = "土地承包仲裁时效", term = "TD.BAR", right = true,
      when = "land_dated", start_field = "known_on", from = "registered|" .. ended },
    bar_review = clock { title = "申请行政复议", term = "FY.ASK", right = true,
      when = "requisition_dated", start_field = "known_on", from = "registered|" .. ended },
    bar_suit = clock { title = "提起行政诉讼", term = "XS.SUE", right = true,
      when = "requisition_dated", start_field = "known_on", from = "registered|" .. ended },
    -- 申请调解中断诉讼时效，自登记之日重新计算。
    bar_civil = clock { title = "民事诉讼时效", term = "MS.BAR", right = true, when = "civil",
      from = "registered", to = "closed" },

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

  -- 牵头的区级部门，按案件类别。
  routes = {
    route { category = "农村农牧业", to = agency "nmj" { level = "district" } },
    route { category = "自然资源", to = agency "zrzyj" { level = "district" } },
    route { category = "城乡建设", to = agency "zjj" { level = "district" } },
    route { category = "劳动社保", to = agency "rsj" { level = "district" } },
    route { category = "生态环境", to = agency "sthjj" { level = "district" } },
    route { category = "卫生", to = agency "wjw" { level = "district" } },
    route { category = "交通", to = agency "jtj" { level = "district" } },
    route { category = "教育", to = agency "jyj" { level = "district" } },
    route { category = "民政", to = agency "mzj" { level = "district" } },
    route { category = "市场消费", to = agency "scjg" { level = "district" } },
  },

  -- 不等期限、直接到上级的情形。从上到下都看一遍；只向上，不向下；一方拒绝调解的不上提。镇一级由镇调委会主办（调解协议
  -- 须调委会盖章），司法所、派出所、法庭参加；区、市由社会治理中心主办，有关部门参加。
  jumps = {
    ["涉及5人以上，镇会调"] = up("five_people", kind "tw" { level = "town" }),
    ["对方是村（居）委会，回避，镇会调"] = up("against_committee", kind "tw" { level = "town" }),
    ["10人以上或涉及两个村，区联调"] = up("ten_people", kind "sgc" { level = "district" }),
    ["跨镇（街道），区联调"] = up("across_towns", kind "sgc" { level = "district" }),
    ["对方是镇（街道），区联调"] = up("against_town", kind "sgc" { level = "district" }),
    ["须区级部门参与：区联调，部门牵头，镇参加"] = jump { when = "agency_needed",
      to = kind "sgc" { level = "district" }, unless = "party_refused",
      asks = { "agency_lead", "town_part" } },
    ["30人以上或有现实危险：区联调，当即报警，两小时内报市"] = jump { when = "danger",
      to = kind "sgc" { level = "district" }, unless = "party_refused", mark = "red",
      asks = { "police", "inform_city" } },
    ["跨区，市督调"] = up("across_districts", kind "sgc" { level = "city" }),
  },

  guards = {
    -- 只是收件单位的权利，期满即止：过了期限应当签收，再依法移送或者决定。
    in_time = function(case)
      local k = case.clocks.returnable
      return k == nil or k.state == "running",
        "可以退回的期限" .. (k and k.legal or "") .. "已过：请签收，再不予调解或者移交", "参照信访工作条例第二十三条（本地默认，三调衔接）"
    end,
    -- 受理：民间纠纷，双方自愿，没有在别处受理，不是不服行政决定本身（75号令第二十条至第二十四条）。
    acceptable = function(case, input, today)
      local f = case.fields
      if refused(case, input) then
        return false, "双方当事人均须自愿；一方明确拒绝的，不得调解", "《人民调解法》第三条、第十七条"
      end
      if f.elsewhere ~= nil and case.source ~= "移送" and f.entrusted == nil then
        return false, "已由" .. f.elsewhere .. "受理或者解决，不得受理：请关联并告知当事人", "75号令第二十二条"
      end
      if f.against_decision then
        return false, "不服征收、补偿等行政决定本身的，不能人民调解：告知行政复议60日、行政诉讼6个月",
          review_law(today) .. "、《行政诉讼法》第四十六条"
      end
      return not f.family_violence or f.protection_note ~= nil,
        "有家庭暴力的先保护（公安、妇联、人身安全保护令）：请记录保护措施，不得以调解代替", "《反家庭暴力法》"
    end,
    still_willing = function(case, input)
      return not refused(case, input), "一方不愿意继续的，应当终止调解并告知途径",
        "《人民调解法》第二十三条、第二十六条"
    end,
    both_agree_helpers = function(case, input)
      return input.both_agree ~= false, "邀请有关人员参加调解须征得双方同意", "《人民调解法》第二十条"
    end,
    both_agree_facts = function(case, input)
      return input.both_agree ~= false, "无争议事实须经双方同意才可以记载、移交", "《在线调解规则》第二十二条"
    end,
    both_agree_joint = function(case, input)
      return input.both_agree ~= false, "联合调解须双方同意", "《人民调解法》第三条、75号令第二十一条"
    end,
    both_agree_administrative = function(case, input)
      return input.both_agree ~= false and not case.fields.party_refused,
        "移交行政调解须双方同意", "《人民调解法》第三条"
    end,
    -- 信不信访由本人决定，不要对方同意，也不得由调解组织代为决定（第十七条）。
    citizen_decides = function(case, input, today)
      return input.citizen_decides ~= false, "是否信访由当事人自己决定：本人不愿意的，不移交",
        today < "2022-05-01" and "《信访条例》第十四条" or "《信访工作条例》第十七条"
    end,
    rejected_before = function(case, input)
      if refused(case, input) then
        return false, "重新调解须双方同意；不同意的可以起诉", "《人民调解法》第三十三条"
      end
      return contains(case.marks, "确认被驳回"), "只有司法确认被驳回的才重新调解", "《人民调解法》第三十三条"
    end,
    may_confirm = function(case, input, today)
      if input.both_apply == false then
        return false, "须由双方当事人共同申请", "《人民调解法》第三十三条"
      end
      if input.identity_matter then
        return false, "身份关系的效力、解除不能司法确认", "《民诉法解释》（2022）第三百五十五条"
      end
      if input.title_matter then
        return false, "物权、知识产权的确权不能司法确认：请办理登记或者起诉",
          "《民诉法解释》（2022）第三百五十五条"
      end
      if confirm_over(case) then
        return false, "协议生效之日起30日的申请期已过（" .. case.clocks.ask_confirm.legal .. "届满）",
          "《人民调解法》第三十三条"
      end
      local court = input.court and case.bodies and case.bodies[input.court]
      if court ~= nil and court.kind ~= "court" then
        return false, "请选择人民法院", confirm_law(today)
      end
      local high = input.competence == "中级人民法院（纠纷由其管辖）"
      return court == nil or high == (court.level > 3),
        "管辖的依据与所选的法院不符：基层法院管辖的向区人民法院申请", confirm_law(today)
    end,

    has_item1 = function(case) return case.fields.item1_by ~= nil, "协议没有分期，或者没有写第一期的期限" end,
    has_item2 = function(case) return case.fields.item2_by ~= nil, "协议没有第二期" end,
    to_perform = function(case) return case.fields.perform_by ~= nil, "没有待履行的期限" end,
    has_sub_limit = function(case) return case.fields.mediate_by ~= nil, "没有要求办结之日" end,
    enforceable = function(case)
      return contains(case.marks, "已司法确认") and case.fields.perform_by ~= nil, "没有司法确认"
    end,
    weipai = function(case) return case.fields.entrusted == "委派调解（30日）", "不是委派" end,
    weituo_ordinary = function(case)
      return case.fields.entrusted == "委托调解（普通程序15日）", "不是委托"
    end,
    weituo_summary = function(case)
      return case.fields.entrusted == "委托调解（简易程序7日）", "不是委托"
    end,
    not_from_court = function(case)
      return case.fields.entrusted == nil, "法院委派、委托的，终止调解即退回法院，不另行移交",
        "《特邀调解规定》第二十一条"
    end,
    is_labour = function(case)
      return case.fields.kind == "劳动争议", "只有劳动争议才可以申请劳动仲裁", "《劳动争议调解仲裁法》第五条"
    end,
    is_land = function(case)
      if case.fields.against_decision or case.fields.kind == "征地拆迁" then
        return false, "征收集体土地及其补偿不能仲裁：告知行政复议60日、行政诉讼6个月",
          "《农村土地承包经营纠纷调解仲裁法》第二条第三款"
      end
      return case.fields.kind == "山林土地", "只有土地承包经营纠纷才可以申请土地承包仲裁",
        "《农村土地承包经营纠纷调解仲裁法》第二条"
    end,
    labour_dated = function(case)
      return case.fields.kind == "劳动争议" and case.fields.known_on ~= nil and
        case.fields.employed ~= true, "没有写明知道之日，或者不受一年限制"
    end,
    land_dated = function(case)
      return case.fields.kind == "山林土地" and case.fields.known_on ~= nil, "没有写明知道之日"
    end,
    requisition_dated = function(case)
      return case.fields.kind == "征地拆迁" and case.fields.known_on ~= nil, "没有写明知道之日"
    end,
    civil = function(case)
      return case.fields.kind ~= "劳动争议" and case.fields.kind ~= "征地拆迁", "另有时效"
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
      local seal, words, article = sealed_by_committee(case, input)
      if not seal then
        return false, words, article
      end
      if lead_awaited(case) then
        return false, "牵头的区级部门还没有答复：请催办，或者写明理由撤回"
      end
      if input.form == "口头" and input.oral_wish ~= true then
        return false, "双方认为无须制作书面协议的才可以口头，并记录协议内容",
          "《人民调解法》第二十八条、第三十条，75号令第三十四条"
      end
      if input.instant ~= true and (input.manner == nil or input.perform_by == nil) then
        return false, "还要履行的，须写明履行方式、地点和期限", "《人民调解法》第二十九条、75号令第三十五条"
      end
      local first, second, last = input.item1_by, input.item2_by, input.perform_by
      return (first == nil or last == nil or first <= last) and (second == nil or
        (first ~= nil and last ~= nil and first <= second and second <= last)),
        "分期履行的期限须先后相接，最后一期就是履行期限", "《人民调解法》第二十九条"
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
    agency_needed = function(case)
      return case.fields.needs_agency == true and not case.fields.party_refused
    end,
    across_towns = function(case) return case.fields.cross_town == true end,
    across_districts = function(case) return case.fields.cross_district == true end,
  },

  hooks = {
    tell_routes = function(case, _, today)
      return { set { statutory_routes = routes_for(case, today) } }
    end,
    -- 法院的文书要写明主持调解的组织和调解员。
    name_mediators = function(case)
      return { set { mediation_body = string.trim(case.host_name .. " " .. (case.fields.mediators or "")) } }
    end,
    -- 已司法确认的申请执行，没有确认的就协议起诉（第三十二条、第三十三条）。
    tell_enforcement = function(case, _, today)
      if contains(case.marks, "已司法确认") then
        return { set { statutory_routes = "向人民法院申请执行：自履行期限最后一日起2年（" .. enforcement_law(today) .. "）" } }
      end
      return { set { statutory_routes = "就调解协议起诉：3年（人民调解法第三十二条、民法典第一百八十八条）" } }
    end,
    count_session = function(case)
      return { set { sessions = (case.fields.sessions or 0) + 1 } }
    end,
    note_agreement = function(case, _, today)
      return { set { agreed_on = today } }
    end,
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
      expect { clock = "ask", due = "2026-03-05" },
      act "ask" {},
      expect { state = "consent", clock = "register", due = "2026-03-05" },
      denied "accept" { consent_applicant = true, consent_respondent = false, because = "自愿" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      expect { clock = "assign", due = "2026-03-03" },
      act "assign" { chosen_by = "当事人选择", mediators = "调解员甲" },
      act "begin" {},
      denied "replace" { recuse_ground = "是一方近亲属", chosen_by = "调委会指定", mediators = "乙",
        by = "yanglujing02" },
      act "replace" { recuse_ground = "是一方近亲属", chosen_by = "调委会指定",
        mediators = "调解员乙" },
      wait "3 days",
      act "investigate" { investigation = "3月4日到现场查看，滴水檐损坏。" },
      denied "invite" { helpers = "本家长辈", both_agree = false, because = "第二十条" },
      act "invite" { helpers = "本家长辈", both_agree = true },
      denied "session" { consent_applicant = true, consent_respondent = false, chair = "甲",
        recorder = "乙", claims = "各执一词。", session_result = "再次", because = "第二十六条" },
      act "session" { consent_applicant = true, consent_respondent = true, chair = "调解员乙",
        recorder = "调解员甲", present = "双方、长辈一人", held_at = "3月5日村委会",
        claims = "一方要求修理，一方愿意分担。", plan = "各出一半。", session_result = "成" },
      expect { fields = { sessions = 1 } },
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

    scenario "司法所、区里主持调解的：书面协议须有调委会盖章" {
      open { at = "2026-03-02 09:00", body = "bayintaohai.sfs", place = "150303104201",
        fields = { subject = "院墙滴水", text = "邻居院墙滴水。" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      denied "agree" { form = "书面", terms = "修理。", facts = "滴水檐损坏。", instant = true,
        because = "调委会印章" },
      denied "agree" { form = "书面", terms = "修理。", facts = "滴水檐损坏。", instant = true,
        seal_body = "hainan.court", because = "人民调解委员会" },
      act "agree" { form = "书面", terms = "修理。", facts = "滴水檐损坏。", instant = true,
        seal_body = "bayintaohai.tw" },
      expect { state = "agreed" },
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

    scenario "直接上提的每一种情形；只向上，不向下；原单位仍是参与单位" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "水渠", text = "两村共用水渠。", village_count = 2 } },
      expect { level = 3, host = "hainan.sgc", participant = "yanglujing.tw" },
      open { at = "2026-03-02 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "道路", text = "两镇之间的道路。", cross_town = true } },
      expect { level = 3, host = "hainan.sgc" },
      open { at = "2026-03-02 11:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "粉尘", text = "须检测。", needs_agency = true } },
      expect { level = 3, host = "hainan.sgc", unmarked = "red" },
      open { at = "2026-03-02 12:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "多户流转费未付。", people_count = 30 } },
      expect { level = 3, host = "hainan.sgc", mark = "red" },
      open { at = "2026-03-02 13:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "四户流转费未付。", people_count = 4, village_count = 1 } },
      expect { level = 1, host = "yanglujing.tw" },
      open { at = "2026-03-02 14:00", body = "hainan.sgc", place = "150303104201",
        fields = { subject = "流转费", text = "六户流转费未付。", people_count = 6 } },
      expect { level = 3, host = "hainan.sgc" }, -- 已在区里，不退到镇
    },

    scenario "须区级部门参与的：区里主办，部门牵头，镇参加；牵头部门答复后才达成协议" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        category = "劳动社保/农民工工资",
        fields = { subject = "拖欠工资", text = "包工头拖欠工资，须责令支付。", kind = "劳动争议",
          needs_agency = true } },
      expect { level = 3, host = "hainan.sgc", participant = "yanglujing.tw",
        task = { ["hainan.rsj"] = "asked", ["bayintaohai.tw"] = "asked" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      expect { task = { agency_lead = "asked", town_part = "asked" } }, -- 换了环节仍有效
      answer "town_part" { text = "镇里参加，负责联系工人。", opinion = "同意" },
      denied "agree" { form = "口头", oral_wish = true, terms = "三日内付清。", instant = true,
        because = "牵头的区级部门还没有答复" },
      answer "agency_lead" { text = "已责令支付。", opinion = "同意" },
      act "agree" { form = "口头", oral_wish = true, terms = "三日内付清。", instant = true },
      open { at = "2026-03-02 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "不明", text = "无法归类。", needs_agency = true } },
      expect { host = "hainan.sgc", task = { town_part = "asked" } }, -- 类别不明的由区里指定牵头部门
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      ask "agency_lead" { body = "hainan.zrzyj", text = "请牵头。" },
      expect { task = { ["hainan.zrzyj"] = "asked" } },
    },

    scenario "有现实危险：当即报警，市里两小时内知悉；一方拒绝调解的只报告，不上提" {
      open { at = "2026-03-02 11:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "堵路", text = "持械堵路。", violence = true } },
      expect { level = 3, host = "hainan.sgc", mark = "red",
        task = { ["wuhai.sgc"] = "asked", ["hainan.gaj"] = "asked" } },
      wait "2026-03-02 13:00", expect { task = { inform_city = "asked" } },
      wait "2026-03-02 13:01", expect { task = { inform_city = "late" } },
      answer "inform_city" { text = "市里知悉，已派人。", opinion = "知悉" },
      expect { task = { inform_city = "answered", police = "asked" }, host = "hainan.sgc" },
      open { at = "2026-03-02 14:00", body = "wuhai.sgc", place = "150303104201",
        fields = { subject = "堵路", text = "持械堵路。", violence = true } },
      expect { host = "wuhai.sgc", task = { police = "asked" } }, -- 市里自己办，不再报市
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
      act "assign" { chosen_by = "调委会指定", mediators = "调解员甲" },
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

    scenario "一方拒绝即终止：按纠纷类型告知途径和期限，时效在结案后仍看得到" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "欠薪", text = "包工头拖欠工资。", kind = "劳动争议",
          known_on = "2026-01-15" } },
      expect { clock = "labour", due = "2026-03-17" },
      expect { clock = "bar_labour", due = "2027-01-15" },
      act "ask" {},
      act "decline" { decline_ground = "一方明确拒绝（人民调解法第十七条）", party_refused = true,
        told = "仲裁（劳动、土地承包、商事）", reason = "对方不愿意" },
      expect { state = "declined", closed = true, clock = "bar_labour", due = "2027-01-15",
        fields = { statutory_routes = routes_of["劳动争议"] } },
      open { at = "2026-03-02 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "补偿", text = "对补偿不服。", kind = "征地拆迁",
          known_on = "2026-02-02", against_decision = true } },
      expect { clock = "bar_review", due = "2026-04-03" },
      expect { clock = "bar_suit", due = "2026-08-03" }, -- 8月2日周日
      denied "accept" { consent_applicant = true, consent_respondent = true, because = "60日" },
      act "decline" { told = "行政机关处理（复议、裁决、查处）", reason = "不服行政决定" },
      expect { fields = { statutory_routes = routes_of["征地拆迁"] } },
      open { at = "2026-03-02 11:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "借款", text = "已经起诉。", kind = "合同", elsewhere = "法院" } },
      expect { clock = "bar_civil", due = "2029-03-02" }, -- 自申请调解之日重新计算
      denied "accept" { consent_applicant = true, consent_respondent = true,
        because = "第二十二条" },
      open { at = "2026-03-02 12:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "家暴", text = "夫妻冲突。", kind = "婚姻家庭", family_violence = true } },
      denied "accept" { consent_applicant = true, consent_respondent = true, because = "保护" },
      act "protect" { protection_note = "已报警并联系妇联" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "withdraw" { reason = "到法院申请保护令" },
    },

    scenario "劳动争议15日未达成协议，可以申请仲裁；2020年春节延长后到2月3日" {
      open { at = "2020-01-17 09:00", body = "bayintaohai.tw", place = "150303104",
        fields = { subject = "欠薪", text = "拖欠工资。", kind = "劳动争议" } },
      expect { clock = "labour", due = "2020-02-03" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      wait "2020-02-04 00:00", expect { mark = "yellow", late = true },
      denied "to_land" { reason = "申请仲裁", because = "第二条" },
      act "fail" { reason = "差距过大", told = "仲裁（劳动、土地承包、商事）" },
    },

    scenario "分期履行：每期到期提醒，7日内回访；司法确认30日跨春节到2月24日" {
      open { at = "2026-01-12 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "三期付清。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      wait "2026-01-16 09:00",
      denied "agree" { form = "书面", terms = "分三期。", facts = "欠流转费。", manner = "转账",
        perform_by = "2026-04-20", item1_by = "2026-05-01", because = "先后" },
      act "agree" { form = "书面", terms = "分三期。", facts = "欠流转费。", manner = "转账",
        place_of_performance = "村委会", perform_by = "2026-04-20", item1 = "一千元",
        item1_by = "2026-02-02", item2 = "一千元", item2_by = "2026-03-10" },
      expect { clock = "ask_confirm", due = "2026-02-24", fields = { agreed_on = "2026-01-16" } },
      expect { clock = "due_1", due = "2026-02-02" },
      expect { clock = "visit_1", due = "2026-02-09" },
      expect { clock = "visit_2", due = "2026-03-17" },
      expect { clock = "visit", due = "2026-04-27" },
      denied "confirm" { both_apply = true, identity_matter = false, title_matter = true,
        court = "hainan.court", competence = "调解组织所在地基层人民法院", because = "确权" },
      denied "confirm" { both_apply = true, identity_matter = true, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院", because = "身份" },
      denied "confirm" { both_apply = false, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院", because = "共同" },
      denied "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "wuhai.court", competence = "调解组织所在地基层人民法院", because = "管辖" },
      wait "2026-02-04 09:00",
      act "visit_1" { performed = "已履行", finding = "已收一千元。" },
      expect { state = "visited_1", clock = "visit_2", due = "2026-03-17" },
      wait "2026-02-25 09:00",
      denied "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院", because = "2026-02-24" },
      wait "2026-03-18 09:00", expect { late = true, mark = "yellow" },
      act "visit_2" { performed = "部分履行", finding = "付五百元。" },
      act "follow_up" { performed = "未履行", finding = "不再付。" },
      act "breach" { reason = "不履行", told = "人民法院诉讼" },
      expect { state = "breached", outcome = "协议未履行" },
    },

    scenario "委派30日、委托7日自签收；延长须双方同意；鉴定只有委派不计入" {
      open { at = "2021-12-03 09:00", body = "bayintaohai.tw", place = "150303104",
        fields = { subject = "借款", text = "法院委派。", entrusted = "委派调解（30日）" } },
      expect { clock = "wp", due = "2022-01-04" },
      denied "to_court" { reason = "不成" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      denied "to_court" { reason = "不成", because = "第二十一条" },
      denied "extend_entrusted" { both_agree = false, reason = "再谈", because = "双方" },
      act "extend_entrusted" { both_agree = true, extend_days = 5, reason = "再谈" },
      expect { clock = "wp", due = "2022-01-07" },
      act "begin" {},
      denied "record_facts" { undisputed = "本金五万元。", both_agree = false, because = "双方" },
      act "record_facts" { undisputed = "本金五万元。", both_agree = true },
      act "transfer" { to_body = "lasengmiao.tw", tried = "谈一次", wish = "愿意", reason = "专业性强" },
      expect { state = "handed_up", host = "lasengmiao.tw" },
      open { at = "2023-01-18 09:00", body = "bayintaohai.tw", place = "150303104",
        fields = { subject = "物业费", text = "法院委托。", entrusted = "委托调解（简易程序7日）" } },
      expect { clock = "wt_summary", due = "2023-01-28" }, -- 调休上班的星期六
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "extend_entrusted_summary" { both_agree = true, extend_days = 3, reason = "再谈" },
      expect { clock = "wt_summary", due = "2023-01-28" }, -- 1月25日加3日
      open { at = "2023-01-18 10:00", body = "bayintaohai.tw", place = "150303104",
        fields = { subject = "买卖", text = "法院委托。", entrusted = "委托调解（普通程序15日）" } },
      expect { clock = "wt_ordinary", due = "2023-02-02" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "extend_entrusted_ordinary" { both_agree = true, extend_days = 5, reason = "再谈" },
      expect { clock = "wt_ordinary", due = "2023-02-07" },
      act "fail" { reason = "差距过大", told = "人民法院诉讼" },
    },

    -- 三调衔接：关联案件由同一文件夹的其他流程接收 -----------------------------------------------

    scenario "共同申请司法确认：法院自签收起3日、15日，确认有效后2年申请执行" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "合同" },
        parties = { { role = "申请人", name = "演示甲" }, { role = "被申请人", name = "演示乙" } } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "书面", terms = "分期付清。", facts = "欠流转费三千元。", manner = "转账",
        perform_by = "2026-04-20" },
      act "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院" },
      expect { state = "confirming", link = "sent" },
      follow "to",
      expect { state = "incoming", host = "hainan.court", clock = "receipt", due = "2026-03-05",
        fields = { terms = "分期付清。", agreed_on = "2026-03-02", both_apply = true } },
      wait "2026-03-04 09:00",
      act "receive" {},
      expect { clock = "receive", due = "2026-03-09" }, -- 3日届满在周六
      act "accept" { court_no = "民特一号", paper_agreement = true, paper_body = true,
        paper_identity = true, paper_address = true },
      act "confirm" { ruling_no = "裁定一号" },
      follow "from",
      expect { state = "confirmed", mark = "已司法确认", clock = "execute", due = "2028-04-20" },
      wait "2026-04-27 09:00",
      act "breach" { reason = "没有付", told = "人民法院诉讼" },
      expect { state = "breached", closed = true, clock = "execute", due = "2028-04-20" },
    },

    scenario "法院退回后可以再申请：30日仍自协议生效起算；法院没有结果不算调委会超期" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "合同" },
        parties = { { role = "申请人", name = "演示甲" }, { role = "被申请人", name = "演示乙" } } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "assign" { chosen_by = "当事人选择", mediators = "调解员甲" },
      act "begin" {},
      act "agree" { form = "书面", terms = "分期付清。", facts = "欠流转费三千元。", manner = "转账",
        perform_by = "2026-04-20" },
      expect { clock = "ask_confirm", due = "2026-04-01" },
      act "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院",
        agreement_no = "羊路井一号" },
      follow "to",
      expect { fields = { mediation_body = "羊路井村人民调解委员会 调解员甲", agreement_no = "羊路井一号" } },
      act "give_back" { reason = "没有协议原件" },
      follow "from",
      wait "2026-03-20 09:00",
      expect { state = "agreed", clock = "ask_confirm", due = "2026-04-01" },
      wait "2026-04-02 09:00",
      expect { state = "agreed", late = false },
    },

    scenario "已向法院申请确认，法院没有结果：调委会不算超期" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "书面", terms = "分期付清。", facts = "欠流转费三千元。", manner = "转账",
        perform_by = "2026-06-20" },
      act "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院" },
      wait "2026-04-02 09:00",
      expect { state = "confirming", late = false, unmarked = "red" },
    },

    scenario "移交被退回的，一个月不重新起算；环境污染按法典告知" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_administrative" { reason = "需要测量", to_body = "hainan.nmj", both_agree = true },
      wait "2026-03-05 09:00",
      follow "to",
      act "give_back" { reason = "不属于本局" },
      follow "from",
      expect { state = "mediating", clock = "mediate", due = "2026-04-02" },
      act "fail" { reason = "差距过大", told = "人民法院诉讼" },
      open { at = "2026-08-14 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "粉尘", text = "搅拌站粉尘。", kind = "环境污染" } },
      act "decline" { party_refused = true, told = "人民法院诉讼", reason = "对方拒绝" },
      expect { fields = { statutory_routes = routes_of["环境污染"] } },
      open { at = "2026-08-15 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "粉尘", text = "搅拌站粉尘。", kind = "环境污染" } },
      act "decline" { party_refused = true, told = "人民法院诉讼", reason = "对方拒绝" },
      expect { fields = { statutory_routes = routes_of["环境污染（法典）"] } },
    },

    scenario "确认被驳回：双方同意的重新调解" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "合同" },
        parties = { { role = "申请人", name = "演示甲" }, { role = "被申请人", name = "演示乙" } } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "书面", terms = "分期付清。", facts = "欠流转费三千元。", manner = "转账",
        perform_by = "2026-04-20" },
      act "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "hainan.court", competence = "调解组织所在地基层人民法院" },
      follow "to",
      act "receive" {},
      act "accept" { court_no = "民特一号", paper_agreement = true, paper_body = true,
        paper_identity = true, paper_address = true },
      act "reject" { reject_ground = "内容不明确（民诉法解释2022第三百五十八条）",
        ruling_no = "裁定一号" },
      follow "from",
      expect { state = "agreed", mark = "确认被驳回" },
      denied "renegotiate" { consent_applicant = true, consent_respondent = false,
        because = "第三十三条" },
      act "renegotiate" { consent_applicant = true, consent_respondent = true },
      expect { state = "mediating" },
    },

    scenario "劳动争议不成移交劳动仲裁：签收后起算；已移交的结案" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "欠薪", text = "拖欠工资。", kind = "劳动争议", known_on = "2026-01-15" },
        parties = { { role = "申请人", name = "演示甲" }, { role = "被申请人", name = "演示乙" } } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_labour" { reason = "申请人要求仲裁", evidence = "工资条三张" },
      expect { state = "handing", clock = "handing", due = "2026-03-05" },
      follow "to",
      expect { host = "hainan.laborarb", fields = { evidence = "工资条三张" } },
      wait "2026-03-04 09:00",
      act "receive" {},
      expect { clock = "accept_labour", due = "2026-03-11" },
      follow "from",
      expect { state = "passed_on", closed = true, outcome = "转其他途径", link = "received" },
    },

    scenario "土地仲裁退回，改向法院起诉" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" },
        parties = { { role = "申请人", name = "演示甲" }, { role = "被申请人", name = "演示乙" } } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_land" { reason = "申请仲裁" },
      follow "to",
      act "give_back" { reason = "当事人选择起诉" },
      follow "from",
      expect { state = "unsettled", link = "returned" },
      act "to_court" { reason = "申请人起诉" },
      follow "to" { flow = "judicial_mediation" },
      act "receive" {},
      expect { clock = "file", due = "2026-03-09" },
      follow "from",
      expect { state = "passed_on" },
    },

    scenario "征求意愿、受理登记各有3个工作日；没有登记的提醒" {
      open { at = "2026-03-02 09:00", body = "bayintaohai.tw", place = "150303104201",
        fields = { subject = "院墙", text = "院墙滴水。", kind = "邻里" } },
      wait "2026-03-04 09:00",
      act "ask" {},
      expect { clock = "register", due = "2026-03-09" }, -- 不与征求意愿共用3月5日
      wait "2026-03-10 00:00",
      expect { state = "consent", late = true },
      act "decline" { reason = "对方不愿意", party_refused = true, told = "人民法院诉讼" },
      expect { state = "declined", closed = true },
    },

    scenario "反映机关职务行为、政策的移交信访：本人决定，不须对方同意；退回的告知途径" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "补贴", text = "邻里争执，起因是镇里发放补贴不公。", kind = "邻里" } },
      denied "to_petition" { citizen_decides = true, petition_about = "政策、规定", reason = "要求信访",
        purpose = "申诉求决", because = "必须填写" },
      denied "to_petition" { citizen_decides = false, petition_about = "政策、规定",
        purpose = "申诉求决", petition_text = "发放不公。", reason = "调解员认为应当信访",
        because = "自己决定" },
      act "to_petition" { citizen_decides = true, petition_about = "机关、单位及其工作人员的职务行为",
        purpose = "申诉求决", petition_text = "发放不公。", reason = "本人要求信访" },
      expect { state = "handing", link = "sent", clock = "handing", due = "2026-03-05" },
      follow "to",
      act "give_back" { reason = "是邻里之间的民事纠纷" },
      expect { state = "returned", closed = true },
      follow "from",
      expect { state = "unsettled", link = "returned" },
      act "fail" { reason = "双方不再调解", told = "人民法院诉讼" },
      expect { state = "failed", closed = true },
    },

    scenario "2022年5月1日以前移交信访，适用信访条例" {
      open { at = "2021-03-01 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "补贴", text = "起因是镇里发放补贴不公。", kind = "邻里" } },
      denied "to_petition" { citizen_decides = false, petition_about = "政策、规定",
        purpose = "建议意见", petition_text = "发放不公。", reason = "调解员认为应当信访",
        because = "信访条例》第十四条" },
      act "to_petition" { citizen_decides = true, petition_about = "政策、规定",
        purpose = "建议意见", petition_text = "发放不公。", reason = "本人要求信访" },
      follow "to",
      expect { state = "incoming", profile = "XF05" },
    },

    scenario "条号按当日有效的引用：2023年的案件引2017年复议法、2021年民事诉讼法" {
      open { at = "2023-03-01 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "补偿", text = "不服补偿决定。", kind = "征地拆迁", against_decision = true } },
      denied "accept" { consent_applicant = true, consent_respondent = true, because = "第九条" },
      act "decline" { reason = "不能调解", told = "人民法院诉讼" },
      expect { fields = { statutory_routes = routes_of["征地拆迁（原复议法）"] } },
      open { at = "2023-03-01 10:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "合同" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "agree" { form = "口头", oral_wish = true, terms = "当场付清。", instant = true },
      denied "confirm" { both_apply = true, identity_matter = false, title_matter = false,
        court = "yanglujing.tw", competence = "当事人住所地基层人民法院", because = "第二百零一条" },
    },

    scenario "移交行政调解须双方同意；退回的继续调解" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" },
        parties = { { role = "申请人", name = "演示甲" }, { role = "被申请人", name = "演示乙" } } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      denied "to_administrative" { reason = "需要测量", to_body = "hainan.nmj", both_agree = false,
        because = "双方同意" },
      act "to_administrative" { reason = "需要测量", to_body = "hainan.nmj", both_agree = true },
      follow "to",
      act "give_back" { reason = "不属于本局" },
      follow "from",
      expect { state = "mediating", link = "returned" },
    },

    scenario "行政机关委托：3个工作日签收，5个工作日内可以退回；签收后仍须问双方意愿" {
      open { flow = "administrative_mediation", at = "2026-03-02 09:00", body = "bayintaohai.town",
        place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "农村土地承包" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "to_people" { to_body = "yanglujing.tw", both_agree = true },
      follow "to",
      expect { state = "incoming", clock = "receipt", due = "2026-03-05" },
      expect { clock = "returnable", due = "2026-03-09" },
      wait "2026-03-06 00:00", expect { late = true, mark = "yellow" },
      act "sign_for" {},
      expect { state = "registered", clock = "level1", due = "2026-03-13" },
      denied "accept" { consent_applicant = true, consent_respondent = false, because = "自愿" },
      act "give_back" { reason = "一方不住本村，不适合在本村调解" },
      expect { state = "returned", closed = true },
      follow "from",
      expect { state = "mediating" },
      act "to_people" { to_body = "dongxing.tw", both_agree = true },
      follow "to",
      wait "2026-03-16 00:00",
      denied "give_back" { reason = "太晚", because = "2026-03-13" },
    },

    scenario "联合调解：双方同意，司法所和所请单位都提出意见" {
      open { at = "2026-03-02 09:00", body = "yanglujing.tw", place = "150303104201",
        fields = { subject = "排水", text = "两村排水渠。", kind = "邻里" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      denied "join_in" { to_body = "dongxing.tw", both_agree = false, because = "双方" },
      act "join_in" { to_body = "dongxing.tw", both_agree = true },
      expect { state = "joint", host = "yanglujing.tw" },
      denied "joined" {},
      answer "joint" { body = "dongxing.tw", text = "愿意共同出资。", opinion = "同意" },
      denied "joined" {},
      answer "joint" { text = "方案可行。", opinion = "同意" },
      act "joined" {},
      expect { state = "mediating", clock = "mediate", due = "2026-04-02" },
    },
  },
}
