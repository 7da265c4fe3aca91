// SPDX-License-Identifier: Apache-2.0

// The class of signatures: valid ones of odd keys, and odd ones of plain keys.
package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	crand "crypto/rand"
	"crypto/sha512"
	"encoding/asn1"
	"math/big"
)

// oddRSA is a key of known factors with which anything can be signed that has
// a root: exponents and moduli that no library would make.
type oddRSA struct {
	n, e    *big.Int
	factors []*big.Int
}

func prime(bits int) *big.Int {
	p, err := crand.Prime(crand.Reader, bits)
	fail(err)
	return p
}

func product(factors []*big.Int) *big.Int {
	n := big.NewInt(1)
	for _, p := range factors {
		n.Mul(n, p)
	}
	return n
}

func makeOddRSA(e *big.Int, factors ...*big.Int) *oddRSA {
	return &oddRSA{product(factors), e, factors}
}

func (k *oddRSA) spki() []byte {
	nb, _ := asn1.Marshal(k.n)
	eb, _ := asn1.Marshal(k.e)
	return tlv(0x30, tlv(0x30, oid("1.2.840.113549.1.1.1"), []byte{5, 0}),
		tlv(3, []byte{0}, tlv(0x30, nb, eb)))
}

// root is an e-th root of EM, factor by factor; nil where there is none.
func (k *oddRSA) root(em []byte) []byte {
	m, out := new(big.Int).SetBytes(em), new(big.Int)
	for _, p := range k.factors {
		order := new(big.Int).Sub(p, big.NewInt(1))
		d := big.NewInt(1)
		if order.Cmp(d) > 0 {
			d = new(big.Int).ModInverse(new(big.Int).Mod(k.e, order), order)
		}
		var s *big.Int
		switch {
		case d != nil:
			s = new(big.Int).Exp(new(big.Int).Mod(m, p), d, p)
		case k.e.Cmp(big.NewInt(2)) == 0:
			s = new(big.Int).ModSqrt(new(big.Int).Mod(m, p), p)
		}
		if s == nil {
			return nil
		}
		rest := new(big.Int).Div(k.n, p)
		inverse := new(big.Int).ModInverse(rest, p)
		if inverse == nil {
			return nil
		}
		out.Add(out, s.Mul(s, rest).Mul(s, inverse))
	}
	out.Mod(out, k.n)
	return out.FillBytes(make([]byte, (k.n.BitLen()+7)/8))
}

var oddKeys []*oddRSA

func makeOddKeys() {
	a, b, c := prime(1024), prime(1024), prime(512)
	for _, e := range []*big.Int{big.NewInt(1), big.NewInt(2), big.NewInt(3),
		big.NewInt(5), big.NewInt(65537), big.NewInt(1<<31 - 1),
		big.NewInt(1<<31 + 11), big.NewInt(1 << 32), big.NewInt(1<<40 + 15),
		big.NewInt(1<<62 + 1), big.NewInt(1<<63 - 1), big.NewInt(4),
		big.NewInt(65536)} {
		oddKeys = append(oddKeys, makeOddRSA(e, a, b), makeOddRSA(e, a),
			makeOddRSA(e, big.NewInt(2), a, b), makeOddRSA(e, a, b, c, prime(7)),
			makeOddRSA(e, prime(1016), prime(9)))
	}
	e := big.NewInt(65537)
	for _, bits := range []int{512, 1016, 1023, 1024, 1025, 1031, 2049, 4096,
		8191, 8192, 8193, 12288, 16384} {
		factors := []*big.Int{}
		for left := bits; left > 0; {
			step := 512
			if left < 1024 {
				step = left
			}
			factors = append(factors, prime(step))
			left -= step
		}
		oddKeys = append(oddKeys, makeOddRSA(e, factors...))
	}
}

var prefixes = map[crypto.Hash][]byte{
	crypto.SHA1:   tlv(0x30, oid("1.3.14.3.2.26"), []byte{5, 0}),
	crypto.SHA256: tlv(0x30, oid("2.16.840.1.101.3.4.2.1"), []byte{5, 0}),
	crypto.SHA384: tlv(0x30, oid("2.16.840.1.101.3.4.2.2"), []byte{5, 0}),
	crypto.SHA512: tlv(0x30, oid("2.16.840.1.101.3.4.2.3"), []byte{5, 0}),
}

