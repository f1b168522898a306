# SPDX-License-Identifier: Apache-2.0
# check_counts.py - what run, search and report say of the same accesses must agree, in every format.
# Usage: check_counts.py DIRECTORY, which has run.json and run.text, and of one history report.* and search.*.
# `run.*` may be missing: then only search and report are compared.
import csv
import hashlib
import html
import json
import os
import re
import sys

wrong = []


def same(what, *values):
    if len({json.dumps(v, sort_keys=True) for v in values}) > 1:
        wrong.append(f"{what}: {' / '.join(str(v) for v in values)}")


def read(name):
    with open(os.path.join(sys.argv[1], name), encoding="utf-8") as file:
        return file.read()


def fingerprint(row):
    """As the header of finding.h and the manual document it, not as the program computes it."""
    grade = "obtained" if row["grade"] in ("direct", "exposed") else "not_obtained"
    texts = ["piaudit.finding/1", row["statement"], row["app"], row["category"], row["source"], grade,
             row["disposition"], row["verdict"], *sorted(row["scenario"], key=str.encode)]
    return hashlib.sha256("".join(t + "\0" for t in texts).encode()).hexdigest()[:16]


def phrase(findings, accesses):
    return f"{findings} finding{'s' * (findings != 1)} ({accesses} access{'es' * (accesses != 1)})"


def check_search(rows):
    for row in rows:
        same("fingerprint of a row", row["fingerprint"], fingerprint(row) if row["finding"] else None)
    lines = list(csv.DictReader(read("search.csv").splitlines()))
    same("fingerprints of search", [r["fingerprint"] or "" for r in rows], [r["fingerprint"] for r in lines])
    prints = {r["fingerprint"] for r in rows if r["finding"]}
    return len(prints), sum(r["count"] for r in rows if r["finding"]), prints


def check_report(report):
    numbers = [f"F{i + 1}" for i in range(len(report["findings"]))]
    prints = [f["fingerprint"] for f in report["findings"]]
    text, page = read("report.text"), html.unescape(read("report.html"))
    same("numbers in json", [f["number"] for f in report["findings"]], numbers)
    same("numbers of the results", [n for r in report["results"] for n in r["findings"]], numbers)
    same("findings in text", re.findall(r"(?m)^(F\d+)  .*  x\d+  ([0-9a-f]{16})$", text), list(zip(numbers, prints)))
    same("numbers in html", re.findall(r'<span class="id">(F\d+)</span>', page), numbers)
    same("fingerprints in html", re.findall(r"<dt>Fingerprint</dt><dd><code>([0-9a-f]{16})</code>", page), prints)
    same("a finding twice", len(prints), len(set(prints)))
    told = {}
    for row in csv.DictReader(read("report.csv").splitlines()):
        same("findings of a cell in csv", len(row["findings"].split()), len(row["fingerprints"].split()))
        told.update(zip(row["findings"].split(), row["fingerprints"].split()))
    same("fingerprints in csv", told, dict(zip(numbers, prints)))
    same("findings listed", len(prints), report["finding_count"])
    same("accesses listed", sum(f["count"] for f in report["findings"]), report["finding_accesses"], report["violated"])
    return report["finding_count"], report["finding_accesses"], set(prints)


