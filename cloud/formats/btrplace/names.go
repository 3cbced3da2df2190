package btrplace

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// nodeName and vmName name what BtrPlace numbers, where it gives no name.
func nodeName(number int64) string { return "node" + numberKey(number) }

// vmName is [nodeName] for VMs.
func vmName(number int64) string { return "vm" + numberKey(number) }

// switchName is [nodeName] for switches.
func switchName(number int64) string { return "switch" + numberKey(number) }

// numberIn reverses [nodeName] and [vmName]: it finds the number in a name of theirs.
func numberIn(prefix, name string) (int64, bool) {
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
	attrOurs          = "rearrange."
	attrArch          = attrOurs + "arch"
	attrZone          = attrOurs + "zone"
	attrRack          = attrOurs + "rack"
	attrNICMbps       = attrOurs + "nic_mbps"
	attrReserved      = attrOurs + "reserved." // and the resource
	attrDirtyMiBPerS  = attrOurs + "dirty_mib_per_s"
	attrWorkingSetMiB = attrOurs + "working_set_mib"
	attrInterruptible = attrOurs + "interruptible"
	attrPages         = attrOurs + "pages"
	attrGroup         = attrOurs + "group." // and its name; the value is its rank
	attrLabel         = attrOurs + "label." // and its key, where that begins with the prefix
	attrMemory        = attrOurs + "memory" // the attributes of the memory are made of ours
)

// The attributes of VMs that BtrPlace's model of migrations knows. Sizes are in MB.
const (
	memUsed          = "memUsed"
	hotDirtySize     = "hotDirtySize"
	hotDirtyDuration = "hotDirtyDuration" // s
	coldDirtyRate    = "coldDirtyRate"    // MB/s
)

// formerly are the names that some of them had in the release of 2015.
var formerly = map[string]string{"maxDirtySize": hotDirtySize, "maxDirtyDuration": hotDirtyDuration, "dirtyRate": coldDirtyRate}

// isMemory tells whether an attribute describes memory as BtrPlace does.
func isMemory(key string) bool {
	return slices.Contains([]string{memUsed, hotDirtySize, hotDirtyDuration, coldDirtyRate}, key)
}

// Labels for what our model has no notion of.
const (
	labelOffline = "btrplace.offline" // of a host: yes
	labelAsleep  = "btrplace.asleep"  // of a VM: the node that it sleeps on
	labelWaits   = "btrplace.waits"   // of a VM that stands nowhere and shall run: yes
	labelAmong   = "btrplace.among"   // of a host, and a number: its part for a constraint
)
