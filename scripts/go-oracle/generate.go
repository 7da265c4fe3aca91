// SPDX-License-Identifier: Apache-2.0

// The generator: writes a cases file (see pack) of COUNT random cases of one
// CLASS for the differential run. Needs Go 1.21 or later.
//
//	generate CLASS SEED COUNT >cases.txt
//
// The key of the leaf is written to the file KEY, where that is set: leaves of
// most classes have it, and can be served by who has it.
package main

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"

	_ "crypto/md5"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
)

var rnd *rand.Rand

var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func chance(percent int) bool { return rnd.Intn(100) < percent }

func pick[T any](list ...T) T { return list[rnd.Intn(len(list))] }

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// DER

func tlv(tag byte, parts ...[]byte) []byte {
	var content []byte
	for _, p := range parts {
		content = append(content, p...)
	}
	return append(header(tag, len(content)), content...)
}

func header(tag byte, n int) []byte {
	switch {
	case n < 128:
		return []byte{tag, byte(n)}
	case n < 256:
		return []byte{tag, 0x81, byte(n)}
	case n < 65536:
		return []byte{tag, 0x82, byte(n >> 8), byte(n)}
	}
	return []byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}
}

func oid(dotted string) []byte {
	var id asn1.ObjectIdentifier
	for _, part := range strings.Split(dotted, ".") {
		n, err := strconv.Atoi(part)
		fail(err)
		id = append(id, n)
	}
	der, err := asn1.Marshal(id)
	fail(err)
	return der
}

func integer(n int64) []byte {
	der, err := asn1.Marshal(n)
	fail(err)
	return der
}

func boolean(b bool) []byte {
	if b {
		return []byte{1, 1, 0xff}
	}
	return []byte{1, 1, 0}
}

func utc(t time.Time) []byte {
	if t.Year() >= 2050 || t.Year() < 1950 {
		return tlv(0x18, []byte(t.Format("20060102150405Z")))
	}
	return tlv(0x17, []byte(t.Format("060102150405Z")))
}

// Names

func attribute(id string, tag byte, value string) []byte {
	return tlv(0x31, tlv(0x30, oid(id), tlv(tag, []byte(value))))
}

func cn(name string) []byte {
	return tlv(0x30, attribute("2.5.4.3", 0x0c, name))
}

// Keys and signatures

type key struct {
	private crypto.Signer
	spki    []byte
	alg     string // signature algorithm it signs with
}

var (
	ec     []*key // P-256, cheap
	others []*key // one of each other kind
)

func newKey(private crypto.Signer, alg string) *key {
	spki, err := x509.MarshalPKIXPublicKey(private.Public())
	fail(err)
	return &key{private, spki, alg}
}

func makeKeys() {
	for i := 0; i < 8; i++ {
		k, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
		fail(err)
		ec = append(ec, newKey(k, "1.2.840.10045.4.3.2"))
	}
	for _, c := range []elliptic.Curve{elliptic.P224(), elliptic.P384(),
		elliptic.P521()} {
		k, err := ecdsa.GenerateKey(c, crand.Reader)
		fail(err)
		others = append(others, newKey(k, "1.2.840.10045.4.3.3"))
	}
	for _, bits := range []int{1024, 1025, 2048, 1536, 1032} {
		k, err := rsa.GenerateKey(crand.Reader, bits)
		fail(err)
		others = append(others, newKey(k, "1.2.840.113549.1.1.11"),
			newKey(k, "pss"))
	}
	_, k, err := ed25519.GenerateKey(crand.Reader)
	fail(err)
	others = append(others, newKey(k, "1.3.101.112"))
}

var hashes = map[string]crypto.Hash{
	"1.2.840.10045.4.1":     crypto.SHA1,
	"1.2.840.10045.4.3.2":   crypto.SHA256,
	"1.2.840.10045.4.3.3":   crypto.SHA384,
	"1.2.840.10045.4.3.4":   crypto.SHA512,
	"1.2.840.113549.1.1.5":  crypto.SHA1,
	"1.2.840.113549.1.1.4":  crypto.MD5,
	"1.2.840.113549.1.1.11": crypto.SHA256,
	"1.2.840.113549.1.1.12": crypto.SHA384,
	"1.2.840.113549.1.1.13": crypto.SHA512,
}

func pssParameters(hash string, salt int64) []byte {
	h := tlv(0x30, oid(hash), []byte{5, 0})
	return tlv(0x30, oid("1.2.840.113549.1.1.10"), tlv(0x30, tlv(0xa0, h),
		tlv(0xa1, tlv(0x30, oid("1.2.840.113549.1.1.8"), h)),
		tlv(0xa2, integer(salt))))
}

// identifier is the AlgorithmIdentifier that k signs with.
func (k *key) identifier() []byte {
	switch {
	case k.alg == "pss":
		return pssParameters("2.16.840.1.101.3.4.2.1", 32)
	case strings.HasPrefix(k.alg, "1.2.840.113549"):
		return tlv(0x30, oid(k.alg), []byte{5, 0})
	}
	return tlv(0x30, oid(k.alg))
}

func (k *key) sign(tbs []byte) []byte {
	if k.alg == "1.3.101.112" {
		s, err := k.private.Sign(crand.Reader, tbs, crypto.Hash(0))
		fail(err)
		return s
	}
	hash, ok := hashes[k.alg]
	var opts crypto.SignerOpts = hash
	if !ok {
		hash = crypto.SHA256
		opts = &rsa.PSSOptions{SaltLength: 32, Hash: hash}
		if k.alg != "pss" {
			opts = hash
		}
	}
	h := hash.New()
	h.Write(tbs)
	s, err := k.private.Sign(crand.Reader, h.Sum(nil), opts)
	if err != nil {
		return []byte("unsignable")
	}
	return s
}

// Certificates

type extension struct {
	id       string
	critical bool
	value    []byte
}

type cert struct {
	version         int // 0-based; below 0: left out
	serial          []byte
	issuer, subject []byte
	before, after   []byte
	spki            []byte
	ext             []extension
	signer          *key
	identifier      []byte // nil: the signer's
	mutate          func(tbs []byte) []byte
	breakSignature  bool
}

var serials int64

func newCert(issuer, subject []byte, k, signer *key) *cert {
	serials++
	return &cert{version: 2, serial: integer(serials), issuer: issuer,
		subject: subject, before: utc(now.AddDate(-1, 0, 0)),
		after: utc(now.AddDate(5, 0, 0)), spki: k.spki, signer: signer}
}

func (c *cert) add(id string, critical bool, value []byte) *cert {
	c.ext = append(c.ext, extension{id, critical, value})
	return c
}

