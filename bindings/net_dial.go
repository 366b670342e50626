package bindings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

func tcpFunc() decl.Func {
	return decl.Func{
		Name: "tcp", Since: since, Run: func(c *decl.Call) error { return netDial(c, "tcp") },
		Doc:     "Connects, and closes again; that nobody answers or the port is closed is an error. With send, expect or read it also sends and reads: until expect was read, else until the other side has closed.",
		Returns: "a table: from, to (addresses with ports), rtt (seconds that connecting took), and data where it read",
		Example: `
expect.fails("connection refused", net.tcp, "127.0.0.1:9")`,
		Params: append(dialParams(),
			decl.Param{Name: "expect", Kind: decl.String, Doc: "read until this text came; that the other side closes before is an error"},
			decl.Param{Name: "read", Kind: decl.Boolean, Default: "true with send or expect", Doc: "read what comes"}),
	}
}

func udpFunc() decl.Func {
	return decl.Func{
		Name: "udp", Since: since, Run: func(c *decl.Call) error { return netDial(c, "udp") },
		Doc:     "Sends one datagram and waits for one in return; that the port is closed or nothing comes back is an error.",
		Returns: "a table: from, to (addresses with ports), and with a reply rtt (seconds until it came) and data",
		Example: `
expect.fails("connection refused", net.udp, { "127.0.0.1:9", send = "?" })`,
		Params: append(dialParams(),
			decl.Param{Name: "read", Kind: decl.Boolean, Default: "true", Doc: "false only sends"}),
	}
}

func dialParams() []decl.Param {
	return []decl.Param{
		{Name: "dst", Kind: decl.String, Required: true, Pos: 1, Doc: "an address with a port, \"10.0.0.2:80\" or \"[2001:db8::2]:80\", or an address alone with port="},
		{Name: "port", Kind: decl.Integer, Lo: 1, Hi: 65535, Doc: "the port, where dst has none"},
		{Name: "send", Kind: decl.String, Doc: "what to send"},
		{Name: "from", Kind: decl.Address, Doc: "the address to send from"},
		{Name: "dev", Kind: decl.Link, Doc: "the link, or the VRF's device, to send through"},
		{Name: "timeout", Kind: decl.Duration, Default: "5s", Doc: "for all of it"},
		{Name: "netns", Kind: decl.Netns, Default: "the current one", Doc: "where to send from"},
	}
}

// dial is one exchange with a server.
type dial struct {
	proto   string
	dst     netip.AddrPort
	from    netip.Addr
	dev     string
	send    string
	expect  string
	read    bool
	timeout time.Duration
	limit   int // bytes to read

	local net.Addr
	rtt   time.Duration
	data  []byte
}

func netDial(c *decl.Call, proto string) error {
	d, err := newDial(c, proto)
	if err != nil {
		return err
	}
	p, where, err := there(c)
	if err != nil {
		return err
	}
	if d.dst, err = numberedZone(c, p.Handle, d.dst); err != nil {
		return err
	}
	err = await(c, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, d.timeout)
		defer cancel()
		return d.run(ctx, p.Handle.Netns().Do)
	})
	switch {
	case c.Context().Err() != nil:
		return c.Context().Err()
	case err != nil:
		f := fail(c, d.dst.String(), "", nil)
		f.Msg, f.cause = refusal(err, d.timeout)
		f.Netns = where
		if len(d.data) > 0 {
			f.fields = map[string]any{"data": glua.LString(d.data)}
		}
		return f
	}
	c.Return(d.table(c.L))
	return nil
}

// newDial reads the call's arguments.
func newDial(c *decl.Call, proto string) (*dial, error) {
	d := &dial{proto: proto, timeout: 5 * time.Second, limit: stringLimit(c.Host)}
	text, _ := c.Args["dst"].(string)
	port, hasPort := c.Args["port"].(int64)
	addr, err := netip.ParseAddr(text)
	switch {
	case err == nil && hasPort:
		d.dst = netip.AddrPortFrom(addr, uint16(port))
	case err == nil:
		return nil, c.Errorf("needs a port: dst %q, or port=", net.JoinHostPort(text, "80"))
	default:
		if d.dst, err = netip.ParseAddrPort(text); err != nil || d.dst.Port() == 0 {
			return nil, c.Errorf("dst wants an address with a port such as \"10.0.0.2:80\", got %q", text)
		}
		if hasPort {
			return nil, c.Errorf("has a port both in dst and as port")
		}
	}
	d.from, _ = c.Args["from"].(netip.Addr)
	if dev, said := c.Args["dev"].(val.LinkRef); said {
		if dev.Name == "" {
			return nil, c.Errorf("dev wants a link's name or object")
		}
		d.dev = dev.Name
	}
	var sends, reads bool
	d.send, sends = c.Args["send"].(string)
	d.expect, reads = c.Args["expect"].(string)
	d.read = sends || reads || proto == "udp"
	if read, said := c.Args["read"].(bool); said {
		if !read && reads {
			return nil, c.Errorf("has read=false and expect, which is read for")
		}
		d.read = read
	}
	if timeout, said := c.Args["timeout"].(time.Duration); said {
		d.timeout = max(timeout, 1)
	}
	return d, nil
}

