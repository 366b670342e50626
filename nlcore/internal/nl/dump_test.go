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
	"golang.org/x/sys/unix"
)

const intr = uapi.NLM_F_DUMP_INTR

func part(r nltest.Request, s string) []byte {
	return r.Answer(20, uapi.NLM_F_MULTI, []byte(s))
}

// dumps are what a kernel may answer to a dump.
var dumps = []struct {
	name       string
	script     func(k *nltest.Kernel, r nltest.Request)
	want       []string
	err        error
	unfinished bool
}{
	{"empty", func(k *nltest.Kernel, r nltest.Request) { k.Send(r.Done(0, 0, nil)) }, nil, nil, false},
	{"two datagrams", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), part(r, "b")...))
		k.Send(append(part(r, "c"), r.Done(0, 0, nil)...))
	}, []string{"a", "b", "c"}, nil, false},
	{"done without a number", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), r.Answer(uapi.NLMSG_DONE, 0, nil)...))
	}, []string{"a"}, nil, false},
	{"ended by an ack", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(r.Answer(20, 0, []byte("a")), r.Ack(nil)...))
	}, []string{"a"}, nil, false},
	{"refused", func(k *nltest.Kernel, r nltest.Request) { k.Send(r.Refuse(unix.EOPNOTSUPP, nil)) },
		nil, unix.EOPNOTSUPP, false},
	{"done with an error", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), r.Done(unix.EMSGSIZE, 0, nltest.Text("no room"))...))
	}, []string{"a"}, unix.EMSGSIZE, false},
	{"interrupted at the second message", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), r.Answer(20, uapi.NLM_F_MULTI|intr, []byte("b"))...))
		k.Send(r.Done(0, intr, nil))
	}, []string{"a"}, nl.ErrDumpInterrupted, true},
	{"interrupted on done", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), r.Done(0, intr, nil)...))
	}, []string{"a"}, nl.ErrDumpInterrupted, false},
	{"others between", func(k *nltest.Kernel, r nltest.Request) {
		other := r
		other.Seq--
		k.Send(append(other.Done(unix.EIO, intr, nil), part(r, "a")...))
		k.SendAsStranger(r.Done(0, 0, nil))
		k.Send(append(r.Answer(uapi.NLMSG_NOOP, 0, nil), part(r, "b")...))
		k.Send(r.Done(0, 0, nil))
	}, []string{"a", "b"}, nil, false},
	{"overrun", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), r.Answer(uapi.NLMSG_OVERRUN, 0, nil)...))
		k.Send(r.Done(0, 0, nil))
	}, []string{"a"}, nl.ErrOverrun, true},
	{"left by the caller", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(part(r, "a"), part(r, "leave")...))
		k.Send(append(part(r, "c"), r.Done(0, 0, nil)...))
	}, []string{"a", "leave"}, nil, true},
	{"large", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(part(r, string(large(70_001))))
		k.Send(append(part(r, "b"), r.Done(0, 0, nil)...))
	}, []string{string(large(70_001)), "b"}, nil, false},
}

func TestDump(t *testing.T) {
	nstest.Sandboxed(t)
	for _, tt := range dumps {
		t.Run(tt.name, func(t *testing.T) {
			c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
				r := k.Next()
				if want := uint16(uapi.NLM_F_REQUEST | uapi.NLM_F_ACK | uapi.NLM_F_DUMP); r.Flags != want {
					t.Errorf("flags %#x, want %#x", r.Flags, want)
				}
				tt.script(k, r)
				r = k.Next()
				k.Send(append(part(r, "again"), r.Done(0, 0, nil)...))
			})
			got, err := collect(t.Context(), c)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("got error %v, want %v", err, tt.err)
			}
			if c.Unfinished() != tt.unfinished {
				t.Errorf("unfinished: got %v, want %v", c.Unfinished(), tt.unfinished)
			}
			got, err = collect(t.Context(), c)
			if diff := cmp.Diff([]string{"again"}, got); diff != "" || err != nil || c.Unfinished() {
				t.Errorf("next dump: error %v, bodies (-want +got):\n%s", err, diff)
			}
		})
	}
}

// collect dumps until the end, or until a body says leave.
func collect(ctx context.Context, c *nl.Conn) ([]string, error) {
	var l []string
	for m, err := range c.Dump(ctx, nl.Header{Type: 18}, nil) {
		if err != nil {
			return l, err
		}
		l = append(l, string(m.Data))
		if l[len(l)-1] == "leave" {
			break
		}
	}
	return l, nil
}

// TestDoAfterLeftDump asks something else on a Conn whose dump was left: what
// is left of the dump comes first, is skipped, and is noted as finished.
func TestDoAfterLeftDump(t *testing.T) {
	nstest.Sandboxed(t)
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		r := k.Next()
		k.Send(part(r, "leave"))
		k.Send(append(part(r, "b"), r.Done(0, 0, nil)...))
		k.Send(k.Next().Ack(nil))
	})
	if _, err := collect(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(t.Context(), nl.Header{Type: 19}, nil); err != nil || c.Unfinished() {
		t.Errorf("got error %v, unfinished %v", err, c.Unfinished())
	}
}
