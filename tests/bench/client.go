// SPDX-License-Identifier: Apache-2.0

// The least that a Go program does for the same job: dial, take the chain,
// verify it under the last certificate that was sent, write that one.
//
//	client CERTS_D NAME
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log"
	"os"
	"path/filepath"
)

func main() {
	certsD, name := os.Args[1], os.Args[2]
	c, err := tls.Dial("tcp", name+":443", &tls.Config{
		ServerName: name, InsecureSkipVerify: true})
	if err != nil {
		log.Fatal(err)
	}
	sent := c.ConnectionState().PeerCertificates
	anchor := sent[len(sent)-1]
	pool := x509.NewCertPool()
	pool.AddCert(anchor)
	middle := x509.NewCertPool()
	for _, certificate := range sent[1:] {
		middle.AddCert(certificate)
	}
	if _, err = sent[0].Verify(x509.VerifyOptions{
		DNSName: name, Roots: pool, Intermediates: middle}); err != nil {
		log.Fatal(err)
	}
	folder := filepath.Join(certsD, name)
	if err = os.MkdirAll(folder, 0o755); err != nil {
		log.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{
		Type: "CERTIFICATE", Bytes: anchor.Raw})
	err = os.WriteFile(filepath.Join(folder, "ca.crt"), block, 0o644)
	if err != nil {
		log.Fatal(err)
	}
}
