# test_chromium.sh - a browser that opens a local page: its profile and its children are its own,
# the rest is real.

# expected: category, then why a browser that opens nothing but a local page really reads it.
expected() {
	cat <<-'END'
	END
}
