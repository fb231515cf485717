-- 行政调解流程：行政机关就与其职权有关的纠纷主持调解（乌海市行政调解工作办法，乌海政发〔2022〕24号）。
-- 该办法第四条以后未见全文：移送、受理、办结的期限参照深圳经济特区矛盾纠纷多元化解条例（下称深圳条例）和外地办法，
-- 都在期限总表里，可以改。不收费，不得以调解代替执法（山东省行政调解办法第六条，作参照）。
--
-- 自愿：双方同意才调解；一方退出即终止，告知本类纠纷的法定途径和期限。涉及人数多、影响大、有稳定风险的，
-- 机关应当主动调解（深圳条例第四十四条），但同样须双方同意。行政调解协议是民事合同，可以依法申请司法确认。
--
-- 不同种类的纠纷只是数据不同：下表一行一类，写明归类、牵头部门、会同部门、并行的法定途径和期限、
-- 哪些不能调解。改表即可，不必改流程。

-- 《民事诉讼法》条号随修正而变：司法确认按当日有效的引用（与期限总表一致，待核的照注）。
local function confirm_law(today)
  return today < "2022-01-01" and "《民事诉讼法》（2017修正）第一百九十四条" or
    today < "2024-01-01" and "《民事诉讼法》（2021修正）第二百零一条" or
    "《民事诉讼法》（2023修正）第二百零五条"
end

local variants = {
  { id = "wage", title = "拖欠工资",
    category = { "劳动社保", "劳动和社会保障" }, lead = "rsj", lead_title = "人力资源和社会保障局",
    join = { agency "zjj" { level = "district" }, agency "jtj" { level = "district" },
      agency "swj" { level = "district" }, agency "gaj" { level = "district" },
      agency "sfj" { level = "district" } }, -- 保障农民工工资支付条例第七条、第四十五条
    routes = "劳动保障监察投诉（2年内提出，5个工作日立案，60个工作日查处，劳动保障监察条例第十七条、第二十条）；"
      .. "劳动仲裁（1年，欠薪在劳动关系存续期间不受此限，劳动争议调解仲裁法第二十七条）；"
      .. "就已达成的欠薪调解协议申请支付令（同法第十六条）；不服仲裁裁决15日内起诉（第五十条）",
    never = {
      "涉嫌拒不支付劳动报酬罪：移送公安（保障农民工工资支付条例第四十一条）",
      "责令支付等监察决定本身：申请法院强制执行（保障农民工工资支付条例第四十二条）" } },
  { id = "land", title = "农村土地承包",
    category = { "农村农牧业", "农村农业" }, lead = "nmj", lead_title = "农牧局",
    join = { agency "zrzyj" { level = "district" }, agency "sfj" { level = "district" },
      kind "town" { level = "town" } },
    routes = "农村土地承包仲裁（2年，土地仲裁法第十八条）或者直接起诉（第四条），不以调解为前置；"
      .. "不服仲裁裁决30日内起诉（第四十八条）；权属争议由政府处理，不服的30日内起诉（土地管理法第十四条）",
    never = {
      "征收集体土地及其补偿：行政复议、行政诉讼（土地仲裁法第二条）",
      "从未实际取得承包地：由农牧部门解决（最高法土地承包解释第一条）",
      "用于分配的土地补偿费数额：由镇政府、集体组织解决（最高法土地承包解释第一条）",
      "土地所有权、使用权权属争议：由政府处理（土地管理法第十四条）" } },
  { id = "environment", title = "环境污染",
    category = { "生态环境", "环境保护" }, lead = "sthjj", lead_title = "生态环境局",
    join = { agency "nmj" { level = "district" }, agency "zjj" { level = "district" },
      agency "swj" { level = "district" }, agency "gaj" { level = "district" } },
    routes = "直接起诉（3年，环境保护法第六十六条）；举报由生态环境部门查处，举报人信息保密（环境保护法第五十七条）；"
      .. "噪声由村（居）委会、业委会、物业先行劝阻、调解（噪声污染防治法第七十条）",
    -- 生态环境法典自2026-08-15起施行：按告知当日选用。
    later = { from = "2026-08-15", routes = "申请有关部门调解处理或者直接起诉（生态环境法典第一千零七十七条），"
      .. "诉讼时效3年（条号待核）；举报由生态环境部门查处；"
      .. "噪声由村（居）委会、业委会、物业先行劝阻、调解（生态环境法典第五百九十九条）" },
    never = {
      "违法排污的查处、处罚：不得以调解代替（参照山东省行政调解办法第六条）",
      "涉嫌环境犯罪：移送公安" } },
  { id = "requisition", title = "征地拆迁",
    category = { "自然资源", "国土资源", "城乡建设/拆迁安置" }, lead = "zrzyj", lead_title = "自然资源局",
    join = { agency "zjj" { level = "district" }, agency "rsj" { level = "district" },
      agency "sfj" { level = "district" }, kind "town" { level = "town" } },
    routes = "行政复议（60日，行政复议法2017修正第九条）；行政诉讼（6个月，行政诉讼法第四十六条；复议后15日，"
      .. "第四十五条）；补偿决定可以复议、诉讼（国有土地上房屋征收与补偿条例第二十六条）",
    -- 行政复议法2023年修订自2024-01-01起施行：按告知当日选用。
    later = { from = "2024-01-01", routes = "行政复议（60日，行政复议法第二十条）；行政诉讼（6个月，行政诉讼法第四十六条；"
      .. "复议后15日，第四十五条）；补偿决定可以复议、诉讼（国有土地上房屋征收与补偿条例第二十六条）" },
    never = {
      "征收决定、补偿决定是否合法：只能复议、诉讼；可调的只有补偿和裁量（行政诉讼法第六十条）",
      "强制搬迁：只能申请人民法院执行（国有土地上房屋征收与补偿条例第二十八条）" } },
  { id = "other", title = "其他", category = {}, join = {},
    routes = "人民调解、仲裁、诉讼；不服行政行为的，行政复议60日、行政诉讼6个月（行政复议法2017修正第九条、"
      .. "行政诉讼法第四十六条）",
    later = { from = "2024-01-01", routes = "人民调解、仲裁、诉讼；不服行政行为的，行政复议60日、行政诉讼6个月"
      .. "（行政复议法第二十条、行政诉讼法第四十六条）" },
    never = {} },
}

