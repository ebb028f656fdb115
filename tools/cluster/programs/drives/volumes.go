package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
)

// volume is what is known of a volume; its data is a folder.
type volume struct {
	ID         string
	Bytes      int64
	Source     source
	Parameters map[string]string
}

// source is what a volume was made from: nothing, a snapshot, or another volume.
type source struct {
	Snapshot string
	Volume   string
}

// snapshot is what is known of a snapshot; its data is a copy of the volume's folder.
type snapshot struct {
	ID     string
	Volume string
	Bytes  int64
	Made   time.Time
}

// shelf keeps things of one kind: each a folder, and beside it a JSON file, without which it does not exist.
type shelf[T any] struct{ folder string }

func newShelf[T any](folder string) (shelf[T], error) {
	return shelf[T]{folder}, os.MkdirAll(folder, 0o700)
}

// idOf makes the id of a thing from its name, so that asking twice finds the same.
func idOf(kind, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(kind+"/"+name)).String()
}

// data is the folder of a thing's data. Only ids in the form of idOf exist, so none leads elsewhere.
func (s shelf[T]) data(id string) (string, error) {
	parsed, err := uuid.Parse(id)
	if err != nil || parsed.String() != id {
		return "", fmt.Errorf("id %q: %w", id, fs.ErrNotExist)
	}
	return filepath.Join(s.folder, id), nil
}

// load reads what is known of a thing; the error is fs.ErrNotExist when there is none.
func (s shelf[T]) load(id string) (T, error) {
	var record T
	place, err := s.data(id)
	if err != nil {
		return record, err
	}
	text, err := os.ReadFile(place + ".json")
	if err != nil {
		return record, err
	}
	return record, json.Unmarshal(text, &record)
}

// save writes what is known of a thing, whole or not at all.
func (s shelf[T]) save(id string, record T) error {
	place, err := s.data(id)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(place+".json.new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(place+".json.new", place+".json")
}

// add makes a thing: an empty folder, or a copy of the folder from. It clears what an interrupted attempt left.
func (s shelf[T]) add(id string, record T, from string) error {
	place, err := s.data(id)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	if err := os.Mkdir(place, 0o755); err != nil {
		return err
	}
	if from != "" {
		// Not bound to the call: a caller that gives up asks again, and finds the copy done.
		said, err := exec.Command("cp", "-a", "--reflink=auto", from+"/.", place).CombinedOutput()
		if err != nil {
			return fmt.Errorf("copy of %s failed: %w: %s", filepath.Base(from), err, said)
		}
	}
	return s.save(id, record)
}

// remove deletes a thing, its JSON file last, so that a failed attempt can be repeated.
func (s shelf[T]) remove(id string) error {
	place, err := s.data(id)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	return os.Remove(place + ".json")
}

// all reads every thing, in the order of their ids.
func (s shelf[T]) all() ([]T, error) {
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		return nil, err
	}
	var records []T
	for _, entry := range entries {
		id, isRecord := strings.CutSuffix(entry.Name(), ".json")
		if !isRecord {
			continue
		}
		record, err := s.load(id)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}
