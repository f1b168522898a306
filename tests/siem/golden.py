"""golden.py - the events of each recording, and helpers for the checks of this folder."""
import json
import os


def read(folder):
    events = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as lines:
            events[name] = [json.loads(line) for line in lines]
    return events


def flat(value, path=""):
    """{"process": {"pid": 1}} as {"process.pid": 1}; lists stay."""
    if not isinstance(value, dict):
        return {path: value}
    all_ = {}
    for key, inner in value.items():
        all_.update(flat(inner, f"{path}.{key}" if path else key))
    return all_


class Results:
    """Prints a line per test; `failed` is true if one failed."""

    def __init__(self):
        self.failed = False

    def tell(self, name, problems):
        problems = list(problems)
        if problems:
            self.failed = True
            print(f"FAIL siem/{name} ({'; '.join(problems)[:300]})")
        else:
            print(f"ok siem/{name}")

    def skip(self, name, why):
        print(f"skip siem/{name} ({why})")
