-- Two hosts with a wire between them.
h1, h2 = netns.add "h1", netns.add "h2"
h1.link.add{ "e1", type="veth", up=true, addrs={"10.0.0.1/24"},
             peer={ "e2", netns=h2, up=true, addrs={"10.0.0.2/24"} } }
