package cloud

import (
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// MoveClasses numbers the classes of [Instance.MoveCosts], by host: -1 for hosts in none, from and to which
// moves cost nothing. O(hosts).
func (in *Instance) MoveClasses() []int32 {
	out := make([]int32, len(in.Hosts))
	for h := range out {
		out[h] = -1
	}
	for i := range in.MoveCosts {
		for _, h := range in.MoveCosts[i].Hosts {
			out[h] = int32(i)
		}
	}
	return out
}

func (r *reader) readMoveCosts(s *section) {
	if !s.given {
		return
	}
	for s.open('['); s.more(']'); {
		at := "/move_costs/" + strconv.Itoa(len(r.in.MoveCosts))
		var c MoveClass
		var given uint32
		for s.open('{'); s.more('}'); {
			switch string(s.name()) {
			case "hosts":
				s.once(&given, memberHosts)
				n := 0
				for s.open('['); s.more(']'); n++ {
					name := s.text()
					if h, ok := hostNamed(r.in, name); ok {
						c.Hosts = append(c.Hosts, h)
					} else if !s.failed {
						r.faults.unknownHost(r.in, at+"/hosts/"+strconv.Itoa(n), string(name))
					}
				}
			case "to":
				s.once(&given, memberCosts)
				for s.open('['); s.more(']'); {
					c.To = append(c.To, s.integer())
				}
			default:
				s.fail()
			}
		}
		for member, name := range map[int]string{memberHosts: "hosts", memberCosts: "to"} {
			if given>>member&1 == 0 && !s.failed {
				r.faults.add(at, "expected %q, an array, found nothing", name)
			}
		}
		r.in.MoveCosts = append(r.in.MoveCosts, c)
	}
}

// checkMoveCosts checks that every host is in one class at most, and that costs are amounts, one for each class.
func (in *Instance) checkMoveCosts(f *faults) {
	seen := map[HostID]bool{}
	for i, c := range in.MoveCosts {
		at := place{"/move_costs/", i}
		for j, h := range c.Hosts {
			switch {
			case h < 0 || int(h) >= len(in.Hosts):
				f.add(at.String()+"/hosts/"+strconv.Itoa(j), "unknown host")
			case seen[h]:
				f.add(at.String()+"/hosts/"+strconv.Itoa(j), "host %q is in a class already", prose.Abridge(in.Hosts[h].Name, maxName))
			}
			seen[h] = true
		}
		if len(c.To) != len(in.MoveCosts) {
			f.add(at.String()+"/to", "expected %s, one for each class, found %d", prose.Count(len(in.MoveCosts), "cost"), len(c.To))
		}
		for j, n := range c.To {
			if n < 0 {
				f.add(at.String()+"/to/"+strconv.Itoa(j), "expected an integer of at least 0, found %d", n)
			}
		}
	}
}

func (l *layout) moveClass(in *Instance, c *MoveClass) {
	l.open()
	l.field("hosts")
	l.list(len(c.Hosts), func(i int) { l.quote(in.Hosts[c.Hosts[i]].Name) })
	l.field("to")
	l.list(len(c.To), func(i int) { l.buf = strconv.AppendInt(l.buf, c.To[i], 10) })
	l.shut()
}
