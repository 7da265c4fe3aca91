# SPDX-License-Identifier: Apache-2.0
# Made by scripts/manual from the table of options.

_dtr_trust() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local options='--pin --require-pin --ca-file --offline --registries --prune --on-change --trust-token-host --all-addresses --check --show --remove --expiry --timeout --wait --every --splay --docker --docker-store --json --quiet --certs-dir --help --version'

	if [ "$word" = = ]; then
		word=
	elif [ "$before" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	case $before in
	--pin) mapfile -t COMPREPLY < <(:) ;;
	--ca-file) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	--registries) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	--on-change) mapfile -t COMPREPLY < <(compgen -W "refuse add replace" -- "$word") ;;
	--expiry) mapfile -t COMPREPLY < <(:) ;;
	--timeout) mapfile -t COMPREPLY < <(:) ;;
	--wait) mapfile -t COMPREPLY < <(:) ;;
	--every) mapfile -t COMPREPLY < <(:) ;;
	--splay) mapfile -t COMPREPLY < <(:) ;;
	--docker) mapfile -t COMPREPLY < <(:) ;;
	--docker-store) mapfile -t COMPREPLY < <(compgen -W "classic containerd" -- "$word") ;;
	--certs-dir) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
	esac
}
complete -F _dtr_trust dtr-trust
