"""opensearch.py - the index template accepts every document of the ecs encoder, and its types are those of ECS."""
import fnmatch
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import golden

JSON_TYPE = {str: "string", bool: "boolean", int: "long", float: "double"}
# Types of ECS that a search treats like another type.
ALIKE = {"date_nanos": "date", "match_only_text": "text", "constant_keyword": "keyword", "wildcard": "keyword"}


def mapped(mappings, name, value):
    """The type of a value; None if it is stored without an index."""
    node = mappings
    for part in name.split("."):
        node = node.get("properties", {}).get(part)
        if node is None:
            break
        if node.get("enabled") is False:
            return None
    if node:
        return node["type"]
    value = value[0] if isinstance(value, list) and value else value
    kind = JSON_TYPE.get(type(value))
    for rule in mappings["dynamic_templates"]:
        for body in rule.values():
            if body["match_mapping_type"] == kind:
                return body["mapping"]["type"]
    return "no type"


def problems(template, documents, ecs):
    mappings, types = template["template"]["mappings"], {}
    for recording, lines in documents.items():
        for document in lines:
            stream = f"logs-{document['event']['dataset']}-default"
            if not any(fnmatch.fnmatch(stream, p) for p in template["index_patterns"]):
                yield f"{stream}: another template's"
            for name, value in golden.flat(document).items():
                if value is None or value == []:
                    continue
                kind = mapped(mappings, name, value)
                if types.setdefault(name, kind) != kind:
                    yield f"{recording}: {name} is {types[name]} and {kind}"
                if kind == "no type" or (kind and "date" in kind and not str(value).endswith("Z")):
                    yield f"{recording}: {name}: {kind}: {value}"
                wanted = ecs.get(name, {}).get("type")
                if wanted and ALIKE.get(wanted, wanted) != ALIKE.get(kind, kind):
                    yield f"{name}: {kind}, not {wanted}"


def main(folder):
    results = golden.Results()
    with open("systemd/siem/opensearch-template.json", encoding="utf-8") as f:
        template = json.load(f)
    fields = os.path.join(os.environ.get("PIAUDIT_SHARED", ""), "ecs-9.4.0-flat.json")
    ecs = {}
    if os.environ.get("PIAUDIT_SHARED") and os.path.exists(fields):
        with open(fields, encoding="utf-8") as f:
            ecs = json.load(f)
    else:
        results.skip("opensearch-ecs", "PIAUDIT_SHARED has no fields of ECS")
    results.tell("opensearch", sorted(set(problems(template, golden.read(folder), ecs))))
    return results.failed


sys.exit(main(*sys.argv[1:]))
