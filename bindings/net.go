package bindings

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/probe"
	"nlsh/nlcore/val"
)

func netModule() *decl.Module {
	return &decl.Module{
		Name:  "net",
		Doc:   "What goes over the network: ping, connections, who listens.",
		Since: since,
		Funcs: []decl.Func{{
			Name: "ping", Since: since, Run: netPing, Params: pingParams(),
			Doc:     "Sends echo requests and waits for the replies; raises an error when none came. A network that was set up a moment ago gets up to 4 s to become ready.",
			Returns: "a table: sent, received, ttl, replies (each with from, seq, rtt, ttl, bytes), and min, avg, max in seconds; printed it reads as ping's last lines",
			Example: `
local r = net.ping{ "127.0.0.1", count = 2, interval = "10ms" }
assert(r.received == 2 and r.avg < 1)
print(net.ping "::1")`,
		},
			listeningFunc(), tcpFunc(), udpFunc(),
		},
	}
}

// pingParams are what net.ping takes; expect's checks take the same.
func pingParams() []decl.Param {
	return []decl.Param{
		{Name: "dst", Kind: decl.Address, Required: true, Pos: 1, Doc: "the address to ping, with a zone (%eth0) where it needs one"},
		{Name: "count", Kind: decl.Integer, Lo: 1, Hi: 65535, Default: "1", Doc: "how many requests"},
		{Name: "timeout", Kind: decl.Duration, Default: "5s", Doc: "how long to wait for replies after the last request"},
		{Name: "interval", Kind: decl.Duration, Default: "the next request goes when the reply is here, or 200 ms later", Doc: "time from one request to the next"},
		{Name: "size", Kind: decl.Integer, Lo: 1, Hi: 65527, Default: "56", Doc: "bytes after the ICMP header"},
		{Name: "ttl", Kind: decl.Integer, Lo: 1, Hi: 255, Doc: "time to live, or hop limit"},
		{Name: "from", Kind: decl.Address, Doc: "the address to send from"},
		{Name: "source", Kind: decl.Address, Doc: "the same as from"},
		{Name: "dev", Kind: decl.Link, Doc: "the link to send through"},
		{Name: "vrf", Kind: decl.Link, Doc: "the VRF to send in; the same as dev"},
		{Name: "mark", Kind: decl.Integer, Lo: 0, Hi: 1<<32 - 1, Doc: "the packets' mark"},
		{Name: "patient", Kind: decl.Boolean, Default: "true", Doc: "false takes the first refusal for an answer"},
		{Name: "netns", Kind: decl.Netns, Default: "the current one", Doc: "where to ping from"},
	}
}

func netPing(c *decl.Call) error {
	r, f, err := ping(c, nil)
	switch {
	case err != nil:
		return err
	case f != nil:
		return f
	}
	c.Return(pingTable(c.L, r))
	return nil
}

// ping runs the ping that the call describes. The failure says that no reply
// came; an error is anything else. patient is what the caller assumes where
// the call does not say it; nil: true.
func ping(c *decl.Call, patient *bool) (*probe.PingResult, *Failure, error) {
	o, dst, err := pingOptions(c, patient)
	if err != nil {
		return nil, nil, err
	}
	p, where, err := there(c)
	if err != nil {
		return nil, nil, err
	}
	ctx := c.Context()
	r, err := probe.Ping(ctx, p.Handle.Netns().Do, dst, o)
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, nil, pingError(c, dst, where, err)
	case r.Received > 0:
		return r, nil, nil
	}
	f := fail(c, dst.String(), noReply(r), nil)
	f.Netns = where
	for i, why := range r.Failures {
		if i > 0 {
			f.Hint += ", "
		}
		f.Hint += why.String()
	}
	f.fields = map[string]any{"sent": r.Sent, "received": r.Received}
	return r, f, nil
}

func noReply(r *probe.PingResult) string {
	switch r.Sent {
	case 0:
		return "no request could be sent"
	case 1:
		return "no reply"
	}
	return fmt.Sprintf("no reply to %d requests", r.Sent)
}

