package main

import (
	"os/exec"
	"path/filepath"
)

// uml is user-mode Linux. It boots in a second or two, as an ordinary user,
// from a plain folder; it has one CPU, most kinds of links and ESP, but no
// xfrm interfaces, wireguard or netkit.
var uml = kernel{
	name: "uml", slowness: 1,
	fetched: func(p *project) error {
		return p.needs("tests/vm/fetch.sh", "vm/root/VERSION", "vm/uml/VERSION")
	},
	modules: func(p *project) string { return p.cached("vm/uml") },
	command: func(p *project, g *guest) *exec.Cmd {
		return exec.Command(p.cached("vm/uml/linux"),
			"mem="+g.memory, "hostfs="+g.root, "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "init=/init",
			"seccomp=on", "con=null", "con0=null,fd:1", "quiet", "panic=-1", "noreboot",
			"uml_dir="+filepath.Join(g.dir, "uml"))
	},
}
