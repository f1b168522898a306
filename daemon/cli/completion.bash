
# Prints the ids of `piaudit list LIST`, for the statement of --policy.
_piaudit_list()
{
	"$piaudit" list "$1" ${policy:+--policy "$policy"} 2>/dev/null | awk 'NR > 1 { print $1 }'
}

# _piaudit_values NAME KIND: completes a value of this kind. A comma behind the kind allows a list of values.
_piaudit_values()
{
	local before= words=

	[[ $2 == *, && $cur == *,* ]] && before=${cur%,*},
	case ${2%,} in
	FILE | SOCKET)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	DIR)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	PID) words=$(cd /proc && echo [0-9]*) ;;
	ID)
		case ${1#--} in
		scenario) words=$(_piaudit_list scenarios) ;;
		category) words=$(_piaudit_list categories) ;;
		source) words=$(_piaudit_list sources) ;;
		esac
		;;
	*[[:lower:]]*) words=${2%,} ;;
	esac
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "${words//|/ }" -- "${cur#"$before"}")
}

# Sets REPLY to the name of the option $1 and the kind of its value. Fails for other options.
_piaudit_takes()
{
	local of long short kind

	while read -r of long short kind; do
		[[ $of == "$verb" && ($long == "$1" || $short == "$1") && -n $kind ]] || continue
		REPLY="$long $kind"
		return 0
	done <<<"$_piaudit_options"
	return 1
}

# Completes the word number $1 behind the verb, counted from 1. The last kind applies to all further words.
_piaudit_place()
{
	local kinds last

	while read -ra kinds; do
		last=$((${#kinds[@]} - 1))
		[[ ${kinds[0]} == "$verb" && $last -gt 0 ]] || continue
		_piaudit_values "$verb" "${kinds[$1 < last ? $1 : last]}"
	done <<<"$_piaudit_verbs"
}

_piaudit_command()
{
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif [ "$1" = "$COMP_CWORD" ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
	else
		compopt -o default 2>/dev/null
	fi
}

# Reads the words before the cursor: sets value to an open option, places to the number of words, command to its start.
_piaudit_walk()
{
	local at word

	for ((at = 1 + (${#verb} > 1); at < COMP_CWORD; at++)); do
		word=${COMP_WORDS[at]}
		if [[ $word == = ]]; then
			continue # bash splits --name=value at the sign
		elif [[ -n $value ]]; then
			[[ $value == '--policy '* ]] && policy=$word
			value=
		elif [[ $word == -?* && $word != -- ]]; then
			_piaudit_takes "$word" && value=$REPLY
		elif [[ -n $starts ]]; then
			[[ $word == -- ]] && at=$((at + 1))
			command=$at
			return
		else
			places=$((places + 1))
		fi
	done
}

_piaudit()
{
	local piaudit=$1 cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}
	local policy= value= places=0 starts= command= REPLY

	COMPREPLY=()
	[[ $COMP_CWORD == 1 || $verb == -* ]] && verb=-
	[[ " $_piaudit_commands " == *" $verb "* ]] && starts=yes
	_piaudit_walk
	[[ $cur == = ]] && cur=
	if [[ -n $command ]]; then
		_piaudit_command "$command"
	elif [[ -n $value ]]; then
		_piaudit_values $value
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(awk -v of="$verb" '$1 == of { print $2 }' \
			<<<"$_piaudit_options")" -- "$cur")
	elif [[ -n $starts ]]; then
		_piaudit_command "$COMP_CWORD"
	elif [[ $verb != - || $COMP_CWORD == 1 ]]; then
		_piaudit_place $((places + 1))
	fi
}

complete -F _piaudit piaudit
