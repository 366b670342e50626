# apt.sh is sourced by the fetch.sh scripts. It brings Debian packages into a
# folder without installing anything: downloaded with apt-get, unpacked with
# dpkg -x.
#
# The mirror is the one this machine's apt is configured with, read when the
# script runs. Lists and archives live in a folder of our own, so the system's
# package choice cannot change and no root is needed.
#
# The script that sources it sets top, the project's folder.

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
	# The proxy of this machine, if any, comes from its own apt.conf.d. Names
	# are looked up without asking rtnetlink for our addresses, which a kernel
	# whose lock a dead task holds never answers.
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
		Acquire::Connect::AddrConfig "false";
		Acquire::ForceIPv4 "true";
		Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
	CONF
	: >"$apt/sources.list"
	for suite in bookworm bookworm-backports trixie trixie-backports sid; do
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
# A package may be NAME=VERSION; without one it is the suite's newest.
unpack() {
	suite=$1 into=$2
	shift 2
	want=
	for p in "$@"; do
		case $p in
		*=*) want="$want $p" ;;
		*)
			v=$(offered "$suite" "$p")
			[ -n "$v" ] || { say "$suite has no $p"; return 1; }
			want="$want $p=$v"
			;;
		esac
	done
	# Two scripts may run at a time: each has a folder of its own.
	debs=$apt/debs.$$
	rm -rf "$debs"
	mkdir -p "$debs" "$into"
	# shellcheck disable=SC2086 # one word per package
	(cd "$debs" && aptly apt-get -q -q download $want) >&2 || return 1
	for d in "$debs"/*.deb; do dpkg -x "$d" "$into" || return 1; done
	rm -rf "$debs"
}

# closure SUITE PACKAGE... prints the packages and all they depend on, each as
# NAME=VERSION, as apt would install them on an empty machine.
closure() {
	suite=$1
	shift
	aptly apt-get -q -q --no-install-recommends -t "$suite" -o Debug::NoLocking=1 \
		--print-uris install "$@" 2>/dev/null |
		awk '{ split($2, p, "_"); v = p[2]; gsub(/%3a/, ":", v); print p[1] "=" v }'
}

# newest_or SUITE PACKAGE PIN prints the pinned version if the suite still has
# it, else the newest, and says so.
newest_or() {
	if aptly apt-cache madison "$2" 2>/dev/null | awk -F'|' '{ gsub(/ /, "", $2); print $2 }' | grep -qxF "$3"; then
		echo "$3"
		return 0
	fi
	v=$(offered "$1" "$2")
	[ -n "$v" ] || { say "$1 has no $2"; return 1; }
	say "$2 $3 is gone, taking $v"
	echo "$v"
}
