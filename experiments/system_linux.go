package experiments

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// threadCPU is the CPU time, user and system, that the calling thread has used.
func threadCPU() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// machineMemory is the memory of the machine, in bytes.
func machineMemory() int64 {
	var i unix.Sysinfo_t
	if err := unix.Sysinfo(&i); err != nil {
		return 0
	}
	return int64(uint64(i.Totalram) * uint64(i.Unit))
}

// load is how many threads of the machine run or wait for a core right now, the one that asks
// included.
//
// Note: the mean of the last minute, which stands beside it, tells for a minute of what is over.
func load() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	var means [3]float64
	running := 0
	if _, err := fmt.Sscanf(string(text), "%g %g %g %d/", &means[0], &means[1], &means[2], &running); err != nil {
		return 0
	}
	return float64(running)
}
