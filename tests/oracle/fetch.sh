#!/bin/sh
# fetch.sh brings the outside witnesses into the ignored folder .cache of the
# project: the newest kernel headers and the newest iproute2. Nothing is
# installed; packages are downloaded with apt-get and unpacked with dpkg -x.
#
#   tests/oracle/fetch.sh [headers] [iproute2]     (without words: both)
#
# The mirror is the one this machine's apt is configured with, read when the
# script runs. Lists and archives live in a folder of our own, so the system's
# package choice cannot change and no root is needed. What is already there is
# kept; FORCE=1 fetches again.
#
# After it:
#   .cache/headers/VERSION, .cache/headers/include       kernel headers
#   .cache/iproute2/VERSION, .cache/iproute2/bin/{ip,bridge,tc,ss,...}
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
cache=$top/.cache
apt=$cache/apt

say() { echo "fetch.sh: $*" >&2; }

# mirror prints the address of the Debian archive that apt uses here.
mirror() {
	apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian|//p' | grep -v security | head -n 1 | sed 's,/*$,,'
}

# mirror_from_sources is for machines whose lists were never updated: origins
# are unknown then, so it takes the first address that ends in /debian.
mirror_from_sources() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed 's,/*$,,' | grep '/debian$' | head -n 1
}

# aptly runs an apt tool inside the private folder.
aptly() { APT_CONFIG=$apt/apt.conf "$@"; }

# setup writes the private apt folder and reads the lists of the suites once.
setup() {
	[ -z "${ready:-}" ] || return 0
	ready=1
	url=$(mirror)
	[ -n "$url" ] || url=$(mirror_from_sources)
	[ -n "$url" ] || { say "no Debian mirror among this machine's apt sources"; exit 1; }
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r $keyring ] || { say "$keyring is missing: install debian-archive-keyring"; exit 1; }
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/etc/preferences.d"
	: >"$apt/status"
	# The proxy of this machine, if any, comes from its own apt.conf.d.
	cat >"$apt/apt.conf" <<-CONF
		Dir::State::lists "$apt/lists/";
		Dir::State::status "$apt/status";
		Dir::Cache "$apt/cache/";
		Dir::Etc::sourcelist "$apt/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferencesparts "$apt/etc/preferences.d";
		Dir::Etc::preferences "/dev/null";
		APT::Sandbox::User "";
		APT::Default-Release "";
		Acquire::Languages "none";
		Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
	CONF
	: >"$apt/sources.list"
	for suite in trixie trixie-backports sid bookworm-backports; do
		echo "deb [signed-by=$keyring] $url $suite main" >>"$apt/sources.list"
	done
	# A suite the mirror lacks is a warning, not the end.
	aptly apt-get -q -q update >"$apt/update.log" 2>&1 ||
		say "some lists failed, going on ($apt/update.log)"
}

# offered SUITE PACKAGE prints the newest version the suite has.
offered() {
	aptly apt-cache madison "$2" 2>/dev/null |
		awk -F'|' -v s="$1" '{ gsub(/ /, "", $2); split($3, p, " "); if (p[2] == s "/main") print $2 }' |
		head -n 1
}

# unpack SUITE FOLDER PACKAGE... downloads the packages and unpacks them there.
unpack() {
	suite=$1 into=$2
	shift 2
	want=
	for p in "$@"; do
		v=$(offered "$suite" "$p")
		[ -n "$v" ] || { say "$suite has no $p"; return 1; }
		want="$want $p=$v"
	done
	rm -rf "$apt/debs"
	mkdir -p "$apt/debs" "$into"
	# shellcheck disable=SC2086 # one word per package
	(cd "$apt/debs" && aptly apt-get -q -q download $want) >&2 || return 1
	for d in "$apt/debs"/*.deb; do dpkg -x "$d" "$into" || return 1; done
	rm -rf "$apt/debs"
}

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
