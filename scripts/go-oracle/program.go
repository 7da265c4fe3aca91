// SPDX-License-Identifier: Apache-2.0

// program SUITES: for each line of standard input, {"Address", "Host", "Dir"} in
// JSON, what Docker's classic client says of https://HOST/v2/ at ADDRESS, with
// the .crt files of DIR beside the system's pool: "accepts" or the error, as a
// string of JSON. SUITES as in handshake.go.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

type question struct{ Address, Host, Dir string }

func pool(dir string) (*x509.CertPool, error) {
	out, err := x509.SystemCertPool()
	if err != nil {
		out = x509.NewCertPool()
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.crt"))
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out.AppendCertsFromPEM(text)
	}
	return out, err
}

func ask(q question, suites []uint16) error {
	roots, err := pool(q.Dir)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, CipherSuites: suites,
			MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: 10 * time.Second, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, q.Address)
		},
	}}
	reply, err := client.Get("https://" + q.Host + "/v2/")
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			return wrapped.Err
		}
		return err
	}
	return reply.Body.Close()
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		said := "accepts"
		if err := ask(q, suites(os.Args[1])); err != nil {
			said = err.Error()
		}
		out, _ := json.Marshal(said)
		fmt.Println(string(out))
	}
}
