// Command go-verifier replays a published log from its files alone: a second implementation, on Go's
// sumdb/note and sumdb/tlog, of what docs/formats/tlog.md promises. It shares no code with the rest.
//
//	go-verifier VKEY FOLDER
//	go-verifier tally VKEY VKEY FOLDER
//
// The second takes the keys of the declaration log and of the event log and the folder of both (public/log), and
// prints the tally that they add up to.
//
// FOLDER holds checkpoint, tile/<level>/... and tile/entries/... as a C2SP tlog-tiles log serves them.
// It prints the size and the root, or names the file that is wrong and exits with 1.
//
// Every hash is recomputed from the entries. TileHashReader is not used: before x/mod 0.40 it accepts some
// tampered tiles (CVE-2026-56865). Memory: 64 bytes an entry.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileWidth = 256

// A finding names a file, relative to the folder, and what is wrong with it.
type finding struct{ file, what string }

func (f *finding) Error() string { return f.file + ": " + f.what }

func wrong(file, format string, args ...any) error {
	return &finding{file, fmt.Sprintf(format, args...)}
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "tally" {
		text, err := tally(os.Args[2], os.Args[3], os.Args[4])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Print(text)
		return
	}
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go-verifier VKEY FOLDER, or go-verifier tally VKEY VKEY FOLDER")
		os.Exit(2)
	}
	checkpoint, err := verifyFolder(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d %s\n", checkpoint.size, checkpoint.root)
}

type checkpoint struct {
	size int64
	root tlog.Hash
}

func verifyFolder(vkey, folder string) (*checkpoint, error) {
	c, err := readCheckpoint(vkey, filepath.Join(folder, "checkpoint"))
	if err != nil {
		return nil, err
	}
	hashes, err := replay(folder, c.size)
	if err != nil {
		return nil, err
	}
	if root := rootOf(c.size, hashes); root != c.root {
		return nil, blame(folder, c, hashes)
	}
	if err := checkTiles(folder, c.size, hashes); err != nil {
		return nil, err
	}
	return c, checkProofs(c, hashes)
}

// readCheckpoint verifies the note by the key given from outside and reads its three lines.
func readCheckpoint(vkey, file string) (*checkpoint, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	signed, err := os.ReadFile(file)
	if err != nil {
		return nil, wrong("checkpoint", "%v", err)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return nil, wrong("checkpoint", "%v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return nil, wrong("checkpoint", "not three lines")
	}
	if lines[0] != verifier.Name() {
		return nil, wrong("checkpoint", "origin %q, key of %q", lines[0], verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return nil, wrong("checkpoint", "not a size: %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || base64.StdEncoding.EncodeToString(root[:]) != lines[2] {
		return nil, wrong("checkpoint", "not a root: %q", lines[2])
	}
	return &checkpoint{size, root}, nil
}

// stored holds the hashes of all complete subtrees in the order of tlog.StoredHashIndex.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("no stored hash %d of %d", index, len(s))
		}
		hashes[i] = s[index]
	}
	return hashes, nil
}

// replay hashes every entry of the log.
func replay(folder string, size int64) (stored, error) {
	hashes := make(stored, 0, tlog.StoredHashCount(size))
	for n := int64(0); n*tileWidth < size; n++ {
		width := widthOf(0, n, size)
		file, entries, err := readBundle(folder, n, width)
		if err != nil {
			return nil, err
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(n*tileWidth+int64(i), entry, hashes)
			if err != nil {
				return nil, wrong(file, "%v", err)
			}
			hashes = append(hashes, more...)
		}
	}
	return hashes, nil
}

func rootOf(size int64, hashes stored) tlog.Hash {
	if size == 0 {
		// Go's tree of size 0 has a root of zeros, RFC 6962 has the hash of nothing.
		return sha256.Sum256(nil)
	}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		panic(err)
	}
	return root
}

// blame says which file is at fault when the entries do not give the root of the checkpoint: the first bundle
// that differs from its level 0 tile, or else the checkpoint.
func blame(folder string, c *checkpoint, hashes stored) error {
	for n := int64(0); n*tileWidth < c.size; n++ {
		width := widthOf(0, n, c.size)
		_, tile, err := readEither(folder, tilePaths(0), n, width)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(tile, tileOf(hashes, 0, n, width)) {
			file, _, _ := readEither(folder, bundlePath, n, width)
			return wrong(file, "entries do not hash to the tile, and the root is not that of the checkpoint")
		}
	}
	return wrong("checkpoint", "root %v, the entries give %v", c.root, rootOf(c.size, hashes))
}

