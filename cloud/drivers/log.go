package drivers

// LogEntry is one thing that happened in a simulated cloud.
type LogEntry struct {
	At      int64
	What    What
	Request Request // of what happens to a step; of an arrival the VM and its host, of a death the host as From
	Why     string  // of refusals
}

// What names the kinds of entries.
type What string

// The kinds of entries. An accepted step ends, fails or is aborted later; a refused one is never under way.
const (
	Accepted What = "accepted"
	Refused  What = "refused"
	Ended    What = "ended"
	Failed   What = "failed"
	Aborted  What = "aborted"
	Twice    What = "started twice" // refused, because its VM is under way
	Arrived  What = "arrived"
	Died     What = "died"
)
