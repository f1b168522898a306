# SPDX-License-Identifier: Apache-2.0
# check_html.py - what a page must keep to: well nested, nothing fetched or run, all of it reachable by a screen reader.
import html.parser
import re
import sys

VOID = {"meta", "br", "link", "img", "input", "hr", "rect", "path"}
ALLOWED = set("""html head meta title style body a header p h1 h2 h3 h4 nav ul li main section div span dl dt dd
    details summary table caption thead tbody tr th td article code em strong small br time footer svg defs pattern rect
    path text""".split())
HANDLED = {"href", "src", "action", "formaction", "data", "poster", "srcset"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.stack, self.ids, self.refs, self.wrong = [], [], [], []
        self.level, self.captions = 0, 0

    def say(self, text):
        self.wrong.append(f"{self.getpos()[0]}: {text}")

    def handle_startendtag(self, tag, attrs):
        self.look(tag, dict(attrs))

    def handle_starttag(self, tag, attrs):
        self.look(tag, dict(attrs))
        if tag not in VOID:
            self.stack.append(tag)

    def look(self, tag, attrs):
        if tag not in ALLOWED:
            self.say(f"<{tag}> is none of ours: a string was not escaped")
        for name, value in attrs.items():
            if name.startswith("on") or (name in HANDLED and not (value or "").startswith("#")):
                self.say(f"{name}={value}: fetched or run")
        self.ids += [attrs["id"]] if "id" in attrs else []
        for name in ("aria-labelledby", "href"):
            self.refs += [(attrs[name].lstrip("#"), self.getpos()[0])] if attrs.get(name) else []
        if tag == "th" and attrs.get("scope") not in ("col", "row"):
            self.say("a <th> without scope")
        self.captions += (tag == "caption") - (tag == "table")
        if re.fullmatch("h[1-6]", tag):
            if int(tag[1]) > self.level + 1:
                self.say(f"<{tag}> after a heading of level {self.level}")
            self.level = int(tag[1])

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.say(f"</{tag}> closes nothing, or something else")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    if page.stack:
        page.say(f"not closed: {page.stack}")
    if page.captions:
        page.say("a table without its caption")
    page.wrong += [f"{line}: no such id: {ref}" for ref, line in page.refs if ref not in page.ids]
    page.wrong += [f"id {i} twice" for i in set(page.ids) if page.ids.count(i) > 1]
    for bad in ("\x1b", "\u202e", "url(http", "@import"):
        if bad in text:
            page.wrong.append(f"it has {bad!r}")
    for need in ("default-src 'none'", 'lang="en"', "<main>", "@media print", "prefers-color-scheme: dark"):
        if need not in text:
            page.wrong.append(f"it lacks {need}")
    print("\n".join(page.wrong))
    return bool(page.wrong)


sys.exit(main())
