package netns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// Nsid is the number under which n knows peer, as messages name the namespace
// of a link's other end (IFLA_LINK_NETNSID); ok is false where it has none.
// The kernel gives one when it first needs it, and SetNsid does.
func (n *NS) Nsid(ctx context.Context, peer *NS) (id int, ok bool, err error) {
	c, err := n.dial()
	if err != nil {
		return 0, false, err
	}
	defer c.Close()
	return nsidOver(ctx, c, peer)
}

func nsidOver(ctx context.Context, c *nl.Conn, peer *NS) (id int, ok bool, err error) {
	found := int32(uapi.NETNSA_NSID_NOT_ASSIGNED)
	err = c.Query(ctx, nl.Header{Type: uapi.RTM_GETNSID}, nsidBody(peer.Fd()), func(m nl.Message) (err error) {
		found, err = readNsid(m)
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("nsid of network namespace %s: %w", peer.Path(), err)
	}
	return int(found), found >= 0, nil
}

// SetNsid gives peer the number id in n, as `ip netns set` does; a negative id
// lets the kernel choose a free one. It lasts as long as both namespaces. The
// error wraps EEXIST where peer has one or id is taken; CAP_NET_ADMIN in n is
// needed.
func (n *NS) SetNsid(ctx context.Context, peer *NS, id int) error {
	c, err := n.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	number := uint32(uapi.NETNSA_NSID_NOT_ASSIGNED & 0xffffffff)
	if id >= 0 {
		number = uint32(id)
	}
	body := nsidBody(peer.Fd())
	err = c.Do(ctx, nl.Header{Type: uapi.RTM_NEWNSID}, func(b []byte) ([]byte, error) {
		b, err := body(b)
		return attr.AppendU32(b, uapi.NETNSA_NSID, number), err
	})
	if err != nil {
		return fmt.Errorf("nsid %d for network namespace %s: %w", id, peer.Path(), err)
	}
	return nil
}

// Nsids lists the numbers that n has given, sorted.
func (n *NS) Nsids(ctx context.Context) ([]int, error) {
	c, err := n.dial()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	ids := []int{}
	for m, err := range c.Dump(ctx, nl.Header{Type: uapi.RTM_GETNSID}, nsidBody(-1)) {
		if err != nil {
			return nil, fmt.Errorf("nsids of network namespace %s: %w", n.Path(), err)
		}
		id, err := readNsid(m)
		if err != nil {
			return nil, err
		}
		ids = append(ids, int(id))
	}
	slices.Sort(ids)
	return ids, nil
}

// ByNsid opens the namespace that n knows as id. The kernel tells no way from
// a number to a namespace; so it is asked about those that can be found: held,
// which stay the caller's, those with a name, and those of processes. The
// error wraps fs.ErrNotExist where it is none of them.
func (n *NS) ByNsid(ctx context.Context, id int, held ...*NS) (*NS, error) {
	c, err := n.dial()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	is := func(peer *NS) bool {
		got, ok, err := nsidOver(ctx, c, peer)
		return err == nil && ok && got == id
	}
	for _, h := range held {
		if h.Fd() >= 0 && is(h) {
			return h.Dup()
		}
	}
	asked := map[ID]bool{}
	for _, find := range []func() ([]string, error){nameFiles, processFiles} {
		paths, err := find()
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			peer := unasked(path, asked)
			if peer == nil {
				continue
			}
			if is(peer) {
				return peer, nil
			}
			peer.Close()
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, n.noNsid(ctx, id)
}

// unasked opens the namespace at path, nil where that cannot be or was done.
func unasked(path string, asked map[ID]bool) *NS {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil || asked[ID{st.Dev, st.Ino}] {
		return nil
	}
	name := ""
	if filepath.Dir(path) == Dir {
		name = filepath.Base(path)
	}
	peer, err := open(path, name)
	if err != nil {
		return nil
	}
	asked[peer.id] = true
	return peer
}

// noNsid says whether the number is unknown or only the way to it.
func (n *NS) noNsid(ctx context.Context, id int) error {
	ids, err := n.Nsids(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(ids, id) {
		return fmt.Errorf("nsid %d: no name and no process leads to its network namespace: %w", id, fs.ErrNotExist)
	}
	return fmt.Errorf("nsid %d: no network namespace has it here: %w", id, fs.ErrNotExist)
}

func nameFiles() ([]string, error) {
	names, err := Names()
	for i := range names {
		names[i] = filepath.Join(Dir, names[i])
	}
	return names, err
}

func processFiles() ([]string, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	var paths []string
	for _, name := range names {
		if _, err := strconv.Atoi(name); err == nil {
			paths = append(paths, "/proc/"+name+"/ns/net")
		}
	}
	return paths, err
}

// dial opens rtnetlink in n.
func (n *NS) dial() (c *nl.Conn, err error) {
	err = n.Do(func() error {
		c, err = nl.Dial(nil)
		return err
	})
	return c, err
}

// nsidBody is the header, and the descriptor of the namespace asked about
// unless it is negative.
func nsidBody(fd int) nl.Encoder {
	return func(b []byte) ([]byte, error) {
		b = append(b, make([]byte, nsidHeader)...) // family: unspecified
		if fd >= 0 {
			b = attr.AppendU32(b, uapi.NETNSA_FD, uint32(fd))
		}
		return b, nil
	}
}

// nsidHeader is the size of struct rtgenmsg, aligned.
const nsidHeader = 4

// readNsid reads the number from an answer.
func readNsid(m nl.Message) (int32, error) {
	if len(m.Data) < nsidHeader {
		return 0, errors.New("nsid: the answer is too short")
	}
	if id, ok := attr.Find(m.Data[nsidHeader:], uapi.NETNSA_NSID); ok && len(id) == 4 {
		return int32(binary.NativeEndian.Uint32(id)), nil
	}
	return 0, errors.New("nsid: the answer has none")
}
