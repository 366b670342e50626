package nlcore

import (
	"context"
	"fmt"

	"nlsh/nlcore/internal/uapi"
)

// FreeLinkName is the first of base0, base1, ... that no link has and that is
// not in taken. Another process may take it before it is used; the creation
// is EEXIST then.
func (h *Handle) FreeLinkName(ctx context.Context, base string, taken map[string]bool) (string, error) {
	links, err := h.LinkList(ctx)
	if err != nil {
		return "", err
	}
	used := map[string]bool{}
	for _, l := range links {
		used[l.Attrs().Name] = true
		for _, alt := range l.Attrs().Altnames {
			used[alt] = true
		}
	}
	for i := 0; ; i++ {
		name := fmt.Sprintf("%s%d", base, i)
		if len(name) >= uapi.IFNAMSIZ {
			return "", fmt.Errorf("no free name of at most %d characters begins with %q", uapi.IFNAMSIZ-1, base)
		}
		if !used[name] && !taken[name] {
			return name, nil
		}
	}
}
