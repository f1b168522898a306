# SPDX-License-Identifier: Apache-2.0
# paragraphs.awk - moves or removes the paragraph macros of scdoc that mandoc -T lint reports as having no effect:
# `scdoc <PAGE.scd | awk -f paragraphs.awk`. One at the end of an indent moves behind it. One beside a heading is removed.

$0 == ".P" {
	held = !after_heading
	next
}

held && !/^\.(SH|SS|RE)/ { print ".P" }

{
	if ($0 != ".RE")
		held = 0
	after_heading = /^\.(TH|SH|SS)/
	print
}
