-- 信访事项办理流程。两套规则按日期选用：XF05《信访条例》（2005-05-01至2022-04-30）、
-- XF22《信访工作条例》（2022-05-01起）。条文号先写 XF05 后写 XF22。
-- 跨越2022-05-01的案件：已经开始的环节按原规则办完，下一环节（转送、受理、复查、复核）按当日规则
--（没有查到过渡规定，此为本地默认；动作上的 reprofile 即指此）。
--
-- 读法：roles 谁能办，fields 记什么，states 案件停在哪里，actions 从哪里到哪里、由谁、填什么，
-- clocks 期限、预警和超期后的督办，routes 转给哪个单位，guards 能不能办（不能时给出理由和条文），
-- tests 用虚拟时间走一遍。改动后运行 fengqiao flow check 和 fengqiao flow test。
--
-- 信访的答复义务在有权处理机关，超期不上收案件，只逐级督办（supervise），承办单位不变。
-- 案件的 level 是承办单位的层级，被上级督办后为督办单位的层级；能不能受理看单位种类，不看 level。

-- 不予受理的理由 -> 适用的规则。匿名、姓名地址不清不是理由，只免除书面告知（第二十二条 / 第二十三条）。
local grounds = {
  ["属于人大、法院、检察院职权范围（信访条例第十五条、第二十一条）"] = "XF05",
  ["已经或者依法应当通过诉讼、仲裁、行政复议解决（信访条例第十四条、第二十一条）"] = "XF05",
  ["同一事项下级机关已受理或正在办理，在规定期限内又向上级提出（信访条例第十六条）"] = "XF05",
  ["越级走访，已引导到有权处理的本级或上一级机关（信访条例第十六条）"] = "XF05",
  ["不属于本机关职权范围，已告知有权处理机关（信访条例第十六条、第二十二条）"] = "XF05",
  ["超过复查、复核申请期限且无正当理由（信访条例第三十四条、第三十五条）"] = "XF05",
  ["同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）"] = "XF22",
  ["越级走访，已引导到有权处理的本级或上一级机关、单位（信访工作条例第二十条）"] = "XF22",
  ["不属于本机关、单位职权范围，已告知有权处理机关（信访工作条例第二十条、第二十二条）"] = "XF22",
  ["超过复查、复核申请期限且无正当理由（信访工作条例第三十五条、第三十六条）"] = "XF22",
}

-- 到期前的提醒（期限过半、过八成、最后3个工作日标黄）和到期前1个工作日的催办，
-- 催办同时告知转送的单位。15日、30日、60日的期限各有自己的前两档。
local function warnings(first, second)
  local list = { first }
  if second ~= nil then
    table.insert(list, second)
  end
  table.insert(list, left "3 workdays" { mark "yellow", notify "acting" })
  table.insert(list, left "1 workday" { notify "acting" { reason = "催办：期限将届满" },
    notify "forwarder" { reason = "催办：期限将届满" } })
  return list
end

-- 督办阶梯：到期次日督办，此后15日约谈、30日通报、45日挂牌督办（《信访条例》第三十六条、
-- 《信访工作条例》第三十九条、第四十条；间隔为本地默认）。第一级由不低于 first 的信访局督办，
-- 承办的就是信访局时由上一级信访局督办。
local function ladder(first)
  return {
    mark "red",
    notify "acting" { reason = "已超期" },
    supervise { to = kind "xfj" { min = first }, reason = "超期督办" },
    notify "overseer" { reason = "超期督办" },
    after "15 days" {
      supervise { to = kind "xfj" { level = "city" }, reason = "超期15日，约谈" },
      notify "overseer" { reason = "超期15日，约谈" },
    },
    after "30 days" { mark "通报", notify "overseer" { reason = "超期30日，通报" },
      notify "acting" { reason = "超期30日，通报" } },
    after "45 days" {
      mark "挂牌督办",
      supervise { to = kind "gov" { level = "city" }, reason = "超期45日，挂牌督办" },
      notify "overseer" { reason = "挂牌督办，限期整改" },
    },
  }
end

-- 本案适用的条文。
local function law(case, xf05, xf22)
  return case.profile == "XF05" and "《信访条例》" .. xf05 or "《信访工作条例》" .. xf22
end

-- 应当回避的人员不得办理（第三十条 / 第二十八条）。
local function in_office(case)
  return not string.find(" " .. (case.fields.recused or "") .. " ", " " .. case.actor .. " "),
    case.actor .. " 应当回避", law(case, "第三十条", "第二十八条")
end

-- 有权处理机关的单位种类；只登记并上送的单位种类。
local competent_kinds = { town = true, agency = true, gov = true }
local passes_up = { vc = "村（社区）只登记并上送", sfs = "司法所登记后上送" }

-- 只有有权处理机关（镇、职能部门、政府）能受理、办理；村（社区）、司法所上送，信访局转送、交办、督办。
local function competent_body(case)
  if passes_up[case.host_kind] then
    return false, passes_up[case.host_kind] .. "，由有权处理机关受理",
      law(case, "第二十一条、第二十二条", "第二十二条、第二十三条")
  end
  if case.host_kind == "jjw" then
    return false, "纪检监察机关只办理检举控告类", law(case, "第二十三条", "第二十二条、第三十条")
  end
  return case.host_kind ~= "xfj", "信访局只登记、转送、交办、督办，由有权处理机关受理和办理",
    law(case, "第六条、第二十一条", "第十四条、第二十二条")
end

-- 同一单位提出异议并退回过的，不再转给它：由共同上一级指定（第二十四条）。
local function returned_by(case, body)
  return body ~= nil and
    string.find(" " .. (case.fields.returned_by or "") .. " ", " " .. body .. " ") ~= nil
end

-- 逐条检查，第一条不过的就是理由。
local function all_of(case, input, today, checks)
  for _, check in ipairs(checks) do
    local ok, why, article = check(case, input, today)
    if not ok then
      return false, why, article
    end
  end
  return true
end

