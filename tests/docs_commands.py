#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs_commands.py - finds the command lines in the documents, and the test of each in docs.commands.

    docs_commands.py              a line for each row of docs.commands: a result, or a command for docs_run.sh
    docs_commands.py --list       the command lines, as file:line: command
    docs_commands.py --table      for each document: its length, its command lines, and the number of tested ones
    docs_commands.py --block FILE REGEX   the literal block of FILE that has a line like this
    docs_commands.py --self-test  shows that planted faults are found

A command line is a line of a block of code whose first line begins like a command, or code inside a sentence with two or
more words. Other blocks (YAML, C, output) have no commands. In a block that begins with a prompt ("# " or "$ "),
only lines with a prompt are commands. Parts that "&&" joins are commands of their own.
"""
import collections
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ("*.md", "*/README.md", "*/*/README.md", "man/*.scd", "systemd/*.*", "systemd/siem/*.*", "systemd/deb/rules",
             "policy/*.yaml", "policy/*/*.yaml", "daemon/cli/main.c")
PROMPT = re.compile(r"[#$] (?=[a-z])")
# The first word of a command, after assignments.
COMMAND = re.compile(r'(?:[A-Z_]+=(?:"[^"]*"|\S*) )*(?:[a-z./~][\w./+-]*)(?= |$)')
# Bold text and lines of comments are prose, unless they begin with one of these programs or have an option.
PROGRAM = re.compile(r"(?:[A-Z_]+=\S* )*(?:piaudit|piaudit-export|piaudit-export-kafka|make|man|apt|systemctl|journalctl|"
                     r"systemd-[a-z]+|chrt|ln|eval|tests/\S+)(?= |$)")
Command = collections.namedtuple("Command", "text place")
Row = collections.namedtuple("Row", "command way what changes line")
WAYS = ("run", "root", "stop", "daemon", "verb", "test", "group", "dry", "unrun")
UNTESTED = ("dry", "unrun")


def is_inline(text, prose):
    """Whether text inside a sentence is a command line; prose: it is bold or a comment, so most of it is none."""
    words = text.split()
    if text == "make":
        return True
    if len(words) < 2 or words[0] == "struct" or not COMMAND.match(text):
        return False
    return not prose or bool(PROGRAM.match(text)) or any(re.match(r"--?[a-z]", word) for word in words)


def commands_of_block(lines):
    """Yields (index, command) of a block of code."""
    if not lines:
        return
    session = PROMPT.match(lines[0])
    if not session and not COMMAND.match(lines[0]):
        return
    begun, start = "", 0
    for index, line in enumerate(lines):
        if session:
            if not PROMPT.match(line):
                continue
            line = line[2:]
        line = re.sub(r"\s+#\s.*$", "", line).rstrip()
        if not begun:
            start = index
        begun += line
        if begun.endswith("\\"):
            begun = begun[:-1]
        elif begun.endswith("|"):
            begun += " "
        elif begun:
            yield start, begun
            begun = ""


def split(text):
    return [" ".join(part.split()) for part in text.split(" && ")]


def plain(scdoc):
    """The text of a line of scdoc without its escapes."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"\+\+$", "", scdoc))


def paragraphs(text):
    """Yields (line, lines, literal) of each paragraph or literal block."""
    block, start, literal = [], 0, False
    for number, line in enumerate(text.split("\n") + [""], 1):
        fence = re.match(r"\s*```", line)
        if fence or (not literal and not line.strip()):
            if block:
                yield start, block, literal
            block, literal = [], bool(fence) and not literal
            continue
        if not block:
            start = number
        block.append(line)
    if block:
        yield start, block, literal


def of_inline(start, body, pattern, prose):
    for match in re.finditer(pattern, body):
        text = " ".join(match.group(1).split())
        if is_inline(text, prose):
            yield start + body.count("\n", 0, match.start()), text


def of_markdown(text):
    code = []  # blank lines do not end indented code
    for start, lines, literal in paragraphs(text):
        if literal:
            yield from ((start + i, c) for i, c in commands_of_block([line.strip() for line in lines]))
        elif lines[0].startswith("    "):
            code = [line[4:] for line in lines]
            yield from ((start + i, c) for i, c in commands_of_block(code))
        else:
            yield from of_inline(start, "\n".join(lines), r"`([^`]+)`", False)


def of_scdoc(text):
    section = ""
    for start, lines, literal in paragraphs(text):
        if not literal and lines[0].startswith("# "):
            section = lines[0][2:]
        elif literal:
            yield from ((start + i, c) for i, c in commands_of_block(lines))
        elif lines[0].startswith("\t"):
            code = [plain(line.strip()) for line in lines]
            found = list(commands_of_block(code))
            yield from ((start + i, c) for i, c in found)
            if not found:
                yield from of_inline(start, "\n".join(lines), r"(?<!\w)\*([^*]+)\*", True)
        elif section == "SYNOPSIS":
            line = plain(re.sub(r"[*_](?=[\w-])|(?<=[\w.])[*_]", "", " ".join(lines)).replace("[OPTION...]", "")).strip()
            if is_inline(line, True) or re.fullmatch(r"piaudit-export(-kafka)?", line):
                yield start, line
        else:
            body = "\n".join(lines).replace("\\*", "\0")
            for line, found in of_inline(start, body, r"(?<!\w)\*([^*]+)\*", True):
                yield line, plain(found.replace("\0", "\\*"))


