package nl_test

import (
	"context"
	"errors"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/nl/nltest"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns/nstest"

	"github.com/google/go-cmp/cmp"
)

var errEnough = errors.New("enough")

// TestReceive hears of rules that another connection adds.
func TestReceive(t *testing.T) {
	c, ear := dial(t, nil), dial(t, nil)
	if err := ear.Join(uapi.RTNLGRP_IPV4_RULE); err != nil {
		t.Fatal(err)
	}
	if err := ear.Do(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("lo")); err == nil {
		t.Error("a request on a connection that joined a group went through")
	}
	types := make(chan uint16)
	ended := make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		ended <- ear.Receive(ctx, func(m nl.Message) error {
			types <- m.Type
			return nil
		})
	}()
	for _, del := range []bool{false, true} {
		if _, err := c.Batch(t.Context(), &rules{n: 1, del: del}); err != nil {
			t.Fatal(err)
		}
	}
	if first, second := <-types, <-types; first != uapi.RTM_NEWRULE || second != uapi.RTM_DELRULE {
		t.Errorf("heard of types %d and %d", first, second)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	go func() { ended <- ear.Receive(t.Context(), func(nl.Message) error { return nil }) }()
	ear.Close()
	if err := <-ended; !errors.Is(err, nl.ErrClosed) {
		t.Errorf("got %v, want %v", err, nl.ErrClosed)
	}
}

// TestReceiveOverrun overflows a small buffer twice: the loss is said each
// time, and what comes after it is received.
func TestReceiveOverrun(t *testing.T) {
	c, ear := dial(t, nil), dial(t, &nl.Options{Buffer: 4096})
	if err := ear.Join(uapi.RTNLGRP_IPV4_RULE); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, del := range []bool{false, true} {
			if _, err := c.Batch(t.Context(), &rules{n: 500, del: del}); err != nil {
				t.Fatal(err)
			}
		}
		err := ear.Receive(t.Context(), func(m nl.Message) error {
			t.Errorf("message of type %d before the loss was said", m.Type)
			return errEnough
		})
		if !errors.Is(err, nl.ErrOverrun) {
			t.Fatalf("got %v, want %v", err, nl.ErrOverrun)
		}
		for _, del := range []bool{false, true} {
			if _, err := c.Batch(t.Context(), &rules{n: 1, del: del}); err != nil {
				t.Fatal(err)
			}
		}
		var got []uint16
		err = ear.Receive(t.Context(), func(m nl.Message) error {
			if got = append(got, m.Type); len(got) == 2 {
				return errEnough
			}
			return nil
		})
		if diff := cmp.Diff([]uint16{uapi.RTM_NEWRULE, uapi.RTM_DELRULE}, got); diff != "" || err != errEnough {
			t.Errorf("error %v, types (-want +got):\n%s", err, diff)
		}
	}
}

func TestLeave(t *testing.T) {
	c, ear := dial(t, nil), dial(t, nil)
	for _, group := range []uint32{uapi.RTNLGRP_IPV4_RULE, uapi.RTNLGRP_LINK} {
		if err := ear.Join(group); err != nil {
			t.Fatal(err)
		}
	}
	if err := ear.Leave(uapi.RTNLGRP_IPV4_RULE); err != nil {
		t.Fatal(err)
	}
	if err := ear.Join(1 << 20); err == nil || err.Error() != "netlink join group 1048576: invalid argument" {
		t.Errorf("join of no group: %v", err)
	}
	for _, del := range []bool{false, true} {
		if _, err := c.Batch(t.Context(), &rules{n: 1, del: del}); err != nil {
			t.Fatal(err)
		}
	}
	// A link message comes after what the rules would have made.
	header := nl.Header{Type: uapi.RTM_NEWLINKPROP, Flags: uapi.NLM_F_CREATE | uapi.NLM_F_EXCL}
	if err := c.Do(t.Context(), header, altName("second-name")); err != nil {
		t.Fatal(err)
	}
	err := ear.Receive(t.Context(), func(m nl.Message) error {
		if m.Type != uapi.RTM_NEWLINK {
			t.Errorf("heard of type %d", m.Type)
		}
		return errEnough
	})
	if err != errEnough {
		t.Error(err)
	}
	if err := c.Do(t.Context(), nl.Header{Type: uapi.RTM_DELLINKPROP}, altName("second-name")); err != nil {
		t.Error(err)
	}
}

