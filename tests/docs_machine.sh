#!/bin/bash
# docs_machine.sh - `docs_machine.sh PLAN DIR`: runs docs_run.sh in a machine of its own. Run by docs.sh in its own mount
# and network namespaces: the machine is an overlay at DIR over this machine's root; /src is one over the source.
set -u
plan=$1 dir=$2
at=$dir/root

mount --make-rprivate / && mount -t tmpfs over "$dir" && mkdir "$dir"/{upper,scratch,root,source,source-scratch} &&
	mount -t overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/scratch" machine "$at" && mkdir -p "$at/src" &&
	mount -t overlay -o "lowerdir=$PWD,upperdir=$dir/source,workdir=$dir/source-scratch" source "$at/src" &&
	mount -t tmpfs run "$at/run" && mount -t tmpfs tmp "$at/tmp" && mount -t proc proc "$at/proc" &&
	mount --rbind /sys "$at/sys" && mount --bind /dev "$at/dev" &&
	[ -x "$at/usr/bin/env" ] && [ -d "$at/var/lib/dpkg" ] || { # not if /usr or /var is a file system of its own
	cut -f 2 "$plan" | sed 's|.*|skip docs/& (no overlay can be mounted)|'
	exit 0
}
ip link set lo up
cp "$plan" "$at/tmp/plan"

# An installation of this machine is not part of it.
rm -rf "$at"/etc/piaudit "$at"/var/{lib,log}/piaudit "$at/var/lib/piaudit-export"
rm -f "$at"/usr/bin/piaudit*
exec chroot "$at" env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	bash -c 'cd /src && exec tests/docs_run.sh /tmp/plan machine /src'
