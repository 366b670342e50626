#!/bin/sh
# The guest's first process: runs the test binaries of /test/plan, one a line
# (package, binary, further arguments, a tab between), and powers off. Lines
# that begin with "#vm " are for the command that booted the kernel.
export PATH=/usr/sbin:/usr/bin HOME=/tmp TMPDIR=/tmp TERM=xterm LANG=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mountpoint -q /dev || mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm /dev/net
mount -t devpts -o ptmxmode=666 pts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t tmpfs -o mode=755 run /run
hostname vm
echo "#vm up $(uname -r)"

# The kernel loads most by itself when asked by root, but not all, and not for
# a user namespace. Fallback tunnels stay out of the namespaces of the tests.
# Ciphers need the random generator's parts by name.
while read -r modules; do
	modprobe -a -q $modules 2>/dev/null
done </test/modules
sysctl -q -w net.core.fb_tunnels_only_for_init_net=1
ip link set lo up
[ -e /dev/net/tun ] && chmod 666 /dev/net/tun

. /test/settings # NLSH_REQUIRE, NLSH_IP, uid, limit, run
as=
[ "$uid" = 0 ] || as="setpriv --reuid $uid --regid $uid --clear-groups --inh-caps=-all"
while IFS='	' read -r package binary more; do
	echo "#vm package $package"
	cd "/nlsh/$package" || exit 1
	{
		# shellcheck disable=SC2086 # words
		timeout -k 5 "$limit" $as "/test/$binary" -test.v=test2json -test.run "$run" $more </dev/null 2>&1
		echo $? >/run/code
	} | cat # a pipe, as under go test
	echo
	echo "#vm exit $(cat /run/code)"
done </test/plan

dmesg | grep -E 'WARNING:|BUG:|Oops|general protection' | sed 's/^/#vm kernel /'
echo "#vm end"
poweroff -f
