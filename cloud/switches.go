package cloud

import "github.com/cloudrearrange/rearrange/cloud/prose"

// switches maps the names of switches to their positions in [Instance.Switches].
func (in *Instance) switches() map[string]int32 {
	out := make(map[string]int32, len(in.Switches))
	for i := range in.Switches {
		out[in.Switches[i].Name] = int32(i)
	}
	return out
}

// above lists for each switch the one above it, -1 where there is none.
func (in *Instance) above(switches map[string]int32) []int32 {
	out := make([]int32, len(in.Switches))
	for i := range in.Switches {
		out[i] = -1
		if up, ok := switches[in.Switches[i].Up]; ok && in.Switches[i].Up != "" {
			out[i] = up
		}
	}
	return out
}

func (r *reader) readSwitches(s *section) {
	if !s.given {
		return
	}
	for s.open('['); s.more(']'); {
		var sw Switch
		var given uint32
		for s.open('{'); s.more('}'); {
			switch string(s.name()) {
			case "name":
				s.once(&given, memberName)
				sw.Name = string(s.text())
			case "mbps":
				sw.Mbps = s.once(&given, memberMbps).integer()
			case "up":
				s.once(&given, memberUp)
				sw.Up = string(s.text())
			case "up_mbps":
				sw.UpMbps = s.once(&given, memberUpMbps).integer()
			default:
				s.fail()
			}
		}
		r.in.Switches = append(r.in.Switches, sw)
	}
}

// checkSwitches checks the switches, and those that hosts name. O(hosts + switches).
func (in *Instance) checkSwitches(f *faults) {
	known := make(map[string]int, len(in.Switches))
	for i, s := range in.Switches {
		at := place{"/switches/", i}
		if first, dup := known[s.Name]; dup {
			f.add(at.String()+"/name", "switch %q is already defined at /switches/%d", prose.Abridge(s.Name, maxName), first)
		} else if known[s.Name] = i; s.Name == "" {
			f.add(at.String()+"/name", noName)
		}
		f.text(at, "name", s.Name)
		if s.Mbps < 0 {
			f.add(at.String()+"/mbps", "expected an integer of at least 0, found %d", s.Mbps)
		}
		if s.UpMbps < 0 {
			f.add(at.String()+"/up_mbps", "expected an integer of at least 0, found %d", s.UpMbps)
		} else if s.UpMbps > 0 && s.Up == "" {
			f.add(at.String()+"/up_mbps", "a bandwidth of the link up, but no switch above")
		}
	}
	unknown := func(at place, field, name string) {
		if _, ok := known[name]; !ok && name != "" {
			f.unknown(at.String()+"/"+field, "switch", name, len(in.Switches), func(i int) string { return in.Switches[i].Name })
		}
	}
	for i := range in.Switches {
		unknown(place{"/switches/", i}, "up", in.Switches[i].Up)
	}
	for h := range in.Hosts {
		unknown(place{"/hosts/", h}, "switch", in.Hosts[h].Switch)
	}
	in.checkRings(f)
}

// checkRings reports each ring of switches once.
func (in *Instance) checkRings(f *faults) {
	above := in.above(in.switches())
	met := make([]int32, len(above)) // by switch: the walk that met it first, from 1
	for i := range above {
		at := int32(i)
		for at >= 0 && met[at] == 0 {
			met[at], at = int32(i)+1, above[at]
		}
		if at >= 0 && met[at] == int32(i)+1 {
			f.add(place{"/switches/", int(at)}.String()+"/up", "the way up from switch %q leads back to it", prose.Abridge(in.Switches[at].Name, maxName))
		}
	}
}

func (l *layout) networkSwitch(s *Switch) {
	l.open()
	l.text("name", s.Name)
	if s.Mbps != 0 {
		l.integer("mbps", s.Mbps)
	}
	l.optional("up", s.Up)
	if s.UpMbps != 0 {
		l.integer("up_mbps", s.UpMbps)
	}
	l.shut()
}
