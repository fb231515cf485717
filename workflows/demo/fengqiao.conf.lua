-- 枫桥服务器配置示例，也是 sh workflows/demo/run 所用的配置。
-- 全部选项与缺省值：fengqiaod --help；检查：fengqiaod --check fengqiao.conf.lua；
-- 当前生效的值和来历：fengqiaod --print-config fengqiao.conf.lua。
-- 同名选项：命令行 --listen.tcp=… 优先，其次环境变量 FENGQIAO_LISTEN_TCP，再次本文件。
-- 写错的名字不会被忽略：会指出行号和最接近的名字。相对路径从本文件所在目录算起。
return {
  listen = {
    -- 明文端口只应听本机；0 表示任选一个空闲端口。
    tcp = "127.0.0.1:7719",
    -- 别的机器走加密端口（TLS 1.2、1.3）；证书换过后发 SIGHUP，不用重启。
    -- tls = "0.0.0.0:7720", certificate = "server.pem", key = "server.key",
    -- 本机套接字：运行服务器的用户和 root 由此登录即是管理员，不需要口令。
    unix = "fengqiao.sock",
  },

  database = "fengqiao.db", -- SQLite 文件；每一步先落盘再答复

  -- 附件：缺省放在数据库旁的 files/ 目录，按内容的 SHA-256 存放；备份时连同数据库一起备份。
  -- files = "files",
  -- files_keep = "7d", -- 已上传但未加入任何案件的内容，过此时间后清除

  -- 流程脚本（*.lua）、放假安排（calendar/）、组织与权限（wuhai/）所在目录。
  workflows = "workflows",

  -- 虚拟时钟只供试用和测试：时间不走，由管理员用 fengqiao clock 拨动。正式使用删去这两行。
  clock = "virtual",
  clock_start = "2026-03-02T09:00:00",

  log = { level = "info", format = "text" }, -- 正式使用可改为 "json"；SIGHUP 后生效

  limits = {
    connections = 256, -- 试用够了；缺省 10000
    -- file_bytes = "64MiB", -- 单个附件的大小上限
    idle = "10min", -- 这么久没有动静又没有订阅的连接会被关闭
  },

  tokens = { idle = "12h", life = "30d" }, -- 登录多久不用即失效、最长多久

  -- 插件。path 含“/”时从服务器的工作目录算起；role 是它办事所用的角色（见 wuhai/rights.lua）。
  plugins = {
    {
      path = "./plugins/notify.so",
      role = "notifier",
      options = {
        state = { dir = "notices" }, -- 发过什么，重启后不重发
        file = { dir = "notices" }, -- 每天一个文件，一行一条通知
        -- smtp = { url = "smtps://mail.example", from = "fengqiao@office.example" },
        -- webhook = { url = "https://gateway.example/in", secret_file = "/run/credentials/hook" },
      },
    },
    -- 文书：fengqiao print。编译时没有 pangocairo 的，删去这一段。
    { path = "./plugins/documents.so", role = "documenter" },
  },
}
