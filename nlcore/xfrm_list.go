package nlcore

import (
	"context"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/xfrm"
)

// xfrmQuery asks for all entries of a list: the kernel's own filters are by
// network and protocol, of which few lists say anything.
func xfrmQuery(ask, answer uint16) *query {
	return &query{op: "xfrm list", protocol: uapi.NETLINK_XFRM, ask: ask, answer: answer, bodies: [][]byte{nil}}
}

func xfrmStates() *query   { return xfrmQuery(uapi.XFRM_MSG_GETSA, uapi.XFRM_MSG_NEWSA) }
func xfrmPolicies() *query { return xfrmQuery(uapi.XFRM_MSG_GETPOLICY, uapi.XFRM_MSG_NEWPOLICY) }

func decodeState(e *attr.Env, s *xfrm.State, body []byte) error   { return s.Decode(e, body) }
func decodePolicy(e *attr.Env, p *xfrm.Policy, body []byte) error { return p.Decode(e, body) }

func (h *Handle) statePattern(ctx context.Context, like *xfrm.State) pattern {
	if like == nil {
		return pattern{env: h.readEnv(ctx)}
	}
	return patternOf(h.readEnv(ctx), like)
}

func (h *Handle) policyPattern(ctx context.Context, like *xfrm.Policy) pattern {
	if like == nil {
		return pattern{env: h.readEnv(ctx)}
	}
	return patternOf(h.readEnv(ctx), like)
}
