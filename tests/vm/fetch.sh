#!/bin/sh
# fetch.sh brings what the kernels of tests/vm need into the ignored folder
# .cache/vm: the programs that the guests run and the kernels themselves.
# Nothing is installed; packages are unpacked with dpkg -x.
#
#   tests/vm/fetch.sh [root] [uml] [6.1] [6.12] [newest]   (without words: root uml)
#
# What is already there is kept; FORCE=1 fetches again.
#
# After it:
#   .cache/vm/root/VERSION, .cache/vm/root/...    a small Debian (sid), read only
#   .cache/vm/uml/VERSION, .cache/vm/uml/linux    user-mode Linux, ready to start
#   .cache/vm/uml/modules/RELEASE                 its modules, modules.dep included
#   .cache/vm/6.1/VERSION, .cache/vm/6.1/...      Debian's 6.1: vmlinuz, initrd, modules
#   .cache/vm/6.12, .cache/vm/newest              likewise, the newest of backports
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/fetch/apt.sh"
. "$top/tests/vm/debian.sh"
vm=$cache/vm

# Versions the tests were last run with; a pin that is gone is said and passed.
uml_pin=7.2um1
old_pin=6.1.176-1
stable_pin=6.12.117-1
newest_pin=7.3.4-1~bpo13+1

# programs are what the guest's init and the tests call.
programs="bash busybox-static coreutils dash grep iproute2 iputils-ping kmod libc-bin lua5.1 mount
	ncurses-base netbase patchelf procps python3 sed tmux tzdata util-linux"

root() {
	if [ -z "${FORCE:-}" ] && [ -r "$vm/root/VERSION" ]; then
		echo "root iproute2 $(cat "$vm/root/VERSION")"
		return 0
	fi
	setup
	new=$vm/root.new
	rm -rf "$new"
	mkdir -p "$new/usr/bin" "$new/usr/sbin" "$new/usr/lib" "$new/usr/lib64"
	for d in bin sbin lib lib64; do ln -s usr/$d "$new/$d"; done
	# shellcheck disable=SC2046,SC2086 # one word per package
	unpack sid "$new" $(closure sid $programs) || return 1
	rm -rf "$new/usr/share/doc" "$new/usr/share/man" "$new/usr/share/locale" "$new/usr/share/lintian" \
		"$new/usr/lib/x86_64-linux-gnu/gconv" "$new/var"
	# busybox stands in for what is not there under its own name.
	for a in $("$new/usr/bin/busybox" --list); do
		[ -e "$new/usr/bin/$a" ] || [ -e "$new/usr/sbin/$a" ] || ln -s busybox "$new/usr/bin/$a"
	done
	ln -sf dash "$new/usr/bin/sh"
	for d in dev proc sys tmp run root var/tmp mnt; do mkdir -p "$new/$d"; done
	printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n' >"$new/etc/passwd"
	printf 'root:x:0:\nuser:x:1000:\n' >"$new/etc/group"
	echo '127.0.0.1 localhost' >"$new/etc/hosts"
	offered sid iproute2 >"$new/VERSION"
	rm -rf "$vm/root"
	mv "$new" "$vm/root"
	echo "root iproute2 $(cat "$vm/root/VERSION")"
}

# of_root PROGRAM ARG... runs a program of the guests' root on this machine,
# whose C library may be too old for it.
of_root() {
	prog=$vm/root/usr/$1
	shift
	"$vm/root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$vm/root/usr/lib/x86_64-linux-gnu" "$prog" "$@"
}

# patched names, in the kernel's file, the loader and C library of the guests'
# root: this machine's may be too old, and starting the kernel through the
# loader fails because it executes itself again.
patched() {
	lib=$vm/root/usr/lib/x86_64-linux-gnu ld=$vm/root/usr/lib64/ld-linux-x86-64.so.2
	cp "$vm/uml/pristine" "$vm/uml/linux.new"
	of_root bin/patchelf --set-interpreter "$ld" --set-rpath "$lib" "$vm/uml/linux.new"
	mv "$vm/uml/linux.new" "$vm/uml/linux"
	echo "$vm" >"$vm/uml/PATCHED"
}

uml() {
	if [ -z "${FORCE:-}" ] && [ -r "$vm/uml/VERSION" ]; then
		# The paths in the file are absolute, and the folder may have been copied.
		[ "$(cat "$vm/uml/PATCHED")" = "$vm" ] || patched
		echo "uml $(cat "$vm/uml/VERSION")"
		return 0
	fi
	setup
	root >/dev/null
	v=$(newest_or sid user-mode-linux $uml_pin) || return 1
	new=$vm/uml.new
	rm -rf "$new"
	unpack sid "$new/deb" "user-mode-linux=$v" || return 1
	mv "$new/deb/usr/bin/linux.uml" "$new/pristine"
	mv "$new/deb/usr/lib/uml/modules" "$new/modules"
	zcat "$new/deb/usr/share/doc/user-mode-linux/config.gz" >"$new/config"
	rm -rf "$new/deb"
	echo "$v" >"$new/VERSION"
	rm -rf "$vm/uml"
	mv "$new" "$vm/uml"
	patched
	echo "uml $v"
}

mkdir -p "$vm"
[ $# -gt 0 ] || set -- root uml
for what in "$@"; do
	case $what in
	root | uml) "$what" ;;
	6.1) debian 6.1 bookworm $old_pin ;;
	6.12) debian 6.12 trixie $stable_pin ;;
	newest) debian newest trixie-backports "$newest_pin" ;;
	*) say "unknown word $what: root, uml, 6.1, 6.12 or newest"; exit 2 ;;
	esac
done