func (c *cert) ca() *cert {
	return c.add("2.5.29.19", true, tlv(0x30, boolean(true)))
}

func (c *cert) san(names ...[]byte) *cert {
	return c.add("2.5.29.17", false, tlv(0x30, names...))
}

func dns(name string) []byte   { return tlv(0x82, []byte(name)) }
func uri(name string) []byte   { return tlv(0x86, []byte(name)) }
func email(name string) []byte { return tlv(0x81, []byte(name)) }
func ip(b ...byte) []byte      { return tlv(0x87, b) }

func (c *cert) der() []byte {
	id := c.identifier
	if id == nil {
		id = c.signer.identifier()
	}
	var parts [][]byte
	if c.version >= 0 {
		parts = append(parts, tlv(0xa0, integer(int64(c.version))))
	}
	parts = append(parts, c.serial, id, c.issuer, tlv(0x30, c.before, c.after),
		c.subject, c.spki)
	if c.ext != nil {
		var all [][]byte
		for _, e := range c.ext {
			var critical []byte
			if e.critical {
				critical = boolean(true)
			}
			all = append(all, tlv(0x30, oid(e.id), critical,
				tlv(4, e.value)))
		}
		parts = append(parts, tlv(0xa3, tlv(0x30, all...)))
	}
	tbs := tlv(0x30, parts...)
	if c.mutate != nil {
		tbs = c.mutate(tbs)
	}
	signature := c.signer.sign(tbs)
	if c.breakSignature {
		signature[len(signature)-1] ^= 1
	}
	return tlv(0x30, tbs, id, tlv(3, []byte{0}, signature))
}

// Mutation of DER by structure

type node struct {
	tag      byte
	content  []byte
	children []*node // of constructed elements and of wrapped DER
	wrapped  bool    // an OCTET STRING with DER in it
	padded   bool    // encode the length with one octet too many
	raw      []byte  // all of it, in place of the rest
}

func parse(b []byte) ([]*node, bool) {
	var out []*node
	for len(b) > 0 {
		if len(b) < 2 || b[0]&0x1f == 0x1f {
			return nil, false
		}
		n, h := int(b[1]), 2
		if n >= 128 {
			l := n & 0x7f
			if l == 0 || l > 3 || len(b) < 2+l {
				return nil, false
			}
			n = 0
			for i := 0; i < l; i++ {
				n = n<<8 | int(b[2+i])
			}
			h += l
		}
		if len(b) < h+n {
			return nil, false
		}
		x := &node{tag: b[0], content: b[h : h+n]}
		if b[0]&0x20 != 0 || b[0] == 4 {
			if kids, ok := parse(x.content); ok && n > 0 {
				x.children = kids
				x.wrapped = b[0] == 4
			}
		}
		out = append(out, x)
		b = b[h+n:]
	}
	return out, true
}

func (x *node) encode() []byte {
	if x.raw != nil {
		return x.raw
	}
	content := x.content
	if x.children != nil {
		content = nil
		for _, k := range x.children {
			content = append(content, k.encode()...)
		}
	}
	h := header(x.tag, len(content))
	if x.padded {
		if h[1] < 128 {
			h = []byte{x.tag, 0x81, h[1]}
		} else {
			h = append([]byte{x.tag, h[1] + 1, 0}, h[2:]...)
		}
	}
	return append(h, content...)
}

func (x *node) all() []*node {
	out := []*node{x}
	for _, k := range x.children {
		out = append(out, k.all()...)
	}
	return out
}

func randomValue() *node {
	return &node{tag: pick[byte](1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x16, 0x17, 0x18,
		0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0xa0, 0xa1, 0xa3),
		content: pick([]byte{}, []byte{0}, []byte{0xff}, []byte{1},
			[]byte{0x80}, []byte{0, 0}, []byte("x"), []byte("a.b"))}
}

func mutateNode(x *node) {
	switch rnd.Intn(16) {
	case 0:
		x.tag = pick[byte](1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18,
			0x1e, 0x12, 0x30, 0x31, 0x80, 0x82, 0xa0, 0xa1, 0xa3, 0x1c)
	case 1:
		x.tag ^= 1 << rnd.Intn(8)
	case 2, 3, 4:
		if len(x.content) > 0 && x.children == nil {
			c := append([]byte{}, x.content...)
			c[rnd.Intn(len(c))] = pick[byte](0, 1, 0x7f, 0x80, 0xff, '.', '*',
				'@', ' ', byte(rnd.Intn(256)))
			x.content = c
		}
	case 5:
		x.padded = true
	case 6:
		x.children, x.content = nil, nil
	case 7:
		if len(x.children) > 0 {
			i := rnd.Intn(len(x.children))
			x.children = append(x.children[:i:i], x.children[i+1:]...)
			if len(x.children) == 0 {
				x.children, x.content = nil, nil
			}
		}
	case 8:
		if len(x.children) > 0 {
			k := x.children[rnd.Intn(len(x.children))]
			x.children = append(x.children, k)
		}
	case 9:
		if len(x.children) > 1 {
			i, j := rnd.Intn(len(x.children)), rnd.Intn(len(x.children))
			x.children[i], x.children[j] = x.children[j], x.children[i]
		}
	case 10, 11:
		if len(x.children) > 0 {
			i := rnd.Intn(len(x.children) + 1)
			kids := append([]*node{}, x.children[:i]...)
			x.children = append(append(kids, randomValue()),
				x.children[i:]...)
		}
	case 12:
		if x.children == nil {
			x.content = append([]byte{0}, x.content...)
		}
	case 13:
		if x.children == nil {
			x.content = append(append([]byte{}, x.content...),
				pick[byte](0, 1, 0xff, 'x'))
		}
	case 14:
		if x.children == nil && len(x.content) > 0 {
			x.content = x.content[:len(x.content)-1]
		}
	case 15:
		*x = *randomValue()
	}
}

func mutate(tbs []byte) []byte {
	list, ok := parse(tbs)
	if !ok {
		return tbs
	}
	for i := 1 + rnd.Intn(2); i > 0; i-- {
		all := list[0].all()
		mutateNode(all[rnd.Intn(len(all))])
	}
	return list[0].encode()
}

// Cases

type kase struct {
	host       string
	pool, sent [][]byte
	poolIsPEM  bool
	now        time.Time
}

type writer struct {
	blobs map[string]int
	lines []string
	out   *bufio.Writer
	n     int
}

func (w *writer) list(ders [][]byte, prefix string) string {
	if len(ders) == 0 {
		return "-"
	}
	var out []string
	for _, der := range ders {
		n, ok := w.blobs[string(der)]
		if !ok {
			n = len(w.blobs)
			w.blobs[string(der)] = n
			fmt.Fprintf(w.out, "blob\t%s\n",
				base64.StdEncoding.EncodeToString(der))
		}
		out = append(out, prefix+strconv.Itoa(n))
	}
	return strings.Join(out, ",")
}

