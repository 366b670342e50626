package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// RouteMetrics are what a route tells the sockets that use it. All are whole
// numbers; unset is the kernel's own choice.
type RouteMetrics struct {
	// MTU and AdvMSS are in bytes, Window and SSThresh in what TCP counts.
	MTU, Window, SSThresh, AdvMSS val.Opt[uint32]
	// RTT is in 1/8, RTTVar in 1/4 milliseconds, RTOMin in milliseconds.
	RTT, RTTVar, RTOMin val.Opt[uint32]
	// CWnd, InitCWnd and InitRWnd are in segments.
	CWnd, InitCWnd, InitRWnd val.Opt[uint32]
	// Reordering is in packets, HopLimit 1 to 255.
	Reordering, HopLimit val.Opt[uint32]
	// QuickAck and FastOpenNoCookie are 0 or 1.
	QuickAck, FastOpenNoCookie val.Opt[uint32]
	// Features are RTAX_FEATURE_ bits: ecn and tcp_usec_ts can be set.
	Features RouteFeatures
	// CongCtl names a congestion control algorithm.
	CongCtl string
	// Lock is which metrics the kernel must not change by itself; bit n is
	// metric n (RTAX_).
	Lock MetricLock
}

func metricRows(m *RouteMetrics, d *attr.Def) {
	d.Attr(uapi.RTAX_LOCK, "lock", attr.Bind(m, lockCodec{}))
	d.Attr(uapi.RTAX_MTU, "mtu", attr.Uint32(&m.MTU))
	d.Attr(uapi.RTAX_WINDOW, "window", attr.Uint32(&m.Window))
	d.Attr(uapi.RTAX_RTT, "rtt", attr.Period(&m.RTT, eighths))
	d.Attr(uapi.RTAX_RTTVAR, "rttvar", attr.Period(&m.RTTVar, quarters))
	d.Attr(uapi.RTAX_SSTHRESH, "ssthresh", attr.Uint32(&m.SSThresh))
	d.Attr(uapi.RTAX_CWND, "cwnd", attr.Uint32(&m.CWnd))
	d.Attr(uapi.RTAX_ADVMSS, "advmss", attr.Uint32(&m.AdvMSS))
	d.Attr(uapi.RTAX_REORDERING, "reordering", attr.Uint32(&m.Reordering))
	d.Attr(uapi.RTAX_HOPLIMIT, "hoplimit", attr.Uint32(&m.HopLimit).Range(0, 255))
	d.Attr(uapi.RTAX_INITCWND, "initcwnd", attr.Uint32(&m.InitCWnd))
	d.Attr(uapi.RTAX_FEATURES, "features", attr.Bind(&m.Features, bitWords[RouteFeatures]{routeFeatures}))
	d.Attr(uapi.RTAX_RTO_MIN, "rto_min", attr.Period(&m.RTOMin, attr.Milliseconds))
	d.Attr(uapi.RTAX_INITRWND, "initrwnd", attr.Uint32(&m.InitRWnd))
	d.Attr(uapi.RTAX_QUICKACK, "quickack", attr.Uint32(&m.QuickAck).OrBool().Range(0, 1))
	d.Attr(uapi.RTAX_CC_ALGO, "congctl", attr.StrMax(&m.CongCtl, 16)).Alias("cc").Since("4.0")
	d.Attr(uapi.RTAX_FASTOPEN_NO_COOKIE, "fastopen_no_cookie", attr.Uint32(&m.FastOpenNoCookie).OrBool().Range(0, 1)).Since("4.15")
}

// The steps in which the kernel keeps round trip times.
var (
	eighths  = &attr.Unit{Name: "1/8 ms", Example: `"300ms"`, NanoSec: 125e3}
	quarters = &attr.Unit{Name: "1/4 ms", Example: `"50ms"`, NanoSec: 250e3}
)

// MetricLock is a set of metrics; bit n is metric n (RTAX_).
type MetricLock uint32

var metricLocks = attr.NewEnum("lock").
	With(1<<uapi.RTAX_MTU, "mtu").With(1<<uapi.RTAX_WINDOW, "window").With(1<<uapi.RTAX_RTT, "rtt").
	With(1<<uapi.RTAX_RTTVAR, "rttvar").With(1<<uapi.RTAX_SSTHRESH, "ssthresh").With(1<<uapi.RTAX_CWND, "cwnd").
	With(1<<uapi.RTAX_ADVMSS, "advmss").With(1<<uapi.RTAX_REORDERING, "reordering").
	With(1<<uapi.RTAX_HOPLIMIT, "hoplimit").With(1<<uapi.RTAX_INITCWND, "initcwnd").
	With(1<<uapi.RTAX_FEATURES, "features").With(1<<uapi.RTAX_RTO_MIN, "rto_min").
	With(1<<uapi.RTAX_INITRWND, "initrwnd").With(1<<uapi.RTAX_QUICKACK, "quickack").
	With(1<<uapi.RTAX_CC_ALGO, "congctl")

// RouteFeatures is a set of TCP features.
type RouteFeatures uint32

var routeFeatures = attr.NewEnum("features").
	With(uapi.RTAX_FEATURE_ECN, "ecn").With(uapi.RTAX_FEATURE_SACK, "sack").
	With(uapi.RTAX_FEATURE_TIMESTAMP, "timestamp").With(uapi.RTAX_FEATURE_ALLFRAG, "allfrag").
	With(uapi.RTAX_FEATURE_TCP_USEC_TS, "tcp_usec_ts")
