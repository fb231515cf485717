-- 仲裁衔接流程：农村土地承包经营纠纷仲裁（《农村土地承包经营纠纷调解仲裁法》，下称土地仲裁法）和
-- 劳动人事争议仲裁（《劳动争议调解仲裁法》，下称劳动仲裁法）。
-- 系统不代替仲裁委员会审理，只记录收件、受理、送达、开庭、裁决的日期和结果，看住两部法律各自的期限。
-- 承办单位是哪一个仲裁委员会，就适用哪一部法律。土地仲裁不收费（土地仲裁法第五十二条）。
--
-- 劳动仲裁法的“三日、五日、十日”按工作日计，出自办案规则，尚待核对（期限总表标 U），数字和单位都可以改。

local pending = "accepted|answering|answered|panelling|composed|scheduled|hearing"

-- 同一环节，两部法律各有一个期限：按承办的仲裁委员会选用。
local function pair(land, labour)
  return land, labour
end

local function law(case, land, labour)
  return case.host_kind == "land_arb" and "《农村土地承包经营纠纷调解仲裁法》" .. land or
    "《劳动争议调解仲裁法》" .. labour
end

local function duty(title, term, which, from, to, words)
  return clock { title = title, term = term, when = which, from = from, to = to,
    warn = { "1 workday left" }, late = { mark "red", notify "acting" { reason = words } } }
end

local function award(title, term, which, days, words)
  return clock { title = title, term = term, when = which, from = pending,
    to = "awarded|mediated|withdrawn", extend = { by = days, times = 1, approve = "chair" },
    warn = { "15 days left", left "3 workdays" { mark "yellow", notify "acting" } },
    late = { mark "red", notify "acting" { reason = words }, notify "chair" { reason = words } } }
end

local unaccepted = "逾期未作出受理决定的，申请人可以就该争议起诉（劳动仲裁法第二十九条）"
local unawarded = "逾期未作出裁决的，当事人可以就该争议起诉（劳动仲裁法第四十三条）"

local answer_land, answer_labour = pair("TD.ANS", "LD.ANS")

