// Verifies a Portico licence without asking anybody. Go 1.18 or later, the standard library only.
//
//	go run verify.go LICENCE --keys RING [--host HOSTINFO] [--product CODE] [--revocations FILE]
//	                 [--state FILE] [--now 2026-11-21T13:00:00Z] [--print]
//
// Answers and exit status are those of verify.sh.
package main

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	licenseMembers = "kind,format,key,algorithm,serial,license,name,product,holder,max_vm,max_image,max_user,max_vcpu,max_vmem,max_vdisk,expires,mac,serial_number,entitlements,host_key,host,not_before,expires_at,grace_until,issued_at,classic_order,classic"
	listMembers    = "kind,format,key,algorithm,number,this_update,next_update,revoked,revoked_keys"
	text           = `"(?:[^"\\]|\\["\\])*"`
)

var (
	moment = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$`)
	member = regexp.MustCompile(`^"([a-z_]+)":((?:0|[1-9][0-9]*|` + text + `|\[(?:` + text + `(?:,` + text + `)*)?\]))$`)
	entry  = regexp.MustCompile(`key: (k[0-9a-f]{16})\nalgorithm: (\S+)\n(-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n)`)
	mac    = regexp.MustCompile(`[0-9a-f]{2}(?::[0-9a-f]{2}){5}`)
)

type facts map[string]json.RawMessage

type ringKey struct {
	algorithm string
	key       any
}

func (f facts) text(name string) string {
	var value string
	_ = json.Unmarshal(f[name], &value)
	return value
}

func (f facts) list(name string) []string {
	var value []string
	_ = json.Unmarshal(f[name], &value)
	return value
}

type question struct {
	keys, now, lastSeen        string
	host, product, revocations *string
}

func verify(licence string, ask question) (string, facts) {
	ring := readRing(ask.keys)
	says, fault := open("LICENSE", licence, ring, licenseMembers)
	if fault != "" {
		return fault, nil
	}
	from, until, now := says.text("not_before"), says.text("grace_until"), ask.now
	if !moment.MatchString(from) || !moment.MatchString(until) || !moment.MatchString(now) {
		return "MALFORMED", nil
	}
	if ask.revocations != nil {
		list, fault := open("REVOCATIONS", *ask.revocations, ring, listMembers)
		if fault != "" {
			return fault, nil
		}
		serial := hash("portico-serial-1\n" + string(says["serial"]) + "\n")
		if contains(list.list("revoked"), serial) || contains(list.list("revoked_keys"), says.text("key")) {
			return "REVOKED", says
		}
	}
	// A clock that was set back counts as if it had stood still.
	isBack := moment.MatchString(ask.lastSeen) && now < ask.lastSeen
	if isBack {
		now = ask.lastSeen
	}
	switch {
	case now < from:
		return "NOT_YET_VALID", says
	case now >= until:
		return "EXPIRED", says
	case ask.host != nil && fingerprint(*ask.host) != says.text("host"):
		return "HOST_MISMATCH", says
	case ask.product != nil && *ask.product != says.text("product"):
		return "PRODUCT_MISMATCH", says
	case isBack:
		return "CLOCK_BACK", says
	}
	return "VALID", says
}

func readRing(file string) map[string]ringKey {
	ring := map[string]ringKey{}
	for _, found := range entry.FindAllStringSubmatch(plain(file), -1) {
		block, _ := pem.Decode([]byte(found[3]))
		if block == nil {
			continue
		}
		if key, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			ring[found[1]] = ringKey{found[2], key}
		}
	}
	return ring
}

func open(kind, document string, ring map[string]ringKey, members string) (facts, string) {
	bytes, signature, ok := dearmour(document, kind)
	if !ok {
		return nil, "MALFORMED"
	}
	says, ok := parse(bytes, members)
	if !ok || says.text("kind") != strings.ToLower(kind) || string(says["format"]) != "1" {
		return nil, "MALFORMED"
	}
	known, ok := ring[says.text("key")]
	if !ok {
		return nil, "UNKNOWN_KEY"
	}
	if known.algorithm != says.text("algorithm") || !isSigned(known, bytes, signature) {
		return nil, "BAD_SIGNATURE"
	}
	return says, ""
}

func isSigned(known ringKey, bytes, signature []byte) bool {
	switch key := known.key.(type) {
	case *rsa.PublicKey:
		digest := sha256.Sum256(bytes)
		options := &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256}
		return known.algorithm == "RSA-PSS-SHA256" && rsa.VerifyPSS(key, crypto.SHA256, digest[:], signature, options) == nil
	case ed25519.PublicKey:
		return known.algorithm == "Ed25519" && ed25519.Verify(key, bytes, signature)
	}
	return false
}

// The armour has one spelling: what is written again must be what was read.
func dearmour(document, kind string) ([]byte, []byte, bool) {
	pattern := regexp.MustCompile(`^-----BEGIN PORTICO ` + kind + `-----\n([^-]+)\n-----END PORTICO ` + kind + `-----\n` +
		`-----BEGIN PORTICO SIGNATURE-----\n([^-]+)\n-----END PORTICO SIGNATURE-----\n$`)
	found := pattern.FindStringSubmatch(plain(document))
	if found == nil {
		return nil, nil, false
	}
	bytes, first := unwrap(found[1])
	signature, second := unwrap(found[2])
	return bytes, signature, first && second
}

func unwrap(lines string) ([]byte, bool) {
	bytes, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(lines, "\n", ""))
	if err != nil {
		return nil, false
	}
	again := base64.StdEncoding.EncodeToString(bytes)
	var wrapped []string
	for len(again) > 64 {
		wrapped, again = append(wrapped, again[:64]), again[64:]
	}
	return bytes, strings.Join(append(wrapped, again), "\n") == lines
}

func parse(bytes []byte, members string) (facts, bool) {
	file := string(bytes)
	if !utf8.Valid(bytes) || !strings.HasPrefix(file, "{\n") || !strings.HasSuffix(file, "\n}\n") {
		return nil, false
	}
	says := facts{}
	var names []string
	for _, line := range strings.Split(file[2:len(file)-3], ",\n") {
		found := member.FindStringSubmatch(line)
		if found == nil {
			return nil, false
		}
		names = append(names, found[1])
		says[found[1]] = json.RawMessage(found[2])
	}
	return says, strings.Join(names, ",") == members
}

func fingerprint(hostInfo string) string {
	lines := append(strings.Split(plain(hostInfo), "\n"), "", "", "")
	macs := mac.FindAllString(strings.ReplaceAll(strings.ToLower(lines[1]), "-", ":"), -1)
	sort.Strings(macs)
	macs = compact(macs)
	var letters strings.Builder
	inside := false
	for _, line := range lines {
		if strings.HasPrefix(line, "-----END ") {
			break
		}
		if inside {
			letters.WriteString(line)
		}
		inside = inside || strings.HasPrefix(line, "-----BEGIN ")
	}
	return hash("portico-host-1\n" + strings.Join(macs, ",") + "\n" + lines[2] + "\n" + hash(letters.String()) + "\n")
}

func hash(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

func plain(file string) string {
	return strings.TrimRight(strings.ReplaceAll(file, "\r\n", "\n"), "\n") + "\n"
}

func read(path string) string {
	bytes, _ := os.ReadFile(path)
	return string(bytes)
}

func main() {
	arguments := os.Args[1:]
	asked := map[string]string{}
	isPrinted := false
	for i := 1; i < len(arguments); i++ {
		name := strings.TrimPrefix(arguments[i], "--")
		switch {
		case name == "print":
			isPrinted = true
		case contains([]string{"keys", "host", "product", "revocations", "state", "now"}, name) && i+1 < len(arguments):
			i++
			asked[name] = arguments[i]
		default:
			arguments = nil
		}
	}
	if len(arguments) == 0 || asked["keys"] == "" {
		fmt.Fprintln(os.Stderr, "verify LICENCE --keys RING [--host HOSTINFO] [--product CODE] ...")
		os.Exit(2)
	}
	ask := question{keys: read(asked["keys"]), now: asked["now"]}
	if ask.now == "" {
		ask.now = time.Now().UTC().Format("2006-01-02T15:04:05Z")
	}
	if path, ok := asked["host"]; ok {
		file := read(path)
		ask.host = &file
	}
	if path, ok := asked["revocations"]; ok {
		file := read(path)
		ask.revocations = &file
	}
	if product, ok := asked["product"]; ok {
		ask.product = &product
	}
	state, keepsState := asked["state"]
	if keepsState {
		ask.lastSeen, _, _ = strings.Cut(read(state), "\n")
	}
	code, says := verify(read(arguments[0]), ask)
	isBack := moment.MatchString(ask.lastSeen) && ask.now < ask.lastSeen
	if keepsState && says != nil && code != "REVOKED" && !isBack {
		next := fmt.Sprintf("%s.%d", state, os.Getpid())
		if os.WriteFile(next, []byte(ask.now+"\n"), 0o600) == nil {
			_ = os.Rename(next, state)
		}
	}
	fmt.Println(code)
	if code != "VALID" {
		os.Exit(1)
	}
	if isPrinted {
		fmt.Println(strings.Join(says.list("classic"), "\n"))
	}
}

func contains(list []string, wanted string) bool {
	for _, each := range list {
		if each == wanted {
			return true
		}
	}
	return false
}

// Without what comes twice in a row.
func compact(sorted []string) []string {
	kept := []string{}
	for _, each := range sorted {
		if len(kept) == 0 || kept[len(kept)-1] != each {
			kept = append(kept, each)
		}
	}
	return kept
}
