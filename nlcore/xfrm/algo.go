package xfrm

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Algo is an algorithm and its key.
type Algo struct {
	// Name is as in /proc/crypto: "cbc(aes)"; at most 63 bytes. Unset is none.
	Name string
	// Key is masked wherever it is printed. Compression has none.
	Key []byte
}

// AuthTrunc is an authentication algorithm whose result is cut.
type AuthTrunc struct {
	// Name is as in /proc/crypto: "hmac(sha256)"; at most 63 bytes.
	Name string
	// Key is masked wherever it is printed.
	Key []byte
	// TruncLen is the length that is sent, in bits.
	TruncLen uint32
}

// AEAD is an algorithm that encrypts and authenticates.
type AEAD struct {
	// Name is as in /proc/crypto: "rfc4106(gcm(aes))"; at most 63 bytes.
	Name string
	// Key ends in the algorithm's salt, where it has one. It is masked
	// wherever it is printed.
	Key []byte
	// ICVLen is the length of the check value, in bits.
	ICVLen uint32
}

const algoName = 64 // bytes, its zero included; key_len follows

var algoTable = attr.Table[Algo]{Name: "algo", Rows: func(a *Algo, d *attr.Def) {
	d.Key("name", "key")
	d.Header(uapi.SizeofXfrmAlgo).At(0, "name", attr.CStr(&a.Name, algoName))
	d.Tail("key", attr.Secret(&a.Key))
	attr.Hook(d, attr.Hooks[Algo]{Write: func(_ *attr.Env, a *Algo, b []byte) error { return writeKeyLen(b, a.Key) }})
}}

var compTable = attr.Table[Algo]{Name: "comp", Rows: func(a *Algo, d *attr.Def) {
	d.Key("name")
	d.Header(uapi.SizeofXfrmAlgo).At(0, "name", attr.CStr(&a.Name, algoName))
	d.Tail("key", attr.Secret(&a.Key)).In(0)
}}

var authTruncTable = attr.Table[AuthTrunc]{Name: "auth_trunc", Rows: func(a *AuthTrunc, d *attr.Def) {
	d.Key("name", "key", "trunc_len")
	h := d.Header(uapi.SizeofXfrmAlgoAuth)
	h.At(0, "name", attr.CStr(&a.Name, algoName))
	h.At(68, "trunc_len", attr.Plain32(&a.TruncLen))
	d.Tail("key", attr.Secret(&a.Key))
	attr.Hook(d, attr.Hooks[AuthTrunc]{Write: func(_ *attr.Env, a *AuthTrunc, b []byte) error { return writeKeyLen(b, a.Key) }})
}}

var aeadTable = attr.Table[AEAD]{Name: "aead", Rows: func(a *AEAD, d *attr.Def) {
	d.Key("name", "key", "icv_len")
	h := d.Header(uapi.SizeofXfrmAlgoAead)
	h.At(0, "name", attr.CStr(&a.Name, algoName))
	h.At(68, "icv_len", attr.Plain32(&a.ICVLen))
	d.Tail("key", attr.Secret(&a.Key))
	attr.Hook(d, attr.Hooks[AEAD]{Write: func(_ *attr.Env, a *AEAD, b []byte) error { return writeKeyLen(b, a.Key) }})
}}

// writeKeyLen writes the key's length, which the kernel counts in bits.
func writeKeyLen(b, key []byte) error {
	ne.PutUint32(b[algoName:], uint32(8*len(key)))
	return nil
}
