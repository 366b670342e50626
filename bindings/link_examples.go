package bindings

// linkExamples are examples of types of links, for help "vlan".
func linkExamples() map[string]string {
	return map[string]string{
		"bridge": `
link.add{ "br0", type="bridge", up=true, ageing_time="60s", stp_state=0 }
link.add{ "v1", type="veth", master="br0", up=true, peer={ "v2", up=true } }
print(link.list{ master="br0" })`,
		"macvlan": `
link.add{ "v1", type="veth", up=true, peer={ "v2", up=true } }
link.add{ "m0", type="macvlan", link="v1", mode="bridge", up=true }`,
		"macvtap": `
link.add{ "v1", type="veth", up=true, peer={ "v2", up=true } }
link.add{ "m0", type="macvtap", link="v1", mode="bridge", up=true }`,
		"tun": `
link.add{ "tun0", type="tun", mode="tun", up=true }`,
		"veth": `
local h1 = netns.add "h1"
link.add{ "v1", type="veth", up=true, peer={ "eth0", netns=h1, up=true, addrs={ "10.0.0.2/24" } } }
print(h1.addr.list{ dev="eth0" })`,
		"vlan": `
link.add{ "br0", type="bridge", up=true }
link.add{ "br0.10", type="vlan", link="br0", id=10, up=true }`,
		"vxlan": `
link.add{ "vx42", type="vxlan", id=42, local_="127.0.0.1", remote="127.0.0.2", dstport=4789 }`,
	}
}
