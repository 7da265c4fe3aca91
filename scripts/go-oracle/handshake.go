// SPDX-License-Identifier: Apache-2.0

// handshake ADDRESS NAME CERTIFICATE SUITES: what Go's client, set up as
// Docker's classic path sets it up, makes of the server at ADDRESS under NAME,
// with the PEM file CERTIFICATE as its pool. SUITES are numbers of TLS 1.2, in
// hexadecimal, by comma. Asks once for each line of standard input, and prints
// "accepts" (200), what else the answer is to Docker's challenge parser, or the
// error, a line each. Redirects are not followed.
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
	"strings"
	"time"

	"oracle/challenge"
)

func host(realm string) string {
	u, err := url.Parse(realm)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return "unusable"
	}
	text := u.Host
	if u.Port() == "" {
		text += map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	}
	if u.Scheme == "http" {
		text = "http://" + text
	}
	return strings.ToLower(text)
}

func describe(reply *http.Response) string {
	if reply.StatusCode == http.StatusOK {
		return "accepts"
	}
	if reply.StatusCode != http.StatusUnauthorized {
		return fmt.Sprint("status ", reply.StatusCode)
	}
	kind := "no challenge"
	for _, c := range challenge.ResponseChallenges(reply) {
		if strings.EqualFold(c.Scheme, "basic") && kind == "no challenge" {
			kind = "basic"
		}
		if strings.EqualFold(c.Scheme, "bearer") {
			return "token " + host(c.Parameters["realm"])
		}
	}
	return kind
}

func ask(address, name string, config *tls.Config) (string, error) {
	transport := &http.Transport{
		TLSClientConfig: config.Clone(), TLSHandshakeTimeout: 10 * time.Second,
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		},
	}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}}
	reply, err := client.Get("https://" + name + "/v2/")
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return "", err
	}
	defer reply.Body.Close()
	_, _ = io.Copy(io.Discard, reply.Body)
	return describe(reply), nil
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
		said, err := ask(os.Args[1], os.Args[2], config)
		if err != nil {
			said = err.Error()
		}
		fmt.Println(said)
	}
}