def of_comments(text):
    """The comments of a configuration, and in a journal catalog its indented lines."""
    block, start = [], 0
    for number, line in enumerate(text.split("\n") + [""], 1):
        match = re.match(r"\s*(?:#|--)(?!!)(.*)", line)
        if not match and block:
            yield from of_inline(start, "\n".join(block), r"`([^`]+)`", False)
            block = []
        body = match.group(1) if match else ""
        if match:
            start = start if block else number
            block.append(body)
        indented = re.match(r" {2,}(\S.*)", body) or re.match(r" {4}(piaudit .*)", line)
        if indented:
            found = re.split(r" {3,}", indented.group(1))[0]
            if is_inline(found, True):
                yield number, found


def of_help(text):
    """The lines of string literals, as the help of a verb has them."""
    for match in re.finditer(r'"((?:\\.|[^"\\\n])*)\\n"', text):
        line = re.sub(r"\\(.)", r"\1", match.group(1))
        if is_inline(line, True) and PROGRAM.match(line):
            yield text.count("\n", 0, match.start()) + 1, line


def commands_of(name, text):
    kind = pathlib.PurePath(name).suffix
    find = {".md": of_markdown, ".scd": of_scdoc, ".c": of_help}.get(kind, of_comments)
    for line, found in sorted(find(text)):
        for part in split(found):
            yield Command(part, f"{name}:{line}")


def documents():
    """Yields (name, text) of each document."""
    for path in sorted({path for pattern in DOCUMENTS for path in TOP.glob(pattern)}):
        yield str(path.relative_to(TOP)), path.read_text()


def read_rows(text):
    rows, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        command, way, what, changes = (columns + ["", "", ""])[:4]
        if way not in WAYS or len(columns) > 4:
            faults.append((command, f"docs.commands:{number}: a way is one of {' '.join(WAYS)}"))
            continue
        pairs = [tuple(pair.split("=>", 1)) for pair in changes.split("; ") if "=>" in pair]
        rows.append(Row(command, way, what, pairs, number))
    return rows, faults


def changed(row):
    text = row.command
    for old, new in row.changes:
        if old not in text:
            raise ValueError(f'docs.commands:{row.line}: there is no "{old}" to be changed')
        text = text.replace(old, new)
    return text


def body_of(source, name):
    """The text of a function of a shell script."""
    match = re.search(rf"^{re.escape(name)}\(\) (\{{ .*\}}$|\{{$.*?^\}}$)", source, re.S | re.M)
    return match.group(1) if match else None


def is_test(name, scripts):
    """Whether a runner of tests calls the function. Scripts are those of its folder."""
    if name.startswith(("test_", "group_")):
        return True
    return bool(re.search(rf"^\s*(try|row|plain|for name in)\b.*\b{re.escape(name)}\b", scripts, re.M))


def test_fault(row, read):
    """Why the test of a row does not run its command; None if it does."""
    file, _, name = row.what.partition(" ")
    source = read(file)
    if source is None:
        return f"{file}: there is no such file"
    body = source
    if name:
        body = body_of(source, name)
        scripts = [read(str(path.relative_to(TOP))) or "" for path in (TOP / file).parent.glob("*.sh")]
        if body is None or not is_test(name, "\n".join([source, *scripts])):
            return f"{file} has no test {name}"
    body = re.sub(r"\\\n\s*", " ", body).replace('"$PIAUDIT"', "piaudit")
    words = [re.escape(word.strip("<>'\"")) for word in changed(row).split()]
    if not re.search(r"\b" + r"\b.*?[\s\"'/<>]".join(words), body.replace('"', " ").replace("'", " ")):
        return f"{row.what} does not run: {changed(row)}"
    return None


def group_fault(row, read):
    script = read("tests/check.sh") or ""
    default = re.search(r"^groups=\((.*)\)", script, re.M).group(1).split()
    for name in row.command.split()[1:]:
        if not name.startswith("tests/") and (name not in default or body_of(script, f"group_{name}") is None):
            return f"tests/check.sh has no group {name}"
    return None


def plan(found, rows, faults, read):
    """Yields the columns of each result: ok, FAIL and skip are final; the other ways are for docs_run.sh."""
    places = collections.defaultdict(list)
    for command in found:
        places[command.text].append(command.place)
    known = collections.Counter(row.command for row in rows)
    for text, why in faults:
        yield "FAIL", text, why
    for text, where in places.items():
        if text not in known:
            yield "FAIL", text, f"{where[0]}: no row of docs.commands says how a test runs this command"
    for row in rows:
        where = places.get(row.command)
        if not where:
            yield "FAIL", row.command, f"docs.commands:{row.line}: no document has this command"
            continue
        if known[row.command] > 1:
            yield "FAIL", row.command, f"docs.commands:{row.line}: it has {known[row.command]} rows"
            continue
        try:
            yield from row_plan(row, where[0], read)
        except ValueError as error:
            yield "FAIL", row.command, str(error)


