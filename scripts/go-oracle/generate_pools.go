// SPDX-License-Identifier: Apache-2.0

// The classes of pools: what stands in the .crt files, which of several anchors
// of one name Go takes, and what it says where none holds.
package main

import (
	"encoding/pem"
	"fmt"
	"strings"
)

// twin is C with the same subject and key, and one thing otherwise.
func twin(c *cert) *cert {
	t := *c
	t.ext = append([]extension{}, c.ext...)
	serials++
	t.serial = integer(serials)
	switch rnd.Intn(12) {
	case 0:
		t.after = utc(now.AddDate(0, -1, 0))
	case 1:
		t.before = utc(now.AddDate(0, 1, 0))
	case 2:
		t.san(dns(pick("reg.example.com", "x", "y")))
	case 3:
		t.ext = nil
	case 4:
		t.ext, t.version = nil, 0
	case 5:
		t.ext = nil
		t.add("2.5.29.19", true, tlv(0x30))
	case 6:
		t.add("2.5.29.15", true, []byte{3, 2, pick[byte](1, 2, 7), pick[byte](6, 4,
			0x80, 0)})
	case 7:
		t.add("2.5.29.14", false, tlv(4, []byte{byte(rnd.Intn(3))}))
	case 8:
		t.spki = pick(ec[rnd.Intn(8)].spki, tlv(0x30, tlv(0x30,
			oid("1.3.101.113")), tlv(3, []byte{0}, ec[0].spki[:57])))
	case 9:
		t.breakSignature = true
	case 10:
		t.add("1.2.3.4", true, []byte{5, 0})
	case 11:
		t.add("2.5.29.37", false, tlv(0x30, oid(pick("1.3.6.1.5.5.7.3.1",
			"1.3.6.1.5.5.7.3.2", "2.5.29.37.0"))))
	}
	return &t
}

// sameName writes the name of a CA in one of the ways in which people do.
func sameName(name string) []byte {
	switch rnd.Intn(8) {
	case 0:
		return tlv(0x30, attribute("2.5.4.3", 0x13, name))
	case 1:
		return tlv(0x30, attribute("2.5.4.3", 0x0c, strings.ToUpper(name)))
	case 2:
		return tlv(0x30, attribute("2.5.4.3", 0x0c, name+" "))
	case 3:
		return tlv(0x30)
	}
	return cn(name)
}

// genTwins has several of everything: anchors, intermediates, leaves.
func genTwins() *kase {
	root, inter, leaf := plain()
	if chance(30) {
		n := sameName("Root")
		root.issuer, root.subject, inter.issuer = n, n, n
		if chance(50) {
			inter.issuer = sameName("Root")
		}
	}
	if chance(30) {
		n := sameName("Inter")
		inter.subject, leaf.issuer = n, n
	}
	if chance(15) {
		// A CA under another of its name.
		inter.subject, leaf.issuer = root.subject, root.subject
	}
	if chance(15) {
		// Self-signed, for itself.
		leaf.issuer, leaf.subject, leaf.signer = cn("leaf"), cn("leaf"), ec[2]
		if chance(50) {
			leaf.ca()
		}
	}
	if chance(40) {
		id := tlv(0x30, tlv(0x80, []byte{byte(rnd.Intn(3))}))
		inter.add("2.5.29.35", false, id)
		leaf.add("2.5.29.35", false, id)
	}
	all := []*cert{root, inter, leaf}
	for i := 1 + rnd.Intn(5); i > 0; i-- {
		all = append(all, twin(all[rnd.Intn(len(all))]))
	}
	k := &kase{host: "reg.example.com"}
	first := leaf
	if chance(30) {
		first = all[rnd.Intn(len(all))]
	}
	k.sent = [][]byte{first.der()}
	for _, c := range all {
		der := c.der()
		if c == first {
			der = k.sent[0]
		}
		if chance(40) {
			k.pool = append(k.pool, der)
		}
		if chance(40) {
			k.sent = append(k.sent, der)
		}
	}
	rnd.Shuffle(len(k.pool), func(i, j int) {
		k.pool[i], k.pool[j] = k.pool[j], k.pool[i]
	})
	return k
}

