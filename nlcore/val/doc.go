// Package val holds what users of nlcore write in literals: optional values
// (Opt) and references to links and namespaces (LinkRef, NetnsRef). It is
// the stable part below the objects; nothing here talks to a kernel. Start
// with opt.go.
package val
