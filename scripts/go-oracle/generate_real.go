// SPDX-License-Identifier: Apache-2.0

// The classes that start from certificates of others: parts of them, exchanged
// and bent, in chains that are signed anew. CERTIFICATES names the folders and
// files, by colon, in which they are looked for: without it, this machine's
// roots and, in the top directory, mbedTLS's test data.
package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var (
	seeds [][]byte                // certificates, as they were found
	parts = map[byte][]*node{}    // their elements, by tag
	known = map[string][][]byte{} // their extensions, by OID
)

// addSeed keeps DER that looks like a certificate.
func addSeed(der []byte) {
	list, ok := parse(der)
	if !ok || len(list) != 1 || len(list[0].children) != 3 {
		return
	}
	tbs := list[0].children[0]
	if fieldsOf(tbs) == nil {
		return
	}
	seeds = append(seeds, der)
	for _, x := range list[0].all() {
		parts[x.tag] = append(parts[x.tag], x)
		if x.tag == 0x30 && len(x.children) > 1 && x.children[0].tag == 6 {
			id := string(x.children[0].encode())
			known[id] = append(known[id], x.encode())
		}
	}
}

func loadSeeds() {
	if class := os.Args[1]; class != "real" && class != "pinned" {
		return
	}
	places := strings.Split(os.Getenv("CERTIFICATES"), ":")
	if places[0] == "" {
		places, _ = filepath.Glob("build/mbedtls-*/framework/data_files")
		places = append([]string{"/etc/ssl/certs/ca-certificates.crt"}, places...)
	}
	for _, root := range places {
		_ = filepath.Walk(root, func(path string, info os.FileInfo,
			err error) error {
			if err != nil || info.IsDir() || info.Size() > 1<<20 {
				return nil
			}
			text, err := os.ReadFile(path)
			fail(err)
			if path == root || bytes.Contains(text, []byte("-----BEGIN")) {
				for b, rest := pem.Decode(text); b != nil; b, rest =
					pem.Decode(rest) {
					addSeed(b.Bytes)
				}
				return nil
			}
			addSeed(text)
			return nil
		})
	}
	if len(seeds) == 0 {
		fail(errors.New("no certificates in CERTIFICATES"))
	}
}

// fields are the parts of a tbsCertificate; nil where they are not to be found.
type fields struct {
	tbs                                          *node
	serial, alg, issuer, validity, subject, spki int // children of TBS
}

func fieldsOf(tbs *node) *fields {
	at := 0
	if len(tbs.children) > 0 && tbs.children[0].tag == 0xa0 {
		at = 1
	}
	if len(tbs.children) < at+6 {
		return nil
	}
	return &fields{tbs, at, at + 1, at + 2, at + 3, at + 4, at + 5}
}

func (f *fields) set(at int, der []byte) {
	if at >= len(f.tbs.children) {
		return
	}
	list, ok := parse(der)
	if ok && len(list) == 1 {
		f.tbs.children[at] = list[0]
		return
	}
	f.tbs.children[at] = &node{tag: der[0], raw: der}
}

// extensions are the elements of the list of extensions; nil without one.
func (f *fields) extensions() *node {
	for _, x := range f.tbs.children {
		if x.tag == 0xa3 && len(x.children) == 1 {
			return x.children[0]
		}
	}
	return nil
}

func (f *fields) drop(id string) {
	list := f.extensions()
	if list == nil {
		return
	}
	want := oid(id)
	var kept []*node
	for _, x := range list.children {
		if len(x.children) == 0 || !bytes.Equal(x.children[0].encode(), want) {
			kept = append(kept, x)
		}
	}
	list.children = kept
	if kept == nil {
		list.content = nil
	}
}

func (f *fields) add(id string, critical bool, value []byte) {
	list := f.extensions()
	if list == nil {
		x, _ := parse(tlv(0xa3, tlv(0x30)))
		y, _ := parse(tlv(0x30))
		x[0].children = y
		f.tbs.children = append(f.tbs.children, x[0])
		list = y[0]
	}
	var mark []byte
	if critical {
		mark = boolean(true)
	}
	x, _ := parse(tlv(0x30, oid(id), mark, tlv(4, value)))
	list.children = append(list.children, x[0])
}

// borrow is a copy of an element of some certificate with TAG, or of any.
func borrow(tag byte) *node {
	list := parts[tag]
	if len(list) == 0 || chance(5) {
		return randomValue()
	}
	x, _ := parse(list[rnd.Intn(len(list))].encode())
	if len(x) != 1 {
		return randomValue()
	}
	return x[0]
}

