package btrplace

import (
	"math"
	"strconv"
	"strings"
)

// NodeName and VMName name what BtrPlace numbers, where it gives no name.
func NodeName(number int64) string { return "node" + strconv.FormatInt(number, 10) }

// VMName is [NodeName] for VMs.
func VMName(number int64) string { return "vm" + strconv.FormatInt(number, 10) }

// Number reverses [NodeName] and [VMName]: it finds the number in a name of theirs.
func Number(prefix, name string) (int64, bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return 0, false
	}
	return parseNumber(digits)
}

// maxNumber is the largest number and the largest amount.
const maxNumber = math.MaxInt32

// numberKey writes a number as it stands as a key of an object.
func numberKey(n int64) string { return strconv.FormatInt(n, 10) }

// parseNumber reads a number as it is written.
func parseNumber(digits string) (int64, bool) {
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n >= 0 && n <= maxNumber && strconv.FormatInt(n, 10) == digits
}

// The attributes that carry what BtrPlace has no notion of. Labels are attributes as they
// are, unless they begin like one of these.
const (
	Ours          = "rearrange."
	Arch          = Ours + "arch"
	Zone          = Ours + "zone"
	Rack          = Ours + "rack"
	NICMbps       = Ours + "nic_mbps"
	Reserved      = Ours + "reserved." // and the resource
	DirtyMiBPerS  = Ours + "dirty_mib_per_s"
	WorkingSetMiB = Ours + "working_set_mib"
	Interruptible = Ours + "interruptible"
	Pages         = Ours + "pages"
	Group         = Ours + "group." // and its name; the value is its rank
	Label         = Ours + "label." // and its key, where that begins with the prefix
	Memory        = Ours + "memory" // the attributes of the memory are made of ours
)

// The attributes of VMs that BtrPlace's model of migrations knows. Sizes are in MB.
const (
	MemUsed          = "memUsed"
	HotDirtySize     = "hotDirtySize"
	HotDirtyDuration = "hotDirtyDuration" // s
	ColdDirtyRate    = "coldDirtyRate"    // MB/s
)

// Labels for what our model has no notion of.
const (
	Offline = "btrplace.offline" // of a host: yes
	Asleep  = "btrplace.asleep"  // of a VM: the node that it sleeps on
	Uplinks = "btrplace.uplinks" // of a host: the way up from its switch
	Among   = "btrplace.among"   // of a host, and a number: its part for a constraint
)
