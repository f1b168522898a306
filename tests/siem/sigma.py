"""sigma.py - runs each Sigma rule on every recording: it matches where expected, and matches no clean recording."""
import glob
import json
import os
import re
import subprocess
import sys

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import golden

RULES = "systemd/siem/sigma"
# The recordings in which a rule matches. Rules that are not listed must not match in a clean recording.
EXPECTED = {
    "undeclared": "dbus nl80211 wayland-grim x11-screen-keys",
    "out_of_scenario": "bind chroot-copy dbus everyday getifaddrs hardlink int80 nl80211 pulse-list pulse-record sqpoll "
                       "wayland-chromium wayland-paste wayland-toolkits x11-clipboard",
    "credentials": "dbus",
    "credentials_refused": "refused",
    "screen": "wayland-grim x11-screen-keys",
    "keys": "x11-screen-keys",
    "clipboard": "wayland-chromium wayland-paste wayland-toolkits x11-clipboard",
    "microphone_camera": "pulse-record",
    "location": "nl80211",
    "wifi_scan": "dbus nl80211",
    "device_identifier": "bind chroot-copy dbus getifaddrs hardlink int80 nl80211 sqpoll",
    "other_programs": "everyday pulse-list",
    "logins": "everyday",
    "blind": "loss marks-lost",
}
CLEAN = "marks-fork marks-nested pipewire-play pipewire-record pulse-play truncated x11-chromium"
NO_FINDINGS = {"credentials_refused", "blind"}  # these match events that are no findings

MODIFIERS = {
    None: lambda have, want: have == want,
    "contains": lambda have, want: want in have,
    "startswith": lambda have, want: have.startswith(want),
    "endswith": lambda have, want: have.endswith(want),
}


def plain(value):
    """Sigma ignores case, and treats a number like its digits."""
    return str(value).lower()


def matches_map(wanted, event):
    for key, values in wanted.items():
        field, _, modifier = key.partition("|")
        have = event.get(field)
        have = have if isinstance(have, list) else [have]
        values = values if isinstance(values, list) else [values]
        test = MODIFIERS[modifier or None]
        if not any(h is not None and test(plain(h), plain(v)) for h in have for v in values):
            return False
    return True


def matches(rule, event):
    detection = dict(rule["detection"])
    condition = detection.pop("condition")
    # Names, and, or, not, brackets: Python evaluates the same syntax.
    words = re.findall(r"\w+|[()]", condition)
    names = {name: matches_map(wanted, event) for name, wanted in detection.items()}
    if "".join(words) != re.sub(r"\s", "", condition) or not set(words) <= set(names) | {"and", "or", "not", "(", ")"}:
        raise ValueError(f"condition {condition}")
    return eval(condition, {"__builtins__": {}}, names)


def fields_of(rule):
    for name, wanted in rule["detection"].items():
        if name != "condition":
            yield from (key.partition("|")[0] for key in wanted)


def problems_of(name, rule, events, known):
    if rule["logsource"].get("product") != "linux" or rule["logsource"].get("service") != "piaudit":
        yield "another log source"
    yield from (f"no field {field}" for field in fields_of(rule) if field not in known)
    if name not in EXPECTED:
        yield "nobody expects it"
        return
    told = set(" ".join([CLEAN, *EXPECTED.values()]).split())
    expected = set(EXPECTED[name].split())
    for recording, lines in events.items():
        matched = [e for e in lines if matches(rule, e)]
        if recording in told and bool(matched) != (recording in expected):
            yield f"{recording}: {len(matched)} matches"
        if name not in NO_FINDINGS and not all(e["finding"] for e in matched):
            yield f"{recording}: matches what is no finding"


def schema_problems(rules, path):
    import jsonschema
    with open(path, encoding="utf-8") as f:
        schema = json.load(f)
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for name, rule in rules.items():
        yield from (f"{name}: {e.message}" for e in check.iter_errors(rule))
    broken = dict(next(iter(rules.values())), level="dreadful")
    if not list(check.iter_errors(broken)):
        yield "the schema takes anything"


def main(folder, piaudit):
    results = golden.Results()
    events = {name: [golden.flat(e) for e in lines] for name, lines in golden.read(folder).items()}
    known = {f["name"] for f in json.loads(subprocess.run([piaudit, "list", "fields", "-f", "json"], check=True,
                                                            capture_output=True).stdout)}
    rules = {}
    for path in sorted(glob.glob(f"{RULES}/*.yml")):
        with open(path, encoding="utf-8") as f:
            # BaseLoader keeps a date as text, as the schema requires.
            rules[os.path.basename(path)[len("piaudit_"):-len(".yml")]] = yaml.load(f, Loader=yaml.BaseLoader)
    for name, rule in rules.items():
        results.tell(f"sigma-{name}", problems_of(name, rule, events, known))
    ids = [rule["id"] for rule in rules.values()]
    results.tell("sigma-pack", [f"{n}: no such rule" for n in EXPECTED if n not in rules] +
                 ["two rules with one id"] * (len(set(ids)) != len(ids)))
    schema = os.path.join(os.environ.get("PIAUDIT_SHARED", ""), "sigma-detection-rule-schema.json")
    if os.environ.get("PIAUDIT_SHARED") and os.path.exists(schema):
        results.tell("sigma-schema", schema_problems(rules, schema))
    else:
        results.skip("sigma-schema", "PIAUDIT_SHARED has no schema of Sigma rules")
    return results.failed


sys.exit(main(*sys.argv[1:]))
