"""wazuh.py - runs the Wazuh rules on every recording in the order of analysisd: among matching children, the highest
level first."""
import os
import re
import sys
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import golden

LEVELS = {"info": 3, "low": 5, "medium": 7, "high": 10, "critical": 13}
OUR_IDS = range(100000, 120001)  # the range for user rules


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def fits(rule, event):
    return all(field.get("name") in event and re.search(field.text, text(event[field.get("name")]))
               for field in rule.findall("field"))


def walk(rules, event, parent=None):
    children = [r for r in rules if r.findtext("if_sid") == parent and not r.get("frequency")]
    for rule in sorted(children, key=lambda r: -int(r.get("level"))):
        if fits(rule, event):
            return walk(rules, event, rule.get("id")) or rule
    return None


def wanted(event):
    if event["type"] == "access" and event["finding"]:
        return LEVELS[event["severity"]]
    if event["type"] == "access" and event["verdict"] == "inconclusive":
        return 5
    return 7 if event["type"] == "loss" or event.get("state") == "degraded" else 0


def problems(rules, events):
    ids = [rule.get("id") for rule in rules]
    yield from (f"{i}: twice" for i in set(ids) if ids.count(i) > 1)
    yield from (f"{i}: not for users" for i in ids if int(i) not in OUR_IDS)
    for rule in rules:
        parent = rule.findtext("if_sid") or rule.findtext("if_matched_sid")
        if parent and parent not in ids:
            yield f"{rule.get('id')}: no rule {parent}"
    seen = set()
    for name, lines in events.items():
        for event in lines:
            rule = walk(rules, event)
            level = int(rule.get("level")) if rule is not None else None
            seen.add(level)
            if level != wanted(event):
                yield f"{name}: {event['type']} {event.get('verdict')} {event.get('severity')}: level {level}"
    yield from (f"no event of level {level}" for level in (0, 5, 7, 10) if level not in seen)


def main(folder):
    results = golden.Results()
    agent = xml.parse("systemd/siem/wazuh-agent.conf").getroot()
    results.tell("wazuh-agent", [] if agent.findtext("localfile/log_format") == "json" else ["no JSON"])
    rules = xml.parse("systemd/siem/wazuh-rules.xml").getroot().findall("rule")
    events = {name: [golden.flat(e) for e in lines] for name, lines in golden.read(folder).items()}
    results.tell("wazuh-rules", problems(rules, events))
    other = {"schema": "somebody.else/1", "type": "access", "finding": True}
    results.tell("wazuh-others", [] if walk(rules, other) is None else ["a log of somebody else matches"])
    return results.failed


sys.exit(main(*sys.argv[1:]))
