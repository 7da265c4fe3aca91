// SPDX-License-Identifier: Apache-2.0

// Asks Go's own net/http which proxy it takes for each row of
// tests/data/proxy-rules.tsv and prints the table with Go's answers, so that
// the table can be compared with or renewed from another Go. Not part of any
// build: go run scripts/go-oracle/proxy_rules.go < tests/data/proxy-rules.tsv
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
)

// net/http reads the environment once, so every row has a process.
func answer(target string) string {
	u, err := url.Parse("https://" + target + "/v2/")
	if err != nil {
		return "error"
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u})
	if err != nil {
		return "error"
	}
	if proxy == nil {
		return "direct"
	}
	port := strings.TrimLeft(proxy.Port(), "0")
	if proxy.Port() == "" {
		port = map[string]string{"http": "80"}[proxy.Scheme]
	}
	text := proxy.Scheme + " " + proxy.Hostname() + " " + port
	if proxy.User != nil {
		password, _ := proxy.User.Password()
		text += " " + base64.StdEncoding.EncodeToString(
			[]byte(proxy.User.Username()+":"+password))
	}
	return text
}

func ask(proxy, noProxy, target string) string {
	self, _ := os.Executable()
	child := exec.Command(self, target)
	child.Env = []string{"HTTPS_PROXY=" + proxy, "NO_PROXY=" + noProxy}
	out, err := child.Output()
	if err != nil {
		return "error"
	}
	return string(out)
}

func main() {
	if len(os.Args) > 1 {
		fmt.Print(answer(os.Args[1]))
		return
	}
	rows := bufio.NewScanner(os.Stdin)
	for rows.Scan() {
		row := rows.Text()
		cell := strings.Split(row, "\t")
		if strings.HasPrefix(row, "#") || len(cell) < 3 {
			fmt.Println(row)
			continue
		}
		note := ""
		if len(cell) > 4 {
			note = "\t" + cell[4]
		}
		fmt.Printf("%s\t%s\t%s\t%s%s\n", cell[0], cell[1], cell[2],
			ask(cell[0], cell[1], cell[2]), note)
	}
}
