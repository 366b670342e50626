package nlcore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"

	"github.com/google/go-cmp/cmp"
)

// untilLink takes events until one is of the link.
func untilLink(t *testing.T, s *nlcore.Subscription, name string, take func(nlcore.Event)) {
	t.Helper()
	for e, err := range s.Events(t.Context()) {
		must(t, err)
		take(e)
		if l, ok := e.Object.(nlcore.Link); ok && l.Attrs().Name == name {
			return
		}
	}
}

// Ten subscribers, of whom some have hardly any room, read while somebody
// writes: messages are lost again while lists are read after a loss. Each ends
// with the true state.
func TestSubscribersUnderAWriter(t *testing.T) {
	h, _ := newHandle(t)
	const n = 10
	views := make([]view, n)
	subs := make([]*nlcore.Subscription, n)
	for i := range subs {
		subs[i] = subscribe(t, h, &nlcore.SubscribeOptions{Buffer: []int{4096, 1 << 20}[i%2]})
		views[i] = present(t, h, nlcore.SubscribeKinds()...)
	}
	done := make(chan struct{}, n)
	for i, s := range subs {
		go func() {
			defer func() { done <- struct{}{} }()
			untilLink(t, s, "the-end", func(e nlcore.Event) { views[i].take(t, e) })
		}()
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		route := nlcore.Route{Dev: val.LinkIndex(1), Table: val.U32(r.Uint32N(3) + 1000), Priority: val.U32(r.Uint32N(2))}
		if r.IntN(2) == 0 {
			route.Src = netip.MustParseAddr("127.0.0.1")
		}
		must(t, applyRoutes(h, nlcore.Replace, r.IntN(1000), route))
		route.Src = netip.Addr{}
		_ = applyRoutes(h, nlcore.Del, r.IntN(1000), route) // some are not there
	}
	must(t, h.LinkAdd(t.Context(), &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "the-end"}}))
	for range n {
		<-done
	}
	want, lost := present(t, h, nlcore.SubscribeKinds()...), 0
	for i, s := range subs {
		drain(t, s, func(e nlcore.Event) { views[i].take(t, e) })
		sameViews(t, want, views[i])
		lost += s.Resyncs()
	}
	if lost == 0 {
		t.Error("nothing was lost: the buffers are too large for this test")
	}
	t.Logf("%d resyncs", lost)
}

// What happens between joining the groups and reading the lists is told once.
func TestSubscriptionMissesNothing(t *testing.T) {
	h, _ := newHandle(t)
	writing := make(chan error)
	lo := nlcore.Route{Dev: val.LinkIndex(1)}
	go func() { writing <- applyRoutes(h, nlcore.Add, 3000, lo) }()
	s := subscribe(t, h, &nlcore.SubscribeOptions{Kinds: []string{"route"}})
	must(t, <-writing)
	drain(t, s, func(e nlcore.Event) {
		if e.Op != nlcore.EventNew {
			t.Errorf("%v", e)
		}
	})
	must(t, applyRoutes(h, nlcore.Del, 3000, lo))
	gone := 0
	drain(t, s, func(e nlcore.Event) {
		if e.Op == nlcore.EventDel {
			gone++
		}
	})
	if gone != 3000 {
		t.Errorf("%d of 3000 routes are told as gone: the others were not known", gone)
	}
}

func TestSubscriptionEnds(t *testing.T) {
	type outcome struct{ err error }
	for _, c := range []struct {
		name string
		end  func(h *nlcore.Handle, s *nlcore.Subscription, cancel func()) error
		want error
		text string
		last bool // and every later Next says the same
	}{
		{"close", func(_ *nlcore.Handle, s *nlcore.Subscription, _ func()) error { return s.Close() }, nlcore.ErrClosed,
			"subscription: netlink connection closed", true},
		{"the handle is closed", func(h *nlcore.Handle, _ *nlcore.Subscription, _ func()) error { return h.Close() }, nlcore.ErrClosed,
			"subscription: netlink connection closed", true},
		{"the context ends", func(_ *nlcore.Handle, _ *nlcore.Subscription, cancel func()) error { cancel(); return nil }, context.Canceled,
			"subscription: netlink receive: context canceled", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := nlcore.NewHandleAt(nstest.NewNS(t), nil)
			must(t, err)
			defer h.Close()
			s := subscribe(t, h, nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			got := make(chan outcome, 1)
			go func() {
				_, err := s.Next(ctx)
				got <- outcome{err}
			}()
			must(t, c.end(h, s, cancel))
			if err := (<-got).err; !errors.Is(err, c.want) || c.last && err.Error() != c.text {
				t.Errorf("got %v, want %s", err, c.text)
			}
			if !c.last {
				must(t, h.LinkAdd(t.Context(), &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br7"}}))
				untilLink(t, s, "br7", func(nlcore.Event) {})
				return
			}
			if _, err := s.Next(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("afterwards: %v", err)
			}
			must(t, s.Close())
		})
	}
}

func TestSubscribeErrors(t *testing.T) {
	h, _ := newHandle(t)
	_, err := h.Subscribe(t.Context(), &nlcore.SubscribeOptions{Kinds: []string{"link", "links"}})
	if want := `subscribe: no events of kind "links": there are addr, link, neigh, route, rule`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := h.Subscribe(ended(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	s := subscribe(t, h, &nlcore.SubscribeOptions{FailOnLoss: true, Buffer: 4096})
	must(t, applyRoutes(h, nlcore.Add, 1000, nlcore.Route{Dev: val.LinkIndex(1)}))
	_, err = s.Next(t.Context())
	if want := "subscription: netlink receive: netlink messages lost: no buffer space available"; !errors.Is(err, nlcore.ErrOverrun) || !strings.HasPrefix(err.Error(), "subscription: ") {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := s.Next(t.Context()); !errors.Is(err, nlcore.ErrOverrun) {
		t.Errorf("afterwards: %v", err)
	}
	closed, err := nlcore.NewHandleAt(nstest.NewNS(t), nil)
	must(t, err)
	must(t, closed.Close())
	if _, err := closed.Subscribe(t.Context(), nil); err == nil {
		t.Error("a closed handle subscribes")
	}
}

// The names in objects are those of the time: also of a link that is gone when
// somebody asks what happened.
func TestSubscriptionNames(t *testing.T) {
	h, ns := newHandle(t)
	s := subscribe(t, h, &nlcore.SubscribeOptions{Kinds: []string{"addr"}})
	for _, line := range []string{
		"link add br7 type bridge", "addr add 10.7.0.1/24 dev br7", "link del br7",
		"link add br8 type bridge", "addr add 10.8.0.1/24 dev br8", "link set br8 name br9", "addr add 10.9.0.1/24 dev br9",
	} {
		nstest.IP(t, ns, strings.Fields(line)...)
	}
	var got []string
	drain(t, s, func(e nlcore.Event) { got = append(got, e.String()) })
	want := []string{
		"new addr 10.7.0.1/24 dev br7", "del addr 10.7.0.1/24 dev br7",
		"new addr 10.8.0.1/24 dev br8", "new addr 10.8.0.1/24 dev br9", "new addr 10.9.0.1/24 dev br9",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}
