// SPDX-License-Identifier: Apache-2.0

// What handshake.go and program.go both need.
package main

import (
	"strconv"
	"strings"
)

// suites are numbers of TLS 1.2, in hexadecimal, by comma.
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