// an extension of some certificate, of any kind as often.
func borrowExtension() *node {
	var ids []string
	for _, id := range []string{"2.5.29.14", "2.5.29.15", "2.5.29.16",
		"2.5.29.17", "2.5.29.18", "2.5.29.19", "2.5.29.30", "2.5.29.31",
		"2.5.29.32", "2.5.29.33", "2.5.29.35", "2.5.29.36", "2.5.29.37",
		"2.5.29.54", "2.5.29.9", "2.5.29.46", "1.3.6.1.5.5.7.1.1",
		"1.3.6.1.5.5.7.1.3", "1.3.6.1.5.5.7.1.24", "1.3.6.1.4.1.11129.2.4.2",
		"2.16.840.1.113730.1.1", "1.3.6.1.5.5.7.1.11",
		"1.3.6.1.4.1.311.21.1"} {
		if known[string(oid(id))] != nil {
			ids = append(ids, id)
		}
	}
	list := known[string(oid(ids[rnd.Intn(len(ids))]))]
	x, _ := parse(list[rnd.Intn(len(list))])
	return x[0]
}

// oddInteger are contents of INTEGER at which a reader may stumble.
func oddInteger() []byte {
	return pick([]byte{}, []byte{0}, []byte{0xff}, []byte{0x80}, []byte{0x7f},
		[]byte{0, 0x80}, []byte{0, 0x7f}, []byte{0xff, 0x7f}, []byte{0xff, 0x80},
		[]byte{0, 0}, []byte{0x7f, 0xff, 0xff, 0xff},
		[]byte{0x80, 0, 0, 0}, []byte{0, 0x80, 0, 0, 0}, []byte{0, 0xff, 0xff, 0xff, 0xff},
		[]byte{1, 0, 0, 0, 0}, []byte{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		[]byte{0x80, 0, 0, 0, 0, 0, 0, 0}, []byte{0, 0x80, 0, 0, 0, 0, 0, 0, 0},
		[]byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, bytes.Repeat([]byte{0x55}, 21),
		bytes.Repeat([]byte{0x55}, 130))
}

func oddOID() []byte {
	return pick([]byte{}, []byte{0x80}, []byte{0x80, 1}, []byte{0x55, 0x80, 1},
		[]byte{0x55, 0x81}, []byte{0x55, 0x1d, 0x8f, 0xff, 0xff, 0xff, 0x7f},
		[]byte{0x55, 0x1d, 0x87, 0xff, 0xff, 0xff, 0x7f},
		[]byte{0x55, 0x1d, 0x88, 0x80, 0x80, 0x80, 0},
		[]byte{0x55, 0x1d, 0x90, 0x80, 0x80, 0x80, 0},
		[]byte{0x55, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1},
		[]byte{0x55, 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		[]byte{0x8f, 0xff, 0xff, 0xff, 0x7f}, []byte{0x88, 0x37, 3}, []byte{0},
		[]byte{0x7f}, []byte{0xff}, bytes.Repeat([]byte{0x2a}, 120))
}

func oddBits(content []byte) []byte {
	unused := pick[byte](0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x80, 0xff)
	if len(content) < 2 || chance(20) {
		return pick([]byte{}, []byte{0}, []byte{1}, []byte{7}, []byte{8},
			[]byte{7, 0x80}, []byte{7, 0x81}, []byte{0, 0}, []byte{1, 2, 3},
			[]byte{5, 0xa0}, []byte{4, 0xa0, 0}, []byte{0, 1, 0x80, 0xff, 0})
	}
	out := append([]byte{unused}, content[1:]...)
	if chance(50) && unused < 8 {
		out[len(out)-1] &^= 1<<unused - 1
	}
	return out
}

func oddText(content []byte) []byte {
	insert := pick("\x00", "*", "*.", ".", "\xff", "\xc3\xa9", "\xe2\x80\xae", "@",
		" ", "%", "\\", "\"", "'", "&", "_", "\n", "\x7f", "\x1b", ":", "/", "[", "]",
		"..", "xn--", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xef\xbf\xbd",
		"\xef\xbf\xbe", "\x00\x00", "\xd8\x00", "\xdc\x00", "\xff\xfe", "\xfe\xff",
		"A", "-")
	at := 0
	if len(content) > 0 {
		at = pick(0, len(content), rnd.Intn(len(content)))
	}
	if chance(30) && at < len(content) {
		return append(append(append([]byte{}, content[:at]...), insert...),
			content[at+1:]...)
	}
	return append(append(append([]byte{}, content[:at]...), insert...),
		content[at:]...)
}

func oddTime() *node {
	return &node{tag: pick[byte](0x17, 0x18, 0x17, 0x18, 0x0c), content: []byte(
		pick("500101000000Z", "491231235959Z", "20491231235959Z", "00010101000000Z",
			"00000101000000Z", "99991231235959Z", "2601010000Z", "260101000000+0000",
			"260101000000-0000", "260101000000Z0", "2601010000000Z", "19491231235959Z",
			"20260229000000Z", "20240229000000Z", "260631000000Z", "260100000000Z",
			"20260101000000.0Z", "20260101000000.000Z", "202601010000Z", "2026010100Z",
			"20260101000000", "20260101000000+0000", "260101000000z", "260101235960Z",
			"20260101235960Z", "260101\x00\x000000Z", "２60101000000Z", "+60101000000Z",
			"260101000000-2359", "260101000000+2360", "260101000000+1401"))}
}

// bend changes one element in a way that goes by its kind.
func bend(x *node) {
	leafy := x.children == nil
	switch {
	case chance(20):
		*x = *borrow(x.tag)
	case chance(10):
		mutateNode(x)
	case leafy && x.tag == 2:
		x.content = oddInteger()
	case leafy && x.tag == 6:
		if chance(50) {
			*x = *borrow(6)
		} else {
			x.content = oddOID()
		}
	case leafy && x.tag == 1:
		x.content = pick([]byte{0}, []byte{1}, []byte{0xff}, []byte{},
			[]byte{0xff, 0xff}, []byte{0x80})
	case leafy && x.tag == 3:
		x.content = oddBits(x.content)
	case leafy && (x.tag == 0x17 || x.tag == 0x18):
		*x = *oddTime()
	case leafy && (x.tag&0xc0 == 0x80 || x.tag >= 0x0c && x.tag <= 0x1e):
		if chance(15) {
			x.tag = pick[byte](0x0c, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1a, 0x1b,
				0x1c, 0x1d, 0x1e, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
				0x88, 0x89)
		} else {
			x.content = oddText(x.content)
		}
	case x.tag == 0x30 || x.tag == 0x31 || x.tag&0x20 != 0:
		switch rnd.Intn(8) {
		case 0:
			x.children = append(x.children, borrow(pick[byte](0x30, 0x80, 2, 6, 1,
				0xa0, 0x0c)))
		case 1:
			x.raw = oddForm(x.encode())
		case 2:
			x.children, x.content = nil, nil
		default:
			mutateNode(x)
		}
	default:
		if chance(30) {
			x.raw = oddForm(x.encode())
		} else {
			mutateNode(x)
		}
	}
}

// oddForm encodes the same element as DER does not.
func oddForm(der []byte) []byte {
	if len(der) < 2 {
		return der
	}
	h, n := 2, int(der[1])
	if n > 128 {
		h += n & 0x7f
	}
	if h > len(der) || der[1] == 0x80 {
		return der // odd already
	}
	tag, content := der[0], der[h:]
	n = len(content)
	join := func(head ...byte) []byte {
		return append(append([]byte{}, head...), content...)
	}
	switch rnd.Intn(9) {
	case 0:
		return append(join(tag, 0x80), 0, 0)
	case 1:
		return join(tag, 0x84, 0, 0, byte(n>>8), byte(n))
	case 2:
		return join(tag, 0x82, byte(n>>8), byte(n))
	case 3:
		return join(tag, 0x88, 0, 0, 0, 0, 0, 0, byte(n>>8), byte(n))
	case 4:
		return join(tag|0x1f, tag&0x1f, byte(n&0x7f))
	case 5:
		return join(tag, 0x82, byte((n+1)>>8), byte(n+1))
	case 6:
		if n > 1 {
			return join(tag, 0x82, byte((n-1)>>8), byte(n-1))
		}
	case 7:
		return join(tag, 0x84, 0x80, 0, byte(n>>8), byte(n))
	}
	return join(tag, 0xff)
}

// template is the signed part of a certificate that was found.
func template() *fields {
	list, _ := parse(seeds[rnd.Intn(len(seeds))])
	return fieldsOf(list[0].children[0])
}

func (f *fields) change() {
	for i := pick(0, 1, 1, 1, 2, 3); i > 0; i-- {
		list := f.extensions()
		switch {
		case list != nil && chance(25):
			list.children = append(list.children, borrowExtension())
		case list != nil && len(list.children) > 0 && chance(40):
			all := list.children[rnd.Intn(len(list.children))].all()
			bend(all[rnd.Intn(len(all))])
		default:
			all := f.tbs.all()
			bend(all[rnd.Intn(len(all))])
		}
	}
}

func (f *fields) sign(k *key) []byte {
	id, _ := parse(k.identifier())
	if chance(97) && f.alg < len(f.tbs.children) {
		f.tbs.children[f.alg] = id[0]
	}
	tbs := f.tbs.encode()
	return tlv(0x30, tbs, k.identifier(), tlv(3, []byte{0}, k.sign(tbs)))
}

// at is field I, or an empty list where it is gone.
func (f *fields) at(i int) []byte {
	if i < len(f.tbs.children) {
		return f.tbs.children[i].encode()
	}
	return tlv(0x30)
}

// names are what the SAN of F has, of hosts.
func (f *fields) names() []string {
	var out []string
	for _, x := range f.tbs.all() {
		switch {
		case x.tag == 0x82 && x.children == nil:
			out = append(out, string(x.content))
		case x.tag == 0x87 && len(x.content) == 4:
			out = append(out, net.IP(x.content).String())
		}
	}
	return out
}

func (f *fields) host() string {
	names := f.names()
	if len(names) == 0 || chance(10) {
		return "reg.example.com"
	}
	name := names[rnd.Intn(len(names))]
	if strings.HasPrefix(name, "*.") && chance(90) {
		name = pick("a", "A", "x.y", "", "*") + name[1:]
	}
	if chance(5) {
		name = strings.ToUpper(name)
	}
	for _, c := range name {
		if c < ' ' || c > '~' {
			return "reg.example.com"
		}
	}
	return name
}

// genReal is a root, an intermediate and a leaf, each of another hand.
func genReal() *kase {
	root, inter, leaf := template(), template(), template()
	for i, f := range []*fields{root, inter} {
		f.set(f.spki, ec[i].spki)
		f.set(f.validity, tlv(0x30, utc(now.AddDate(-1, 0, 0)),
			utc(now.AddDate(9, 0, 0))))
		if chance(85) {
			f.drop("2.5.29.19")
			f.drop("2.5.29.15")
			f.drop("2.5.29.37")
			f.add("2.5.29.19", true, tlv(0x30, boolean(true)))
		}
		if chance(70) {
			f.drop("2.5.29.30")
		}
	}
	if chance(80) {
		leaf.set(leaf.spki, ec[2].spki)
	}
	leaf.set(leaf.validity, tlv(0x30, utc(now.AddDate(-1, 0, 0)),
		utc(now.AddDate(9, 0, 0))))
	if chance(70) {
		leaf.drop("2.5.29.37")
		leaf.drop("2.5.29.17")
		leaf.add("2.5.29.17", false, tlv(0x30, dns("reg.example.com"),
			borrow(0x82).encode(), borrow(pick[byte](0x82, 0x87, 0x86, 0x81)).encode()))
	}
	host := leaf.host()
	pick(root, inter, inter, leaf, leaf, leaf).change()
	if chance(30) {
		pick(root, inter, leaf).change()
	}
	root.set(root.issuer, root.at(root.subject))
	if chance(98) {
		inter.set(inter.issuer, root.at(root.subject))
		leaf.set(leaf.issuer, inter.at(inter.subject))
	}
	return &kase{host: host, pool: [][]byte{root.sign(ec[0])},
		sent: [][]byte{leaf.sign(ec[1]), inter.sign(ec[0])}}
}

// genPinned is one certificate, bent and not signed anew, which stands in the
// pool too: what its signature is, and its key, does not matter.
func genPinned() *kase {
	list, _ := parse(seeds[rnd.Intn(len(seeds))])
	f := fieldsOf(list[0].children[0])
	when := now
	if chance(50) {
		f.set(f.validity, tlv(0x30, utc(now.AddDate(-1, 0, 0)),
			utc(now.AddDate(9, 0, 0))))
	} else if v := f.tbs.children[f.validity].children; len(v) == 2 {
		when = edge(v[rnd.Intn(2)])
	}
	if chance(60) {
		f.drop("2.5.29.17")
		f.add("2.5.29.17", chance(20), tlv(0x30, dns("reg.example.com"),
			borrow(0x82).encode()))
	}
	if chance(60) {
		f.drop("2.5.29.37")
	}
	host := f.host()
	if chance(70) {
		f.change()
	}
	if chance(30) {
		all := list[0].all()
		bend(all[rnd.Intn(len(all))])
	}
	if chance(30) {
		f.set(f.spki, oddSPKI())
	}
	der := list[0].encode()
	k := &kase{host: host, now: when, pool: [][]byte{der}, sent: [][]byte{der}}
	if chance(30) {
		k.sent = append(k.sent, seeds[rnd.Intn(len(seeds))])
	}
	return k
}

// edge is a moment next to the one in X, or now.
func edge(x *node) time.Time {
	layout := "060102150405Z"
	if x.tag == 0x18 {
		layout = "20060102150405Z"
	}
	t, err := time.Parse(layout, string(x.content))
	if err != nil {
		return now
	}
	return t.Add(time.Duration(rnd.Intn(5)-2) * time.Second)
}

// oddSPKI is a key of some certificate, bent.
func oddSPKI() []byte {
	if chance(20) {
		return oddKey()
	}
	f := template()
	x := f.tbs.children[f.spki]
	for i := pick(1, 1, 2); i > 0; i-- {
		all := x.all()
		bend(all[rnd.Intn(len(all))])
	}
	return x.encode()
}

func init() {
	classes["real"] = genReal
	classes["pinned"] = genPinned
}