// numberedZone has the zone of a link-local address as the link's index in
// the namespace: package net has one table of names for all of them.
func numberedZone(c *decl.Call, h *nlcore.Handle, a netip.AddrPort) (netip.AddrPort, error) {
	zone := a.Addr().Zone()
	if zone == "" {
		return a, nil
	}
	if _, err := strconv.ParseUint(zone, 10, 31); err == nil {
		return a, nil
	}
	l, err := h.LinkByName(c.Context(), zone)
	if err != nil {
		return a, err
	}
	zoned := a.Addr().WithZone(strconv.Itoa(int(l.Attrs().Index)))
	return netip.AddrPortFrom(zoned, a.Port()), nil
}

// run connects, sends and reads.
func (d *dial) run(ctx context.Context, in func(func() error) error) error {
	dialer := net.Dialer{Control: d.bindToDevice}
	if d.from.IsValid() {
		local := netip.AddrPortFrom(d.from, 0)
		dialer.LocalAddr = net.TCPAddrFromAddrPort(local)
		if d.proto == "udp" {
			dialer.LocalAddr = net.UDPAddrFromAddrPort(local)
		}
	}
	start := time.Now()
	var conn net.Conn
	err := in(func() (err error) {
		conn, err = dialer.DialContext(ctx, d.proto, d.dst.String())
		return err
	})
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	d.local, d.rtt = conn.LocalAddr(), time.Since(start)
	start = time.Now()
	if d.send != "" || d.proto == "udp" {
		if _, err := conn.Write([]byte(d.send)); err != nil {
			return err
		}
	}
	switch {
	case !d.read:
		return nil
	case d.proto == "udp":
		err = d.readDatagram(conn)
		d.rtt = time.Since(start)
		return err
	}
	if half, ok := conn.(*net.TCPConn); ok && d.expect == "" {
		if err := half.CloseWrite(); err != nil {
			return err
		}
	}
	return d.readStream(conn)
}

// bindToDevice is what dev= asks for.
func (d *dial) bindToDevice(_, _ string, raw syscall.RawConn) error {
	if d.dev == "" {
		return nil
	}
	var err error
	if ctl := raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptString(int(fd), syscall.SOL_SOCKET, syscall.SO_BINDTODEVICE, d.dev)
	}); ctl != nil {
		return ctl
	}
	return err
}

func (d *dial) readDatagram(conn net.Conn) error {
	b := make([]byte, 1<<16)
	n, err := conn.Read(b)
	d.data = b[:n]
	return err
}

// readStream reads until expect was read, or the other side has closed.
func (d *dial) readStream(conn net.Conn) error {
	b := make([]byte, 1<<16)
	for {
		n, err := conn.Read(b)
		from := max(0, len(d.data)-len(d.expect)+1)
		d.data = append(d.data, b[:n]...)
		switch {
		case d.expect != "" && bytes.Contains(d.data[from:], []byte(d.expect)):
			return nil
		case len(d.data) > d.limit:
			return fmt.Errorf("more than %d bytes came", d.limit)
		case errors.Is(err, io.EOF) && d.expect != "":
			return fmt.Errorf("the other side closed before %q came", d.expect)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func (d *dial) table(L *glua.LState) *glua.LTable {
	t := L.CreateTable(0, 4)
	t.RawSetString("from", glua.LString(d.local.String()))
	t.RawSetString("to", glua.LString(d.dst.String()))
	if d.proto == "tcp" || d.read {
		t.RawSetString("rtt", glua.LNumber(d.rtt.Seconds()))
	}
	if d.read {
		t.RawSetString("data", glua.LString(d.data))
	}
	return t
}

// refusal words a failed call of the network: the errno as the C library
// does, and the time where that was over.
func refusal(err error, timeout time.Duration) (string, error) {
	var no syscall.Errno
	var late interface{ Timeout() bool }
	switch {
	case errors.As(err, &no):
		return fmt.Sprintf("%v (%s)", no, (&nlcore.Error{Errno: no}).ErrnoName()), no
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout():
		return fmt.Sprintf("no answer within %v (ETIMEDOUT)", timeout), syscall.ETIMEDOUT
	}
	return err.Error(), err
}
