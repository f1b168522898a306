# receivers.sh - real receivers on loopback ports, each with a configuration of its own in lib.sh's work folder.
# shellcheck shell=bash

# rsyslog NAME CERTIFICATE: starts it at ports $udp, $tcp, $tls; it writes to $work/NAME.log. Its input thread writes
# the file: with a queue in memory, a kill would lose records that were read but not written.
rsyslog() {
	local conf=$work/$1.conf
	udp=$(free_port) tcp=$(free_port) tls=$(free_port)
	cat >"$conf" <<-END
		global(workDirectory="$work" net.enableDNS="off"
			defaultNetstreamDriverCAFile="$work/ca.pem"
			defaultNetstreamDriverCertFile="$work/$2.pem" defaultNetstreamDriverKeyFile="$work/$2.key")
		main_queue(queue.type="Direct")
		module(load="imudp") module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1"
			StreamDriver.AuthMode="x509/certvalid") module(load="imptcp")
		template(name="raw" type="string" string="%rawmsg%\n")
		ruleset(name="r" queue.type="Direct") {
			action(type="omfile" file="$work/$1.log" template="raw" asyncWriting="off" flushOnTXEnd="on")
		}
		input(type="imudp" address="127.0.0.1" port="$udp" ruleset="r" rcvbufSize="4m")
		input(type="imptcp" address="127.0.0.1" port="$tcp" ruleset="r")
		input(type="imtcp" address="127.0.0.1" port="$tls" ruleset="r")
	END
	rsyslog_start "$1"
}
rsyslog_start() {
	rm -f "$work/$1.pid"
	begun "$1" rsyslogd -n -f "$work/$1.conf" -i "$work/$1.pid"
	until_true 10 listens "$tcp" && until_true 10 listens "$tls"
}

# syslog_ng NAME: starts it at ports $tcp, $tls. Its package cannot be installed beside rsyslog, so it is only unpacked.
syslog_ng_unpack() {
	local folder=$1
	mkdir -p "$folder"
	(cd "$folder" && apt-get -qq download syslog-ng-core && dpkg -x syslog-ng-core_*.deb .) >/dev/null 2>&1
	[ -x "$folder/usr/sbin/syslog-ng" ] && LD_LIBRARY_PATH=$folder/usr/lib/syslog-ng \
		"$folder/usr/sbin/syslog-ng" --module-path="$folder/usr/lib/syslog-ng/3.38" --version >/dev/null 2>&1
}
syslog_ng() {
	local folder=${SYSLOG_NG:-$work/syslog-ng}
	tcp=$(free_port) tls=$(free_port)
	cat >"$work/$1.conf" <<-END
		@version: 3.38
		source s {
			syslog(ip(127.0.0.1) transport("tcp") port($tcp) max-connections(50));
			syslog(ip(127.0.0.1) transport("tls") port($tls) tls(key-file("$work/server.key")
				cert-file("$work/server.pem") ca-file("$work/ca.pem") peer-verify(required-trusted)));
		};
		destination d { file("$work/$1.log" template("\${MSGHDR}\${SDATA} \${MSG}\n")); };
		log { source(s); destination(d); };
	END
	LD_LIBRARY_PATH=$folder/usr/lib/syslog-ng begun "$1" "$folder/usr/sbin/syslog-ng" -F --no-caps \
		--module-path="$folder/usr/lib/syslog-ng/3.38" -f "$work/$1.conf" -p "$work/$1.pid" \
		-c "$work/$1.ctl" -R "$work/$1.persist"
	until_true 10 listens "$tcp" && until_true 10 listens "$tls"
}

# clickhouse NAME: starts it; $http is its port.
clickhouse() {
	http=$(free_port)
	mkdir -p "$work/$1"
	cat >"$work/$1/config.xml" <<-END
		<yandex><logger><level>error</level><console>true</console></logger>
		<http_port>$http</http_port><listen_host>127.0.0.1</listen_host><tcp_port>$(free_port)</tcp_port>
		<path>$work/$1/data/</path><tmp_path>$work/$1/tmp/</tmp_path>
		<users_config>users.xml</users_config><default_profile>default</default_profile>
		<default_database>default</default_database><mark_cache_size>5368709120</mark_cache_size></yandex>
	END
	cat >"$work/$1/users.xml" <<-END
		<yandex><profiles><default>
		<input_format_skip_unknown_fields>1</input_format_skip_unknown_fields></default></profiles><quotas><default/></quotas>
		<users><default><password></password><networks><ip>127.0.0.1</ip></networks>
		<profile>default</profile><quota>default</quota></default></users></yandex>
	END
	begun "$1" clickhouse-server "--config-file=$work/$1/config.xml"
	until_true 20 listens "$http"
}
ask_clickhouse() { curl -s "http://127.0.0.1:$http/" --data-binary "$1"; }
