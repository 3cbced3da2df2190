//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// acquire takes the lock by making a file that must not exist. Without flock(2) a
// killed process leaves it behind, so the message says what to remove.
func acquire(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("another process%s is appending to this store; wait for it to end, or remove %s if it is gone",
			describeHolder(path), path)
	}
	if err != nil {
		return nil, err
	}
	_, _ = f.WriteString(signature())
	return &lock{file: f, path: path}, nil
}

func (l *lock) release() error { return errors.Join(l.file.Close(), os.Remove(l.path)) }
