# package_lib.sh - a test of the package: a line. Its failure is in $failed, $work has room.

# try NAME CMD...: it returns 0, and what it prints is why it does not.
try() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok package/$name"
	else
		echo "FAIL package/$name ($(tail -n 4 "$work/out" | tr '\n' ' '))"
		failed=1
	fi
}
