#!/bin/sh
# fetch.sh brings the outside witnesses into the ignored folder .cache of the
# project: the newest kernel headers and the newest iproute2. Nothing is
# installed; packages are downloaded with apt-get and unpacked with dpkg -x.
#
#   tests/oracle/fetch.sh [headers] [iproute2]     (without words: both)
#
# What is already there is kept; FORCE=1 fetches again.
#
# After it:
#   .cache/headers/VERSION, .cache/headers/include       kernel headers
#   .cache/iproute2/VERSION, .cache/iproute2/bin/{ip,bridge,tc,ss,...}
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/fetch/apt.sh"

headers() {
	if [ -z "${FORCE:-}" ] && [ -r "$cache/headers/VERSION" ]; then
		echo "headers $(cat "$cache/headers/VERSION")"
		return 0
	fi
	setup
	for suite in trixie-backports sid trixie; do
		v=$(offered $suite linux-libc-dev)
		[ -n "$v" ] || continue
		rm -rf "$cache/headers" "$cache/headers.new"
		unpack $suite "$cache/headers.new/root" linux-libc-dev || continue
		inc=$cache/headers.new/root/usr/include
		# The machine's own asm headers, beside linux/, as an include folder wants it.
		for a in "$inc"/*-linux-gnu/asm "$inc"/*/asm; do
			if [ -d "$a" ] && [ ! -e "$inc/asm" ]; then ln -s "${a#"$inc"/}" "$inc/asm"; fi
		done
		ln -s root/usr/include "$cache/headers.new/include"
		echo "$v" >"$cache/headers.new/VERSION"
		mv "$cache/headers.new" "$cache/headers"
		echo "headers $v ($suite)"
		return 0
	done
	say "no suite gave linux-libc-dev"
	return 1
}

# wrappers SUITE writes bin/NAME for each tool. sid's programs need a newer C
# library than the machine may have, so they are started by the loader that was
# unpacked with them (LD_LIBRARY_PATH alone would pair that library with the
# machine's loader, which crashes).
wrappers() {
	n=$cache/iproute2.new
	mkdir -p "$n/bin"
	for tool in ip bridge tc ss genl devlink; do
		prog=
		for d in usr/bin usr/sbin bin sbin; do
			[ -x "$n/root/$d/$tool" ] && [ -z "$prog" ] && prog=$d/$tool
		done
		[ -n "$prog" ] || continue
		{
			echo '#!/bin/sh'
			# shellcheck disable=SC2016 # expands when the wrapper runs
			echo 'r=$(dirname "$(readlink -f "$0")")/../root'
			if [ "$1" = sid ]; then
				loader=$(cd "$n/root" && find . -name 'ld-linux*.so.*' | sort | head -n 1)
				libs=$(cd "$n/root" && find . -name 'libc.so.6' -exec dirname {} \; | head -n 1)
				echo "exec \"\$r/$loader\" --library-path \"\$r/$libs\" \"\$r/$prog\" \"\$@\""
			else
				echo "exec \"\$r/$prog\" \"\$@\""
			fi
		} >"$n/bin/$tool"
		chmod +x "$n/bin/$tool"
	done
}

iproute2() {
	if [ -z "${FORCE:-}" ] && [ -r "$cache/iproute2/VERSION" ] && "$cache/iproute2/bin/ip" -V >/dev/null 2>&1; then
		"$cache/iproute2/bin/ip" -V
		return 0
	fi
	setup
	libs="libc6 libbpf1 libmnl0 libelf1t64 libcap2 libselinux1 libpcre2-8-0 libxtables12
		libtirpc3t64 libdb5.3t64 zlib1g libzstd1 libgssapi-krb5-2 libkrb5-3 libk5crypto3
		libkrb5support0 libcom-err2 libkeyutils1"
	for suite in sid bookworm-backports; do
		rm -rf "$cache/iproute2.new"
		[ $suite = sid ] || libs=
		# shellcheck disable=SC2086 # one word per package
		unpack $suite "$cache/iproute2.new/root" iproute2 $libs || continue
		wrappers $suite
		"$cache/iproute2.new/bin/ip" -V >/dev/null || { say "$suite's ip does not start"; continue; }
		offered $suite iproute2 >"$cache/iproute2.new/VERSION"
		rm -rf "$cache/iproute2"
		mv "$cache/iproute2.new" "$cache/iproute2"
		"$cache/iproute2/bin/ip" -V
		return 0
	done
	say "no suite gave an iproute2 that starts"
	return 1
}

mkdir -p "$cache"
[ $# -gt 0 ] || set -- headers iproute2
failed=0
for what in "$@"; do
	case $what in
	headers | iproute2) "$what" || failed=1 ;;
	*) say "unknown word $what: headers or iproute2"; exit 2 ;;
	esac
done
exit $failed