func (w *writer) write(class string, k *kase) {
	prefix := "d"
	if k.poolIsPEM {
		prefix = "p"
	}
	if k.now.IsZero() {
		k.now = now
	}
	pool, sent := w.list(k.pool, prefix), w.list(k.sent, "")
	w.lines = append(w.lines, fmt.Sprintf("case\t%s-%d\t%d\t%s\t%s\t%s", class,
		w.n, k.now.Unix(), k.host, pool, sent))
	w.n++
}

// plain is root, intermediate, leaf, all in order.
func plain() (root, inter, leaf *cert) {
	root = newCert(cn("Root"), cn("Root"), ec[0], ec[0]).ca()
	inter = newCert(cn("Root"), cn("Inter"), ec[1], ec[0]).ca()
	leaf = newCert(cn("Inter"), cn("leaf"), ec[2], ec[1]).
		san(dns("reg.example.com"))
	return
}

func chain(root, inter, leaf *cert) *kase {
	return &kase{host: "reg.example.com", pool: [][]byte{root.der()},
		sent: [][]byte{leaf.der(), inter.der()}}
}

// rich has every extension that Go reads.
func rich(c *cert, ca bool) {
	if ca {
		c.add("2.5.29.15", true, []byte{3, 2, 1, 6})
		if chance(30) {
			c.add("2.5.29.30", chance(50), tlv(0x30, tlv(0xa0, tlv(0x30,
				dns("example.com")), tlv(0x30, ip(10, 0, 0, 0, 255, 0, 0, 0)),
				tlv(0x30, email("example.com")),
				tlv(0x30, uri("example.com"))), tlv(0xa1, tlv(0x30,
				dns("bad.example.com")))))
		}
		if chance(30) {
			c.add("2.5.29.36", chance(50), tlv(0x30, tlv(0x80, []byte{2}),
				tlv(0x81, []byte{1})))
			c.add("2.5.29.33", chance(50), tlv(0x30, tlv(0x30, oid("1.2.3"),
				oid("1.2.4"))))
			c.add("2.5.29.54", chance(50), integer(3))
		}
	} else {
		c.add("2.5.29.15", true, []byte{3, 2, 7, 0x80})
		c.add("2.5.29.37", false, tlv(0x30, oid("1.3.6.1.5.5.7.3.1"),
			oid("1.2.3.4")))
	}
	c.add("2.5.29.14", false, tlv(4, []byte("key")))
	c.add("2.5.29.35", false, tlv(0x30, tlv(0x80, []byte("key"))))
	c.add("2.5.29.32", false, tlv(0x30, tlv(0x30, oid("2.5.29.32.0")),
		tlv(0x30, oid("1.2.3"))))
	c.add("2.5.29.31", false, tlv(0x30, tlv(0x30, tlv(0xa0, tlv(0xa0,
		uri("http://x/crl"))))))
	c.add("1.3.6.1.5.5.7.1.1", false, tlv(0x30, tlv(0x30,
		oid("1.3.6.1.5.5.7.48.1"), uri("http://x/ocsp"))))
}

func genDER() *kase {
	root, inter, leaf := plain()
	if chance(70) {
		leaf.ext = nil
		leaf.san(dns("reg.example.com"), ip(10, 0, 0, 5),
			uri("https://reg.example.com/"), email("a@b.example"))
		rich(leaf, false)
		rich(inter, true)
		rich(root, true)
	}
	if chance(30) {
		inter.subject = tlv(0x30, attribute("2.5.4.6", 0x13, "DE"),
			attribute("2.5.4.10", 0x14, "Org"),
			attribute("2.5.4.3", 0x1e, "\x00I\x00n"))
		leaf.issuer = inter.subject
	}
	pick(root, inter, leaf, leaf).mutate = mutate
	return chain(root, inter, leaf)
}

// genSigned mutates what is outside of the signed part.
func genSigned() *kase {
	k := chain(plain())
	target := pick(&k.pool[0], &k.sent[0], &k.sent[1])
	list, _ := parse(*target)
	all := list[0].all()
	mutateNode(pick(list[0], list[0].children[1], list[0].children[2],
		all[rnd.Intn(len(all))]))
	*target = list[0].encode()
	if chance(10) {
		*target = append(*target, pick[byte](0, 0x30))
	}
	return k
}

func genGraph() *kase {
	names := 2 + rnd.Intn(4)
	var cas []*cert
	for i := 0; i < 3+rnd.Intn(8); i++ {
		issuer, subject := rnd.Intn(names), rnd.Intn(names)
		keyOf := func(n int) *key {
			if chance(85) {
				return ec[n]
			}
			return ec[rnd.Intn(len(ec))]
		}
		c := newCert(cn(fmt.Sprint("CA ", issuer)),
			cn(fmt.Sprint("CA ", subject)), keyOf(subject), keyOf(issuer))
		switch rnd.Intn(12) {
		case 0:
			c.add("2.5.29.19", true, tlv(0x30))
		case 1:
			c.version = 0
			c.ext = nil
		case 2, 3:
			c.add("2.5.29.19", true, tlv(0x30, boolean(true),
				integer(int64(rnd.Intn(3)))))
		case 4:
		default:
			c.ca()
		}
		if chance(10) {
			c.add("2.5.29.15", true, []byte{3, 2, 1, pick[byte](6, 2, 4, 0)})
		}
		if chance(40) {
			c.add("2.5.29.14", false, tlv(4, []byte{byte(rnd.Intn(3))}))
		}
		if chance(40) {
			c.add("2.5.29.35", false, tlv(0x30, tlv(0x80,
				[]byte{byte(rnd.Intn(3))})))
		}
		if chance(8) {
			c.after = utc(now.AddDate(0, -1, 0))
		}
		if chance(5) {
			c.before = utc(now.AddDate(0, 1, 0))
		}
		if chance(10) {
			c.san(dns(pick("a", "b")))
		}
		if chance(6) {
			c.add("1.2.3.4", true, []byte{5, 0})
		}
		if chance(8) {
			c.add("2.5.29.37", false, tlv(0x30, oid(pick("1.3.6.1.5.5.7.3.1",
				"1.3.6.1.5.5.7.3.2", "2.5.29.37.0", "1.2.3"))))
		}
		if chance(5) {
			c.breakSignature = true
		}
		cas = append(cas, c)
	}
	issuer := rnd.Intn(names)
	leaf := newCert(cn(fmt.Sprint("CA ", issuer)), pick(cn("leaf"),
		cn(fmt.Sprint("CA ", rnd.Intn(names)))), ec[rnd.Intn(len(ec))],
		ec[issuer]).san(dns("reg.example.com"))
	if chance(30) {
		leaf.add("2.5.29.35", false, tlv(0x30, tlv(0x80,
			[]byte{byte(rnd.Intn(3))})))
	}
	k := &kase{host: "reg.example.com", sent: [][]byte{leaf.der()}}
	for _, c := range cas {
		der := c.der()
		if chance(30) {
			k.pool = append(k.pool, der)
		}
		if chance(75) {
			k.sent = append(k.sent, der)
		}
		if chance(5) {
			k.sent = append(k.sent, der)
		}
	}
	if chance(4) {
		k.pool = append(k.pool, k.sent[0])
	}
	return k
}

