package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A declaration with its newest values: docs/formats/leaf.md, and event.md for what acts do to it.
type declaration struct {
	hash                                   string
	form, day, orgs, evidence, key         string
	shownName, shownText, hasBody, hasName bool
	author                                 []byte
	rekeyed                                []byte
	seq                                    int
	withdrawn, confirmed, flagged          bool
}

var strength = map[string]int{"legacy": 0, "relayed": 1, "consented": 2, "self": 3, "in-person": 4}

// tally verifies both logs below folder, replays every leaf and every event but the last, which is the tally of all of
// them, and returns the text of docs/formats/tally.md. What does not count is written to standard error.
func tally(declarationKey, eventKey, folder string) (string, error) {
	declarations, err := verifyFolder(declarationKey, filepath.Join(folder, "declarations"))
	if err != nil {
		return "", err
	}
	events, err := verifyFolder(eventKey, filepath.Join(folder, "events"))
	if err != nil {
		return "", err
	}
	verifier, err := note.NewVerifier(declarationKey)
	if err != nil {
		return "", err
	}
	var leaves []*declaration
	err = eachEntry(filepath.Join(folder, "declarations"), declarations.size, func(_ int64, entry []byte) error {
		leaf, err := parseLeaf(entry)
		leaves = append(leaves, leaf)
		return err
	})
	if err != nil {
		return "", err
	}
	counted := events.size - 1
	err = eachEntry(filepath.Join(folder, "events"), events.size, func(position int64, entry []byte) error {
		if position >= counted {
			return nil
		}
		event, err := parseEvent(entry)
		if err != nil {
			return err
		}
		if reason := event.apply(leaves, verifier.Name()); reason != "" {
			fmt.Fprintf(os.Stderr, "event %d is not counted: %s\n", position, reason)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return format(leaves, counted), nil
}

func eachEntry(folder string, size int64, visit func(int64, []byte) error) error {
	for n := int64(0); n*tileWidth < size; n++ {
		file, entries, err := readBundle(folder, n, widthOf(0, n, size))
		if err != nil {
			return err
		}
		for i, entry := range entries {
			if err := visit(n*tileWidth+int64(i), entry); err != nil {
				return wrong(file, "entry %d: %v", n*tileWidth+int64(i), err)
			}
		}
	}
	return nil
}

var leafLines = []string{"form", "day", "orgs", "evidence", "key", "shown", "body", "name", "about", "author"}

func parseLeaf(entry []byte) (*declaration, error) {
	lines := strings.Split(string(entry), "\n")
	if len(lines) != 12 || lines[0] != "avow/declaration/v1" || lines[11] != "" {
		return nil, fmt.Errorf("not a leaf")
	}
	value := map[string]string{}
	for i, name := range leafLines {
		if !strings.HasPrefix(lines[i+1], name+" ") {
			return nil, fmt.Errorf("no line %s", name)
		}
		value[name] = lines[i+1][len(name)+1:]
	}
	author, err := base64.StdEncoding.DecodeString(value["author"])
	if err != nil {
		return nil, err
	}
	hash := tlog.RecordHash(entry)
	d := &declaration{
		hash: hex.EncodeToString(hash[:]), form: value["form"], day: value["day"], orgs: value["orgs"],
		evidence: value["evidence"], key: value["key"], author: author,
		hasBody: value["body"] != "-", hasName: value["name"] != "-",
	}
	d.shownName, d.shownText = readShown(value["shown"])
	return d, nil
}

func readShown(shown string) (name, text bool) {
	return strings.HasPrefix(shown, "name"), strings.HasSuffix(shown, "text")
}

// An event as its lines: the type, the size it was made against, and what follows.
type event struct {
	kind  string
	size  int64
	lines []string
}

func parseEvent(entry []byte) (*event, error) {
	lines := strings.Split(string(entry), "\n")
	if len(lines) < 5 || lines[0] != "avow/event/v1" || lines[len(lines)-1] != "" ||
		!strings.HasPrefix(lines[1], "type ") || !strings.HasPrefix(lines[3], "size ") {
		return nil, fmt.Errorf("not an event")
	}
	size, err := strconv.ParseInt(lines[3][5:], 10, 64)
	return &event{lines[1][5:], size, lines[4 : len(lines)-1]}, err
}

func (e *event) value(name string) (string, bool) {
	for _, line := range e.lines {
		if strings.HasPrefix(line, name+" ") {
			return line[len(name)+1:], true
		}
	}
	return "", false
}

// apply changes what the event changes, or says why it does not count.
func (e *event) apply(leaves []*declaration, origin string) string {
	switch e.kind {
	case "withdraw", "restore", "confirm", "rekey", "correct", "redact":
		return e.act(leaves, origin)
	case "flag", "unflag":
		return e.flag(leaves)
	}
	return ""
}

func (e *event) flag(leaves []*declaration) string {
	var ranges [][2]int64
	for _, line := range e.lines {
		if !strings.HasPrefix(line, "range ") {
			continue
		}
		var r [2]int64
		fmt.Sscanf(line, "range %d %d", &r[0], &r[1])
		if r[1] > e.size || r[1] > int64(len(leaves)) {
			return "a range beyond the size it names"
		}
		ranges = append(ranges, r)
	}
	for _, r := range ranges {
		for i := r[0]; i < r[1]; i++ {
			leaves[i].flagged = e.kind == "flag"
		}
	}
	return ""
}

func (e *event) act(leaves []*declaration, origin string) string {
	written, _ := e.value("index")
	index, err := strconv.ParseInt(written, 10, 64)
	if err != nil || index >= e.size || index >= int64(len(leaves)) {
		return "no such declaration"
	}
	d := leaves[index]
	leaf, _ := e.value("leaf")
	if leaf != d.hash {
		return "another leaf is meant"
	}
	by, _ := e.value("by")
	// Changes a copy: an act that breaks a rule changes nothing, not even the author's count.
	next := *d
	if strings.HasPrefix(by, "author-signed ") {
		if reason := e.verifyAuthor(&next, index, strings.Fields(by), origin); reason != "" {
			return reason
		}
	}
	switch e.kind {
	case "withdraw":
		next.withdrawn = true
	case "restore":
		next.withdrawn = false
	case "confirm":
		next.confirmed = next.confirmed || next.key != "handed" || next.rekeyed != nil
	case "rekey":
		key, _ := e.value("new-author")
		next.rekeyed, _ = base64.StdEncoding.DecodeString(key)
	default:
		if reason := e.change(&next, strings.HasPrefix(by, "operator")); reason != "" {
			return reason
		}
	}
	*d = next
	return ""
}

func (e *event) verifyAuthor(d *declaration, index int64, by []string, origin string) string {
	if len(by) != 5 {
		return "not an author's word"
	}
	seq, _ := strconv.Atoi(by[1])
	signature, _ := base64.StdEncoding.DecodeString(by[2])
	author, _ := base64.StdEncoding.DecodeString(by[3])
	salt, _ := base64.StdEncoding.DecodeString(by[4])
	if seq != d.seq+1 {
		return "seq is not the next one"
	}
	if d.rekeyed != nil {
		if by[4] != "-" || string(author) != string(d.rekeyed) {
			return "not the key of the last rekey"
		}
	} else {
		opened := sha256.Sum256([]byte("avow/author/v1\x00" + string(salt) + string(author)))
		if by[4] == "-" || string(opened[:]) != string(d.author) {
			return "not the key the leaf commits to"
		}
	}
	// Between the leaf line and the by line stand the values of the act.
	own := e.lines[2 : len(e.lines)-1]
	message := fmt.Sprintf("avow/act/v1\norigin %s\nindex %d\nleaf %s\nact %s\nseq %d\n", origin, index, d.hash, e.kind, seq)
	for _, line := range own {
		message += line + "\n"
	}
	if len(author) != ed25519.PublicKeySize || !ed25519.Verify(author, []byte(message), signature) {
		return "the signature does not verify"
	}
	d.seq = seq
	return ""
}

func (e *event) change(d *declaration, byOperator bool) string {
	wasName, wasText := d.shownName, d.shownText
	if e.kind == "correct" {
		if orgs, given := e.value("orgs"); given {
			d.orgs = orgs
		}
		if evidence, given := e.value("evidence"); given && evidence != d.evidence {
			if evidence == "legacy" || strength[evidence] > strength[d.evidence] {
				return "evidence is only lowered"
			}
			d.evidence = evidence
		}
	}
	if shown, given := e.value("shown"); given {
		d.shownName, d.shownText = readShown(shown)
	}
	if body, given := e.value("body"); given {
		d.hasBody = body != "-"
	}
	if name, given := e.value("name"); given {
		d.hasName = name != "-"
	}
	raised := (d.shownName && !wasName) || (d.shownText && !wasText)
	if raised && (e.kind == "redact" || byOperator) {
		return "only the author publishes more"
	}
	if (d.shownText && !d.hasBody) || (d.shownName && !d.hasName) {
		return "shows what is not there"
	}
	return ""
}

func format(leaves []*declaration, events int64) string {
	counts := map[string]int{}
	for _, d := range leaves {
		confirmed, state := 0, "standing"
		if d.confirmed {
			confirmed = 1
		}
		switch {
		case d.withdrawn && d.flagged:
			state = "withdrawn+flagged"
		case d.withdrawn:
			state = "withdrawn"
		case d.flagged:
			state = "flagged"
		}
		counts[fmt.Sprintf("part %s %s %s %s %s %d %s", d.form, d.day, d.orgs, d.evidence, d.key, confirmed, state)]++
	}
	var parts []string
	for part := range counts {
		parts = append(parts, part)
	}
	sort.Strings(parts)
	text := fmt.Sprintf("avow/tally/v1\ndeclarations %d\nevents %d\n", len(leaves), events)
	for _, part := range parts {
		text += fmt.Sprintf("%s %d\n", part, counts[part])
	}
	return text
}
