// Verifies proofs of nestjs-mikro-audit with the code that Go itself uses for its checksum database, so without any line of
// nestjs-mikro-audit. See docs/03-guides/evidence.md.
//
//	verify -key 'example.com/audit+1234abcd+AQ...' change.tlog-proof ...
//	verify -key 'example.com/audit+1234abcd+AQ...' -extends older.checkpoint newer.checkpoint consistency.proof
//
// The first form prints the leaf of each proof. The second one tells whether a log has only been added to; the proof has a
// hash in base64 on each line.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	key := flag.String("key", "", "public key of the log, name+id+base64; its name is the origin")
	extends := flag.Bool("extends", false, "compare two checkpoints")
	flag.Parse()
	verifier, err := note.NewVerifier(*key)
	if err == nil && *extends {
		err = checkExtends(verifier, flag.Args())
	} else if err == nil {
		err = checkProofs(verifier, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}

func checkProofs(verifier note.Verifier, files []string) error {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		leaf, err := checkProof(verifier, text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		fmt.Printf("%s\n", leaf)
	}
	return nil
}

// checkProof reads a proof of C2SP tlog-proof, whose extra data are the leaf.
func checkProof(verifier note.Verifier, text []byte) ([]byte, error) {
	head, checkpoint, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return nil, errors.New("it is no proof with a leaf")
	}
	extra, isExtra := cutPrefix(lines[1], "extra ")
	decimal, isIndex := cutPrefix(lines[2], "index ")
	leaf, err := base64.StdEncoding.Strict().DecodeString(extra)
	if !isExtra || !isIndex || err != nil {
		return nil, errors.New("it is no proof with a leaf")
	}
	index, err := strconv.ParseInt(decimal, 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != decimal {
		return nil, errors.New("its index is no number")
	}
	proof, err := hashes(lines[3:])
	if err != nil {
		return nil, err
	}
	size, root, err := open(verifier, checkpoint)
	if err != nil {
		return nil, err
	}
	return leaf, tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaf))
}

func cutPrefix(line, prefix string) (string, bool) {
	return strings.TrimPrefix(line, prefix), strings.HasPrefix(line, prefix)
}

func checkExtends(verifier note.Verifier, files []string) error {
	if len(files) != 3 {
		return errors.New("give two checkpoints and a proof")
	}
	texts := make([][]byte, 3)
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		texts[i] = text
	}
	size1, root1, err := open(verifier, texts[0])
	if err != nil {
		return err
	}
	size2, root2, err := open(verifier, texts[1])
	if err != nil {
		return err
	}
	proof, err := hashes(strings.Fields(string(texts[2])))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, size2, root2, size1, root1)
}

// open verifies a checkpoint and gives its size and root.
func open(verifier note.Verifier, text []byte) (int64, tlog.Hash, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return 0, tlog.Hash{}, errors.New("the note is no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return 0, tlog.Hash{}, errors.New("its size is no number")
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

func hashes(lines []string) ([]tlog.Hash, error) {
	found := []tlog.Hash{}
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}