// padded is EMSA-PKCS1-v1_5 of DIGEST, at times with one thing otherwise.
func padded(hash crypto.Hash, digest []byte, size int) []byte {
	id, info := prefixes[hash], tlv(4, digest)
	fill, second := byte(0xff), byte(1)
	switch rnd.Intn(30) {
	case 0:
		id = id[:len(id)-2]
		id = append([]byte{id[0], id[1] - 2}, id[2:]...)
	case 1:
		info = append(info, 0)
	case 2:
		fill = 0xfe
	case 3:
		second = pick[byte](0, 2)
	case 4:
		info = tlv(4, digest[:len(digest)-1])
	case 5:
		id = prefixes[pick(crypto.SHA1, crypto.SHA256, crypto.SHA384,
			crypto.SHA512)]
	}
	t := tlv(0x30, id, info)
	if size < len(t)+3 {
		return nil
	}
	em := []byte{0, second}
	for len(em) < size-len(t)-1 {
		em = append(em, fill)
	}
	em = append(em, 0)
	return append(em, t...)
}

func (k *oddRSA) sign(tbs []byte, hash crypto.Hash) []byte {
	h := hash.New()
	h.Write(tbs)
	em := padded(hash, h.Sum(nil), (k.n.BitLen()+7)/8)
	if em == nil {
		return []byte("too small")
	}
	s := k.root(em)
	if s == nil {
		return []byte("no root")
	}
	switch rnd.Intn(20) {
	case 0:
		s = append([]byte{0}, s...)
	case 1:
		s = s[1:]
	case 2:
		s = new(big.Int).Add(new(big.Int).SetBytes(s), k.n).Bytes()
	case 3:
		s = new(big.Int).Sub(k.n, new(big.Int).SetBytes(s)).Bytes()
	}
	return s
}

// oddECDSA is a signature by K, encoded or reckoned in another way.
func oddECDSA(k *ecdsa.PrivateKey, digest []byte) []byte {
	r, s, err := ecdsa.Sign(crand.Reader, k, digest)
	fail(err)
	n := k.Params().N
	number := func(x *big.Int) []byte {
		b, _ := asn1.Marshal(x)
		return b
	}
	form := func(x *big.Int) []byte {
		switch rnd.Intn(24) {
		case 0:
			return tlv(2, append([]byte{0}, number(x)[2:]...))
		case 1:
			return tlv(2, x.Bytes())
		case 2:
			return number(new(big.Int).Add(x, n))
		case 3:
			return number(new(big.Int).Neg(x))
		case 4:
			return number(pick(big.NewInt(0), big.NewInt(1), n,
				new(big.Int).Sub(n, big.NewInt(1)),
				new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()+8*rnd.Intn(600)))))
		case 5:
			return tlv(2)
		case 6:
			b := number(x)
			return append([]byte{2, 0x81, b[1]}, b[2:]...)
		case 7:
			return number(new(big.Int).Sub(n, x))
		}
		return number(x)
	}
	out := tlv(0x30, form(r), form(s))
	switch rnd.Intn(24) {
	case 0:
		return append(out, 0)
	case 1:
		return tlv(0x30, number(r), number(s), []byte{5, 0})
	case 2:
		return tlv(0x31, number(r), number(s))
	case 3:
		return append(r.Bytes(), s.Bytes()...)
	case 4:
		return tlv(0x30, number(r))
	case 5:
		return oddForm(tlv(0x30, number(r), number(s)))
	}
	return out
}

var order25519, _ = new(big.Int).SetString("723700557733226221397318656304299424"+
	"0857116359379907606001950938285454250989", 10)

func reversed(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[len(b)-1-i] = b[i]
	}
	return out
}

// nearPrime is 2^255 - 256 + LOW, in the order of octets that keys have.
func nearPrime(low byte) []byte {
	return append(append([]byte{low}, bytes.Repeat([]byte{0xff}, 30)...), 0x7f)
}