-- 任何一类都不受理的情形（参照辽宁省行政调解规定第八条）。
local refusals = {
  "已由人民调解组织、法院、仲裁机构受理或者处理（参照辽宁省行政调解规定第八条）",
  "已达成调解协议，就同一事项再次申请（参照辽宁省行政调解规定第八条）",
  "法律禁止调解（参照辽宁省行政调解规定第八条）",
  "一方不同意调解（参照深圳条例第二十八条）",
  "与本机关职权无关：已告知有权机关（参照深圳条例第四十五条）" }

local titles, grounds, ground_of, variant_of = {}, {}, {}, {}
for _, ground in ipairs(refusals) do
  table.insert(grounds, ground)
end
for _, v in ipairs(variants) do
  table.insert(titles, v.title)
  variant_of[v.title] = v
  for _, ground in ipairs(v.never) do
    table.insert(grounds, ground)
    ground_of[ground] = v.title
  end
end
grounds.title = "不予受理的理由"
grounds.open = false
titles.title = "纠纷种类"
titles.required = true

local states = {
  incoming   = { title = "已移送（待签收）", arrival = true, work = "clerk" },
  applied    = { title = "已收到申请", initial = true, work = "handler" },
  disputed   = { title = "管辖争议（待共同上级指定）", work = "superior" },
  consent    = { title = "征求对方意愿", work = "handler" },
  accepted   = { title = "已受理", handling = true, work = "handler" },
  mediating  = { title = "调解中", handling = true, work = "handler",
    adhoc = { "visit", "evidence", "opinion" } },
  entrusted  = { title = "已委托人民调解", work = "handler" },
  handing    = { title = "已移交信访（待签收）", work = "handler" },
  agreed     = { title = "达成协议（履行中）", handling = true, work = "handler",
    outcome = "达成协议" }, -- 达成协议即告知委托的信访部门，本案继续回访
  confirming = { title = "已申请司法确认", handling = true, work = "handler" },
  confirmed  = { title = "已司法确认（履行中）", handling = true, work = "handler" },
  followed_up = { title = "已回访", work = "handler" },

  refused    = { title = "不予受理", final = true, outcome = "不予受理" },
  returned   = { title = "退回", final = true, outcome = "退回" },
  failed     = { title = "调解不成", final = true, outcome = "调解不成" },
  terminated = { title = "终止（已进入其他法定程序）", final = true, outcome = "终止" },
  passed_on  = { title = "已移交其他途径", final = true, outcome = "转其他途径" },
  withdrawn  = { title = "撤回", final = true, called_off = true, outcome = "撤回" },
  breached   = { title = "不履行，已告知起诉", final = true, outcome = "协议未履行" },
  archived   = { title = "已归档", final = true, outcome = "调解成功", keep = "10年" },
}

local ended = "agreed|failed|terminated|withdrawn|passed_on"

-- 每一类有会同部门的，各有一个会同环节；会同期间办结期限照算，一方仍可随时退出。
local joints = "mediating"
for _, v in ipairs(variants) do
  if #v.join > 0 then
    joints = joints .. "|joint_" .. v.id
  end
end

