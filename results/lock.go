package results

import (
	"fmt"
	"os"
	"strings"
)

// lock keeps other processes from appending to the same store.
type lock struct {
	file *os.File
	path string
}

// describeHolder tells who holds a lock, from what the holder wrote into it.
func describeHolder(path string) string {
	text, err := os.ReadFile(path)
	if who := strings.TrimSpace(string(text)); err == nil && who != "" && len(who) < 300 {
		return " (" + who + ")"
	}
	return ""
}

// signature is what a holder writes into its lock.
func signature() string {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed machine"
	}
	return fmt.Sprintf("process %d on %s\n", os.Getpid(), host)
}
