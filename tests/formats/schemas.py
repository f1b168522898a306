#!/usr/bin/python3
"""schemas.py - validates records with published schemas: `schemas.py ocsf SCHEMA FILE`, `schemas.py otlp PROTO FILE`.

FILE contains JSON Lines. The first refused record ends the run, with the reason.
"""
import importlib
import json
import os
import subprocess
import sys
import tempfile


def ocsf(schema):
    import jsonschema
    with open(schema) as file:
        validator = jsonschema.Draft202012Validator(json.load(file))

    def check(event):
        wrong = jsonschema.exceptions.best_match(validator.iter_errors(event))
        if wrong:
            raise ValueError(f"{wrong.json_path}: {wrong.message[:200]}")
    return check


def otlp(proto):
    from google.protobuf import json_format
    work = tempfile.mkdtemp()
    subprocess.run(["protoc", f"--proto_path={os.path.dirname(proto)}", f"--python_out={work}", proto], check=True)
    sys.path.insert(0, work)
    request = importlib.import_module("otlp_logs_pb2").ExportLogsServiceRequest

    def check(event):
        message = json_format.ParseDict(event, request())
        for logs in message.resource_logs:
            for scope in logs.scope_logs:
                for record in scope.log_records:
                    if not record.time_unix_nano or not 1 <= record.severity_number <= 24 or not record.event_name:
                        raise ValueError("time, severity or name of a record")
        if not message.resource_logs:
            raise ValueError("no resourceLogs")
    return check


def main():
    check = {"ocsf": ocsf, "otlp": otlp}[sys.argv[1]](sys.argv[2])
    count = 0
    with open(sys.argv[3], "rb") as file:
        for count, line in enumerate(file, 1):
            try:
                check(json.loads(line))
            except Exception as wrong:  # an exception of any library means that the record is refused
                sys.exit(f"record {count}: {wrong}")
    if not count:
        sys.exit("no record")
    print(count)


if __name__ == "__main__":
    main()
