package bindings

import "nlsh/bindings/decl"

func sysModule() *decl.Module {
	return &decl.Module{
		Name:  "sys",
		Doc:   "The machine around the network: programs, time, the kernel.",
		Since: since,
		Funcs: []decl.Func{{
			Name: "exec", Since: since, Mutates: true, Run: sysExec,
			Doc:     "Runs a program in the current namespace and waits for it; an exit code other than 0 is an error. One string instead of a table runs in sh. Programs that it leaves in the background go on, but none outlives a timeout or Ctrl-C.",
			Returns: "a table: stdout, stderr, code, and signal where one ended it; printed it is stdout",
			Example: `
local h1 = netns.add "h1"
print(h1:exec{ "cat", "/proc/net/dev" })
assert(sys.exec("echo a; exit 3", { check = false }).code == 3)
assert(sys.exec{ "tr", "a", "b", stdin = "banana" }.stdout == "bbnbnb")`,
			Params: programParams(decl.Param{Name: "check", Kind: decl.Boolean, Default: "true", Doc: "false returns an exit code other than 0 instead of raising"}),
		},
			kernelFunc(), modprobeFunc(), sleepFunc(), spawnFunc(), sysctlFunc(), waitFunc(),
		},
	}
}
