package cloud

import (
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// DecodeInstance reads and checks an instance; file names it in errors and may be
// empty. It runs in time linear in the document, on all cores.
func DecodeInstance(file string, data []byte) (*Instance, error) {
	r := reader{in: &Instance{}}
	if r.read(data); !r.failed && len(r.faults.list) == 0 {
		return r.in, nil
	}
	// Faults of syntax and form come before faults of content.
	if err := unmarshal(file, data, InstanceFormat, new(wireInstance)); err != nil {
		return nil, err
	}
	return nil, unreadable(file, data, &r.faults)
}

// unreadable reports the faults of a document that is well-formed and of the right form.
func unreadable(file string, data []byte, f *faults) error {
	if err := f.err(); err != nil {
		return placed(file, data, err)
	}
	return &DocumentError{File: file, Msg: "the document cannot be read"} // only if the reader is stricter than the wire types; fuzzing finds no case
}

// reader reads an instance section by section: those first that others refer to, in
// whatever order they stand in the document.
type reader struct {
	in        *Instance
	resources map[string]int
	demands   []int64 // of all VMs
	failed    bool    // the document is malformed or of another form
	faults    faults
}

func (r *reader) read(data []byte) {
	var resources, hosts, vms, groups, switches, rules, slas, moveCosts, initial, target section
	var given uint32
	format, objective := "", ""
	x := lexer{data: data}
	later := func(s *section, bracket byte) {
		if s.given {
			x.fail()
		}
		*s = x.section(bracket)
	}
	for x.open('{'); x.more('}'); {
		switch string(x.name()) {
		case "format":
			format = string(x.once(&given, memberFormat).text())
		case "name":
			r.in.Name = string(x.once(&given, memberName).text())
		case "description":
			r.in.Description = string(x.once(&given, memberDescription).text())
		case "resources":
			later(&resources, '[')
		case "hosts":
			later(&hosts, '[')
		case "vms":
			later(&vms, '[')
		case "groups":
			later(&groups, '[')
		case "switches":
			later(&switches, '[')
		case "rules":
			later(&rules, '[')
		case "slas":
			later(&slas, '[')
		case "objective":
			objective = string(x.once(&given, memberObjective).text())
		case "move_costs":
			later(&moveCosts, '[')
		case "initial":
			later(&initial, '{')
		case "target":
			later(&target, '{')
		default:
			x.fail()
		}
	}
	if r.failed = !x.end(); r.failed {
		return
	}
	if err := checkFormat(format, InstanceFormat); err != nil {
		r.faults.list = []error{err}
		return
	}
	r.readResources(&resources)
	r.readHosts(&hosts)
	r.readVMs(&vms)
	if r.failed || len(r.in.Hosts) < hosts.n || len(r.in.VMs) < vms.n {
		return
	}
	r.in.checkDefinitions(&r.faults) // builds the name indexes, which references need
	r.in.memo.spread.Do(func() { r.in.memo.demands = r.demands })
	r.readGroups(&groups)
	r.in.checkGroups(&r.faults)
	r.in.Rules = r.readSpecs("/rules/", &rules)
	r.in.SLAs = r.readSpecs("/slas/", &slas)
	if given>>memberObjective&1 != 0 {
		r.readObjective(objective)
	}
	r.readSwitches(&switches)
	r.in.checkSwitches(&r.faults)
	r.readMoveCosts(&moveCosts)
	r.in.checkMoveCosts(&r.faults)
	r.readPlacements(&initial, &target)
	r.failed = r.failed || !resources.all() || !groups.all() || !switches.all() || !rules.all() || !slas.all() || !moveCosts.all() || !initial.all() || !target.all()
}

func (r *reader) readResources(s *section) {
	r.resources = map[string]int{}
	if !s.given {
		return
	}
	for s.open('['); s.more(']'); {
		var res Resource
		var given uint32
		for s.open('{'); s.more('}'); {
			switch string(s.name()) {
			case "name":
				s.once(&given, memberName)
				res.Name = string(s.text())
			case "unit":
				s.once(&given, memberUnit)
				res.Unit = string(s.text())
			default:
				s.fail()
			}
		}
		r.resources[res.Name] = len(r.in.Resources)
		r.in.Resources = append(r.in.Resources, res)
	}
}

func (r *reader) readHosts(s *section) {
	if !s.given {
		r.faults.add("", "expected \"hosts\", an array, found nothing")
		return
	}
	n := len(r.in.Resources)
	if !r.describes("hosts", s, len(`{"name":"h","capacity":{}},`), 2*n) {
		return
	}
	r.in.Hosts = make([]Host, s.n)
	slab := make([]int64, 2*n*s.n)
	r.readPieces(s, func(d *definitions, x *lexer, i int) {
		capacity, reserved := slab[2*n*i:2*n*i+n:2*n*i+n], slab[2*n*i+n:2*n*i+2*n:2*n*i+2*n]
		r.in.Hosts[i] = Host{Capacity: capacity, Reserved: reserved}
		d.host(x, i, &r.in.Hosts[i])
	})
}

func (r *reader) readVMs(s *section) {
	if !s.given {
		r.faults.add("", "expected \"vms\", an array, found nothing")
		return
	}
	n := len(r.in.Resources)
	if !r.describes("vms", s, len(`{"name":"v","demand":{}},`), n) {
		return
	}
	r.in.VMs = make([]VM, s.n)
	r.demands = make([]int64, n*s.n)
	r.readPieces(s, func(d *definitions, x *lexer, i int) {
		r.in.VMs[i].Demand = r.demands[n*i : n*i+n : n*i+n]
		d.vm(x, i, &r.in.VMs[i])
	})
}

// describes tells whether an array can hold as many hosts or VMs as it has elements, so
// that memory is not allocated for what is not there: one takes least bytes and has so many
// amounts. Short arrays are read whatever they hold, for the sake of better messages.
func (r *reader) describes(list string, s *section, least, amounts int) bool {
	const short, amountBytes, sparse = 1 << 16, 8, 16
	size := len(s.data) - s.at
	switch {
	case s.n <= short && s.n*amounts <= short*amountBytes:
	case s.n > short && size < s.n*least:
		r.faults.add("/"+list, "expected elements of at least %d bytes, found %s in %s", least, prose.Count(s.n, "element"), prose.Count(size, "byte"))
		return false
	case s.n*amounts*amountBytes > sparse*size:
		r.faults.add("/resources", "expected fewer resources: those of %s do not fit in memory", prose.Count(s.n, "element")+" of /"+list)
		return false
	}
	return true
}

// readPieces reads an array of hosts or VMs on all cores.
func (r *reader) readPieces(s *section, read func(d *definitions, x *lexer, i int)) {
	pieces := make([]*definitions, s.pieces())
	inParallel(len(pieces), func(n int) {
		d := newDefinitions(r)
		d.failed = !s.piece(n, func(x *lexer, i int) { read(d, x, i) })
		pieces[n] = d
	})
	for _, d := range pieces {
		r.failed = r.failed || d.failed
		r.faults.join(&d.faults)
	}
}

func (r *reader) readGroups(s *section) {
	if !s.given {
		return
	}
	for s.open('['); s.more(']'); {
		at := "/groups/" + strconv.Itoa(len(r.in.Groups))
		var g Group
		var given uint32
		for s.open('{'); s.more('}'); {
			switch string(s.name()) {
			case "name":
				s.once(&given, memberName)
				g.Name = string(s.text())
			case "vms":
				s.once(&given, memberVMs)
				g.VMs = []VMID{}
				n := 0
				for s.open('['); s.more(']'); n++ {
					name := s.text()
					if v, ok := vmNamed(r.in, name); ok {
						g.VMs = append(g.VMs, v)
					} else if !s.failed {
						r.faults.unknownVM(r.in, at+"/vms/"+strconv.Itoa(n), string(name))
					}
				}
			default:
				s.fail()
			}
		}
		if g.VMs == nil {
			r.faults.add(at, "expected \"vms\", an array, found nothing")
		}
		r.in.Groups = append(r.in.Groups, g)
	}
}

// readSpecs reads a list of specs, nil where it is not given.
func (r *reader) readSpecs(at string, s *section) []spec.Spec {
	if !s.given {
		return nil
	}
	out := make([]spec.Spec, 0, s.n)
	for s.open('['); s.more(']'); {
		parsed, err := spec.Parse(string(s.text()))
		if err != nil && !s.failed {
			r.faults.add(at+strconv.Itoa(len(out)), "%v", err)
		}
		out = append(out, parsed)
	}
	return out
}

func (r *reader) readObjective(text string) {
	objective, err := spec.Parse(text)
	if err != nil {
		r.faults.add("/objective", "%v", err)
	}
	r.in.Objective = &objective
}

// readPlacements reads both placements concurrently.
func (r *reader) readPlacements(initial, target *section) {
	if !initial.given {
		r.faults.add("", "expected \"initial\", an object, found nothing")
	}
	read := [2]struct {
		s      *section
		at     string
		into   *Placement
		faults faults
	}{{s: initial, at: "/initial", into: &r.in.Initial}, {s: target, at: "/target", into: &r.in.Target}}
	inParallel(len(read), func(n int) {
		if p := &read[n]; p.s.given {
			*p.into = r.in.readPlacement(p.s, p.at, &p.faults)
		}
	})
	for n := range read {
		r.faults.join(&read[n].faults)
	}
}

// readPlacement reads one placement. VMs are usually listed in the order of their
// definitions, so it tries the next VM before it looks a name up.
func (in *Instance) readPlacement(s *section, at string, f *faults) Placement {
	out := make(Placement, len(in.VMs))
	for v := range out {
		out[v] = Absent
	}
	next := 0
	for s.open('{'); s.more('}'); {
		vm := s.name()
		host := s.text()
		if s.failed {
			break
		}
		v, ok := VMID(next), next < len(in.VMs) && in.VMs[next].Name == string(vm)
		if !ok {
			if v, ok = vmNamed(in, vm); !ok {
				f.unknownVM(in, at+"/"+escapePointer(string(vm)), string(vm))
				continue
			}
		}
		next = int(v) + 1
		h, ok := hostNamed(in, host)
		if !ok {
			f.unknownHost(in, at+"/"+escapePointer(string(vm)), string(host))
			continue
		}
		if out[v] != Absent {
			s.fail() // the VM is there twice
		}
		out[v] = h
	}
	return out
}
