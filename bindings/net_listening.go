package bindings

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

func listeningFunc() decl.Func {
	return decl.Func{
		Name: "listening", Since: since, Run: netListening,
		Doc:     "Waits until something listens on a port: what a program that was started in the background does when it is ready. With UDP it is a socket that is bound to the port.",
		Returns: "a table: address, port, proto, uid, and v6only and dev_index where they apply; an error when nothing listens within the time, which says what does",
		Example: `
local ok, err = pcall(net.listening, { port = 5201, timeout = "10ms" })
assert(not ok)
print(err)`,
		Params: []decl.Param{
			{Name: "port", Kind: decl.Integer, Lo: 1, Hi: 65535, Required: true, Pos: 1, Doc: "the port"},
			{Name: "proto", Kind: decl.Word, Words: []string{"tcp", "udp"}, Default: "tcp", Doc: "the protocol"},
			{Name: "address", Kind: decl.Address, Default: "any", Doc: "the address that has to be reached there"},
			{Name: "timeout", Kind: decl.Duration, Default: "10s", Doc: "how long to wait; the first look is always taken"},
			{Name: "netns", Kind: decl.Netns, Default: "the current one", Doc: "where to look"},
		},
	}
}

// listener is what net.listening waits for.
type listener struct {
	proto   string
	port    uint16
	address netip.Addr
	timeout time.Duration
}

func netListening(c *decl.Call) error {
	port, _ := c.Args["port"].(int64)
	want := listener{proto: "tcp", port: uint16(port), timeout: defaultWait}
	if proto, said := c.Args["proto"].(string); said {
		want.proto = proto
	}
	want.address, _ = c.Args["address"].(netip.Addr)
	if timeout, said := c.Args["timeout"].(time.Duration); said {
		want.timeout = timeout
	}
	p, where, err := there(c)
	if err != nil {
		return err
	}
	var found *nlcore.Socket
	var others []nlcore.Socket
	err = await(c, func(ctx context.Context) (err error) {
		found, others, err = want.wait(ctx, p.Handle)
		return err
	})
	switch {
	case c.Context().Err() != nil:
		return c.Context().Err()
	case err != nil:
		return err
	case found == nil:
		f := fail(c, want.String(), fmt.Sprintf("nothing listens there after %v; %s", want.timeout, openPorts(want.proto, others)), syscall.ETIMEDOUT)
		f.Netns = where
		return f
	}
	c.Return(socketTable(c.L, want.proto, found))
	return nil
}

// wait looks until the socket is there or the time is over; then found is nil
// and others are those that are there instead.
func (w *listener) wait(ctx context.Context, h *nlcore.Handle) (found *nlcore.Socket, others []nlcore.Socket, err error) {
	end := time.Now().Add(w.timeout)
	for gap := time.Millisecond; ; gap = min(gap*3/2, 50*time.Millisecond) {
		l, err := h.Listening(ctx, w.proto, w.port)
		if err != nil {
			return nil, nil, err
		}
		if i := slices.IndexFunc(l, w.matches); i >= 0 {
			return &l[i], nil, nil
		}
		left := time.Until(end)
		if left <= 0 {
			others, err = h.Listening(ctx, w.proto, 0)
			return nil, others, err
		}
		select {
		case <-time.After(min(gap, left)):
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

func (w *listener) matches(s nlcore.Socket) bool {
	return !w.address.IsValid() || s.Reached(w.address)
}

// String is what errors call it: "tcp port 80 of 10.0.0.1".
func (w *listener) String() string {
	text := w.proto + " port " + strconv.Itoa(int(w.port))
	if w.address.IsValid() {
		text += " of " + w.address.String()
	}
	return text
}

// openPorts words what listens instead.
func openPorts(proto string, l []nlcore.Socket) string {
	if len(l) == 0 {
		return "there is no " + proto + " socket that does"
	}
	var texts []string
	for _, s := range l {
		texts = append(texts, s.Local.String())
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	const most = 8
	if more := len(texts) - most; more > 0 {
		texts = append(texts[:most], fmt.Sprintf("and %d more", more))
	}
	return "what does: " + strings.Join(texts, ", ")
}

// socketTable is a socket as scripts read it.
func socketTable(L *glua.LState, proto string, s *nlcore.Socket) *glua.LTable {
	t := L.CreateTable(0, 6)
	t.RawSetString("address", glua.LString(s.Local.Addr().String()))
	t.RawSetString("port", glua.LNumber(s.Local.Port()))
	t.RawSetString("proto", glua.LString(proto))
	t.RawSetString("uid", glua.LNumber(s.UID))
	if s.V6Only {
		t.RawSetString("v6only", glua.LTrue)
	}
	if s.Link != 0 {
		t.RawSetString("dev_index", glua.LNumber(s.Link))
	}
	return t
}
