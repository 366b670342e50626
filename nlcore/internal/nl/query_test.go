package nl_test

import (
	"errors"
	"slices"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/nl/nltest"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns/nstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"
)

// exchanges are what a kernel may answer to one request with the body "abcde".
var exchanges = []struct {
	name   string
	script func(k *nltest.Kernel, r nltest.Request)
	want   []string  // bodies that each was given
	err    *nl.Error // without Request
}{
	{"plain ack", func(k *nltest.Kernel, r nltest.Request) { k.Send(r.Ack(nil)) }, nil, nil},
	{"answer and ack in one datagram", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(r.Answer(20, 0, []byte("one")), r.Ack(nil)...))
	}, []string{"one"}, nil},
	{"three answers, ack apart", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(r.Answer(20, uapi.NLM_F_MULTI, []byte("one")))
		k.Send(append(r.Answer(20, 0, []byte("two")), r.Answer(21, 0, nil)...))
		k.Send(r.Ack(nil))
	}, []string{"one", "two", ""}, nil},
	{"answer ended by done", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(r.Answer(20, uapi.NLM_F_MULTI, []byte("one")), r.Done(0, 0, nil)...))
	}, []string{"one"}, nil},
	{"noop between", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(r.Answer(uapi.NLMSG_NOOP, 0, nil), r.Ack(nil)...))
	}, nil, nil},
	{"wrong sequence numbers", func(k *nltest.Kernel, r nltest.Request) {
		for _, seq := range []uint32{0, r.Seq - 1, r.Seq + 1, r.Seq + 1<<31} {
			other := r
			other.Seq = seq
			k.Send(other.Answer(20, 0, []byte("not mine")))
			k.Send(other.Refuse(unix.EIO, nil))
			k.Send(other.Done(unix.EIO, 0, nil))
		}
		k.Send(r.Ack(nil))
	}, nil, nil},
	{"a stranger with the right number", func(k *nltest.Kernel, r nltest.Request) {
		k.SendAsStranger(r.Refuse(unix.EIO, nil))
		k.SendAsStranger([]byte{1})
		k.Send(r.Ack(nil))
	}, nil, nil},
	{"refused without words", func(k *nltest.Kernel, r nltest.Request) { k.Send(r.Refuse(unix.EPERM, nil)) },
		nil, &nl.Error{Errno: unix.EPERM, Offset: -1, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}},
	{"refused with EINTR", func(k *nltest.Kernel, r nltest.Request) { k.Send(r.Refuse(unix.EINTR, nil)) },
		nil, &nl.Error{Errno: unix.EINTR, Offset: -1, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}},
	{"refused with everything, capped", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(r.Refuse(unix.EINVAL, slices.Concat(nltest.Text("Invalid it is"), nltest.Number(uapi.NLMSGERR_ATTR_OFFS, 36),
			nltest.Number(uapi.NLMSGERR_ATTR_COOKIE, 1), nltest.Number(uapi.NLMSGERR_ATTR_MISS_TYPE, 7),
			nltest.Number(uapi.NLMSGERR_ATTR_MISS_NEST, 0))))
	}, nil, &nl.Error{Errno: unix.EINVAL, Message: "Invalid it is", Offset: 36, MissType: 7, MissNest: 0, Protocol: uapi.NETLINK_USERSOCK}},
	{"refused with words behind the whole request", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(r.RefuseWhole(unix.EINVAL, nltest.Text("behind")))
	}, nil, &nl.Error{Errno: unix.EINVAL, Message: "behind", Offset: -1, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}},
	{"words cut off", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(r.Refuse(unix.EINVAL, append(nltest.Number(uapi.NLMSGERR_ATTR_OFFS, 20), 200, 0, uapi.NLMSGERR_ATTR_MSG, 0)))
	}, nil, &nl.Error{Errno: unix.EINVAL, Offset: 20, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}},
	{"numbers too short and too large", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(r.Refuse(unix.EINVAL, append([]byte{6, 0, uapi.NLMSGERR_ATTR_OFFS, 0, 1, 1, 0, 0},
			nltest.Number(uapi.NLMSGERR_ATTR_MISS_TYPE, 1<<31)...)))
	}, nil, &nl.Error{Errno: unix.EINVAL, Offset: -1, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}},
	{"answer, then refused", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(append(r.Answer(20, 0, []byte("one")), r.Refuse(unix.ENODEV, nltest.Text("gone"))...))
	}, []string{"one"}, &nl.Error{Errno: unix.ENODEV, Message: "gone", Offset: -1, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}},
	{"answer of 100,000 bytes", func(k *nltest.Kernel, r nltest.Request) {
		k.Send(r.Answer(20, 0, large(100_000)))
		k.Send(r.Ack(nil))
	}, []string{string(large(100_000))}, nil},
}

// large is n bytes that differ from their neighbours.
func large(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i % 251)
	}
	return b
}

func abcde(b []byte) ([]byte, error) { return append(b, "abcde"...), nil }

