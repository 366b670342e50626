package nlcore

import "nlsh/nlcore/attr"

// addrIP reads an address without its length.
type addrIP struct{}

func (addrIP) Decode(*attr.Env, *Addr, []byte) error                 { return nil }
func (addrIP) Append(_ *attr.Env, b []byte, _ *Addr) ([]byte, error) { return b, nil }
func (addrIP) Has(p *Addr) bool                                      { return p.Address.IsValid() }
func (addrIP) Set(*attr.Env, *Addr, attr.Value) error                { return attr.ErrReadOnly }
func (addrIP) Get(_ *attr.Env, p *Addr) attr.Value                   { return attr.AddrOf(p.Address.Addr()) }
func (addrIP) Width() int                                            { return 0 }
func (addrIP) Kind() string                                          { return "address" }

// addrFlags lists the flags that are on, in iproute2's words.
type addrFlags struct{}

func (addrFlags) Decode(*attr.Env, *Addr, []byte) error                 { return nil }
func (addrFlags) Append(_ *attr.Env, b []byte, _ *Addr) ([]byte, error) { return b, nil }
func (addrFlags) Has(p *Addr) bool                                      { return !p.NoDAD.IsZero() || !p.Permanent.IsZero() }
func (addrFlags) Set(*attr.Env, *Addr, attr.Value) error                { return attr.ErrReadOnly }
func (addrFlags) Get(_ *attr.Env, p *Addr) attr.Value {
	var l []attr.Value
	for _, word := range addrFlagWords {
		if v, ok := addrTable.Get(nil, p, word); ok && v.Bool() {
			l = append(l, attr.StringOf(word))
		}
	}
	return attr.ListOf(l)
}
func (addrFlags) Width() int   { return 0 }
func (addrFlags) Kind() string { return "list of flags" }

// addrFlagWords are the flags in the order in which iproute2 prints them.
var addrFlagWords = [...]string{
	"secondary", "temporary", "tentative", "deprecated", "home", "nodad", "mngtmpaddr", "noprefixroute",
	"autojoin", "stable_privacy", "optimistic", "dadfailed", "permanent", "dynamic",
}
