package xfrm

import (
	"fmt"
	"slices"
	"strings"

	"nlsh/nlcore/attr"
)

// known is what is certain of an algorithm. One that is not here is the
// kernel's to judge.
type known struct {
	keys []int // lengths in bytes; nil: any, or from to most
	from int
	most int      // 0: no bound
	bits []uint32 // lengths of the check value; nil: any
}

// algorithms are what is certain of each by its name. (A map would be built at
// every start.)
type algorithms []struct {
	name string
	known
}

// of is what is certain of an algorithm; the zero value where nothing is.
func (l algorithms) of(name string) known {
	for i := range l {
		if l[i].name == name {
			return l[i].known
		}
	}
	return known{}
}

// The algorithms that xfrm knows by these names, the kernel's old short ones
// among them.
var ciphers = algorithms{
	{"ecb(cipher_null)", known{keys: []int{0}}},
	{"cipher_null", known{keys: []int{0}}},
	{"cbc(des)", known{keys: []int{8}}},
	{"des", known{keys: []int{8}}},
	{"cbc(des3_ede)", known{keys: []int{24}}},
	{"des3_ede", known{keys: []int{24}}},
	{"cbc(cast5)", known{from: 5, most: 16}},
	{"cast5", known{from: 5, most: 16}},
	{"cbc(blowfish)", known{from: 4, most: 56}},
	{"blowfish", known{from: 4, most: 56}},
	{"cbc(aes)", known{keys: []int{16, 24, 32}}},
	{"aes", known{keys: []int{16, 24, 32}}},
	{"cbc(serpent)", known{from: 0, most: 32}},
	{"serpent", known{from: 0, most: 32}},
	{"cbc(camellia)", known{keys: []int{16, 24, 32}}},
	{"camellia", known{keys: []int{16, 24, 32}}},
	{"cbc(twofish)", known{keys: []int{16, 24, 32}}},
	{"twofish", known{keys: []int{16, 24, 32}}},
	{"rfc3686(ctr(aes))", known{keys: []int{20, 28, 36}}},
	{"cbc(sm4)", known{keys: []int{16}}},
}

var aeads = algorithms{
	{"rfc4106(gcm(aes))", known{keys: []int{20, 28, 36}, bits: []uint32{64, 96, 128}}},
	{"rfc4309(ccm(aes))", known{keys: []int{19, 27, 35}, bits: []uint32{64, 96, 128}}},
	{"rfc4543(gcm(aes))", known{keys: []int{20, 28, 36}, bits: []uint32{128}}},
	{"rfc7539esp(chacha20,poly1305)", known{keys: []int{36}, bits: []uint32{128}}},
}

// digests are the lengths in bits of what authentication makes; a key of an
// hmac may have any length.
var digests = []digest{
	{name: "digest_null", key: known{keys: []int{0}}},
	{name: "hmac(md5)", full: 128},
	{name: "md5", full: 128},
	{name: "hmac(sha1)", full: 160},
	{name: "sha1", full: 160},
	{name: "hmac(sha256)", full: 256},
	{name: "sha256", full: 256},
	{name: "hmac(sha384)", full: 384},
	{name: "hmac(sha512)", full: 512},
	{name: "hmac(rmd160)", full: 160},
	{name: "rmd160", full: 160},
	{name: "hmac(sm3)", full: 256},
	{name: "xcbc(aes)", key: known{keys: []int{16}}, full: 128},
	{name: "cmac(aes)", key: known{keys: []int{16, 24, 32}}, full: 128},
}

// digest is an algorithm of authentication.
type digest struct {
	name string
	key  known
	full uint32
}

// digestOf is what is certain of an algorithm; the zero value where nothing is.
func digestOf(name string) digest {
	for i := range digests {
		if digests[i].name == name {
			return digests[i]
		}
	}
	return digest{}
}

// checkKey says which length of key an algorithm wants.
func (k known) checkKey(field, name string, key []byte) error {
	n := len(key)
	var want string
	switch {
	case k.keys != nil && !slices.Contains(k.keys, n):
		want = oneOf(k.keys)
	case k.most > 0 && (n < k.from || n > k.most):
		want = fmt.Sprintf("%d to %d", k.from, k.most)
	default:
		return nil
	}
	return &attr.FieldError{Field: field + ".key", Msg: fmt.Sprintf("wants %s bytes for %s, got %d", want, name, n)}
}

// oneOf is "20, 28 or 36".
func oneOf[T any](l []T) string {
	parts := make([]string, len(l))
	for i, n := range l {
		parts[i] = fmt.Sprint(n)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " or " + parts[len(parts)-1]
}

// needName refuses a key without its algorithm.
func needName(field, name string, key []byte) error {
	if name == "" && len(key) > 0 {
		return &attr.FieldError{Field: field + ".name", Msg: `is required: an algorithm as in /proc/crypto, like "cbc(aes)"`}
	}
	return nil
}

func (a *Algo) checkCipher() error {
	if err := needName("enc", a.Name, a.Key); err != nil {
		return err
	}
	return ciphers.of(a.Name).checkKey("enc", a.Name, a.Key)
}

func (a *Algo) checkAuth() error {
	if err := needName("auth", a.Name, a.Key); err != nil {
		return err
	}
	return digestOf(a.Name).key.checkKey("auth", a.Name, a.Key)
}

func (a *AuthTrunc) check() error {
	if err := needName("auth_trunc", a.Name, a.Key); err != nil {
		return err
	}
	if a.Name == "" {
		return nil
	}
	d := digestOf(a.Name)
	if a.TruncLen == 0 || a.TruncLen%8 != 0 || d.full > 0 && a.TruncLen > d.full {
		most := ""
		if d.full > 0 {
			most = fmt.Sprintf(" up to %d for %s", d.full, a.Name)
		}
		return &attr.FieldError{Field: "auth_trunc.trunc_len", Msg: fmt.Sprintf("wants a multiple of 8 bits%s, got %d", most, a.TruncLen)}
	}
	return d.key.checkKey("auth_trunc", a.Name, a.Key)
}

func (a *AEAD) check() error {
	if err := needName("aead", a.Name, a.Key); err != nil {
		return err
	}
	k := aeads.of(a.Name)
	if err := k.checkKey("aead", a.Name, a.Key); err != nil {
		return err
	}
	if k.bits != nil && !slices.Contains(k.bits, a.ICVLen) {
		return &attr.FieldError{Field: "aead.icv_len", Msg: fmt.Sprintf("wants %s bits for %s, got %d", oneOf(k.bits), a.Name, a.ICVLen)}
	}
	return nil
}