local actions = {
  receive = on "incoming -> applied" { title = "签收", by = "clerk", receipt = "accept" },
  give_back = on "incoming -> returned" { title = "退回", by = "clerk", reason = true,
    receipt = "return", within = "returnable", when = "in_time" },

  -- 不属于本机关的，3个工作日内移送；两个机关都不认的，报共同上级指定（深圳条例第四十五条）。
  transfer = on "applied" { title = "移送有权机关", by = "handler", route = "routes", reason = true,
    when = "not_lead", document = "transfer_form" },
  transfer_to = on "applied" { title = "移送指定机关", by = "handler", route = field "to_body",
    form = { "to_body" }, reason = true, when = "not_back" , run = "note_transfer" },
  dispute = on "applied -> disputed" { title = "报共同上级指定管辖", by = "handler",
    route = common "gov", reason = true },
  designate = on "disputed -> applied" { title = "指定管辖", by = "superior",
    route = field "to_body", form = { "to_body" }, reason = true, run = "note_designation",
    document = "designate_notice" },

  ask = on "applied -> consent" { title = "征求对方意愿", by = "handler", when = "lead",
    document = "consent_request" },
  accept = on "applied|consent -> accepted" { title = "受理", by = "handler|importer",
    form = { "consent_applicant", "consent_respondent" }, when = "acceptable",
    document = "acceptance_notice", takes = true },
  refuse = on "applied|consent -> refused" { title = "不予受理", by = "handler|importer",
    form = { "refuse_ground", "told?" }, ground = "refuse_ground", when = "ground_fits",
    run = "tell_routes", document = "refusal_notice" },
  extend_acceptance = on "applied|consent" { title = "延长受理审查（5个工作日）", by = "head",
    extends = "accept", form = { "extend_days?" }, reason = true },

  begin = on "accepted -> mediating" { title = "开始调解", by = "handler|importer",
    form = { "chair", "place_of_session?" }, document = "rights_notice" },
  session = on "mediating" { title = "调解会记录", by = "handler",
    form = { "finding", "session_result" }, run = "count_session", document = "session_record" },
  extend = on("accepted|entrusted|" .. joints) { title = "延长调解期限（10个工作日）", by = "head",
    extends = "mediate", form = { "extend_days?" }, reason = true,
    document = "extension_notice" },
  agree = on "mediating -> agreed" { title = "达成协议", by = "handler|importer",
    form = { "form", "facts", "terms", "agreed_on", "instant?", "manner?",
      "place_of_performance?", "perform_by?" },
    when = "agreement_complete", document = "administrative_mediation_agreement" },
  fail = on("accepted|entrusted|" .. joints .. " -> failed") { title = "调解不成", by = "handler|importer",
    form = { "fail_ground", "told?" }, run = "tell_routes", document = "termination_notice" },
  terminate = on("accepted|" .. joints .. " -> terminated") { title = "终止（进入其他程序）",
    by = "handler", form = { "other_procedure", "told?" }, run = "tell_routes",
    document = "termination_notice" },
  withdraw = on("applied|consent|accepted|entrusted|" .. joints .. " -> withdrawn") { title = "撤回",
    by = "handler|importer", reason = true },

  -- 三调衔接 -------------------------------------------------------------------------------
  -- 适合人民调解的，经双方同意委托调委会；办结期限照算，对方退回的继续调解（参照宁波市人民调解条例第十九条）。
  to_people = on "accepted|mediating -> entrusted" { title = "委托人民调解", by = "handler",
    form = { "to_body", "both_agree" }, when = "both_agree", document = "entrust_letter",
    hand_over = hand_over "people_mediation" { to = field "to_body",
      carry = { subject = "subject", text = "text", amount = "amount", known_on = "known_on",
        undisputed = "undisputed" },
      returned = { go "mediating" },
      closed = { ["达成协议"] = { go "agreed" }, ["调解成功"] = { go "agreed" },
        otherwise = { go "failed" } } } },
  take_back = on "entrusted -> mediating" { title = "收回委托，继续调解", by = "handler",
    reason = true },
  -- 反映机关、单位的职务行为或者政策的：本人决定信访的，移交信访局，15日自签收起算；退回的重新决定是否受理。
  to_petition = on "applied|consent|accepted|mediating -> handing" { title = "移交信访",
    by = "handler", reason = true,
    form = { "citizen_decides", "petition_about", "purpose", "petition_text" },
    when = "citizen_decides", document = "transfer_form",
    hand_over = hand_over "petition" { to = kind "xfj" { min = "district" },
      carry = { subject = "subject", text = "petition_text", purpose = "purpose",
        people_count = "people_count" },
      received = { go "passed_on" }, returned = { go "applied" },
      closed = { otherwise = { go "passed_on" } } } },
  confirm = on "agreed -> confirming" { title = "共同申请司法确认", by = "handler",
    form = { "both_apply", "title_matter", "identity_matter", "agreement_no?" },
    when = "may_confirm", run = "name_mediators", document = "sfqr_application",
    hand_over = hand_over "judicial_confirmation" { to = kind "court" { level = "district" },
      carry = { subject = "subject", text = "text", terms = "terms", manner = "manner",
        perform_by = "perform_by", agreed_on = "agreed_on", both_apply = "both_apply",
        title_matter = "title_matter", identity_matter = "identity_matter",
        agreement_no = "agreement_no", mediation_body = "mediation_body" },
      returned = { go "agreed" },
      closed = { ["确认有效"] = { go "confirmed" }, otherwise = { go "agreed" } } } },

  follow_up = on "agreed|confirmed|followed_up -> followed_up" { title = "回访", by = "handler|importer",
    form = { "performed", "finding" }, document = "visit_record" },
  breach = on "agreed|confirmed|followed_up -> breached" { title = "不履行，告知起诉", by = "handler",
    reason = true, form = { "told" }, document = "termination_notice" },
  archive = on "followed_up -> archived" { title = "归档", by = "handler|importer" },
}

-- 每一类有会同部门的：一个会同环节、一个发起动作、一个汇总动作。牵头部门就是承办单位。
for _, v in ipairs(variants) do
  if #v.join > 0 then
    local state = "joint_" .. v.id
    states[state] = { title = "会同调解（" .. v.title .. "）", handling = true, work = "handler",
      joint = joint { lead = "host", to = v.join, title = "会同意见（" .. v.title .. "）",
        limit = "5 workdays", done = "all", late = { notify "head" { reason = "会同部门没有答复" } } } }
    actions["consult_" .. v.id] = on("mediating -> " .. state) {
      title = "会同有关部门（" .. v.title .. "）", by = "handler", when = "is_" .. v.id }
    actions["consulted_" .. v.id] = on(state .. " -> mediating") {
      title = "会同完毕（" .. v.title .. "）", by = "handler", needs = { "joint" } }
  end
end

local routes = {}
for _, v in ipairs(variants) do
  for _, category in ipairs(v.category) do
    table.insert(routes, route { category = category, to = agency(v.lead) { min = "district" } })
  end
end
table.insert(routes, route { category = "城乡建设", to = agency "zjj" { min = "district" } })
table.insert(routes, route { category = "交通", to = agency "jtj" { min = "district" } })
table.insert(routes, route { category = "市场消费", to = agency "scjg" { min = "district" } })
table.insert(routes, route { category = "卫生", to = agency "wjw" { min = "district" } })
table.insert(routes, route { to = kind "gov" { min = "district" } })

-- 并行的法定途径：从知道之日起算的时效，受理、不成、终止以后都看得到。
local bar_states = "applied|refused|failed|terminated|withdrawn"
local function bar(title, term, which)
  return clock { title = title, term = term, right = true, when = which,
    start_field = "known_on", from = bar_states }
end

local function is(id)
  return function(case)
    local v = variant_of[case.fields.kind or "其他"]
    return v ~= nil and v.id == id, "不是这一类纠纷"
  end
end

local function dated(id)
  return function(case)
    local v = variant_of[case.fields.kind or "其他"]
    return v ~= nil and v.id == id and case.fields.known_on ~= nil and
      not (id == "wage" and case.fields.employed == true), "没有写明知道之日，或者不受此限"
  end
end