def check_statements(report):
    """Each statement stands with its own name, sentence and numbers, in every format; they add up."""
    text, page = read("report.text"), html.unescape(read("report.html"))
    rows = list(csv.DictReader(read("report.csv").splitlines()))
    for key in ("finding_count", "finding_accesses", "violated", "declared", "informational", "inconclusive",
                "audit_count", "audits_without_end"):
        same(f"sum of {key}", sum(r[key] for r in report["results"]), report[key])
    for result in report["results"]:
        mine = [f for f in report["findings"] if f["statement"] == result["statement"]]
        same("findings of a statement", [f["number"] for f in mine], result["findings"])
        same("accesses of a statement", sum(f["count"] for f in mine), result["finding_accesses"])
        for name, where in (("text", text), ("html", page)):
            for need in (result["title"] or result["statement"], result["sentence"]):
                if need not in where:
                    wrong.append(f"{name} does not say: {need}")
        same("result in csv", {(r["statement_title"], r["statement_sentence"], r["statement_result"])
                               for r in rows if r["statement"] == result["statement"]}.__len__(), 1)
        if len(report["results"]) > 1:
            head = text.index(f"({result['statement']})\nresult: {result['sentence']}")
            for f in mine:
                place = text.index(f"\n{f['number']}  ", head)
                if text.find("\n--- ", head, place) >= 0:
                    wrong.append(f"text: {f['number']} stands under another statement")
    titles = {r["title"] for r in report["results"]}
    h1 = re.search(r"<h1>(.*)</h1>", page).group(1)
    if len(report["results"]) > 1 and h1 in titles:
        wrong.append(f"html: the title of one statement stands over all: {h1}")


def check_ends(report):
    """Of an audit without an end nothing is counted, and no clean result is claimed."""
    page, text = html.unescape(read("report.html")), read("report.text")
    open_ended = [a for a in report["audits"] if a["ended"] is None]
    same("audits without an end", len(open_ended), report["audits_without_end"])
    for audit in open_ended:
        same("what an audit without an end lost", [audit[k] for k in ("events", "lost", "malformed", "undecoded")], [None] * 4)
    for said in re.findall(r"\(in \d+ of (\d+) audits that list their limits\)", page):
        if int(said) > len(report["audits"]) - len(open_ended):
            wrong.append(f"html: {said} audits are said to list their limits")
    if not open_ended:
        return
    if report["complete"] or report["result"] == "clean":
        wrong.append("a clean result is claimed over an audit without an end")
    if "no end" not in report["sentence"] or "killed" not in text or "killed" not in page:
        wrong.append("it is not said that an audit has no end")
    if re.search(r"was lost(?! in the audits that ended)[;.]", page):
        wrong.append("html: it says that nothing was lost, although an audit has no end")
    for said in re.findall(r"[Ii]n the (\d+) that ended", text):
        if int(said) > len(report["audits"]):
            wrong.append("text: more audits ended than there are")


def main():
    report, rows = json.loads(read("report.json")), json.loads(read("search.json"))
    of_report, of_search = check_report(report), check_search(rows)
    same("findings of report and search", *((n, a, sorted(p)) for n, a, p in (of_report, of_search)))
    check_statements(report)
    check_ends(report)
    says = phrase(*of_report[:2])
    if of_report[0] and says not in report["sentence"]:
        wrong.append(f"report does not say {says}: {report['sentence']}")
    if rows and f"found: {says}" not in read("search.text"):
        wrong.append(f"search does not say {says}")
    if not os.path.exists(os.path.join(sys.argv[1], "run.json")):
        return
    run = json.loads(read("run.json").splitlines()[-1])
    same("findings", run["finding_count"], of_report[0])
    same("accesses", run["findings"], of_report[1])
    for verdict, grades in (("declared", ("direct", "exposed")), ("inconclusive", None)):
        same(verdict, run["verdicts"][verdict], report[verdict],
             sum(r["count"] for r in rows if r["verdict"] == verdict and (not grades or r["grade"] in grades)))
    same("informational, inconclusive ones apart", report["informational"],
         sum(c["informational"] for c in run["table"] if c["verdict"] != "inconclusive"))
    if of_report[0] and f"result: {says}" not in read("run.text"):
        wrong.append(f"run does not say {says}")
    listed = re.findall(r"(?m)^  (F\d+)  .*  ([0-9a-f]{16})$", read("run.text"))
    same("numbers of run", [n for n, _ in listed], [f"F{i + 1}" for i in range(len(listed))])
    same("fingerprints of run", sorted(p for _, p in listed), sorted(of_report[2]))


main()
print("\n".join(wrong))
sys.exit(bool(wrong))
