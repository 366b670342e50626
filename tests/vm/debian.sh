# debian.sh is sourced by fetch.sh. It makes Debian's kernels ready for QEMU.

# kept are the modules that a machine without hardware can use; hardware is
# what lies among them all the same.
kept="arch crypto lib mm net drivers/net drivers/virtio fs/9p fs/fscache fs/netfs fs/overlayfs"
hardware="appletalk arcnet ethernet fddi fjes hamradio hippi ieee802154 mdio pcs phy
	plip thunderbolt usb wan wireless wwan"

# booted are the modules that the guest's root needs.
booted="virtio_pci 9pnet_virtio 9p"

# debian NAME SUITE PIN fetches the kernel that the suite's linux-image-amd64
# stands for, in version PIN if the mirror still has it.
debian() {
	if [ -z "${FORCE:-}" ] && [ -r "$vm/$1/VERSION" ]; then
		echo "$1 $(cat "$vm/$1/VERSION")"
		return 0
	fi
	setup
	root >/dev/null
	v=$(newest_or "$2" linux-image-amd64 "$3") || return 1
	image=$(aptly apt-cache show "linux-image-amd64=$v" | sed -n 's/^Depends:.*\(linux-image-[0-9][^ ,]*\).*/\1/p' | head -n 1)
	packages=$image=$v
	# Newer kernels come in parts.
	for part in binary modules base; do
		p=linux-$part-${image#linux-image-}=$v
		if aptly apt-cache show "$p" 2>/dev/null | grep -q .; then packages="$packages $p"; fi
	done
	new=$vm/$1.new
	rm -rf "$new"
	mkdir -p "$new"
	# shellcheck disable=SC2086 # one word per package
	unpack "$2" "$new/deb" $packages || return 1
	arrange "$new" "${image#linux-image-}" || return 1
	initrd "$new" "${image#linux-image-}" || return 1
	rm -rf "$new/deb" "$new/lib" "$new/usr"
	echo "$v" >"$new/VERSION"
	rm -rf "${vm:?}/$1"
	mv "$new" "$vm/$1"
	echo "$1 $v"
}

# arrange FOLDER RELEASE takes what is needed from FOLDER/deb.
arrange() {
	from=$1/deb/usr/lib/modules/$2 to=$1/modules/$2
	[ -d "$from" ] || from=$1/deb/lib/modules/$2
	mkdir -p "$to/kernel"
	for f in vmlinuz config; do
		for place in "$from/$f" "$1/deb/boot/$f-$2"; do
			if [ -r "$place" ]; then mv "$place" "$1/$f"; fi
		done
	done
	mv "$from"/modules.builtin* "$from/modules.order" "$to"
	for d in $kept; do
		[ -d "$from/kernel/$d" ] || continue
		mkdir -p "$to/kernel/${d%/*}"
		mv "$from/kernel/$d" "$to/kernel/$d"
	done
	for d in $hardware; do rm -rf "$to/kernel/drivers/net/$d"; done
	# In the guest that would take much longer.
	find "$to" -name '*.ko.xz' -exec "$vm/root/usr/bin/busybox" unxz '{}' +
	mkdir -p "$1/lib" "$1/usr/lib" # depmod looks in either
	ln -s ../modules "$1/lib/modules"
	ln -s ../../modules "$1/usr/lib/modules"
	of_root sbin/depmod -b "$1" "$2"
}

# initrd FOLDER RELEASE packs what mounts the guest's root.
initrd() {
	i=$1/deb/initrd
	mkdir -p "$i/bin" "$i/modules" "$i/new"
	cp "$vm/root/usr/bin/busybox" "$i/bin/busybox"
	of_root sbin/modprobe -d "$1" -S "$2" -a -D $booted | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$1/deb/order"
	while read -r m; do
		cp "$m" "$i/modules/"
		echo "/bin/busybox insmod /modules/${m##*/}"
	done <"$1/deb/order" >"$i/load"
	cat >"$i/init" <<-'INIT'
		#!/bin/busybox sh
		. /load
		/bin/busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose root /new
		exec /bin/busybox switch_root /new /init
	INIT
	chmod 755 "$i/init"
	(cd "$i" && find . | "$vm/root/usr/bin/busybox" cpio -o -H newc 2>/dev/null) >"$1/initrd"
}
