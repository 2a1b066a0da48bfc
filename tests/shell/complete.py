#!/usr/bin/env python3
"""Completes command lines in a real shell, as somebody at a terminal would.

Usage: complete.py SHELL DOCUMENTS PIAA_BATCH      bash, zsh or fish; what the build made; the program

Exits with 77 where no terminal can be opened.
"""
import os
import pathlib
import pty
import re
import select
import signal
import sys
import tempfile
import time

# What is typed before the Tab key, and what stands there afterwards.
LINES = [
    ("piaa-batch sco", "piaa-batch score"),
    ("piaa-batch train pri", "piaa-batch train prior"),
    ("piaa-batch crop --rank-p", "piaa-batch crop --rank-presets"),
    ("piaa-batch evaluate personal --prot", "piaa-batch evaluate personal --protocol"),
    ("piaa-batch score --format jsonl --sor", "piaa-batch score --format jsonl --sort"),
    ("piaa-batch score --sort sco", "piaa-batch score --sort score"),
    ("piaa-batch crop --preset squ", "piaa-batch crop --preset square"),
    ("piaa-batch score --model li", "piaa-batch score --model lite"),
    ("piaa-batch score --user an", "piaa-batch score --user ann.pt"),
    ("piaa-batch profile show an", "piaa-batch profile show ann.pt"),
    ("piaa-batch score other", "piaa-batch score other.jpg"),
    ("piaa-batch preset show squ", "piaa-batch preset show square"),
]


def start_of(shell, documents):
    """How the shell is started with nothing but this completion, and the first lines that it is given."""
    if shell == "bash":
        return ["bash", "--norc", "--noprofile", "-i"], f"bind 'set bell-style none'; . {documents}/bash/piaa-batch"
    if shell == "zsh":
        return ["zsh", "-f", "-i"], f"fpath=({documents}/zsh $fpath); autoload -Uz compinit; compinit -u -D"
    return ["fish", "--no-config", "-i"], f". {documents}/fish/piaa-batch.fish"


class Terminal:
    def __init__(self, command, folder, environment):
        self.process, self.main = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.seen = ""

    def type(self, text):
        os.write(self.main, text.encode())

    def wait_for(self, pattern, seconds=20):
        """What the shell printed until then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return found
            if select.select([self.main], [], [], 0.2)[0]:
                self.seen += os.read(self.main, 65536).decode(errors="replace")
        raise SystemExit(f"waited for {pattern!r}, seen: {self.seen[-2000:]!r}")

    def end(self):
        os.close(self.main)  # hangs up
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def completed(terminal, typed, seconds):
    """The whole line so long after Tab: it becomes the argument of echo, and echo says it."""
    terminal.type(typed + "\t")
    time.sleep(seconds)
    terminal.type("\x01echo '<<' \x05 '>>'\r")  # to the begin of the line, and to its end
    return terminal.wait_for(r"<< (piaa-batch [^\r\n]*?) *>>[\r\n]").group(1).strip()


def main():
    shell = sys.argv[1]
    documents, program = (pathlib.Path(path).absolute() for path in sys.argv[2:])
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ann.pt", "another.jpg", "other.jpg"):
            (pathlib.Path(folder) / name).touch()
        environment = {"PATH": f"{program.parent}:/usr/bin:/bin", "HOME": folder, "TERM": "dumb" if shell != "fish" else "xterm",
                       "PS1": "> ", "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null"}
        command, first = start_of(shell, documents)
        try:
            terminal = Terminal(command, folder, environment)
        except OSError as error:  # a system as debootstrap leaves it has no /dev/pts
            print(f"[skipped] no terminal can be opened here: {error}")
            return 77
        terminal.type(first + "; echo rea''dy\r")
        terminal.wait_for("ready")
        wrong = []
        for typed, whole in LINES:
            for seconds in (0.7, 2, 6):  # the shell may be slow on a busy machine
                line = completed(terminal, typed, seconds)
                if line == whole:
                    break
            else:
                wrong.append(f"{shell}: '{typed}' became '{line}' and should be '{whole}'")
        terminal.end()
    print("\n".join(wrong) or f"{shell}: {len(LINES)} lines completed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