def row_plan(row, place, read):
    if row.way == "unrun":
        yield "skip", row.command, row.what
    elif row.way == "verb":
        words = row.command.split()
        yield "run", row.command, place, "0", f"piaudit help {words[1]} | grep -e {words[-1]}"
    elif row.way in ("test", "group"):
        fault = (test_fault if row.way == "test" else group_fault)(row, read)
        yield ("FAIL", row.command, f"{place}: {fault}") if fault else ("ok", row.command)
    else:
        yield row.way, row.command, place, row.what, changed(row)


def read_file(name):
    path = TOP / name
    return path.read_text() if path.is_file() else None


def everything():
    found = [command for name, text in documents() for command in commands_of(name, text)]
    rows, faults = read_rows((TOP / "tests/docs.commands").read_text())
    return found, rows, faults


def rendered(name, text):
    """The number of characters that a reader sees."""
    page = TOP / "build" / name.removesuffix(".scd")
    if name.endswith(".scd") and page.exists():
        try:
            return len(subprocess.run(["mandoc", "-Tutf8", page], capture_output=True, text=True, check=True).stdout)
        except (OSError, subprocess.CalledProcessError):
            pass
    return len(text)


def table():
    found, rows, _ = everything()
    untested = {row.command for row in rows if row.way in UNTESTED}
    known = {row.command for row in rows}
    print(f"{'document':34}{'characters':>10}{'commands':>10}{'tested':>8}")
    for name, text in documents():
        mine = [c.text for c in found if c.place.rpartition(":")[0] == name]
        tested = [text for text in mine if text in known and text not in untested]
        if mine or name.startswith("man/"):
            print(f"{name:34}{rendered(name, text):10}{len(mine):10}{len(tested):8}")


def block(name, pattern):
    for _, lines, literal in paragraphs((TOP / name).read_text()):
        if literal and any(re.search(pattern, line) for line in lines):
            print("\n".join(lines))
            return 0
    return 1


def self_test():
    """Yields the faults of this program."""
    planted = {"x.md": ["```\nfrob --all\n```\n", "Text:\n\n    frob --all\n", "Run `frob --all`.\n", "```\n# frob --all\nout\n```\n"],
               "x.scd": ["Text:\n\n\tfrob --all++\npiaudit doctor\n", "```\nfrob --all\n```\n", "Run *frob\n--all* now.\n",
                         "# SYNOPSIS\n\n*frob* *--all* [OPTION...]\n"],
               "x.yaml": ["a: b\n# Run `frob --all`.\n", "#\n#   frob --all      everything\n"]}
    for name, texts in planted.items():
        for text in texts:
            if "frob --all" not in [c.text for c in commands_of(name, text)]:
                yield f"nothing is found in {text!r} of {name}"
    for name, text in {"x.md": "A `name`, `a: b c`, `struct a`.\n\n    key: value\n\n- `struct`\n", "x.scd": "*Some files:* and\n*a read of one*\n",
                       "x.yaml": "#   key       a value\n"}.items():
        for command in commands_of(name, text):
            yield f"{command.text!r} of {name} is taken for a command"
    sources = {"t.sh": 'test_one() {\n\t"$PIAUDIT" doctor -v \\\n\t\t--all\n}\nstray() { piaudit doctor; }\n'}
    doctor = [Command("piaudit doctor", "x.md:1")]
    for row, fails in (("piaudit doctor\ttest\tt.sh test_one", False), ("piaudit doctor\ttest\tt.sh stray", True),
                       ("piaudit doctor\ttest\tt.sh test_two", True), ("piaudit doctor\ttest\tu.sh test_one", True),
                       ("piaudit doctor\ttest\tt.sh test_one\tdoctor=>run", True), ("piaudit doctor\ttest\tt.sh test_one\tx=>y", True),
                       ("piaudit top\trun\t0", True), ("piaudit doctor\trnu\t0", True), ("", True),
                       ("piaudit doctor\trun\t0\npiaudit doctor\trun\t0", True), ("piaudit doctor\trun\t0", False)):
        rows, faults = read_rows(row)
        if fails != any(line[0] == "FAIL" for line in plan(doctor, rows, faults, sources.get)):
            yield f"with the row {row!r}: {'no fault' if fails else 'a fault'}"


def main(arguments):
    if "--block" in arguments:
        return block(*arguments[1:])
    if "--list" in arguments:
        for command in everything()[0]:
            print(f"{command.place}: {command.text}")
    elif "--table" in arguments:
        table()
    elif "--self-test" in arguments:
        faults = list(self_test())
        print(*faults, sep="\n")
        return len(faults) > 0
    else:
        for columns in plan(*everything(), read_file):
            print(*columns, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
