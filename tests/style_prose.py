#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""style_prose.py - finds sentences that a second-language reader must read twice: style_prose.py [--count] [FILE...].

It reads the comments of sources, scripts and YAML, and the text of manuals and Markdown. It prints each offence as
"file:line: reason". The rule:
- No sentence or clause begins with who, whoever, whose or what, unless it is a question. A noun directly before who
  or whose makes the clause valid ("a struct whose address"). After a verb of saying or asking ("say what to do")
  the clause is an indirect question.
- No "of what", "of whom", "of whose".
- None of the phrases in tests/style.words: a regular expression and, after a tab, the words to use instead.

A comment or a line with "prose: REASON" is excepted. --self-test shows that planted faults are found.
"""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
HASH = {".sh", ".py", ".yaml", ".yml", ".service", ".toml", ".conf"}
# After one of these verbs, "what" begins an indirect question.
ASK = set("""say says said tell tells told ask asks asked asking know knows known show shows shown see sees seen
    explain explains decide decides decided print prints printed describe describes define defines find finds learn
    learns check checks name names state states list lists report reports wonder understand remember about choose
    chooses out guess guesses document documents exactly just question matter matters note notes""".split())
# These words before "who" or "whose" are no nouns.
NO_NOUN = set("""and or but that so then if since because while when where as than of for by from with to in on at into
    over about after before without between against through is are was were be not no only also even both all it's""".split())
WORD = re.compile(r"[A-Za-z][A-Za-z'_-]*|[.;:,()?!]|\S")
CLAUSE = {"who", "whoever", "whose", "what", "whatever"}
FENCE = re.compile(r"^\s*```")


def c_comments(text):
    """Yields (line, text) of each comment of a C source; neighbouring // lines are one comment."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    for match in pattern.finditer(text):
        piece = match.group()
        if piece.startswith("/*"):
            body = re.sub(r"^\s*\* ?", "", piece[2:-2], flags=re.M)
        elif piece.startswith("//"):
            body = piece[2:]
        else:
            continue
        yield text.count("\n", 0, match.start()) + 1, body


def hash_comments(text):
    block, start = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r"\s*#(?!!)(.*)", line)
        tail = re.search(r"[^\s#'\"]\s+# ([^'\"]*)$", line)
        if match:
            start = start or number
            block.append(match.group(1))
            continue
        if block:
            yield start, "\n".join(block)
            block, start = [], 0
        if tail:
            yield number, tail.group(1)
    if block:
        yield start, "\n".join(block)


def documents(text):
    """Yields paragraphs of Markdown or scdoc, without code."""
    block, start, fenced = [], 0, False
    for number, line in enumerate(text.split("\n") + [""], 1):
        if FENCE.match(line):
            fenced = not fenced
            line = ""
        if fenced or line.startswith(("    ", "\t\t")) or not line.strip():
            if block:
                yield start, "\n".join(block)
            block, start = [], 0
            continue
        if re.match(r"\s*([-*|]|\d+\.|#)", line) and block:
            yield start, "\n".join(block)
            block, start = [], 0
        start = start or number
        block.append(re.sub(r"^\s*(#+|;|\d+\.|[-*])", "", line).replace("|", " . "))


def python_texts(text):
    yield from hash_comments(text)
    for match in re.finditer(r'"""(.*?)"""', text, re.S):
        yield text.count("\n", 0, match.start()) + 1, match.group(1)


def pieces(path, text):
    if path.suffix in (".c", ".h", ".css"):
        return c_comments(text)
    if path.suffix in (".md", ".scd"):
        return documents(text)
    if path.suffix == ".py":
        return python_texts(text)
    if path.suffix in HASH or path.name in ("Makefile", "kernels") or text.startswith("#!/bin"):
        return hash_comments(text)
    return ()


def clause_faults(text):
    """Yields (offset, word) of each clause that begins without a noun."""
    last, tokens = "", list(WORD.finditer(text))
    for i, match in enumerate(tokens):
        word = match.group().lower()
        if word in CLAUSE:
            begins = not last or last in ".;:,()?!" or last in NO_NOUN
            if word in ("what", "whatever"):
                begins = last not in ASK
            end = next((t.group() for t in tokens[i:] if t.group() in ".?!"), "")
            if begins and end != "?":
                yield match.start(), word
        last = word


def phrases():
    for line in (TOP / "tests/style.words").read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, _, instead = line.partition("\t")
            yield re.compile(pattern, re.I), instead.strip()


def faults(body, words):
    plain = re.sub(r"`[^`\n]*`|\"[^\"\n]*\"|'[^'\s]*'", lambda m: "x" * len(m.group()), body)
    plain = re.sub(r"\*([^*\n]+)\*|_([^_\n]+)_", lambda m: m.group().replace("*", " ").replace("_", " "), plain)
    for at, word in clause_faults(plain):
        yield at, f'a clause begins with "{word}": name the noun'
    for match in re.finditer(r"\bof\s+(what|whom|whose)\b", plain, re.I):
        yield match.start(), f'"{" ".join(match.group().split())}": name the noun'
    for pattern, instead in words:
        for match in pattern.finditer(plain):
            yield match.start(), f'"{" ".join(match.group().split())}": {instead}'


def look(path, text, words):
    for start, body in pieces(path, text):
        if "prose: " in body:
            continue
        seen = set()
        for at, why in sorted(faults(body, words)):
            line = start + body.count("\n", 0, at)
            if (line, at) not in seen:
                seen.add((line, at))
                yield line, why


def self_test(words):
    bad = {"x.c": ["/* who reads it */", "/* Of what is left, nothing. */", "int a; /* gives back what was needed */",
                   "/* It ends; whose turn it is, waits. */"],
           "x.sh": ["true\n# what is asked for\n"], "x.md": ["Whoever asks is told nothing.\n"]}
    good = {"x.c": ["/* a struct whose address is odd */", "/* says what to do */", "/* Who reads it? */",
                    "/* who reads it. prose: a quotation */", 'char *s = "/* who */";']}
    for name, texts in bad.items():
        for text in texts:
            if not list(look(pathlib.Path(name), text, words)):
                print(f"tests/style_prose.py:1: self-test: nothing found in {text!r}")
    for name, texts in good.items():
        for text in texts:
            for line, why in look(pathlib.Path(name), text, words):
                print(f"tests/style_prose.py:1: self-test: {text!r}: {why}")


def tracked():
    out = subprocess.run(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    for name in out.stdout.splitlines():
        if not name.startswith(("tests/golden/", "tests/fuzz/fuzz_")) and name != "LICENSE":
            yield TOP / name


def main(arguments):
    words = list(phrases())
    if "--self-test" in arguments:
        self_test(words)
        return
    names = [pathlib.Path(a) for a in arguments if not a.startswith("--")]
    count = comments = 0
    for path in names or tracked():
        try:
            text = path.read_text()
        except (UnicodeDecodeError, OSError):
            continue
        comments += sum(1 for _ in pieces(path, text))
        for line, why in look(path, text, words):
            count += 1
            if "--count" not in arguments:
                print(f"{path.relative_to(TOP) if path.is_absolute() else path}:{line}: {why}")
    if "--count" in arguments:
        print(f"{count} offences in {comments} comments and paragraphs")


if __name__ == "__main__":
    main(sys.argv[1:])
