# SPDX-License-Identifier: Apache-2.0
# tables.awk - puts what piaudit tells of itself into a page: `awk -v piaudit=PROGRAM -f tables.awk PAGE.scd | scdoc`.
# A line "@synopsis", "@verbs" or "@options" stands for what the tables of the command line say, "@config" for the keys
# of the configuration. With -v export=PROGRAM, "@export-options" and "@export-keys OF" for those of the exporter.

# Nothing in it is scdoc's: neither in the line, nor at its beginning.
function plain(text)
{
	gsub(/[\\*_`]/, "\\\\&", text)
	sub(/^[-#.|[\]]/, "\\\\&", text)
	return text
}

# An option, as the help of a verb prints it: "  -o --output FILE      write there".
function put_option(line,    words, n)
{
	match(line, /^ +(-. +)?--[a-z-]+( [A-Z][^ ]*)? +/)
	n = split(substr(line, 1, RLENGTH), words)
	printf "*%s*", words[words[1] ~ /^--/ ? 1 : 2]
	printf "%s", words[n] ~ /^--/ ? "" : " _" plain(words[n]) "_"
	printf "%s\n\t%s\n\n", words[1] ~ /^--/ ? "" : ", *" words[1] "*", plain(substr(line, RLENGTH + 1))
}

function read_help(verb,    command, line, part)
{
	command = piaudit " help " verb
	part = "usage"
	while ((command | getline line) > 0) {
		if (part == "usage") {
			sub(/^usage: piaudit ?/, "", line)
			usage[verb] = line
			command | getline does[verb]
			command | getline
			part = "options"
		} else if (part == "options" && line != "") {
			options[verb, ++option_count[verb]] = line
			if (!taken[line]++)
				order[++line_count] = line
		} else if (line == "") {
			part = "notes"
		} else {
			notes[verb] = notes[verb] plain(line) "\n"
		}
	}
	if (close(command) || !option_count[verb])
		exit failed = 1
}

BEGIN {
	command = piaudit " help"
	while ((command | getline line) > 0) {
		if (line !~ /^  [a-z-]+ +[A-Z]/)
			continue
		split(line, words)
		verbs[++verb_count] = words[1]
		read_help(words[1])
	}
	if (!verb_count)
		exit failed = 1
}

$0 == "@synopsis" {
	for (i = 1; i <= verb_count; i++)
		printf "*piaudit* %s%s\n", plain(usage[verbs[i]]), i < verb_count ? "++" : ""
	next
}

$0 == "@verbs" {
	for (i = 1; i <= verb_count; i++) {
		verb = verbs[i]
		printf "## piaudit %s\n\n%s\n\n", plain(usage[verb]), plain(does[verb])
		for (k = 1; k <= option_count[verb]; k++)
			if (taken[options[verb, k]] < verb_count)
				put_option(options[verb, k])
		if (notes[verb])
			print notes[verb]
	}
	next
}

# Those that every verb takes.
$0 == "@options" {
	for (i = 1; i <= line_count; i++)
		if (taken[order[i]] == verb_count)
			put_option(order[i])
	next
}

# The text of a key of a line of JSON, "" for null.
function value(line, key)
{
	if (!match(line, "\"" key "\":\"([^\"\\\\]|\\\\.)*\""))
		return ""
	line = substr(line, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
	gsub(/\\"/, "\"", line)
	return line
}

# A key of each line of what @command prints, but those of something else than @of.
function put_keys(command, of,    line, keys)
{
	while ((command | getline line) > 0) {
		if (line !~ /^\{/ || value(line, "of") != of)
			continue
		keys++
		printf "*%s*\n\t%s (%s", plain(value(line, "name")), plain(value(line, "doc")), plain(value(line, "type"))
		if (value(line, "least"))
			printf " from %s to %s", value(line, "least"), value(line, "most")
		if (line ~ /"needed":true/)
			printf "; needed"
		if (value(line, "default"))
			printf "; absent: _%s_", plain(value(line, "default"))
		printf ")\n\n"
	}
	if (close(command) || !keys)
		exit failed = 1
}

$0 == "@config" {
	put_keys(piaudit " list config -f json", "")
	next
}

/^@export-keys / {
	put_keys(export " --keys", substr($0, 14))
	next
}

$0 == "@export-options" {
	command = export " --help"
	while ((command | getline line) > 0) {
		if (!match(line, /^  -., --[a-z]+ +([A-Z]+ )? */))
			continue
		found++
		n = split(substr(line, 1, RLENGTH), words)
		printf "*%s*%s, *%s*\n\t%s\n\n", words[2], (n > 2 ? " _" words[3] "_" : ""), substr(words[1], 1, 2),
			plain(substr(line, RLENGTH + 1))
	}
	if (close(command) || !found)
		exit failed = 1
	next
}

{ print }

END { exit failed }
