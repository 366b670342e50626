package nl_test

import (
	"context"
	"encoding/binary"
	"io"
	"slices"
	"testing"
	"time"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

const (
	benchRoutes = 100_000
	benchRounds = 5
)

// routeBody appends the i-th of the routes 10.0.0.0/32 and up, on lo.
func routeBody(b []byte, i int) []byte {
	order := binary.NativeEndian
	b = append(b, unix.AF_INET, 32, 0, 0, uapi.RT_TABLE_MAIN, uapi.RTPROT_STATIC, uapi.RT_SCOPE_LINK, uapi.RTN_UNICAST, 0, 0, 0, 0)
	b = order.AppendUint16(b, 8)
	b = order.AppendUint16(b, uapi.RTA_DST)
	b = binary.BigEndian.AppendUint32(b, 10<<24+uint32(i))
	b = order.AppendUint16(b, 8)
	b = order.AppendUint16(b, uapi.RTA_OIF)
	return order.AppendUint32(b, 1)
}

// routes is a Source of n routes.
type routes struct {
	i, n int
	h    nl.Header
	tb   testing.TB
}

func (r *routes) Next(b []byte) ([]byte, nl.Header, error) {
	if r.i == r.n {
		return nil, nl.Header{}, io.EOF
	}
	r.i++
	return routeBody(b, r.i-1), r.h, nil
}

func (r *routes) Failed(i int, e *nl.Error) { r.tb.Fatalf("route %d: %v", i, e) }

var (
	addRoute = nl.Header{Type: uapi.RTM_NEWROUTE, Flags: uapi.NLM_F_CREATE | uapi.NLM_F_EXCL}
	delRoute = nl.Header{Type: uapi.RTM_DELROUTE}
)

// floor sends the routes with plain system calls, size a send, the
// acknowledgement asked for on the last only: what no library can beat.
func floor(tb testing.TB, fd int, h nl.Header, n, size int) {
	order := binary.NativeEndian
	to := &unix.SockaddrNetlink{Family: unix.AF_NETLINK}
	b := make([]byte, 0, 64<<10)
	answer := make([]byte, 32<<10)
	for i := 0; i < n; {
		b = b[:0]
		for end := min(n, i+size); i < end; i++ {
			start := len(b)
			b = append(b, make([]byte, 16)...)
			b = routeBody(b, i)
			order.PutUint32(b[start:], uint32(len(b)-start))
			order.PutUint16(b[start+4:], h.Type)
			flags := h.Flags | uapi.NLM_F_REQUEST
			if i+1 == end {
				flags |= uapi.NLM_F_ACK
			}
			order.PutUint16(b[start+6:], flags)
			order.PutUint32(b[start+8:], uint32(i))
		}
		if err := unix.Sendto(fd, b, 0, to); err != nil {
			tb.Fatal(err)
		}
		k, err := unix.Read(fd, answer)
		if err != nil || k < 20 || order.Uint32(answer[16:]) != 0 || order.Uint32(answer[8:]) != uint32(i-1) {
			tb.Fatalf("route %d: answer % x, error %v", i-1, answer[:max(k, 0)], err)
		}
	}
}

// loUp sets lo up, so that routes can point at it.
func loUp(tb testing.TB, c *nl.Conn) {
	err := c.Do(context.Background(), nl.Header{Type: uapi.RTM_SETLINK}, func(b []byte) ([]byte, error) {
		b = append(b, make([]byte, unix.SizeofIfInfomsg)...)
		head := b[len(b)-unix.SizeofIfInfomsg:]
		binary.NativeEndian.PutUint32(head[4:], 1)
		binary.NativeEndian.PutUint32(head[8:], unix.IFF_UP)
		binary.NativeEndian.PutUint32(head[12:], unix.IFF_UP)
		return b, nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func floorSocket(tb testing.TB) int {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { unix.Close(fd) })
	return fd
}

// BenchmarkRoutes adds, dumps and deletes 100,000 routes in turns with the
// floor (in packs of 64) and reports the medians of each as ratios to it.
func BenchmarkRoutes(b *testing.B) {
	c := dial(b, nil)
	loUp(b, c)
	fd := floorSocket(b)
	times := map[string][]time.Duration{}
	measure := func(name string, f func()) {
		start := time.Now()
		f()
		times[name] = append(times[name], time.Since(start))
	}
	batch := func(h nl.Header) func() {
		return func() {
			if n, err := c.Batch(context.Background(), &routes{n: benchRoutes, h: h, tb: b}); n != benchRoutes || err != nil {
				b.Fatalf("%d sent: %v", n, err)
			}
		}
	}
	each := func(h nl.Header) func() {
		return func() {
			i := 0
			body := func(b []byte) ([]byte, error) { return routeBody(b, i), nil }
			for ; i < benchRoutes; i++ {
				if err := c.Do(context.Background(), h, body); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	for b.Loop() {
		for range benchRounds {
			measure("floor add", func() { floor(b, fd, addRoute, benchRoutes, 64) })
			measure("floor dump", func() { floorDump(b, fd) })
			measure("dump", func() { dumpRoutes(b, c) })
			measure("floor del", func() { floor(b, fd, delRoute, benchRoutes, 64) })
			measure("batch add", batch(addRoute))
			measure("batch del", batch(delRoute))
			measure("do add", each(addRoute))
			measure("do del", each(delRoute))
			measure("floor1 add", func() { floor(b, fd, addRoute, benchRoutes, 1) })
			measure("floor1 del", func() { floor(b, fd, delRoute, benchRoutes, 1) })
		}
	}
	ratio := func(what, floor, unit string) {
		slices.Sort(times[what])
		slices.Sort(times[floor])
		w, f := times[what], times[floor]
		b.ReportMetric(float64(w[len(w)/2])/float64(f[len(f)/2]), unit)
	}
	ratio("batch add", "floor add", "batch-add/floor")
	ratio("batch del", "floor del", "batch-del/floor")
	ratio("do add", "floor add", "do-add/floor")
	ratio("do del", "floor del", "do-del/floor")
	ratio("floor1 add", "floor add", "floor1-add/floor")
	ratio("dump", "floor dump", "dump/floor")
	b.ReportMetric(float64(times["floor add"][benchRounds/2].Microseconds())/1000, "floor-add-ms")
	b.ReportMetric(float64(times["floor dump"][benchRounds/2].Microseconds())/1000, "floor-dump-ms")
}

func dumpRoutes(tb testing.TB, c *nl.Conn) {
	n, sum := 0, byte(0)
	for m, err := range c.Dump(context.Background(), nl.Header{Type: uapi.RTM_GETROUTE}, rtmsgIPv4) {
		if err != nil {
			tb.Fatal(err)
		}
		n++
		sum += m.Data[1]
	}
	if n < benchRoutes {
		tb.Fatalf("dump of %d routes, sum %d, want %d", n, sum, benchRoutes)
	}
}

func rtmsgIPv4(b []byte) ([]byte, error) {
	return append(b, unix.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), nil
}

// floorDump reads and walks a dump of the routes with plain system calls.
func floorDump(tb testing.TB, fd int) {
	order := binary.NativeEndian
	req := make([]byte, 16, 28)
	req, _ = rtmsgIPv4(req)
	order.PutUint32(req, 28)
	order.PutUint16(req[4:], uapi.RTM_GETROUTE)
	order.PutUint16(req[6:], uapi.NLM_F_REQUEST|uapi.NLM_F_DUMP)
	if err := unix.Sendto(fd, req, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		tb.Fatal(err)
	}
	buf := make([]byte, 32<<10)
	n, sum := 0, byte(0)
	for {
		k, err := unix.Read(fd, buf)
		if err != nil {
			tb.Fatal(err)
		}
		for b := buf[:k]; len(b) >= 16; b = b[(order.Uint32(b)+3)&^3:] {
			if order.Uint16(b[4:]) == uapi.NLMSG_DONE {
				if n < benchRoutes {
					tb.Fatalf("dump of %d routes, sum %d", n, sum)
				}
				return
			}
			n++
			sum += b[17]
		}
	}
}