// oddEd25519 is a key and a signature of it, of little order or not canonical.
func oddEd25519(tbs []byte, honest ed25519.PrivateKey) (key, signature []byte) {
	key = honest.Public().(ed25519.PublicKey)
	signature = ed25519.Sign(honest, tbs)
	s := new(big.Int).SetBytes(reversed(signature[32:]))
	switch rnd.Intn(8) {
	case 0: // S and the order
		s.Add(s, order25519)
		copy(signature[32:], reversed(s.FillBytes(make([]byte, 32))))
	case 1:
		signature[63] |= pick[byte](0x20, 0x40, 0x80)
	case 2:
		signature = pick(signature[:63], append(signature, 0), []byte{})
	case 3, 4, 5: // a key of little order: [s]B is R for some of them
		y := pick([]byte{1}, []byte{0}, []byte{2})
		key = append(append([]byte{}, y...), make([]byte, 31)...)
		switch rnd.Intn(5) {
		case 0:
			key = nearPrime(0xec)
		case 1:
			key = nearPrime(pick[byte](0xed, 0xee, 0xff))
		case 2:
			key[31] |= 0x80
		}
		// R = [s]B with the identity for a key: s = 0 is the identity itself.
		signature = append(pick(append([]byte{1}, make([]byte, 31)...),
			append([]byte{}, key...)), make([]byte, 32)...)
		if chance(50) {
			// The public key of another is [s]B for the clamped s.
			seed := make([]byte, 32)
			rnd.Read(seed)
			h := sha512.Sum512(seed)
			h[0] &= 248
			h[31] = h[31]&63 | 64
			sb := new(big.Int).SetBytes(reversed(h[:32]))
			sb.Mod(sb, order25519)
			other := ed25519.NewKeyFromSeed(seed)
			signature = append(append([]byte{}, other[32:]...),
				reversed(sb.FillBytes(make([]byte, 32)))...)
		}
	}
	return key, signature
}

// tbsOf is the signed part of C, with ID for its algorithm.
func tbsOf(c *cert, id []byte) []byte {
	c.identifier = id
	list, _ := parse(c.der())
	return list[0].children[0].encode()
}

func genSignatures() *kase {
	root, inter, leaf := plain()
	var id, signature []byte
	var tbs []byte
	switch rnd.Intn(5) {
	case 0, 1:
		if oddKeys == nil {
			makeOddKeys()
		}
		k := oddKeys[rnd.Intn(len(oddKeys))]
		alg := pick("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12",
			"1.2.840.113549.1.1.13", "1.2.840.113549.1.1.5")
		root.spki = k.spki()
		id = pick(tlv(0x30, oid(alg), []byte{5, 0}),
			tlv(0x30, oid(alg), []byte{5, 0}), tlv(0x30, oid(alg), []byte{5, 0}),
			tlv(0x30, oid(alg)), tlv(0x30, oid(alg), tlv(4, []byte("x"))),
			tlv(0x30, oid(alg), []byte{5, 0}, []byte{5, 0}))
		tbs = tbsOf(inter, id)
		signature = k.sign(tbs, hashes[alg])
	case 2, 3:
		k := pick(ec[0], ec[0], others[0], others[1], others[2])
		alg := pick("1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3",
			"1.2.840.10045.4.3.4", "1.2.840.10045.4.1")
		root.spki = k.spki
		id = pick(tlv(0x30, oid(alg)), tlv(0x30, oid(alg)),
			tlv(0x30, oid(alg), []byte{5, 0}))
		tbs = tbsOf(inter, id)
		h := hashes[alg].New()
		h.Write(tbs)
		signature = oddECDSA(k.private.(*ecdsa.PrivateKey), h.Sum(nil))
	case 4:
		k := others[len(others)-1]
		id = pick(tlv(0x30, oid("1.3.101.112")), tlv(0x30, oid("1.3.101.112")),
			tlv(0x30, oid("1.3.101.112"), []byte{5, 0}))
		tbs = tbsOf(inter, id)
		var key []byte
		key, signature = oddEd25519(tbs, k.private.(ed25519.PrivateKey))
		root.spki = tlv(0x30, tlv(0x30, oid("1.3.101.112")),
			tlv(3, []byte{0}, key))
	}
	unused := byte(0)
	if chance(4) {
		unused = byte(rnd.Intn(9))
	}
	return &kase{host: "reg.example.com", pool: [][]byte{root.der()},
		sent: [][]byte{leaf.der(), tlv(0x30, tbs, id,
			tlv(3, []byte{unused}, signature))}}
}

func init() { classes["signatures"] = genSignatures }
