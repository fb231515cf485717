"""`fengqiao print` at 80 columns: the list, a file, a page for the browser, a printer, a draft, what is missing, and
a server without the plugin."""
import os
import subprocess

from harness import Daemon, MEDIATOR, run
from test_cli import Cli, FENGQIAO, cells
from test_documents import PLUGIN, agree, documents, register

FAKE_LP = '#!/bin/sh\nprintf "%s\\n" "$*" > "$HOME/lp.words"\ncat > "$HOME/lp.paper"\n'


class Printing(Cli):
    """Runs in its home, where a program lp stands in for a printer."""

    def environment(self):
        environment = super().environment()
        environment["PATH"] = self.home + "/bin:" + environment["PATH"]
        return environment

    def run_at_home(self, *words):
        done = subprocess.run([os.path.join(self.home, "fengqiao")] + list(words), capture_output=True,
                              env=self.environment(), timeout=300, cwd=self.home, stdin=subprocess.DEVNULL)
        assert b"Sanitizer" not in done.stderr, done.stderr
        return done


def printing(daemon):
    cli = Printing(daemon, MEDIATOR)
    os.symlink(FENGQIAO, os.path.join(cli.home, "fengqiao"))
    os.mkdir(os.path.join(cli.home, "bin"))
    with open(os.path.join(cli.home, "bin", "lp"), "w", encoding="utf-8") as f:
        f.write(FAKE_LP)
    os.chmod(f.name, 0o755)
    return cli


def starts_with(path, wanted):
    with open(path, "rb") as f:
        return f.read(len(wanted)) == wanted


def papers_are_listed_and_printed():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        cli = printing(daemon)
        listing = cli("print", case, code=0).stdout
        assert "人民调解申请书" in listing and "可以打印" in listing and "还缺：" in listing, listing
        assert all(cells(line) <= 80 for line in listing.splitlines()), listing
        assert "fengqiao print %s 1 --draft" % case in listing, listing
        rows = cli.json("print", case)["items"]
        assert rows[0]["template"] == "mediation_application" and rows[0]["ready"], rows[0]
        # What is missing is said in one sentence, and how to go on without it.
        done = cli("print", case, "人民调解协议书", code=64)
        assert "协议内容" in done.stderr and "履行期限" in done.stderr and "--draft" in done.stderr, done.stderr
        agree(mediator, case)
        done = cli.run_at_home("print", case, "人民调解协议书")
        assert done.returncode == 0, done.stderr
        path = os.path.join(cli.home, "人民调解协议书-%s.pdf" % case)
        assert starts_with(path, b"%PDF-") and os.stat(path).st_mode & 0o077 == 0, "others may not read it"
        assert "第0001号" in done.stderr.decode(), done.stderr
        assert cli.run_at_home("print", case, "人民调解协议书").returncode == 0
        assert os.path.exists(os.path.join(cli.home, "人民调解协议书-%s-2.pdf" % case)), os.listdir(cli.home)
        done = cli.run_at_home("print", case, "1", "--html", "页.html", "--printer", "柜台")
        assert done.returncode == 0, done.stderr
        assert starts_with(os.path.join(cli.home, "页.html"), b"<!DOCTYPE html>")
        assert starts_with(os.path.join(cli.home, "lp.paper"), b"%PDF-")
        with open(os.path.join(cli.home, "lp.words"), encoding="utf-8") as f:
            assert f.read() == "-s -d 柜台\n"
        done = cli.run_at_home("print", case, "证据材料清单", "--pdf", "-")
        assert done.returncode == 0 and done.stdout.startswith(b"%PDF-"), done.stderr
        assert "已编号：" in cli("print", case, code=0).stdout


def drafts_leave_no_number_and_wrong_words_are_explained():
    with documents() as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        cli = printing(daemon)
        done = cli.run_at_home("print", case, "mediation_agreement", "--draft", "--html", "草稿.html")
        assert done.returncode == 0 and "草稿" in done.stderr.decode(), done.stderr
        assert "documented" not in [item["type"] for item in
                                    mediator.call("case.timeline", case=case, limit=500)["items"]]
        done = cli("print", case, "99", code=64)
        assert "第 99 项" in done.stderr, done.stderr
        done = cli("print", case, "没有这种", code=66)
        assert "fengqiao print" in done.stderr, done.stderr
        done = cli.run_at_home("print", case, "1", "--pdf", "没有/这个/文件.pdf")
        assert done.returncode == 66, done.stderr
        with open(os.path.join(cli.home, "bin", "lp"), "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\nexit 1\n")
        done = cli.run_at_home("print", case, "1", "--printer", "-")
        assert done.returncode == 66 and "--pdf" in done.stderr.decode(), done.stderr


def without_the_plugin_a_sentence_says_so():
    with Daemon(flows=None, start="2026-03-02T09:00:00") as daemon:
        (mediator,) = daemon.people(MEDIATOR)
        case = register(mediator)
        done = Cli(daemon, MEDIATOR)("print", case, code=64)
        assert "没有安装文书插件" in done.stderr and "管理员" in done.stderr, done.stderr


if __name__ == "__main__":
    tests = [without_the_plugin_a_sentence_says_so]
    if os.path.exists(PLUGIN):
        tests += [papers_are_listed_and_printed, drafts_leave_no_number_and_wrong_words_are_explained]
    else:
        print("built without plugins/documents: only its absence is tried")
    run(*tests)
