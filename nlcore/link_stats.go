package nlcore

import (
	"nlsh/nlcore/attr"
)

// LinkStats count since the link was made; bytes are with link-layer headers.
// A counter that the kernel does not know stays 0.
type LinkStats struct {
	// RxPackets and TxPackets are packets received and sent.
	RxPackets, TxPackets uint64
	// RxBytes and TxBytes are bytes received and sent.
	RxBytes, TxBytes uint64
	// RxErrors and TxErrors are packets lost by errors, of whatever sort.
	RxErrors, TxErrors uint64
	// RxDropped and TxDropped are packets dropped for want of room, or because nobody wanted them.
	RxDropped, TxDropped uint64
	// Multicast is multicast packets received.
	Multicast uint64
	// Collisions are those met while sending.
	Collisions uint64
	// RxLengthErrors, RxOverErrors, RxCRCErrors, RxFrameErrors, RxFIFOErrors
	// and RxMissedErrors are sorts of RxErrors: wrong length, receiver overrun,
	// wrong checksum, wrong alignment, device queue full, packet missed.
	RxLengthErrors, RxOverErrors, RxCRCErrors, RxFrameErrors, RxFIFOErrors, RxMissedErrors uint64
	// TxAbortedErrors, TxCarrierErrors, TxFIFOErrors, TxHeartbeatErrors and
	// TxWindowErrors are sorts of TxErrors: given up, carrier lost, device
	// queue empty, heartbeat missed, late collision.
	TxAbortedErrors, TxCarrierErrors, TxFIFOErrors, TxHeartbeatErrors, TxWindowErrors uint64
	// RxCompressed and TxCompressed are compressed packets.
	RxCompressed, TxCompressed uint64
	// RxNohandler is packets that no protocol took.
	RxNohandler uint64
	// RxOtherhostDropped is packets dropped because they were for another host.
	RxOtherhostDropped uint64
}

// counter is one of the statistics.
type counter struct {
	key string
	p   *uint64
}

// counters lists them in the order of the kernel's struct rtnl_link_stats64.
func (s *LinkStats) counters() [25]counter {
	return [...]counter{
		{"rx_packets", &s.RxPackets}, {"tx_packets", &s.TxPackets},
		{"rx_bytes", &s.RxBytes}, {"tx_bytes", &s.TxBytes},
		{"rx_errors", &s.RxErrors}, {"tx_errors", &s.TxErrors},
		{"rx_dropped", &s.RxDropped}, {"tx_dropped", &s.TxDropped},
		{"multicast", &s.Multicast}, {"collisions", &s.Collisions},
		{"rx_length_errors", &s.RxLengthErrors}, {"rx_over_errors", &s.RxOverErrors},
		{"rx_crc_errors", &s.RxCRCErrors}, {"rx_frame_errors", &s.RxFrameErrors},
		{"rx_fifo_errors", &s.RxFIFOErrors}, {"rx_missed_errors", &s.RxMissedErrors},
		{"tx_aborted_errors", &s.TxAbortedErrors}, {"tx_carrier_errors", &s.TxCarrierErrors},
		{"tx_fifo_errors", &s.TxFIFOErrors}, {"tx_heartbeat_errors", &s.TxHeartbeatErrors},
		{"tx_window_errors", &s.TxWindowErrors}, {"rx_compressed", &s.RxCompressed},
		{"tx_compressed", &s.TxCompressed}, {"rx_nohandler", &s.RxNohandler},
		{"rx_otherhost_dropped", &s.RxOtherhostDropped},
	}
}

var statsTable = attr.Table[LinkStats]{Name: "stats", Rows: func(s *LinkStats, d *attr.Def) {
	for _, c := range s.counters() {
		d.Derived(c.key, attr.Bind(c.p, counterCodec{}))
	}
}}

// counterCodec is a number that says something also when it is 0.
type counterCodec struct{}

func (counterCodec) Decode(*attr.Env, *uint64, []byte) error                 { return nil }
func (counterCodec) Append(_ *attr.Env, b []byte, _ *uint64) ([]byte, error) { return b, nil }
func (counterCodec) Has(*uint64) bool                                        { return true }
func (counterCodec) Set(*attr.Env, *uint64, attr.Value) error                { return attr.ErrReadOnly }
func (counterCodec) Get(_ *attr.Env, p *uint64) attr.Value                   { return attr.UintOf(*p) }
func (counterCodec) Width() int                                              { return 0 }
func (counterCodec) Kind() string                                            { return "u64" }

// statsCodec reads as many counters as the kernel sends: the struct grew.
type statsCodec struct{}

func (statsCodec) Decode(_ *attr.Env, p **LinkStats, b []byte) error {
	s := new(LinkStats)
	for i, c := range s.counters() {
		if len(b) < 8*(i+1) {
			break
		}
		*c.p = ne.Uint64(b[8*i:])
	}
	*p = s
	return nil
}
func (statsCodec) Append(_ *attr.Env, b []byte, _ **LinkStats) ([]byte, error) { return b, nil }
func (statsCodec) Has(p **LinkStats) bool                                      { return *p != nil }
func (statsCodec) Set(*attr.Env, **LinkStats, attr.Value) error                { return attr.ErrReadOnly }
func (statsCodec) Get(e *attr.Env, p **LinkStats) attr.Value                   { return statsTable.Value(e, *p) }
func (statsCodec) Width() int                                                  { return 0 }
func (statsCodec) Kind() string                                                { return "table" }

// Sub is the schema of the counters, for help and completion.
func (statsCodec) Sub() *attr.Schema { return statsTable.Schema() }
