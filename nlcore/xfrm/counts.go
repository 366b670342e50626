package xfrm

import (
	"fmt"

	"nlsh/nlcore/attr"
)

// count is a number that is only read, and reads as 0 too.
type count struct{}

func (count) Decode(_ *attr.Env, p *uint64, b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("has %d bytes, a u64 needs 8", len(b))
	}
	*p = ne.Uint64(b)
	return nil
}
func (count) Append(_ *attr.Env, b []byte, p *uint64) ([]byte, error) {
	return ne.AppendUint64(b, *p), nil
}
func (count) Has(*uint64) bool                         { return true }
func (count) Set(*attr.Env, *uint64, attr.Value) error { return attr.ErrReadOnly }
func (count) Get(_ *attr.Env, p *uint64) attr.Value    { return attr.UintOf(*p) }
func (count) Width() int                               { return 8 }
func (count) Kind() string                             { return "u64" }

// stateStats are the counts of a state that was read, zeros too.
type stateStats struct{}

func (stateStats) Decode(*attr.Env, *State, []byte) error                 { return nil }
func (stateStats) Append(_ *attr.Env, b []byte, _ *State) ([]byte, error) { return b, nil }
func (stateStats) Has(s *State) bool                                      { return s.Current.AddTime != 0 }
func (stateStats) Set(*attr.Env, *State, attr.Value) error                { return attr.ErrReadOnly }
func (stateStats) Get(_ *attr.Env, s *State) attr.Value {
	return attr.TableOf([]attr.Pair{
		{Key: "replay_window", Val: attr.UintOf(uint64(s.Stats.ReplayWindow))},
		{Key: "replay", Val: attr.UintOf(uint64(s.Stats.Replay))},
		{Key: "failed", Val: attr.UintOf(uint64(s.Stats.Failed))},
	})
}
func (stateStats) Width() int   { return 0 }
func (stateStats) Kind() string { return "table" }
