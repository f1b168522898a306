#!/bin/bash
# few-privileges.sh - piaudit with CAP_BPF and CAP_PERFMON, and no other privilege.
exec setpriv --bounding-set=-all,+bpf,+perfmon --inh-caps=-all "$(dirname "$0")/../../build/piaudit" "$@"
