//go:build !linux

package experiments

import "time"

// threadCPU is unknown where the system does not tell it per thread.
func threadCPU() time.Duration { return 0 }
