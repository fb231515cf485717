-- 端到端测试用的小流程：一个十五日的期限，提前三个工作日变黄，超期变红并由上级督办。
return workflow "people_mediation" {
  title = "测试调解", track = "people",
  roles = {
    mediator = at "host" { "mediator", "chief", title = "调解员" },
    clerk = at "host" { "clerk", "mediator", "chief", title = "登记员" },
  },
  fields = {
    subject = text { title = "事由", required = true },
    amount = money { title = "金额" },
    finding = text { title = "核查情况", secret = "case_team" },
  },
  clocks = {
    mediate = clock { title = "调解期限", limit = "15 days", from = "accepted", to = "agreed|dropped",
      warn = { left "3 workdays" { mark "yellow", notify "mediator" } },
      late = { mark "red", supervise { to = "parent" },
        after "5 days" { escalate { to = "parent" } } } },
  },
  states = {
    registered = { title = "已登记", initial = true, work = "clerk", adhoc = { "visit" } },
    accepted = { title = "已受理", work = "mediator" },
    agreed = { title = "达成协议", final = true },
    dropped = { title = "撤回", final = true },
  },
  tasks = { visit = task { title = "走访", limit = "3 workdays", by = "mediator" } },
  actions = {
    accept = on "registered -> accepted" { title = "受理", by = "mediator" },
    look = on "accepted" { title = "核查", by = "mediator", form = { "finding" } },
    stumble = on "accepted" { title = "出错", by = "mediator", when = "leaks" },
    agree = on "accepted -> agreed" { title = "达成协议", by = "mediator", when = "amount_known" },
    drop = on "registered|accepted -> dropped" { title = "撤回", by = "mediator", reason = true },
  },
  guards = {
    -- 出错的脚本：错误信息里带着案件内容，日志里不得出现。
    leaks = function(case) error("出错：" .. case.fields.finding) end,
    amount_known = function(case)
      return case.fields.amount ~= nil, "金额未填，不能达成协议"
    end,
  },
}
