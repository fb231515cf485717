-- 压力测试用：另案核算开立的子案件。
return workflow "administrative_mediation" {
  title = "测试另案", track = "administrative",
  roles = { handler = at "host" { "handler", "head", title = "承办人" } },
  fields = { subject = text { title = "事由", required = true } },
  states = {
    registered = { title = "已登记", initial = true, work = "handler" },
    arrived = { title = "已转来", arrival = true, work = "handler" },
    done = { title = "办结", final = true, outcome = "核算完毕" },
  },
  actions = { finish = on "registered|arrived -> done" { title = "办结", by = "handler" } },
}
