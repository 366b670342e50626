package xfrm

import (
	"math"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Limits end the life of a state or policy: at a hard one it goes, at a soft
// one a message tells that its time has come. Zero is no limit.
type Limits struct {
	// TimeSoft and TimeHard are in seconds since it was added.
	TimeSoft, TimeHard uint64
	// TimeUseSoft and TimeUseHard are in seconds since it was first used.
	TimeUseSoft, TimeUseHard uint64
	// ByteSoft and ByteHard are in bytes that passed.
	ByteSoft, ByteHard uint64
	// PacketSoft and PacketHard are in packets that passed.
	PacketSoft, PacketHard uint64
}

var limitsTable = attr.Table[Limits]{Name: "limit", Rows: func(l *Limits, d *attr.Def) {
	h := d.Header(uapi.SizeofXfrmLifetimeCfg)
	h.At(32, "time_soft", attr.Plain64(&l.TimeSoft).Unit(attr.Seconds))
	h.At(40, "time_hard", attr.Plain64(&l.TimeHard).Unit(attr.Seconds))
	h.At(48, "time_use_soft", attr.Plain64(&l.TimeUseSoft).Unit(attr.Seconds))
	h.At(56, "time_use_hard", attr.Plain64(&l.TimeUseHard).Unit(attr.Seconds))
	h.At(0, "byte_soft", attr.Plain64(&l.ByteSoft))
	h.At(8, "byte_hard", attr.Plain64(&l.ByteHard))
	h.At(16, "packet_soft", attr.Plain64(&l.PacketSoft))
	h.At(24, "packet_hard", attr.Plain64(&l.PacketHard))
	attr.Hook(d, attr.Hooks[Limits]{Read: readLimits})
}}

const infinite = math.MaxUint64 // XFRM_INF

func readLimits(_ *attr.Env, l *Limits, _ []byte) error {
	for _, p := range []*uint64{&l.ByteSoft, &l.ByteHard, &l.PacketSoft, &l.PacketHard} {
		if *p == infinite {
			*p = 0
		}
	}
	return nil
}

// writeLimits puts "no limit" where none is said: the kernel takes zero bytes
// for zero bytes.
func writeLimits(b []byte) {
	for off := 0; off < 32; off += 8 {
		if ne.Uint64(b[off:]) == 0 {
			ne.PutUint64(b[off:], infinite)
		}
	}
}

// Usage is what a state or policy has done so far.
type Usage struct {
	// Bytes and Packets are those that passed.
	Bytes, Packets uint64
	// AddTime and UseTime are when it was added and first used, in seconds
	// since 1970; 0 is never.
	AddTime, UseTime uint64
}

var usageTable = attr.Table[Usage]{Name: "current", Rows: func(u *Usage, d *attr.Def) {
	h := d.Header(uapi.SizeofXfrmLifetimeCur)
	// What was read has the time of its addition; then a count of zero is said.
	h.Member(0, "bytes", attr.Bind(&u.Bytes, count{})).In(0)
	h.Member(8, "packets", attr.Bind(&u.Packets, count{})).In(0)
	h.At(16, "add_time", attr.Plain64(&u.AddTime))
	h.At(24, "use_time", attr.Plain64(&u.UseTime))
}}

// Stats counts the packets that a state refused.
type Stats struct {
	// ReplayWindow counts packets older than the replay window.
	ReplayWindow uint32
	// Replay counts packets seen before.
	Replay uint32
	// Failed counts packets whose check failed.
	Failed uint32
}

var statsTable = attr.Table[Stats]{Name: "stats", Rows: func(s *Stats, d *attr.Def) {
	h := d.Header(uapi.SizeofXfrmStats)
	h.Member(0, "replay_window", attr.Plain32(&s.ReplayWindow)).In(0)
	h.Member(4, "replay", attr.Plain32(&s.Replay)).In(0)
	h.Member(8, "failed", attr.Plain32(&s.Failed)).In(0)
}}