// TestReceiveScripted receives what no kernel sends on demand.
func TestReceiveScripted(t *testing.T) {
	nstest.Sandboxed(t)
	joined := make(chan struct{})
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		<-joined
		var r nltest.Request // sequence number zero
		k.Multicast(3, append(r.Answer(20, 0, []byte("a")), r.Answer(uapi.NLMSG_NOOP, 0, nil)...))
		k.SendAsStranger(r.Answer(20, 0, []byte("stranger")))
		k.Multicast(2, r.Answer(20, 0, []byte("other group")))
		k.Multicast(3, r.Answer(20, 0, large(100_000)))
		k.Multicast(3, append(r.Answer(20, 0, []byte("b")), r.Answer(uapi.NLMSG_OVERRUN, 0, nil)...))
		k.Multicast(3, []byte{1})
	})
	if err := c.Join(3); err != nil {
		t.Fatal(err)
	}
	close(joined)
	var got []string
	each := func(m nl.Message) error {
		got = append(got, string(m.Data))
		return nil
	}
	if err := c.Receive(t.Context(), each); !errors.Is(err, nl.ErrOverrun) {
		t.Errorf("got %v, want %v", err, nl.ErrOverrun)
	}
	if diff := cmp.Diff([]string{"a", string(large(100_000)), "b"}, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	want := "netlink datagram of 1 bytes: 1 left at offset 0, too few for a header"
	if err := c.Receive(t.Context(), each); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestTake looks without waiting, waits without reading, and tells of a loss
// in either.
func TestTake(t *testing.T) {
	c, ear := dial(t, nil), dial(t, &nl.Options{Buffer: 4096})
	if err := ear.Join(uapi.RTNLGRP_IPV4_RULE); err != nil {
		t.Fatal(err)
	}
	var types []uint16
	take := func() (bool, error) {
		return ear.Take(func(m nl.Message) error {
			types = append(types, m.Type)
			return nil
		})
	}
	change := func(n int) {
		t.Helper()
		for _, del := range []bool{false, true} {
			if _, err := c.Batch(t.Context(), &rules{n: n, del: del}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, err := take(); got || err != nil {
		t.Errorf("before any message: %v, %v", got, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ear.Await(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("await with an ended context: %v", err)
	}
	awaited := make(chan error)
	go func() { awaited <- ear.Await(t.Context()) }()
	change(1)
	if err := <-awaited; err != nil {
		t.Error(err)
	}
	for range 2 {
		if got, err := take(); !got || err != nil {
			t.Errorf("with two messages: %v, %v", got, err)
		}
	}
	if diff := cmp.Diff([]uint16{uapi.RTM_NEWRULE, uapi.RTM_DELRULE}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	change(500)
	if got, err := take(); got || !errors.Is(err, nl.ErrOverrun) {
		t.Errorf("take after a loss: %v, %v", got, err)
	}
	change(500)
	if err := ear.Await(t.Context()); !errors.Is(err, nl.ErrOverrun) {
		t.Errorf("await after a loss: %v", err)
	}
	if got, err := take(); got || err != nil {
		t.Errorf("after the loss was told: %v, %v", got, err)
	}
	go func() { awaited <- ear.Await(t.Context()) }()
	ear.Close()
	if err := <-awaited; !errors.Is(err, nl.ErrClosed) {
		t.Errorf("await while closing: %v", err)
	}
	if _, err := take(); !errors.Is(err, nl.ErrClosed) {
		t.Errorf("take when closed: %v", err)
	}
}