func pingOptions(c *decl.Call, patient *bool) (*probe.PingOptions, netip.Addr, error) {
	number := func(name string) int {
		n, _ := c.Args[name].(int64)
		return int(n)
	}
	dst, _ := c.Args["dst"].(netip.Addr)
	o := &probe.PingOptions{Count: number("count"), Size: number("size"), TTL: number("ttl"), Mark: uint32(number("mark"))}
	o.Timeout, _ = c.Args["timeout"].(time.Duration)
	o.Interval, _ = c.Args["interval"].(time.Duration)
	o.FailFast = patient != nil && !*patient
	if v, said := c.Args["patient"].(bool); said {
		o.FailFast = !v
	}
	from, either := c.Args["from"].(netip.Addr)
	source, other := c.Args["source"].(netip.Addr)
	switch {
	case either && other:
		return nil, dst, c.Errorf("has both from and source, which are one field")
	case other:
		from = source
	}
	o.Source = from
	dev, said := c.Args["dev"].(val.LinkRef)
	if vrf, other := c.Args["vrf"].(val.LinkRef); other {
		if said {
			return nil, dst, c.Errorf("has both dev and vrf; the VRF's device is one link")
		}
		dev, said = vrf, true
	}
	if said && dev.Name == "" {
		return nil, dst, c.Errorf("dev wants a link's name or object")
	}
	o.Device = dev.Name
	return o, dst, nil
}

// there is the place that netns= says, else that of the call; where is how
// errors name it, "" for the current one.
func there(c *decl.Call) (p *decl.Place, where string, err error) {
	if r, ok := c.Args["netns"].(val.NetnsRef); ok {
		p, err = placeOf(c, r)
	} else {
		p, err = c.Place()
	}
	if err != nil {
		return nil, "", err
	}
	return p, p.Name, nil
}

// pingError tells a refusal from a mistake in the arguments.
func pingError(c *decl.Call, dst netip.Addr, where string, err error) error {
	text := strings.TrimPrefix(err.Error(), "ping "+dst.String()+": ")
	var no syscall.Errno
	if !errors.As(err, &no) {
		return c.Errorf("%s: %s", dst, text)
	}
	f := fail(c, dst.String(), text, err)
	f.Netns = where
	if no == syscall.EPERM || no == syscall.EACCES {
		f.Hint = "needs CAP_NET_RAW, or a group within net.ipv4.ping_group_range"
	}
	return f
}

// pingTable is a result as scripts read it.
func pingTable(L *glua.LState, r *probe.PingResult) glua.LValue {
	t := L.CreateTable(0, 8)
	t.RawSetString("dst", glua.LString(r.Dst.String()))
	t.RawSetString("sent", glua.LNumber(r.Sent))
	t.RawSetString("received", glua.LNumber(r.Received))
	t.RawSetString("min", glua.LNumber(r.Min.Seconds()))
	t.RawSetString("avg", glua.LNumber(r.Avg.Seconds()))
	t.RawSetString("max", glua.LNumber(r.Max.Seconds()))
	replies := L.CreateTable(len(r.Replies), 0)
	for _, x := range r.Replies {
		e := L.CreateTable(0, 5)
		e.RawSetString("from", glua.LString(x.From.String()))
		e.RawSetString("seq", glua.LNumber(x.Seq))
		e.RawSetString("rtt", glua.LNumber(x.RTT.Seconds()))
		e.RawSetString("ttl", glua.LNumber(x.TTL))
		e.RawSetString("bytes", glua.LNumber(x.Bytes))
		replies.Append(e)
	}
	t.RawSetString("replies", decl.NewList(L, replies))
	if len(r.Replies) > 0 {
		t.RawSetString("ttl", glua.LNumber(r.Replies[0].TTL))
	}
	text := pingText(r)
	mt := L.CreateTable(0, 1)
	mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
		L.Push(glua.LString(text))
		return 1
	}))
	t.Metatable = mt
	return t
}

// pingText is a result on one line.
func pingText(r *probe.PingResult) string {
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	return fmt.Sprintf("%s: %d sent, %d received, rtt min/avg/max %.3f/%.3f/%.3f ms",
		r.Dst, r.Sent, r.Received, ms(r.Min), ms(r.Avg), ms(r.Max))
}
