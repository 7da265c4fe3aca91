// SPDX-License-Identifier: Apache-2.0

// handshake ADDRESS NAME CERTIFICATE SUITES: what Go's client, set up as
// Docker's classic path sets it up, makes of the server at ADDRESS under NAME,
// with the PEM file CERTIFICATE as its pool. SUITES are numbers of TLS 1.2, in
// hexadecimal, by comma. Asks once for each line of standard input, and prints
// "accepts" or the error, a line each.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

func suites(list string) []uint16 {
	var out []uint16
	for _, text := range strings.Split(list, ",") {
		n, err := strconv.ParseUint(text, 16, 16)
		if err != nil {
			panic(err)
		}
		out = append(out, uint16(n))
	}
	return out
}

func ask(address, name string, config *tls.Config) error {
	transport := &http.Transport{
		TLSClientConfig: config.Clone(), TLSHandshakeTimeout: 10 * time.Second,
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		},
	}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	reply, err := client.Get("https://" + name + "/v2/")
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return err
	}
	defer reply.Body.Close()
	_, _ = io.Copy(io.Discard, reply.Body)
	return nil
}

func main() {
	file, err := os.ReadFile(os.Args[3])
	if err != nil {
		panic(err)
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12,
		CipherSuites: suites(os.Args[4])}
	config.RootCAs.AppendCertsFromPEM(file)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		if err := ask(os.Args[1], os.Args[2], config); err != nil {
			fmt.Println(err)
		} else {
			fmt.Println("accepts")
		}
	}
}
