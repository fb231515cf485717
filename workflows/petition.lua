-- 信访事项办理流程。两套规则按日期选用：XF05《信访条例》（2005-05-01至2022-04-30）、
-- XF22《信访工作条例》（2022-05-01起）。条文号先写 XF05 后写 XF22。
--
-- 读法：roles 谁能办，fields 记什么，states 案件停在哪里，actions 从哪里到哪里、由谁、填什么，
-- clocks 期限、预警和超期后的督办，routes 转给哪个单位，guards 能不能办（不能时给出理由），
-- tests 用虚拟时间走一遍。改动后运行 fengqiao flow check 和 fengqiao flow test。
--
-- 信访的答复义务在有权处理机关，超期不上收案件，只逐级督办（supervise），承办单位不变。

local grounds = {
  -- 不予受理的理由（清单见《信访条例》第十四、十五、十六、二十一条；《信访工作条例》第十九、二十条）
  ["属于人大、法院、检察院职权范围（信访条例第十五条、第二十一条）"] = "XF05",
  ["已经或者依法应当通过诉讼、仲裁、行政复议解决（信访条例第十四条、第二十一条）"] = "XF05",
  ["同一事项下级机关已受理或正在办理，在规定期限内又向上级提出（信访条例第十六条）"] = "XF05",
  ["不属于本机关职权范围，已告知有权处理机关（信访条例第十六条、第二十二条）"] = "XF05",
  ["同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）"] = "XF22",
  ["不属于本机关、单位职权范围，已告知有权处理机关（信访工作条例第二十条、第二十二条）"] = "XF22",
  ["超过复查、复核申请期限且无正当理由（信访工作条例第三十五条、第三十六条）"] = "XF22",
}

-- 期限前的预警。红黄：3个工作日内标黄，超期标红。
local warnings = {
  "7 days left",
  left "3 workdays" { mark "yellow", notify "acting" },
  "1 workday left",
}

