#!/bin/sh
# capture.sh writes testdata anew: what iproute2 sends and gets, as hex. Each
# command runs under strace in a network namespace of its own, in which the
# links have fixed indexes; needs root or user namespaces, and strace.
#
#   tests/wire/capture.sh [NAME...]      (without names: all)
#
# IPROUTE2 is the folder of ip and bridge, .cache/iproute2/bin without it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=${IPROUTE2:-$here/../../.cache/iproute2/bin}
export bin
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
wanted=" $* "

want() { [ "$wanted" = "  " ] || case "$wanted" in *" $1 "*) ;; *) return 1 ;; esac; }

fresh() {
	if [ "$(id -u)" = 0 ]; then unshare -nm "$@"; else unshare -Urnm "$@"; fi
}

# What stands in the namespace: a bridge with the ports v0 and w0, and the
# other ends v1 and w1.
setup='
"$bin/ip" link set lo up
"$bin/ip" link add name br0 index 10 address 02:00:00:00:00:10 type bridge
"$bin/ip" link add name v0 index 11 address 02:00:00:00:00:11 type veth peer name v1 index 12 address 02:00:00:00:00:12
"$bin/ip" link add name w0 index 13 address 02:00:00:00:00:13 type veth peer name w1 index 14 address 02:00:00:00:00:14
"$bin/ip" link set dev v0 master br0
"$bin/ip" link set dev w0 master br0
'
links='lo=1 br0=10 v0=11 v1=12 w0=13 w1=14'

# run captures "ip ..." or "bridge ..." into $tmp/log and $tmp/out; what the
# command itself answers does not count, the kernel may lack what it asks for.
run() {
	rm -f "$tmp/log"
	# shellcheck disable=SC2016
	fresh sh -c "$setup$more"'
		tool=$1; shift
		exec strace -qq -o "$0" -e trace=sendmsg,sendto,recvmsg -e read=all -e write=all "$bin/$tool" "$@"' \
		"$tmp/log" "$@" >"$tmp/out" 2>"$tmp/err" || :
	[ -s "$tmp/log" ] || { cat "$tmp/err" >&2; exit 1; }
}
more=

# datagrams prints those that a call made, one a line. A read that only peeks
# at the length (its buffer is NULL) has no dump.
datagrams() {
	awk -v call="$1" '
		function flush() { if (hex != "") print hex; hex = "" }
		/^[a-z]/ { flush(); on = index($0, call) == 1; next }
		on && /^ \| / { line = substr($0, 11, 48); gsub(/ /, "", line); hex = hex line }
		END { flush() }' "$tmp/log"
}

head2() { # NAME COMMAND...
	name=$1
	shift
	printf '# %s\n# %s; %s\n' "$*" "$("$bin/ip" -V | sed 's/.*\(iproute2-[0-9.]*\).*/\1/')" "$links"
}

# request keeps what is no query: the type of a link query is 0x12.
request() { # NAME TOOL WORDS...
	want "$1" || return 0
	name=$1
	shift
	run "$@"
	{
		head2 "$name" "$@"
		datagrams send | awk 'substr($0, 9, 4) != "1200"' | fold -w 96
	} >"$here/testdata/$name.hex"
	[ "$(wc -l <"$here/testdata/$name.hex")" -gt 2 ] || { echo "$name: nothing was sent" >&2; exit 1; }
}

# reply keeps all that came back, and what the command printed meanwhile.
reply() { # NAME TOOL WORDS...
	want "$1" || return 0
	name=$1
	shift
	run "$@"
	{
		head2 "$name" "$@"
		datagrams recv | while read -r line; do echo; echo "$line" | fold -w 96; done
	} >"$here/testdata/$name.hex"
	tr '\n' ' ' <"$tmp/out" >"$here/testdata/$name.json"
	echo >>"$here/testdata/$name.json"
}

mkdir -p "$here/testdata"
. "$here/commands.sh"
