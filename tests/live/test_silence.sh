# test_silence.sh - harmless reads raise no finding: users switch off an auditor with false alarms.

# quiet CMD...: in a scenario that declares almost no data of a device, there is no finding, and no record is lost.
quiet() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
	audit account_login -- "$@"
	expect "none(finding=True); summary['findings'] == 0; summary['lost'] == 0; exit == 0"
}

ordinary_file() {
	echo "nothing of anyone" >"$tmp/file"
	quiet cat "$tmp/file"
}

# A program may read its own /proc directory and those of its children.
own_proc() {
	quiet sh -c 'sleep 1 & cat /proc/self/status /proc/$$/stat /proc/$!/status /proc/self/cmdline; kill $!'
}

table_silence() {
	row silence-getaddrinfo quiet "$programs/getaddrinfo" localhost
	row silence-getaddrinfo-addrconfig quiet "$programs/getaddrinfo" addrconfig localhost
	row silence-getaddrinfo-address quiet "$programs/getaddrinfo" addrconfig 192.0.2.1
	row silence-true quiet true
	row silence-ls quiet ls /tmp
	row silence-ls-long quiet ls -l /usr/share
	row silence-file ordinary_file
	row silence-bash quiet bash -c true
	row silence-bash-pipe quiet bash -c 'echo a | cat | wc -c >/dev/null'
	row silence-python quiet /usr/bin/python3 -c pass
	row silence-date quiet date
	row silence-id quiet id
	row silence-su quiet su -c true
	row silence-java quiet java -XshowSettings:system -version
	row silence-own-proc own_proc
	row silence-grep quiet grep -r nothing /usr/share/doc/bash
	row silence-tar quiet tar -cf /dev/null /usr/share/doc/bash
}
