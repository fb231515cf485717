-- 端到端测试用的小流程：三种会办规则各一个环节，另有可以临时交办的走访。
local function asked(done)
  return joint { lead = agency "rsj" { level = "district" },
    to = { kind "sfs" { level = "town" }, field "helper" }, title = "会办意见",
    limit = "5 workdays", done = done, late = { mark "yellow" } }
end

return workflow "people_mediation" {
  title = "测试会办", track = "people",
  roles = { mediator = at "host" { "mediator", "chief", title = "调解员" } },
  fields = {
    subject = text { title = "事由", required = true },
    helper = body { title = "协办单位" },
  },
  states = {
    registered = { title = "已登记", initial = true, work = "mediator" },
    all = { title = "全部会办", work = "mediator", joint = asked("all"),
      adhoc = { "visit", "count" } },
    led = { title = "牵头会办", work = "mediator", joint = asked("lead") },
    two = { title = "两家会办", work = "mediator", joint = asked(quorum(2)) },
    agreed = { title = "达成协议", final = true },
  },
  tasks = { visit = task { title = "走访", limit = "3 workdays", by = "mediator" },
    count = task { title = "另案核算", flow = "administrative_mediation", limit = "5 workdays",
      to = agency "rsj" { level = "district" }, carry = { subject = "subject" } } },
  actions = {
    ask_all = on "registered|led|two -> all" { title = "全部征求", by = "mediator" },
    ask_lead = on "registered|all -> led" { title = "由牵头单位答复", by = "mediator" },
    ask_two = on "registered -> two" { title = "两家答复", by = "mediator" },
    settle = on "all -> agreed" { title = "核算后达成", by = "mediator", needs = { "count" } },
    agree = on "all|led|two -> agreed" { title = "达成协议", by = "mediator", needs = { "joint" } },
  },
  tests = {
    scenario "全部答复后才能办结" {
      open { at = "2020-01-06 09:00", body = "yanglujing.tw", fields = { subject = "欠薪" } },
      act "ask_all" {},
      expect { joint = "open", task = { ["hainan.rsj"] = "asked", ["bayintaohai.sfs"] = "asked" } },
      denied "agree" { because = "司法所" },
      answer "joint" { body = "hainan.rsj", text = "应予支付", opinion = "同意" },
      answer "joint" { body = "bayintaohai.sfs", reason = "不属本所" },
      expect { joint = "done", task = { ["bayintaohai.sfs"] = "returned" } },
      act "agree" {},
      expect { state = "agreed" },
    },
    scenario "走访与督办" {
      open { at = "2020-01-06 09:00", body = "yanglujing.tw", fields = { subject = "欠薪" } },
      act "ask_all" {},
      ask "visit" { body = "bayintaohai.sfs", text = "请核实现场" },
      urge "urge" { body = "hainan.xfj", text = "请说明进展" },
      wait "8 days",
      expect { mark = "yellow", supervisor = "hainan.xfj", host = "yanglujing.tw",
        task = { visit = "late", urge = "asked" } },
      answer "visit" { text = "现场属实" },
      answer "urge" { text = "本周办结" },
      act "ask_lead" {},
      expect { task = { visit = "answered", urge = "answered" } },
    },
    scenario "另案办结即为答复" {
      open { at = "2020-01-06 09:00", body = "yanglujing.tw", fields = { subject = "欠薪" } },
      act "ask_all" {},
      denied "settle" { because = "另案核算" },
      ask "count" { text = "请另案核算" },
      denied "settle" { because = "人力资源" },
      expect { task = { count = "asked" } },
      follow "sub" {},
      expect { state = "arrived", host = "hainan.rsj", fields = { subject = "欠薪" } },
      act "finish" {},
      follow "whole" {},
      expect { task = { count = "answered" } },
      act "settle" {},
      expect { state = "agreed" },
    },
  },
}
