#!/bin/bash
# few-privileges.sh - runs piaudit with only CAP_BPF and CAP_PERFMON.
exec setpriv --bounding-set=-all,+bpf,+perfmon --inh-caps=-all "$(dirname "$0")/../../build/piaudit" "$@"