-- 督办阶梯：到期即督办，此后15日约谈、30日通报、45日挂牌督办（《信访条例》第三十六条、
-- 《信访工作条例》第三十九条、第四十条；间隔为本地默认）。first：第一级由哪一级信访局督办。
local function ladder(first)
  return {
    mark "red",
    notify "acting" { reason = "已超期" },
    supervise { to = kind "xfj" { level = first }, reason = "超期督办" },
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

return workflow "petition" {
  title = "信访事项",
  track = "petition",
  classify = { "subject", "text" }, -- 登记时按标题和内容自动归类，人可随时更正

  profiles = {
    XF05 = profile { title = "信访条例（2005）", from = "2005-05-01", to = "2022-04-30" },
    XF22 = profile { title = "信访工作条例（2022）", from = "2022-05-01" },
  },

  roles = {
    registrar = at "host" { "clerk", "bureau", "handler", "head", title = "登记员" },
    bureau    = at "host" { "bureau", "clerk", "head", title = "信访工作人员" },
    handler   = at "host" { "handler", "head", title = "承办人" },
    head      = at "host" { "head", title = "机关负责人" },
    reviewer  = at "host" { "handler", "head", "bureau", title = "复查复核人员" },
    overseer  = at "supervisor" { "overseer", "bureau", "leader", title = "督办人" },
    importer  = at "any" { "importer", title = "历史数据导入员" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "诉求内容", required = true, max = 10000 },
    purpose = choice { "申诉求决", "建议意见", "检举控告", title = "信访目的" },
    people_count = integer { title = "人数" },
    demand  = text { title = "具体请求", max = 2000 },
    anonymous = flag { title = "匿名或地址不清" }, -- 只免除书面告知，不是不办的理由

    forward_note = text { title = "转送意见", open = false },
    notice  = text { title = "告知内容", open = false },
    ground  = choice {
      "属于人大、法院、检察院职权范围（信访条例第十五条、第二十一条）",
      "已经或者依法应当通过诉讼、仲裁、行政复议解决（信访条例第十四条、第二十一条）",
      "同一事项下级机关已受理或正在办理，在规定期限内又向上级提出（信访条例第十六条）",
      "不属于本机关职权范围，已告知有权处理机关（信访条例第十六条、第二十二条）",
      "同一事项下级机关、单位已受理或正在办理（信访工作条例第十九条）",
      "不属于本机关、单位职权范围，已告知有权处理机关（信访工作条例第二十条、第二十二条）",
      "超过复查、复核申请期限且无正当理由（信访工作条例第三十五条、第三十六条）",
      title = "不予受理理由", open = false },
    route_to = choice {
      "诉讼、行政复议、检察或公安程序（第三十一条第一项）", "仲裁（第三十一条第二项）",
      "党员申诉、申请复审（第三十一条第三项）", "行政裁决、确认、许可、处罚（第三十一条第四项）",
      "申请查处或履行法定职责（第三十一条第五项）", "检举控告（第三十条）",
      title = "导入的法定途径", open = false },
    route_organ = text { title = "导入的机关", open = false, max = 200 },
    objection = text { title = "异议理由", open = false },
    opinion = text { title = "处理意见", open = false, max = 10000 },
    result  = choice { "支持", "部分支持", "不支持", "解释说明", title = "处理结果", open = false },
    mediated = flag { title = "经调解或和解（须双方同意，第三十三条）", open = false },
    extend_days = integer { title = "延长日数（不超过30）", open = false },
    fucha_result = choice { "维持", "变更", title = "复查结果", open = false },
    fucha_opinion = text { title = "复查意见", open = false, max = 10000 },
    fuhe_result = choice { "维持", "变更", "撤销", title = "复核结果", open = false },
    fuhe_opinion = text { title = "复核意见", open = false, max = 10000 },
  },

  states = {
    registered = { title = "已登记", initial = true, work = "registrar" },
    forwarded  = { title = "已转送", work = "handler" },
    objection  = { title = "退办异议审核中", work = "bureau" },
    acceptance = { title = "待受理告知", work = "handler" },
    handling   = { title = "办理中", work = "handler" },
    wait_fucha = { title = "已答复（复查申请期内）" },
    fucha      = { title = "复查中", work = "reviewer" },
    wait_fuhe  = { title = "已复查（复核申请期内）" },
    fuhe       = { title = "复核中", work = "reviewer" },
    fuhe_hearing = { title = "复核听证中", work = "reviewer" },

    refused       = { title = "不予受理", final = true, outcome = "不予受理" },
    refused_final = { title = "不再受理", final = true, outcome = "不再受理" },
    routed_out    = { title = "导入其他法定途径", final = true, outcome = "导入其他法定途径" },
    closed_no_review = { title = "办结（期满未申请复查）", final = true, outcome = "办结" },
    closed_no_final  = { title = "办结（期满未申请复核）", final = true, outcome = "办结" },
    final         = { title = "复核终结", final = true, outcome = "复核终结", keep = "10年" },
    withdrawn     = { title = "信访人撤回", final = true, outcome = "撤回" },
  },

  actions = {
    -- 村（社区）只登记、上送；信访局15日内转送有权处理机关（第二十一条 / 第二十二条）。
    forward = on "registered -> forwarded" { title = "转送", by = "registrar|importer",
      route = "routes", form = { "forward_note?" }, document = "forward_letter" },
    -- 只有有权处理机关才能受理（第二十二条 / 第二十三条）；收到之日起15日内书面告知。
    accept = on "registered|forwarded|acceptance -> handling" { title = "受理",
      by = "handler|importer", form = { "notice?" }, when = "competent",
      document = "acceptance_notice" },
    refuse = on "registered|forwarded|acceptance -> refused" { title = "不予受理",
      by = "bureau|handler|importer", form = { "ground", "notice?" }, ground = "ground",
      when = "ground_fits", document = "refusal_notice" },
    refuse_final = on "registered|forwarded|acceptance -> refused_final" { title = "不再受理",
      by = "bureau|handler", reason = true, when = "competent", document = "refusal_final_notice" },
    -- 申诉求决类先分清途径（《信访工作条例》第二十八条、第三十条、第三十一条）。
    route_out = on "registered|forwarded|acceptance -> routed_out" { title = "导入法定途径",
      by = "bureau|handler", profile = "XF22", form = { "route_to", "route_organ" },
      when = "competent", document = "route_out_notice" },

    -- 异议：收到之日起5个工作日内（《信访工作条例》第二十三条），由转送机关核实。
    object = on "forwarded -> objection" { title = "提出异议", by = "handler", profile = "XF22",
      form = { "objection" }, route = "previous" },
    return_ok = on "objection -> registered" { title = "同意退回", by = "bureau", reason = true },
    -- 不同意退回：告知期限不因异议停止。
    return_no = on "objection -> acceptance" { title = "不同意退回", by = "bureau", reason = true,
      route = "previous" },

    -- 60日办结；情况复杂的，经机关负责人批准延长，不超过30日，一次（第三十三条 / 第三十四条）。
    extend = on "handling" { title = "延期", by = "head|importer", extends = "handle",
      form = { "extend_days?" }, reason = true, when = "extension_within_law",
      document = "extension_notice" },
    conclude = on "handling -> wait_fucha" { title = "出具处理意见", by = "handler|importer",
      form = { "opinion", "result", "mediated?" }, document = "opinion_letter" },

    -- 30日内可请求上一级复查（第三十四条 / 第三十五条），复查机关30日内出具意见。
    request_fucha = on "wait_fucha -> fucha" { title = "请求复查", by = "registrar|importer",
      reason = true, route = "review", reprofile = true },
    decide_fucha = on "fucha -> wait_fuhe" { title = "出具复查意见", by = "reviewer|importer",
      form = { "fucha_result", "fucha_opinion" }, document = "fucha_letter" },
    revoke_fucha = on "fucha -> handling" { title = "撤销原意见，责令重新办理", by = "reviewer",
      form = { "fucha_opinion" }, route = "previous", document = "fucha_letter" },

    -- 30日内可请求再上一级复核（第三十五条 / 第三十六条）；听证所需时间不计入。
    request_fuhe = on "wait_fuhe -> fuhe" { title = "请求复核", by = "registrar|importer",
      reason = true, route = "review", reprofile = true },
    begin_hearing = on "fuhe -> fuhe_hearing" { title = "开始听证", by = "reviewer",
      document = "hearing_notice" },
    end_hearing = on "fuhe_hearing -> fuhe" { title = "听证结束", by = "reviewer",
      form = { "notice?" } },
    decide_fuhe = on "fuhe -> final" { title = "出具复核意见", by = "reviewer|importer",
      form = { "fuhe_result", "fuhe_opinion" }, document = "fuhe_letter" },

    withdraw = on "registered|forwarded|objection|acceptance|handling -> withdrawn" {
      title = "撤回", by = "registrar|handler|importer", reason = true },
  },

  clocks = {
    forward = clock { title = "转送", term = "XF.FWD", from = "registered",
      to = "forwarded|handling|refused|refused_final|routed_out",
      warn = warnings, late = ladder "district" },
    notice = clock { title = "受理告知", term = "XF.NOTICE", from = "forwarded|acceptance",
      to = "handling|refused|refused_final|routed_out|registered",
      warn = warnings, late = ladder "district" },
    -- 5个工作日是提出异议的权利：期满转为待受理告知，不算超期。
    object = clock { title = "提出异议", term = "XF.OBJ", profile = "XF22", from = "forwarded",
      to = "objection|handling|refused|refused_final|routed_out", late = { go "acceptance" } },
    answer_objection = clock { title = "异议审核", limit = "3 workdays", from = "objection",
      to = "registered|acceptance", warn = { "1 workday left" },
      late = { notify "acting", supervise { to = kind "xfj" { level = "city" } } } },
    handle = clock { title = "办理", term = "XF.HANDLE", from = "handling", to = "wait_fucha",
      extend = { by = "30 days", times = 1, approve = "head" },
      warn = { "30 days left", "12 days left", "7 days left",
        left "3 workdays" { mark "yellow", notify "acting" }, "1 workday left" },
      late = ladder "district" },
    ask_fucha = clock { title = "请求复查", term = "XF.FC.ASK", from = "wait_fucha", to = "fucha",
      late = { go "closed_no_review" } },
    fucha = clock { title = "复查", term = "XF.FC.DO", from = "fucha", to = "wait_fuhe|handling",
      warn = warnings, late = ladder "city" },
    ask_fuhe = clock { title = "请求复核", term = "XF.FH.ASK", from = "wait_fuhe", to = "fuhe",
      late = { go "closed_no_final" } },
    fuhe = clock { title = "复核", term = "XF.FH.DO", from = "fuhe", to = "final",
      pause = { fuhe_hearing = "听证" }, warn = warnings, late = ladder "city" },
    -- 听证时间虽不计入复核期限，也不应没有尽头（本地默认）。
    hearing = clock { title = "听证", limit = "30 workdays", from = "fuhe_hearing",
      to = "fuhe|final", warn = { "3 workdays left" }, late = { notify "acting" } },
  },

  -- 自上而下第一条符合且单位存在的生效；category 按一级分类匹配。区级没有对口部门的由区信访局
  -- 接收；村务由镇（街道）办理。前一组是 workflows/wuhai/categories.lua 的分类，后一组是通用分类。
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

    route { to = kind "xfj" { level = "district" } },
    route { to = kind "xfj" { min = "district" } },
  },

  guards = {
    -- 村（社区）没有受理权限，只能登记并上送。
    competent = function(case)
      return case.level >= 2, "村（社区）只登记并上送，由有权处理机关受理",
        "《信访条例》第二十一条、《信访工作条例》第二十二条"
    end,

    -- 理由须是本案适用的规则里有的；匿名、地址不清不在其中。
    ground_fits = function(case, input)
      if case.level < 2 then
        return false, "村（社区）只登记并上送，由有权处理机关决定是否受理"
      end
      if not input.ground then
        return true -- 还没有填表：表单自己会要求
      end
      return grounds[input.ground] == case.profile,
        "这条理由不适用于本案的规则（" .. tostring(case.profile) .. "）"
    end,

    extension_within_law = function(case, input)
      local days = input.extend_days or 30
      return days >= 1 and days <= 30, "延长期限不得超过30日",
        "《信访条例》第三十三条、《信访工作条例》第三十四条"
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
      act "forward" {},
      act "object" { objection = "不属于本局职责" },
      act "return_no" { reason = "属于本局职责" },
      expect { state = "acceptance", host = "hainan.jyj" },
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
      act "refuse_final" { reason = "2022年已复核终结" },
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

    scenario "复查撤销，责令原机关重新办理" {
      open { at = "2023-03-01 09:00", body = "hainan.nmj", place = "150303",
        fields = { subject = "补贴", text = "补贴未发放。" } },
      act "accept" {}, act "conclude" { opinion = "不符合条件。", result = "不支持" },
      act "request_fucha" { reason = "不服" },
      act "revoke_fucha" { fucha_opinion = "事实不清，重新办理。" },
      expect { state = "handling", host = "hainan.nmj" },
      act "conclude" { opinion = "符合条件，补发。", result = "支持" },
      act "request_fucha" { reason = "金额不对" },
      act "decide_fucha" { fucha_result = "变更", fucha_opinion = "变更金额。" },
      wait "32 days",
      expect { state = "closed_no_final" },
    },
  },
}
