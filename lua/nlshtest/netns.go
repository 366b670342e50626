package nlshtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
)

// Netns is a namespace of a Lab. Any goroutine may use it until the Lab is
// closed.
type Netns struct {
	name string
	h    *nlcore.Handle
}

// Netns is the namespace that the script called name; "" is the one that the
// script began in. Where there is none the test fails. Only the goroutine of
// the test may call it.
func (l *Lab) Netns(name string) *Netns {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		l.t.Fatalf("lab: namespace %q: the lab is closed", name)
	}
	if n := l.netns[name]; n != nil {
		return n
	}
	n, err := l.open(name)
	if err != nil {
		l.t.Fatalf("lab: %v", err)
	}
	l.netns[name] = n
	return n
}

func (l *Lab) open(name string) (*Netns, error) {
	ns := l.start
	if name != "" {
		var err error
		if ns, err = l.in.OpenNetns(name); err != nil {
			return nil, err
		}
		defer ns.Close() // the Handle has its own
	}
	h, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		return nil, err
	}
	return &Netns{name: name, h: h}, nil
}

func (n *Netns) close() error { return n.h.Close() }

// Name is what the script called the namespace.
func (n *Netns) Name() string { return n.name }

// Handle speaks netlink in the namespace. It stays the Lab's.
func (n *Netns) Handle() *nlcore.Handle { return n.h }

// NS is the namespace itself. It stays the Lab's.
func (n *Netns) NS() *netns.NS { return n.h.Netns() }

// Do runs f on a thread in the namespace and returns f's error. Goroutines
// that f starts are outside.
func (n *Netns) Do(f func() error) error { return n.NS().Do(f) }

// Dial connects to address from inside the namespace, as net.Dialer does. The
// host in address must be an IP address; the zone of a link-local one is a link
// of the namespace. It fits http.Transport's DialContext.
func (n *Netns) Dial(ctx context.Context, network, address string) (c net.Conn, err error) {
	if address, err = n.address(ctx, network, address); err != nil {
		return nil, err
	}
	err = n.Do(func() error {
		c, err = new(net.Dialer).DialContext(ctx, network, address)
		return err
	})
	return c, err
}

// Listen listens in the namespace, as net.Listen does; connections that it
// accepts are there too. The host in address is an IP address or empty.
func (n *Netns) Listen(ctx context.Context, network, address string) (l net.Listener, err error) {
	if address, err = n.address(ctx, network, address); err != nil {
		return nil, err
	}
	err = n.Do(func() error {
		l, err = new(net.ListenConfig).Listen(ctx, network, address)
		return err
	})
	return l, err
}

// ListenPacket opens a packet socket in the namespace, as net.ListenPacket
// does. The host in address is an IP address or empty.
func (n *Netns) ListenPacket(ctx context.Context, network, address string) (c net.PacketConn, err error) {
	if address, err = n.address(ctx, network, address); err != nil {
		return nil, err
	}
	err = n.Do(func() error {
		c, err = new(net.ListenConfig).ListenPacket(ctx, network, address)
		return err
	})
	return c, err
}

// address makes an address fit for package net on a thread in the namespace.
// Names would be resolved by goroutines outside; for zones the package has one
// table for all namespaces, so that they must be numbers.
func (n *Netns) address(ctx context.Context, network, address string) (string, error) {
	if strings.HasPrefix(network, "unix") {
		return address, nil
	}
	host, port, err := net.SplitHostPort(address)
	if strings.HasPrefix(network, "ip") { // these have no port
		host, port, err = address, "", nil
	}
	if err != nil || host == "" {
		return address, err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "", fmt.Errorf("%s %s: wants an IP address, not a name, inside a namespace", network, address)
	}
	if ip.Zone() != "" {
		if ip, err = n.zone(ctx, ip); err != nil {
			return "", fmt.Errorf("%s %s: %w", network, address, err)
		}
	}
	if port == "" {
		return ip.String(), nil
	}
	return net.JoinHostPort(ip.String(), port), nil
}

// zone replaces the name of a link by its index.
func (n *Netns) zone(ctx context.Context, ip netip.Addr) (netip.Addr, error) {
	if _, err := strconv.Atoi(ip.Zone()); err == nil {
		return ip, nil
	}
	l, err := n.h.LinkByName(ctx, ip.Zone())
	if err != nil {
		return ip, err
	}
	if l.Attrs().Index <= 0 {
		return ip, errors.New("link " + ip.Zone() + " has no index")
	}
	return ip.WithZone(strconv.Itoa(int(l.Attrs().Index))), nil
}
