package experiments

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadCPU is the CPU time, user and system, that the calling thread has used.
func threadCPU() time.Duration {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
