local h1, h2 = netns.add "h1", netns.add "h2"
h1.link.add{ "eth0", type="veth", up=true, alias="lab " .. ..., addrs={ "10.0.0.1/24" },
             peer={ "eth0", netns="h2", up=true, addrs={ "10.0.0.2/24" } } }
