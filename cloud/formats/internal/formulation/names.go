package formulation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Names of other languages are identifiers that do not heed case. A VM is therefore called
// v12-web-1: by its position, which makes the name unique, and by as much of its own name
// as can be said. From the position the VM is found again.

// maxNameBytes bounds how much of a name an identifier repeats.
const maxNameBytes = 40

// VMName is the identifier of a VM.
func VMName(in *cloud.Instance, v cloud.VMID) string {
	return "v" + strconv.Itoa(int(v)) + suffix(in.VMs[v].Name)
}

// HostName is the identifier of a host.
func HostName(in *cloud.Instance, h cloud.HostID) string {
	return "h" + strconv.Itoa(int(h)) + suffix(in.Hosts[h].Name)
}

// PlaceName is the identifier of a place of a counter: of the host itself where places
// are hosts.
func (f *Formulation) PlaceName(c *Counter, place int32) string {
	if c.Places.By == "host" {
		return HostName(f.Instance, cloud.HostID(place))
	}
	return c.Name + "-p" + strconv.Itoa(int(place)) + suffix(c.Places.Names[place])
}

// suffix is what an identifier repeats of a name: its ASCII letters in lower case, its
// digits, and a hyphen for everything else.
func suffix(name string) string {
	if len(name) > maxNameBytes {
		name = name[:maxNameBytes]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '-'
	}, name)
	if name == "" {
		return ""
	}
	return "-" + name
}

// OneLine makes a text fit for a comment of one line.
func OneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// FindVM finds the VM that an identifier names.
func FindVM(in *cloud.Instance, identifier string) (cloud.VMID, error) {
	return find("VM", "v", identifier, len(in.VMs), func(v cloud.VMID) string { return VMName(in, v) })
}

// FindHost finds the host that an identifier names.
func FindHost(in *cloud.Instance, identifier string) (cloud.HostID, error) {
	return find("host", "h", identifier, len(in.Hosts), func(h cloud.HostID) string { return HostName(in, h) })
}

// find looks at the number that an identifier has behind its letter.
func find[ID ~int32](what, letter, identifier string, n int, name func(ID) string) (ID, error) {
	digits, _, _ := strings.Cut(identifier[min(len(identifier), 1):], "-")
	i, err := strconv.Atoi(digits)
	found := err == nil && i >= 0 && i < n && identifier[0]|0x20 == letter[0]
	if found && strings.EqualFold(identifier, name(ID(i))) {
		return ID(i), nil
	}
	const most = 60 // bytes of a strange word that a message repeats
	if len(identifier) > most {
		identifier = identifier[:most] + "…"
	}
	if found {
		return 0, fmt.Errorf("unknown %s %q, did you mean %q? The plan may have been made for another instance", what, identifier, name(ID(i)))
	}
	return 0, fmt.Errorf("unknown %s %q: expected a name such as %s0-…, as the export gives them", what, identifier, letter)
}
