//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package results

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// acquire takes the lock with flock(2), which the kernel gives up when the
// process ends, however it ends.
func acquire(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	for err = unix.EINTR; err == unix.EINTR; {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	switch {
	case errors.Is(err, unix.EWOULDBLOCK):
		f.Close()
		return nil, fmt.Errorf("another process%s is appending to this store; wait for it to end, or choose another folder",
			describeHolder(path))
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("cannot lock %s: %w", path, err)
	}
	// Only for the message to others: the lock holds without it.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(signature()), 0)
	}
	return &lock{file: f, path: path}, nil
}

func (l *lock) release() error { return l.file.Close() }
