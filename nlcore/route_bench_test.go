package nlcore_test

import (
	"context"
	"encoding/binary"
	"io"
	"net/netip"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// manyRoutes fills table 1000 with n routes.
func manyRoutes(t testing.TB, h *nlcore.Handle, n int) *nlcore.Route {
	t.Helper()
	i := 0
	lo := val.LinkIndex(1)
	_, err := h.ApplyEach(context.Background(), func() (nlcore.Change, error) {
		if i == n {
			return nlcore.Change{}, io.EOF
		}
		i++
		dst := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
		return nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Route{Dst: dst, Dev: lo, Table: val.U32(1000)}}, nil
	})
	must(t, err)
	return &nlcore.Route{Table: val.U32(1000)}
}

// Listing allocates for the list, not for each route, and the iterator for
// neither.
func TestRouteListAllocations(t *testing.T) {
	const n = 5000
	h, _ := newHandle(t)
	like := manyRoutes(t, h, n)
	ctx := context.Background()
	for _, c := range []struct {
		name string
		most float64
		run  func() int
	}{
		{"list", 120, func() int {
			l, err := h.RouteList(ctx, like)
			must(t, err)
			return len(l)
		}},
		{"iterator", 100, func() (count int) {
			for _, err := range h.RouteIter(ctx, like) {
				must(t, err)
				count++
			}
			return count
		}},
	} {
		if got := c.run(); got != n {
			t.Fatalf("%s: got %d routes, want %d", c.name, got, n)
		}
		if got := testing.AllocsPerRun(3, func() { c.run() }); got > c.most {
			t.Errorf("%s of %d routes: %v allocations, want at most %v", c.name, n, got, c.most)
		}
	}
}

func BenchmarkRouteList(b *testing.B) {
	h, _ := newHandle(b)
	like := manyRoutes(b, h, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.RouteList(context.Background(), like); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRouteIter(b *testing.B) {
	h, _ := newHandle(b)
	like := manyRoutes(b, h, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range h.RouteIter(context.Background(), like) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkRouteEncode(b *testing.B) {
	r, buf := route7(), make([]byte, 0, 256)
	e := &attr.Env{Mode: attr.Create}
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			buf, _ = r.Append(e, nlcore.Add, buf[:0])
		}
	})
	b.Run("by hand", func(b *testing.B) {
		for b.Loop() {
			buf = appendByHand(buf[:0], r)
		}
	})
}

func BenchmarkRouteDecode(b *testing.B) {
	body := encodeRoute(b, nlcore.Add, route7())
	var r nlcore.Route
	view, e := r.Views()[0], &attr.Env{}
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			r = nlcore.Route{}
			_ = view.Decode(e, body)
		}
	})
	b.Run("by hand", func(b *testing.B) {
		for b.Loop() {
			r = nlcore.Route{}
			decodeByHand(&r, body)
		}
	})
}

// TestByHand holds the benchmarks' rival to the same bytes.
func TestByHand(t *testing.T) {
	want := encodeRoute(t, nlcore.Add, route7())
	if d := diff(want, appendByHand(nil, route7())); d != "" {
		t.Error("bytes, -rows +by hand:\n", d)
	}
	var rows, hand nlcore.Route
	must(t, rows.Views()[0].Decode(&attr.Env{}, want))
	decodeByHand(&hand, want)
	if d := diff(rows, hand); d != "" {
		t.Error("-rows +by hand:\n", d)
	}
}

func appendByHand(b []byte, r *nlcore.Route) []byte {
	ne := binary.NativeEndian
	b = append(b, uapi.AF_INET, byte(r.Dst.Bits()), 0, r.Tos, 0, uapi.RTPROT_BOOT, 0, uapi.RTN_UNICAST, 0, 0, 0, 0)
	u32 := func(b []byte, id uint16, v uint32) []byte {
		return ne.AppendUint32(ne.AppendUint16(ne.AppendUint16(b, 8), id), v)
	}
	ip := func(b []byte, id uint16, a netip.Addr) []byte {
		v := a.As4()
		return append(ne.AppendUint16(ne.AppendUint16(b, 8), id), v[:]...)
	}
	b = ip(b, uapi.RTA_DST, r.Dst.Addr())
	b = ip(b, uapi.RTA_GATEWAY, r.Via)
	b = u32(b, uapi.RTA_OIF, uint32(r.Dev.Index))
	b = ip(b, uapi.RTA_PREFSRC, r.Src)
	b = u32(b, uapi.RTA_PRIORITY, r.Priority.Or(0))
	b = u32(b, uapi.RTA_TABLE, r.Table.Or(0))
	return append(b, 5, 0, uapi.RTA_PREF, 0, byte(r.Pref.Or(0)), 0, 0, 0)
}

func decodeByHand(r *nlcore.Route, b []byte) {
	ne := binary.NativeEndian
	bits := int(b[1])
	r.Family.Set(nlcore.Family(b[0]))
	r.Tos, r.Flags = b[3], nlcore.RouteFlags(ne.Uint32(b[8:]))
	r.Table.Set(uint32(b[4]))
	r.Protocol.Set(b[5])
	r.Scope.Set(b[6])
	r.Type.Set(nlcore.RouteType(b[7]))
	b = b[12:]
	for len(b) >= 4 {
		n := int(ne.Uint16(b))
		p := b[4:n]
		switch ne.Uint16(b[2:]) {
		case uapi.RTA_DST:
			a, _ := netip.AddrFromSlice(p)
			r.Dst = netip.PrefixFrom(a, bits)
		case uapi.RTA_GATEWAY:
			r.Via, _ = netip.AddrFromSlice(p)
		case uapi.RTA_OIF:
			r.Dev.Index = int32(ne.Uint32(p))
		case uapi.RTA_PREFSRC:
			r.Src, _ = netip.AddrFromSlice(p)
		case uapi.RTA_PRIORITY:
			r.Priority.Set(ne.Uint32(p))
		case uapi.RTA_TABLE:
			r.Table.Set(ne.Uint32(p))
		case uapi.RTA_PREF:
			r.Pref.Set(nlcore.RoutePref(p[0]))
		}
		b = b[min(attr.Align(n), len(b)):]
	}
}
