package btrplace

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
)

// readAttributes keeps attributes as labels, numbers and truth values as they are
// written, and gives those that are ours their meaning.
func (r *reader) readAttributes(at string, a *wireAttributes) error {
	if err := eachAttributes(at+"/nodes", "node", a.Nodes, r.host, r.hostAttributes); err != nil {
		return err
	}
	return eachAttributes(at+"/vms", "VM", a.VMs, r.vm, r.vmAttributes)
}

// eachAttributes reads the attributes of nodes or VMs, in the order of their numbers.
func eachAttributes[ID any](at, what string, all map[string]map[string]jsontext.Value, of map[int64]ID, read func(string, ID, map[string]string) error) error {
	numbers, err := byNumber(all, at, what)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		key := numberKey(n)
		id, ok := of[n]
		if !ok {
			return fault(under(at, key), "unknown %s %d", what, n)
		}
		values, err := texts(under(at, key), all[key])
		if err != nil {
			return err
		}
		if err := read(under(at, key), id, values); err != nil {
			return err
		}
	}
	return nil
}

// texts turns values into texts: a text is itself, all else as it is written.
func texts(at string, values map[string]jsontext.Value) (map[string]string, error) {
	out := make(map[string]string, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		switch value := values[key]; value.Kind() {
		case '"':
			var s string
			if err := json.Unmarshal(value, &s); err != nil {
				return nil, fault(under(at, key), "expected a text, a number, true or false: %v", err)
			}
			out[key] = s
		case '0', 't', 'f':
			out[key] = string(value)
		case '[':
			return nil, fault(under(at, key), "expected a text, a number, true or false, found an array")
		default:
			return nil, fault(under(at, key), "expected a text, a number, true or false, found an object")
		}
	}
	return out, nil
}

// setLabel keeps an attribute that has no meaning to us, or one that is a label of ours.
func setLabel(labels *map[string]string, key, value string) {
	if rest, ok := strings.CutPrefix(key, attrLabel); ok {
		key = rest
	}
	if *labels == nil {
		*labels = map[string]string{}
	}
	(*labels)[key] = value
}

func (r *reader) hostAttributes(at string, id cloud.HostID, values map[string]string) (err error) {
	h := &r.in.Hosts[id]
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := values[key]
		switch resource, reserved := strings.CutPrefix(key, attrReserved); {
		case key == attrArch:
			h.Arch = value
		case key == attrZone:
			h.Zone = value
		case key == attrRack:
			h.Rack = value
			r.racked[id] = true
		case key == attrNICMbps:
			h.NICMbps, err = integer(under(at, key), value)
			r.ours[id] = true
		case reserved:
			if r.reserved[id] == nil {
				r.reserved[id] = map[string]int64{}
			}
			n, e := integer(under(at, key), value)
			if err = e; err == nil && n > maxNumber {
				err = fault(under(at, key), "expected an integer from 0 to %d, found %d", maxNumber, n)
			}
			r.reserved[id][resource] = n
		case foreign(key):
			err = fault(under(at, key), notOurs)
		default:
			setLabel(&h.Labels, key, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// foreign tells whether a key looks like one of ours and is none.
func foreign(key string) bool {
	return strings.HasPrefix(key, attrOurs) && !strings.HasPrefix(key, attrLabel)
}

const notOurs = "unknown attribute: those that begin with " + attrOurs + " are `rearrange export`'s own"

func (r *reader) vmAttributes(at string, id cloud.VMID, values map[string]string) (err error) {
	v := &r.in.VMs[id]
	for old, key := range formerly {
		if value, ok := values[old]; ok {
			values[key] = value
			delete(values, old)
		}
	}
	if v.WorkingSetMiB, v.DirtyMiBPerS, err = dirtying(at, values); err != nil {
		return err
	}
	_, made := values[attrMemory]
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := values[key]
		switch group, ranked := strings.CutPrefix(key, attrGroup); {
		case key == attrMemory:
		case made && isMemory(key):
		case key == attrArch:
			v.Arch = value
		case key == attrDirtyMiBPerS && value == "":
			v.DirtyMiBPerS = nil
		case key == attrDirtyMiBPerS:
			var rate float64
			rate, err = number(under(at, key), value)
			v.DirtyMiBPerS = &rate
		case key == attrWorkingSetMiB:
			v.WorkingSetMiB, err = number(under(at, key), value)
		case key == attrInterruptible:
			v.Interruptible = value == "true"
		case key == attrPages:
			if e := json.Unmarshal([]byte(value), &v.Pages); e != nil {
				err = fault(under(at, key), "expected a JSON array of texts, found %q", value)
			}
		case ranked:
			var position int64
			position, err = integer(under(at, key), value)
			r.ranks[group] = rank{position, append(r.ranks[group].members, id)}
		case foreign(key):
			err = fault(under(at, key), notOurs)
		default:
			setLabel(&v.Labels, key, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mibPerMB turns the megabytes of BtrPlace's model of migrations, which go with links of
// so many Mbit/s, into MiB.
const mibPerMB = 1e6 / (1 << 20)

// dirtying is what the attributes of BtrPlace's model of migrations mean for us: the pages
// that are dirtied again and again are the working set, and they are all dirtied within
// the given duration; pages beyond them are dirtied at a rate of their own. With neither
// the duration nor that rate, there is no rate. At is the place of the attributes in the
// document.
func dirtying(at string, values map[string]string) (workingSetMiB float64, dirtyMiBPerS *float64, err error) {
	var x [3]float64 // 0 when absent
	for i, key := range []string{hotDirtySize, hotDirtyDuration, coldDirtyRate} {
		if value, ok := values[key]; ok {
			if x[i], err = number(under(at, key), value); err != nil {
				return 0, nil, err
			}
		}
	}
	hot, duration, cold := x[0], x[1], x[2]
	rate := cold
	if duration > 0 {
		rate += hot / duration
	}
	if rate *= mibPerMB; math.IsInf(rate, 0) {
		return 0, nil, fault(at, "the rate at which memory is dirtied is too large")
	}
	if values[hotDirtyDuration] == "" && values[coldDirtyRate] == "" {
		return hot * mibPerMB, nil, nil
	}
	return hot * mibPerMB, &rate, nil
}

// integer reads an amount.
func integer(at, text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault(at, "expected an integer of at least 0, found %q", text)
	}
	return n, nil
}

// number reads a number that is not negative.
func number(at, text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 0) || math.IsInf(x, 0) {
		return 0, fault(at, "expected a number of at least 0, found %q", text)
	}
	return x + 0, nil // -0 is 0
}