// checkTiles compares every tile that the size asks for, and every other file below tile/, with the replay.
func checkTiles(folder string, size int64, hashes stored) error {
	for level := 0; hashesAt(level, size) > 0; level++ {
		for n := int64(0); n*tileWidth < hashesAt(level, size); n++ {
			width := widthOf(level, n, size)
			if _, _, err := readEither(folder, tilePaths(level), n, width); err != nil {
				return err
			}
		}
	}
	return filepath.WalkDir(filepath.Join(folder, "tile"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && size == 0 {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return checkFile(folder, filepath.ToSlash(relative), size, hashes)
	})
}

var tilePattern = regexp.MustCompile(`^tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?$`)

func checkFile(folder, file string, size int64, hashes stored) error {
	parts := tilePattern.FindStringSubmatch(file)
	if parts == nil {
		return wrong(file, "not a file of a log")
	}
	n, err := strconv.ParseInt(strings.NewReplacer("x", "", "/", "").Replace(parts[2]), 10, 64)
	if err != nil {
		return wrong(file, "%v", err)
	}
	level, _ := strconv.Atoi(parts[1])
	width := int64(tileWidth)
	if parts[3] != "" {
		width, _ = strconv.ParseInt(parts[3], 10, 64)
	}
	if n > hashesAt(level, size)/tileWidth || width > widthOf(level, n, size) {
		return wrong(file, "beyond the size of the checkpoint")
	}
	path := tilePaths(level)
	if parts[1] == "entries" {
		path = bundlePath
	}
	if canonical := path(n, width); canonical != file {
		return wrong(file, "a second path of %s", canonical)
	}
	data, err := os.ReadFile(filepath.Join(folder, file))
	if err != nil {
		return wrong(file, "%v", err)
	}
	if parts[1] != "entries" {
		if !bytes.Equal(data, tileOf(hashes, level, n, width)) {
			return wrong(file, "not the hashes of the entries")
		}
		return nil
	}
	entries, err := parseBundle(data)
	if err != nil || int64(len(entries)) != width {
		return wrong(file, "not %d entries", width)
	}
	for i, entry := range entries {
		if tlog.RecordHash(entry) != hashes[tlog.StoredHashIndex(0, n*tileWidth+int64(i))] {
			return wrong(file, "entry %d differs from the one in the full bundle", i)
		}
	}
	return nil
}

// checkProofs makes inclusion and consistency proofs from the replayed hashes and checks them against the signed root.
func checkProofs(c *checkpoint, hashes stored) error {
	for _, n := range []int64{0, 1, 255, 256, 65535, 65536, c.size / 3, c.size / 2, c.size - 1} {
		if n < 0 || n >= c.size {
			continue
		}
		proof, err := tlog.ProveRecord(c.size, n, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, c.size, c.root, n, hashes[tlog.StoredHashIndex(0, n)]); err != nil {
			return wrong("checkpoint", "record %d: %v", n, err)
		}
		tree, err := tlog.ProveTree(c.size, n+1, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(tree, c.size, c.root, n+1, rootOf(n+1, hashes)); err != nil {
			return wrong("checkpoint", "tree %d: %v", n+1, err)
		}
	}
	return nil
}

// tileOf is what a tile must hold: hash i of tile n of a level is the root of 256^level entries.
func tileOf(hashes stored, level int, n, width int64) []byte {
	tile := make([]byte, 0, width*tlog.HashSize)
	for i := int64(0); i < width; i++ {
		hash := hashes[tlog.StoredHashIndex(8*level, n*tileWidth+i)]
		tile = append(tile, hash[:]...)
	}
	return tile
}

func hashesAt(level int, size int64) int64 {
	for ; level > 0; level-- {
		size /= tileWidth
	}
	return size
}

func widthOf(level int, n, size int64) int64 {
	width := hashesAt(level, size) - n*tileWidth
	if width > tileWidth {
		return tileWidth
	}
	if width < 0 {
		return 0
	}
	return width
}

// readEither reads the partial tile or bundle, or the full one where the partial is gone.
func readEither(folder string, path func(n, width int64) string, n, width int64) (string, []byte, error) {
	file := path(n, width)
	data, err := os.ReadFile(filepath.Join(folder, file))
	if errors.Is(err, fs.ErrNotExist) && width < tileWidth {
		full := path(n, tileWidth)
		if data, err := os.ReadFile(filepath.Join(folder, full)); err == nil {
			return full, data, nil
		}
	}
	if err != nil {
		return file, nil, wrong(file, "%v", errors.Unwrap(err))
	}
	return file, data, nil
}

// tilePaths are those of tlog.Tile without its height, which C2SP tlog-tiles leaves out.
func tilePaths(level int) func(n, width int64) string {
	return func(n, width int64) string {
		tile := tlog.Tile{H: 8, L: level, N: n, W: int(width)}
		return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	}
}

func bundlePath(n, width int64) string {
	return strings.Replace(tilePaths(0)(n, width), "tile/0/", "tile/entries/", 1)
}

func readBundle(folder string, n, width int64) (string, [][]byte, error) {
	file, data, err := readEither(folder, bundlePath, n, width)
	if err != nil {
		return file, nil, err
	}
	entries, err := parseBundle(data)
	if err != nil {
		return file, nil, wrong(file, "%v", err)
	}
	if int64(len(entries)) < width {
		return file, nil, wrong(file, "%d entries, not %d", len(entries), width)
	}
	return file, entries[:width], nil
}

func parseBundle(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("cut entry")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(entries) > tileWidth {
		return nil, errors.New("more than 256 entries")
	}
	return entries, nil
}