// genFlood is about the limit of 100 signature checks.
func genFlood() *kase {
	root, inter, leaf := plain()
	k := chain(root, inter, leaf)
	k.sent = k.sent[:1]
	n := pick(20, 49, 50, 60, 97, 98, 99, 100, 101, 110, 130)
	for i := 0; i < n; i++ {
		fake := newCert(cn(pick("Root", "Inter")), cn("Inter"),
			ec[pick(1, 1, 3, 4)], ec[pick(0, 1, 5)]).ca()
		if chance(2) {
			fake = newCert(cn("Root"), cn("Inter"), ec[1], ec[0]).ca()
		}
		k.sent = append(k.sent, fake.der())
	}
	if chance(50) {
		k.sent = append(k.sent, inter.der())
	}
	if chance(30) {
		k.pool[0] = newCert(cn("Root"), cn("Root"), ec[6], ec[6]).ca().der()
	}
	return k
}

func label() string {
	return pick("a", "b", "reg", "example", "com", "*", "A", "x-y", "-x", "x_",
		"xn--bcher-kva", "", "1", "r*", "*r", "\x7f", "a b", "127", "com ")
}

func domain() string {
	switch rnd.Intn(20) {
	case 0:
		return ""
	case 1:
		return "."
	case 2:
		return "*"
	case 3:
		return ".example.com"
	case 4:
		return "example.com."
	case 5:
		return "*.example.com"
	case 6, 7:
		return "reg.example.com"
	case 8:
		return "REG.Example.COM"
	case 9:
		return "example.com"
	case 10:
		return pick("10.0.0.5", "::1", "[::1]", "0.0.0.0", "1.2.3")
	}
	var out []string
	for i := 1 + rnd.Intn(4); i > 0; i-- {
		out = append(out, label())
	}
	return strings.Join(out, ".")
}

func host() string {
	return pick("reg.example.com", "reg.example.com", "REG.example.com",
		"reg.example.com.", "example.com", "a.reg.example.com", "reg", "*",
		"*.example.com", "a b.example.com", "10.0.0.5", "010.0.0.5", "::1",
		"[::1]", "2001:db8::5", "[2001:DB8:0::5]", "fe80::1%eth0",
		"[fe80::1%eth0]", "::ffff:10.0.0.5", "1.2.3", "1.2.3.4.5", "-x.com",
		"x_.example.com", ".", "..", "reg..com", "0x7f.0.0.1", "::", "1::2::3",
		"com", "xn--bcher-kva.example", "reg.example.com ", "[::1", "%25",
		"1.2.3.256", "0:0:0:0:0:0:0:1", "::10.0.0.5", "12345::", domain())
}

func address() []byte {
	return pick(ip(10, 0, 0, 5), ip(10, 0, 0, 6),
		ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
		ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5),
		ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 5),
		ip(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
		ip(0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3),
		ip(127, 0, 0, 1), ip(1, 2, 3), ip())
}

func genNames() *kase {
	root, inter, leaf := plain()
	leaf.ext = nil
	leaf.subject = pick(cn("leaf"), cn("reg.example.com"), cn("*.example.com"),
		cn(domain()), tlv(0x30), cn("10.0.0.5"))
	if chance(85) {
		var names [][]byte
		for i := rnd.Intn(5); i > 0; i-- {
			switch rnd.Intn(8) {
			case 0:
				names = append(names, address())
			case 1:
				names = append(names, email("a@b.c"))
			case 2:
				names = append(names, tlv(0xa0, oid("1.2.3"),
					tlv(0xa0, []byte{5, 0})))
			default:
				names = append(names, dns(domain()))
			}
		}
		leaf.add("2.5.29.17", chance(30), tlv(0x30, names...))
	}
	if chance(3) {
		leaf.ext = nil
		var names [][]byte
		for i := pick(98, 99, 100, 101); i > 0; i-- {
			names = append(names, pick(dns("x"), dns("x"), address()))
		}
		leaf.san(names...)
	}
	k := chain(root, inter, leaf)
	k.host = host()
	if chance(10) {
		k.pool = append(k.pool, k.sent[0])
	}
	return k
}

func mailbox() string {
	return pick("a@example.com", "A@EXAMPLE.com", "b@reg.example.com",
		"a@x.example.com", "\"q q\"@example.com", "\"a\"@example.com",
		"a\\b@example.com", "a.b@example.com", ".a@example.com",
		"a..b@example.com", "a@", "@example.com", "a", "a@b@example.com",
		"a@example.com.", "\"a\\\"b\"@example.com", "", "a@*.example.com",
		"a b@example.com", "a@exa mple.com", "a@.example.com",
		"a@"+domain(), domain()+"@example.com")
}

func link() string {
	return pick("https://reg.example.com/", "http://example.com:80/x",
		"http://EXAMPLE.com", "spiffe://x.example.com/a?b#c", "mailto:a@b",
		"/path", "", "*", "http://10.0.0.5/", "http://[::1]/",
		"http://[::1]:80/", "http://[fe80::1%25eth0]/", "http://a b/",
		"http://u:p@example.com/", "http://u@p@example.com/", "http://a:b:c/",
		"ldap://a:1:2/", "http://x:80a/", "http://exa%6dple.com/",
		"http://%e2%82%ac.com/", "http://x/%zz", "http://x/%4", "HTTP://x",
		"1http://x", "://x", "a:b", "a/b:c", "http://x?%zz", "http://x#%zz",
		"http:///x", "///x", "//x", "http://x..y/", "http://.x/", "http://x./",
		"http://x\x7f/", "http://[::1", "http://[bad]/", "http://a[::1]/",
		"http://[1.2.3.4]/", "http://[::ffff:1.2.3.4]/", "http://x:/",
		"http://*.example.com/", "http://x<y>/", "http://x|y/", "http://:80/",
		"http://[fe80::1%25]/", "http://[::1]x/", "http://x/\x01",
		"http://\"x\"/", "http://[::12345]/", "http://%41/", "urn:a:b",
		"http://u:p%zz@x/", "http://u^@x/", "//x:y/", "http://x%25y/",
		"http:/%2f x", "https:/%2F/\"", "a:%2F b",
		"https://"+domain()+"/", "x-"+label()+"://"+domain())
}