-- 牵头部门才可以受理本类纠纷；镇（街道）、政府可以调解本辖区的。
local function is_lead(case)
  local v = variant_of[case.fields.kind or "其他"]
  if case.fields.designated or v.lead == nil or case.host_kind ~= "agency" then
    return true
  end
  return case.host_agency == v.lead or (v.id == "requisition" and case.host_agency == "zjj"),
    v.title .. "由" .. v.lead_title .. "牵头：请移送，或者报共同上级指定", "参照深圳条例第四十五条"
end

return workflow "administrative_mediation" {
  title = "行政调解",
  track = "administrative",
  classify = { "subject", "text" },
  registers = { "town", "agency", "gov", "xfj", "sfs", "sgc" },

  roles = {
    clerk    = at "host" { "clerk", "handler", "head", title = "登记员" },
    handler  = at "host" { "handler", "head", title = "承办人" },
    head     = at "host" { "head", title = "机关负责人" },
    superior = at "host" { "leader", "head", title = "共同上级机关负责人" },
    overseer = at "review" { "head", "leader", title = "上级机关" },
    importer = at "any" { "importer", title = "历史数据导入员" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "纠纷简况", required = true, max = 10000 },
    kind    = choice(titles),
    started = choice { "当事人申请", "机关主动", "移送委托", title = "来源方式" },
    own_reason = text { title = "主动调解的理由（人数多、影响大、稳定风险）", max = 500 },
    amount  = money { title = "涉及金额" },
    people_count = integer { title = "涉及人数" },
    known_on = date { title = "知道或者应当知道之日（欠薪为劳动关系终止之日）" },
    employed = flag { title = "劳动关系仍存续" },
    mediate_by = date { title = "委托方要求办结之日（信访办理期限之内）" },
    already_elsewhere = flag { title = "已由调解组织、法院、仲裁机构受理" },
    undisputed = text { title = "无争议事实（经双方同意移交）", max = 10000 },

    to_body = body { title = "指定的机关、组织", open = false },
    transferred_from = text { title = "移送过来的机关", open = false, max = 500 },
    designated = flag { title = "由共同上级指定", open = false },
    consent_applicant  = flag { title = "申请方同意调解", open = false },
    consent_respondent = flag { title = "对方同意调解", open = false },
    refuse_ground = choice(grounds),
    told    = text { title = "已告知的内容", open = false },
    statutory_routes = text { title = "本类纠纷的法定途径和期限", open = false },
    chair   = text { title = "主持人", open = false, max = 100 },
    place_of_session = text { title = "调解地点", open = false, max = 200 },
    finding = text { title = "记录", open = false, max = 10000 },
    session_result = choice { "成", "不成", "再次", title = "调解结果", open = false },
    sessions = integer { title = "调解次数", open = false },
    extend_days = integer { title = "延长的工作日数", open = false },
    form    = choice { "书面", "口头", title = "协议形式", open = false },
    facts   = text { title = "主要事实、争议事项和各方责任", open = false, max = 10000 },
    terms   = text { title = "协议内容", open = false, max = 10000 },
    agreed_on = date { title = "协议生效之日", open = false },
    instant = flag { title = "当场履行完毕", open = false },
    manner  = text { title = "履行方式", open = false },
    place_of_performance = text { title = "履行地点", open = false, max = 200 },
    perform_by = date { title = "履行期限", open = false },
    performed = choice { "已履行", "部分履行", "未履行", title = "履行情况", open = false },
    fail_ground = choice { "一方退出", "分歧过大，难以达成协议", "期限届满", title = "调解不成的情形",
      open = false },
    other_procedure = choice { "诉讼", "仲裁", "行政复议", "行政查处", "公安机关处理",
      title = "已进入的法定程序", open = false },
    both_agree = flag { title = "双方同意", open = false },
    both_apply = flag { title = "双方共同申请司法确认", open = false },
    agreement_no = text { title = "调解协议编号", open = false, max = 100 },
    petition_about = choice { "机关、单位及其工作人员的职务行为", "政策、规定",
      title = "反映的是什么（检举、控告由本人直接提出，不经调解组织）", open = false },
    purpose = choice { "申诉求决", "建议意见", title = "信访目的", open = false },
    petition_text = text { title = "反映材料（只写所反映的事项）", open = false, max = 10000 },
    citizen_decides = flag { title = "本人决定信访", open = false },
    mediation_body = text { title = "主持调解的组织和调解员", open = false, max = 400 },
    title_matter = flag { title = "涉及不动产等物权、知识产权的确权", open = false },
    identity_matter = flag { title = "涉及婚姻、亲子、收养等身份关系", open = false },
  },

  states = states,
  actions = actions,
  routes = routes,

  tasks = {
    visit = task { title = "走访核实", limit = "3 workdays" },
    evidence = task { title = "协助取证、检测", limit = "5 workdays" },
    opinion = task { title = "法律意见", limit = "3 workdays",
      to = agency "sfj" { level = "district" } },
  },

  clocks = {
    receipt = clock { title = "签收", term = "LK.RECEIPT", from = "incoming", to = "applied|returned",
      late = { mark "yellow", notify "acting" { reason = "移送的案件应当签收" },
        notify "overseer" { reason = "移送的案件3个工作日没有签收" } } },
    -- 过了退回的期限就应当签收，再依法决定（本地默认）。
    returnable = clock { title = "可以退回", term = "LK.RETURN", right = true, from = "incoming",
      to = "returned|applied" },
    transfer = clock { title = "移送", term = "XT.XFER", restart_on_host = true, when = "misplaced",
      from = "applied", to = "consent|accepted|refused|withdrawn|passed_on", drop = "disputed",
      warn = { "1 workday left" },
      late = { mark "yellow", notify "acting" { reason = "不属于本机关的，应当在3个工作日内移送" } } },
    accept = clock { title = "决定是否受理", term = "XT.ACC", restart_on_host = true,
      from = "applied|consent", to = "accepted|refused|withdrawn|passed_on", drop = "disputed",
      extend = { by = "5 workdays", times = 1, approve = "head" }, warn = { "1 workday left" },
      late = { mark "red", notify "acting" { reason = "应当在5个工作日内决定" },
        notify "overseer" { reason = "没有按期决定是否受理" } } },
    handing = clock { title = "移交签收", term = "LK.RECEIPT", from = "handing",
      to = "passed_on|applied",
      late = { mark "yellow", notify "acting" { reason = "移交的事项3个工作日没有签收，请催告" } } },
    designate = clock { title = "指定管辖", term = "XT.DESIG", from = "disputed", to = "applied",
      warn = { "1 workday left" }, late = { mark "red", notify "acting" { reason = "应当指定管辖" } } },
    mediate = clock { title = "办结", term = "XT.DO", from = "accepted|entrusted|" .. joints, to = ended,
      extend = { by = "10 workdays", times = 1, approve = "head" },
      warn = { "5 workdays left", left "3 workdays" { mark "yellow", notify "acting" } },
      late = { mark "red", notify "acting" { reason = "期满未达成协议的应当终止并告知" },
        notify "overseer" { reason = "行政调解超期" } } },
    sub_limit = clock { title = "委托方要求办结", limit = "0 days", start_field = "mediate_by",
      when = "has_sub_limit", from = "applied|accepted", to = ended .. "|refused",
      warn = { left "3 workdays" { notify "acting" } },
      late = { mark "yellow", notify "acting" { reason = "信访办理期限将满，应当退回结果" } } },
    -- 履行与回访。
    visit = clock { title = "回访", term = "RT.VISIT", start_field = "perform_by",
      from = "agreed|confirmed", to = "followed_up", drop = "breached|confirming",
      warn = { "1 workday left" }, late = { notify "acting" { reason = "应当回访" } } },
    archive = clock { title = "归档", term = "RT.FILE", from = "followed_up",
      to = "archived|breached", late = { notify "acting" { reason = "应当归档" } } },
    ask_confirm = clock { title = "申请司法确认", term = "RT.SFQR.ASK", right = true,
      start_field = "agreed_on", from = "agreed", to = "confirming" },
    -- 法院审查的期限，到期只提醒，不算超期。
    confirming = clock { title = "司法确认审结上限", term = "ST.SFQR.CAP", right = true,
      from = "confirming", to = "confirmed|agreed",
      late = { notify "acting" { reason = "司法确认没有结果，请了解" } } },
    execute = clock { title = "申请执行", term = "ST.EXEC", right = true, when = "to_perform",
      start_field = "perform_by", from = "confirmed|archived" },

    bar_wage = bar("劳动仲裁时效", "LD.BAR", "dated_wage"),
    bar_land = bar("土地仲裁时效", "TD.BAR", "dated_land"),
    bar_environment = bar("环境损害诉讼时效", "HJ.BAR", "dated_environment"),
    bar_review = bar("申请行政复议", "FY.ASK", "dated_requisition"),
    bar_suit = bar("提起行政诉讼", "XS.SUE", "dated_requisition"),
    bar_civil = bar("民事诉讼时效", "MS.BAR", "dated_other"),
  },

  guards = {
    -- 只是收件单位的权利，期满即止：过了期限应当签收，再依法移送或者决定。
    in_time = function(case)
      local k = case.clocks.returnable
      return k == nil or k.state == "running",
        "可以退回的期限" .. (k and k.legal or "") .. "已过：请签收，再移送或者决定是否受理", "参照信访工作条例第二十三条（本地默认，三调衔接）"
    end,
    is_wage = is "wage", is_land = is "land", is_environment = is "environment",
    is_requisition = is "requisition",
    dated_wage = dated "wage", dated_land = dated "land", dated_environment = dated "environment",
    dated_requisition = dated "requisition", dated_other = dated "other",
    has_sub_limit = function(case) return case.fields.mediate_by ~= nil, "没有要求办结之日" end,
    to_perform = function(case) return case.fields.perform_by ~= nil, "没有待履行的期限" end,

    lead = function(case) return is_lead(case) end,
    misplaced = function(case)
      local lead = is_lead(case)
      return not lead, "属于本机关"
    end,
    not_lead = function(case)
      if case.fields.designated then
        return false, "已由共同上级指定，不得再移送", "参照深圳条例第四十五条"
      end
      return case.to_body ~= case.host, "本机关就是牵头部门：请受理或者不予受理",
        "参照深圳条例第四十五条"
    end,
    not_back = function(case)
      if case.fields.designated then
        return false, "已由共同上级指定，不得再移送", "参照深圳条例第四十五条"
      end
      local from = " " .. (case.fields.transferred_from or "") .. " "
      return case.to_body == nil or not string.find(from, " " .. case.to_body .. " "),
        "对方刚移送过来：不得退回，请报共同上级指定", "参照深圳条例第四十五条"
    end,

    acceptable = function(case, input)
      local ok, why, article = is_lead(case)
      if not ok then
        return false, why, article
      end
      if case.fields.already_elsewhere then
        return false, "已由调解组织、法院、仲裁机构受理：不予受理并告知", "参照辽宁省行政调解规定第八条"
      end
      if case.fields.started == "机关主动" and case.fields.own_reason == nil then
        return false, "主动调解须写明理由（人数多、影响大、有稳定风险）", "参照深圳条例第四十四条"
      end
      return input.consent_applicant ~= false and input.consent_respondent ~= false,
        "双方当事人均须自愿：一方不同意的，不予受理并告知法定途径", "行政调解自愿原则（参照深圳条例第二十八条）"
    end,

    ground_fits = function(case, input)
      local kind = input.refuse_ground and ground_of[input.refuse_ground]
      return kind == nil or kind == case.fields.kind, "这条理由不适用于本类纠纷",
        "参照辽宁省行政调解规定第八条"
    end,

    agreement_complete = function(case, input, today)
      if input.agreed_on ~= nil and input.agreed_on > today then
        return false, "协议生效之日不能晚于今天", "《民法典》合同编"
      end
      if input.form == nil then
        return true
      end
      return input.instant == true or (input.manner ~= nil and input.perform_by ~= nil),
        "还要履行的，须写明履行方式和期限，否则司法确认时内容不明确", "《民诉法解释》（2022）第三百五十八条"
    end,

    -- 信不信访由本人决定，不要对方同意，也不得由调解组织代为决定（第十七条）。
    citizen_decides = function(case, input, today)
      return input.citizen_decides ~= false, "是否信访由当事人自己决定：本人不愿意的，不移交",
        today < "2022-05-01" and "《信访条例》第十四条" or "《信访工作条例》第十七条"
    end,

    both_agree = function(case, input)
      return input.both_agree ~= false, "委托其他组织调解须双方同意", "行政调解自愿原则"
    end,

    may_confirm = function(case, input, today)
      if input.title_matter then
        return false, "物权、知识产权的确权不能司法确认", "《民诉法解释》（2022）第三百五十五条"
      end
      if input.identity_matter then
        return false, "身份关系的效力不能司法确认", "《民诉法解释》（2022）第三百五十五条"
      end
      return input.both_apply ~= false, "司法确认须由双方共同申请", confirm_law(today)
    end,
  },

  hooks = {
    tell_routes = function(case, _, today)
      local v = variant_of[case.fields.kind or "其他"]
      local later = v.later ~= nil and today >= v.later.from
      return { set { statutory_routes = later and v.later.routes or v.routes } }
    end,
    -- 法院的文书要写明主持调解的组织和调解员。
    name_mediators = function(case)
      return { set { mediation_body = string.trim(case.host_name .. " " .. (case.fields.chair or "")) } }
    end,
    count_session = function(case)
      return { set { sessions = (case.fields.sessions or 0) + 1 } }
    end,
    note_transfer = function(case)
      local from = case.participants[#case.participants] or ""
      return { set { transferred_from = string.trim((case.fields.transferred_from or "") .. " " .. from) } }
    end,
    note_designation = function() return { set { designated = true } } end,
  },

  tests = {
    scenario "拖欠工资：人社局牵头，会同五个部门，20个工作日跨国庆，协议后司法确认的30日" {
      open { at = "2025-09-18 09:00", body = "hainan.rsj", place = "150303",
        fields = { subject = "欠薪", text = "工程结束，六人工资未结。", kind = "拖欠工资",
          known_on = "2025-08-31", people_count = 6 } },
      expect { state = "applied", clock = "accept", due = "2025-09-25" },
      expect { clock = "bar_wage", due = "2026-08-31" },
      act "ask" {},
      denied "accept" { consent_applicant = true, consent_respondent = false, because = "自愿" },
      wait "2025-09-19 09:00",
      act "accept" { consent_applicant = true, consent_respondent = true },
      expect { clock = "mediate", due = "2025-10-23" },
      act "begin" { chair = "承办人" },
      denied "consult_land" { because = "不是这一类" },
      act "session" { finding = "确认欠薪数额。", session_result = "再次" },
      act "session" { finding = "商定分期。", session_result = "成" },
      expect { fields = { sessions = 2 } },
      denied "extend" { extend_days = 11, reason = "复杂" },
      act "extend" { reason = "等待总包单位核账" },
      expect { clock = "mediate", due = "2025-11-06" },
      denied "agree" { form = "书面", facts = "欠薪六万元。", terms = "总包先行清偿。",
        agreed_on = "2025-09-19", because = "履行方式" },
      denied "agree" { form = "书面", facts = "欠薪六万元。", terms = "总包先行清偿。",
        agreed_on = "2025-09-20", instant = true, because = "今天" },
      act "agree" { form = "书面", facts = "欠薪六万元。", terms = "总包单位先行清偿。",
        agreed_on = "2025-09-05", manner = "银行转账", perform_by = "2025-10-31" },
      expect { state = "agreed", clock = "ask_confirm", due = "2025-10-09" }, -- 30日届满在国庆
      expect { clock = "visit", due = "2025-11-07" },
      denied "confirm" { both_apply = true, title_matter = true, identity_matter = false,
        because = "第三百五十五条" },
      denied "confirm" { both_apply = false, title_matter = false, identity_matter = false,
        because = "共同" },
      wait "2025-11-03 09:00",
      act "follow_up" { performed = "已履行", finding = "六人均已领取。" },
      expect { clock = "archive", due = "2025-11-18" },
      act "archive" {},
      expect { state = "archived", closed = true, outcome = "调解成功" },
    },

    scenario "移送3个工作日；不得退回，报共同上级指定；指定后不得再移送" {
      open { at = "2026-03-02 09:00", body = "hainan.zjj", place = "150303104",
        category = "生态环境/废气粉尘",
        fields = { subject = "粉尘", text = "搅拌站粉尘扰民。", kind = "环境污染",
          known_on = "2026-02-01" } },
      expect { clock = "transfer", due = "2026-03-05" },
      expect { clock = "bar_environment", due = "2029-02-01" },
      denied "ask" { because = "生态环境局牵头" },
      denied "accept" { consent_applicant = true, consent_respondent = true,
        because = "第四十五条" },
      wait "2026-03-04 09:00",
      act "transfer_to" { to_body = "hainan.nmj", reason = "养殖场粉尘" },
      expect { host = "hainan.nmj", clock = "accept", due = "2026-03-11", state = "applied" },
      denied "transfer_to" { to_body = "hainan.zjj", reason = "不属于本局", because = "共同上级" },
      act "dispute" { reason = "两局都认为不属于自己" },
      expect { state = "disputed", host = "hainan.gov", clock = "designate", due = "2026-03-11" },
      act "designate" { to_body = "hainan.zjj", reason = "由住建局牵头" },
      expect { state = "applied", host = "hainan.zjj" },
      denied "transfer" { reason = "再移送", because = "指定" },
      act "extend_acceptance" { reason = "涉及几个部门" },
      expect { clock = "accept", due = "2026-03-18" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "fail" { fail_ground = "一方退出" },
      expect { state = "failed", closed = true, clock = "bar_environment", due = "2029-02-01" },
    },

    scenario "按分类移送牵头部门；征地拆迁不能调的不予受理，复议60日、诉讼6个月看得到" {
      open { at = "2023-08-02 09:00", body = "hainan.mzj", place = "150303",
        category = "自然资源/征地",
        fields = { subject = "补偿", text = "对补偿决定不服。", kind = "征地拆迁",
          known_on = "2023-08-01" } },
      act "transfer" { reason = "属于自然资源部门" },
      expect { host = "hainan.zrzyj", clock = "bar_review", due = "2023-10-07" }, -- 上班的星期六
      expect { clock = "bar_suit", due = "2024-02-01" },
      denied "transfer" { reason = "再移", because = "牵头" },
      denied "refuse" { refuse_ground = "涉嫌环境犯罪：移送公安", because = "不适用" },
      act "refuse" {
        refuse_ground = "征收决定、补偿决定是否合法：只能复议、诉讼；可调的只有补偿和裁量（行政诉讼法第六十条）" },
      expect { state = "refused", closed = true, outcome = "不予受理", clock = "bar_suit",
        due = "2024-02-01" },
      wait "2023-10-08 09:00", expect { late = false },
    },

    scenario "土地承包：农牧局调解不成，土地仲裁2年；主动调解写明理由；已在别处受理的不受理" {
      open { at = "2024-01-08 09:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界。", kind = "农村土地承包",
          known_on = "2022-10-05", started = "机关主动" } },
      expect { clock = "bar_land", due = "2024-10-08" }, -- 届满在国庆，顺延
      denied "accept" { consent_applicant = true, consent_respondent = true, because = "理由" },
      act "refuse" { refuse_ground = "一方不同意调解（参照深圳条例第二十八条）" },
      open { at = "2024-01-08 10:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界。", kind = "农村土地承包",
          already_elsewhere = true } },
      denied "accept" { consent_applicant = true, consent_respondent = true, because = "第八条" },
      act "withdraw" { reason = "到法院处理" },
      open { at = "2024-01-08 11:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界。", kind = "农村土地承包" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人", place_of_session = "村委会" },
      act "terminate" { other_procedure = "仲裁" },
      expect { state = "terminated", closed = true },
    },

    scenario "条号按当日有效的引用：复议法2024年1月1日前后，民事诉讼法三次修正" {
      open { at = "2023-12-29 09:00", body = "hainan.zrzyj", place = "150303",
        fields = { subject = "补偿", text = "补偿数额。", kind = "征地拆迁" } },
      act "refuse" { refuse_ground = "一方不同意调解（参照深圳条例第二十八条）" },
      expect { fields = { statutory_routes = variant_of["征地拆迁"].routes } },
      open { at = "2024-01-02 09:00", body = "hainan.zrzyj", place = "150303",
        fields = { subject = "补偿", text = "补偿数额。", kind = "征地拆迁" } },
      act "refuse" { refuse_ground = "一方不同意调解（参照深圳条例第二十八条）" },
      expect { fields = { statutory_routes = variant_of["征地拆迁"].later.routes } },
      open { at = "2024-01-02 10:00", body = "hainan.rsj", place = "150303",
        fields = { subject = "欠薪", text = "工资未结。", kind = "拖欠工资" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "agree" { form = "口头", facts = "欠薪。", terms = "当场付清。", agreed_on = "2024-01-02",
        instant = true },
      denied "confirm" { both_apply = false, title_matter = false, identity_matter = false,
        because = "第二百零五条" },
    },

    scenario "环境污染：2026年8月15日起按生态环境法典告知" {
      open { at = "2026-08-14 09:00", body = "hainan.sthjj", place = "150303",
        fields = { subject = "粉尘", text = "搅拌站粉尘。", kind = "环境污染" } },
      act "refuse" { refuse_ground = "一方不同意调解（参照深圳条例第二十八条）" },
      expect { fields = { statutory_routes = variant_of["环境污染"].routes } },
      open { at = "2026-08-15 09:00", body = "hainan.sthjj", place = "150303",
        fields = { subject = "粉尘", text = "搅拌站粉尘。", kind = "环境污染" } },
      act "refuse" { refuse_ground = "一方不同意调解（参照深圳条例第二十八条）" },
      expect { fields = { statutory_routes = variant_of["环境污染"].later.routes } },
    },

    scenario "不履行：告知起诉；信访委托的，在要求之日前退回结果" {
      open { at = "2026-03-02 09:00", body = "bayintaohai.town", place = "150303104",
        fields = { subject = "流转费", text = "流转费未付。", kind = "农村土地承包",
          mediate_by = "2026-03-20" } },
      expect { clock = "sub_limit", due = "2026-03-20" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "agree" { form = "口头", facts = "欠流转费。", terms = "三日内付清。",
        agreed_on = "2026-03-02", manner = "现金", perform_by = "2026-03-05" },
      expect { clock = "visit", due = "2026-03-12" },
      act "follow_up" { performed = "未履行", finding = "反悔。" },
      act "breach" { reason = "反悔", told = "就协议起诉" },
      expect { state = "breached", outcome = "协议未履行" },
    },

    scenario "委托人民调解须双方同意；退回、收回的继续调解；达成协议的申请司法确认" {
      open { at = "2026-03-02 09:00", body = "bayintaohai.town", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付。", kind = "农村土地承包" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      denied "to_people" { to_body = "yanglujing.tw", both_agree = false, because = "双方同意" },
      act "to_people" { to_body = "yanglujing.tw", both_agree = true },
      expect { state = "entrusted", clock = "mediate", due = "2026-03-30" },
      follow "to",
      act "give_back" { reason = "当事人不在本村" },
      follow "from",
      expect { state = "mediating" },
      act "to_people" { to_body = "dongxing.tw", both_agree = true },
      act "take_back" { reason = "双方愿意在镇里谈" },
      expect { state = "mediating" },
      act "agree" { form = "书面", facts = "欠流转费。", terms = "分期付清。", agreed_on = "2026-03-02",
        manner = "转账", perform_by = "2026-04-20" },
      act "confirm" { both_apply = true, title_matter = false, identity_matter = false },
      expect { state = "confirming" },
      follow "to" { flow = "judicial_confirmation" },
      expect { fields = { mediation_body = "巴音陶亥镇人民政府 承办人" } },
      act "receive" {},
      act "accept" { court_no = "民特一号", competence = "调解组织所在地基层人民法院",
        paper_agreement = true, paper_body = true, paper_identity = true, paper_address = true },
      act "confirm" { ruling_no = "裁定一号" },
      follow "from",
      expect { state = "confirmed", clock = "execute", due = "2028-04-20" },
    },

    scenario "调委会移送来的：签收后起算5个工作日；不属于本机关的退回" {
      open { flow = "people_mediation", at = "2026-03-02 09:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "粉尘", text = "搅拌站粉尘。", kind = "环境污染" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_administrative" { reason = "需要检测", to_body = "hainan.sthjj", both_agree = true },
      follow "to",
      expect { state = "incoming", clock = "receipt", due = "2026-03-05" },
      act "receive" {},
      expect { state = "applied", clock = "accept", due = "2026-03-09" },
      open { flow = "people_mediation", at = "2026-03-02 10:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_administrative" { reason = "需要测量", to_body = "hainan.nmj", both_agree = true },
      follow "to",
      expect { clock = "returnable", due = "2026-03-09" },
      act "give_back" { reason = "不属于本局" },
      expect { state = "returned", closed = true },
      open { flow = "people_mediation", at = "2026-03-02 11:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_administrative" { reason = "需要测量", to_body = "hainan.nmj", both_agree = true },
      follow "to",
      wait "2026-03-10 00:00",
      denied "give_back" { reason = "太晚", because = "2026-03-09" }, -- 5个工作日已过：签收后移送或者决定
      act "receive" {},
      expect { state = "applied" },
    },

    scenario "反映机关职务行为的移交信访：本人决定；退回的重新决定是否受理，20个工作日不重新起算" {
      open { at = "2026-03-02 09:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "流转费", text = "流转费未付，镇里不管。", kind = "农村土地承包" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      expect { clock = "mediate", due = "2026-03-30" },
      act "begin" { chair = "承办人" },
      denied "to_petition" { citizen_decides = false, petition_about = "政策、规定", reason = "推给信访",
        purpose = "申诉求决", petition_text = "镇里不管。", because = "第十七条" },
      act "to_petition" { citizen_decides = true, petition_about = "机关、单位及其工作人员的职务行为",
        purpose = "申诉求决", petition_text = "镇里不管。", reason = "本人要求信访" },
      expect { state = "handing", clock = "handing", due = "2026-03-05" },
      follow "to",
      act "give_back" { reason = "双方的民事纠纷还在调解" },
      wait "2026-03-04 09:00",
      follow "from",
      expect { state = "applied", clock = "mediate", due = "2026-03-30" },
      expect { clock = "accept", due = "2026-03-09" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      expect { state = "accepted", clock = "mediate", due = "2026-03-30" },
      open { at = "2026-03-05 09:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "补贴", text = "对补贴政策有意见。", kind = "其他" } },
      act "to_petition" { citizen_decides = true, petition_about = "政策、规定", purpose = "建议意见",
        petition_text = "建议调整补贴标准。", reason = "本人要求信访" },
      follow "to",
      act "receive" {},
      follow "from",
      expect { state = "passed_on", closed = true, outcome = "转其他途径" },
    },

    scenario "会同有关部门：每类各自的部门，都答复了才继续；办结期限照算" {
      open { at = "2026-03-02 09:00", body = "hainan.rsj", place = "150303104201",
        fields = { subject = "拖欠工资", text = "拖欠工资纠纷。", kind = "拖欠工资" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "consult_wage" {},
      expect { state = "joint_wage", host = "hainan.rsj", clock = "mediate", due = "2026-03-30" },
      denied "consulted_wage" {},
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      act "consulted_wage" {},
      expect { state = "mediating" },
      open { at = "2026-03-02 10:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "农村土地承包", text = "农村土地承包纠纷。", kind = "农村土地承包" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "consult_land" {},
      expect { state = "joint_land", host = "hainan.nmj", clock = "mediate", due = "2026-03-30" },
      denied "consulted_land" {},
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      act "consulted_land" {},
      expect { state = "mediating" },
      open { at = "2026-03-02 11:00", body = "hainan.sthjj", place = "150303104201",
        fields = { subject = "环境污染", text = "环境污染纠纷。", kind = "环境污染" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "consult_environment" {},
      expect { state = "joint_environment", host = "hainan.sthjj", clock = "mediate", due = "2026-03-30" },
      denied "consulted_environment" {},
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      act "consulted_environment" {},
      expect { state = "mediating" },
      open { at = "2026-03-02 12:00", body = "hainan.zrzyj", place = "150303104201",
        fields = { subject = "征地拆迁", text = "征地拆迁纠纷。", kind = "征地拆迁" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "consult_requisition" {},
      expect { state = "joint_requisition", host = "hainan.zrzyj", clock = "mediate", due = "2026-03-30" },
      denied "consulted_requisition" {},
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      answer "joint" { text = "同意调解方案。", opinion = "同意" },
      act "consulted_requisition" {},
      expect { state = "mediating" },
    },
  },
}
