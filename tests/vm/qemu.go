package main

import (
	"os"
	"os/exec"
	"path/filepath"
)

// qemu is the program of Debian's package qemu-system-x86.
const qemu = "qemu-system-x86_64"

// debian is a kernel of Debian's, with all its modules that need no hardware,
// in QEMU. Its root is the guest's folder by virtio-9p; the initrd only mounts
// that. Where there is no KVM, as on most build machines, it takes about five
// times as long as user-mode Linux.
func debian(name string) kernel {
	file := func(p *project, what string) string { return p.cached(filepath.Join("vm", name, what)) }
	return kernel{
		name: name, slowness: 4,
		fetched: func(p *project) error {
			if err := p.needs("tests/vm/fetch.sh root "+name, "vm/root/VERSION", "vm/"+name+"/VERSION"); err != nil {
				return err
			}
			_, err := exec.LookPath(qemu)
			return err
		},
		modules: func(p *project) string { return file(p, "") },
		command: func(p *project, g *guest) *exec.Cmd {
			args := append(accelerator(),
				"-M", "q35", "-cpu", "max", "-smp", "1", "-m", "1536", // deleting links waits longer with two CPUs
				"-nodefaults", "-no-user-config", "-display", "none", "-nic", "none", "-no-reboot",
				"-chardev", "stdio,id=out,signal=off", "-serial", "chardev:out",
				"-virtfs", "local,path="+g.root+",mount_tag=root,security_model=none,readonly=on,multidevs=remap",
				"-kernel", file(p, "vmlinuz"), "-initrd", file(p, "initrd"),
				"-append", "console=ttyS0 quiet panic=-1 rcupdate.rcu_expedited=1 mitigations=off")
			return exec.Command(qemu, args...)
		},
	}
}

// accelerator asks for KVM where this user may have it; it may be there and
// not work.
func accelerator() []string {
	args := []string{"-accel", "tcg,tb-size=512"}
	if f, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0); err == nil {
		f.Close()
		args = append([]string{"-accel", "kvm"}, args...)
	}
	return args
}