return workflow "petition" {
  title = "信访事项",
  track = "petition",
  classify = { "subject", "text" }, -- 登记时按标题和内容自动归类，人可随时更正
  -- 哪些单位的人可以登记：谁先接到谁登记；村、网格、调委会登记在村里，再上送。
  -- 检举控告件密封：只由指定的专办人看和办，列表、检索、记录都没有内容；不让被检举、控告的单位知道（第三十条）。
  sealed = { field = "purpose", is = "检举控告", never = "accused_body" },
  registers = { "vc", "tw", "sfs", "town", "agency", "xfj", "gov", "sgc", "jjw" },

  profiles = {
    XF05 = profile { title = "信访条例（2005）", from = "2005-05-01", to = "2022-04-30" },
    XF22 = profile { title = "信访工作条例（2022）", from = "2022-05-01" },
  },

  roles = {
    registrar = at "host" { "clerk", "bureau", "handler", "head", "mediator", "chief",
      title = "登记员" },
    reporter  = at "host" { "grid", title = "网格员" },
    bureau    = at "host" { "bureau", "clerk", "head", title = "信访工作人员" },
    handler   = at "host" { "handler", "head", title = "承办人" },
    head      = at "host" { "head", title = "机关负责人" },
    reviewer  = at "host" { "handler", "head", title = "复查复核人员" },
    superior  = at "parent" { "bureau", "head", "leader", title = "上一级机关" },
    upper     = at "parent" { "leader", title = "上一级机关负责人" },
    arbiter   = at "host" { "head", "leader", "handler", title = "共同上一级机关" },
    discipline = at "host" { "handler", "head", title = "纪检监察专办人" },
    decider   = at "any" { "conference", title = "信访工作联席会议" },
    forwarder = at "origin" { "bureau", "clerk", title = "登记转送人员" },
    overseer  = at "supervisor" { "overseer", "bureau", "leader", title = "督办人" },
    importer  = at "any" { "importer", title = "历史数据导入员" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "诉求内容", required = true, max = 10000 },
    purpose = choice { "申诉求决", "建议意见", "检举控告", title = "信访目的" },
    people_count = integer { title = "涉及人数" },
    rep_count = integer { title = "走访代表人数（信访条例第十八条、信访工作条例第二十条）", max = 5 },
    demand  = text { title = "具体请求", max = 2000 },
    anonymous = flag { title = "匿名或姓名、地址不清" }, -- 只免除书面告知，不是不办的理由

    repeated = flag { title = "重复信访（同一人同一事项）" },
    accused = text { title = "被检举、控告的人", max = 200 },
    accused_body = body { title = "被检举、控告人所在单位" },

    fast_ground = choice { "事实清楚、责任明确、争议不大、易于解决", "咨询、建议、感谢，可以即时答复",
      "涉及群众日常生活、时效性强", "有关机关已有明确承诺或者结论", "其他适合简易办理的",
      title = "简易办理的理由", open = false },
    to_body = body { title = "指定的单位", open = false },
    report_by = date { title = "办结报告期限", open = false },
    forward_note = text { title = "转送意见", open = false },
    notice  = text { title = "告知内容", open = false },
    ground  = choice {
      "属于人大、法院、检察院职权范围（信访条例第十五条、第二十一条）",
      "已经或者依法应当通过诉讼、仲裁、行政复议解决（信访条例第十四条、第二十一条）",
      "同一事项下级机关已受理或正在办理，在规定期限内又向上级提出（信访条例第十六条）",
      "越级走访，已引导到有权处理的本级或上一级机关（信访条例第十六条）",
      "不属于本机关职权范围，已告知有权处理机关（信访条例第十六条、第二十二条）",
      "超过复查、复核申请期限且无正当理由（信访条例第三十四条、第三十五条）",
      "同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）",
      "越级走访，已引导到有权处理的本级或上一级机关、单位（信访工作条例第二十条）",
      "不属于本机关、单位职权范围，已告知有权处理机关（信访工作条例第二十条、第二十二条）",
      "超过复查、复核申请期限且无正当理由（信访工作条例第三十五条、第三十六条）",
      title = "不予受理理由", open = false },
    final_no = text { title = "原复核（终结）意见的文号、日期", open = false, max = 100 },
    route_to = choice {
      "诉讼、行政复议、检察或公安程序（第三十一条第一项）", "仲裁（第三十一条第二项）",
      "党员申诉、申请复审（第三十一条第三项）", "行政裁决、确认、许可、处罚（第三十一条第四项）",
      "申请查处或履行法定职责（第三十一条第五项）",
      title = "导入的法定途径", open = false },
    route_organ = text { title = "导入的机关、地址和剩余时限", open = false, max = 200 },
    objection = text { title = "异议理由", open = false },
    returns = integer { title = "退回次数", open = false },
    returned_by = text { title = "提出异议后退回的单位", open = false, max = 500 },
    designated = flag { title = "由共同上一级指定", open = false },
    recused = text { title = "应当回避的人员（登录名，空格分隔）", open = false, max = 200 },
    hearing_note = text { title = "听证情况", open = false },
    both_agree = flag { title = "双方同意调解", open = false },
    mediation_note = text { title = "调解情况", open = false },
    summary = text { title = "移交调解的摘要（不含检举、控告内容）", open = false, max = 10000 },
    mediate_by = date { title = "要求调解组织办结之日", open = false },
    opinion = text { title = "处理意见", open = false, max = 10000 },
    adopted = choice { "采纳", "部分采纳", "未采纳", title = "采纳情况", open = false },
    result  = choice { "支持", "部分支持", "不支持", "解释说明", title = "处理结果", open = false },
    mediated = flag { title = "经调解或和解（须双方同意，第三十三条）", open = false },
    extend_days = integer { title = "延长日数（不超过30）", open = false },
    handled_by = body { title = "作出处理意见的机关", open = false },
    handled_person = text { title = "处理意见经办人", open = false, max = 64 },
    concluded_on = date { title = "出具意见日期", open = false },
    served_on = date { title = "送达日期（信访人收到之日）", open = false },
    fucha_result = choice { "维持", "变更", title = "复查结果", open = false },
    fucha_opinion = text { title = "复查意见", open = false, max = 10000 },
    fucha_person = text { title = "复查经办人", open = false, max = 64 },
    redo_by = date { title = "重新办理期限至", open = false },
    fuhe_result = choice { "维持", "变更", "撤销", title = "复核结果", open = false },
    fuhe_opinion = text { title = "复核意见", open = false, max = 10000 },
  },

  states = {
    incoming   = { title = "已移交（待签收）", arrival = true, work = "registrar" },
    registered = { title = "已登记", initial = true, work = "registrar" },
    forwarded  = { title = "已转送", work = "handler" },
    assigned   = { title = "已交办", work = "handler" },
    objection  = { title = "退办异议审核中", work = "bureau" },
    disputed   = { title = "提请共同上一级指定中", work = "arbiter" },
    acceptance = { title = "待受理告知", work = "handler" },
    fast       = { title = "简易办理中", work = "handler" },
    discipline = { title = "已密封移交（待签收）", work = "discipline" },
    handling   = { title = "办理中", work = "handler" },
    redo       = { title = "重新办理中", work = "handler" },
    docking    = { title = "访调对接调解中", work = "handler" },
    wait_fucha = { title = "已答复（复查申请期内）" },
    served     = { title = "已送达（复查申请期内）" },
    fucha      = { title = "复查中", work = "reviewer" },
    wait_fuhe  = { title = "已复查（复核申请期内）" },
    served_fucha = { title = "复查意见已送达（复核申请期内）" },
    fuhe       = { title = "复核中", work = "reviewer" },
    fuhe_hearing = { title = "复核听证中", work = "reviewer" },

    returned      = { title = "退回", final = true, outcome = "退回" },
    refused       = { title = "不予受理", final = true, outcome = "不予受理" },
    refused_final = { title = "不再受理", final = true, outcome = "不再受理" },
    routed_out    = { title = "导入其他法定途径", final = true, outcome = "导入其他法定途径" },
    sealed_over   = { title = "已由纪检监察机关签收", final = true, outcome = "检举控告移交" },
    replied       = { title = "建议意见已答复", final = true, outcome = "建议意见已答复" },
    closed_no_review = { title = "办结（期满未申请复查）", final = true, outcome = "办结" },
    closed_no_final  = { title = "办结（期满未申请复核）", final = true, outcome = "办结" },
    final         = { title = "复核终结", final = true, outcome = "复核终结", keep = "10年" },
    withdrawn     = { title = "信访人撤回", final = true, called_off = true, outcome = "撤回" },
  },

  actions = {
    -- 调解组织、行政机关移交来的（第十七条）：签收之日就是收件之日，15日由此起算；5个工作日内可以退回。
    receive = on "incoming -> registered" { title = "签收移交的事项",
      by = "registrar", receipt = "accept" },
    give_back = on "incoming -> returned" { title = "退回", by = "registrar", reason = true,
      receipt = "return", within = "returnable", when = "in_time" },
    -- 村（社区）、镇收到的先上送信访局；也可直接按分类转送。15日从最初登记起算，不因上送重算。
    pass_up = on "registered" { title = "上送信访局", by = "registrar|reporter", when = "below_bureau",
      route = kind "xfj" { min = "district" }, form = { "forward_note?" } },
    -- 15日内转送有权处理机关（第二十一条 / 第二十二条）：按分类，或者由信访局指定单位。
    forward = on "registered -> forwarded" { title = "转送", by = "registrar|importer",
      route = "routes", form = { "forward_note?" }, when = "may_forward", reprofile = true,
      document = "forward_letter" },
    forward_to = on "registered -> forwarded" { title = "转送指定单位", by = "bureau",
      route = field "to_body", form = { "to_body", "forward_note?" }, when = "may_forward_to",
      reprofile = true, document = "forward_letter" },
    -- 交办：重要情况须反馈，限期报办结报告（第二十一条第四项 / 第二十二条第三项）。
    assign = on "registered -> assigned" { title = "交办", by = "bureau", route = "routes",
      form = { "report_by", "forward_note?" }, when = "may_assign", reprofile = true,
      document = "assign_letter" },
    -- 几个机关争议或者都不受理的，由共同上一级指定（第二十四条）。
    designate = on "registered|forwarded|assigned|objection|acceptance -> acceptance" {
      title = "指定受理", by = "decider|upper", route = field "to_body", form = { "to_body" },
      reason = true, when = "may_designate", run = "note_designation",
      document = "designate_notice" },
    -- 机关之间对受理有争议的，由共同的上一级机关决定（第二十四条）。
    dispute = on "forwarded|assigned|objection|acceptance -> disputed" { title = "提请共同上一级指定",
      by = "handler|bureau", route = common "gov", reason = true, when = "not_designated" },
    designate_here = on "disputed -> acceptance" { title = "决定受理机关", by = "arbiter|decider",
      route = field "to_body", form = { "to_body" }, reason = true, when = "may_designate",
      run = "note_designation", document = "designate_notice" },
    -- 检举控告：按干部管理权限密封移交，不转送（第二十二条第二款、第三十条）。
    seal_over = on "registered|forwarded|assigned|acceptance -> discipline" {
      title = "密封移交纪检监察机关", by = "registrar|bureau|handler",
      route = kind "jjw" { min = "district" }, form = { "accused?", "accused_body?" },
      when = "is_accusation", document = "sealed_transfer" },
    seal_up = on "registered|forwarded|assigned|acceptance|discipline -> discipline" {
      title = "密封移交上级纪检监察机关", by = "registrar|bureau|handler|discipline",
      route = kind "jjw" { level = "city" }, reason = true, when = "is_accusation",
      document = "sealed_transfer" },
    take_sealed = on "discipline -> sealed_over" { title = "签收", by = "discipline" },
    sort_out = on "registered|forwarded|assigned|acceptance" { title = "甄别信访目的",
      by = "bureau|handler", form = { "purpose" }, reason = true },

    -- 只有有权处理机关才能受理（第二十二条 / 第二十三条）；收到之日起15日内书面告知。
    accept = on "registered|forwarded|assigned|acceptance -> handling" { title = "受理",
      by = "handler|importer", form = { "notice?" }, when = "competent", reprofile = true,
      document = "acceptance_notice" },
    -- 简易办理（2016年试行、2022年办法；时限见 terms.lua，标 B、U 的待核）：收件3个工作日内受理，
    -- 10个工作日内办结；不适合的转普通程序，期限仍从原来的日期起算。
    fast_track = on "registered|forwarded|acceptance -> fast" { title = "简易办理", by = "handler",
      form = { "fast_ground", "notice?" }, when = "may_fast", reprofile = true },
    to_ordinary = on "fast -> handling" { title = "转普通程序", by = "handler", reason = true },
    refuse = on "registered|forwarded|assigned|acceptance -> refused" { title = "不予受理",
      by = "bureau|handler|importer", form = { "ground", "notice?" }, ground = "ground",
      when = "ground_fits", document = "refusal_notice" },
    -- 已经复核终结，同一事实和理由再次提出的（第三十五条第三款 / 第三十六条第三款）。
    refuse_final = on "registered|forwarded|assigned|acceptance -> refused_final" {
      title = "不再受理", by = "bureau|handler", form = { "final_no?" }, reason = true,
      when = "may_decide", document = "refusal_final_notice" },
    -- 申诉求决类先分清途径（《信访工作条例》第二十八条、第三十条、第三十一条）。
    route_out = on "registered|forwarded|assigned|acceptance -> routed_out" {
      title = "导入法定途径", by = "bureau|handler", profile = "XF22",
      form = { "route_to", "route_organ" }, when = "may_decide", document = "route_out_notice" },
    -- 建议意见类：研究、答复，没有60日期限和复查、复核（第二十九条）。
    reply_suggestion = on "registered|forwarded|assigned|acceptance -> replied" {
      title = "答复建议意见", by = "handler", form = { "opinion", "adopted" },
      when = "is_suggestion", document = "suggestion_reply" },

    -- 异议：收到之日起5个工作日内（《信访工作条例》第二十三条），由转送机关核实。
    object = on "forwarded|assigned -> objection" { title = "提出异议", by = "handler",
      profile = "XF22", form = { "objection" }, route = "previous" },
    return_ok = on "objection -> registered" { title = "同意退回", by = "bureau", reason = true,
      run = "count_return" },
    -- 不同意退回：告知期限不因异议停止。
    return_no = on "objection -> acceptance" { title = "不同意退回", by = "bureau", reason = true,
      route = "previous" },

    -- 回避（第三十条 / 第二十八条）；听证（第三十一条）、调解（第三十三条）都在60日之内，期限照算。
    recuse = on "registered|forwarded|assigned|acceptance|fast|handling|redo|fucha|fuhe|fuhe_hearing" {
      title = "决定回避", by = "head", form = { "recused" }, reason = true },
    hold_hearing = on "handling|redo" { title = "听证", by = "handler", form = { "hearing_note" },
      when = "handles", document = "hearing_notice" },
    mediate = on "handling|redo" { title = "调解（访调对接）", by = "handler",
      form = { "both_agree", "mediation_note" }, when = "both_willing",
      document = "mediation_record" },
    -- 访调对接：申诉求决类、民事内容、双方同意的，移交调委会或者行政机关调解（第十三条 / 第三十三条、第三十七条）。
    -- 60日照算：要求调解组织在30日内、且在办理期限届满10日前办结；不成、退回、到期都回到办理。
    to_mediation = on "handling -> docking" { title = "移交人民调解（访调对接）", by = "handler",
      form = { "to_body", "both_agree", "summary", "mediate_by" }, when = "may_dock",
      document = "entrust_letter",
      hand_over = hand_over "people_mediation" { to = field "to_body",
        carry = { subject = "subject", text = "summary", mediate_by = "mediate_by",
          people_count = "people_count" },
        returned = { go "handling" },
        closed = { ["达成协议"] = { mark "调解达成协议", go "handling" },
          ["调解成功"] = { mark "调解达成协议", go "handling" }, otherwise = { go "handling" } } } },
    to_agency_mediation = on "handling -> docking" { title = "移交行政调解（访调对接）",
      by = "handler", form = { "to_body", "both_agree", "summary", "mediate_by" },
      when = "may_dock", document = "entrust_letter",
      hand_over = hand_over "administrative_mediation" { to = field "to_body",
        carry = { subject = "subject", text = "summary", mediate_by = "mediate_by",
          people_count = "people_count" },
        returned = { go "handling" },
        closed = { ["达成协议"] = { mark "调解达成协议", go "handling" },
          ["调解成功"] = { mark "调解达成协议", go "handling" }, otherwise = { go "handling" } } } },
    take_back = on "docking -> handling" { title = "收回办理", by = "handler", reason = true },

    -- 60日办结；情况复杂的，经机关负责人批准延长，不超过30日，一次（第三十三条 / 第三十四条）。
    extend = on "handling|docking" { title = "延期", by = "head|importer", extends = "handle",
      form = { "extend_days?" }, reason = true, when = "extension_within_law",
      document = "extension_notice" },
    conclude = on "fast|handling|redo|docking -> wait_fucha" { title = "出具处理意见", by = "handler|importer",
      form = { "opinion", "result", "mediated?" }, when = "handles", run = "sign_opinion",
      document = "opinion_letter" },

    -- 复查申请期从信访人收到书面答复起算：当场送达的从出具之日起，另行送达的补记送达日期。
    serve = on "wait_fucha -> served" { title = "记录送达", by = "registrar|importer",
      form = { "served_on" }, when = "served_after" },
    -- 30日内可请求上一级复查（第三十四条 / 第三十五条），复查机关30日内出具意见。
    -- 收件的可以是原机关，也可以是上一级机关、信访局：不能因原机关不收而错过申请期。
    request_fucha = on "wait_fucha|served -> fucha" { title = "请求复查",
      by = "registrar|superior|importer", reason = true, route = "review", reprofile = true },
    decide_fucha = on "fucha -> wait_fuhe" { title = "出具复查意见", by = "reviewer|importer",
      form = { "fucha_result", "fucha_opinion" }, when = "impartial", run = "sign_fucha",
      document = "fucha_letter" },
    -- 撤销原意见：重新办理的期限由复查决定写明。
    revoke_fucha = on "fucha -> redo" { title = "撤销原意见，责令重新办理", by = "reviewer",
      form = { "fucha_opinion", "redo_by" }, route = field "handled_by", when = "may_revoke",
      reprofile = true, document = "fucha_letter" },

    serve_fucha = on "wait_fuhe -> served_fucha" { title = "记录复查意见送达",
      by = "registrar|importer", form = { "served_on" }, when = "served_after" },
    -- 30日内可请求再上一级复核（第三十五条 / 第三十六条）；听证所需时间不计入。
    request_fuhe = on "wait_fuhe|served_fucha -> fuhe" { title = "请求复核",
      by = "registrar|superior|importer", reason = true, route = "review", reprofile = true },
    begin_hearing = on "fuhe -> fuhe_hearing" { title = "开始听证", by = "reviewer",
      when = "impartial", document = "hearing_notice" },
    end_hearing = on "fuhe_hearing -> fuhe" { title = "听证结束", by = "reviewer",
      form = { "hearing_note?" } },
    decide_fuhe = on "fuhe -> final" { title = "出具复核意见", by = "reviewer|importer",
      form = { "fuhe_result", "fuhe_opinion" }, when = "impartial", document = "fuhe_letter" },

    withdraw = on "registered|forwarded|assigned|objection|disputed|acceptance|fast|handling|redo|fucha|fuhe|fuhe_hearing -> withdrawn" {
      title = "撤回", by = "registrar|handler|importer", reason = true },
  },

  clocks = {
    receipt = clock { title = "签收", term = "LK.RECEIPT", from = "incoming",
      to = "registered|returned", warn = { "1 workday left" },
      late = { mark "yellow", notify "acting" { reason = "移交的事项应当签收" },
        notify "superior" { reason = "移交的事项3个工作日没有签收" } } },
    returnable = clock { title = "可以退回", term = "LK.RETURN", right = true, from = "incoming",
      to = "returned|registered" },
    forward = clock { title = "转送", term = "XF.FWD", from = "registered",
      to = "forwarded|assigned|acceptance|fast|handling|refused|refused_final|routed_out|replied|discipline",
      warn = warnings("7 days left"), late = ladder "district" },
    -- 同意退回的，告知义务随之解除，不算已告知。
    notice = clock { title = "受理告知", term = "XF.NOTICE", from = "forwarded|assigned|acceptance",
      to = "fast|handling|refused|refused_final|routed_out|replied|discipline", drop = "registered",
      warn = warnings("7 days left"), late = ladder "district" },
    -- 5个工作日是提出异议的权利：期满转为待受理告知，不算超期。
    object = clock { title = "提出异议", term = "XF.OBJ", profile = "XF22",
      from = "forwarded|assigned", to = "objection",
      drop = "acceptance|disputed|fast|handling|refused|refused_final|routed_out|replied|discipline",
      late = { go "acceptance" } },
    answer_objection = clock { title = "异议审核", limit = "3 workdays", from = "objection",
      to = "registered|acceptance|disputed", warn = { "1 workday left" },
      late = { notify "acting", supervise { to = kind "xfj" { level = "city" } } } },
    report_back = clock { title = "办结报告", limit = "0 days", start_field = "report_by",
      from = "assigned", to = "wait_fucha", drop = "registered|discipline",
      warn = { left "3 workdays" { notify "acting" }, "1 workday left" },
      late = { notify "acting" { reason = "交办逾期未报告" },
        supervise { to = kind "xfj" { min = "district" }, reason = "交办逾期未报告" },
        notify "forwarder" { reason = "交办逾期未报告" } } },
    -- 共同上一级决定、密封件签收：本地默认。
    designate = clock { title = "指定受理", limit = "5 workdays", from = "disputed",
      to = "acceptance", warn = { "1 workday left" },
      late = { notify "acting", supervise { to = kind "joint_conf" { min = "district" } } } },
    take = clock { title = "密封件签收", limit = "3 workdays", from = "discipline",
      to = "sealed_over", restart_on_host = true, warn = { "1 workday left" },
      late = { notify "acting", supervise { to = kind "jjw" { level = "city" } } } },
    fast_accept = clock { title = "可以简易办理", term = "XF.FAST.ACC", right = true,
      from = "registered|forwarded", restart_on_host = true, to = "fast",
      drop = "assigned|objection|disputed|handling|refused|refused_final|routed_out|replied|discipline|withdrawn" },
    fast = clock { title = "简易办结", term = "XF.FAST.DO", from = "fast", to = "wait_fucha",
      drop = "handling", warn = { left "3 workdays" { mark "yellow", notify "acting" },
        left "1 workday" { notify "acting" { reason = "简易办理将届满；不适合的请转普通程序" } } },
      late = { mark "red", notify "acting" { reason = "简易办理已超期" },
        supervise { to = kind "xfj" { min = "district" }, reason = "简易办理超期" } } },
    -- 自受理起算：由简易转普通的，不重新起算。
    handle = clock { title = "办理", term = "XF.HANDLE", from = "fast|handling", to = "wait_fucha",
      extend = { by = "30 days", times = 1, approve = "head" },
      warn = warnings("30 days left", "12 days left"), late = ladder "district" },
    dock = clock { title = "调解组织办结", limit = "0 days", start_field = "mediate_by",
      from = "docking", to = "handling|wait_fucha", warn = { left "3 workdays" { notify "acting" } },
      late = { mark "yellow", notify "acting" { reason = "调解到期没有结果：请收回办理" } } },
    redo = clock { title = "重新办理", limit = "0 days", start_field = "redo_by", from = "redo",
      to = "wait_fucha", warn = { left "3 workdays" { mark "yellow", notify "acting" },
        left "1 workday" { notify "acting" { reason = "催办：期限将届满" } } },
      late = ladder "district" },
    ask_fucha = clock { title = "请求复查", term = "XF.FC.ASK", from = "wait_fucha", to = "fucha",
      drop = "served", late = { go "closed_no_review" } },
    ask_fucha_served = clock { title = "请求复查（自送达起）", term = "XF.FC.ASK", from = "served",
      start_field = "served_on", to = "fucha", late = { go "closed_no_review" } },
    fucha = clock { title = "复查", term = "XF.FC.DO", from = "fucha", to = "wait_fuhe|redo",
      warn = warnings("15 days left", "6 days left"), late = ladder "city" },
    ask_fuhe = clock { title = "请求复核", term = "XF.FH.ASK", from = "wait_fuhe", to = "fuhe",
      drop = "served_fucha", late = { go "closed_no_final" } },
    ask_fuhe_served = clock { title = "请求复核（自送达起）", term = "XF.FH.ASK",
      from = "served_fucha", start_field = "served_on", to = "fuhe",
      late = { go "closed_no_final" } },
    fuhe = clock { title = "复核", term = "XF.FH.DO", from = "fuhe", to = "final",
      pause = { fuhe_hearing = "听证" }, warn = warnings("15 days left", "6 days left"),
      late = ladder "city" },
    -- 听证时间虽不计入复核期限，也不应没有尽头（本地默认）。
    hearing = clock { title = "听证", limit = "30 workdays", from = "fuhe_hearing",
      to = "fuhe|final", warn = { "3 workdays left" }, late = { notify "acting" } },
  },

  -- 自上而下第一条符合且单位存在的生效；category 按一级分类匹配。没有对口部门的由区政府接收并确定
  -- 承办单位（信访局不受理）；村务由镇（街道）办理。前一组是 workflows/wuhai/categories.lua 的分类，后一组是通用分类。
  routes = {
    route { category = "农村农牧业/村务", to = kind "town" { level = "town" } },
    route { category = "农村农牧业", to = agency "nmj" { level = "district" } },
    route { category = "自然资源", to = agency "zrzyj" { level = "district" } },
    route { category = "城乡建设", to = agency "zjj" { level = "district" } },
    route { category = "劳动社保", to = agency "rsj" { level = "district" } },
    route { category = "生态环境", to = agency "sthjj" { level = "district" } },
    route { category = "民政救助", to = agency "mzj" { level = "district" } },
    route { category = "教育", to = agency "jyj" { level = "district" } }, -- 教育、教育文体
    route { category = "卫生", to = agency "wjw" { level = "district" } }, -- 卫生医保、卫生计生
    route { category = "交通", to = agency "jtj" { level = "district" } }, -- 交通、交通运输
    route { category = "公安政法", to = agency "gaj" { level = "district" } },
    route { category = "市场消费", to = agency "scjg" { level = "district" } },
    route { category = "党务政务干部", to = kind "gov" { level = "district" } },

    route { category = "农村农业/村务", to = kind "town" { level = "town" } },
    route { category = "农村农业", to = agency "nmj" { level = "district" } },
    route { category = "国土资源", to = agency "zrzyj" { level = "district" } },
    route { category = "劳动和社会保障", to = agency "rsj" { level = "district" } },
    route { category = "环境保护", to = agency "sthjj" { level = "district" } },
    route { category = "民政", to = agency "mzj" { level = "district" } },
    route { category = "政法", to = agency "gaj" { level = "district" } },
    route { category = "商贸旅游", to = agency "scjg" { level = "district" } },
    route { category = "经济管理", to = agency "fgj" { level = "district" } },
    route { category = "科技与信息产业", to = agency "gxj" { level = "district" } },
    route { category = "党务政务", to = kind "gov" { level = "district" } },
    route { category = "纪检监察", to = kind "gov" { level = "district" } },

    route { to = kind "gov" { level = "district" } },
    route { to = kind "gov" { min = "district" } },
  },

  guards = {
    -- 只是收件单位的权利，期满即止：过了期限应当签收，再转送有权处理机关。
    in_time = function(case)
      local k = case.clocks.returnable
      return k == nil or k.state == "running",
        "可以退回的期限" .. (k and k.legal or "") .. "已过：请签收，再转送有权处理机关",
        "参照信访工作条例第二十三条（本地默认，三调衔接）"
    end,

    below_bureau = function(case)
      return case.host_kind ~= "xfj", "已在信访局：请转送或者交办",
        law(case, "第二十一条", "第二十二条")
    end,

    -- 转送由信访局、政府办理；镇（街道）只交本镇机构，部门只交本系统下级。
    -- 检举控告类不得转给被检举、控告的人或者单位，按干部管理权限移送。
    may_forward = function(case)
      if case.profile ~= "XF05" and case.fields.purpose == "检举控告" then
        return false, "检举控告类不转送：请用“密封移交纪检监察机关”",
          "《信访工作条例》第二十二条第二款、第三十条"
      end
      if returned_by(case, case.to_body) then
        return false, "该单位提出异议后已退回过：请由共同上一级指定受理",
          law(case, "第二十四条", "第二十四条")
      end
      if passes_up[case.host_kind] then
        return false, passes_up[case.host_kind] .. "，由信访局转送", law(case, "第二十一条", "第二十二条")
      end
      return case.host_kind == "xfj" or case.host_kind == "gov",
        "按分类转送由信访局办理：属于本单位职权的请受理，不属于的请上送信访局",
        law(case, "第二十一条", "第二十二条")
    end,

    may_forward_to = function(case)
      if case.profile ~= "XF05" and case.fields.purpose == "检举控告" then
        return false, "检举控告类不转送：请用“密封移交纪检监察机关”",
          "《信访工作条例》第二十二条第二款、第三十条"
      end
      if passes_up[case.host_kind] then
        return false, passes_up[case.host_kind] .. "，由信访局转送", law(case, "第二十一条", "第二十二条")
      end
      local to = case.to_body and case.bodies[case.to_body]
      if to == nil then
        return true -- 还没有填表：表单自己会要求
      end
      if returned_by(case, case.to_body) then
        return false, "该单位提出异议后已退回过：请由共同上一级指定受理",
          law(case, "第二十四条", "第二十四条")
      end
      if not competent_kinds[to.kind] then
        return false, "只能转送有权处理的机关、单位", law(case, "第二十一条", "第二十二条")
      end
      if case.host_kind == "town" then
        return false, "交本镇（街道）人员办理用“指派”；不属于本镇职权的请上送信访局",
          law(case, "第二十一条", "第二十二条")
      end
      if case.host_kind == "agency" then
        return to.below and to.agency == case.host_agency, "部门只交本系统的下级单位",
          law(case, "第二十一条", "第二十二条")
      end
      return true
    end,

    not_designated = function(case)
      return not case.fields.designated, "已由共同上一级指定受理，不再提请",
        law(case, "第二十四条", "第二十四条")
    end,

    is_accusation = function(case)
      return case.fields.purpose == "检举控告", "只用于检举控告类：请先甄别信访目的",
        law(case, "第二十三条", "第二十二条第二款、第三十条")
    end,

    -- 只用于初次信访；上级交办、可能不予支持、可用其他法定程序、几个单位办理或者多人联名的，不适用。
    may_fast = function(case, input, today)
      return all_of(case, input, today, { competent_body, in_office, function()
        local f = case.fields
        if today < "2016-07-01" then
          return false, "当时还没有简易办理的规定", "《信访事项简易办理办法》"
        end
        if f.repeated or f.designated or (f.returns or 0) > 0 or (f.people_count or 0) >= 5 or
          f.purpose == "检举控告" then
          return false, "重复信访、有争议或者多人联名的事项和检举控告不适用简易办理",
            "《信访事项简易办理办法》"
        end
        local clock = case.clocks.fast_accept
        return clock ~= nil and clock.state == "running", "收件已超过3个工作日，按普通程序受理",
          "《信访事项简易办理办法》"
      end })
    end,

    -- 信访局不受理，指定给它等于没有指定。
    may_designate = function(case)
      local to = case.to_body and case.bodies[case.to_body]
      return to == nil or competent_kinds[to.kind] == true,
        "应当指定有权处理的机关、单位", law(case, "第二十四条", "第二十四条")
    end,

    may_assign = function(case, input, today)
      if case.host_kind ~= "xfj" then
        return false, "交办由信访局作出", law(case, "第二十一条", "第二十二条")
      end
      if case.profile ~= "XF05" and case.fields.purpose == "检举控告" then
        return false, "检举控告类按干部管理权限移送：请用“密封移交纪检监察机关”",
          "《信访工作条例》第二十二条第二款、第三十条"
      end
      return input.report_by == nil or input.report_by > today, "办结报告期限须在今日之后",
        law(case, "第二十一条第四项", "第二十二条第三项")
    end,

    competent = function(case, input, today)
      return all_of(case, input, today, { competent_body, in_office, function()
        if case.fields.purpose == "建议意见" then
          return false, "建议意见类研究后答复，不进入60日办理：请用“答复建议意见”",
            law(case, "第二十九条", "第二十九条")
        end
        return case.profile == "XF05" or case.fields.purpose ~= "检举控告",
          "检举控告类按干部管理权限移送：请用“密封移交纪检监察机关”", "《信访工作条例》第三十条"
      end })
    end,

    handles = function(case, input, today)
      return all_of(case, input, today, { competent_body, in_office })
    end,

    -- 不予受理、不再受理、导入法定途径：信访局、有权处理机关都可以决定，村（社区）不可以。
    may_decide = function(case, input, today)
      return all_of(case, input, today, { in_office, function()
        return not passes_up[case.host_kind],
          (passes_up[case.host_kind] or "") .. "，由有权处理机关决定", law(case, "第二十一条、第二十二条", "第二十二条、第二十三条")
      end })
    end,

    -- 理由须是本案适用的规则里有的；匿名、地址不清不在其中。
    ground_fits = function(case, input)
      if passes_up[case.host_kind] then
        return false, passes_up[case.host_kind] .. "，由有权处理机关决定是否受理",
          law(case, "第二十一条、第二十二条", "第二十二条、第二十三条")
      end
      if not input.ground then
        return true -- 还没有填表：表单自己会要求
      end
      if case.fields.designated and string.find(input.ground, "不属于本机关") then
        return false, "已由共同上一级指定受理，不得以不属于职权范围为由不受理",
          law(case, "第二十四条", "第二十四条")
      end
      return grounds[input.ground] == case.profile, "这条理由不适用于本案的规则",
        law(case, "第十四条至第十六条、第二十一条", "第十九条、第二十条、第二十二条")
    end,

    is_suggestion = function(case, input, today)
      return all_of(case, input, today, { competent_body, in_office, function()
        return case.fields.purpose == "建议意见", "只用于建议意见类：请先甄别信访目的",
          law(case, "第二十九条", "第二十九条")
      end })
    end,

    both_willing = function(case, input, today)
      return all_of(case, input, today, { competent_body, in_office, function()
        return input.both_agree ~= false, "调解须双方同意", law(case, "第十三条", "第三十三条")
      end })
    end,

    -- 调解不停60日：最迟办结之日为今日起30日与办理期限届满前10日中较早的一天（本地默认）。
    may_dock = function(case, input, today)
      return all_of(case, input, today, { competent_body, in_office, function()
        if case.fields.purpose ~= nil and case.fields.purpose ~= "申诉求决" then
          return false, "只有申诉求决类可以移交调解", law(case, "第十三条", "第三十三条、第三十七条")
        end
        if input.both_agree == false then
          return false, "移交调解须双方同意", law(case, "第十三条", "第三十三条")
        end
        local latest, limit = days_add(today, 30), days_add(case.clocks.handle.legal, -10)
        if limit < latest then
          latest = limit
        end
        if latest <= today then
          return false, "距办理期限届满不足10日，不再移交调解", law(case, "第三十三条", "第三十四条")
        end
        return input.mediate_by == nil or (input.mediate_by > today and input.mediate_by <= latest),
          "要求办结之日须在今日之后、" .. latest .. "以前：60日办理期限照算",
          law(case, "第三十三条", "第三十三条、第三十四条")
      end })
    end,

    extension_within_law = function(case, input)
      local days, article = input.extend_days or 30, law(case, "第三十三条", "第三十四条")
      if case.clocks.handle and case.clocks.handle.extended > 0 then
        return false, "已经延期一次，不得再延", article
      end
      if case.clocks.handle and case.clocks.handle.late then
        return false, "办理期限已经届满；延期须在届满前批准", article
      end
      return days >= 1 and days <= 30, "延长期限不得超过30日", article
    end,

    served_after = function(case, input, today)
      local on, issued = input.served_on, case.fields.concluded_on or ""
      return on == nil or (on <= today and on >= issued),
        "送达日期须在出具意见之日至今日之间", law(case, "第三十四条", "第三十五条")
    end,

    -- 原经办人不得复查，原经办人和复查经办人不得复核。
    impartial = function(case, input, today)
      return all_of(case, input, today, { in_office, function()
        return case.actor ~= case.fields.handled_person and
          (case.state == "fucha" or case.actor ~= case.fields.fucha_person),
          "本事项的原经办人不得参加复查、复核", law(case, "第三十条", "第二十八条")
      end })
    end,

    may_revoke = function(case, input, today)
      return all_of(case, input, today, { in_office, function()
        if case.actor == case.fields.handled_person then
          return false, "本事项的原经办人不得参加复查、复核", law(case, "第三十条", "第二十八条")
        end
        return input.redo_by == nil or input.redo_by > today, "重新办理期限须在今日之后",
          law(case, "第三十四条", "第三十五条")
      end })
    end,
  },

  hooks = {
    -- 两次退回视为推诿，由信访局督办（《信访条例》第三十六条、《信访工作条例》第四十条；次数为本地默认）。
    count_return = function(case)
      local times, last = (case.fields.returns or 0) + 1, case.participants[#case.participants]
      local by = (case.fields.returned_by and case.fields.returned_by .. " " or "") .. (last or "")
      if times < 2 then
        return { set { returns = times, returned_by = by } }
      end
      return { set { returns = times, returned_by = by },
        supervise { to = kind "xfj" { min = "district" }, reason = "两次退回，可由共同上一级指定受理" },
        notify "overseer" { reason = "两次退回，可由共同上一级指定受理" } }
    end,
    note_designation = function() return { set { designated = true } } end,
    sign_opinion = function(case, _, today)
      return { set { handled_by = case.host }, set { handled_person = case.actor },
        set { concluded_on = today } }
    end,
    sign_fucha = function(case, _, today)
      return { set { fucha_person = case.actor }, set { concluded_on = today } }
    end,
  },

  tests = {
    scenario "村里登记，转送农牧局，按期办结，期满未申请复查" {
      open { at = "2020-06-19 09:00", body = "yanglujing.vc", place = "150303104201",
        category = "农村农牧业/土地承包",
        fields = { subject = "承包地边界争议", text = "与邻户承包地边界不清，请求确认。" } },
      expect { state = "registered", host = "yanglujing.vc", profile = "XF05", level = 1,
        due = "2020-07-06" }, -- 15日届满为周六7月4日，顺延
      denied "accept" { because = "村（社区）" },
      denied "route_out" {},
      denied "forward" { because = "村（社区）只登记并上送" },
      act "pass_up" { forward_note = "请转送", by = "yanglujing05" },
      expect { state = "registered", host = "hainan.xfj", due = "2020-07-06" },
      act "forward" { forward_note = "请依法办理" },
      expect { state = "forwarded", host = "hainan.nmj" },
      wait "10 days",
      act "accept" {},
      expect { state = "handling", clock = "handle", due = "2020-08-28" },
      wait "40 days",
      act "conclude" { opinion = "已现场勘界，双方签字确认。", result = "支持" },
      expect { state = "wait_fucha", late = false },
      wait "32 days",
      expect { state = "closed_no_review", closed = true },
    },

    scenario "超期标红，逐级督办，承办单位不变" {
      open { at = "2020-03-02 09:00", body = "hainan.xfj", place = "150303104",
        category = "劳动社保/农民工工资",
        fields = { subject = "拖欠工资", text = "工程结束后工资未结清。" } },
      act "forward" {},
      expect { host = "hainan.rsj" },
      act "accept" {},
      expect { due = "2020-05-06" }, -- 60日届满为劳动节假期，顺延
      wait "58 days", -- 4月29日：还剩3个工作日以内
      expect { mark = "yellow", late = false },
      wait "8 days",
      expect { mark = "red", late = true, host = "hainan.rsj", supervisor = "hainan.xfj" },
      wait "15 days",
      expect { supervisor = "wuhai.xfj", level = 4, host = "hainan.rsj" },
      wait "31 days",
      expect { mark = "挂牌督办", supervisor = "wuhai.gov" },
      act "conclude" { opinion = "已督促结清。", result = "支持" },
      expect { state = "wait_fucha", unmarked = "red" },
    },

    scenario "延期一次，须在届满前由负责人批准" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303",
        category = "生态环境/废气粉尘", fields = { subject = "粉尘", text = "厂区粉尘扰民。" } },
      expect { profile = "XF22" },
      act "forward" {}, act "accept" {},
      denied "extend" { extend_days = 31, reason = "复杂", because = "30日" },
      wait "50 days",
      act "extend" { extend_days = 30, reason = "需委托检测" },
      expect { due = "2023-05-30" },
      denied "extend" { reason = "再延一次" },
      act "conclude" { opinion = "已整改。", result = "部分支持", mediated = true },
    },

    scenario "异议退回与不同意退回，告知期限照算" {
      open { at = "2023-06-01 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "入学", text = "片区划分不清。" } },
      act "forward" {}, expect { host = "hainan.jyj", due = "2023-06-08", clock = "object" },
      act "object" { objection = "属于自然资源部门职责" },
      expect { state = "objection", host = "hainan.xfj" },
      act "return_ok" { reason = "同意" },
      expect { state = "registered", host = "hainan.xfj" },
      denied "forward" { because = "已退回过" }, -- 同一单位不再转第二次
      denied "forward_to" { to_body = "hainan.jyj", because = "第二十四条" },
      act "forward_to" { to_body = "hainan.zrzyj" },
      act "object" { objection = "不属于本局职责" },
      act "return_no" { reason = "属于本局职责" },
      expect { state = "acceptance", host = "hainan.zrzyj" },
      act "accept" {},
      expect { state = "handling" },
      act "withdraw" { reason = "信访人书面撤回" },
      expect { state = "withdrawn", closed = true },
    },

    scenario "五个工作日未提异议，转为待受理告知" {
      open { at = "2023-06-01 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "入学", text = "片区划分不清。" } },
      act "forward" {},
      wait "8 days",
      expect { state = "acceptance", late = false },
      denied "object" { objection = "迟了" },
      act "route_out" { route_to = "仲裁（第三十一条第二项）", route_organ = "劳动人事争议仲裁院" },
      expect { state = "routed_out", closed = true },
    },

    scenario "不予受理的理由随规则而定" {
      open { at = "2023-02-01 09:00", body = "hainan.xfj", place = "150303",
        fields = { subject = "判决", text = "对生效判决不服。" } },
      denied "refuse" {
        ground = "属于人大、法院、检察院职权范围（信访条例第十五条、第二十一条）",
        because = "不适用" },
      act "refuse" { ground = "同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）" },
      expect { state = "refused", closed = true },
    },

    scenario "复核终结后不再受理" {
      open { at = "2023-02-01 09:00", body = "hainan.xfj", place = "150303",
        fields = { subject = "重复事项", text = "同一事实和理由再次提出。" } },
      act "refuse_final" { reason = "2022年已复核终结", final_no = "乌府复核〔2022〕3号" },
      expect { state = "refused_final" },
    },

    scenario "复查维持，复核听证不计入期限" {
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {}, act "conclude" { opinion = "不符合条件。", result = "不支持" },
      act "request_fucha" { reason = "不服处理意见" },
      expect { state = "fucha", host = "wuhai.nmj" },
      act "decide_fucha" { fucha_result = "维持", fucha_opinion = "维持原意见。" },
      act "request_fuhe" { reason = "不服复查意见" },
      expect { state = "fuhe", host = "wuhai.gov", due = "2023-03-31" },
      wait "5 days",
      act "begin_hearing" {},
      wait "9 days",
      act "end_hearing" {},
      expect { state = "fuhe", due = "2023-04-10" },
      act "decide_fuhe" { fuhe_result = "维持", fuhe_opinion = "维持复查意见。" },
      expect { state = "final", closed = true },
    },

    scenario "复查撤销，按复查决定写明的期限重新办理" {
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {}, act "conclude" { opinion = "不符合条件。", result = "不支持" },
      act "request_fucha" { reason = "不服" },
      denied "revoke_fucha" { fucha_opinion = "重新办理。", redo_by = "2023-03-01",
        because = "今日之后" },
      act "revoke_fucha" { fucha_opinion = "事实不清，重新办理。", redo_by = "2023-04-15" },
      expect { state = "redo", host = "hainan.nmj", clock = "redo",
        due = "2023-04-17" }, -- 4月15日为周六，顺延
      denied "extend" { reason = "再延" },
      wait "2023-04-18 00:00",
      expect { late = true, mark = "red", supervisor = "hainan.xfj" },
      act "conclude" { opinion = "符合条件，补发。", result = "支持" },
      act "request_fucha" { reason = "金额不对" },
      act "decide_fucha" { fucha_result = "变更", fucha_opinion = "变更金额。" },
      wait "32 days",
      expect { state = "closed_no_final", closed = true },
    },

    -- 谁能办 --------------------------------------------------------------------------------

    scenario "信访局不受理；村里超期被督办后也不能受理" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303",
        fields = { subject = "修路", text = "村道破损。" } },
      denied "accept" { because = "信访局只登记" },
      denied "forward_to" { to_body = "hainan.court", because = "有权处理" },
      denied "forward_to" { to_body = "海南区农业局", by = "hainan.xfj02" },
      act "forward_to" { to_body = "hainan.jtj" },
      expect { state = "forwarded", host = "hainan.jtj" },
      act "accept" {},
      open { at = "2023-03-02 09:00", body = "yanglujing.vc", place = "150303104201",
        fields = { subject = "修路", text = "村道破损。" } },
      wait "20 days",
      expect { late = true, host = "yanglujing.vc", supervisor = "hainan.xfj", level = 3 },
      denied "accept" { because = "村（社区）" },
      denied "refuse" { ground = "同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）",
        because = "村（社区）" },
      denied "forward_to" { to_body = "hainan.jtj", because = "村（社区）" },
      act "pass_up" { forward_note = "请转送" },
      expect { state = "registered", host = "hainan.xfj", late = true }, -- 不因上送重新起算
      denied "pass_up" { because = "已在信访局" },
      act "forward" {},
      expect { host = "hainan.gov" }, -- 没有归类：区政府确定承办单位
      act "accept" {},
      expect { state = "handling" },
    },

    scenario "信访局自己超期，由上一级信访局督办" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303",
        fields = { subject = "修路", text = "村道破损。" } },
      wait "2023-03-17 00:00",
      expect { late = true, supervisor = "wuhai.xfj" },
      open { at = "2023-04-03 09:00", body = "wuhai.nmj", place = "150303",
        fields = { subject = "补贴", text = "市级补贴未发。" } },
      act "accept" {},
      wait "2023-06-03 00:00",
      expect { late = true, supervisor = "wuhai.xfj", host = "wuhai.nmj" }, -- 下级不督办上级
    },

    scenario "匿名信也要办；走访代表不超过5人" {
      denied "open" { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "水渠", text = "水渠失修。", people_count = 60, rep_count = 6 },
        because = "第二十条" },
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "水渠", text = "水渠失修。", people_count = 60, rep_count = 5,
          anonymous = true } },
      denied "refuse" { ground = "匿名" },
      act "accept" {},
      expect { state = "handling" },
    },

    scenario "交办须限期报告；逾期督办" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303",
        category = "生态环境/水", fields = { subject = "排污", text = "污水直排。" } },
      denied "assign" { report_by = "2023-03-01", because = "今日之后" },
      act "assign" { report_by = "2023-04-01" },
      expect { state = "assigned", host = "hainan.sthjj", clock = "report_back",
        due = "2023-04-03" }, -- 4月1日为周六
      act "accept" {},
      expect { clock = "report_back", due = "2023-04-03" },
      wait "2023-04-04 00:00",
      expect { late = true, supervisor = "hainan.xfj" },
      act "conclude" { opinion = "已责令整改。", result = "支持" },
      expect { state = "wait_fucha", late = false },
    },

    scenario "两次退回由信访局督办，共同上一级指定受理" {
      open { at = "2023-06-01 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "校车", text = "校车超载。" } },
      act "forward" {},
      act "object" { objection = "属于交通部门职责" }, act "return_ok" { reason = "属实" },
      act "forward_to" { to_body = "hainan.jtj" },
      act "object" { objection = "属于教育部门职责" },
      expect { host = "hainan.xfj" }, -- 退给转送的单位，不是上一个承办单位
      act "return_ok" { reason = "有争议" },
      expect { fields = { returns = 2 }, supervisor = "wuhai.xfj" },
      denied "designate" { to_body = "hainan.xfj", reason = "由信访局办", by = "hainan.lxh01",
        because = "有权处理" },
      denied "designate" { to_body = "hainan.jyj", reason = "牵头", by = "hainan.jyj03" },
      act "designate" { to_body = "hainan.jyj", reason = "由教育局牵头", by = "hainan.lxh01" },
      expect { state = "acceptance", host = "hainan.jyj", clock = "notice", due = "2023-06-16" },
      denied "object" { objection = "仍不属于本局职责" },
      denied "refuse" { because = "已由共同上一级指定",
        ground = "不属于本机关、单位职权范围，已告知有权处理机关（信访工作条例第二十条、第二十二条）" },
      act "accept" {},
    },

    scenario "镇、部门只在本镇、本系统之内交办；司法所登记后上送" {
      open { at = "2023-06-01 09:00", body = "bayintaohai.sfs", place = "150303104",
        fields = { subject = "低保", text = "低保停发。" } },
      denied "forward" { because = "司法所登记后上送" },
      act "pass_up" {},
      expect { host = "hainan.xfj" },
      open { at = "2023-06-02 09:00", body = "bayintaohai.town", place = "150303104",
        fields = { subject = "低保", text = "低保停发。" } },
      denied "forward" { because = "由信访局办理" },
      denied "forward_to" { to_body = "hainan.mzj", because = "指派" },
      act "accept" {},
      expect { state = "handling", host = "bayintaohai.town" },
      open { at = "2023-06-05 09:00", body = "wuhai.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      denied "forward_to" { to_body = "hainan.mzj", because = "本系统" },
      act "forward_to" { to_body = "hainan.nmj" },
      expect { state = "forwarded", host = "hainan.nmj" },
    },

    scenario "建议意见研究答复；检举控告移送；甄别可以更正" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303", category = "交通",
        fields = { subject = "公交", text = "建议增设站点。", purpose = "检举控告" } },
      denied "forward" { because = "第三十条" },
      denied "assign" { report_by = "2023-04-03", because = "第三十条" },
      act "sort_out" { purpose = "建议意见", reason = "登记有误" },
      act "forward" {},
      denied "accept" { because = "第二十九条" },
      act "reply_suggestion" { opinion = "列入明年计划。", adopted = "采纳" },
      expect { state = "replied", closed = true },
      open { at = "2023-03-02 09:00", by = "hainan.jtj02", body = "hainan.jtj", place = "150303",
        fields = { subject = "举报", text = "举报收受礼金。", purpose = "检举控告" } },
      denied "accept" { because = "第三十条" },
      denied "reply_suggestion" { opinion = "无", adopted = "未采纳", because = "第二十九条" },
      act "seal_over" { accused_body = "hainan.jtj", by = "hainan.jtj02" },
      expect { state = "discipline", host = "hainan.jjw", clock = "take", due = "2023-03-07" },
      denied "take_sealed" { by = "hainan.jjw02", because = "专办人" }, -- 还没有指定
      wait "2023-03-08 00:00",
      expect { late = true, supervisor = "wuhai.jjw" },
    },

    scenario "检举控告件密封：只由指定的专办人办理，不转给被检举、控告的单位" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303", by = "hainan.xfj02",
        fields = { subject = "举报", text = "举报收受礼金。", purpose = "检举控告",
          accused_body = "hainan.jjw" } },
      expect { assignee = "hainan.xfj02" },
      denied "sort_out" { purpose = "建议意见", reason = "误", by = "hainan.xfj01",
        because = "专办人" },
      denied "seal_over" { by = "hainan.xfj02", because = "不得转给" },
      act "seal_up" { reason = "被检举人由市管理", by = "hainan.xfj02" },
      expect { state = "discipline", host = "wuhai.jjw" },
    },

    scenario "简易办理：3个工作日内受理，10个工作日办结；转普通程序的期限从受理之日起算" {
      open { at = "2023-03-01 09:00", body = "hainan.xfj", place = "150303", category = "交通",
        fields = { subject = "公交", text = "站牌损坏。" } },
      act "forward_to" { to_body = "hainan.jtj" },
      denied "fast_track" { because = "必须填写" },
      act "fast_track" { fast_ground = "涉及群众日常生活、时效性强" },
      expect { state = "fast", clock = "fast", due = "2023-03-15" },
      expect { clock = "handle", due = "2023-05-04" },
      wait "7 days",
      act "to_ordinary" { reason = "须勘测" },
      expect { state = "handling", clock = "handle", due = "2023-05-04" },
      open { at = "2023-03-20 09:00", body = "hainan.jtj", place = "150303",
        fields = { subject = "公交", text = "站牌损坏。", people_count = 6 } },
      denied "fast_track" { fast_ground = "其他适合简易办理的", because = "多人联名" },
      open { at = "2023-03-21 09:00", body = "hainan.jtj", place = "150303",
        fields = { subject = "公交", text = "站牌损坏。" } },
      wait "2023-03-25 09:00",
      denied "fast_track" { fast_ground = "其他适合简易办理的", because = "3个工作日" },
      act "accept" {},
      open { at = "2023-03-27 09:00", body = "hainan.jtj", place = "150303",
        fields = { subject = "公交", text = "站牌损坏。" } },
      act "fast_track" { fast_ground = "其他适合简易办理的" },
      wait "2023-04-12 00:00",
      expect { late = true, mark = "red", supervisor = "hainan.xfj" },
      act "conclude" { opinion = "已修复。", result = "支持" },
      expect { state = "wait_fucha", unmarked = "red" },
    },

    scenario "机关争议提请共同上一级：区政府决定，决定后不得再争" {
      open { at = "2023-06-01 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "校车", text = "校车超载。" } },
      act "forward" {},
      act "object" { objection = "属于交通部门职责" },
      act "dispute" { reason = "两局都认为不属于本局", by = "hainan.xfj02" },
      expect { state = "disputed", host = "hainan.gov", clock = "designate", due = "2023-06-08" },
      act "designate_here" { to_body = "hainan.jtj", reason = "涉及道路运输" },
      expect { state = "acceptance", host = "hainan.jtj" },
      denied "dispute" { reason = "仍不属于", because = "不再提请" },
      act "accept" {},
    },

    scenario "应当回避的人员不得办理和复查" {
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "recuse" { recused = "hainan.nmj02", reason = "与信访人有直接利害关系" },
      denied "accept" { by = "hainan.nmj02", because = "第二十八条" },
      act "accept" { by = "hainan.nmj03" },
      act "hold_hearing" { hearing_note = "3月10日听证，各方到场。", by = "hainan.nmj03" },
      denied "mediate" { both_agree = false, mediation_note = "一方不愿意",
        by = "hainan.nmj03", because = "第三十三条" },
      act "mediate" { both_agree = true, mediation_note = "未达成一致", by = "hainan.nmj03" },
      expect { state = "handling", clock = "handle", due = "2023-05-04" }, -- 听证、调解不停期限
      act "conclude" { opinion = "不符合条件。", result = "不支持", by = "hainan.nmj03" },
      act "request_fucha" { reason = "不服", by = "wuhai.xfj02" }, -- 市信访局直接收件
      act "recuse" { recused = "wuhai.nmj02", reason = "近亲属", by = "wuhai.nmj03" },
      denied "decide_fucha" { fucha_result = "维持", fucha_opinion = "维持。",
        by = "wuhai.nmj02", because = "应当回避" },
      act "withdraw" { reason = "信访人撤回复查请求" },
    },

    scenario "访调对接：60日照算，调解不超过30日、也不晚于届满前10日" {
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "流转费", text = "合作社拖欠流转费。", purpose = "申诉求决" } },
      act "accept" {},
      expect { clock = "handle", due = "2023-05-04" }, -- 4月30日在劳动节假期，顺延
      denied "to_mediation" { to_body = "yanglujing.tw", both_agree = false, summary = "流转费。",
        mediate_by = "2023-03-20", because = "第三十三条" },
      denied "to_mediation" { to_body = "yanglujing.tw", both_agree = true, summary = "流转费。",
        mediate_by = "2023-04-01", because = "2023-03-31" },
      wait "2023-04-10 09:00",
      denied "to_mediation" { to_body = "yanglujing.tw", both_agree = true, summary = "流转费。",
        mediate_by = "2023-04-25", because = "2023-04-24" },
      expect { state = "handling", clock = "handle", due = "2023-05-04" },
      wait "2023-04-24 09:00",
      denied "to_mediation" { to_body = "yanglujing.tw", both_agree = true, summary = "流转费。",
        mediate_by = "2023-04-25", because = "不足10日" },
      act "conclude" { opinion = "已督促支付。", result = "支持" },
      open { at = "2023-05-04 10:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "举报", text = "举报。", purpose = "建议意见" } },
      denied "to_agency_mediation" { to_body = "hainan.rsj", both_agree = true, summary = "流转费。",
        mediate_by = "2023-05-20" },
    },

    scenario "调委会移交来的：签收之日起15日内转送；不属于信访的5个工作日内退回" {
      open { flow = "people_mediation", at = "2026-03-02 09:00", body = "yanglujing.tw",
        place = "150303104201",
        fields = { subject = "补贴", text = "邻里争执，起因是镇里发放补贴不公。", kind = "邻里" } },
      act "to_petition" { citizen_decides = true, petition_about = "机关、单位及其工作人员的职务行为",
        purpose = "申诉求决", petition_text = "反映镇里发放补贴不公。", reason = "当事人要求信访" },
      wait "2026-03-04 09:00",
      follow "to",
      expect { state = "incoming", host = "hainan.xfj", profile = "XF22", clock = "receipt",
        due = "2026-03-05", fields = { text = "反映镇里发放补贴不公。", purpose = "申诉求决" } },
      expect { clock = "returnable", due = "2026-03-09" },
      denied "forward" {},
      act "receive" {},
      expect { state = "registered", clock = "forward", due = "2026-03-19" }, -- 自签收，不自移交
      act "forward" {},
      expect { state = "forwarded", host = "hainan.gov" },
      follow "from",
      expect { state = "passed_on", closed = true, outcome = "转其他途径" },
      open { flow = "people_mediation", at = "2026-03-04 10:00", body = "yanglujing.tw",
        place = "150303104201",
        fields = { subject = "院墙", text = "院墙滴水，对村里也有意见。", kind = "邻里" } },
      act "to_petition" { citizen_decides = true, petition_about = "政策、规定",
        purpose = "申诉求决", petition_text = "院墙滴水。", reason = "当事人要求信访" },
      follow "to",
      wait "2026-03-11 09:00", -- 第5个工作日
      act "give_back" { reason = "是邻里之间的民事纠纷" },
      expect { state = "returned", closed = true, outcome = "退回" },
      follow "from",
      expect { state = "unsettled", link = "returned" },
    },

    scenario "行政机关移交来的：3个工作日没有签收的提醒；过了5个工作日不得退回" {
      open { flow = "administrative_mediation", at = "2026-03-02 09:00", body = "hainan.nmj",
        place = "150303104201",
        fields = { subject = "补贴", text = "对补贴政策有意见。", kind = "其他" } },
      act "to_petition" { citizen_decides = true, petition_about = "政策、规定", purpose = "建议意见",
        petition_text = "建议调整补贴标准。", reason = "当事人要求信访" },
      follow "to",
      wait "2026-03-06 00:00",
      expect { state = "incoming", late = true, mark = "yellow" },
      wait "2026-03-10 00:00",
      denied "give_back" { reason = "太晚", because = "2026-03-09" },
      act "receive" {},
      expect { state = "registered", clock = "forward", due = "2026-03-25" },
    },

    scenario "移交调解的退回、收回、达成协议都回到办理，60日不停" {
      open { at = "2026-03-02 09:00", body = "hainan.nmj", place = "150303104201",
        fields = { subject = "流转费", text = "合作社拖欠流转费。", purpose = "申诉求决" } },
      act "accept" {},
      expect { clock = "handle", due = "2026-05-06" }, -- 60日届满在劳动节
      act "to_mediation" { to_body = "yanglujing.tw", both_agree = true, summary = "流转费纠纷。",
        mediate_by = "2026-04-01" },
      expect { state = "docking", clock = "dock", due = "2026-04-01" },
      follow "to",
      expect { fields = { text = "流转费纠纷。", mediate_by = "2026-04-01" } },
      act "give_back" { reason = "当事人不在本村" },
      follow "from",
      expect { state = "handling", clock = "handle", due = "2026-05-06" },
      act "to_mediation" { to_body = "dongxing.tw", both_agree = true, summary = "流转费纠纷。",
        mediate_by = "2026-04-01" },
      act "take_back" { reason = "改由镇政府调解" },
      act "to_agency_mediation" { to_body = "bayintaohai.town", both_agree = true,
        summary = "流转费纠纷。", mediate_by = "2026-04-01" },
      follow "to" { flow = "administrative_mediation" },
      act "receive" {},
      expect { clock = "sub_limit", due = "2026-04-01" },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" { chair = "承办人" },
      act "agree" { form = "口头", facts = "欠费。", terms = "当场付清。", agreed_on = "2026-03-02",
        instant = true },
      follow "from",
      expect { state = "handling", mark = "调解达成协议", clock = "handle", due = "2026-05-06" },
    },

    -- 日期 ----------------------------------------------------------------------------------

    scenario "2020年春节延长：1月10日、16日收件，都在2月3日届满" {
      open { at = "2020-01-10 09:00", body = "hainan.xfj", place = "150303",
        fields = { subject = "甲", text = "收件。" } },
      expect { clock = "forward", due = "2020-02-03" },
      wait "2020-01-21 08:59", expect { unmarked = "yellow" },
      wait "2020-01-21 09:00", expect { mark = "yellow", late = false }, -- 还有22、23、2月3日
      wait "2020-02-03 23:59", expect { late = false },
      wait "2020-02-04 00:00", expect { late = true, mark = "red" },
      open { at = "2020-02-05 09:00", received_at = "2020-01-16T09:00:00", body = "hainan.xfj",
        place = "150303", fields = { subject = "乙", text = "补登记。" } },
      expect { clock = "forward", due = "2020-02-03" },
    },

    scenario "国庆中秋连休：60日顺延到10月9日，延期30日从未顺延的届满日起算" {
      open { at = "2020-08-03 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {},
      expect { clock = "handle", due = "2020-10-09" },
      wait "2020-09-28 08:59", expect { unmarked = "yellow" },
      wait "2020-09-28 09:00", expect { mark = "yellow" }, -- 还有29、30日、10月9日
      act "extend" { reason = "需要勘测" },
      expect { clock = "handle", due = "2020-11-02", unmarked = "yellow" },
      denied "extend" { reason = "再延", because = "第三十三条" },
      wait "2020-11-03 00:00",
      expect { late = true, mark = "red" },
    },

    scenario "届满之后不得延期；调休的星期六是工作日" {
      open { at = "2023-07-03 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {},
      expect { clock = "handle", due = "2023-09-01" },
      act "conclude" { opinion = "不符合条件。", result = "不支持",
        occurred_at = "2023-07-03T09:00:00" },
      open { at = "2023-07-04 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {},
      wait "2023-09-05 09:00",
      expect { late = true },
      denied "extend" { reason = "复杂", because = "届满前" },
      open { at = "2023-09-05 10:00", body = "hainan.nmj", place = "150303",
        received_at = "2023-09-01T09:00:00", fields = { subject = "补贴", text = "补贴。" } },
      act "accept" { occurred_at = "2023-09-01T10:00:00" },
      act "conclude" { opinion = "不符合条件。", result = "不支持",
        occurred_at = "2023-09-01T11:00:00" },
      expect { clock = "ask_fucha", due = "2023-10-07" }, -- 假期后第一天是上班的星期六
      wait "2023-10-07 18:00",
      expect { state = "wait_fucha" },
      act "request_fucha" { reason = "不服" },
      expect { state = "fucha" },
    },

    scenario "异议5个工作日跨国庆；复查意见30日跨春节" {
      open { at = "2022-09-29 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "入学", text = "片区划分不清。" } },
      act "forward" {},
      expect { clock = "object", due = "2022-10-11" },
      wait "2022-10-11 17:00",
      act "object" { objection = "不属于本局职责" },
      expect { clock = "answer_objection", due = "2022-10-14" },
      expect { clock = "notice", due = "2022-10-14" }, -- 告知期限不因异议停止
      open { at = "2024-12-31 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {}, act "conclude" { opinion = "不符合条件。", result = "不支持" },
      act "request_fucha" { reason = "不服" },
      expect { clock = "fucha", due = "2025-02-05" },
    },

    scenario "复核听证6月10日至20日，11日不计入" {
      open { at = "2022-05-23 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {}, act "conclude" { opinion = "不符合条件。", result = "不支持" },
      act "request_fucha" { reason = "不服" },
      act "decide_fucha" { fucha_result = "维持", fucha_opinion = "维持。" },
      act "request_fuhe" { reason = "不服" },
      expect { clock = "fuhe", due = "2022-06-22" },
      wait "2022-06-10 09:00", act "begin_hearing" {},
      wait "2022-06-20 17:00", act "end_hearing" { hearing_note = "已听证。" },
      expect { clock = "fuhe", due = "2022-07-04" },
    },

    scenario "另行送达的，复查、复核申请期从收到之日起算" {
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {}, act "conclude" { opinion = "不符合条件。", result = "不支持" },
      expect { clock = "ask_fucha", due = "2023-03-31" },
      wait "2023-03-13 09:00",
      denied "serve" { served_on = "2023-02-28", because = "送达日期" },
      denied "serve" { served_on = "2023-03-14", because = "送达日期" },
      act "serve" { served_on = "2023-03-10" },
      expect { state = "served", clock = "ask_fucha_served", due = "2023-04-10" },
      wait "2023-04-10 09:00",
      act "request_fucha" { reason = "不服" },
      act "decide_fucha" { fucha_result = "维持", fucha_opinion = "维持。" },
      wait "5 days",
      act "serve_fucha" { served_on = "2023-04-14" },
      expect { state = "served_fucha", clock = "ask_fuhe_served", due = "2023-05-15" },
      wait "2023-05-16 00:00",
      expect { state = "closed_no_final", closed = true },
    },

    scenario "2022年5月1日前后：已开始的环节按原规则，下一环节按新规则" {
      open { at = "2022-04-28 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "入学", text = "片区划分不清。" } },
      expect { profile = "XF05" },
      act "forward" {},
      denied "object" { objection = "原条例没有异议", because = "信访条例（2005）" },
      wait "2022-04-29 09:00",
      act "accept" {},
      expect { profile = "XF05", clock = "handle", due = "2022-06-28" },
      wait "2022-06-10 09:00",
      act "conclude" { opinion = "已解释。", result = "解释说明" },
      expect { profile = "XF05" },
      act "request_fucha" { reason = "不服" },
      expect { profile = "XF22" },

      open { at = "2022-06-10 10:00", received_at = "2022-04-30T09:00:00", body = "hainan.xfj",
        place = "150303", fields = { subject = "判决", text = "不服判决。" } },
      expect { profile = "XF05" },
      denied "route_out" { route_to = "仲裁（第三十一条第二项）", route_organ = "仲裁委" },
      denied "refuse" { because = "不适用",
        ground = "同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）" },
      act "refuse" {
        ground = "属于人大、法院、检察院职权范围（信访条例第十五条、第二十一条）" },
      expect { state = "refused" },
    },

    scenario "2022年4月30日登记、5月1日转送：登记按原条例，转送、受理按新条例" {
      open { at = "2022-04-30 09:00", body = "hainan.xfj", place = "150303",
        category = "教育/学校", fields = { subject = "入学", text = "片区划分不清。" } },
      expect { profile = "XF05", clock = "forward", due = "2022-05-16" },
      wait "2022-05-01 09:00",
      act "forward" {},
      expect { profile = "XF22", clock = "object", due = "2022-05-10" }, -- 5月7日星期六上班
      wait "2022-05-05 09:00",
      act "accept" {},
      expect { profile = "XF22", clock = "handle", due = "2022-07-04" },
    },

    scenario "年底收件，下一年没有公布日历：暂按周末规则估算" {
      open { at = "2026-12-25 09:00", body = "hainan.xfj", place = "150303",
        fields = { subject = "甲", text = "收件。" } },
      expect { clock = "forward", due = "2027-01-11", provisional = true },
      open { at = "2026-12-25 10:00", received_at = "2026-12-16T09:00:00", body = "hainan.xfj",
        place = "150303", fields = { subject = "乙", text = "收件。" } },
      expect { clock = "forward", due = "2026-12-31", provisional = false },
    },
  },
}