// oddLink is a URI whose parts URL.String puts together in another way.
func oddLink() string {
	odd := func(max int) string {
		out := ""
		for n := rnd.Intn(max); n > 0; n-- {
			out += pick("a", "Z", "7", "/", "//", ":", "@", "%2F", "%2f",
				"%41", "%3A", "%3a", "%20", "%e2", "%25", "%00", " ",
				"!", "$&'", "()", "*", "+,;=", "[]", "<>", "\"", "|",
				"^", "`", "{}", "\\", "~-_.", "?", "%2A", "%23")
		}
		return out
	}
	out := pick("", "http:", "HTTPS:", "a+B.1-:", "urn:") +
		pick("", "", "/", "//", "//", "//", "///", "////")
	if chance(40) {
		out += pick("", "u", "u:p", "u:", ":p", "u@v", "%40%3a", "u:p:q",
			"a;b=c", "%2f%3F", "!$&'()*+,;=~") + "@"
	}
	out += pick("", "", "", "10.0.0.5", "[::1]", "[::1]:80", "[fe80::1%25a%20b]",
		"[::ffff:1.2.3.4]", "example.com", "EXAMPLE.com:80", "x<y>", ":80",
		"a.example.com", "%e2%82%ac.com")
	if chance(70) {
		out += pick("/", "") + odd(6)
	}
	if chance(30) {
		out += "?" + odd(4)
	}
	if chance(30) {
		out += "#" + odd(4)
	}
	return out
}

func genURI() *kase {
	root, inter, leaf := plain()
	leaf.ext = nil
	name := link()
	if chance(60) {
		name = oddLink()
	}
	leaf.san(dns("reg.example.com"), uri(name))
	if chance(70) {
		inter.add("2.5.29.30", true, tlv(0x30, tlv(pick[byte](0xa0, 0xa1),
			tlv(0x30, uri(pick("example.com", ".example.com", "com", "x",
				domain()))))))
	}
	return chain(root, inter, leaf)
}