func TestQuery(t *testing.T) {
	nstest.Sandboxed(t)
	for _, tt := range exchanges {
		t.Run(tt.name, func(t *testing.T) {
			c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
				tt.script(k, k.Next())
				// Whatever came before, the next request has its own answer.
				k.Send(k.Next().Refuse(unix.EXDEV, nil))
			})
			var got []string
			err := c.Query(t.Context(), nl.Header{Type: 18, Flags: uapi.NLM_F_EXCL}, abcde, func(m nl.Message) error {
				got = append(got, string(m.Data))
				return nil
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
			var e *nl.Error
			if errors.As(err, &e) != (err != nil) {
				t.Errorf("error %v is no *Error", err)
			}
			if diff := cmp.Diff(tt.err, e, cmpopts.IgnoreFields(nl.Error{}, "Request")); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if e != nil {
				checkRequest(t, e.Request)
			}
			if err := c.Do(t.Context(), nl.Header{Type: 18}, nil); !errors.Is(err, unix.EXDEV) {
				t.Errorf("next request: got %v, want %v", err, unix.EXDEV)
			}
		})
	}
}

// checkRequest compares the copy of the first request of a Conn.
func checkRequest(t *testing.T, got []byte) {
	t.Helper()
	// length 21, type 18, REQUEST|ACK|EXCL, sequence number 1, port 0, body
	want := "\x15\x00\x00\x00" + "\x12\x00" + "\x05\x02" + "\x01\x00\x00\x00" + "\x00\x00\x00\x00" + "abcde"
	if diff := cmp.Diff([]byte(want), got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestQueryErrors(t *testing.T) {
	nstest.Sandboxed(t)
	bad := []struct {
		name string
		send func(r nltest.Request) []byte
		want string
	}{
		{"too short for a header", func(nltest.Request) []byte { return []byte{1, 2, 3} },
			"netlink datagram of 3 bytes: 3 left at offset 0, too few for a header"},
		{"length beyond the datagram", func(r nltest.Request) []byte { return r.Ack(nil)[:20] },
			"netlink datagram of 20 bytes: message at offset 0 says it has 36 bytes, 20 are left"},
		{"length below a header", func(r nltest.Request) []byte {
			return append(r.Answer(20, 0, nil), 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		}, "netlink datagram of 32 bytes: message at offset 16 says it has 15 bytes, 16 are left"},
		{"ack without a number", func(r nltest.Request) []byte { return r.Answer(uapi.NLMSG_ERROR, 0, []byte{1, 2}) },
			"netlink acknowledgement of 2 bytes, want 4 or more"},
		{"overrun message", func(r nltest.Request) []byte { return r.Answer(uapi.NLMSG_OVERRUN, 0, nil) },
			"netlink receive: netlink messages lost: the kernel says so"},
	}
	for _, tt := range bad {
		t.Run(tt.name, func(t *testing.T) {
			c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
				k.Send(tt.send(k.Next()))
				k.Send(k.Next().Ack(nil))
			})
			err := c.Do(t.Context(), nl.Header{Type: 18}, nil)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if err := c.Do(t.Context(), nl.Header{Type: 18}, nil); err != nil {
				t.Errorf("next request: %v", err)
			}
		})
	}
}

func TestQueryOwnErrors(t *testing.T) {
	nstest.Sandboxed(t)
	mine := errors.New("mine")
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		r := k.Next()
		k.Send(append(r.Answer(20, 0, []byte("one")), r.Answer(20, 0, []byte("two"))...))
		k.Send(r.Ack(nil))
	})
	err := c.Do(t.Context(), nl.Header{}, func(b []byte) ([]byte, error) { return nil, mine })
	if err != mine {
		t.Errorf("encoder's error: got %v", err)
	}
	err = c.Do(t.Context(), nl.Header{}, func(b []byte) ([]byte, error) { return b[:2], nil })
	if want := "netlink request 0: the encoder returned 2 bytes of 16"; err == nil || err.Error() != want {
		t.Errorf("short encoder: got %v, want %s", err, want)
	}
	calls := 0
	err = c.Query(t.Context(), nl.Header{}, nil, func(nl.Message) error { calls++; return mine })
	if err != mine || calls != 1 {
		t.Errorf("each: got error %v after %d calls, want %v after 1", err, calls, mine)
	}
}

func TestWarned(t *testing.T) {
	nstest.Sandboxed(t)
	var got []*nl.Error
	c := nltest.Dial(t, &nl.Options{Warned: func(e *nl.Error) { got = append(got, e) }}, func(k *nltest.Kernel) {
		k.Send(k.Next().Ack(nltest.Text("too many of them ")))
		k.Send(k.Next().Ack(nltest.Number(uapi.NLMSGERR_ATTR_COOKIE, 1)))
	})
	for range 2 {
		if err := c.Do(t.Context(), nl.Header{Type: 18, Flags: uapi.NLM_F_EXCL}, abcde); err != nil {
			t.Fatal(err)
		}
	}
	want := []*nl.Error{{Message: "too many of them", Offset: -1, MissType: -1, MissNest: -1, Protocol: uapi.NETLINK_USERSOCK}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(nl.Error{}, "Request")); diff != "" {
		t.Fatalf("warnings (-want +got):\n%s", diff)
	}
	checkRequest(t, got[0].Request)
}
