package bindings_test

import "testing"

func TestSysSysctl(t *testing.T) {
	runScripts(t, []script{
		{"reads", `print(sys.sysctl "net.ipv4.ip_forward" + 1, sys.sysctl "net/ipv4/ip_forward", type(sys.sysctl "net.ipv4.ping_group_range"))`, "1 0 string\n"},
		{"reads by name", `print(sys.sysctl{ key="net.ipv4.ip_default_ttl" })`, "64\n"},
		{"reads what is empty", `print(sys.sysctl "net.ipv4.ip_local_reserved_ports" == "")`, "true\n"},
		{"sets", `sys.sysctl{ ["net.ipv4.ip_forward"]=true, ["net.ipv4.ip_local_port_range"]="20000 30000", ["net/ipv4/ip_default_ttl"]=33 }
			print(sys.exec("cd /proc/sys/net/ipv4; cat ip_forward ip_local_port_range ip_default_ttl").stdout)`, "1\n20000\t30000\n33\n\n"},
		{"there", `local h1 = netns.add "h1" h1.sys.sysctl{ ["net.ipv4.ip_forward"]=1 }
			print(h1.sys.sysctl "net.ipv4.ip_forward", sys.sysctl "net.ipv4.ip_forward", h1:run(function() return sys.sysctl "net.ipv4.ip_forward" end), h1:exec("cat /proc/sys/net/ipv4/ip_forward").stdout)`, "1 0 1 1\n\n"},
		{"a link with a dot", `link.add{ "b0.5", type="bridge" } sys.sysctl{ ["net/ipv4/conf/b0.5/forwarding"]=1 } print(sys.sysctl "net.ipv4.conf.b0/5.forwarding")`, "1\n"},
		{"nothing to set", `sys.sysctl{}`, ""},
		{"all or nothing", `print(refused(function() sys.sysctl{ ["net.ipv4.ip_forward"]=1, ["net.ipv4.ip_default_ttl"]=300 } end)) print(sys.sysctl "net.ipv4.ip_forward")`,
			"sysctl set net.ipv4.ip_default_ttl: the kernel refuses the value (EINVAL) true\n0\n"},
		{"no such key", `sys.sysctl "net.ipv4.ip_forwar"`, "! sysctl get net.ipv4.ip_forwar: no such setting here (ENOENT); did you mean \"net.ipv4.ip_forward\"?\n"},
		{"no such folder", `sys.sysctl "net.ipv4.cnf.lo.forwarding"`, "! sysctl get net.ipv4.cnf.lo.forwarding: no such setting here (ENOENT); did you mean \"net.ipv4.conf.lo.forwarding\"?\n"},
		{"no such key to set", `sys.sysctl{ ["net/ipv4/ip_forwar"]=1 }`, "! sysctl set net/ipv4/ip_forwar: no such setting here (ENOENT); did you mean \"net/ipv4/ip_forward\"?\n"},
		{"no such link", `sys.sysctl{ ["net.ipv4.conf.no-such.forwarding"]=1, ["net.ipv4.ip_forward"]=1 }`, "! sysctl set 2 settings: net.ipv4.conf.no-such.forwarding: no such setting here (ENOENT)\n"},
		{"of the machine", `sys.sysctl "kernel.hostname"`, "! sysctl get kernel.hostname: key wants a name that begins with net., got \"kernel.hostname\": others belong to no network namespace\n"},
		{"an unknown field", `sys.sysctl{ netns="h1" }`, "! sysctl set netns: key wants a name that begins with net., got \"netns\": others belong to no network namespace\n"},
		{"a fraction", `sys.sysctl{ ["net.ipv4.ip_forward"]=0.5 }`, "! sys sysctl: net.ipv4.ip_forward wants a whole number, a text, true or false, got 0.5\n"},
		{"a table", `sys.sysctl{ ["net.ipv4.ip_forward"]={} }`, "! sys sysctl: net.ipv4.ip_forward wants a whole number, a text, true or false, got a table\n"},
		{"several lines", `sys.sysctl{ ["net.ipv4.ip_forward"]="1\n0" }`, "! sys sysctl: net.ipv4.ip_forward wants one line, got several\n"},
		{"two keys", `sys.sysctl("net.ipv4.ip_forward", "net.ipv4.ip_default_ttl")`, "! sys sysctl: takes one positional value, got also \"net.ipv4.ip_default_ttl\"\n"},
		{"both", `sys.sysctl{ "net.ipv4.ip_forward", ["net.ipv4.ip_default_ttl"]=1 }`, "! sys sysctl: reads one key or sets several, not both\n"},
		{"nothing", `sys.sysctl()`, "! sys sysctl: needs a key to read, or a table: sys.sysctl{ [\"net.ipv4.ip_forward\"] = 1 }\n"},
	})
}