func network() []byte {
	b := pick([]byte{10, 0, 0, 0, 255, 0, 0, 0}, []byte{10, 0, 0, 5, 255, 0, 0, 0},
		[]byte{10, 0, 0, 5, 255, 255, 255, 255}, []byte{0, 0, 0, 0, 0, 0, 0, 0},
		[]byte{10, 0, 0, 0, 255, 255, 255, 0}, []byte{10, 0, 0, 0, 255, 0, 255, 0},
		[]byte{10, 128, 3, 9, 255, 192, 0, 0}, []byte{11, 0, 0, 0, 254, 0, 0, 0},
		[]byte{10, 0, 0, 0}, append(make([]byte, 16), make([]byte, 16)...),
		append(append(make([]byte, 15), 1), []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")...),
		append([]byte{0x20, 1, 0xd, 0xb8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
			append([]byte{255, 255, 255, 255}, make([]byte, 12)...)...),
		append([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 0},
			[]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00")...))
	return tlv(0x87, b)
}

func zone() string {
	return pick("example.com", ".example.com", "reg.example.com", "com", "",
		"EXAMPLE.com", "a.example.com", ".reg.example.com", "b.example.com",
		"x-y.example.com", "aexample.com", "*.example.com", "1.example.com",
		"x.a.example.com", ".", "..", "example.com.", "a..b", "exa mple.com",
		domain())
}

func subtrees(tag byte) []byte {
	var out [][]byte
	for i := 1 + rnd.Intn(5); i > 0; i-- {
		var base []byte
		switch rnd.Intn(10) {
		case 0, 1, 2, 3, 4:
			base = dns(zone())
		case 5, 6:
			base = network()
		case 7:
			base = email(pick(zone(), zone(), mailbox()))
		case 8:
			base = uri(zone())
		case 9:
			base = pick(tlv(0xa4, cn("x")), dns(zone()), tlv(0x88, []byte{42}))
		}
		if chance(5) {
			out = append(out, tlv(0x30, base, tlv(0x80, []byte{0})))
		} else {
			out = append(out, tlv(0x30, base))
		}
	}
	return tlv(tag, out...)
}

func constraints() []byte {
	switch rnd.Intn(8) {
	case 0, 1, 2:
		return tlv(0x30, subtrees(0xa0))
	case 3, 4, 5:
		return tlv(0x30, subtrees(0xa1))
	case 6:
		return tlv(0x30, subtrees(0xa0), subtrees(0xa1))
	}
	return tlv(0x30, pick(tlv(0xa0), tlv(0xa1), nil))
}

// tidy keeps constraints that parse likely, so that matching is what differs.
func tidy() []byte {
	var permitted, excluded [][]byte
	zones := []string{"example.com", ".example.com", "reg.example.com", "com",
		"EXAMPLE.com", "a.example.com", ".reg.example.com", "b.example.com",
		"x-y.example.com", "aexample.com", "1.example.com", "x.a.example.com",
		"org", "*.example.com", "a-a.example.com", "a.a.example.com"}
	nets := [][]byte{{10, 0, 0, 0, 255, 0, 0, 0}, {10, 0, 0, 5, 255, 0, 0, 0},
		{10, 0, 0, 5, 255, 255, 255, 255}, {0, 0, 0, 0, 0, 0, 0, 0},
		{10, 128, 3, 9, 255, 192, 0, 0}, {11, 0, 0, 0, 254, 0, 0, 0},
		{10, 0, 0, 4, 255, 255, 255, 252}, {9, 255, 255, 255, 255, 255, 0, 0}}
	for i := 1 + rnd.Intn(12); i > 0; i-- {
		var base []byte
		switch rnd.Intn(6) {
		case 0, 1, 2:
			base = dns(pick(zones...))
		case 3:
			base = tlv(0x87, pick(nets...))
		case 4:
			base = email(pick(pick(zones...), "a@example.com",
				"A@example.com", "b@reg.example.com"))
		case 5:
			base = uri(pick(zones...))
		}
		if chance(60) {
			permitted = append(permitted, tlv(0x30, base))
		} else {
			excluded = append(excluded, tlv(0x30, base))
		}
	}
	var parts [][]byte
	if permitted != nil {
		parts = append(parts, tlv(0xa0, permitted...))
	}
	if excluded != nil {
		parts = append(parts, tlv(0xa1, excluded...))
	}
	return tlv(0x30, parts...)
}

func genTidyConstraints() *kase {
	root, inter, leaf := plain()
	leaf.ext = nil
	names := [][]byte{dns("reg.example.com")}
	for i := rnd.Intn(4); i > 0; i-- {
		names = append(names, pick(dns(pick("*.example.com", "a.example.com",
			"A.EXAMPLE.COM", "x.y.com", "*.com", "*.a.example.com",
			"a-a.example.com", "example.com", "x-y.example.com", "org")),
			ip(10, 0, 0, 5), ip(10, 130, 0, 1), ip(11, 1, 1, 1), ip(9, 255, 1, 1),
			email(pick("a@example.com", "a@EXAMPLE.com", "b@reg.example.com",
				"c@x.org", "a@*.example.com")),
			uri(pick("https://reg.example.com/", "x://a.example.com:1/",
				"http://org/", "http://*.example.com"))))
	}
	leaf.san(names...)
	for _, c := range []*cert{root, inter, leaf} {
		if chance(60) {
			c.add("2.5.29.30", true, tidy())
		}
	}
	if chance(20) {
		inter.san(dns("ca.example.com"))
	}
	if chance(20) {
		inter.add("2.5.29.37", false, tlv(0x30, oid("1.2.3")))
	}
	return chain(root, inter, leaf)
}

func genConstraints() *kase {
	root, inter, leaf := plain()
	leaf.ext = nil
	names := [][]byte{dns("reg.example.com")}
	for i := rnd.Intn(4); i > 0; i-- {
		names = append(names, pick(dns(domain()), dns(pick("*.example.com",
			"a.example.com", "x.y.com", "*.com", "*")), address(),
			email(mailbox()), uri(link())))
	}
	rnd.Shuffle(len(names), func(i, j int) {
		names[i], names[j] = names[j], names[i]
	})
	leaf.san(names...)
	for _, c := range []*cert{root, inter, leaf} {
		if chance(50) {
			c.add("2.5.29.30", chance(60), constraints())
		}
	}
	if chance(20) {
		inter.san(dns(domain()), address())
	}
	k := chain(root, inter, leaf)
	if chance(5) {
		k.pool = append(k.pool, k.sent[0])
	}
	return k
}

// genManyConstraints has long lists on both sides.
func genManyConstraints() *kase {
	root, inter, leaf := plain()
	n, m := pick(10, 300, 1500), pick(10, 300, 1500)
	var names, permitted, excluded [][]byte
	for i := 0; i < n; i++ {
		names = append(names, pick(dns(fmt.Sprintf("h%d.example.com",
			rnd.Intn(2000))), ip(10, 0, byte(i>>8), byte(i)),
			email(fmt.Sprintf("u%d@example.com", i))))
	}
	for i := 0; i < m; i++ {
		x := dns(fmt.Sprintf("h%d.example.com", rnd.Intn(2000)))
		if chance(30) {
			x = ip(10, 0, byte(rnd.Intn(8)), byte(rnd.Intn(256)), 255, 255, 255,
				pick[byte](255, 254, 0))
		}
		if chance(50) {
			permitted = append(permitted, tlv(0x30, x))
		} else if chance(3) {
			excluded = append(excluded, tlv(0x30, x))
		}
	}
	if chance(50) {
		permitted = append(permitted, tlv(0x30, dns("example.com")),
			tlv(0x30, ip(10, 0, 0, 0, 255, 0, 0, 0)))
	}
	leaf.ext = nil
	leaf.san(append(names, dns("reg.example.com"))...)
	value := [][]byte{tlv(0xa0, append(permitted, tlv(0x30, dns("com")))...)}
	if chance(60) && excluded != nil {
		value = append(value, tlv(0xa1, excluded...))
	}
	inter.add("2.5.29.30", true, tlv(0x30, value...))
	return chain(root, inter, leaf)
}

func policy() []byte {
	return oid(pick("2.5.29.32.0", "1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.4"))
}

func genPolicies() *kase {
	depth := 2 + rnd.Intn(4)
	var certs []*cert
	for i := 0; i < depth; i++ {
		issuer := i - 1
		if i == 0 {
			issuer = 0
		}
		c := newCert(cn(fmt.Sprint("P", issuer)), cn(fmt.Sprint("P", i)),
			ec[i], ec[issuer])
		if i > 0 && i < depth-1 && chance(15) {
			c.issuer, c.subject = cn("P0"), cn("P0")
		}
		if i < depth-1 {
			c.ca()
		}
		if chance(85) {
			seen := map[string]bool{}
			var list [][]byte
			for j := rnd.Intn(4); j >= 0; j-- {
				p := policy()
				if !seen[string(p)] || chance(2) {
					list = append(list, tlv(0x30, p))
				}
				seen[string(p)] = true
			}
			c.add("2.5.29.32", chance(30), tlv(0x30, list...))
		}
		if i < depth-1 && chance(35) {
			var list [][]byte
			for j := rnd.Intn(3); j >= 0; j-- {
				p := func() []byte {
					if chance(4) {
						return policy()
					}
					return oid(pick("1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.4"))
				}
				list = append(list, tlv(0x30, p(), p()))
			}
			c.add("2.5.29.33", chance(30), tlv(0x30, list...))
		}
		if chance(50) {
			var parts [][]byte
			if chance(85) {
				parts = append(parts, tlv(0x80, []byte{byte(rnd.Intn(3))}))
			}
			if chance(40) {
				parts = append(parts, tlv(0x81, []byte{byte(rnd.Intn(3))}))
			}
			c.add("2.5.29.36", chance(60), tlv(0x30, parts...))
		}
		if chance(20) {
			c.add("2.5.29.54", chance(60), integer(int64(rnd.Intn(3))))
		}
		certs = append(certs, c)
	}
	for i := 1; i < depth; i++ {
		certs[i].issuer = certs[i-1].subject
	}
	certs[depth-1].san(dns("reg.example.com"))
	k := &kase{host: "reg.example.com", pool: [][]byte{certs[0].der()}}
	for i := depth - 1; i > 0; i-- {
		k.sent = append(k.sent, certs[i].der())
	}
	if chance(10) {
		certs[depth-1].add("2.5.29.37", false, tlv(0x30, oid("1.2.3")))
		k.sent[0] = certs[depth-1].der()
	}
	return k
}

func genUsage() *kase {
	root, inter, leaf := plain()
	for _, c := range []*cert{root, inter, leaf} {
		if chance(50) {
			var list [][]byte
			for i := rnd.Intn(4); i > 0; i-- {
				list = append(list, oid(pick("1.3.6.1.5.5.7.3.1",
					"1.3.6.1.5.5.7.3.2", "2.5.29.37.0", "1.2.3.4",
					"1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1")))
			}
			c.add("2.5.29.37", chance(30), tlv(0x30, list...))
		}
		if chance(30) {
			c.add("2.5.29.15", chance(50), tlv(3, []byte{byte(rnd.Intn(3)),
				byte(rnd.Intn(256)) &^ 3}))
		}
		if chance(20) {
			c.ext[0] = extension{"2.5.29.19", chance(50), pick(
				tlv(0x30, boolean(true), integer(0)),
				tlv(0x30, boolean(true), integer(-1)),
				tlv(0x30, boolean(true), integer(1<<40)),
				tlv(0x30, boolean(false)), tlv(0x30, integer(1)), tlv(0x30),
				tlv(0x30, boolean(true), tlv(2, []byte{0, 1})),
				tlv(0x30, boolean(true), []byte{5, 0}))}
		}
		if chance(10) {
			c.add(pick("1.2.3.4", "2.5.29.36", "2.5.29.54", "2.5.29.33",
				"2.5.29.18", "2.5.29.999"), chance(60), pick([]byte{5, 0},
				tlv(0x30), integer(1)))
		}
		if chance(10) {
			c.version = pick(-1, 0, 1, 2, 3)
		}
	}
	return chain(root, inter, leaf)
}

func text() string {
	return pick("Root", "a@b", "a_b", "Ä", "\xff", "\xc3\xa9", "", "a*&b", "\"q\"",
		"back\\slash", "\x00", "tab\t", "\xe2\x80\x8b", "\xf0\x9f\x98\x80", "12 3",
		"\x00A\x00B", "\xd8\x00", "\xff\xfe", "\xfd\xd0", "\x00A\x00\x00", "abc",
		"\xc2\xad", "\u202e", "line\nbreak", "\xe3\x80\x80", "'()+,-./:=?")
}

func genDN() *kase {
	root, inter, leaf := plain()
	name := func() []byte {
		var parts [][]byte
		for i := rnd.Intn(4); i > 0; i-- {
			parts = append(parts, attribute(pick("2.5.4.3", "2.5.4.3", "2.5.4.10",
				"2.5.4.6", "1.2.3.4"), pick[byte](0x0c, 0x0c, 0x13, 0x14, 0x16,
				0x1e, 0x12, 0x1c, 2, 3, 4, 5, 6, 1, 0x17, 0x30, 0x80, 0xa0),
				text()))
		}
		return tlv(0x30, parts...)
	}
	n := name()
	root.subject, root.issuer, inter.issuer = n, n, n
	if chance(50) {
		n = name()
		inter.subject, leaf.issuer = n, n
	}
	switch rnd.Intn(4) {
	case 0:
		pick(inter, leaf).breakSignature = true
	case 1:
		root.after = utc(now.AddDate(0, -1, 0))
	case 2:
		root.serial = pick(integer(-5), tlv(2, []byte{0x7f, 1, 2, 3, 4, 5, 6, 7,
			8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}),
			tlv(2, []byte{0, 0xff}), integer(0))
		inter.breakSignature = true
	}
	if chance(20) {
		leaf.subject = name()
	}
	return chain(root, inter, leaf)
}

func genTime() *kase {
	root, inter, leaf := plain()
	random := func() []byte {
		s := pick("260101000000Z", "251231235959Z", "2601010000Z", "491231235959Z",
			"500101000000Z", "20260101000000Z", "20500101000000Z",
			"99991231235959Z", "00000101000000Z", "19700101000000Z",
			"260101000000+0100", "260101010000+0100", "260101000000-0130",
			"260101000000+0000", "260101000000+2400", "260101000000+2500",
			"260101000000+0060", "20260101000000+0100", "20260101000000.5Z",
			"260101000000.5Z", "261301000000Z", "260230000000Z",
			"240229000000Z", "250229000000Z", "260101240000Z", "260101006000Z",
			"260101000060Z", "2601010000", "260101000000", "", "Z", "26010100Z",
			"680101000000Z", "690101000000Z", "990101000000Z", "000229000000Z",
			"19000229000000Z", "20000229000000Z", "260101000000Zx",
			"2601010000+0100", "260101000000+01", "26010100000 Z",
			"-60101000000Z", "260101000000+9959")
		if chance(20) {
			b := []byte(s)
			if len(b) > 0 {
				b[rnd.Intn(len(b))] = pick[byte]('0', '9', 'Z', '+', '-', '.', ' ')
			}
			s = string(b)
		}
		return tlv(pick[byte](0x17, 0x17, 0x18, 0x0c), []byte(s))
	}
	c := pick(root, inter, leaf)
	if chance(50) {
		c.before = random()
	} else {
		c.after = random()
	}
	k := chain(root, inter, leaf)
	k.now = now.Add(time.Duration(rnd.Intn(5)-2) * pick(time.Second, time.Hour,
		24*time.Hour, 24*365*time.Hour))
	return k
}

func genKeys() *kase {
	root, inter, leaf := plain()
	a, b := others[rnd.Intn(len(others))], others[rnd.Intn(len(others))]
	root.spki, root.signer, inter.signer = a.spki, a, a
	inter.spki, leaf.signer = b.spki, b
	leaf.spki = pick(a, b, ec[3]).spki
	if chance(40) {
		c := pick(inter, leaf)
		k := *c.signer
		if strings.HasPrefix(k.alg, "1.2.840.10045") {
			k.alg = pick("1.2.840.10045.4.1", "1.2.840.10045.4.3.2",
				"1.2.840.10045.4.3.4", "1.2.840.10045.4.3.1",
				"1.2.840.113549.1.1.11")
		} else if k.alg != "1.3.101.112" {
			k.alg = pick("1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5",
				"1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
				"1.2.840.113549.1.1.14", "1.2.840.10045.4.3.2", "1.3.101.112")
			if k.alg == "1.3.101.112" || k.alg == "1.2.840.10045.4.3.2" {
				k.alg = "1.2.840.113549.1.1.11"
				c.identifier = tlv(0x30, oid(pick("1.3.101.112",
					"1.2.840.10045.4.3.2", "1.2.840.113549.1.1.2",
					"1.2.840.10040.4.3", "2.16.840.1.101.3.4.3.2", "1.2.3")))
			}
		}
		c.signer = &k
	}
	if chance(15) {
		pick(inter, leaf).identifier = pick(
			pssParameters("2.16.840.1.101.3.4.2.1", 20),
			pssParameters("2.16.840.1.101.3.4.2.2", 48),
			pssParameters("1.3.14.3.2.26", 20),
			tlv(0x30, oid("1.2.840.113549.1.1.10")),
			tlv(0x30, oid("1.2.840.113549.1.1.10"), tlv(0x30)),
			tlv(0x30, oid("1.3.101.112"), []byte{5, 0}))
	}
	if chance(15) {
		pick(inter, leaf).breakSignature = true
	}
	if chance(30) {
		pick(root, inter, leaf).spki = oddKey()
	}
	return chain(root, inter, leaf)
}

func oddKey() []byte {
	rsaKey := func(n, e *big.Int) []byte {
		nb, _ := asn1.Marshal(n)
		eb, _ := asn1.Marshal(e)
		return tlv(0x30, tlv(0x30, oid("1.2.840.113549.1.1.1"), []byte{5, 0}),
			tlv(3, []byte{0}, tlv(0x30, nb, eb)))
	}
	odd := new(big.Int).Lsh(big.NewInt(1), 2047)
	odd.Add(odd, big.NewInt(12345))
	point := func(curve string, b []byte) []byte {
		return tlv(0x30, tlv(0x30, oid("1.2.840.10045.2.1"), oid(curve)),
			tlv(3, []byte{0}, b))
	}
	p256 := ec[0].spki[len(ec[0].spki)-65:]
	bad := append([]byte{}, p256...)
	bad[64] ^= 1
	big256 := append([]byte{4}, make([]byte, 64)...)
	for i := 1; i < 33; i++ {
		big256[i] = 0xff
	}
	return pick(rsaKey(odd, big.NewInt(65537)),
		rsaKey(new(big.Int).Add(odd, big.NewInt(1)), big.NewInt(65537)),
		rsaKey(odd, big.NewInt(1)), rsaKey(odd, big.NewInt(2)),
		rsaKey(odd, big.NewInt(3)), rsaKey(odd, big.NewInt(0)),
		rsaKey(odd, big.NewInt(-3)), rsaKey(odd, big.NewInt(1<<33+1)),
		rsaKey(odd, new(big.Int).Lsh(big.NewInt(1), 70)),
		rsaKey(big.NewInt(0), big.NewInt(3)),
		rsaKey(big.NewInt(-35), big.NewInt(3)),
		rsaKey(big.NewInt(35), big.NewInt(3)),
		point("1.2.840.10045.3.1.7", p256), point("1.2.840.10045.3.1.7", bad),
		point("1.2.840.10045.3.1.7", big256),
		point("1.2.840.10045.3.1.7", p256[:64]),
		point("1.2.840.10045.3.1.7", nil),
		point("1.2.840.10045.3.1.7", []byte{0}),
		point("1.2.840.10045.3.1.7", append([]byte{2}, p256[1:33]...)),
		point("1.3.132.0.34", p256), point("1.3.132.0.33", p256),
		point("1.3.132.0.34", append([]byte{4}, make([]byte, 96)...)),
		point("1.3.132.0.10", p256), point("1.2.3", p256),
		tlv(0x30, tlv(0x30, oid("1.2.840.10045.2.1")), tlv(3, []byte{0}, p256)),
		tlv(0x30, tlv(0x30, oid("1.3.101.112")), tlv(3, []byte{0}, p256[:31])),
		tlv(0x30, tlv(0x30, oid("1.3.101.112"), []byte{5, 0}),
			tlv(3, []byte{0}, p256[:32])),
		tlv(0x30, tlv(0x30, oid("1.3.101.112")), tlv(3, []byte{0}, p256[:32])),
		tlv(0x30, tlv(0x30, oid("1.3.101.110")), tlv(3, []byte{0}, p256[:32])),
		tlv(0x30, tlv(0x30, oid("1.3.101.113")), tlv(3, []byte{0}, p256[:57])),
		tlv(0x30, tlv(0x30, oid("1.2.3.4")), tlv(3, []byte{0}, p256)))
}

func genPEM() *kase {
	root, inter, leaf := plain()
	k := chain(root, inter, leaf)
	good := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE",
		Bytes: k.pool[0]}))
	body := strings.Split(good, "\n")
	pieces := []string{good, good, "-----BEGIN CERTIFICATE-----\n",
		"-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----",
		"-----BEGIN CERTIFICATE-----", "\n", " ", "\t", "\r\n", "text", "a: b\n",
		"Proc-Type: 4,X\n\n", "-----BEGIN X-----\n", "-----END X-----\n",
		strings.Join(body[1:len(body)-2], "\n") + "\n",
		strings.Join(body[1:len(body)-2], "\r\n") + "\r\n",
		strings.Join(body[1:len(body)-2], ""), "AAAA\n", "=", "\xef\xbb\xbf",
		"-----BEGIN TRUSTED CERTIFICATE-----\n",
		"-----END TRUSTED CERTIFICATE-----\n", "-----", "\x00",
		strings.ReplaceAll(good, "\n", "\r\n"),
		strings.ReplaceAll(good, "\n", " \n"),
		strings.ReplaceAll(good, "\n", "\n ")}
	var out string
	for i := 1 + rnd.Intn(7); i > 0; i-- {
		out += pick(pieces...)
	}
	if chance(40) {
		b := []byte(good)
		for i := 1 + rnd.Intn(2); i > 0; i-- {
			b[rnd.Intn(len(b))] = pick[byte]('\n', ' ', '-', '=', ':', 'A', '\r')
		}
		out = string(b) + pick("", good, out)
	}
	k.pool = [][]byte{[]byte(out)}
	k.poolIsPEM = true
	return k
}

var classes = map[string]func() *kase{
	"der": genDER, "signed": genSigned, "graph": genGraph, "flood": genFlood,
	"names": genNames, "uri": genURI, "constraints": genConstraints,
	"tidy": genTidyConstraints, "many": genManyConstraints,
	"policies": genPolicies, "usage": genUsage, "dn": genDN, "time": genTime,
	"keys": genKeys, "pem": genPEM,
}

func main() {
	seed, err := strconv.ParseInt(os.Args[2], 10, 64)
	fail(err)
	count, err := strconv.Atoi(os.Args[3])
	fail(err)
	rnd = rand.New(rand.NewSource(seed))
	serials = int64(binary.BigEndian.Uint16([]byte{1, 0}))
	makeKeys()
	loadSeeds()
	if name := os.Getenv("KEY"); name != "" {
		der, err := x509.MarshalPKCS8PrivateKey(ec[2].private)
		fail(err)
		fail(os.WriteFile(name, pem.EncodeToMemory(&pem.Block{
			Type: "PRIVATE KEY", Bytes: der}), 0600))
	}
	w := &writer{blobs: map[string]int{}, out: bufio.NewWriter(os.Stdout)}
	generate := classes[os.Args[1]]
	for i := 0; i < count; i++ {
		w.write(os.Args[1], generate())
	}
	for _, line := range w.lines {
		fmt.Fprintln(w.out, line)
	}
	fail(w.out.Flush())
}