return workflow "arbitration" {
  title = "仲裁衔接",
  track = "arbitration",
  classify = { "subject", "text" },

  roles = {
    clerk      = at "host" { "clerk", "handler", "head", title = "立案人员" },
    arbitrator = at "host" { "handler", "head", title = "仲裁员" },
    chair      = at "host" { "head", title = "仲裁委员会主任" },
  },

  fields = {
    subject = text { title = "标题", required = true, max = 200 },
    text    = text { title = "仲裁请求和事实理由", required = true, max = 10000 },
    kind    = text { title = "纠纷类型", max = 50 },
    known_on = date { title = "知道或者应当知道权利被侵害之日（欠薪为劳动关系终止之日）" },
    employed = flag { title = "劳动关系仍存续（欠薪不受一年时效限制）" },
    requisition = flag { title = "因征收集体土地及其补偿发生" },
    undisputed = text { title = "调解中双方无争议的事实（经双方同意移交）", max = 10000 },
    evidence = text { title = "证据清单", max = 5000 },
    people_count = integer { title = "申请人人数" },

    refuse_ground = choice {
      "征收集体土地及其补偿：应当申请行政复议或者提起诉讼（土地仲裁法第二条）",
      "不属于本委员会受理的争议（土地仲裁法第二十三条、劳动仲裁法第二十九条）",
      "法院、其他仲裁委员会已经受理或者已有生效裁判（土地仲裁法第二十三条、劳动仲裁法第二十九条）",
      title = "不予受理的理由", open = false },
    arbitration_no = text { title = "仲裁案号", open = false, max = 100 },
    served_on = date { title = "副本送达被申请人之日", open = false },
    answered_on = date { title = "收到答辩书之日", open = false },
    panel   = text { title = "仲裁庭组成", open = false },
    hearing_on = date { title = "开庭日期", open = false },
    venue   = text { title = "开庭地点（双方要求在乡镇、村的，应当在当地）", open = false },
    interim = choice { "维持现状、恢复农业生产、停止取土占地（土地仲裁法第四十二条）",
      "劳动报酬、工伤医疗费等先予执行（劳动仲裁法第四十四条）", title = "先行裁定、先予执行",
      open = false },
    extend_days = integer { title = "延长日数", open = false },
    award_no = text { title = "裁决书（调解书）文号", open = false, max = 100 },
    result  = choice { "支持", "部分支持", "驳回", title = "裁决结果", open = false },
    final_award = flag { title = "一裁终局（劳动仲裁法第四十七条）", open = false },
    terms   = text { title = "调解书内容", open = false, max = 10000 },
    delivered_on = date { title = "裁决书送达之日", open = false },
    told    = text { title = "已告知的法定途径", open = false },
  },

  states = {
    incoming  = { title = "已移送（待签收）", arrival = true, work = "clerk" },
    applied   = { title = "已收到仲裁申请", initial = true, work = "clerk" },
    accepted  = { title = "已受理（待送达被申请人）", handling = true, work = "clerk" },
    answering = { title = "答辩期内", handling = true, work = "clerk" },
    answered  = { title = "已答辩（待送申请人）", handling = true, work = "clerk" },
    panelling = { title = "待组成仲裁庭", handling = true, work = "clerk" },
    composed  = { title = "仲裁庭已组成（待告知）", handling = true, work = "clerk" },
    scheduled = { title = "已定开庭日（待通知）", handling = true, work = "clerk" },
    hearing   = { title = "审理中", handling = true, work = "arbitrator" },
    awarded   = { title = "已裁决（待送达）", handling = true, work = "clerk" },

    refused   = { title = "不予受理", final = true, outcome = "不予受理" },
    returned  = { title = "退回", final = true, outcome = "退回" },
    mediated  = { title = "仲裁调解书已送达", final = true, outcome = "仲裁调解" },
    served    = { title = "裁决书已送达", final = true, outcome = "已裁决", keep = "30年" },
    withdrawn = { title = "撤回申请", final = true, called_off = true, outcome = "撤回申请" },
  },

  actions = {
    -- 调解组织移交的，签收以后才是收到申请；仲裁只要申请人一方申请（土地仲裁法第四条、劳动仲裁法第五条）。
    receive = on "incoming -> applied" { title = "签收", by = "clerk", receipt = "accept" },
    give_back = on "incoming -> returned" { title = "退回", by = "clerk", reason = true,
      receipt = "return", within = "returnable", when = "in_time" },

    accept = on "applied -> accepted" { title = "受理", by = "clerk", form = { "arbitration_no" },
      when = "arbitrable", document = "arbitration_acceptance_notice", takes = true },
    refuse = on "applied -> refused" { title = "不予受理", by = "clerk",
      form = { "refuse_ground", "told" }, ground = "refuse_ground",
      document = "arbitration_refusal_notice" },
    serve = on "accepted -> answering" { title = "送达被申请人", by = "clerk",
      form = { "served_on" }, when = "not_future" },
    answer = on "answering -> answered" { title = "收到答辩书", by = "clerk",
      form = { "answered_on" }, when = "not_future" },
    copy_answer = on "answered -> panelling" { title = "答辩书副本送申请人", by = "clerk" },
    compose = on "panelling -> composed" { title = "组成仲裁庭", by = "clerk", form = { "panel" } },
    tell_panel = on "composed -> hearing" { title = "告知仲裁庭组成", by = "clerk" },
    schedule = on "hearing -> scheduled" { title = "确定开庭日", by = "arbitrator",
      form = { "hearing_on", "venue" }, when = "early_enough" },
    tell_hearing = on "scheduled -> hearing" { title = "通知开庭", by = "clerk",
      document = "hearing_notice" },
    order = on "accepted|answering|answered|panelling|composed|scheduled|hearing" {
      title = "先行裁定、先予执行", by = "arbitrator", form = { "interim" }, reason = true,
      when = "interim_fits" },
    extend_land = on(pending) { title = "延长土地仲裁裁决期限（不超过30日）", by = "chair",
      extends = "award_land", form = { "extend_days?" }, reason = true },
    extend_labour = on(pending) { title = "延长劳动仲裁裁决期限（不超过15日）", by = "chair",
      extends = "award_labour", form = { "extend_days?" }, reason = true },
    -- 裁决前应当先行调解（土地仲裁法第十一条）；调解书双方签收后生效。
    mediate = on "hearing -> mediated" { title = "达成调解", by = "arbitrator",
      form = { "award_no", "terms" }, document = "arbitration_mediation_statement" },
    award = on "hearing -> awarded" { title = "作出裁决", by = "arbitrator",
      form = { "award_no", "result", "final_award?" }, document = "award" },
    deliver = on "awarded -> served" { title = "送达裁决书", by = "clerk", form = { "delivered_on" },
      when = "not_future" },
    withdraw = on(pending .. "|applied -> withdrawn") { title = "撤回申请", by = "clerk",
      reason = true },
  },

  clocks = {
    receipt = clock { title = "签收", term = "LK.RECEIPT", from = "incoming", to = "applied|returned",
      late = { mark "yellow", notify "acting" { reason = "移送的案件应当签收" },
        notify "chair" { reason = "移送的案件3个工作日没有签收" } } },
    -- 过了退回的期限就应当签收，再依法决定（本地默认）。
    returnable = clock { title = "可以退回", term = "LK.RETURN", right = true, from = "incoming",
      to = "returned|applied" },

    accept_land = duty("是否受理（土地）", "TD.ACC", "land", "applied", "accepted|refused|withdrawn",
      "应当在5个工作日内决定"),
    accept_labour = duty("是否受理（劳动）", "LD.ACC", "labour", "applied",
      "accepted|refused|withdrawn", unaccepted),
    serve_land = duty("送达被申请人（土地）", "TD.RESP", "land", "accepted", "answering|withdrawn",
      "应当在5个工作日内送达"),
    serve_labour = duty("送达被申请人（劳动）", "LD.RESP", "labour", "accepted",
      "answering|withdrawn", "应当在5日内送达"),
    -- 答辩是被申请人的权利：不答辩的，期满转入组庭，不算超期。
    answer_land = clock { title = "答辩（土地）", term = answer_land, when = "land",
      start_field = "served_on", from = "answering", to = "answered|withdrawn",
      late = { go "panelling" } },
    answer_labour = clock { title = "答辩（劳动）", term = answer_labour, when = "labour",
      start_field = "served_on", from = "answering", to = "answered|withdrawn",
      late = { go "panelling" } },
    copy_land = duty("答辩书送申请人（土地）", "TD.COPY", "land", "answered", "panelling|withdrawn",
      "应当在5个工作日内送达申请人"),
    copy_labour = duty("答辩书送申请人（劳动）", "LD.COPY", "labour", "answered",
      "panelling|withdrawn", "应当在5日内送达申请人"),
    panel = duty("告知仲裁庭组成", "TD.PANEL", "land", "composed", "hearing|withdrawn",
      "应当在2个工作日内告知"),
    hearing_land = clock { title = "开庭通知（土地）", term = "TD.HEAR", when = "land",
      start_field = "hearing_on", from = "scheduled", to = "hearing|withdrawn",
      warn = { "1 workday left" }, late = { mark "red", notify "acting" { reason = "开庭5个工作日前应当通知" } } },
    hearing_labour = clock { title = "开庭通知（劳动）", term = "LD.HEAR", when = "labour",
      start_field = "hearing_on", from = "scheduled", to = "hearing|withdrawn",
      warn = { "1 workday left" }, late = { mark "red", notify "acting" { reason = "开庭5日前应当通知" } } },
    award_land = award("裁决（土地）", "TD.AWARD", "land", "30 days", "应当在60日内裁决"),
    award_labour = award("裁决（劳动）", "LD.AWARD", "labour", "15 days", unawarded),
    deliver = duty("送达裁决书", "TD.DELIVER", "land", "awarded", "served", "应当在3个工作日内送达"),

    -- 当事人的权利，结案后继续显示：时效；不服裁决的起诉期，期满裁决生效。
    bar_land = clock { title = "土地仲裁时效", term = "TD.BAR", right = true, when = "land_dated",
      start_field = "known_on", from = "incoming|applied|refused|returned" },
    bar_labour = clock { title = "劳动仲裁时效", term = "LD.BAR", right = true,
      when = "labour_dated", start_field = "known_on", from = "incoming|applied|refused|returned" },
    sue_land = clock { title = "不服裁决起诉（土地）", term = "TD.SUE", right = true, when = "land",
      start_field = "delivered_on", from = "served" },
    sue_labour = clock { title = "不服裁决起诉（劳动）", term = "LD.SUE", right = true,
      when = "labour", start_field = "delivered_on", from = "served" },
  },

  guards = {
    -- 只是收件单位的权利，期满即止：过了期限应当签收，再依法移送或者决定。
    in_time = function(case)
      local k = case.clocks.returnable
      return k == nil or k.state == "running",
        "可以退回的期限" .. (k and k.legal or "") .. "已过：请签收，再决定是否受理", "参照信访工作条例第二十三条（本地默认，三调衔接）"
    end,
    land = function(case) return case.host_kind == "land_arb", "不是土地仲裁" end,
    labour = function(case) return case.host_kind == "labor_arb", "不是劳动仲裁" end,
    land_dated = function(case)
      return case.host_kind == "land_arb" and case.fields.known_on ~= nil, "没有写明知道之日"
    end,
    -- 劳动关系存续期间因拖欠劳动报酬发生争议的，不受一年时效限制（第二十七条第四款）。
    labour_dated = function(case)
      return case.host_kind == "labor_arb" and case.fields.known_on ~= nil and
        case.fields.employed ~= true, "没有写明知道之日，或者不受一年限制"
    end,

    arbitrable = function(case)
      if case.host_kind == "land_arb" and case.fields.requisition then
        return false, "征收集体土地及其补偿不能仲裁：请告知行政复议（60日）、行政诉讼（6个月）",
          "《农村土地承包经营纠纷调解仲裁法》第二条第三款"
      end
      return true
    end,

    not_future = function(case, input, today)
      for _, name in ipairs { "served_on", "answered_on", "delivered_on" } do
        if input[name] ~= nil and input[name] > today then
          return false, "日期不能晚于今天", law(case, "第二十四条", "第三十条")
        end
      end
      return true
    end,

    early_enough = function(case, input, today)
      return input.hearing_on == nil or input.hearing_on > today, "开庭日期须在今天以后",
        law(case, "第三十一条", "第三十五条")
    end,

    interim_fits = function(case, input)
      local land = case.host_kind == "land_arb"
      local asked = input.interim ~= nil and string.find(input.interim, "土地仲裁法") ~= nil
      return input.interim == nil or asked == land, "这一项不适用于本委员会的案件",
        law(case, "第四十二条", "第四十四条")
    end,
  },

  tests = {
    scenario "土地仲裁：受理5个工作日，答辩10日，裁决60日，送达3个工作日，起诉30日" {
      open { at = "2020-02-24 09:00", body = "hainan.landarb", place = "150303104201",
        fields = { subject = "地界", text = "承包地地界争议。", known_on = "2019-10-01" } },
      expect { clock = "accept_land", due = "2020-03-02" },
      expect { clock = "bar_land", due = "2021-10-08" }, -- 2021年10月1日至7日国庆
      wait "2020-03-02 09:00",
      act "accept" { arbitration_no = "海土仲〔2020〕1号" },
      expect { clock = "award_land", due = "2020-05-06" }, -- 60日届满在劳动节
      expect { clock = "serve_land", due = "2020-03-09" },
      wait "2020-03-05 09:00",
      denied "serve" { served_on = "2020-03-06", because = "晚于今天" },
      act "serve" { served_on = "2020-03-05" },
      expect { clock = "answer_land", due = "2020-03-16" },
      wait "2020-03-10 09:00",
      act "answer" { answered_on = "2020-03-10" },
      expect { clock = "copy_land", due = "2020-03-17" },
      act "copy_answer" {},
      act "compose" { panel = "三人庭" },
      expect { clock = "panel", due = "2020-03-12" },
      act "tell_panel" {},
      denied "schedule" { hearing_on = "2020-03-10", venue = "村委会", because = "今天以后" },
      act "schedule" { hearing_on = "2020-03-24", venue = "羊路井村（双方要求）" },
      expect { clock = "hearing_land", due = "2020-03-16" }, -- 提前5个完整的工作日
      act "tell_hearing" {},
      denied "order" { interim = "劳动报酬、工伤医疗费等先予执行（劳动仲裁法第四十四条）",
        reason = "春耕", because = "第四十二条" },
      act "order" { interim = "维持现状、恢复农业生产、停止取土占地（土地仲裁法第四十二条）",
        reason = "春耕在即" },
      denied "extend_labour" { reason = "复杂" },
      act "extend_land" { reason = "需要勘测" },
      expect { clock = "award_land", due = "2020-06-01" }, -- 5月1日加30日为5月31日周日
      wait "2020-05-20 09:00",
      act "award" { award_no = "海土仲〔2020〕1号裁决", result = "支持" },
      expect { clock = "deliver", due = "2020-05-25" },
      act "deliver" { delivered_on = "2020-05-20" },
      expect { state = "served", closed = true, outcome = "已裁决", clock = "sue_land",
        due = "2020-06-19" },
      wait "2020-06-20 09:00", expect { late = false },
    },

    scenario "国庆前收到申请，5个工作日到10月9日；征收补偿不能仲裁" {
      open { at = "2020-09-25 09:00", body = "hainan.landarb", place = "150303104201",
        fields = { subject = "征地补偿", text = "不服补偿。", requisition = true } },
      expect { clock = "accept_land", due = "2020-10-09" },
      denied "accept" { arbitration_no = "甲", because = "第二条第三款" },
      act "refuse" { told = "行政复议60日、行政诉讼6个月",
        refuse_ground = "征收集体土地及其补偿：应当申请行政复议或者提起诉讼（土地仲裁法第二条）" },
      expect { state = "refused", closed = true },
    },

    scenario "劳动仲裁：受理按5个工作日，裁决45日，起诉15日；不答辩的期满转入组庭" {
      open { at = "2024-02-08 09:00", body = "hainan.laborarb", place = "150303",
        fields = { subject = "欠薪", text = "拖欠三个月工资。", known_on = "2024-01-15",
          employed = true } },
      expect { clock = "accept_labour", due = "2024-02-21" }, -- 2月10日至17日春节，18日周日上班
      act "refuse" { told = "可以向人民法院起诉",
        refuse_ground = "法院、其他仲裁委员会已经受理或者已有生效裁判（土地仲裁法第二十三条、劳动仲裁法第二十九条）" },
      open { at = "2024-12-13 09:00", body = "hainan.laborarb", place = "150303",
        fields = { subject = "欠薪", text = "拖欠三个月工资。", known_on = "2024-10-08" } },
      expect { clock = "bar_labour", due = "2025-10-09" }, -- 10月8日仍在假期
      wait "2024-12-16 09:00",
      act "accept" { arbitration_no = "海劳仲〔2024〕1号" },
      expect { clock = "award_labour", due = "2025-02-05" }, -- 45日届满在春节
      expect { clock = "serve_labour", due = "2024-12-23" },
      act "serve" { served_on = "2024-12-16" },
      expect { clock = "answer_labour", due = "2024-12-30" },
      wait "2024-12-31 09:00",
      expect { state = "panelling", late = false },
      act "compose" { panel = "独任" },
      act "tell_panel" {},
      act "schedule" { hearing_on = "2025-01-15", venue = "仲裁院" },
      expect { clock = "hearing_labour", due = "2025-01-07" },
      act "tell_hearing" {},
      act "extend_labour" { reason = "需要调查" },
      expect { clock = "award_labour", due = "2025-02-14" },
      act "award" { award_no = "海劳仲〔2024〕1号裁决", result = "支持", final_award = true },
      act "deliver" { delivered_on = "2024-12-31" },
      expect { state = "served", clock = "sue_labour", due = "2025-01-15" },
    },

    scenario "不服劳动仲裁裁决15日起诉，届满在春节，顺延到2月24日；也可调解、撤回" {
      open { at = "2026-01-05 09:00", body = "hainan.laborarb", place = "150303",
        fields = { subject = "欠薪", text = "拖欠工资。" } },
      act "accept" { arbitration_no = "海劳仲〔2026〕1号" },
      act "serve" { served_on = "2026-01-05" },
      act "answer" { answered_on = "2026-01-05" },
      expect { clock = "copy_labour", due = "2026-01-12" },
      act "copy_answer" {}, act "compose" { panel = "独任" }, act "tell_panel" {},
      wait "2026-02-04 09:00",
      act "award" { award_no = "海劳仲〔2026〕1号裁决", result = "部分支持" },
      act "deliver" { delivered_on = "2026-02-04" },
      expect { clock = "sue_labour", due = "2026-02-24" },
      open { at = "2026-03-02 09:00", body = "wuhai.laborarb", place = "150300",
        fields = { subject = "欠薪", text = "拖欠工资。" } },
      act "accept" { arbitration_no = "乌劳仲〔2026〕1号" },
      act "serve" { served_on = "2026-03-02" }, act "answer" { answered_on = "2026-03-02" },
      act "copy_answer" {}, act "compose" { panel = "独任" }, act "tell_panel" {},
      act "mediate" { award_no = "乌劳仲〔2026〕1号调解", terms = "月底付清。" },
      expect { state = "mediated", outcome = "仲裁调解" },
      open { at = "2026-03-03 09:00", body = "wuhai.landarb", place = "150300",
        fields = { subject = "流转费", text = "流转费未付。" } },
      act "withdraw" { reason = "已经和解" },
      expect { state = "withdrawn" },
    },

    scenario "调解不成移送来的：签收后起算；申请人不愿意的退回" {
      open { flow = "people_mediation", at = "2026-03-02 09:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "欠薪", text = "拖欠工资。", kind = "劳动争议" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_labour" { reason = "申请人要求仲裁" },
      follow "to",
      expect { state = "incoming", host = "hainan.laborarb", clock = "receipt", due = "2026-03-05" },
      act "receive" {},
      expect { state = "applied", clock = "accept_labour", due = "2026-03-09" },
      open { flow = "people_mediation", at = "2026-03-02 10:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_land" { reason = "申请人要求仲裁" },
      follow "to",
      expect { host = "hainan.landarb", clock = "returnable", due = "2026-03-09" },
      act "give_back" { reason = "申请人改为起诉" },
      expect { state = "returned", closed = true },
      open { flow = "people_mediation", at = "2026-03-02 11:00", body = "yanglujing.tw",
        place = "150303104201", fields = { subject = "地界", text = "承包地地界。", kind = "山林土地" } },
      act "accept" { consent_applicant = true, consent_respondent = true },
      act "begin" {},
      act "to_land" { reason = "申请人要求仲裁" },
      follow "to",
      wait "2026-03-10 00:00",
      denied "give_back" { reason = "太晚", because = "2026-03-09" }, -- 5个工作日已过：签收后再决定是否受理
      act "receive" {},
      expect { state = "applied", clock = "accept_land", due = "2026-03-17" },
    },
  },
}
