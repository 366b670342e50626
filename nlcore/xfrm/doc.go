// Package xfrm holds the types and rows of IPsec: states (security
// associations) and policies, with their selectors, templates, algorithms and
// limits. Nothing here talks to a kernel: the Handle's methods stand in
// nlcore/xfrm.go. Start with state.go and policy.go.
//
// Keys are attr.KindSecret values: whatever prints a state shows a mask.
package xfrm
