// SPDX-License-Identifier: Apache-2.0

// The oracle: reads a cases file (see pack) and prints for every case what the
// Go release that built it says: "id<TAB>ACCEPT" or "id<TAB>REJECT text". Every
// presented certificate is parsed as in a TLS handshake, then Verify runs. It
// must build with Go 1.15.
package main

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// verdict runs one case; a panic of Go's own is a verdict too.
func verdict(blobs [][]byte, now int64, host, pool, sent string) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("PANIC %v", r)
		}
	}()
	roots := x509.NewCertPool()
	any := false
	if pool != "-" {
		for _, entry := range strings.Split(pool, ",") {
			n, err := strconv.Atoi(entry[1:])
			fail(err)
			if entry[0] == 'p' {
				any = roots.AppendCertsFromPEM(blobs[n]) || any
				continue
			}
			if c, err := x509.ParseCertificate(blobs[n]); err == nil {
				roots.AddCert(c)
				any = true
			}
		}
	}
	var leaf *x509.Certificate
	intermediates := x509.NewCertPool()
	for i, entry := range strings.Split(sent, ",") {
		n, err := strconv.Atoi(entry)
		fail(err)
		c, err := x509.ParseCertificate(blobs[n])
		if err != nil {
			return "REJECT tls: failed to parse certificate from server: " +
				err.Error()
		}
		if i == 0 {
			leaf = c
		} else {
			intermediates.AddCert(c)
		}
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		DNSName:       host,
		Intermediates: intermediates,
		Roots:         roots,
		CurrentTime:   time.Unix(now, 0).UTC(),
	})
	if err == nil {
		return "ACCEPT"
	}
	if !any {
		return "REJECT [pool-empty] " + err.Error()
	}
	return "REJECT " + err.Error()
}

func main() {
	data, err := os.Open(os.Args[1])
	fail(err)
	in := bufio.NewReaderSize(data, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	var blobs [][]byte
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		fields := strings.Split(string(bytes.TrimRight(line, "\n")), "\t")
		switch fields[0] {
		case "blob":
			blob, err := base64.StdEncoding.DecodeString(fields[1])
			fail(err)
			blobs = append(blobs, blob)
		case "case":
			now, err := strconv.ParseInt(fields[2], 10, 64)
			fail(err)
			text := verdict(blobs, now, fields[3], fields[4], fields[5])
			text = strings.NewReplacer("\n", "\\x0a", "\t", "\\x09",
				"\x00", "\\x00").Replace(text)
			fmt.Fprintf(out, "%s\t%s\n", fields[1], text)
		}
	}
}