// genHints is about which of the candidates that fail is spoken of.
func genHints() *kase {
	_, inter, leaf := plain()
	leaf.issuer = inter.subject
	k := &kase{host: "reg.example.com"}
	if chance(50) {
		leaf.add("2.5.29.35", false, tlv(0x30, tlv(0x80,
			[]byte{byte(rnd.Intn(3))})))
	}
	k.sent = [][]byte{leaf.der()}
	for i := 1 + rnd.Intn(4); i > 0; i-- {
		c := newCert(cn(fmt.Sprint("R", rnd.Intn(2))), inter.subject, pick(ec[1],
			ec[1], ec[rnd.Intn(8)], others[rnd.Intn(len(others))]), ec[0])
		if chance(40) {
			c.issuer = c.subject
		}
		if chance(80) {
			c.ca()
		}
		c = twin(c)
		if chance(30) {
			c.add("2.5.29.14", false, tlv(4, []byte{byte(rnd.Intn(3))}))
		}
		if chance(20) {
			c.add("2.5.29.30", true, tlv(0x30, tlv(0xa0, tlv(0x30,
				dns(pick("example.com", "org", "x"))))))
		}
		if chance(20) {
			c.spki = oddKey()
		}
		der := c.der()
		if chance(60) {
			k.pool = append(k.pool, der)
		} else {
			k.sent = append(k.sent, der)
		}
	}
	if chance(20) {
		k.pool = append(k.pool, newCert(cn("R0"), cn("R0"), ec[0], ec[0]).ca().der())
	}
	return k
}

// block is a PEM block of DER, as one tool or another writes it.
func block(label string, der []byte) string {
	b := pem.Block{Type: label, Bytes: der}
	if chance(8) {
		b.Headers = map[string]string{pick("Proc-Type", "Comment", "X"): pick(
			"4,ENCRYPTED", "x", "")}
	}
	text := string(pem.EncodeToMemory(&b))
	switch rnd.Intn(30) {
	case 0:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	case 1:
		text = strings.ReplaceAll(text, "\n", "\r")
	case 2:
		text = strings.TrimRight(text, "\n")
	case 3:
		text = strings.Replace(text, "-----\n", "----- \t\n", 1)
	case 4:
		text = strings.ReplaceAll(text, "=", "")
	case 5:
		lines := strings.Split(text, "\n")
		text = lines[0] + "\n" + strings.Join(lines[1:len(lines)-2], "") + "\n" +
			lines[len(lines)-2] + "\n"
	case 6:
		lines := strings.Split(text, "\n")
		body := strings.Join(lines[1:len(lines)-2], "")
		text = lines[0] + "\n"
		for len(body) > 0 {
			n := 1 + rnd.Intn(90)
			if n > len(body) {
				n = len(body)
			}
			text += body[:n] + pick("\n", "\n", "\r\n", " \n", "\n\n")
			body = body[n:]
		}
		text += lines[len(lines)-2] + "\n"
	case 7:
		text = pick("\xef\xbb\xbf", " ", "\t", "x", "\n\n", "\xff\xfe",
			"Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n") + text
	case 8:
		text = strings.ReplaceAll(text, "-----", pick("----", "------", "- - -",
			"\xe2\x80\x94"))
	case 9:
		text = strings.Replace(text, "END", pick("End", "BEGIN", "END "), 1)
	case 10:
		text += pick("trailing text\n", "-----", "-----BEGIN", "=AbCd\n", "\x1a")
	case 11:
		text = strings.Replace(text, "\n-----END", pick("\n=AbCd\n-----END",
			"-----END", "\n\n\n-----END", "==\n-----END", "\n -----END"), 1)
	case 12:
		text = strings.Replace(text, "-----\n", "-----\n"+pick("\n", "\n\n",
			"Comment: x\n\n", "Comment: x\n", "a:b\nc:d\n\n", ": \n\n", "# x\n"), 1)
	case 13:
		text = text + text
	case 14:
		text = text[:rnd.Intn(len(text))]
	case 15:
		text = text[rnd.Intn(len(text)):]
	}
	return text
}

// genBundle is a file of many blocks, some of which are no anchors at all.
func genBundle() *kase {
	root, inter, leaf := plain()
	k := chain(root, inter, leaf)
	der := k.pool[0]
	bad := append(append([]byte{}, der...), 0)
	cut := der[:len(der)-1]
	big := newCert(cn("Big"), cn("Big"), ec[3], ec[3]).ca()
	big.add("1.2.3", false, make([]byte, 3000))
	ders := [][]byte{der, der, der, bad, cut, {}, {0x30, 0}, big.der(),
		k.sent[0], k.sent[1], newCert(cn("X"), cn("X"), ec[4], ec[4]).ca().der(),
		root.spki}
	files := 1 + rnd.Intn(3)
	k.pool = nil
	for ; files > 0; files-- {
		text := ""
		for i := rnd.Intn(6); i > 0; i-- {
			text += block(pick("CERTIFICATE", "CERTIFICATE", "CERTIFICATE",
				"CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE",
				"PRIVATE KEY", "CERTIFICATE ", "certificate", "X509 CRL", ""),
				pick(ders...))
			text += pick("", "", "", "\n", "# comment\n", "text", "\r\n", "-----\n",
				"subject: x\n\n", "-----BEGIN CERTIFICATE-----\n")
		}
		k.pool = append(k.pool, []byte(text))
	}
	k.poolIsPEM = true
	return k
}

func init() {
	classes["twins"] = genTwins
	classes["hints"] = genHints
	classes["bundle"] = genBundle
}
