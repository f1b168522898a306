# package_lib.sh - runs one test of the packages and prints a line; sets $failed on a failure. $work is a temporary
# folder.

# try NAME CMD...: passes if CMD returns 0; otherwise the output of CMD is the reason.
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
